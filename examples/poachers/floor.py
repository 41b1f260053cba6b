"""The ground of a forest as a camera sees it: litter, a path, and marks in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from drawing.camera import Camera, Light
from drawing.ground import lit, looked_at
from drawing.noise import Array, Random, clouds, smooth
from forest import FINE, litter_tile, soil_tile
from numpy.typing import NDArray
from prints import Print


@dataclass(frozen=True)
class Path:
    """A trodden way without many leaves."""

    x: float
    y: float
    turn: float
    half: float
    """Metres; 0 or less where there is none."""

    def off(self, x: Array, y: Array) -> Array:
        """Metres from its middle."""
        along = np.cos(self.turn) * (x - self.x) + np.sin(self.turn) * (y - self.y)
        across = np.cos(self.turn) * (y - self.y) - np.sin(self.turn) * (x - self.x)
        return np.asarray(across + 0.09 * np.sin(along * 1.3))


def seen(
    rng: Random, camera: Camera, light: Light, path: Path, prints: Sequence[Print], season: Array
) -> tuple[Array, Array]:
    """The ground as the sky lights it, with what is above the horizon behind it; and what the sun adds."""
    x, y, far = camera.ground()
    near = np.isfinite(far)
    x, y = np.where(near, x, 0), np.where(near, y, 0)
    edge = 0.11 * clouds(rng, 512, 1.4)[np.floor(y * 90).astype(int) % 512, np.floor(x * 90).astype(int) % 512]
    bare = np.clip((path.half + edge - np.abs(path.off(x, y))) / 0.09, 0, 1)[..., None]
    sky, sun = looked_at(lit(litter_tile(rng, season), light), FINE, camera, x, y, far)
    if path.half > 0:
        soil_sky, soil_sun = looked_at(lit(soil_tile(rng), light), FINE, camera, x, y, far)
        sky, sun = sky * (1 - bare) + soil_sky * bare, sun * (1 - bare) + soil_sun * bare
    for each in prints:
        _pressed(each, x, y, near, sky, sun, light)
    patch = 1 + 0.16 * clouds(rng, 256, 1.8)[np.floor(y * 30).astype(int) % 256, np.floor(x * 30).astype(int) % 256]
    sky, sun = sky * patch[..., None], sun * patch[..., None]
    if light.flash:
        bright = np.where(near, light.falloff(np.where(near, far, 99)), 0)[..., None]
        return sky * bright, sun * bright
    sun = sun * light.through(np.stack([x, y, 0 * x], -1))[..., None]
    share = (1 - np.exp(-np.where(near, far, 60) / light.clear))[..., None]
    behind = np.array(light.haze) * _foliage(rng, x.shape)[..., None]
    hazed = sky * (1 - share) + behind * share
    return np.where(near[..., None], hazed, behind), np.where(near[..., None], sun * (1 - share), 0)


def _foliage(rng: Random, shape: tuple[int, ...]) -> Array:
    """Leaves far away, out of focus, with the sky between them here and there."""
    dark = 0.62 + 0.3 * smooth(rng, shape[0], shape[1], 10) + 0.25 * smooth(rng, shape[0], shape[1], 36)
    gaps = 0.5 * smooth(rng, shape[0], shape[1], 14) + 0.5 * smooth(rng, shape[0], shape[1], 60)
    return np.clip(dark + 1.6 * np.clip(gaps - 0.42, 0, 1), 0.15, 2.2)


def _pressed(each: Print, x: Array, y: Array, near: NDArray[np.bool_], sky: Array, sun: Array, light: Light) -> None:
    """Press a mark into the ground, in place."""
    here = near & (np.hypot(x - each.x, y - each.y) < each.reach)
    cos, sin = np.cos(each.turn), np.sin(each.turn)
    u, v = each.local(x[here], y[here])
    step, depth = 0.0025, each.depth(u, v)
    along, across = (each.depth(u + step, v) - depth) / step, (each.depth(u, v + step) - depth) / step
    slope_x, slope_y = -(cos * along - sin * across), -(sin * along + cos * across)
    east, north, up = light.sun
    facing = np.clip(1 - (east * slope_x + north * slope_y) / up, 0.1, 1.9) / np.sqrt(1 + slope_x**2 + slope_y**2)
    inside = each.inside(u, v)
    open_sky = np.clip(1 - 15 * depth, 0.5, 1.15) * (0.25 + 0.75 * np.clip(facing, 0.2, 1.6)) * (1 - 0.14 * inside)
    if each.tone is not None:
        tone, share = each.tone(u, v), inside[..., None]
        sky[here] = sky[here] * (1 - share) + tone * np.array(light.sky) * share
        sun[here] = sun[here] * (1 - share) + tone * np.array(light.colour) * light.strength * share * light.sun[2]
    sky[here] *= open_sky[..., None]
    sun[here] *= facing[..., None]
