"""account: the money of many workers of a batch goes to one account."""

import math
from collections import Counter, defaultdict

from crowd.signals.base import Finding, Signal, Table

SHARES = 0.05
"""Of honest workers so many are taken to have no account of their own, and to use that of a relative or a friend."""

_FEWEST = 3


class Account(Signal):
    """How many workers of the batch are paid to the same account.

    If whoever has none uses that of any other worker of the batch alike, the chance that k of n are on one account is
    at most n C(n - 1, k - 1) (SHARES / (n - 1))^(k - 1), by the union over who owns it and who uses it, and that is at
    most n SHARES^(k - 1). Families are not drawn so: that is why a person looks. Accounts are known by their prints.
    """

    name = "account"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        answers = Counter(table.workers)
        groups: dict[bytes, list[int]] = defaultdict(list)
        for worker in sorted(answers):
            person = table.people.get(worker)
            if person is not None and person.account is not None:
                groups[person.account].append(worker)
        found = []
        for workers in groups.values():
            probable = len(answers) * SHARES ** (len(workers) - 1)
            if len(workers) >= _FEWEST and probable <= rate:
                given = [answers[worker] for worker in workers]
                evidence = {
                    "workers": len(workers),
                    "of": len(answers),
                    "answers": sum(given),
                    "expected": max(1, round(len(answers) * SHARES)),
                    "rows": [],
                }
                found.append(Finding(tuple(workers), -math.log10(probable), float(sum(given)), evidence))
        return found


SIGNAL = Account()
