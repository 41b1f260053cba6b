"""What grows between the crop unasked. Each is drawn about the origin, in metres."""

from collections.abc import Callable

import numpy as np
from crops import at, blade, stalk
from drawing.mesh import Things
from drawing.noise import Array, Random
from drawing.shapes import across_of, arc, fan, mixed, ribbon, tube


def _leaf(
    rng: Random, plant: Things, line: Array, half: float, colour: Array,
    *, peak: float = 0.5, teeth: float = 0.0, often: float = 7, gloss: float = 0.08,
) -> None:  # fmt: skip
    """A leaf that is widest at `peak` of its length; `teeth` cut its rim in."""
    run = np.linspace(0, 1, len(line))
    power = np.log(0.5) / np.log(peak)
    width = half * np.sin(np.pi * np.clip(run, 0, 1) ** power) ** 0.8
    if teeth:
        saw = np.abs((run * often) % 1 - 0.35)
        width = width * (1 - teeth * np.clip(saw / 0.6, 0, 1))
    sheet = ribbon(line, np.maximum(width, 0.0007), across=6, fold=rng.uniform(-0.05, 0.35))
    along, aside = across_of(len(line) - 1, 6)
    paint = colour * (1 + rng.normal(0, 0.04, along.shape))[..., None]
    paint = paint + (aside < 0.2)[..., None] * np.array([0.13, 0.12, 0.08]) * (1 - 0.6 * along)[..., None]
    plant.add(sheet, paint, gloss=gloss, through=0.4)


def rosette(rng: Random, size: float, green: Array) -> Things:
    """Leaves in a star, flat on the ground, smooth or toothed; `size` is its radius in metres."""
    plant, leaves = Things(), int(rng.integers(9, 17))
    toothed, turn = rng.random() < 0.6, rng.uniform(0, 6.3)
    narrow = rng.uniform(0.13, 0.2) if toothed else rng.uniform(0.2, 0.3)
    colour = green * rng.uniform(0.9, 1.15) + np.array([0.02, 0.0, 0.03]) * rng.uniform(0, 1.5)
    for leaf in range(leaves):
        young = leaf / leaves
        turn += 2.4 + rng.normal(0, 0.12)
        length = size * (1.05 - 0.65 * young**1.5) * rng.uniform(0.85, 1.1)
        line = arc(
            at(0, 0, 0.006 + 0.015 * young),
            turn,
            0.22 + 0.7 * young,
            length,
            0.55 + 0.3 * young,
            24,
            rng.normal(0, 0.25),
        )
        _leaf(rng, plant, line, length * narrow, mixed(rng, colour * (0.92 + 0.25 * young), 0.06), peak=0.66,
              teeth=rng.uniform(0.45, 0.75) if toothed else 0.0, often=rng.uniform(5, 8))  # fmt: skip
    return plant


def grass(rng: Random, size: float, green: Array) -> Things:
    """A tuft of many narrow blades; `size` is their length."""
    plant, blades = Things(), int(rng.integers(22, 46))
    lean = rng.uniform(0.2, 0.5)
    colour = green * rng.uniform(0.95, 1.25) + np.array([0.03, 0.02, 0.0]) * rng.uniform(0, 1.5)
    for _ in range(blades):
        start = at(*rng.normal(0, 0.05 * size + 0.004, 2))
        length = size * rng.uniform(0.4, 1.15)
        rise = rng.uniform(0.35, 1.35)
        line = arc(start, rng.uniform(0, 6.3), rise, length, lean + rng.uniform(0.2, 1.3), 14, rng.normal(0, 0.3))
        run = np.linspace(0, 1, 15)
        width = rng.uniform(0.0017, 0.0032) * (1 - run**2) * (0.7 + size * 2) + 0.0004
        own, tip = mixed(rng, colour, 0.1), 0.25 if rng.random() < 0.15 else 0.0
        plant.add(*blade(rng, line, width, own, rib=0.2, tip=tip, across=2), gloss=0.15, through=0.5)
    return plant


def creeper(rng: Random, size: float, green: Array) -> Things:
    """Stems that creep from one root, with small leaves in pairs, some with a pale flower; `size` is its radius."""
    plant = Things()
    fleshy = rng.random() < 0.45
    stem = np.array([0.5, 0.25, 0.16]) if fleshy else green * 0.95 + 0.05
    leaf = green * rng.uniform(0.85, 1.05) + (np.array([0.0, 0.02, 0.03]) if fleshy else 0)
    turns = rng.uniform(0, 6.3) + np.arange(int(rng.integers(4, 7))) * rng.uniform(1.0, 1.5)
    for turn in turns:
        steps = 22
        way = turn + np.cumsum(rng.normal(0, 0.16, steps))
        length = size * rng.uniform(0.6, 1.15)
        points = np.cumsum(np.stack([np.cos(way), np.sin(way)], -1) * (length / steps), axis=0)
        lift = 0.006 + 0.008 * np.abs(np.sin(np.linspace(0, 7, steps) + rng.uniform(0, 6)))
        line = np.concatenate([at(0, 0, 0.006)[None], np.column_stack([points, lift])])
        plant.add(tube(line, np.linspace(0.0024, 0.0012, steps + 1), 5), mixed(rng, stem, 0.08))
        for knot in range(2, steps, 2 if fleshy else 3):
            for side in (-1, 1):
                if rng.random() < 0.12:
                    continue
                small = (0.016 if fleshy else 0.026) * rng.uniform(0.7, 1.2) * (1.15 - 0.5 * knot / steps)
                _oval(
                    rng,
                    plant,
                    line[knot],
                    way[knot - 1] + side * rng.uniform(0.8, 1.4),
                    small,
                    mixed(rng, leaf, 0.08),
                    fleshy=fleshy,
                )
        if not fleshy and rng.random() < 0.3:
            _flower(rng, plant, line[-4], rng.uniform(0.008, 0.013))
    return plant


def _oval(rng: Random, plant: Things, start: Array, turn: float, reach: float, colour: Array, *, fleshy: bool) -> None:
    line = arc(start, turn, rng.uniform(0.1, 0.6), reach * 1.5, rng.uniform(0.3, 0.8), 10)
    _leaf(
        rng,
        plant,
        line,
        reach * rng.uniform(0.38, 0.5),
        colour,
        peak=0.62 if fleshy else 0.42,
        gloss=0.3 if fleshy else 0.06,
    )


def _flower(rng: Random, plant: Things, place: Array, reach: float) -> None:
    white = mixed(rng, np.array([0.85, 0.8, 0.85]), 0.05)
    outline = np.full(25, reach) * (1 + 0.12 * np.cos(np.linspace(-np.pi, np.pi, 25) * 5))
    sheet = fan(place + at(0, 0, 0.02), 0.0, 0.1, outline, 3, cup=0.3)
    paint = np.broadcast_to(white, (3, 24, 3)).copy()
    paint[0] = np.array([0.75, 0.65, 0.2])
    plant.add(sheet, paint, through=0.6)


def upright(rng: Random, size: float, green: Array) -> Things:
    """A stem with oval leaves all around, as amaranth; `size` is its height and about its width."""
    plant = Things()
    red = rng.random() < 0.4
    stem = arc(at(0, 0), rng.uniform(0, 6.3), 1.45, size, 0.25, 12)
    plant.add(
        tube(stem, np.linspace(0.0035, 0.0015, 13), 6), mixed(rng, np.array([0.5, 0.2, 0.18]) if red else green, 0.08)
    )
    turn, leaves = rng.uniform(0, 6.3), int(rng.integers(11, 20))
    colour = green * rng.uniform(0.85, 1.15) + (np.array([0.05, -0.02, 0.02]) if red else 0)
    peak = rng.uniform(0.34, 0.5)
    for leaf in range(leaves):
        share = (leaf + 0.5) / leaves
        turn += 2.4 + rng.normal(0, 0.2)
        reach = size * (0.52 - 0.36 * share) * rng.uniform(0.8, 1.15) + 0.008
        place = stem[min(12, 1 + round(11 * share))]
        joint = stalk(plant, rng, place, turn, 0.5, reach * 0.5, np.array([0.5, 0.25, 0.2]) if red else green)
        line = arc(joint, turn, 0.25 + 0.5 * share, reach, rng.uniform(0.5, 1.0), 14, rng.normal(0, 0.15))
        _leaf(
            rng, plant, line, reach * rng.uniform(0.26, 0.36), mixed(rng, colour * (0.9 + 0.3 * share), 0.07), peak=peak
        )
    return plant


def seedlings(rng: Random, size: float, green: Array) -> Things:
    """Very many very small plants close together; `size` is the radius of the patch."""
    plant = Things()
    colour = green * rng.uniform(1.0, 1.25)
    for _ in range(int(np.clip(size * size * 7000, 26, 110))):
        away, around = size * np.sqrt(rng.random()), rng.uniform(0, 6.3)
        place = at(away * np.cos(around), away * np.sin(around), rng.uniform(0.004, 0.018))
        turn, reach = rng.uniform(0, 6.3), rng.uniform(0.007, 0.014)
        own = mixed(rng, colour, 0.09)
        for leaf in range(int(rng.integers(2, 5))):
            line = arc(
                place, turn + leaf * (np.pi if leaf < 2 else 1.57), 0.45, reach * (1 if leaf < 2 else 0.8), 0.5, 5
            )
            run = np.linspace(0, 1, 6)
            plant.add(
                ribbon(line, reach * 0.27 * np.sin(np.pi * np.clip(run, 0.03, 0.97) ** 0.8), across=2, fold=0.1),
                own,
                gloss=0.05,
                through=0.4,
            )
    return plant


WEEDS: dict[str, tuple[Callable[[Random, float, Array], Things], tuple[float, float]]] = {
    "rosette": (rosette, (0.055, 0.12)),
    "grass": (grass, (0.10, 0.24)),
    "creeper": (creeper, (0.09, 0.2)),
    "upright": (upright, (0.07, 0.2)),
    "seedlings": (seedlings, (0.06, 0.11)),
}
"""What there is of weeds, each with the sizes it has."""
