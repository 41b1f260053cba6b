"""Random fields: clouds of every scale, and lumps."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float64]
Random = np.random.Generator


def clouds(rng: Random, size: int, slope: float, *, coarsest: float = 2.0, finest: float = 1e9) -> Array:
    """A square field that repeats at its edges: mean 0, deviation 1; a higher `slope` is smoother.

    Waves go from `coarsest` to `finest` times across the square.
    """
    along = np.fft.fftfreq(size) * size
    often = np.hypot(along[:, None], along[None, : size // 2 + 1])
    often[0, 0] = 1
    gain = np.where((often >= coarsest) & (often <= finest), often**-slope, 0)
    waves = np.fft.rfft2(rng.standard_normal((size, size))) * gain
    field = np.fft.irfft2(waves, s=(size, size))
    return np.asarray((field - field.mean()) / field.std())


def smooth(rng: Random, rows: int, columns: int, knots: int) -> Array:
    """A soft field between about -1 and 1, with so many knots along its longer side."""
    step = max(rows, columns) / knots
    small = rng.uniform(-1, 1, (round(rows / step) + 3, round(columns / step) + 3)).astype(np.float32)
    image = Image.fromarray(small).resize((columns, rows), Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float64)


def lumps(height: Array, rng: Random, radii: Array, *, faces: int, sunk: float = 0.15) -> NDArray[np.bool_]:
    """Lay lumps of those radii (cells) on a field that repeats, in place; where they are.

    Few `faces` make angular clods, none round stones. Each is sunk by a share of its radius.
    """
    size = height.shape[0]
    there = np.zeros(height.shape, dtype=bool)
    for radius in radii:
        reach = int(np.ceil(radius * 1.3)) + 1
        row, column = rng.integers(size, size=2)
        rows, columns = (
            np.arange(row - reach, row + reach + 1) % size,
            np.arange(column - reach, column + reach + 1) % size,
        )
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1] / radius
        turn, squeeze = rng.uniform(0, np.pi), rng.uniform(0.65, 1)
        u, v = x * np.cos(turn) + y * np.sin(turn), (y * np.cos(turn) - x * np.sin(turn)) / squeeze
        away = u * u + v * v
        lump = np.sqrt(np.maximum(0, 1.0 - away)) * rng.uniform(0.6, 0.95)
        if faces:
            angle, lean = rng.uniform(0, 2 * np.pi, (faces, 1, 1)), rng.uniform(0.4, 2.2, (faces, 1, 1))
            off = rng.uniform(0.4, 0.85, (faces, 1, 1))
            lump = np.minimum(lump, (lean * (off - u * np.cos(angle) - v * np.sin(angle))).min(axis=0) + 0.25)
        inside = lump > sunk * 0.5
        patch = np.ix_(rows, columns)
        rise = height[row, column] + (lump - sunk) * radius
        on_top = inside & (rise > height[patch])
        height[patch] = np.where(on_top, rise, height[patch])
        there[patch] = np.where(on_top, True, there[patch])
    return there


def widened(field: Array, reach: int) -> Array:
    """The mean of a field that repeats, over a square about each cell."""
    for axis in (0, 1):
        total = np.cumsum(np.concatenate([np.take(field, range(-reach - 1, 0), axis), field,
                                          np.take(field, range(reach), axis)], axis), axis)  # fmt: skip
        upper = np.take(total, range(2 * reach + 1, total.shape[axis]), axis)
        field = (upper - np.take(total, range(total.shape[axis] - 2 * reach - 1), axis)) / (2 * reach + 1)
    return field
