"""Classes that are steps of a scale: a worker sees about where an item lies on it, and says the step they see.

What they see is the truth, a lean of their own (too low or too high, whatever the item) and an error of normal
distribution, cut into steps at the middle between two: an ordered probit. Now and then they say any step, blindly. A
type of worker is one lean, spread and share of blind answers; how frequent types are is learned from the crowd
(empirical Bayes), which shrinks a worker with few answers to the usual ones. A spread of next to nothing with blind
answers is the one coin of names: so a scale that means nothing costs little.

The last classes may be none of the steps (`aside`): such a one is seen for what it is, or missed by a blind answer.
"""

from math import erf, sqrt

import numpy as np

from crowd.consensus.answers import Answers, Floats, Ints
from crowd.consensus.experts import Expert, Kind, fit_expert, judge

LEANS = ((0.0, 0.8), (-0.5, 0.05), (0.5, 0.05), (-1.0, 0.05), (1.0, 0.05))
"""In units of a scale, and how frequent each is before anything is known."""

SPREADS = (0.3, 0.45, 0.6, 0.8, 1.05, 1.4, 1.9, 2.6)
"""Standard deviation of what is seen, in units of a scale."""

BLIND = (0.03, 0.12, 0.3, 0.6, 0.95)
"""Shares of answers that are given blindly."""

LONG = 7
"""Up to so many classes a unit of the scale is one step; on longer ones it grows with their number."""

SCALE_KINDS = (
    Kind(learned=False, strength=float("inf")),  # a worker is nothing but their type
    Kind(learned=False, strength=20.0),  # a worker's own confusion, shrunk to their type's
)


class Steps:
    """Types of workers whose classes are steps of a scale, the lowest first."""

    def __init__(self, classes: int, aside: int = 0) -> None:
        steps = classes - aside
        rank, unit = np.arange(steps, dtype=np.float64), max(1.0, steps / LONG)
        found, share = [], []
        for lean, often in LEANS:
            for spread in SPREADS:
                seen = np.eye(classes)
                seen[:steps, :steps] = _seen(rank + lean * unit, spread * unit)
                found += [(1 - blind) * seen + blind / classes for blind in BLIND]
                share += [often / (len(SPREADS) * len(BLIND))] * len(BLIND)
        self.share = np.array(share)
        self._confusion = np.stack(found)

    def confusion(self, pooled: Floats) -> Floats:  # noqa: ARG002
        """See Types."""
        return self._confusion


def fit_scale(answers: Answers, gold: Ints, aside: int = 0) -> tuple[Expert, ...]:
    """Fit the models that know of the scale, each from where the one before rests. `gold` as in `fit_expert`."""
    types = Steps(answers.classes, aside)
    usual = np.tensordot(types.share, types.confusion(answers.votes), axes=1)
    everybody = np.broadcast_to(usual, (answers.workers, *usual.shape))
    # The vote, from which models of names begin, does not know what lies near to what.
    begin = judge(answers, everybody, np.full(answers.classes, 1 / answers.classes))
    experts: list[Expert] = []
    for kind in SCALE_KINDS:
        experts.append(fit_expert(answers, gold, kind, types, begin))
        begin = experts[-1].posterior
    return tuple(experts)


def _seen(means: Floats, spread: float) -> Floats:
    """Chance of each step (columns) where what is seen has these means (rows) and that standard deviation."""
    cuts = np.arange(1, len(means)) - 0.5
    below = np.vectorize(lambda apart: (1 + erf(apart / sqrt(2))) / 2, otypes=[float])((cuts - means[:, None]) / spread)
    ends = np.zeros((len(means), 1)), np.ones((len(means), 1))
    return np.diff(np.concatenate([ends[0], below, ends[1]], axis=1), axis=1)


def nearest(posterior: Floats, aside: int = 0) -> Ints:
    """The class from which the truth is the fewest steps away, in expectation: the median; of equals the likelier.

    A class beside the scale is as far from each other one as the two ends are.
    """
    rank = np.arange(posterior.shape[1], dtype=np.float64)
    apart = np.abs(rank[:, None] - rank)
    steps = len(rank) - aside
    apart[steps:], apart[:, steps:] = steps - 1, steps - 1
    np.fill_diagonal(apart, 0)
    away = (posterior @ apart).round(9)
    best = away == away.min(1, keepdims=True)
    return np.asarray(np.where(best, posterior.round(9), -1).argmax(1), dtype=np.int64)
