"""Krippendorff's alpha from counts: tasks whose answers are the same are one row, so it costs nothing to have many.

K. Krippendorff, Content Analysis (2004), chapter 11: alpha = 1 - observed / expected disagreement. 1 is full
agreement, 0 what chance would give, less is systematic disagreement. Missing answers are no matter: a task counts by
the answers that it has, if there are two or more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DRAWS = 1000
"""Of the bootstrap."""

FEWEST = 10
"""Tasks from which an interval is told."""

_CELLS = 4_000_000  # of one block of draws


@dataclass(frozen=True, slots=True)
class Alpha:
    """Alpha, and the interval that holds it in 95 of 100 batches like this one (percentile bootstrap over tasks)."""

    value: float | None
    """None where nothing can be said: no task with two answers, or nobody ever said anything else."""
    low: float | None
    high: float | None
    tasks: int
    """With two answers or more."""
    answers: int
    """To those."""


def alpha(said: Ints, times: Ints, distance: Floats) -> Alpha:
    """Of rows that each stand for `times` (rows,) tasks, to which value v was said `said[row, v]` times.

    `distance` (values, values) is 0 on its diagonal. Resampling leaves it as it is, also where it came from the counts.
    """
    paired = said.sum(1) >= 2
    votes, times = np.asarray(said[paired], dtype=np.float64), times[paired]
    tasks, answers = int(times.sum()), int(times @ said[paired].sum(1))
    apart = np.einsum("rv,vw,rw->r", votes, distance, votes, optimize=True) / (votes.sum(1) - 1)
    value = _alpha(np.asarray(times[None, :], dtype=np.float64), votes, apart, distance)[0]
    if np.isnan(value):
        return Alpha(None, None, None, tasks, answers)
    low, high = _interval(votes, times, apart, distance) if tasks >= FEWEST else (None, None)
    return Alpha(float(value), low, high, tasks, answers)


def _alpha(weights: Floats, said: Floats, apart: Floats, distance: Floats) -> Floats:
    """Alpha under each row of weights (draws, rows); not a number where there is nothing to disagree about."""
    totals = weights @ said
    number = totals.sum(1)
    expected = np.einsum("dv,vw,dw->d", totals, distance, totals, optimize=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(expected > 0, 1 - (number - 1) * (weights @ apart) / expected, np.nan))


def _interval(said: Floats, times: Ints, apart: Floats, distance: Floats) -> tuple[float, float]:
    luck = np.random.default_rng(1)  # the same answers have the same interval, whenever they are looked at
    tasks, block = int(times.sum()), max(1, _CELLS // len(times))
    drawn: list[Floats] = []
    for start in range(0, DRAWS, block):
        weights = luck.multinomial(tasks, times / tasks, size=min(block, DRAWS - start))
        drawn.append(_alpha(weights.astype(np.float64), said, apart, distance))
    low, high = np.nanpercentile(np.concatenate(drawn), [2.5, 97.5])
    return float(low), float(high)
