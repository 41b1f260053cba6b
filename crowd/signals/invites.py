"""invites: an inviter and those who came by their link, who give the same unexpected answers.

An invitation pays, so one person might invite accounts of their own. Such accounts make the same mistakes.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from crowd.signals.base import Finding, Signal, Table
from crowd.signals.expected import Coded, Ints, coded
from crowd.signals.groups import found_in_groups

LEAST_MEMBERS = 3
"""Of the batch. Two are pairs, which `copying` looks at."""

MOST_MEMBERS = 60
MOST_OF_ALL = 0.5
"""Of the workers of the batch: what is unexpected is told by outsiders, so there must be some."""


class Invites(Signal):
    """Agreement of a branch of the invite tree in unexpected answers (`crowd.signals.groups`).

    A branch is one inviter and whom they invited themselves; the inviter may have no part in the batch. Friends
    agree no more than others do, by their habits and by what misleads everybody.
    """

    name = "invites"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        code = coded(table)
        return [] if code is None else found_in_groups(table, code, list(_branches(table, code)), rate)


def _branches(table: Table, code: Coded) -> Iterator[tuple[str, Ints]]:
    number = {int(worker): place for place, worker in enumerate(code.worker_ids)}
    branches: dict[int, list[int]] = defaultdict(list)
    for worker, place in number.items():
        inviter = table.people[worker].invited_by
        if inviter is not None:
            branches[inviter].append(place)
    for inviter, invited in sorted(branches.items()):
        members = sorted([*invited, number[inviter]] if inviter in number else invited)
        if LEAST_MEMBERS <= len(members) <= min(MOST_MEMBERS, MOST_OF_ALL * len(number)):
            yield "invited", np.asarray(members)


SIGNAL = Invites()
