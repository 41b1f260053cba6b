"""Draws the batch of poachers' traces anew: `python examples/poachers/draw.py`.

It writes pictures/, masks/, items.csv and truth.csv. A cell is marked where traces cover 150 of its 19,200 pixels
(0.8 %) as they are seen, before or behind what grows there. Wire is thin and yet seen: it counts two pixels wider on
each side than it is drawn.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

import forest
from drawing.files import Drawn, write
from drawing.photo import finished, on_ground, saved
from floor import seen
from forestwords import explained, named_picture
from growing import grown
from laying import agreed, judged, laid, marks_of, path_of, pressed
from scene import RULE, scene
from traces import TRACES

SEED = 2025


TASKS, PRACTICE = 40, 3


GOLDS = frozenset({1, 3, 4, 6, 9, 11, 13, 14, 16, 18, 20, 22, 23, 25, 28, 30, 33, 35, 36, 39})


AGAIN: dict[int, int] = {11: 1}
"""Pictures that came out poor at first, and the try that is kept."""


def draw(number: int) -> Drawn:
    """The picture of that number, from 1."""
    for attempt in range(AGAIN.get(number, 0), 199):
        rng = np.random.default_rng([SEED, number, attempt])
        shown = scene(rng, number)
        placed = laid(rng, shown)
        if placed is None:
            continue
        path = path_of(rng, shown, placed)
        things = grown(rng, shown, placed, path)
        fine = shown.camera.scaled(2)
        if not agreed(shown, placed, marks_of(things, pressed(placed, shown.camera), shown.camera)):
            continue
        marks = marks_of(things, pressed(placed, fine), fine)[::2, ::2]
        if agreed(shown, placed, marks):
            break
    else:
        raise RuntimeError(f"no picture {number} without doubtful cells")
    mask, where = judged(placed, marks)
    light = forest.night(rng) if shown.night else forest.daylight(rng)
    sky, sun = seen(rng, fine, light, path, [each for one in placed for each in one.prints], shown.season)
    image = finished(on_ground(sky, sun, things, fine, light, soft=2.5), shown.look, rng, grey=shown.night)
    practice = number > TASKS
    return Drawn(
        key=f"poachers-p{number - TASKS}" if practice else f"poachers-{number:02}",
        text=named_picture(number, trap=shown.trap, night=shown.night), jpeg=saved(image), mask=mask,
        gold=number in GOLDS, practice=practice, why=explained(*_told(where)),
    )  # fmt: skip


def _told(where: dict[str, list[str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The cells of traces, and two at most of each decoy that has some for itself."""
    traces = {kind: cells for kind, cells in where.items() if kind in TRACES}
    marked = {cell for cells in traces.values() for cell in cells}
    apart = {
        kind: [cell for cell in cells if cell not in marked][:2] for kind, cells in where.items() if kind not in TRACES
    }
    return traces, {kind: cells for kind, cells in apart.items() if cells}


if __name__ == "__main__":
    write(Path(__file__).parent, draw, range(1, TASKS + PRACTICE + 1), RULE)
