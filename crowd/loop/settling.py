"""When a task has answers enough, how many more are asked for at once, and of whom.

A task's doubt is the chance that its label is wrong. What one more answer tells grows with the doubt, and with the
square of its worker's reliability: how far they are above a blind guess (0) and from never being wrong (1), since the
information of a weak answer grows with the square of its lead over a guess. Where the requester states no confidence,
an answer is asked for where doubt * reliability ** 2 >= WORTH: tasks that hang in the balance go to those who can tell,
and no one is paid for an answer that changes nothing.

Where the requester states a budget instead, `worth` takes the place of WORTH: it moves such that the money lasts
(`crowd.money.budgeting`). As it may fall again, tasks are settled only well below it, and rest in between.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crowd.batches.spec import WORTH, Overlap
from crowd.kinds.base import Consensus

SAMPLED = 50
"""One task in so many gets `most` answers, however sure it is before: so that what stopping early costs is known."""

USUAL = 0.5
"""Reliability of a usual worker, at least."""

RESTS = timedelta(days=1)
"""A batch that had too few answers for so long to be fitted anew takes what it can get."""

LEAST_WORTH = 0.005
"""With a budget: nobody is paid for an answer to a task less in doubt than this, whatever money is left."""

_RESTING = 0.5
"""With a budget: a task is settled below this share of the price in doubt, and rests between the two."""

LEAST_RELIABILITY = 0.02
"""Who seems to guess may still be asked where a task is nothing but doubt."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a task stands after an answer."""

    settled: bool
    seats: int
    """Further leases that may be given now."""
    wanted: float | None = None
    """How much one more answer is, 0..1: the task's doubt. None below `least` answers, and when it is settled."""
    sure: bool = False
    """Its label is as sure as is asked for: it is settled, unless it is of the sample."""


def sampled(task_id: int) -> bool:
    """Whether a task is of the sample that gets full overlap. Ids are in random order, so this is a random choice."""
    return task_id % SAMPLED == 0


def reliability(accuracy: float, chance: float, usual: float | None) -> float:
    """How far an accuracy lies from a blind guess (0) to never being wrong (1).

    `usual` is what is usual among the workers of the batch, where that is known. Of a crowd whose usual worker is below
    USUAL, the work being hard, each is measured by what is usual.
    """
    if chance >= 1:
        return 1.0
    lead = (accuracy - chance) / (1 - chance)
    if usual is not None:
        lead *= max(1.0, USUAL / max(0.1, (usual - chance) / (1 - chance)))
    return min(1.0, max(LEAST_RELIABILITY, lead))


def least_wanted(
    rule: Overlap, reliable: float, fitted_at: datetime | None, now: datetime, *, worth: float | None = None
) -> float:
    """How much a task that has its least answers must want one more for a worker of that reliability to be asked.

    Nothing at all before a fit has told workers apart, and when it is so long ago that hardly anybody comes any more.
    With a budget (`worth`) money must last from the first answer on: before a fit, workers count as alike.
    """
    if rule.confidence is not None or (fitted_at is not None and now - fitted_at > RESTS):
        return 0.0
    if fitted_at is None:
        return worth or 0.0
    return (WORTH if worth is None else worth) / reliable**2


def _is_sure(rule: Overlap, confidence: float, best: float, worth: float | None) -> bool:
    told = (1 - confidence) * best**2
    if worth is not None:
        return told < max(LEAST_WORTH, min(WORTH, worth * _RESTING))
    return confidence >= rule.sure or (rule.confidence is None and told < WORTH)


def progress(
    rule: Overlap,
    consensus: Consensus,
    *,
    answers: int,
    leased: int,
    best: float = 1.0,
    full: bool = False,
    worth: float | None = None,
) -> Progress:
    """`answers` are those there are, `leased` those still out; `best` is the reliability of the best to be asked.

    `worth` is the price of an answer in doubt that a budget makes; None where none is stated.

    A task is settled when `least` votes or more make its label sure enough, or when `most` answers are in; one of the
    sample (`full`) only then. Until `least` it is handed out to as many at once; beyond, one at a time, since each may
    be the one that settles.
    """
    enough = consensus.votes >= rule.least
    sure = enough and (consensus.enough or _is_sure(rule, consensus.confidence, best, worth))
    if answers >= rule.most or (sure and (consensus.enough or not full)):
        return Progress(settled=True, seats=0, sure=sure)
    target = rule.least if answers < rule.least else answers + 1
    seats = max(0, min(target, rule.most) - answers - leased)
    wanted = (1.0 if full else 1 - consensus.confidence) if answers >= rule.least else None
    return Progress(settled=False, seats=seats, wanted=wanted, sure=sure)
