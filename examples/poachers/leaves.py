"""What grows low in a forest. Each is drawn about the origin, in metres."""

import numpy as np
from drawing.mesh import Things
from drawing.noise import Array, Random
from drawing.shapes import across_of, arc, mixed, ribbon, tube

LEAF = np.array([0.20, 0.36, 0.11])


BARK = np.array([[0.30, 0.25, 0.20], [0.40, 0.36, 0.31], [0.25, 0.20, 0.16], [0.45, 0.40, 0.32]])


def at(x: float, y: float, z: float = 0.0) -> Array:
    """A point."""
    return np.array([x, y, z])


def blade(
    rng: Random,
    things: Things,
    start: Array,
    turn: float,
    length: float,
    colour: Array,
    *,
    wide: float,
    rise: float = 0.3,
) -> None:
    """One broad leaf."""
    line = arc(start, turn, rise, length, rng.uniform(0.5, 1.3), 12, rng.normal(0, 0.2))
    width = wide * length * np.sin(np.pi * np.linspace(0.02, 0.985, 13) ** 0.85) ** 0.9
    sheet = ribbon(line, width, across=6, fold=rng.uniform(0, 0.35))
    along, aside = across_of(12, 6)
    rib = (aside < 0.2)[..., None] * np.array([0.09, 0.09, 0.05])
    paint = colour * (1 + rng.normal(0, 0.03, along.shape))[..., None] + rib
    things.add(sheet, paint, gloss=0.12, through=0.5)


def fern(rng: Random, size: float) -> Things:
    """Fronds all around; `size` is their length."""
    things, green = Things(), mixed(rng, LEAF * 1.12, 0.1)
    for turn in (
        rng.uniform(0, 6.3)
        + np.arange(fronds := int(rng.integers(6, 10))) * (2 * np.pi / fronds)
        + rng.normal(0, 0.2, fronds)
    ):
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
                things.add(
                    ribbon(leaflet, width, across=2, fold=0.15), own * (0.9 + 0.25 * share), gloss=0.05, through=0.5
                )
    return things


def shrub(rng: Random, size: float) -> Things:
    """Thin stems with broad leaves; `size` is its height."""
    things, green = Things(), mixed(rng, LEAF, 0.14)
    reach, wide = rng.uniform(0.07, 0.15) * (0.6 + 0.5 * size), rng.uniform(0.17, 0.3)
    for _ in range(int(rng.integers(2, 5))):
        stem = arc(
            at(*rng.normal(0, 0.03, 2)),
            rng.uniform(0, 6.3),
            rng.uniform(1.1, 1.5),
            size * rng.uniform(0.7, 1.05),
            rng.uniform(0.1, 0.5),
            14,
        )
        things.add(tube(stem, np.linspace(0.006, 0.002, 15) * (0.6 + 0.5 * size), 6), mixed(rng, BARK[0] * 1.1, 0.1))
        turn = rng.uniform(0, 6.3)
        for knot in range(3, 15):
            for _ in range(int(rng.integers(1, 3))):
                turn += 2.4 + rng.normal(0, 0.3)
                blade(
                    rng,
                    things,
                    stem[knot],
                    turn,
                    reach * rng.uniform(0.7, 1.2),
                    mixed(rng, green * (0.85 + 0.03 * knot), 0.08),
                    wide=wide,
                    rise=rng.uniform(0, 0.6),
                )
    return things


def seedling(rng: Random, size: float) -> Things:
    """A few leaves on a short stem; `size` is its height."""
    things, green = Things(), mixed(rng, LEAF * 1.15, 0.14)
    stem = arc(at(0, 0), rng.uniform(0, 6.3), 1.45, size, 0.2, 5)
    things.add(tube(stem, np.full(6, 0.0018), 5), green * 0.7)
    turn = rng.uniform(0, 6.3)
    for leaf in range(int(rng.integers(3, 8))):
        turn += 2.4
        blade(
            rng,
            things,
            stem[max(2, 5 - leaf // 2)],
            turn,
            size * rng.uniform(0.45, 0.8),
            mixed(rng, green, 0.07),
            wide=rng.uniform(0.2, 0.3),
            rise=0.3,
        )
    return things


def grass(rng: Random, size: float) -> Things:
    """A tuft of blades."""
    things, green = Things(), mixed(rng, LEAF * 1.2 + np.array([0.03, 0.02, 0]), 0.1)
    for _ in range(int(rng.integers(25, 50))):
        line = arc(
            at(*rng.normal(0, 0.02, 2)),
            rng.uniform(0, 6.3),
            rng.uniform(0.7, 1.45),
            size * rng.uniform(0.5, 1.1),
            rng.uniform(0.4, 1.6),
            10,
            rng.normal(0, 0.2),
        )
        things.add(
            ribbon(line, 0.0028 * (1 - np.linspace(0, 0.95, 11) ** 2), across=2, fold=0.3),
            mixed(rng, green, 0.1),
            gloss=0.1,
            through=0.5,
        )
    return things
