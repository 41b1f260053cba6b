"""How right a worker is, as far as is known: the posterior of their accuracy, what it rests on, and what the test says.

Each of LEVELS stands for the skills half a step to either side of it; before any evidence all levels are alike
probable. The accuracy of a skill is skill + (1 - skill) · chance, as in `crowd.workers.standing`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from crowd.workers.ladder import Ladder
from crowd.workers.standing import LEAST_CHECKS, LEVELS, Standing

WITHIN = 0.9
"""The accuracy lies in the interval that is shown with this probability."""

_STEP = LEVELS[1] - LEVELS[0]
_EDGES = (*(level - _STEP / 2 for level in LEVELS), LEVELS[-1])
"""Between them lie the skills that each level stands for; nobody knows more than everything."""


class State(StrEnum):
    """Where a worker stands with the test, in one kind and language."""

    NEW = "new"
    """On too few checks for anybody to be paused."""
    WATCHED = "watched"
    """The evidence does not settle it yet, either way."""
    CLEARED = "cleared"
    """They have shown that they know the work."""
    PAUSED = "paused"
    """They get no more of this work."""
    RETEST = "retest"
    """Paused before, and now in the blind re-test."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of how right one worker is, in one kind and language."""

    accuracy: float
    """Mean of the posterior, 0..1, the labels weighing alike."""
    low: float
    """With the probability WITHIN the accuracy lies in low..high; as often below it as above."""
    high: float
    golds: int
    """In a re-test, which counts anew, those since it began."""
    right: float | None
    """Sum of verdicts on these golds, 0..golds; None in a re-test."""
    compared: int | None
    """Answers that were held against those of others; None in a re-test."""
    state: State


def estimate(standing: Standing, ladder: Ladder, chance: float) -> Estimate:
    """What is known of a worker, where a blind guess is right with that chance."""
    shares = posterior(standing.levels)
    low, high = interval(shares, WITHIN)
    anew = ladder.trial_from
    return Estimate(
        accuracy=_accuracy(sum(share * middle for share, middle in zip(shares, _middles(), strict=True)), chance),
        low=_accuracy(low, chance),
        high=_accuracy(high, chance),
        golds=standing.golds if anew is None else standing.golds - anew,
        right=standing.right if anew is None else None,
        compared=standing.compared if anew is None else None,
        state=state_of(standing, ladder, chance),
    )


def state_of(standing: Standing, ladder: Ladder, chance: float) -> State:
    """Where a worker stands with the test."""
    if ladder.paused:
        return State.PAUSED
    if ladder.trial_from is not None:
        return State.RETEST
    if standing.cleared(chance):
        return State.CLEARED
    return State.NEW if standing.checks < LEAST_CHECKS else State.WATCHED


def posterior(levels: Sequence[float]) -> tuple[float, ...]:
    """How probable each of LEVELS is, from its log likelihoods."""
    highest = max(levels)
    shares = [math.exp(level - highest) for level in levels]
    total = math.fsum(shares)
    return tuple(share / total for share in shares)


def interval(shares: Sequence[float], within: float) -> tuple[float, float]:
    """The skills between which the true one lies with that probability, 0..1, half of the rest on either side."""
    return _quantile(shares, (1 - within) / 2), _quantile(shares, (1 + within) / 2)


def _quantile(shares: Sequence[float], below: float) -> float:
    """The skill below which the true one lies with that probability; even within a level."""
    for share, (start, end) in zip(shares, pairwise(_EDGES), strict=True):
        if below <= share:
            return start + (end - start) * below / share
        below -= share
    return _EDGES[-1]


def _middles() -> list[float]:
    return [(start + end) / 2 for start, end in pairwise(_EDGES)]


def _accuracy(skill: float, chance: float) -> float:
    return min(1.0, max(0.0, skill + (1 - skill) * chance))
