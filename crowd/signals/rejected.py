"""rejected: what a worker brought is rejected by those who judge it, far more often than what others bring."""

import math
from collections import defaultdict

from crowd.kinds.base import Json
from crowd.kinds.judging import GOOD
from crowd.signals.base import MOST_SHOWN, Finding, Signal, Table
from crowd.signals.statistics import binomial_tail, by_p

LEAST_REJECTED = 4
_SOMETIMES = 0.1
"""Anybody's recording or picture may be rejected so often."""


class Rejected(Signal):
    """How many of a worker's answers judges rejected.

    Any answer of an honest worker may be rejected in a tenth of the cases, or as often as those of all the others are;
    the number of them then follows a binomial law. Holm's rule corrects for all workers.
    """

    name = "rejected"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        judged: dict[int, list[tuple[int, str, Json]]] = defaultdict(list)
        for task, worker, value, word in zip(table.tasks, table.workers, table.values, table.judged, strict=False):
            if word is not None:
                judged[worker].append((task, word, value))
        total = sum(map(len, judged.values()))
        bad = {worker: [each for each in said if each[1] != GOOD] for worker, said in judged.items()}
        rejected = sum(map(len, bad.values()))
        tails, found = [], []
        for worker, said in sorted(judged.items()):
            mine = len(bad[worker])
            if mine < LEAST_REJECTED:
                continue
            others = (rejected - mine + 1) / (total - len(said) + 1 / _SOMETIMES)
            usual = min(0.5, max(_SOMETIMES, others))
            tails.append(binomial_tail(len(said), mine, usual))
            evidence = {
                "answers": len(said),
                "rejected": mine,
                "expected": round(usual * len(said), 1),
                "rows": [{"task": task, "said": value, "word": word} for task, word, value in bad[worker][:MOST_SHOWN]],
            }
            found.append(Finding((worker,), -math.log10(max(tails[-1], 1e-300)), float(mine), evidence))
        return [found[place] for place in by_p(tails, len(judged), rate)]


SIGNAL = Rejected()
