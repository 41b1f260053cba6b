"""What grows and lies about in a picture of the forest."""

from collections.abc import Callable, Iterator, Sequence

import leaves
import numpy as np
import woods
from drawing.camera import Camera
from drawing.cells import Mask
from drawing.mesh import Things
from drawing.noise import Random
from floor import Path
from laying import Placed, alone, number_of
from scene import Scene
from traces import TRACES, Trace

_MOST = {"campfire": 0.2, "snare": 0.3}
"""How much may be hidden of what could not be told otherwise: stones are no fire without their ash."""


def grown(rng: Random, shown: Scene, placed: Sequence[Placed], path: Path) -> Things:
    """Everything that stands and lies about, but for what would hide too much of a trace; with the traces, numbered."""
    things = Things()
    for number, one in enumerate(placed, 1):
        things.take(one.things.renumbered(number_of(placed, number)))
    targets = [
        _Target(alone(Trace(one.things, list(one.prints)), shown.camera), min(shown.cover, _MOST.get(one.kind, 1)))
        for one in placed
        if one.kind in TRACES
    ]
    for make, x, y in _plan(rng, shown, placed):
        near_path = path.half > 0 and abs(float(path.off(np.array(x), np.array(y)))) < path.half
        if near_path and rng.random() < 0.8:
            continue
        one_thing = make(rng).moved(x, y)
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


Make = Callable[[Random], Things]


def _plan(rng: Random, shown: Scene, placed: Sequence[Placed]) -> Iterator[tuple[Make, float, float]]:
    """What to draw, and where: what stands before a trace comes first, since there is only so much to hide of it."""
    if shown.cover > 0.3:
        yield from _before_traces(rng, placed)
    trap, start = shown.trap, 0.9 if shown.trap else 0.5
    far, season = shown.far, shown.season

    def trunk(rng: Random) -> Things:
        return woods.trunk(rng, rng.choice([0.04, 0.08, 0.16]) * rng.uniform(0.8, 1.4))

    def twig(rng: Random) -> Things:
        return woods.twig(rng, rng.uniform(0.1, 0.6), rng.uniform(0.003, 0.012))

    many: tuple[tuple[int, int, Make, float, float], ...] = (
        (*((4, 9) if trap else (0, 3)), trunk, 3.3 if trap else 2.3, far + 2),
        (3, 7, lambda rng: leaves.fern(rng, rng.uniform(0.3, 0.6)), start + 0.6, far * 0.7),
        (*((16, 26) if trap else (3, 7)), lambda rng: leaves.shrub(rng, rng.uniform(0.3, 0.9)), start + 0.9, far),
        (15, 55, lambda rng: leaves.seedling(rng, rng.uniform(0.05, 0.2)), start, far * 0.6),
        (2, 8, lambda rng: leaves.grass(rng, rng.uniform(0.12, 0.3)), start, far * 0.7),
        (12, 28, twig, start * 0.8, far * 0.5),
        (450, 451, lambda rng: woods.dead_leaf(rng, season), start * 0.7, 4.0),
    )
    for fewest, most, make, near, end in many:
        for _ in range(int(rng.integers(fewest, most))):
            y = near + (end - near) * rng.random() ** 0.8
            yield make, rng.uniform(-1, 1) * (0.62 * y + 0.4), y


def _before_traces(rng: Random, placed: Sequence[Placed]) -> Iterator[tuple[Make, float, float]]:
    small: tuple[Make, ...] = (
        lambda rng: leaves.fern(rng, 0.3), lambda rng: leaves.grass(rng, 0.22), lambda rng: leaves.seedling(rng, 0.16),
    )  # fmt: skip
    for one in placed:
        if one.kind in TRACES:
            x, y = one.place
            for _ in range(int(rng.integers(1, 4))):
                nearer = rng.uniform(0.1, 0.4)
                yield small[rng.integers(3)], x * (1 - nearer / max(y, 0.5)) + rng.normal(0, 0.12), y - nearer
