"""What people leave behind in a forest."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from drawing.mesh import Things
from drawing.noise import Array, Random, clouds
from drawing.shapes import UP, arc, fan, mixed, ribbon, tube
from leaves import BARK, at
from prints import Print, boot
from woods import stone


@dataclass
class Trace:
    """One of them, about the origin."""

    things: Things = field(default_factory=Things)
    prints: list[Print] = field(default_factory=list)


def snare(rng: Random) -> Trace:
    """A loop of wire across a path, tied to a stake or a young tree."""
    trace = Trace()
    wire = (np.array([0.60, 0.40, 0.25]) if rng.random() < 0.25 else np.array([0.86, 0.87, 0.88])) * rng.uniform(
        0.9, 1.1
    )
    across, middle = rng.uniform(0.115, 0.15), rng.uniform(0.2, 0.25)
    turn = rng.uniform(-0.5, 0.5)
    aside = np.array([np.cos(turn), np.sin(turn), 0.0])
    angle = np.linspace(0.15, 2 * np.pi + 0.1, 60)
    loop = (across * np.sin(angle) * rng.uniform(0.8, 0.95))[:, None] * aside + (middle + across * np.cos(angle))[
        :, None
    ] * UP
    loop += np.cumsum(rng.normal(0, 0.0007, loop.shape), axis=0)
    side = rng.choice([-1, 1])
    stake = side * rng.uniform(0.26, 0.36) * aside + at(0, rng.uniform(0, 0.1))
    pole = arc(stake, rng.uniform(0, 6.3), 1.5, rng.uniform(0.8, 1.3), 0.15, 12)
    high = rng.uniform(0.42, 0.55)
    knot = np.array([np.interp(high, pole[:, 2], pole[:, 0]), np.interp(high, pole[:, 2], pole[:, 1]), high])
    run = np.linspace(0, 1, 14)[:, None]
    tail = loop[0] * (1 - run) + knot * run
    tail[:, 2] -= 0.1 * (run * (1 - run))[:, 0]
    wound = [
        knot + np.stack([0.015 * np.cos(angle), 0.015 * np.sin(angle), 0 * angle + 0.007 * each - 0.007], -1)
        for each in range(3)
    ]
    for line in (loop, tail, *wound):
        bright = wire * (
            1 + 0.13 * np.sign(rng.normal(0, 1, (len(line) - 1, 1, 1))) * (rng.random((len(line) - 1, 6, 1)) < 0.5)
        )
        trace.things.add(tube(line, np.full(len(line), rng.uniform(0.0022, 0.0028)), 6), bright, 1, gloss=0.9)
    trace.things.add(
        tube(pole, np.linspace(0.014, 0.009, 13), 9, rng.normal(0, 0.05, (13, 10))),
        mixed(rng, BARK[rng.integers(4)], 0.1),
    )
    for peg in (-1, 1):  # twigs that keep the loop open
        twig = arc(peg * (across * 0.95) * aside, rng.uniform(0, 6.3), 1.45, rng.uniform(0.14, 0.24), 0.1, 4)
        trace.things.add(tube(twig, np.full(5, 0.004), 6), mixed(rng, BARK[1], 0.12))
    return trace


def jerrycan(rng: Random) -> Trace:
    """One of plastic, standing or lying, dirty."""
    trace = Trace()
    large = rng.random() < 0.45
    deep, wide, tall = (0.095, 0.13, 0.34) if large else (0.07, 0.10, 0.24)
    colour = np.array([[0.80, 0.62, 0.10], [0.16, 0.30, 0.55], [0.72, 0.70, 0.62], [0.26, 0.33, 0.20]])[
        rng.choice(4, p=[0.45, 0.25, 0.15, 0.15])
    ]
    around = np.linspace(0, 2 * np.pi, 49)
    round_off = 1 / (np.abs(np.cos(around)) ** 5 + np.abs(np.sin(around)) ** 5) ** 0.2
    high = np.array([0, 0.006, 0.02, *np.linspace(0.05, 0.8, 32), 0.84, 0.87, 0.885, 0.89])
    shrink = np.array([0.8, 0.92, 1, *np.ones(32), 0.93, 0.82, 0.66, 0.0])
    grooves = np.where((np.arange(39) % 8 == 6) & (np.arange(39) < 34), 0.975, 1.0)
    reach = (shrink * grooves)[:, None] * round_off
    rise = np.broadcast_to(high[:, None] * tall, reach.shape)
    body = np.stack([reach * wide * np.cos(around), reach * deep * np.sin(around), rise], -1)
    mud = clouds(rng, 64, 1.7)[:38, :48] * 0.35 + 0.25 - np.linspace(-0.35, 0.9, 38)[:, None]
    dirt = np.clip(mud, 0, 0.85)[..., None]
    worn = 1 + 0.03 * clouds(rng, 64, 1.2)[:38, :48]
    paint = colour * worn[..., None] * (1 - dirt) + np.array([0.32, 0.24, 0.16]) * dirt
    handle = np.stack(
        [
            np.linspace(-0.6, 0.45, 12) * wide,
            np.zeros(12),
            tall * (0.88 + 0.12 * np.sin(np.linspace(0, np.pi, 12)) ** 0.5),
        ],
        -1,
    )
    cap = np.array([[0.68 * wide, 0, tall * z] for z in (0.86, 0.9, 0.96, 0.99, 0.992)])
    parts = [(body, paint), (tube(handle, np.full(12, 0.011), 8), colour * 0.95)]
    lid = np.array([[0.10, 0.10, 0.11], [0.55, 0.12, 0.1]])[rng.integers(2)]
    parts.append((tube(cap, np.array([0.019, 0.019, 0.022, 0.022, 0.001]), 12), lid))
    turn = rng.uniform(0, 6.3)
    lean = rng.choice([rng.normal(0, 0.08), np.pi / 2 + rng.normal(0, 0.1)], p=[0.55, 0.45])
    for sheet, tone in parts:
        moved = _tilted(sheet, lean, turn, deep if lean > 1 else 0.0)
        moved[..., 2] -= 0.015
        trace.things.add(moved, tone, 1, gloss=0.35)
    return trace


def _tilted(sheet: Array, lean: float, turn: float, lift: float) -> Array:
    x, y, z = sheet[..., 0], sheet[..., 1], sheet[..., 2]
    y, z = y * np.cos(lean) - z * np.sin(lean), y * np.sin(lean) + z * np.cos(lean) + lift
    return np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn), z], -1)


def boots(rng: Random) -> Trace:
    """A line of prints: left, right, left."""
    trace, tread = Trace(), int(rng.integers(3))
    turn, step = rng.uniform(0, 6.3), rng.uniform(0.36, 0.46)
    count = int(rng.integers(3, 6))
    for each in range(count):
        along, left = (each - (count - 1) / 2) * step, 1 if each % 2 else -1
        aside = left * 0.085 + rng.normal(0, 0.012)
        x, y = along * np.cos(turn) - aside * np.sin(turn), along * np.sin(turn) + aside * np.cos(turn)
        trace.prints.append(boot(x, y, turn + left * 0.12 + rng.normal(0, 0.06), left, tread))
    return trace


def stump(rng: Random) -> Trace:
    """Saplings cut with a bush knife: a slanting, pale face; some with the pole beside."""
    trace = Trace()
    for each in range(int(rng.integers(1, 4))):
        radius, tall = rng.uniform(0.014, 0.024), rng.uniform(0.14, 0.38)
        place = at(0, 0) if each == 0 else at(*rng.uniform(-0.28, 0.28, 2))
        bark = mixed(rng, BARK[rng.integers(4)], 0.1)
        around, slant, toward = np.linspace(0, 2 * np.pi, 15), rng.uniform(0.8, 1.4), -np.pi / 2 + rng.normal(0, 0.5)
        ring = radius * np.stack([np.cos(around), np.sin(around)], -1)
        top = tall - slant * (ring @ np.array([np.cos(toward), np.sin(toward)]))
        levels = np.linspace(-0.02, 1, 10)[:, None]
        wall = (
            np.stack([np.broadcast_to(ring[:, 0], (10, 15)), np.broadcast_to(ring[:, 1], (10, 15)), levels * top], -1)
            + place
        )
        trace.things.add(wall, bark * (1 + rng.normal(0, 0.07, (9, 14, 1))), 1)
        rings = np.linspace(1, 0.02, 5)
        flat = (
            np.stack(
                [rings[:, None] * ring[:, 0], rings[:, None] * ring[:, 1], tall + rings[:, None] * (top - tall)], -1
            )
            + place
        )
        wood = np.array([0.86, 0.72, 0.47]) * rng.uniform(0.9, 1.08)
        trace.things.add(
            flat, np.stack([bark * 0.8, wood, wood * 1.03, wood * 0.95])[:, None] * np.ones((4, 14, 1)), 1, gloss=0.05
        )
    if rng.random() < 0.55:
        _pole(rng, trace.things)
    for _ in range(int(rng.integers(4, 12))):
        chip = arc(
            at(*rng.normal(0, 0.1, 2)) + at(0, 0, 0.008), rng.uniform(0, 6.3), 0.1, rng.uniform(0.02, 0.05), 0.2, 3
        )
        trace.things.add(
            ribbon(chip, np.array([0.003, 0.008, 0.008, 0.002]), across=2),
            mixed(rng, np.array([0.84, 0.7, 0.46]), 0.08),
            1,
        )
    return trace


def _pole(rng: Random, things: Things) -> None:
    turn, radius = rng.uniform(0, 6.3), rng.uniform(0.012, 0.018)
    line = arc(
        at(*rng.uniform(-0.1, 0.1, 2)) + at(0, 0, radius),
        turn,
        0.05,
        rng.uniform(0.5, 0.8),
        0.1,
        14,
        rng.normal(0, 0.1),
    )
    things.add(tube(line, np.linspace(radius, radius * 0.8, 15), 9), mixed(rng, BARK[1], 0.1), 1)
    for end in (0, 14):
        away = line[end] - line[1 if end == 0 else 13]
        outline = np.full(13, radius * 1.02)
        face = fan(line[end] + 0.003 * away / np.linalg.norm(away), turn + (np.pi if end == 0 else 0), 1.2, outline, 2)
        things.add(face, np.array([0.86, 0.73, 0.48]), 1)


def campfire(rng: Random) -> Trace:
    """Ash and charcoal, burnt sticks, and some stones around."""
    trace = Trace()
    reach = rng.uniform(0.17, 0.25)
    field_ = clouds(rng, 128, 1.5)
    speck = clouds(rng, 128, 0.7, coarsest=10)

    def looked(source: Array, u: Array, v: Array) -> Array:
        return np.asarray(
            source[np.floor(v / reach * 40).astype(int) % 128, np.floor(u / reach * 40).astype(int) % 128]
        )

    def inside(u: Array, v: Array) -> Array:
        away = np.hypot(u, v) / reach + 0.1 * looked(field_, u, v)
        return np.asarray(np.clip((1.02 - away) / 0.12, 0, 1))

    def tone(u: Array, v: Array) -> Array:
        grey = np.clip(
            0.62 - 0.75 * np.hypot(u, v) / reach + 0.16 * looked(field_, u, v) + 0.1 * looked(speck, u, v), 0.045, 0.8
        )
        return np.asarray(grey[..., None] * np.array([1.0, 0.97, 0.93]))

    hearth = Print(0, 0, 0, lambda u, v: 0.004 * looked(speck, u, v) * inside(u, v), reach * 1.3, inside, tone)
    trace.prints.append(hearth)
    for _ in range(int(rng.integers(14, 26))):
        line = arc(
            at(*rng.normal(0, reach * 0.42, 2)) + at(0, 0, 0.008),
            rng.uniform(0, 6.3),
            0.1,
            rng.uniform(0.015, 0.05),
            0.1,
            3,
        )
        trace.things.add(
            tube(line, rng.uniform(0.006, 0.013) * np.array([0.3, 1, 0.9, 0.2]), 6),
            np.full(3, rng.uniform(0.035, 0.09)),
            1,
            gloss=0.15,
        )
    for turn in rng.uniform(0, 6.3) + np.arange(int(rng.integers(3, 6))) * rng.uniform(1.1, 1.6):
        length, radius = rng.uniform(0.2, 0.42), rng.uniform(0.01, 0.018)
        line = arc(at(0.05 * np.cos(turn), 0.05 * np.sin(turn), 0.02), turn, 0.08, length, 0.12, 16)
        burnt = np.clip(1.25 - np.linspace(0, 1, 16) * 3.2 + rng.normal(0, 0.15, 16), 0, 1)[:, None, None]
        wood = mixed(rng, BARK[1] * 1.05, 0.1)
        trace.things.add(
            tube(line, np.linspace(radius * 0.6, radius, 17), 8),
            np.broadcast_to(wood * (1 - burnt) + 0.045 * burnt, (16, 8, 3)),
            1,
        )
    ring = int(rng.integers(0, 8))
    for each in range(ring if ring > 3 else 0):
        turn = each * 2 * np.pi / ring + rng.normal(0, 0.15)
        away = reach * rng.uniform(1.05, 1.25)
        sooty = stone(rng, rng.uniform(0.05, 0.085), np.array([0.36, 0.34, 0.32]) * rng.uniform(0.7, 1.2))
        trace.things.take(sooty.moved(away * np.cos(turn), away * np.sin(turn)), of=1)
    return trace


TRACES: dict[str, Callable[[Random], Trace]] = {
    "snare": snare, "jerrycan": jerrycan, "boots": boots, "stump": stump, "campfire": campfire,
}  # fmt: skip
"""All sorts of traces."""
