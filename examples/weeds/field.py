"""A field: its soil, its rows, and how a farmer's phone sees them."""

from dataclasses import dataclass

import numpy as np
from crops import STRAW
from drawing.camera import Camera, Light, sun_at
from drawing.ground import Tile, lit, looked_at
from drawing.mesh import Things
from drawing.noise import Array, Random, clouds, lumps
from drawing.shapes import arc, mixed, ribbon, tube

SOILS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "red": ((0.56, 0.30, 0.19), (0.66, 0.42, 0.29)),
    "brown": ((0.42, 0.31, 0.22), (0.56, 0.44, 0.33)),
    "dark": ((0.25, 0.22, 0.20), (0.38, 0.34, 0.31)),
    "sandy": ((0.62, 0.50, 0.36), (0.74, 0.63, 0.48)),
    "grey": ((0.44, 0.40, 0.35), (0.57, 0.53, 0.47)),
}
"""Of each the colour of what is moist and low, and of what is dry and high."""

_SIZE, _FINE = 1024, 400.0


@dataclass(frozen=True)
class Soil:
    """What the ground is like."""

    colour: str
    clods: float
    """0 for a fine seedbed to 1 for a rough one."""
    stones: float
    straw: float


def tile(rng: Random, soil: Soil) -> Tile:
    """A piece of it."""
    fine = clouds(rng, _SIZE, 1.0, coarsest=24)
    height = 2.2 * clouds(rng, _SIZE, 1.7) + 0.4 * fine
    crumbs = np.exp(rng.normal(0.75, 0.45, int(1200 + 2000 * soil.clods)))
    clods = np.exp(rng.normal(1.9, 0.5, int(150 + 1500 * soil.clods)))
    large = rng.uniform(9, 13 + 14 * soil.clods, int(170 * soil.clods**1.5))
    for radii in (np.minimum(large, 26), np.minimum(clods, 18), np.minimum(crumbs, 6)):
        lumps(height, rng, radii, faces=6)
    height += 0.12 * clouds(rng, _SIZE, 0.5, coarsest=90)
    low, high = (np.array(each) for each in SOILS[soil.colour])
    dry = 1 / (
        1
        + np.exp(
            -(
                0.5 * clouds(rng, _SIZE, 1.6)
                + 0.16 * (height - height.mean())
                + 0.3 * clouds(rng, _SIZE, 0.8, coarsest=12)
            )
        )
    )
    colour = low + (high - low) * dry[..., None]
    colour *= (1 + 0.045 * clouds(rng, _SIZE, 0.6, coarsest=40))[..., None]
    for _ in range(round(14 * soil.stones)):
        _stones(height, colour, rng)
    return Tile(height, np.clip(colour, 0.02, 1), _FINE)


def _stones(height: Array, colour: Array, rng: Random) -> None:
    """A handful of one colour."""
    there = lumps(height, rng, np.minimum(np.exp(rng.normal(1.7, 0.6, int(rng.integers(3, 9)))), 16), faces=2)
    grey = (
        np.array([0.55, 0.53, 0.5])
        * rng.uniform(0.7, 1.35)
        * np.array([rng.uniform(0.98, 1.12), 1, rng.uniform(0.88, 1.0)])
    )
    colour[there] = grey * (1 + rng.normal(0, 0.03, (int(there.sum()), 1)))


@dataclass(frozen=True)
class Rows:
    """Where the crop stands."""

    apart: float
    """Metres between rows."""
    turn: float
    """The way they run: radians from x."""
    shift: float
    """Metres that the first row is off the middle of the picture."""
    middle: tuple[float, float]
    ridge: float
    """Metres that the rows stand above what is between them."""

    def off(self, x: Array, y: Array) -> Array:
        """Metres from the nearest row."""
        across = -np.sin(self.turn) * (x - self.middle[0]) + np.cos(self.turn) * (y - self.middle[1]) - self.shift
        return np.asarray(across - self.apart * np.round(across / self.apart))

    def places(self, rng: Random, step: float, reach: float) -> list[tuple[float, float]]:
        """Where the plants of all rows stand, so many metres around the middle; some are missing."""
        found = []
        for row in range(-int(reach / self.apart) - 1, int(reach / self.apart) + 2):
            aside = row * self.apart + self.shift
            along = -reach + rng.uniform(0, step)
            while along < reach:
                if rng.random() > 0.06:
                    off = aside + rng.normal(0, 0.012)
                    x = self.middle[0] + np.cos(self.turn) * along - np.sin(self.turn) * off
                    y = self.middle[1] + np.sin(self.turn) * along + np.cos(self.turn) * off
                    found.append((float(x), float(y)))
                along += step * rng.uniform(0.8, 1.2)
        return found


def soil_seen(rng: Random, soil: Soil, rows: Rows, camera: Camera, light: Light) -> tuple[Array, Array]:
    """The soil as the camera sees it: as the sky lights it, and what the sun adds."""
    sky_layer, sun_layer = lit(tile(rng, soil), light, relief=0.65 if light.sun[2] < 0.65 else 0.85)
    x, y, far = camera.ground()
    near = np.isfinite(far)
    x, y = np.where(near, x, 0), np.where(near, y, 0)
    bend = 0.03 * np.sin(x * 3.1 + rng.uniform(0, 6)) + 0.03 * np.sin(y * 2.7 + rng.uniform(0, 6))
    sky, sun = looked_at((sky_layer, sun_layer), _FINE, camera, x + bend, y, far)
    off = rows.off(x + bend, y + bend)
    slope = -rows.ridge * np.pi / rows.apart * np.sin(2 * np.pi * off / rows.apart)
    across = np.array([-np.sin(rows.turn), np.cos(rows.turn)])
    leaning = float(across @ np.array(light.sun[:2]))
    facing = np.clip((light.sun[2] - leaning * slope) / light.sun[2], 0.2, 1.7) / np.sqrt(1 + slope**2)
    low = 1 - 1.6 * rows.ridge * (1 - np.cos(2 * np.pi * off / rows.apart))
    return sky * low[..., None], sun * (facing * low)[..., None]


def litter(rng: Random, soil: Soil, middle: tuple[float, float], reach: float) -> Things:
    """Straw and bits of dry stalks that lie about."""
    things = Things()
    for _ in range(int(soil.straw * 55 * reach * reach)):
        place = np.array(
            [middle[0] + rng.uniform(-reach, reach), middle[1] + rng.uniform(-reach, reach), rng.uniform(0.003, 0.012)]
        )
        line = arc(
            place,
            rng.uniform(0, 6.3),
            rng.uniform(0, 0.15),
            rng.uniform(0.02, 0.13),
            rng.uniform(0, 0.25),
            8,
            rng.normal(0, 0.3),
        )
        width = np.full(9, rng.uniform(0.0008, 0.0022))
        colour = mixed(rng, STRAW * rng.uniform(0.6, 1.1), 0.1)
        things.add(ribbon(line, width, across=2, fold=0.3), colour, through=0.2)
    for _ in range(int(rng.poisson(soil.straw * 1.5))):
        place = np.array([middle[0] + rng.uniform(-reach, reach), middle[1] + rng.uniform(-reach, reach), 0.01])
        line = arc(place, rng.uniform(0, 6.3), 0.03, rng.uniform(0.1, 0.3), 0.06, 8)
        things.add(tube(line, np.full(9, rng.uniform(0.005, 0.009)), 8), mixed(rng, STRAW * 0.8, 0.1))
    return things


def daylight(rng: Random, kind: str) -> Light:
    """`sun`, `low` sun, or `cloud`."""
    turn = rng.uniform(0, 360)
    if kind == "cloud":
        return Light(sun_at(72, turn), 0.22, (1.0, 0.98, 0.95), (0.86, 0.89, 0.95))
    if kind == "low":
        return Light(sun_at(rng.uniform(27, 36), turn), 1.15, (1.0, 0.86, 0.66), (0.38, 0.41, 0.5))
    return Light(sun_at(rng.uniform(48, 70), turn), 0.95, (1.0, 0.97, 0.9), (0.32, 0.35, 0.41))
