"""Things in a scene: sheets of small four-cornered pieces, lit, sorted and drawn from far to near."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from drawing.camera import Camera, Light
from drawing.noise import Array


class Things:
    """All pieces of a scene. Each belongs to a thing, by number; 0 is what nobody looks for."""

    def __init__(self) -> None:
        self._corners: list[Array] = []
        self._colours: list[Array] = []
        self._of: list[NDArray[np.int64]] = []
        self._gloss: list[Array] = []
        self._through: list[Array] = []

    def add(self, sheet: Array, colour: Array, of: int = 0, *, gloss: float = 0.0, through: float = 0.0) -> None:
        """A sheet of (rows, columns, 3) points; a colour for all of it, or one for each piece between them.

        `gloss` is the share of light it mirrors; `through` the share that shines through it from behind.
        """
        corners = np.stack([sheet[:-1, :-1], sheet[:-1, 1:], sheet[1:, 1:], sheet[1:, :-1]], axis=2).reshape(-1, 4, 3)
        self._corners.append(corners)
        self._colours.append(np.broadcast_to(colour, (*(np.array(sheet.shape[:2]) - 1), 3)).reshape(-1, 3))
        self._of.append(np.full(len(corners), of))
        self._gloss.append(np.full(len(corners), gloss))
        self._through.append(np.full(len(corners), through))

    def take(self, others: "Things", of: int | None = None) -> None:
        """Everything of others too; as that thing, or as what it was."""
        self._corners += others._corners
        self._colours += others._colours
        self._of += others._of if of is None else [np.full(len(each), of) for each in others._of]
        self._gloss += others._gloss
        self._through += others._through

    def renumbered(self, of: int) -> "Things":
        """The same, with what is of any thing as of that one."""
        other = Things()
        other.take(self)
        other._of = [np.where(each > 0, of, each) for each in self._of]
        return other

    def moved(self, x: float, y: float) -> "Things":
        """The same, elsewhere."""
        other = Things()
        other.take(self)
        other._corners = [each + np.array([x, y, 0.0]) for each in self._corners]
        return other

    def __bool__(self) -> bool:
        return bool(self._corners)

    @property
    def corners(self) -> Array:
        """(pieces, 4, 3)."""
        return np.concatenate(self._corners) if self._corners else np.zeros((0, 4, 3))

    def marks(self, camera: Camera, bare: int = 0) -> NDArray[np.int64]:
        """The number of the thing that each pixel sees, as it stands before the others; `bare` where there is none."""
        image = Image.new("I", (camera.width, camera.tall), bare)
        if not self:
            return np.full((camera.tall, camera.width), bare, dtype=np.int64)
        pen, of = ImageDraw.Draw(image), np.concatenate(self._of)
        seen, order = _ordered(camera, self.corners)
        for at in order:
            pen.polygon(seen[at], fill=int(of[at]))
        return np.asarray(image, dtype=np.int64)

    def shadow(self, camera: Camera, light: Light) -> Array:
        """Where they keep the sun from the ground: 0..1 for each pixel."""
        image = Image.new("L", (camera.width, camera.tall), 0)
        if self and light.strength:
            pen = ImageDraw.Draw(image)
            corners = self.corners
            falls = corners - corners[..., 2:] * (np.array(light.sun) / light.sun[2])
            seen, depth = camera.seen(falls)
            for each, ahead in zip(seen.reshape(-1, 8).tolist(), depth.min(axis=1), strict=True):
                if ahead > 0.05:
                    pen.polygon(each, fill=255)
        return np.asarray(image, dtype=np.float64) / 255

    def dark(self, camera: Camera) -> Array:
        """Where they keep the sky from the ground, as if it shone from right above: 0..1 for each pixel."""
        return self.shadow(camera, Light(sun=(0.0, 0.0, 1.0)))

    def draw(self, image: Image.Image, camera: Camera, light: Light) -> None:
        """Onto a picture of the ground behind them."""
        if not self:
            return
        corners = self.corners
        colours = self._lit(corners, camera, light)
        pen = ImageDraw.Draw(image)
        seen, order = _ordered(camera, corners)
        fills = np.clip(colours * 255, 0, 255).astype(int).tolist()
        for at in order:
            pen.polygon(seen[at], fill=tuple(fills[at]))

    def _lit(self, corners: Array, camera: Camera, light: Light) -> Array:
        colours = np.concatenate(self._colours)
        gloss, through = np.concatenate(self._gloss), np.concatenate(self._through)
        normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        centre = corners.mean(axis=1)
        to_eye = camera.place - centre
        far = np.linalg.norm(to_eye, axis=1)
        to_eye /= far[:, None]
        normal *= np.sign((normal * to_eye).sum(axis=1, keepdims=True) + 1e-9)  # the side that is seen
        if light.flash:
            facing = np.abs((normal * to_eye).sum(axis=1))
            bright = (0.35 + 0.65 * facing + 0.5 * gloss * facing**20) * light.falloff(far)
            return np.asarray(colours * bright[:, None])
        sun = np.array(light.sun)
        facing = normal @ sun
        straight = np.where(facing > 0, facing, -facing * through)
        half = sun + to_eye
        half /= np.linalg.norm(half, axis=1, keepdims=True)
        mirrored = gloss * np.maximum(0, (normal * half).sum(axis=1)) ** 24
        shaded = _in_shadow(corners, centre, sun)
        sun_part = (
            (straight * (1 - 0.75 * shaded) * light.through(centre))[:, None] * np.array(light.colour) * light.strength
        )
        hidden = _depth_of_cover(centre)
        sky_part = ((0.72 + 0.28 * normal[:, 2]) * (1 - 0.5 * hidden))[:, None] * np.array(light.sky)
        shine = (mirrored * (1 - shaded) * (0.25 + light.strength))[:, None]
        return np.asarray(light.hazy(colours * (sun_part + sky_part) + shine, far))


def _ordered(camera: Camera, corners: Array) -> tuple[list[list[float]], list[int]]:
    """Each piece as x, y, x, y, …, and the order from far to near of those before the camera."""
    seen, depth = camera.seen(corners)
    flat = seen.reshape(-1, 8)
    ahead = depth.min(axis=1) > 0.08
    on_it = ahead & (seen[..., 0].max(axis=1) > 0) & (seen[..., 0].min(axis=1) < camera.width)
    on_it &= (seen[..., 1].max(axis=1) > 0) & (seen[..., 1].min(axis=1) < camera.tall)
    far = np.linalg.norm(corners.mean(axis=1) - camera.place, axis=1)
    order = np.argsort(-far, kind="stable")
    return flat.tolist(), order[on_it[order]].tolist()


def _in_shadow(corners: Array, centre: Array, sun: Array) -> Array:
    """0..1 for each piece: whether another one stands between it and the sun. By cells of a map seen from there."""
    cell = 0.006
    points = np.concatenate([corners.reshape(-1, 3), centre])
    flat = points[:, :2] - points[:, 2:] * (sun[:2] / sun[2])
    origin = flat.min(axis=0)
    at = np.floor((flat - origin) / cell).astype(int)
    shape = np.minimum(at.max(axis=0) + 1, 6000)
    at = np.minimum(at, shape - 1)
    top = np.full(tuple(shape), -1.0)
    np.maximum.at(top, (at[:, 0], at[:, 1]), points[:, 2])
    for axis in (0, 1):
        top = np.maximum(top, np.maximum(np.roll(top, 1, axis), np.roll(top, -1, axis)))
    over = np.clip((top[at[:, 0], at[:, 1]] - points[:, 2] - 0.012) / 0.02, 0, 1)
    count = len(corners)
    return np.asarray(over[: count * 4].reshape(count, 4).mean(axis=1) * 0.7 + over[count * 4 :] * 0.3)


def _depth_of_cover(centre: Array) -> Array:
    """0..1 for each piece: how far below the highest near it (straight above) it lies."""
    cell = 0.04
    at = np.floor((centre[:, :2] - centre[:, :2].min(axis=0)) / cell).astype(int)
    at = np.minimum(at, 3000)
    top = np.zeros(tuple(at.max(axis=0) + 1))
    np.maximum.at(top, (at[:, 0], at[:, 1]), centre[:, 2])
    over = np.maximum(0, top[at[:, 0], at[:, 1]] - centre[:, 2])
    return np.asarray(over / (over + 0.08))
