"""Trees, roots, vines and what lies on the ground of a forest. Each is drawn about the origin, in metres."""

import numpy as np
from drawing.mesh import Things
from drawing.noise import Array, Random, clouds
from drawing.shapes import arc, mixed, ribbon, tube
from forest import DEAD
from leaves import BARK, LEAF, at, blade


def trunk(rng: Random, radius: float, tall: float = 2.4) -> Things:
    """A tree as far up as is seen, with its bark, and roots that run off from it."""
    things = Things()
    steps, around = 130, 72
    run = np.linspace(0, 1, steps + 1)
    line = np.stack(
        [0.03 * tall * rng.normal() * run**1.5, 0.03 * tall * rng.normal() * run**1.5, run * tall - 0.05], -1
    )
    grain = clouds(rng, 128, 1.15, coarsest=5)
    rows, columns = (run * 44).astype(int) % 128, (np.linspace(0, 127.9, around + 1)).astype(int)
    rough = 0.035 * grain[np.ix_(rows, columns)]
    rough[:, -1] = rough[:, 0]
    flare = 1 + 0.8 * np.exp(-run * tall / (1.6 * radius + 0.05))
    bark = mixed(rng, BARK[rng.integers(len(BARK))], 0.1)
    tone = 1 + 0.16 * grain[np.ix_(rows[:-1], columns[:-1])] + rng.normal(0, 0.05, (steps, around))
    moss = np.clip(
        clouds(rng, 128, 1.6)[np.ix_(rows[:-1], columns[:-1])] - 0.9 + 0.8 * np.exp(-run[:-1] * 9)[:, None], 0, 1
    )
    paint = bark * tone[..., None] * (1 - moss[..., None]) + np.array([0.22, 0.30, 0.12]) * moss[..., None]
    things.add(tube(line, radius * flare, around, rough), paint)
    for turn in rng.uniform(0, 6.3) + np.arange(int(rng.integers(2, 5))) * 1.7:
        things.take(root(rng, radius * rng.uniform(0.2, 0.35), radius * rng.uniform(4, 9), turn, bark, radius))
    return things


def root(rng: Random, radius: float, length: float, turn: float, bark: Array, start: float = 0.0) -> Things:
    """A root that winds along the ground, half sunk."""
    things, steps = Things(), 26
    way = turn + np.cumsum(rng.normal(0, 0.16, steps))
    points = np.cumsum(np.stack([np.cos(way), np.sin(way)], -1) * length / steps, axis=0) + start * np.array(
        [np.cos(turn), np.sin(turn)]
    )
    thick = radius * np.linspace(1, 0.25, steps)
    level = thick * 0.3 + 0.3 * radius * np.sin(np.linspace(0, rng.uniform(4, 11), steps) + rng.uniform(0, 6))
    rough = rng.normal(0, 0.06, (steps, 11))
    rough[:, -1] = rough[:, 0]
    things.add(
        tube(np.column_stack([points, level]), thick, 10, rough),
        mixed(rng, bark * 1.05, 0.06) * (1 + rng.normal(0, 0.08, (steps - 1, 10, 1))),
    )
    return things


def dead_leaf(rng: Random, season: Array) -> Things:
    """One that lies on top."""
    things = Things()
    length = rng.uniform(0.035, 0.095)
    line = arc(
        at(0, 0, rng.uniform(0.004, 0.016)),
        rng.uniform(0, 6.3),
        rng.uniform(-0.1, 0.5),
        length,
        rng.uniform(0, 1.0),
        7,
        rng.normal(0, 0.3),
    )
    width = rng.uniform(0.2, 0.34) * length * np.sin(np.pi * np.linspace(0.03, 0.97, 8) ** 0.9)
    colour = DEAD[rng.integers(len(DEAD))] * season if rng.random() < 0.96 else LEAF * 1.3
    things.add(
        ribbon(line, width, across=4, fold=rng.uniform(-0.3, 0.6)), mixed(rng, colour, 0.14), gloss=0.05, through=0.3
    )
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
    up, around = np.linspace(-0.5, np.pi / 2, 31), np.linspace(0, 2 * np.pi, 49)
    shape = 1 + 0.09 * np.sin(around * 2 + rng.uniform(0, 6)) + 0.05 * np.sin(around * 3 + rng.uniform(0, 6))
    out = np.cos(up)[:, None] * shape[None] * radius
    squat = rng.uniform(0.6, 0.85)
    sheet = np.stack(
        [
            out * np.cos(around),
            out * np.sin(around) * rng.uniform(0.75, 1),
            np.sin(up)[:, None] * radius * squat + 0 * out + radius * 0.25,
        ],
        -1,
    )
    grain = clouds(rng, 64, 1.2)[:30, :48]
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
    things.add(
        tube(line, np.full(steps, radius), 7, rng.normal(0, 0.12, (steps, 8))),
        mixed(rng, np.array([0.34, 0.26, 0.16]), 0.1),
    )
    for knot in range(2, steps - 1, 4):
        if rng.random() < 0.65:
            blade(
                rng,
                things,
                line[knot],
                rng.uniform(0, 6.3),
                rng.uniform(0.05, 0.1),
                mixed(rng, LEAF * 1.1, 0.1),
                wide=0.3,
                rise=-0.3,
            )
    return things
