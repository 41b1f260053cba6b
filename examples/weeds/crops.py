"""Young maize and cotton. Each is drawn about the origin, in metres."""

from collections.abc import Callable

import numpy as np
from drawing.mesh import Things
from drawing.noise import Array, Random
from drawing.shapes import across_of, arc, fan, mixed, ribbon, tube

GREEN = np.array([0.25, 0.47, 0.13])


STRAW = np.array([0.72, 0.62, 0.42])


def at(x: float, y: float, z: float = 0.0) -> Array:
    """A point."""
    return np.array([x, y, z])


def blade(
    rng: Random, line: Array, width: Array, colour: Array, *, rib: float, tip: float, across: int = 8
) -> tuple[Array, Array]:
    """A grass leaf and its colours: a pale `rib`, faint lines along it, a yellow `tip`."""
    wave = 0.25 * width * np.sin(np.linspace(0, rng.uniform(6, 16), len(line)) + rng.uniform(0, 6))
    sheet = ribbon(line, width, across=across, fold=rng.uniform(0.15, 0.5), wave=wave)
    along, aside = across_of(len(line) - 1, across)
    lines = 1 + rng.normal(0, 0.05, (1, across))
    paint = colour * lines[..., None]
    paint = (
        paint + np.exp(-((aside / 0.2) ** 2))[..., None] * rib * np.array([0.32, 0.26, 0.2]) * (1 - along)[..., None]
    )
    dry = np.clip((along - 1 + tip) / max(tip, 1e-6), 0, 1)[..., None] * (tip > 0)
    return sheet, paint * (1 - dry) + STRAW * dry


def stalk(plant: Things, rng: Random, start: Array, turn: float, rise: float, length: float, colour: Array) -> Array:
    """Add the stalk of a leaf; where it ends."""
    line = arc(start, turn, rise, length, 0.3, 5)
    plant.add(ribbon(line, np.full(6, 0.0013), across=2), mixed(rng, colour, 0.08), through=0.3)
    return np.asarray(line[-1])


def maize(rng: Random, size: float, green: Array) -> Things:
    """`size` about 0.5 (three leaves) to 1.3 (eight)."""
    plant = Things()
    leaves = int(np.clip(round(2.5 + 4.2 * size + rng.normal(0, 0.4)), 3, 9))
    tall = 0.05 + 0.13 * size
    plane = rng.uniform(0, np.pi)
    stalk = arc(at(0, 0), plane, 1.5, tall * 0.9, 0.1, 6)
    plant.add(tube(stalk, np.linspace(0.009, 0.006, 7) * (0.5 + size), 7), mixed(rng, green * 1.15, 0.05))
    for leaf in range(leaves):
        share = (leaf + 0.5) / leaves
        newest = leaf >= leaves - 1
        length = (0.12 + 0.34 * np.sin(np.pi * (0.15 + 0.7 * share)) ** 1.2) * size * rng.uniform(0.85, 1.15)
        if leaf == 0:
            length *= 0.5
        half = (0.010 + 0.013 * np.sin(np.pi * min(1, share + 0.15) * 0.85)) * size**0.7 * rng.uniform(0.9, 1.15)
        rise = rng.uniform(0.75, 1.05) if not newest else 1.35
        bend = rng.uniform(0.9, 1.7) if not newest else rng.uniform(0.4, 0.9)
        turn = plane + leaf * np.pi + rng.normal(0, 0.28)
        line = arc(at(0, 0, tall * (0.25 + 0.7 * share)), turn, rise, length, bend, 40, rng.normal(0, 0.35))
        run = np.linspace(0, 1, 41)
        width = half * (0.55 + 0.45 * np.minimum(1, run / 0.3)) * np.sqrt(np.maximum(0, 1 - run**2.6)) + 0.0006
        tip = rng.uniform(0.03, 0.22) if leaf < 2 and rng.random() < 0.6 else 0.0
        colour = mixed(rng, green * (1.12 if newest else 0.92 + 0.1 * share), 0.06)
        plant.add(*blade(rng, line, width, colour, rib=0.55, tip=tip), gloss=0.22, through=0.45)
    return plant


def _palm(lobes: int, depth: float, points: int = 61) -> Array:
    """The reach of a leaf blade with so many lobes, all around; the stalk comes from behind."""
    angle = np.linspace(-np.pi, np.pi, points)
    if lobes <= 1:  # a heart
        reach = 0.72 + 0.28 * np.exp(-((angle / 0.55) ** 2)) - 0.42 * np.exp(-(((np.abs(angle) - np.pi) / 0.35) ** 2))
        return np.asarray(reach)
    places = np.linspace(-1, 1, lobes) * (1.0 if lobes == 3 else 1.9)
    sizes = 1 - 0.17 * np.abs(places)
    reach = np.zeros(points)
    for place, size in zip(places, sizes, strict=True):
        reach = np.maximum(reach, size * np.exp(-(np.abs((angle - place) / (0.6 - 0.2 * depth)) ** 1.8)))
    body = (1 - depth) * 0.95
    reach = np.maximum(reach, body * (1 - 0.5 * np.exp(-(((np.abs(angle) - np.pi) / 0.4) ** 2))))
    return np.asarray(reach)


def _veined(rng: Random, sheet: Array, colour: Array, veins: int) -> Array:
    """The colours of a fan: paler along its veins, darker towards the rim."""
    rows, columns = sheet.shape[0] - 1, sheet.shape[1] - 1
    angle = np.linspace(-np.pi, np.pi, columns + 1)[:-1] + np.pi / columns
    places = np.linspace(-1, 1, max(veins, 3)) * (1.9 if veins > 3 else 1.0)
    near = np.min(np.abs(angle[:, None] - places[None]), axis=1)
    share = (np.arange(rows) + 0.5) / rows
    pale = np.exp(-((near[None] * (0.3 + share[:, None]) / 0.07) ** 2)) * (1 - 0.5 * share[:, None])
    mottle = rng.normal(1, 0.04, (rows, columns))
    return np.asarray(colour * mottle[..., None] + pale[..., None] * np.array([0.12, 0.12, 0.06]))


def cotton(rng: Random, size: float, green: Array) -> Things:
    """`size` about 0.4 (seed leaves and one or two more) to 1.2 (ten lobed leaves)."""
    plant = Things()
    tall = 0.06 + 0.17 * size
    stem = arc(at(0, 0), rng.uniform(0, 6.3), 1.52, tall, 0.12, 10)
    plant.add(
        tube(stem, np.linspace(0.0045, 0.0025, 11) * (0.6 + size), 6), mixed(rng, np.array([0.42, 0.3, 0.16]), 0.1)
    )
    turn = rng.uniform(0, 2 * np.pi)
    for side in (0, np.pi):  # the seed leaves: kidneys
        if size > 0.95 and rng.random() < 0.6:
            continue
        joint = stalk(plant, rng, stem[4], turn + side, 0.35, 0.022 + 0.012 * size, np.array([0.45, 0.5, 0.25]))
        outline = (
            (0.021 + 0.008 * size)
            * _palm(1, 0)[np.r_[0:61]]
            * (1 + 0.18 * np.abs(np.sin(np.linspace(-np.pi, np.pi, 61))))
        )
        sheet = fan(joint, turn + side, 0.1, outline, 4, cup=-0.15)
        plant.add(sheet, _veined(rng, sheet, mixed(rng, green * 1.05 + 0.03, 0.05), 3), gloss=0.1, through=0.4)
    leaves = int(np.clip(round(1 + 8 * size + rng.normal(0, 0.7)), 2, 11))
    for leaf in range(leaves):
        share = (leaf + 0.5) / leaves
        turn += 2.36 + rng.normal(0, 0.15)
        young = share > 0.75 and leaves > 3
        reach = (0.062 if young else 0.078) * (0.55 + 0.45 * size) * (0.55 if young else 1) * rng.uniform(0.85, 1.15)
        lobes = 1 if leaf < 2 else (3 if leaf < 5 else 5)
        rise = 0.5 + 0.55 * share
        length = (0.075 + 0.05 * size) * (1.1 - 0.65 * share) * rng.uniform(0.85, 1.2)
        place = stem[min(10, 5 + round(5 * share))]
        joint = stalk(plant, rng, place, turn, rise, length, np.array([0.45, 0.42, 0.2]))
        outline = reach * _palm(lobes, rng.uniform(0.22, 0.4))
        tilt = rng.uniform(-0.45, 0.15) if not young else rng.uniform(0, 0.6)
        sheet = fan(joint, turn, tilt, outline, 6, cup=rng.uniform(-0.22, 0.05), ripple=rng.uniform(0, 0.04))
        colour = mixed(rng, green * (1.2 if young else 0.95), 0.07)
        plant.add(sheet, _veined(rng, sheet, colour, lobes), gloss=0.08, through=0.4)
    return plant


CROPS: dict[str, Callable[[Random, float, Array], Things]] = {"maize": maize, "cotton": cotton}
