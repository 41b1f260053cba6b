"""burst: accounts that came, or set to work, at the same time and give the same unexpected answers."""

import math
from collections.abc import Iterator

import numpy as np

from crowd.signals.base import Finding, Signal, Table
from crowd.signals.expected import Coded, Ints, coded
from crowd.signals.groups import found_in_groups

LEAST_MEMBERS = 3
MOST_MEMBERS = 60

CAME_WITHIN_S = 20 * 60
"""Who joined by the same link no longer than this after one another came together."""

BEGAN_WITHIN_S = 2 * 60
"""Who gave their first answer to the batch no longer than this after one another set to work together."""


class Burst(Signal):
    """Agreement of a group in unexpected answers (`crowd.signals.groups`); groups are made of times and links."""

    name = "burst"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        code = coded(table)
        return [] if code is None else found_in_groups(table, code, list(_groups(table, code)), rate)


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


SIGNAL = Burst()
