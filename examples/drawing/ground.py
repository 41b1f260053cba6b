"""Ground: a tile that repeats, lit once, and looked at from anywhere."""

from dataclasses import dataclass

import numpy as np

from drawing.camera import Camera, Light
from drawing.noise import Array, widened


@dataclass
class Tile:
    """A square of ground that repeats."""

    height: Array
    """Of each cell, in cells."""
    colour: Array
    """(…, 3), 0..1: what it throws back of white light."""
    fine: float
    """Cells of a metre."""


def lit(tile: Tile, light: Light, *, relief: float = 1.0) -> tuple[Array, Array]:
    """The tile as the sky lights it, and what the sun adds to that."""
    height = tile.height * relief
    across = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) / 2
    along = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) / 2
    east, north, up = light.sun
    facing = (up - east * across - north * along) / np.sqrt(1 + across**2 + along**2)
    wide, narrow = widened(height, 12) - height, widened(height, 3) - height
    open_sky = np.clip(1 - 0.07 * wide, 0.4, 1.25) * np.clip(1 - 0.22 * narrow, 0.5, 1.25)
    open_sky *= 0.35 + 0.65 / np.sqrt(1 + across**2 + along**2) + 0.12 * (east * -across + north * -along)
    shaded = _shaded(height, light)
    sky = tile.colour * (open_sky[..., None] * np.array(light.sky))
    sun = tile.colour * ((np.maximum(0, facing) * (1 - shaded))[..., None] * np.array(light.colour) * light.strength)
    return sky.astype(np.float32), sun.astype(np.float32)


def _shaded(height: Array, light: Light) -> Array:
    """1 where something towards the sun stands in its way."""
    east, north, up = light.sun
    flat = np.hypot(east, north)
    if light.strength == 0 or flat < 0.05:
        return np.zeros_like(height)
    rise, shaded = up / flat, np.zeros_like(height)
    for step in (1, 2, 3, 4, 6, 8, 11, 15, 20, 26, 34):
        moved = np.roll(height, (-round(step * north / flat), -round(step * east / flat)), (0, 1))
        shaded = np.maximum(shaded, np.clip((moved - height - step * rise) / 1.5, 0, 1))
    return shaded


def looked_at(layers: tuple[Array, ...], fine: float, camera: Camera, x: Array, y: Array, far: Array) -> list[Array]:
    """Layers of a lit tile as the camera sees them; coarser where one pixel takes in many cells."""
    cells = fine * np.where(np.isfinite(far), far, 1) / camera.length
    level = np.clip(np.floor(np.log2(np.maximum(cells, 1)) + 0.3), 0, 4).astype(int)
    seen = [np.zeros((*x.shape, layer.shape[-1]), dtype=np.float32) for layer in layers]
    for each in range(int(level.max()) + 1):
        here = (level == each) & np.isfinite(far)
        size = layers[0].shape[0]
        row, column = (
            np.floor(y[here] * fine / 2**each).astype(int) % size,
            np.floor(x[here] * fine / 2**each).astype(int) % size,
        )
        for out, layer in zip(seen, layers, strict=True):
            out[here] = layer[row, column]
        layers = tuple(_halved(layer) for layer in layers)
    return seen


def _halved(layer: Array) -> Array:
    return (layer[0::2, 0::2] + layer[1::2, 0::2] + layer[0::2, 1::2] + layer[1::2, 1::2]) / 4
