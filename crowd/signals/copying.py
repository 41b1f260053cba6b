"""copying: two accounts that give the same unexpected answers."""

import math
from dataclasses import dataclass

import numpy as np

from crowd.kinds.base import Json
from crowd.signals.base import MOST_SHOWN, Finding, Signal, Table
from crowd.signals.expected import UNEXPECTED, Expected, Floats, Ints, coded
from crowd.signals.pairs import Pairs, pairs_of
from crowd.signals.statistics import by_p, normal_tail, poisson_binomial_tail

LEAST_COMMON = 20
"""Tasks that two workers must have in common to be looked at."""

LEAST_SHARED = 5
"""Unexpected answers that they must share."""

_LOOKED_INTO = 2.0
"""Standard deviations above what is expected: pairs below cannot be findings, so they are not worked out."""

_LEAST_SPREAD = 1.1
"""Variance of what honest pairs share, beside that of the law: habits are learned from a hundred answers, not known."""

_ENOUGH_PAIRS = 50
_MEASURED_ON = 2000  # pairs
_MEDIAN_OF_CHI2 = 0.4549


class Copying(Signal):
    """Agreement of two workers in unexpected answers, beyond what the task and their own habits explain.

    Given the unexpected answers of one, each is given by the other with a chance that is known from what all said of
    the task; so the number of those shared follows a Poisson-binomial law, as in the generalized binomial test of van
    der Linden and Sotaridona (2006, J. Educ. Behav. Stat. 31). Both directions are tested, and Holm's rule corrects for
    all pairs with tasks enough in common.
    """

    name = "copying"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        code = coded(table)
        if code is None:
            return []
        pairs = pairs_of(code)
        pairs = pairs.only(pairs.common >= LEAST_COMMON)
        if not len(pairs.workers):
            return []
        expected = Expected(table, code)
        spread = _spread(expected, pairs)
        agree = code.label[pairs.first] == code.label[pairs.second]
        hopeful = pairs.only(np.bincount(pairs.pair[agree], minlength=len(pairs.workers)) >= LEAST_SHARED)
        sides = _both_sides(expected, hopeful)
        chosen = np.flatnonzero(np.maximum(*(side.above for side in sides)) > _LOOKED_INTO * math.sqrt(spread))
        tails = [min(1.0, 2 * min(side.tail(int(each), spread) for side in sides)) for each in chosen]
        return [
            Finding(
                tuple(int(code.worker_ids[each]) for each in hopeful.workers[chosen[place]]),
                -math.log10(max(tails[place], 1e-300)),
                float(max(side.matches[chosen[place]] for side in sides)),
                _evidence(expected, hopeful, sides, int(chosen[place])),
            )
            for place in by_p(tails, len(pairs.workers), rate)
        ]


@dataclass(frozen=True)
class _Side:
    """Pairs, seen from one of the two: the rows in which the other's answer is unexpected."""

    pair: Ints
    chance: Floats
    """That this one gives the same answer, shape (rows,)."""
    same: Ints
    """The rows of the pairs in which it does, shape (same,)."""
    by_chance: Floats
    """Its chance there, shape (same,)."""
    matches: Floats
    expected: Floats
    above: Floats
    """Standard deviations that the matches are above what is expected, shape (pairs,)."""

    def tail(self, pair: int, spread: float) -> float:
        """The chance of so many matches or more; taken for as much less as pairs spread more than is expected."""
        if self.matches[pair] < LEAST_SHARED:
            return 1.0
        tail = poisson_binomial_tail(self.chance[self.pair == pair].tolist(), int(self.matches[pair]))
        return max(tail, normal_tail(float(self.above[pair]) / math.sqrt(spread)))


def _both_sides(expected: Expected, pairs: Pairs) -> tuple[_Side, _Side]:
    return _side(expected, pairs, pairs.first, pairs.second), _side(expected, pairs, pairs.second, pairs.first)


def _side(expected: Expected, pairs: Pairs, mine: Ints, theirs: Ints) -> _Side:
    label, many = expected.code.label, len(pairs.workers)
    theirs_expected, chance = expected.of_pairs(mine, theirs, pairs.pair, many)
    rows = np.flatnonzero(theirs_expected <= UNEXPECTED)
    pair, chance = pairs.pair[rows], chance[rows]
    same = label[mine[rows]] == label[theirs[rows]]
    matches, mean, noise = (
        np.asarray(np.bincount(pair, each, minlength=many), np.float64)
        for each in (same, chance, chance * (1 - chance))
    )
    return _Side(pair, chance, rows[same], chance[same], matches, mean, (matches - mean) / np.sqrt(noise.clip(1e-9)))


def _spread(expected: Expected, pairs: Pairs) -> float:
    """How much more pairs differ in what they share than is expected of them, as a variance.

    Where the crowd agrees in ways that are not understood, most pairs do: by the median of all, as in genomic control
    (Devlin and Roeder 1999, Biometrics 55), evidence is then taken for as much less.
    """
    if len(pairs.workers) < _ENOUGH_PAIRS:
        return _LEAST_SPREAD
    step = -(-len(pairs.workers) // _MEASURED_ON)
    some = pairs.only(np.arange(len(pairs.workers)) % step == 0)
    medians = [np.median(side.above**2) for side in _both_sides(expected, some)]
    return max(_LEAST_SPREAD, float(np.mean(medians)) / _MEDIAN_OF_CHI2)


def _evidence(expected: Expected, pairs: Pairs, sides: tuple[_Side, _Side], pair: int) -> Json:
    """What a page shows of a pair."""
    code = expected.code
    of = max(sides, key=lambda side: float(side.above[pair]))
    here = pairs.pair[of.same] == pair
    shared, chance = of.same[here], of.by_chance[here]
    first, second = pairs.first[shared], pairs.second[shared]
    gap = code.at[second] - code.at[first]
    ids = [int(code.worker_ids[each]) for each in pairs.workers[pair]]
    rows = [
        {
            "task": int(code.task_ids[code.task[first[at]]]),
            "said": code.options[code.label[first[at]]],
            "chance": round(float(chance[at]), 3),
            "second": ids[int(gap[at] > 0)],
            "seconds": round(abs(float(gap[at]))),
        }
        for at in np.argsort(chance, kind="stable")[:MOST_SHOWN]
    ]
    common = pairs.pair == pair
    return {
        "common": int(common.sum()),
        "agreed": int((code.label[pairs.first[common]] == code.label[pairs.second[common]]).sum()),
        "unexpected": int((of.pair == pair).sum()),
        "shared": len(shared),
        "expected": round(float(of.expected[pair]), 1),
        "second": {str(ids[0]): int((gap <= 0).sum()), str(ids[1]): int((gap > 0).sum())},
        "rows": rows,
    }


SIGNAL = Copying()
