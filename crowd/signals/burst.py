"""burst: accounts that came, or set to work, at the same time and give the same unexpected answers."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from crowd.kinds.base import Json
from crowd.signals.base import MOST_SHOWN, Finding, Signal, Table
from crowd.signals.expected import Coded, Expected, Ints, coded
from crowd.signals.statistics import by_p, normal_tail, poisson_binomial_tail

LEAST_MEMBERS = 3
MOST_MEMBERS = 60

CAME_WITHIN_S = 20 * 60
"""Who joined by the same link no longer than this after one another came together."""

BEGAN_WITHIN_S = 2 * 60
"""Who gave their first answer to the batch no longer than this after one another set to work together."""

LEAST_SHARED = 8
_SPREAD = 2.0
"""Variance of what honest groups share, beside that of the law: habits are learned, not known."""


class Burst(Signal):
    """Agreement of a group in unexpected answers. Groups are made of times and links alone, not of answers.

    As with two who copy: given the first answer of the group to a task, where outsiders do not expect it, each later
    member gives the same with a chance that is known from what outsiders and the group before said.
    """

    name = "burst"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        code = coded(table)
        groups = list(_groups(table, code)) if code is not None else []
        if code is None or not groups:
            return []
        expected = Expected(table, code)
        order = np.lexsort((code.at, code.task))
        found = [_of_group(expected, order, how, members) for how, members in groups]
        return _widest([found[place][1] for place in by_p([tail for tail, _ in found], len(groups), rate)])


def _groups(table: Table, code: Coded) -> Iterator[tuple[str, Ints]]:
    """How each group was found, and its members by their numbers."""
    people = [table.people[int(worker)] for worker in code.worker_ids]
    first = np.full(len(people), np.inf)
    np.minimum.at(first, code.worker, code.at)
    links = {person.invited_to for person in people}
    seen: set[tuple[int, ...]] = set()
    for link in sorted(links, key=str):
        some = [number for number, person in enumerate(people) if person.invited_to == link]
        for members in _runs(some, [people[number].created_at for number in some], CAME_WITHIN_S):
            seen.add(members)
            yield "came", np.asarray(members)
    for members in _runs(list(range(len(people))), first.tolist(), BEGAN_WITHIN_S):
        if members not in seen:
            yield "began", np.asarray(members)


def _runs(numbers: list[int], times: list[float], apart: float) -> Iterator[tuple[int, ...]]:
    """Those whose times follow each other closely."""
    run: list[int] = []
    last = -math.inf
    for time, number in sorted(zip(times, numbers, strict=True)):
        if time - last > apart:
            if LEAST_MEMBERS <= len(run) <= MOST_MEMBERS:
                yield tuple(sorted(run))
            run = []
        run.append(number)
        last = time
    if LEAST_MEMBERS <= len(run) <= MOST_MEMBERS:
        yield tuple(sorted(run))


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


SIGNAL = Burst()
