"""pattern: always the same answer, or the same few over and over."""

import math

import numpy as np

from crowd.signals.base import MOST_SHOWN, Finding, Signal, Table
from crowd.signals.expected import UNEXPECTED, Coded, Expected, Floats, Ints, coded
from crowd.signals.statistics import by_p, poisson_binomial_tail

LEAST_ANSWERS = 30
LEAST_AGAINST = 8
"""Tasks in which the repetition is unexpected."""

LONGEST_CYCLE = 6
MOSTLY = 0.9
"""A pattern holds for this share or more of the answers: less may be a habit."""

_NEWEST = 400  # answers of a worker that are looked at


class Pattern(Signal):
    """Answers that repeat the worker's own, one to six before, whatever the tasks are.

    Looked at are the tasks in which the repetition is unexpected: by what others said, anybody gives another answer
    there. Each is the repetition with a chance that is known, so the number of repetitions follows a Poisson-binomial
    law. Corrected for the six lengths, and by Holm's rule for all workers.
    """

    name = "pattern"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        code = coded(table)
        if code is None:
            return []
        order = np.lexsort((code.at, code.worker))
        each = [
            rows for rows in np.split(order, np.cumsum(np.bincount(code.worker))[:-1]) if len(rows) >= LEAST_ANSWERS
        ]
        if not each:
            return []
        chance = Expected(table, code).of_crowd()
        found = [one for rows in each if (one := _repeating(code, rows[-_NEWEST:], chance)) is not None]
        return [found[place][1] for place in by_p([tail for tail, _ in found], LONGEST_CYCLE * len(each), rate)]


def _repeating(code: Coded, rows: Ints, chance: Floats) -> tuple[float, Finding] | None:
    """The shortest cycle that a worker's answers follow, with the chance that an honest worker's do."""
    said = code.label[rows]
    for length in range(1, LONGEST_CYCLE + 1):
        same = said[length:] == said[:-length]
        expected = chance[rows[length:], said[:-length]]
        against = expected <= UNEXPECTED
        if against.sum() < LEAST_AGAINST or min(same.mean(), same[against].mean()) < MOSTLY:
            continue
        tail = poisson_binomial_tail(expected[against].tolist(), int(same[against].sum()))
        evidence = {
            "answers": len(rows),
            "cycle": [code.options[label] for label in said[-length:]],
            "repeated": int(same.sum()),
            "against": int(against.sum()),
            "against_repeated": int(same[against].sum()),
            "expected": round(float(expected[against].sum()), 1),
            "rows": [
                {"task": int(code.task_ids[code.task[row]]), "said": code.options[code.label[row]]}
                for row in rows[length:][against & same][-MOST_SHOWN:]
            ],
        }
        worker = int(code.worker_ids[code.worker[rows[0]]])
        return tail, Finding((worker,), -math.log10(max(tail, 1e-300)), float(same[against].sum()), evidence)
    return None


SIGNAL = Pattern()
