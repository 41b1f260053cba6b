"""How probable marked spans are: from one who knows the work, and from one who does not.

Both are written down such that they sum to at most 1 over all answers to any item, however many words it has up to
`most`: of each answer only one way to come by it is counted.
"""

from collections.abc import Sequence

from crowd.kinds.base import Json
from crowd.kinds.marking import overlap

NOTHING = 1 / 4
"""So many items are taken to have nothing that is to be marked."""

DENSITY = 1 / 4
"""Of the words of the others, so many are taken to be marked."""

IDLE = 1 / 2
"""So many blind answers mark nothing: it takes one tap."""

MISSED = 0.05
"""Who knows the work passes a span by with this chance, …"""
MISLABELLED = 0.03
"""… gives it another label with this, …"""
OFF = 0.08
"""… is off at an end of it with this, by n words with a chance that halves with each, …"""
EXTRA = 0.05
"""… and marks one more that is none with this, and then another."""


def chance(labels: int) -> float:
    """The mean verdict of the best blind guess: to mark nothing, or every word with one label.

    F1 of the latter, where a share d of words is marked and its label is one of K, is 2 (d / K) / (1 + d).
    """
    return max(NOTHING, (1 - NOTHING) * 2 * DENSITY / labels / (1 + DENSITY))


def blindly(said: Json, most: int, labels: int) -> float:
    """How probable an answer is from one who marks whatever.

    Half mark nothing; of the others each span ends the answer, and each word its span, with a half; it begins with any
    of `most` words and has any label.
    """
    if not said:
        return IDLE
    return (1 - IDLE) * 0.5 ** len(said) * _placed(said, most, labels)


def telling(right: Json, said: Json, most: int, labels: int) -> float:
    """How probable an answer is from one who knows that another is right: each of its spans but for slips, and extras.

    A span that was said is taken for the right one that it shares most words with.
    """
    found, left = 1.0, list(said)
    for wanted in right:
        near = max(left, key=lambda each: overlap(wanted, each), default=None)
        if near is None or not overlap(wanted, near):
            found *= MISSED
            continue
        left.remove(near)
        found *= (1 - MISSED) * _ended(near["first"] - wanted["first"]) * _ended(near["last"] - wanted["last"])
        if labels > 1:
            found *= 1 - MISLABELLED if near["label"] == wanted["label"] else MISLABELLED / (labels - 1)
    return found * (1 - EXTRA) * EXTRA ** len(left) * _placed(left, most, labels)


def _ended(off: int) -> float:
    return 1 - OFF if not off else float(OFF / 2 * 0.5 ** abs(off))


def _placed(spans: Sequence[Json], most: int, labels: int) -> float:
    """How probable it is that spans that stand anywhere are just these."""
    found = 1.0
    for span in spans:
        found *= 0.5 ** (span["last"] - span["first"] + 1) / (most * labels)
    return found
