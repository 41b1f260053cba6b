"""pasted: written answers that were hardly typed, or that speak as chat models do."""

import json
import math
from collections import defaultdict
from functools import cache
from pathlib import Path

from crowd.signals.base import MOST_SHOWN, Finding, Signal, Table
from crowd.signals.statistics import binomial_tail, by_p
from crowd.signals.writing import Written, written

LONG = 60
"""Characters of a text from which on it takes time to type."""

FASTEST = 15.0
"""Characters a second. On phones people type 3 on average and hardly anybody 8 (Palin et al. 2019, MobileHCI: 37,000
people); speech is written down at about 12."""

LEAST_PASTED = 3
"""Nobody is named for fewer such answers."""

_SOMETIMES = 0.02
"""Share of an honest worker's answers that may look so: kept ready elsewhere, quoted, sent late by the phone."""


class Pasted(Signal):
    """How many of a worker's written answers came faster than anybody types, or have phrases of chat models.

    Any answer of an honest worker is allowed to look so in a fiftieth of the cases, or as often as those of all the
    others do; the number of them then follows a binomial law. Holm's rule corrects for all workers.
    """

    name = "pasted"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        said: dict[int, list[tuple[Written, str | None, str | None]]] = defaultdict(list)
        for each in written(table):
            said[each.worker].append((each, _fast(each), telling(each)))
        if not said:
            return []
        tails, found = [], []
        total = sum(len(answers) for answers in said.values())
        marked = sum(any(why[1:]) for answers in said.values() for why in answers)
        for worker, answers in sorted(said.items()):
            odd = [why for why in answers if any(why[1:])]
            if len(odd) < LEAST_PASTED:
                continue
            others = (marked - len(odd) + 1) / (total - len(answers) + 1 / _SOMETIMES)
            usual = min(0.5, max(_SOMETIMES, others))
            tails.append(binomial_tail(len(answers), len(odd), usual))
            evidence = {
                "answers": len(answers),
                "fast": sum(fast is not None for _, fast, _ in odd),
                "phrases": sum(phrase is not None for _, _, phrase in odd),
                "expected": round(usual * len(answers), 1),
                "rows": [
                    {
                        "task": each.task,
                        "said": each.text[:300],
                        "length": len(each.text),
                        "seconds": round(each.ms / 1000, 1) if each.ms else None,
                        "phrase": phrase,
                    }
                    for each, _, phrase in odd[:MOST_SHOWN]
                ],
            }
            found.append(Finding((worker,), -math.log10(max(tails[-1], 1e-300)), float(len(odd)), evidence))
        return [found[place] for place in by_p(tails, len(said), rate)]


@cache
def _phrases() -> tuple[tuple[str, ...], tuple[str, ...]]:
    read = json.loads((Path(__file__).parent / "phrases.json").read_text(encoding="utf-8"))
    return tuple(read["phrases"]), tuple(read["marks"])


def telling(answer: Written) -> str | None:
    """What of an answer speaks as chat models do; nothing counts that stands in the item itself."""
    phrases, marks = _phrases()
    typed = answer.folded.replace("’", "'")
    return next(
        (each for each in phrases if each in typed and each not in answer.item),
        next((each.strip() for each in marks if each in answer.text and each.strip() not in answer.item), None),
    )


def _fast(answer: Written) -> str | None:
    long = len(answer.text) >= LONG and answer.folded not in answer.item and answer.item not in answer.folded
    return "fast" if long and answer.ms and len(answer.text) / (answer.ms / 1000) > FASTEST else None


SIGNAL = Pasted()
