"""A forest floor, its light, and what grows there. Things are drawn about the origin, in metres."""

import numpy as np

from drawing.camera import Light, sun_at
from drawing.ground import Tile
from drawing.mesh import Things
from drawing.noise import Array, Random, clouds, lumps
from drawing.shapes import across_of, arc, mixed, ribbon, tube

LEAF = np.array([0.20, 0.36, 0.11])
DEAD = np.array([
    [0.42, 0.31, 0.21], [0.34, 0.25, 0.18], [0.50, 0.40, 0.28], [0.28, 0.22, 0.17], [0.48, 0.43, 0.35], [0.38, 0.30, 0.23],
    [0.54, 0.42, 0.22],
])  # fmt: skip
BARK = np.array([[0.30, 0.25, 0.20], [0.40, 0.36, 0.31], [0.25, 0.20, 0.16], [0.45, 0.40, 0.32]])

SIZE, FINE = 1024, 320.0


def at(x: float, y: float, z: float = 0.0) -> Array:
    """A point."""
    return np.array([x, y, z])


def soil_tile(rng: Random) -> Tile:
    """Bare, trodden earth."""
    height = 1.6 * clouds(rng, SIZE, 1.7) + 0.35 * clouds(rng, SIZE, 0.9, coarsest=24)
    lumps(height, rng, np.minimum(np.exp(rng.normal(0.9, 0.5, 1100)), 7), faces=5)
    tone = 1 + 0.13 * clouds(rng, SIZE, 1.6) + 0.04 * clouds(rng, SIZE, 0.6, coarsest=40)
    colour = np.array([0.40, 0.30, 0.21]) * rng.uniform(0.85, 1.2) * tone[..., None]
    return Tile(height, np.clip(colour, 0.03, 1), FINE)


def litter_tile(rng: Random) -> Tile:
    """Dead leaves upon dead leaves."""
    height = 1.5 * clouds(rng, SIZE, 1.6) + 0.3 * clouds(rng, SIZE, 0.8, coarsest=30)
    colour = np.array([0.17, 0.12, 0.08]) * (1 + 0.2 * clouds(rng, SIZE, 0.9, coarsest=12))[..., None]
    wet = rng.uniform(0.72, 1.05)
    for _ in range(6500):
        _lay(rng, height, colour, DEAD[rng.integers(len(DEAD))] * wet)
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
    return Light((0.0, -0.62, 0.785), 0.75, (1.0, 1.0, 1.0), (0.3, 0.3, 0.3), flash=rng.uniform(2.3, 3.2))


def fern(rng: Random, size: float) -> Things:
    """Fronds all around; `size` is their length."""
    things, green = Things(), mixed(rng, LEAF * 1.12, 0.1)
    for turn in rng.uniform(0, 6.3) + np.arange(fronds := int(rng.integers(6, 10))) * (2 * np.pi / fronds) + rng.normal(0, 0.2, fronds):
        length = size * rng.uniform(0.75, 1.1)
        line = arc(at(0, 0, 0.02), turn, rng.uniform(0.8, 1.25), length, rng.uniform(1.0, 1.7), 22, rng.normal(0, 0.25))
        things.add(ribbon(line, np.full(23, 0.002), across=2), green * 0.7)
        own = mixed(rng, green, 0.06)
        for knot in range(3, 23):
            share = (knot - 3) / 20
            reach = length * 0.24 * np.sin(np.pi * (0.16 + 0.84 * share) ** 0.8) + 0.006
            ahead = line[min(22, knot + 1)] - line[knot - 1]
            heading = np.arctan2(ahead[1], ahead[0])
            for side in (-1, 1):
                leaflet = arc(line[knot], heading + side * 1.25, 0.12, reach, 0.5, 4)
                width = reach * 0.13 * np.array([0.7, 1, 0.85, 0.5, 0.05])
                things.add(ribbon(leaflet, width, across=2, fold=0.15), own * (0.9 + 0.25 * share), gloss=0.05, through=0.5)
    return things


def _blade(rng: Random, things: Things, start: Array, turn: float, length: float, colour: Array, *, wide: float, rise: float = 0.3, gloss: float = 0.12) -> None:  # fmt: skip
    """One broad leaf."""
    line = arc(start, turn, rise, length, rng.uniform(0.5, 1.3), 12, rng.normal(0, 0.2))
    width = wide * length * np.sin(np.pi * np.linspace(0.02, 0.985, 13) ** 0.85) ** 0.9
    sheet = ribbon(line, width, across=6, fold=rng.uniform(0, 0.35))
    along, aside = across_of(12, 6)
    paint = colour * (1 + rng.normal(0, 0.03, along.shape))[..., None] + (aside < 0.2)[..., None] * np.array([0.09, 0.09, 0.05])
    things.add(sheet, paint, gloss=gloss, through=0.5)


def shrub(rng: Random, size: float) -> Things:
    """Thin stems with broad leaves; `size` is its height."""
    things, green = Things(), mixed(rng, LEAF, 0.14)
    reach, wide = rng.uniform(0.07, 0.15) * (0.6 + 0.5 * size), rng.uniform(0.17, 0.3)
    for _ in range(int(rng.integers(2, 5))):
        stem = arc(at(*rng.normal(0, 0.03, 2)), rng.uniform(0, 6.3), rng.uniform(1.1, 1.5), size * rng.uniform(0.7, 1.05), rng.uniform(0.1, 0.5), 14)
        things.add(tube(stem, np.linspace(0.006, 0.002, 15) * (0.6 + 0.5 * size), 6), mixed(rng, BARK[0] * 1.1, 0.1))
        turn = rng.uniform(0, 6.3)
        for knot in range(3, 15):
            for _ in range(int(rng.integers(1, 3))):
                turn += 2.4 + rng.normal(0, 0.3)
                _blade(rng, things, stem[knot], turn, reach * rng.uniform(0.7, 1.2), mixed(rng, green * (0.85 + 0.03 * knot), 0.08), wide=wide, rise=rng.uniform(0, 0.6))
    return things


def seedling(rng: Random, size: float) -> Things:
    """A few leaves on a short stem; `size` is its height."""
    things, green = Things(), mixed(rng, LEAF * 1.15, 0.14)
    stem = arc(at(0, 0), rng.uniform(0, 6.3), 1.45, size, 0.2, 5)
    things.add(tube(stem, np.full(6, 0.0018), 5), green * 0.7)
    turn = rng.uniform(0, 6.3)
    for leaf in range(int(rng.integers(3, 8))):
        turn += 2.4
        _blade(rng, things, stem[max(2, 5 - leaf // 2)], turn, size * rng.uniform(0.45, 0.8), mixed(rng, green, 0.07), wide=rng.uniform(0.2, 0.3), rise=0.3)
    return things


def grass(rng: Random, size: float) -> Things:
    """A tuft of blades."""
    things, green = Things(), mixed(rng, LEAF * 1.2 + np.array([0.03, 0.02, 0]), 0.1)
    for _ in range(int(rng.integers(25, 50))):
        line = arc(at(*rng.normal(0, 0.02, 2)), rng.uniform(0, 6.3), rng.uniform(0.7, 1.45), size * rng.uniform(0.5, 1.1), rng.uniform(0.4, 1.6), 10, rng.normal(0, 0.2))
        things.add(ribbon(line, 0.0028 * (1 - np.linspace(0, 0.95, 11) ** 2), across=2, fold=0.3), mixed(rng, green, 0.1), gloss=0.1, through=0.5)
    return things


def trunk(rng: Random, radius: float, tall: float = 4.0) -> Things:
    """A tree as far up as is seen, with its bark, and roots that run off from it."""
    things = Things()
    steps, around = 110, 64
    run = np.linspace(0, 1, steps + 1)
    line = np.stack([0.03 * tall * rng.normal() * run**1.5, 0.03 * tall * rng.normal() * run**1.5, run * tall - 0.05], -1)
    grain = clouds(rng, 128, 1.15, coarsest=5)
    rows, columns = (run * 52).astype(int) % 128, (np.linspace(0, 127.9, around + 1)).astype(int)
    rough = 0.035 * grain[np.ix_(rows, columns)]
    rough[:, -1] = rough[:, 0]
    flare = 1 + 0.8 * np.exp(-run * tall / (1.6 * radius + 0.05))
    bark = mixed(rng, BARK[rng.integers(len(BARK))], 0.1)
    tone = 1 + 0.16 * grain[np.ix_(rows[:-1], columns[:-1])] + rng.normal(0, 0.05, (steps, around))
    moss = np.clip(clouds(rng, 128, 1.6)[np.ix_(rows[:-1], columns[:-1])] - 0.9 + 0.8 * np.exp(-run[:-1] * 9)[:, None], 0, 1)
    paint = bark * tone[..., None] * (1 - moss[..., None]) + np.array([0.22, 0.30, 0.12]) * moss[..., None]
    things.add(tube(line, radius * flare, around, rough), paint)
    for turn in rng.uniform(0, 6.3) + np.arange(int(rng.integers(2, 5))) * 1.7:
        things.take(root(rng, radius * rng.uniform(0.2, 0.35), radius * rng.uniform(4, 9), turn, bark, radius))
    return things


def root(rng: Random, radius: float, length: float, turn: float, bark: Array, start: float = 0.0) -> Things:
    """A root that winds along the ground, half sunk."""
    things, steps = Things(), 26
    way = turn + np.cumsum(rng.normal(0, 0.16, steps))
    points = np.cumsum(np.stack([np.cos(way), np.sin(way)], -1) * length / steps, axis=0) + start * np.array([np.cos(turn), np.sin(turn)])
    thick = radius * np.linspace(1, 0.25, steps)
    level = thick * 0.3 + 0.3 * radius * np.sin(np.linspace(0, rng.uniform(4, 11), steps) + rng.uniform(0, 6))
    rough = rng.normal(0, 0.06, (steps, 11))
    rough[:, -1] = rough[:, 0]
    things.add(tube(np.column_stack([points, level]), thick, 10, rough), mixed(rng, bark * 1.05, 0.06) * (1 + rng.normal(0, 0.08, (steps - 1, 10, 1))))
    return things


def dead_leaf(rng: Random, x: float, y: float, z: float = 0.004) -> Things:
    """One that lies on top."""
    things = Things()
    length = rng.uniform(0.035, 0.095)
    line = arc(at(x, y, z + rng.uniform(0, 0.012)), rng.uniform(0, 6.3), rng.uniform(-0.1, 0.5), length, rng.uniform(0, 1.0), 7, rng.normal(0, 0.3))
    width = rng.uniform(0.2, 0.34) * length * np.sin(np.pi * np.linspace(0.03, 0.97, 8) ** 0.9)
    colour = DEAD[rng.integers(len(DEAD))] if rng.random() < 0.96 else LEAF * 1.3
    things.add(ribbon(line, width, across=4, fold=rng.uniform(-0.3, 0.6)), mixed(rng, colour, 0.14), gloss=0.05, through=0.3)
    return things


def twig(rng: Random, length: float, radius: float) -> Things:
    """A dead branch on the ground, with a fork."""
    things, colour = Things(), mixed(rng, BARK[rng.integers(len(BARK))], 0.14)
    turn = rng.uniform(0, 6.3)
    line = arc(at(0, 0, radius), turn, rng.uniform(0, 0.12), length, rng.uniform(0, 0.2), 12, rng.normal(0, 0.5))
    things.add(tube(line, np.linspace(radius, radius * 0.5, 13), 7, rng.normal(0, 0.07, (13, 8))), colour)
    if rng.random() < 0.7:
        side = arc(line[6], turn + rng.choice([-0.7, 0.7]), 0.15, length * 0.4, 0.3, 7)
        things.add(tube(side, np.linspace(radius * 0.6, radius * 0.3, 8), 6), colour * 0.95)
    return things


def stone(rng: Random, radius: float, tone: Array) -> Things:
    """A round one, a little sunk."""
    things = Things()
    up, around = np.linspace(-0.5, np.pi / 2, 14), np.linspace(0, 2 * np.pi, 25)
    shape = 1 + 0.09 * np.sin(around * 2 + rng.uniform(0, 6)) + 0.05 * np.sin(around * 3 + rng.uniform(0, 6))
    out = np.cos(up)[:, None] * shape[None] * radius
    squat = rng.uniform(0.6, 0.85)
    sheet = np.stack([out * np.cos(around), out * np.sin(around) * rng.uniform(0.75, 1), np.sin(up)[:, None] * radius * squat + 0 * out + radius * 0.25], -1)
    grain = clouds(rng, 32, 1.0)[:13, :24]
    things.add(sheet, mixed(rng, tone, 0.08) * (1 + 0.07 * grain + 0.1 * (np.sin(up[:-1, None]) - 0.5))[..., None])
    return things


def vine(rng: Random, start: Array, end: Array, sag: float, radius: float) -> Things:
    """One that hangs from a place to another, with some leaves: thick and brown, as no wire is."""
    things, steps = Things(), 30
    run = np.linspace(0, 1, steps)[:, None]
    line = start * (1 - run) + end * run
    line[:, 2] -= sag * 4 * (run * (1 - run))[:, 0]
    line[:, 0] += 0.03 * np.sin(run[:, 0] * rng.uniform(6, 14) + rng.uniform(0, 6))
    line[:, 2] = np.maximum(line[:, 2], radius)
    things.add(tube(line, np.full(steps, radius), 7, rng.normal(0, 0.12, (steps, 8))), mixed(rng, np.array([0.34, 0.26, 0.16]), 0.1))
    for knot in range(2, steps - 1, 4):
        if rng.random() < 0.65:
            _blade(rng, things, line[knot], rng.uniform(0, 6.3), rng.uniform(0.05, 0.1), mixed(rng, LEAF * 1.1, 0.1), wide=0.3, rise=-0.3)
    return things
