"""Draws the batch of traces of poachers anew: `python examples/poachers/draw.py` writes pictures/, masks/, items.csv and
truth.csv.

A cell is marked where traces cover 150 of its 19,200 pixels as they are seen, before or behind what grows there. Wire is
thin and is seen from farther: it counts two pixels wider on each side than it is drawn.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path as File

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

sys.path[:0] = [str(File(__file__).parent), str(File(__file__).parent.parent)]

import forest
from drawing.camera import Camera, Light
from drawing.cells import Rule, counts, named
from drawing.files import Drawn, Mask, write
from drawing.mesh import Things
from drawing.noise import Array, Random
from drawing.photo import Look, finished, on_ground, saved
from floor import Path, seen
from traces import TRACES, Print, Trace, tracks
from words import explained, named_picture

SEED = 2025
RULE = Rule(least=150, tip=45, clear=280)

TASKS, PRACTICE = 40, 3
GOLDS = frozenset({1, 3, 4, 6, 9, 11, 13, 14, 16, 18, 20, 22, 23, 25, 28, 30, 33, 35, 36, 39})
EMPTY = frozenset({4, 8, 13, 17, 22, 27, 30, 38, 42})
"""Pictures without traces."""
AGAIN: dict[int, int] = {}
"""Pictures that came out poor at first, and the try that is kept."""

DECOY = 50
"""Decoys have this number and higher ones."""
FARTHEST = {"snare": 1.95, "jerrycan": 4.2, "boots": 2.4, "stump": 2.9, "campfire": 4.0}
"""Metres at which each is still told by a person who looks well."""


@dataclass(frozen=True)
class Scene:
    """What a picture is to show."""

    trap: bool
    """Taken by a camera trap, low and level; else by a ranger's phone, from above."""
    night: bool
    camera: Camera
    kinds: Sequence[str]
    decoys: Sequence[str]
    cover: float
    """How much of a trace may be hidden."""
    look: Look

    @property
    def far(self) -> float:
        """Metres to the last thing that is drawn one by one."""
        return 9.0 if self.trap else 5.0


@dataclass(frozen=True)
class Placed:
    """A trace or a decoy where it lies."""

    kind: str
    things: Things
    prints: Sequence[Print]


def scene(rng: Random, number: int) -> Scene:
    """What the picture of that number shows."""
    trap = number % 5 in {0, 2, 3}
    night = trap and number % 2 == 1
    if trap:
        camera = Camera(rng.uniform(0.75, 1.05), rng.uniform(17, 26), roll=rng.normal(0, 2))
    else:
        camera = Camera(rng.uniform(1.35, 1.65), rng.uniform(38, 60), roll=rng.normal(0, 4))
    every = list(TRACES)
    kinds = [] if number in EMPTY else [every[(number + number // 5) % 5]]
    if kinds and rng.random() < 0.25:
        kinds.append(str(rng.choice([each for each in every if each not in kinds])))
    decoys = rng.choice(["roots", "vine", "stones", "tracks", "branch"], size=int(rng.integers(1, 4)), replace=False).tolist()
    look = Look(
        exposure=float(np.clip(rng.normal(1.55 if not night else 1.3, 0.14), 1.05, 1.85)), contrast=rng.uniform(0.95, 1.12),
        warmth=rng.normal(0, 0.03), blur=0.5 if rng.random() < 0.75 else rng.uniform(0.7, 1.0),
        motion=rng.uniform(2, 2.8) if not trap and rng.random() < 0.1 else 0, noise=0.012 if night else rng.uniform(0.002, 0.006),
        vignette=rng.uniform(0.1, 0.35) if not night else 0.6, smear=0.022,
    )  # fmt: skip
    return Scene(trap, night, camera, kinds, decoys, float(rng.choice([0.15, 0.35, 0.5])), look)


def draw(number: int) -> Drawn:
    """The picture of that number, from 1."""
    for attempt in range(AGAIN.get(number, 0), 199):
        rng = np.random.default_rng([SEED, number, attempt])
        shown = scene(rng, number)
        placed = _laid(rng, shown)
        if placed is None:
            continue
        path = _path(rng, shown, placed)
        things = grown(rng, shown, placed, path)
        fine = shown.camera.scaled(2)
        if not _agreed(shown, placed, _marks(things, _pressed(placed, shown.camera), shown.camera)):
            continue
        marks = _marks(things, _pressed(placed, fine), fine)[::2, ::2]
        if _agreed(shown, placed, marks):
            break
    else:
        raise RuntimeError(f"no picture {number} without doubtful cells")
    mask, where = _judged(placed, marks)
    light = forest.night(rng) if shown.night else forest.daylight(rng)
    sky, sun = seen(rng, fine, light, path, [each for one in placed for each in one.prints])
    image = finished(on_ground(sky, sun, things, fine, light, soft=2.5), shown.look, rng, grey=shown.night)
    practice = number > TASKS
    return Drawn(
        key=f"poachers-p{number - TASKS}" if practice else f"poachers-{number:02}",
        text=named_picture(number, trap=shown.trap, night=shown.night), jpeg=saved(image), mask=mask, gold=number in GOLDS,
        practice=practice, why=explained({kind: where[kind] for kind in where if kind in TRACES}, {kind: where[kind] for kind in where if kind not in TRACES}),
    )  # fmt: skip


def _number(placed: Sequence[Placed], at: int) -> int:
    return at if placed[at - 1].kind in TRACES else DECOY + at


def _laid(rng: Random, shown: Scene) -> list[Placed] | None:
    """Traces and decoys at places where they can be told; None where there was no room."""
    placed: list[Placed] = []
    taken: list[tuple[float, float]] = []
    for kind in (*shown.kinds, *shown.decoys):
        for _ in range(60):
            x, y = shown.camera.on_ground(rng.uniform(0.1, 0.9), rng.uniform(0.3 if shown.trap else 0.12, 0.92))
            far = float(np.hypot(np.hypot(x, y), shown.camera.height))
            if far > FARTHEST.get(kind, 3.5) or any(np.hypot(x - a, y - b) < 0.55 for a, b in taken):
                continue
            one = _moved(TRACES[kind](rng), x, y) if kind in TRACES else _decoy(rng, kind, x, y)
            if kind in TRACES and not _fits(one, shown.camera):
                continue
            placed.append(Placed(kind, one.things, one.prints))
            taken.append((x, y))
            break
        else:
            if kind in TRACES:
                return None
    return placed


def _moved(trace: Trace, x: float, y: float) -> Trace:
    return Trace(trace.things.moved(x, y), [replace(each, x=each.x + x, y=each.y + y) for each in trace.prints])


def _fits(one: Trace, camera: Camera) -> bool:
    """Whether it alone leaves no cell in doubt, and is mostly on the picture."""
    mask = _alone(one, camera)
    return RULE.plain(mask) and 400 < int(mask.sum())


def _alone(one: Trace, camera: Camera) -> Mask:
    marks = one.things.marks(camera, bare=-1)
    mask = marks > 0
    x, y, far = camera.ground()
    for each in one.prints:
        mask |= each.covers(x, y) & np.isfinite(far) & (marks == -1)
    return np.asarray(mask)


def _decoy(rng: Random, kind: str, x: float, y: float) -> Trace:
    """What is no trace, at that place."""
    things = Things()
    if kind == "tracks":
        return Trace(things, [replace(each, x=each.x + x, y=each.y + y) for each in tracks(rng)])
    if kind == "stones":
        tone = np.array([0.45, 0.43, 0.40]) * rng.uniform(0.7, 1.2)
        for _ in range(int(rng.integers(3, 7))):
            things.take(forest.stone(rng, rng.uniform(0.04, 0.1), tone).moved(*rng.normal(0, 0.16, 2)))
    elif kind == "roots":
        bark = forest.BARK[rng.integers(4)]
        for turn in rng.uniform(0, 6.3) + np.arange(int(rng.integers(2, 4))) * 0.7:
            things.take(forest.root(rng, rng.uniform(0.018, 0.035), rng.uniform(0.7, 1.4), turn, bark))
    elif kind == "branch":
        things.take(forest.twig(rng, rng.uniform(0.5, 0.9), rng.uniform(0.012, 0.022)))
    else:
        side, high = rng.choice([-1, 1]), rng.uniform(0.5, 1.1)
        low = forest.at(side * rng.uniform(0.3, 0.6), rng.uniform(-0.2, 0.2), rng.uniform(0.0, 0.5))
        things.take(forest.vine(rng, forest.at(0, 0, high), low, rng.uniform(0.1, 0.3), rng.uniform(0.005, 0.009)))
        things.take(forest.vine(rng, forest.at(0, 0, high), forest.at(0, 0.05, 0), 0.02, rng.uniform(0.006, 0.011)))
    one = Things()
    one.take(things.moved(x, y), of=1)
    return Trace(one)


def _path(rng: Random, shown: Scene, placed: Sequence[Placed]) -> Path:
    """Through the prints there are, or anywhere."""
    for one in placed:
        if one.prints and one.kind in {"boots", "tracks"}:
            first, last = one.prints[0], one.prints[-1]
            turn = float(np.arctan2(last.y - first.y, last.x - first.x))
            return Path((first.x + last.x) / 2, (first.y + last.y) / 2, turn, rng.uniform(0.26, 0.42))
        if one.kind == "snare":
            x, y = _centre(one)
            return Path(x, y, rng.uniform(1.1, 2.1), rng.uniform(0.2, 0.3))
    x, y = shown.camera.on_ground(rng.uniform(0.3, 0.7), 0.7)
    return Path(x, y, rng.uniform(0, np.pi), rng.uniform(0.15, 0.4) if rng.random() < 0.45 else -1)


def grown(rng: Random, shown: Scene, placed: Sequence[Placed], path: Path) -> Things:
    """Everything that stands and lies about, but for what would hide too much of a trace; with the traces, numbered."""
    things = Things()
    for at, one in enumerate(placed, 1):
        things.take(one.things.renumbered(_number(placed, at)))
    targets = [_Target(_alone(Trace(one.things, list(one.prints)), shown.camera), shown.cover) for one in placed if one.kind in TRACES]
    for make, x, y in _plan(rng, shown, placed):
        near_path = path.half > 0 and abs(float(path.off(np.array(x), np.array(y)))) < path.half
        if near_path and make is not forest.dead_leaf and rng.random() < 0.85:
            continue
        one_thing = make(rng, x, y) if make is forest.dead_leaf else make(rng, 0.0, 0.0).moved(x, y)
        if make is forest.dead_leaf and near_path and rng.random() < 0.75:
            continue
        if all(target.stays(one_thing, shown.camera) for target in targets):
            for target in targets:
                target.hide(one_thing, shown.camera)
            things.take(one_thing)
    return things


class _Target:
    """What is seen of a trace while things come before it."""

    def __init__(self, mask: Mask, cover: float) -> None:
        self._left, self._least = mask.copy(), (1 - cover) * mask.sum()
        rows, columns = np.nonzero(mask)
        self._box = (columns.min(), rows.min(), columns.max(), rows.max())

    def _hidden(self, thing: Things, camera: Camera) -> Mask | None:
        seen_at, _ = camera.seen(thing.corners)
        left, top, right, bottom = self._box
        low, high = seen_at.min(axis=(0, 1)), seen_at.max(axis=(0, 1))
        if low[0] > right or high[0] < left or low[1] > bottom or high[1] < top:
            return None
        one = Things()
        one.take(thing, of=1)
        return np.asarray(self._left & (one.marks(camera) > 0))

    def stays(self, thing: Things, camera: Camera) -> bool:
        """Whether enough is seen with that before it (or behind: that is not asked)."""
        hidden = self._hidden(thing, camera)
        return hidden is None or bool(self._left.sum() - hidden.sum() >= self._least)

    def hide(self, thing: Things, camera: Camera) -> None:
        """It is there."""
        hidden = self._hidden(thing, camera)
        if hidden is not None:
            self._left &= ~hidden


def _plan(rng: Random, shown: Scene, placed: Sequence[Placed]):  # noqa: ANN202
    """What to draw, and where: near things first."""
    spread = 0.62
    trap = shown.trap

    def somewhere(near: float, far: float) -> tuple[float, float]:
        y = near + (far - near) * rng.random() ** 0.8
        return rng.uniform(-1, 1) * (spread * y + 0.4), y

    if shown.cover > 0.3:
        for one in placed:
            if one.kind in TRACES:
                centre = _centre(one)
                for _ in range(int(rng.integers(1, 4))):
                    back = rng.uniform(0.1, 0.4)
                    make = (lambda r, x, y: forest.fern(r, 0.3), lambda r, x, y: forest.grass(r, 0.22), lambda r, x, y: forest.seedling(r, 0.16))[rng.integers(3)]
                    yield make, centre[0] * (1 - back / max(centre[1], 0.5)) + rng.normal(0, 0.12), centre[1] - back
    start = 0.9 if trap else 0.5
    for _ in range(int(rng.integers(4, 9) if trap else rng.integers(0, 3))):
        radius = rng.choice([0.04, 0.08, 0.16]) * rng.uniform(0.8, 1.4)
        yield lambda r, x, y, radius=radius: forest.trunk(r, radius), *somewhere(2.4 if trap else 1.9, shown.far + 2)
    for _ in range(int(rng.integers(3, 7))):
        size = rng.uniform(0.3, 0.6)
        yield lambda r, x, y, size=size: forest.fern(r, size), *somewhere(start + 0.6, shown.far * 0.7)
    for _ in range(int(rng.integers(3, 7)) if not trap else int(rng.integers(16, 26))):
        size = rng.uniform(0.3, 0.9)
        yield lambda r, x, y, size=size: forest.shrub(r, size), *somewhere(start + 0.9, shown.far)
    for _ in range(int(rng.integers(15, 55))):
        size = rng.uniform(0.05, 0.2)
        yield lambda r, x, y, size=size: forest.seedling(r, size), *somewhere(start, shown.far * 0.6)
    for _ in range(int(rng.integers(2, 8))):
        size = rng.uniform(0.12, 0.3)
        yield lambda r, x, y, size=size: forest.grass(r, size), *somewhere(start, shown.far * 0.7)
    for _ in range(int(rng.integers(12, 28))):
        length, radius = rng.uniform(0.1, 0.6), rng.uniform(0.003, 0.012)
        yield lambda r, x, y, length=length, radius=radius: forest.twig(r, length, radius), *somewhere(start * 0.8, shown.far * 0.5)
    for _ in range(450):
        yield forest.dead_leaf, *somewhere(start * 0.7, 4.0)


def _centre(one: Placed) -> tuple[float, float]:
    if one.prints:
        return float(np.mean([each.x for each in one.prints])), float(np.mean([each.y for each in one.prints]))
    middle = one.things.corners.mean(axis=(0, 1))
    return float(middle[0]), float(middle[1])


def _marks(things: Things, ground: NDArray[np.int64], camera: Camera) -> NDArray[np.int64]:
    """The number of what each pixel sees: a trace, a decoy, or 0."""
    marks = things.marks(camera, bare=-1)
    return np.where(marks == -1, ground, marks)


def _pressed(placed: Sequence[Placed], camera: Camera) -> NDArray[np.int64]:
    """The number of the trace or decoy whose print each pixel of the bare ground shows, or 0."""
    x, y, far = camera.ground()
    marks = np.zeros(x.shape, dtype=np.int64)
    for at, one in enumerate(placed, 1):
        for each in one.prints:
            marks[each.covers(x, y) & np.isfinite(far)] = _number(placed, at)
    return marks


def _agreed(shown: Scene, placed: Sequence[Placed], marks: NDArray[np.int64]) -> bool:
    """Whether each trace is to be seen, and no cell is doubtful."""
    mask, where = _judged(placed, marks)
    return RULE.plain(mask) and set(where) >= set(shown.kinds)


def _judged(placed: Sequence[Placed], marks: NDArray[np.int64]) -> tuple[Mask, dict[str, list[str]]]:
    """Where traces are seen, and the cells of each trace and decoy by its kind."""
    mask, where = np.zeros(marks.shape, dtype=bool), {}
    for at, one in enumerate(placed, 1):
        own = marks == _number(placed, at)
        if one.kind == "snare":
            own = np.asarray(Image.fromarray(own).convert("L").filter(ImageFilter.MaxFilter(5))) > 127
        if one.kind in TRACES:
            mask |= own
        cells = [named(cell) for cell, count in enumerate(counts(own)) if count >= RULE.least]
        if cells:
            where[one.kind] = cells
    return mask, where


if __name__ == "__main__":
    write(File(__file__).parent, draw, range(1, TASKS + PRACTICE + 1), RULE)
