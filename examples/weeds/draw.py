"""Draws the batch of weeds anew: `python examples/weeds/draw.py` writes pictures/, masks/, items.csv and truth.csv.

A cell is marked where weeds cover 1.5 % of it (288 of its 19,200 pixels) as they are seen, before or between the crop.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from crops import CROPS, GREEN
from drawing.camera import Camera
from drawing.cells import Mask, Rule, counts, named
from drawing.files import Drawn, write
from drawing.mesh import Things
from drawing.noise import Array, Random
from drawing.photo import Look, finished, on_ground, saved
from field import SOILS, Rows, Soil, daylight, litter, soil_seen
from fieldwords import explained, named_field
from plants import WEEDS

SEED = 2024
RULE = Rule(least=288, tip=80, clear=500)

TASKS, PRACTICE = 40, 3
GOLDS = frozenset({1, 3, 5, 7, 8, 10, 12, 14, 16, 18, 20, 21, 23, 26, 28, 30, 32, 35, 37, 39})
EMPTY = frozenset({5, 9, 14, 19, 24, 28, 33, 42})
"""Fields without weeds."""
AGAIN: dict[int, int] = {4: 1, 27: 1, 42: 7}
"""Pictures that came out poor at first, and the try that is kept."""


@dataclass(frozen=True)
class Weed:
    """One that stands in a field."""

    kind: str
    things: Things


@dataclass(frozen=True)
class Scene:
    """What a picture is to show."""

    crop: str
    size: float
    soil: Soil
    light: str
    camera: Camera
    rows: Rows
    weeds: int
    kinds: Sequence[str]
    look: Look


def scene(rng: Random, number: int) -> Scene:
    """What the picture of that number shows."""
    crop = ("maize", "cotton")[number % 2] if number % 7 else ("maize", "cotton")[rng.integers(2)]
    slant = rng.random() < 0.45
    down, height = (
        (rng.uniform(50, 64), rng.uniform(1.15, 1.5)) if slant else (rng.uniform(72, 90), rng.uniform(1.35, 1.75))
    )
    camera = Camera(height, down, roll=rng.normal(0, 3.5))
    soil = Soil(
        list(SOILS)[(number * 2 + number // 5) % 5], rng.uniform(0.05, 1), rng.uniform(0, 1), rng.uniform(0.1, 1.2)
    )
    light = ("sun", "cloud", "sun", "low")[(number + number // 4) % 4]
    apart = rng.uniform(0.58, 0.72) if crop == "maize" else rng.uniform(0.5, 0.68)
    turn = rng.choice([0.0, np.pi / 2, rng.uniform(0.4, 1.2), rng.uniform(1.9, 2.7)]) + rng.normal(0, 0.08)
    rows = Rows(apart, turn, rng.uniform(-0.5, 0.5) * apart, camera.on_ground(0.5, 0.5), rng.choice([0.0, 0.02, 0.05]))
    few, many = ((1, 2), (3, 5), (2, 4), (6, 11))[number // 2 % 4]
    kinds = rng.choice(list(WEEDS), size=1 + number % 3, replace=False).tolist()
    sharp = rng.random()
    look = Look(
        exposure=float(np.clip(rng.normal(1.2, 0.16), 0.85, 1.6)), contrast=rng.uniform(0.9, 1.08),
        warmth=rng.normal(0, 0.035), blur=0.45 if sharp < 0.7 else rng.uniform(0.7, 1.1),
        motion=rng.uniform(2, 3.2) if sharp > 0.88 else 0, noise=rng.uniform(0.002, 0.007),
        vignette=rng.uniform(0.05, 0.35),
    )  # fmt: skip
    weeds = 0 if number in EMPTY else int(rng.integers(few, many + 1))
    size = rng.uniform(0.5 if crop == "maize" else 0.35, 1.0)
    return Scene(crop, size, soil, light, camera, rows, weeds, kinds, look)


def crops(rng: Random, shown: Scene, green: Array) -> Things:
    """The crop, in rows; what is far off the picture is left out."""
    things = Things()
    for x, y in shown.rows.places(rng, rng.uniform(0.2, 0.3), 3.2):
        place, depth = shown.camera.seen(np.array([x, y, 0.0]))
        across, along = place / (shown.camera.width, shown.camera.tall)
        if depth > 0.1 and -0.3 < across < 1.3 and -0.25 < along < 1.45:
            size = shown.size * rng.uniform(0.8, 1.12) * (0.6 if rng.random() < 0.06 else 1)
            things.take(CROPS[shown.crop](rng, size, green).moved(x, y))
    return things


def sown(rng: Random, shown: Scene, crop: Things, green: Array) -> list[Weed]:
    """Weeds where no cell holds so little of them that people would argue."""
    weeds: list[Weed] = []
    for _ in range(shown.weeds * 8):
        if len(weeds) == shown.weeds:
            break
        kind = str(rng.choice(list(shown.kinds)))
        draw, (small, large) = WEEDS[kind]
        tint = np.array([rng.uniform(0.85, 1.2), 1.0, rng.uniform(0.8, 1.25)]) * rng.uniform(0.85, 1.12)
        plant = draw(rng, small + (large - small) * rng.random() ** 1.4, green * tint)
        for _ in range(10):
            x, y = shown.camera.on_ground(*rng.uniform(0.06, 0.94, 2))
            if abs(shown.rows.off(np.array(x), np.array(y))) < (0.02 if rng.random() < 0.25 else 0.13):
                continue
            there = plant.moved(x, y)
            mask = _alone(there, shown.camera)
            if RULE.plain(mask) and RULE.marked(mask):
                weeds.append(Weed(kind, there))
                break
    return _agreed(weeds, crop, shown.camera)


def _alone(things: Things, camera: Camera) -> Mask:
    one = Things()
    one.take(things, of=1)
    return one.marks(camera) > 0


def all_of(weeds: Sequence[Weed], crop: Things) -> Things:
    """Crop and weeds, these numbered from 1."""
    things = Things()
    things.take(crop)
    for number, weed in enumerate(weeds, 1):
        things.take(weed.things, of=number)
    return things


def _agreed(weeds: list[Weed], crop: Things, camera: Camera) -> list[Weed]:
    """Weeds but for those that the crop hides, and those that make a cell doubtful with the crop before them."""
    whole = [int(_alone(weed.things, camera).sum()) for weed in weeds]
    while weeds:
        marks = all_of(weeds, crop).marks(camera)
        each = [marks == number for number in range(1, len(weeds) + 1)]
        out = {at for at, mask in enumerate(each) if mask.sum() < 0.6 * whole[at]}
        for cell in RULE.doubtful(marks > 0)[:1]:
            out.add(int(np.argmax([counts(mask)[cell] for mask in each])))
        if not out:
            break
        weeds = [weed for at, weed in enumerate(weeds) if at not in out]
        whole = [count for at, count in enumerate(whole) if at not in out]
    return weeds


def draw(number: int) -> Drawn:
    """The picture of that number, from 1."""
    for attempt in range(AGAIN.get(number, 0), 99):
        rng = np.random.default_rng([SEED, number, attempt])
        shown = scene(rng, number)
        green = GREEN * rng.uniform(0.8, 1.12) * np.array([rng.uniform(0.85, 1.2), 1.0, rng.uniform(0.8, 1.3)])
        crop = crops(rng, shown, green)
        weeds = sown(rng, shown, crop, green)
        fine = shown.camera.scaled(2)
        things = all_of(weeds, crop)
        marks = things.marks(fine)[::2, ::2]
        if bool(weeds) == bool(shown.weeds) and RULE.plain(marks > 0):
            break
    else:
        raise RuntimeError(f"no picture {number} without doubtful cells")
    light = daylight(rng, shown.light)
    sky, sun = soil_seen(rng, shown.soil, shown.rows, fine, light)
    things.take(litter(rng, shown.soil, shown.rows.middle, 1.6))
    image = finished(on_ground(sky, sun, things, fine, light), shown.look, rng)
    where = _where(weeds, marks)
    practice = number > TASKS
    return Drawn(
        key=f"weeds-p{number - TASKS}" if practice else f"weeds-{number:02}", text=named_field(number, shown.crop),
        jpeg=saved(image), mask=marks > 0, gold=number in GOLDS, practice=practice, why=explained(shown.crop, where),
    )  # fmt: skip


def _where(weeds: Sequence[Weed], marks: NDArray[np.int64]) -> dict[str, list[str]]:
    """The cells of each kind of weed: those that it marks by itself, and those of which it has the most."""
    kinds = sorted({weed.kind for weed in weeds})
    of = {kind: counts(np.isin(marks, [at for at, weed in enumerate(weeds, 1) if weed.kind == kind])) for kind in kinds}
    every = counts(marks > 0)
    found = {
        kind: [
            named(cell) for cell, count in enumerate(of[kind])
            if every[cell] >= RULE.least and (count >= RULE.least or count == max(of[each][cell] for each in kinds))
        ]
        for kind in kinds
    }  # fmt: skip
    return {kind: cells for kind, cells in found.items() if cells}


if __name__ == "__main__":
    write(Path(__file__).parent, draw, range(1, TASKS + PRACTICE + 1), RULE)
