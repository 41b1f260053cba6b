"""A forest floor and its light."""

import numpy as np
from drawing.camera import Light, sun_at
from drawing.ground import Tile
from drawing.noise import Array, Random, clouds, lumps
from drawing.shapes import mixed

DEAD = np.array([
    [0.42, 0.31, 0.21], [0.34, 0.25, 0.18], [0.50, 0.40, 0.28], [0.28, 0.22, 0.17], [0.48, 0.43, 0.35],
    [0.38, 0.30, 0.23], [0.54, 0.42, 0.22],
])  # fmt: skip


SIZE, FINE = 1024, 320.0


SOILS = np.array([[0.40, 0.30, 0.21], [0.44, 0.27, 0.18], [0.30, 0.26, 0.22], [0.46, 0.38, 0.28]])


SEASONS = np.array([[1.0, 1.0, 1.0], [1.12, 0.92, 0.78], [1.08, 1.1, 1.15], [0.72, 0.76, 0.74], [0.9, 0.98, 0.8]])
"""How dead leaves look beside DEAD: brown, red, bleached, wet, mossy."""


def soil_tile(rng: Random) -> Tile:
    """Bare, trodden earth."""
    height = 1.6 * clouds(rng, SIZE, 1.7) + 0.35 * clouds(rng, SIZE, 0.9, coarsest=24)
    lumps(height, rng, np.minimum(np.exp(rng.normal(0.9, 0.5, 1100)), 7), faces=5)
    tone = 1 + 0.13 * clouds(rng, SIZE, 1.6) + 0.04 * clouds(rng, SIZE, 0.6, coarsest=40)
    colour = SOILS[rng.integers(len(SOILS))] * rng.uniform(0.85, 1.15) * tone[..., None]
    return Tile(height, np.clip(colour, 0.03, 1), FINE)


def litter_tile(rng: Random, season: Array) -> Tile:
    """Dead leaves upon dead leaves."""
    height = 1.5 * clouds(rng, SIZE, 1.6) + 0.3 * clouds(rng, SIZE, 0.8, coarsest=30)
    colour = np.array([0.17, 0.12, 0.08]) * (1 + 0.2 * clouds(rng, SIZE, 0.9, coarsest=12))[..., None]
    for _ in range(6500):
        _lay(rng, height, colour, DEAD[rng.integers(len(DEAD))] * season)
    return Tile(height, np.clip(colour, 0.02, 1), FINE)


def _lay(rng: Random, height: Array, colour: Array, tone: Array) -> None:
    """One leaf onto the tile, a little curled."""
    length = rng.uniform(0.014, 0.048) * FINE
    reach = int(length) + 1
    row, column = rng.integers(SIZE, size=2)
    rows, columns = np.arange(row - reach, row + reach + 1) % SIZE, np.arange(column - reach, column + reach + 1) % SIZE
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1] / length
    turn = rng.uniform(0, 6.3)
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    v = v + rng.normal(0, 0.2) * u * u
    half = rng.uniform(0.28, 0.5) * np.maximum(0, 1 - np.abs(u) ** rng.uniform(1.6, 2.4))
    leaf = (np.abs(v) < half) & (np.abs(u) < 1)
    share = v / np.maximum(half, 1e-6)
    rise = 1.0 + length * (0.09 * rng.uniform(0, 1) * share**2 + rng.normal(0, 0.06) * u * u + rng.normal(0, 0.08) * u)
    patch = np.ix_(rows, columns)
    base = height[row, column] * 0.5 + height[patch] * 0.5
    paint = mixed(rng, tone, 0.16) * (1 + 0.1 * (np.abs(share) < 0.12) - 0.12 * np.abs(share))[..., None]
    height[patch] = np.where(leaf, np.maximum(base + rise, height[patch] - 1), height[patch])
    colour[patch] = np.where(leaf[..., None], paint, colour[patch])


def daylight(rng: Random) -> Light:
    """Beneath leaves: little from the sky, green, and dapples of sun on some days."""
    sunny = rng.random() < 0.6
    field = clouds(rng, 512, 1.9, coarsest=3)
    field = np.clip((field - rng.uniform(0.3, 0.9)) / 0.8, 0, 1)
    side = rng.uniform(1.8, 3.0)

    def dapple(x: Array, y: Array) -> Array:
        return np.asarray(field[np.floor(y / side * 512).astype(int) % 512, np.floor(x / side * 512).astype(int) % 512])

    sky = (0.60, 0.64, 0.56) if sunny else (0.80, 0.84, 0.77)
    return Light(
        sun_at(rng.uniform(50, 75), rng.uniform(0, 360)), 0.95 if sunny else 0.0, (1.0, 0.96, 0.82), sky,
        dapple=dapple, haze=(0.34, 0.41, 0.31), clear=rng.uniform(16, 40),
    )  # fmt: skip


def night(rng: Random) -> Light:
    """An infrared flash beside the lens."""
    return Light((0.0, -0.62, 0.785), 0.75, (1.0, 1.0, 1.0), (0.3, 0.3, 0.3), flash=rng.uniform(2.6, 3.3))
