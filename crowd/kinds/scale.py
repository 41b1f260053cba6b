"""Options that are the steps of a scale, from one end to the other: what a near miss is worth, and what it tells.

Plain Python with small tables, one for each number of steps: the hot path asks for them with every answer.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar

Table = tuple[tuple[float, ...], ...]
"""A number for each step that is right (rows) and each that is said."""

_SHARPNESS = 3.0
"""Of who knows a scale of n steps, the log chance falls by this over √(n - 1) with each step from the right one.

One step off is said in one of five answers on five steps, and one of three on ten."""

_GRAIN = 100
"""Accuracies are told apart to so many parts of 1."""

_HALVINGS = 12


class Scale:
    """A scale of so many steps, numbered from 0. Answers no more than `tolerance` steps from the right one are right.

    The more is right, the more is a blind guess: see `most_tolerance`.
    """

    aside: ClassVar[int] = 0
    """So many of the last numbers are answers beside the scale, and no steps of it."""

    def __init__(self, steps: int, tolerance: int = 0) -> None:
        self.steps, self.tolerance = steps, tolerance
        every = range(steps)
        self.credit: Table = tuple(tuple(_credit(steps, right, said, tolerance) for said in every) for right in every)
        """What an answer is worth beside a gold's: (1 - d / D)², d steps away where D is the farthest that one can be.

        1 is right, also within the tolerance; a neighbour on a long scale is nearly so, the end that is farther away
        is worth nothing.
        """
        self.blind = max(sum(self.credit[right][said] for right in every) / steps for said in every)
        """The mean credit of who says the same to everything, where that pays best: no guess does better."""
        self.knows: Table = _falling(steps, math.exp(-_SHARPNESS / math.sqrt(max(1, steps - 1))), tolerance)
        """How probable each step is from one who knows the work: right, or near to it; each that is right alike.

        Rows sum to 1.
        """
        self._guess = sum(map(sum, self.credit)) / steps**2

    def right(self, step: int) -> range:
        """The steps that count as right where this one is."""
        return range(max(0, step - self.tolerance), min(self.steps, step + self.tolerance + 1))

    def telling(self, accuracy: float, said: int) -> tuple[float, ...]:
        """The log chance that a worker of that accuracy, as `credit` counts, says a step, where each one is right.

        Of what such a worker lacks, half is taken for blind answers and half for near misses, whose chance falls by
        one factor with each step (a discrete Laplace distribution), so that no single answer ever rules a step out.
        """
        return _logs(self.steps, self.tolerance, round(accuracy * _GRAIN))[said]

    def label(self, chances: Sequence[float], said: Sequence[int]) -> int:
        """The step that the chances of all of them speak for, as `nearest` has it, but none beyond all that was `said`.

        Where little is known of who said it, the middle of the scale would draw it there.
        """
        return nearest(chances, range(min(said), max(said) + 1))

    def logs(self, accuracy: float) -> Table:
        """`telling` of each step that is said, rows, where each is right."""
        lead = min(1.0, max(0.0, (accuracy - self.blind) / (1 - self.blind)))
        blindly = (1 - lead) / 2
        near = self._of_credit(self._guess + (1 - self._guess) * 2 * lead / (1 + lead))
        return tuple(
            tuple(math.log((1 - blindly) * near[right][said] + blindly / self.steps) for right in range(self.steps))
            for said in range(self.steps)
        )

    def _of_credit(self, mean: float) -> Table:
        """The falling table whose mean credit is that, found by halving."""
        low, high = 0.001, 1.0  # the more falls off with each step, the greater the credit
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            table = _falling(self.steps, middle)
            earned = sum(
                chance * worth
                for chances, worths in zip(table, self.credit, strict=True)
                for chance, worth in zip(chances, worths, strict=True)
            )
            low, high = (middle, high) if earned / self.steps > mean else (low, middle)
        return _falling(self.steps, (low + high) / 2)


def most_tolerance(steps: int) -> int:
    """A quarter of the way from end to end: so that at most three steps of five are right where one is.

    With more, who says the middle to everything would earn more than 0.7, and hardly be told from who knows.
    """
    return (steps - 1) // 4


@lru_cache
def scale_of(steps: int, tolerance: int = 0) -> Scale:
    """The scale of so many steps."""
    return Scale(steps, tolerance)


@lru_cache(maxsize=4096)
def _logs(steps: int, tolerance: int, grains: int) -> Table:
    return scale_of(steps, tolerance).logs(grains / _GRAIN)


def _credit(steps: int, right: int, said: int, tolerance: int) -> float:
    away = abs(right - said)
    return 1.0 if away <= tolerance else (1 - away / max(1, right, steps - 1 - right)) ** 2


def _falling(steps: int, factor: float, flat: int = 0) -> Table:
    """By one factor with each step, but for the first ones, so many, which are as probable as the right one."""
    rows = [[factor ** max(0, abs(right - said) - flat) for said in range(steps)] for right in range(steps)]
    return tuple(tuple(each / sum(row) for each in row) for row in rows)


def nearest(chances: Sequence[float], among: range | None = None) -> int:
    """The step from which the right one is the fewest steps away, in expectation; of equals the likelier, the first.

    The median of the posterior. See `crowd.consensus.fit` for why it is not the likeliest step. `among` are the steps
    that it may be, all if there are none.
    """
    away = [round(sum(chance * abs(step - at) for at, chance in enumerate(chances)), 9) for step in range(len(chances))]
    return min(among or range(len(chances)), key=lambda step: (away[step], -round(chances[step], 9)))


def shares(odds: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """Chances from log odds, each weighing as `weights` has it."""
    highest = max(odds)
    raw = [weight * math.exp(each - highest) for each, weight in zip(odds, weights or [1.0] * len(odds), strict=True)]
    total = sum(raw)
    return [each / total for each in raw]
