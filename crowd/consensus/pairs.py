"""How strong sources are, by comparisons of two at a time: Bradley and Terry's model (1952), Davidson's ties (1970).

Source i has a worth p_i. Beside source j it wins with chance p_i / z and ties with ν √(p_i p_j) / z, where
z = p_i + p_j + ν √(p_i p_j). The logs of all worths, and of ν, have normal priors of mean 0 and standard deviation
SPREAD (as Leonard 1977 has them for worths), so one that never lost stays finite. The log posterior is concave: its
highest point is found by Newton's method, and its curvature there tells the errors (Laplace's approximation).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from crowd.consensus.answers import Floats, Ints

SPREAD = 2.0
"""The prior weighs as one comparison with a source of known, middling worth: both tell 1/4 of a log worth (Fisher)."""

_ROUNDS = 100
_REST = 1e-10


@dataclass(frozen=True)
class Strengths:
    """`logs` (sources,): log worths, of mean 0. `errors` (sources,): standard errors. `tie`: ν, 0 without ties.

    Logs and errors are relative to the mean of all: how far it lies from another batch's is not known.
    """

    logs: Floats
    errors: Floats
    tie: float

    def scores(self, away: float = 0.0) -> Floats:
        """The share of comparisons with a source of middling worth that each wins, 0..1, ties for half (sources,).

        `away`: where its log were so many standard errors higher.
        """
        worth = np.exp(self.logs + away * self.errors)
        tied = self.tie * np.sqrt(worth)
        return np.asarray((worth + tied / 2) / (worth + 1 + tied))


@dataclass(frozen=True)
class _Pairs:
    """Pairs of different sources, and how often which won: parallel arrays."""

    first: Ints
    second: Ints
    won: Floats
    lost: Floats
    even: Floats

    def chances(self, logs: Floats, tie: float) -> tuple[Floats, Floats, Floats]:
        """Of each pair, how probable it is that the first wins, the second, neither. `tie` is log ν."""
        one, two = logs[self.first], logs[self.second]
        rows = np.stack([one, two, (one + two) / 2 + tie])
        raw = np.exp(rows - rows.max(0))
        won, lost, even = raw / raw.sum(0)
        return won, lost, even


def strengths(
    first: ArrayLike, second: ArrayLike, won: ArrayLike, lost: ArrayLike, even: ArrayLike, *, sources: int, ties: bool
) -> Strengths:
    """Fit the model to pairs given as parallel arrays: `won[n]` times `first[n]` was better than `second[n]`.

    Sources are numbered from 0; a source beside itself tells nothing. Without `ties` nothing was ever `even`, since
    nobody could say so. Sources are comparable where all are of one group (see `groups`). Some milliseconds for a
    hundred sources.
    """
    pairs = _collected(first, second, won, lost, even)
    point = np.zeros(sources + ties)
    precision = np.full(len(point), SPREAD**-2)
    value = _posterior(pairs, point, precision, sources)
    for _ in range(_ROUNDS):
        slope, curve = _derivatives(pairs, point, precision, sources)
        step = np.linalg.solve(curve, slope)
        while (after := _posterior(pairs, point + step, precision, sources)) < value and np.abs(step).max() > _REST:
            step = step / 2
        point, value = point + step, after
        if np.abs(step).max() <= _REST:
            break
    _, curve = _derivatives(pairs, point, precision, sources)
    apart = np.eye(sources) - 1 / sources
    spread = apart @ np.linalg.inv(curve)[:sources, :sources] @ apart
    logs = point[:sources] - point[:sources].mean()
    return Strengths(logs, np.sqrt(np.maximum(0.0, np.diag(spread))), float(np.exp(point[-1])) if ties else 0.0)


def groups(first: ArrayLike, second: ArrayLike, sources: int) -> Ints:
    """The group of each source, shape (sources,): those that comparisons join, be it by way of others."""
    group = np.arange(sources)
    one, two = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    while True:
        lower = group.copy()
        np.minimum.at(lower, one, group[two])
        np.minimum.at(lower, two, group[one])
        lower = lower[lower]
        if (lower == group).all():
            return np.unique(group, return_inverse=True)[1].astype(np.int64)
        group = lower


def _collected(first: ArrayLike, second: ArrayLike, won: ArrayLike, lost: ArrayLike, even: ArrayLike) -> _Pairs:
    one, two = (np.asarray(each, dtype=np.int64) for each in (first, second))
    counts = [np.asarray(each, dtype=np.float64)[one != two] for each in (won, lost, even)]
    return _Pairs(one[one != two], two[one != two], *counts)


def _tie(point: Floats, sources: int) -> float:
    """Log ν; where there are no ties, so low that they are impossible."""
    return float(point[sources]) if len(point) > sources else -np.inf


def _posterior(pairs: _Pairs, point: Floats, precision: Floats, sources: int) -> float:
    """Its log, but for a constant."""
    chances = pairs.chances(point[:sources], _tie(point, sources))
    times = (pairs.won, pairs.lost, pairs.even)
    told = sum(float(n[n > 0] @ np.log(chance[n > 0])) for n, chance in zip(times, chances, strict=True))
    return told - float(precision @ point**2) / 2


def _derivatives(pairs: _Pairs, point: Floats, precision: Floats, sources: int) -> tuple[Floats, Floats]:
    """The slope of the log posterior, and its curvature with the sign turned, shape (n,) and (n, n).

    An outcome's log chance is a sum of some parameters less log z: of those of the winner, or half of both and log ν.
    So the slope is what was seen of each less what was to be expected, and the curvature its variance.
    """
    first, second = pairs.first, pairs.second
    won, lost, even = pairs.chances(point[:sources], _tie(point, sources))
    times = pairs.won + pairs.lost + pairs.even
    mean_one, mean_two = won + even / 2, lost + even / 2
    slope, curve = -precision * point, np.diag(precision)
    np.add.at(slope, first, pairs.won + pairs.even / 2 - times * mean_one)
    np.add.at(slope, second, pairs.lost + pairs.even / 2 - times * mean_two)
    np.add.at(curve, (first, first), times * (won + even / 4 - mean_one**2))
    np.add.at(curve, (second, second), times * (lost + even / 4 - mean_two**2))
    both = times * (even / 4 - mean_one * mean_two)
    np.add.at(curve, (first, second), both)
    np.add.at(curve, (second, first), both)
    if len(point) > sources:
        slope[sources] += float((pairs.even - times * even).sum())
        curve[sources, sources] += float((times * even * (1 - even)).sum())
        for side, mean in ((first, mean_one), (second, mean_two)):
            along = np.bincount(side, weights=times * even * (0.5 - mean), minlength=sources)
            curve[:sources, sources] += along
            curve[sources, :sources] += along
    return slope, curve
