"""echo: the same written answer from two workers, or nearly the same."""

import math
from collections import defaultdict

from rapidfuzz.distance import Levenshtein

from crowd.signals.base import MOST_SHOWN, Finding, Signal, Table
from crowd.signals.statistics import by_p, poisson_binomial_tail
from crowd.signals.writing import Written, written

LONG = 40
"""Characters, as texts are compared, from which on two people hardly write the same by chance."""

NEAR = 0.95
"""Share of the characters that are the same in a near copy."""

LEAST_SHARED = 3
LEAST_COMMON = 5

_HARDLY = 0.02
"""Chance that two write the same long text where others do not; some texts can be said in one way only."""

_ONE_OTHER = 4.0
"""Answers that this chance weighs beside those of the others to the same task."""


class Echo(Signal):
    """How many long texts two workers have in common, but for case, blanks and a letter in twenty.

    A text that others wrote to the same task as well can be said in that way only: the pair's chance is raised,
    as in Pólya's urn. The number of the same ones follows a Poisson-binomial law; Holm's rule corrects for all pairs
    with tasks enough in common.
    """

    name = "echo"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        tasks: dict[int, list[Written]] = defaultdict(list)
        for each in written(table):
            tasks[each.task].append(each)
        both: dict[tuple[int, int], list[tuple[Written, Written, float]]] = defaultdict(list)
        for answers in tasks.values():
            for place, one in enumerate(answers):
                if len(one.folded) < LONG or one.folded in one.item:
                    continue
                for other in answers[:place]:
                    alike = sum(_near(third, one) for third in answers if third is not one and third is not other)
                    chance = (_ONE_OTHER * _HARDLY + alike) / (_ONE_OTHER + len(answers) - 2)
                    first, second = sorted((one, other), key=lambda each: each.worker)
                    both[first.worker, second.worker].append((first, second, min(1.0, chance)))
        pairs = {pair: rows for pair, rows in both.items() if len(rows) >= LEAST_COMMON}
        tails, found = [], []
        for pair, rows in sorted(pairs.items()):
            same = [row for row in rows if _near(row[0], row[1])]
            if len(same) < LEAST_SHARED:
                continue
            chances = [chance for _, _, chance in rows]
            tails.append(poisson_binomial_tail(chances, len(same)))
            evidence = {
                "common": len(rows),
                "shared": len(same),
                "expected": round(math.fsum(chances), 1),
                "second": {
                    str(pair[0]): sum(first.at >= second.at for first, second, _ in same),
                    str(pair[1]): sum(second.at > first.at for first, second, _ in same),
                },
                "rows": [
                    {
                        "task": first.task,
                        "said": first.text[:300],
                        "second": pair[int(second.at > first.at)],
                        "seconds": round(abs(second.at - first.at)),
                    }
                    for first, second, _ in same[:MOST_SHOWN]
                ],
            }
            found.append(Finding(pair, -math.log10(max(tails[-1], 1e-300)), float(len(same)), evidence))
        return [found[place] for place in by_p(tails, len(pairs), rate)]


def _near(one: Written, other: Written) -> bool:
    """The same text, or one with a letter changed in twenty."""
    allowed = (1 - NEAR) * max(len(one.folded), len(other.folded))
    return Levenshtein.distance(one.folded, other.folded, score_cutoff=int(allowed)) <= allowed


SIGNAL = Echo()
