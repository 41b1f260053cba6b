"""Groups of workers that give the same unexpected answers. They are made of what is known beside answers alone.

As with two who copy: given the first answer of the group to a task, where outsiders do not expect it, each later member
gives the same with a chance that is known from what outsiders and the group before said.
"""

import math
from collections.abc import Sequence

import numpy as np

from crowd.kinds.base import Json
from crowd.signals.base import MOST_SHOWN, Finding, Table
from crowd.signals.expected import Coded, Expected, Ints
from crowd.signals.statistics import by_p, normal_tail, poisson_binomial_tail

LEAST_SHARED = 8
_SPREAD = 2.0
"""Variance of what honest groups share, beside that of the law: habits are learned, not known."""


def found_in_groups(table: Table, code: Coded, groups: Sequence[tuple[str, Ints]], rate: float) -> list[Finding]:
    """Of groups, each with how it was made and its members by their numbers, those that are not by chance.

    Holm's rule corrects for all groups, whether they have members in common or not.
    """
    if not groups:
        return []
    expected = Expected(table, code)
    order = np.lexsort((code.at, code.task))
    found = [_of_group(expected, order, how, members) for how, members in groups]
    return _widest([found[place][1] for place in by_p([tail for tail, _ in found], len(groups), rate)])


def _of_group(expected: Expected, order: Ints, how: str, members: Ints) -> tuple[float, Finding]:
    code = expected.code
    rows = order[np.isin(code.worker[order], members)]
    later, first, chance = expected.of_group(rows)
    same = code.label[later] == code.label[first]
    mean, noise = float(chance.sum()), float((chance * (1 - chance)).sum())
    shared = int(same.sum())
    tail = 1.0
    if shared >= LEAST_SHARED:
        above = normal_tail((shared - mean) / math.sqrt(max(noise, 1e-9) * _SPREAD))
        tail = max(poisson_binomial_tail(chance.tolist(), shared), above)
    who = {*code.worker[later[same]].tolist(), *code.worker[first[same]].tolist()}
    concerned = tuple(sorted(int(code.worker_ids[each]) for each in who))
    evidence = _evidence(code, how, later[same], first[same], {"all": len(later), "expected": round(mean, 1)})
    return tail, Finding(concerned, -math.log10(max(tail, 1e-300)), float(shared), evidence)


def _evidence(code: Coded, how: str, later: Ints, first: Ints, figures: dict[str, float]) -> Json:
    """The tasks in which most said the same, first."""
    places, which, many = np.unique(first, return_inverse=True, return_counts=True)
    longest = np.zeros(len(places))
    np.maximum.at(longest, which, code.at[later] - code.at[first])
    rows = [
        {
            "task": int(code.task_ids[code.task[places[at]]]),
            "said": code.options[code.label[places[at]]],
            "times": int(many[at]) + 1,
            "seconds": round(float(longest[at])),
        }
        for at in np.argsort(-many, kind="stable")[:MOST_SHOWN]
    ]
    return {"how": how, "shared": len(later), **figures, "rows": rows}


def _widest(found: Sequence[Finding]) -> list[Finding]:
    """Each group of workers once, however it was found: the same people often both came and began together."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda each: -len(each.workers)):
        if not any(set(finding.workers) <= set(other.workers) for other in kept):
            kept.append(finding)
    return kept
