"""A pinhole camera above the ground, and what lights the scene."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WIDTH, HEIGHT = 640, 480
"""Pixels of every picture."""


@dataclass(frozen=True)
class Light:
    """A sun (or a bright sky) far away, or a flash beside the lens."""

    sun: tuple[float, float, float] = (0.4, 0.3, 0.85)
    """Towards it, of length 1."""
    strength: float = 1.0
    """Of what comes straight from it; 0 under an overcast sky."""
    colour: tuple[float, float, float] = (1.0, 0.97, 0.9)
    sky: tuple[float, float, float] = (0.42, 0.44, 0.48)
    """What comes from everywhere."""
    flash: float = 0.0
    """Metres at which an infrared flash lights as well as the sun does; 0 where there is none."""
    dapple: Callable[[Array, Array], Array] | None = None
    """How much of the sun comes through the leaves above, 0..1, by the place on the ground that it would fall on."""
    haze: tuple[float, float, float] = (0.0, 0.0, 0.0)
    clear: float = 0.0
    """Metres at which two thirds of what is seen is haze; 0 where there is none."""

    def through(self, points: Array) -> Array:
        """How much of the sun comes to points (…, 3)."""
        if self.dapple is None:
            return np.ones(points.shape[:-1])
        falls = points - points[..., 2:] * (np.array(self.sun) / self.sun[2])
        return self.dapple(falls[..., 0], falls[..., 1])

    def hazy(self, colours: Array, far: Array) -> Array:
        """Colours (…, 3) as they look from so far away."""
        if not self.clear:
            return colours
        share = (1 - np.exp(-far / self.clear))[..., None]
        return np.asarray(colours * (1 - share) + np.array(self.haze) * share)

    def falloff(self, far: Array) -> Array:
        """How bright the flash is at a distance, beside the sun."""
        return np.minimum(1.35, (self.flash / np.maximum(far, 0.3)) ** 1.6)


def sun_at(height: float, turn: float) -> tuple[float, float, float]:
    """The direction of a sun, in degrees above the horizon and around."""
    up, around = np.radians(height), np.radians(turn)
    return float(np.cos(up) * np.cos(around)), float(np.cos(up) * np.sin(around)), float(np.sin(up))


class Camera:
    """It stands `height` metres above the origin and looks along y, `down` degrees below the horizon."""

    def __init__(self, height: float, down: float, *, roll: float = 0.0, zoom: float = 1.0, scale: int = 1) -> None:
        """`scale`: pixels it makes along a side for each of the picture."""
        self.height, self.down, self.roll, self.zoom, self.scale = height, down, roll, zoom, scale
        self.width, self.tall = WIDTH * scale, HEIGHT * scale
        self.length = 0.95 * self.width * zoom
        pitch, turn = np.radians(down), np.radians(roll)
        self.place = np.array([0.0, 0.0, height])
        self.ahead = np.array([0.0, np.cos(pitch), -np.sin(pitch)])
        right, up = np.array([1.0, 0.0, 0.0]), np.array([0.0, np.sin(pitch), np.cos(pitch)])
        self.right = np.cos(turn) * right + np.sin(turn) * up
        self.up = -np.sin(turn) * right + np.cos(turn) * up

    def scaled(self, scale: int) -> "Camera":
        """The same camera with finer or coarser pixels."""
        return Camera(self.height, self.down, roll=self.roll, zoom=self.zoom, scale=scale)

    def seen(self, points: Array) -> tuple[Array, Array]:
        """Where points (…, 3) are on the picture (…, 2), and how far ahead."""
        from_here = points - self.place
        depth = from_here @ self.ahead
        safe = np.maximum(depth, 0.02)
        across = self.width / 2 + self.length * (from_here @ self.right) / safe
        along = self.tall / 2 - self.length * (from_here @ self.up) / safe
        return np.stack([across, along], axis=-1), depth

    def ground(self) -> tuple[Array, Array, Array]:
        """Where each pixel looks at the ground: x, y and the distance; infinite above the horizon."""
        across, along = np.meshgrid(
            (np.arange(self.width) + 0.5 - self.width / 2) / self.length,
            (np.arange(self.tall) + 0.5 - self.tall / 2) / self.length,
        )
        ray = self.ahead + across[..., None] * self.right - along[..., None] * self.up
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(ray[..., 2] < -1e-3, -self.height / ray[..., 2], np.inf)
            far = np.where(far > 60, np.inf, far)
        reach = np.where(np.isfinite(far), far, 0)
        return ray[..., 0] * reach, ray[..., 1] * reach, far * np.linalg.norm(ray, axis=-1)

    def on_ground(self, across: float, along: float) -> tuple[float, float]:
        """The place on the ground at a place in the picture, given in shares of its sides. Below the horizon."""
        ray = (
            self.ahead
            + (across - 0.5) * self.width / self.length * self.right
            - (along - 0.5) * self.tall / self.length * self.up
        )
        far = self.height / max(1e-3, -float(ray[2]))
        return float(ray[0]) * far, float(ray[1]) * far
