"""Where traces and decoys lie, and what is seen of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import woods
from drawing.camera import Camera
from drawing.cells import Mask, counts, named
from drawing.mesh import Things
from drawing.noise import Random
from floor import Path
from leaves import BARK, at
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from prints import Print, tracks
from scene import RULE, Scene
from traces import TRACES, Trace

DECOY = 50
"""Decoys have this number and higher ones."""


FARTHEST = {"snare": 2.1, "jerrycan": 4.2, "boots": 2.4, "stump": 2.9, "campfire": 3.8}
"""Metres at which each is still told by a person who looks well."""


@dataclass(frozen=True)
class Placed:
    """A trace or a decoy where it lies."""

    kind: str
    things: Things
    prints: Sequence[Print]
    place: tuple[float, float]


def number_of(placed: Sequence[Placed], at: int) -> int:
    """The number of the one at a place, from 1: its own for a trace, a high one for a decoy."""
    return at if placed[at - 1].kind in TRACES else DECOY + at


def laid(rng: Random, shown: Scene) -> list[Placed] | None:
    """Traces and decoys at places where they can be told; None where there was no room."""
    placed: list[Placed] = []
    taken: list[tuple[float, float]] = []
    for kind in (*shown.kinds, *shown.decoys):
        for _ in range(60):
            x, y = shown.camera.on_ground(rng.uniform(0.1, 0.9), rng.uniform(0.3 if shown.trap else 0.12, 0.92))
            far = float(np.hypot(np.hypot(x, y), shown.camera.height))
            apart = 0.55 if kind in TRACES else 0.9
            if far > FARTHEST.get(kind, 3.5) * (0.78 if shown.night else 1):
                continue
            if any(np.hypot(x - a, y - b) < apart for a, b in taken):
                continue
            one = _moved(TRACES[kind](rng), x, y) if kind in TRACES else _decoy(rng, kind, x, y)
            if kind in TRACES and not _fits(one, shown.camera):
                continue
            placed.append(Placed(kind, one.things, one.prints, (x, y)))
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
    mask = alone(one, camera)
    return RULE.plain(mask) and int(mask.sum()) > 400


def alone(one: Trace, camera: Camera) -> Mask:
    """What would be seen of it if nothing else were there."""
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
            things.take(woods.stone(rng, rng.uniform(0.04, 0.1), tone).moved(*rng.normal(0, 0.16, 2)))
    elif kind == "roots":
        bark = BARK[rng.integers(4)]
        for turn in rng.uniform(0, 6.3) + np.arange(int(rng.integers(2, 4))) * 0.7:
            things.take(woods.root(rng, rng.uniform(0.018, 0.035), rng.uniform(0.7, 1.4), turn, bark))
    elif kind == "branch":
        things.take(woods.twig(rng, rng.uniform(0.5, 0.9), rng.uniform(0.012, 0.022)))
    else:
        side, high = rng.choice([-1, 1]), rng.uniform(0.5, 1.1)
        low = at(side * rng.uniform(0.3, 0.6), rng.uniform(-0.2, 0.2), rng.uniform(0.0, 0.5))
        things.take(woods.vine(rng, at(0, 0, high), low, rng.uniform(0.1, 0.3), rng.uniform(0.005, 0.009)))
        things.take(woods.vine(rng, at(0, 0, high), at(0, 0.05, 0), 0.02, rng.uniform(0.006, 0.011)))
    one = Things()
    one.take(things.moved(x, y), of=1)
    return Trace(one)


def path_of(rng: Random, shown: Scene, placed: Sequence[Placed]) -> Path:
    """Through the prints there are, else through a snare, else anywhere."""
    for one in placed:
        if one.kind in {"boots", "tracks"}:
            first, last = one.prints[0], one.prints[-1]
            turn = float(np.arctan2(last.y - first.y, last.x - first.x))
            return Path((first.x + last.x) / 2, (first.y + last.y) / 2, turn, rng.uniform(0.26, 0.42))
    for one in placed:
        if one.kind == "snare":
            return Path(*one.place, rng.uniform(1.1, 2.1), rng.uniform(0.27, 0.36))
    x, y = shown.camera.on_ground(rng.uniform(0.3, 0.7), 0.7)
    return Path(x, y, rng.uniform(0, np.pi), rng.uniform(0.15, 0.4) if rng.random() < 0.45 else -1)


def marks_of(things: Things, ground: NDArray[np.int64], camera: Camera) -> NDArray[np.int64]:
    """The number of what each pixel sees: a trace, a decoy, or 0."""
    marks = things.marks(camera, bare=-1)
    return np.where(marks == -1, ground, marks)


def pressed(placed: Sequence[Placed], camera: Camera) -> NDArray[np.int64]:
    """The number of the trace or decoy whose print each pixel of the bare ground shows, or 0."""
    x, y, far = camera.ground()
    marks = np.zeros(x.shape, dtype=np.int64)
    for number, one in enumerate(placed, 1):
        for each in one.prints:
            marks[each.covers(x, y) & np.isfinite(far)] = number_of(placed, number)
    return marks


def agreed(shown: Scene, placed: Sequence[Placed], marks: NDArray[np.int64]) -> bool:
    """Whether each trace is to be seen, and no cell is doubtful."""
    mask, where = judged(placed, marks)
    return RULE.plain(mask) and set(where) >= set(shown.kinds)


def judged(placed: Sequence[Placed], marks: NDArray[np.int64]) -> tuple[Mask, dict[str, list[str]]]:
    """Where traces are seen, and the cells of each trace and decoy by its kind."""
    mask, where = np.zeros(marks.shape, dtype=bool), {}
    for number, one in enumerate(placed, 1):
        own = marks == number_of(placed, number)
        if one.kind == "snare":
            own = np.asarray(Image.fromarray(own).convert("L").filter(ImageFilter.MaxFilter(5))) > 127
        if one.kind in TRACES:
            mask |= own
        cells = [named(cell) for cell, count in enumerate(counts(own)) if count >= RULE.least]
        if cells:
            where[one.kind] = cells
    return mask, where
