"""When a task has answers enough, and how many more are asked for at once."""

from dataclasses import dataclass

from crowd.batch import Overlap
from crowd.kinds.base import Consensus


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a task stands after an answer."""

    settled: bool
    seats: int
    """Further leases that may be given now."""


def progress(rule: Overlap, consensus: Consensus, *, answers: int, leased: int) -> Progress:
    """`answers` are those there are, `leased` those still out.

    A task is settled when at least `least` votes make its label sure enough, or when `most` answers are in. Until
    `least` it is handed out to as many at once; beyond, one at a time, since each may be the one that settles.
    """
    sure = consensus.votes >= rule.least and consensus.confidence >= rule.confidence
    if sure or answers >= rule.most:
        return Progress(settled=True, seats=0)
    target = rule.least if answers < rule.least else answers + 1
    return Progress(settled=False, seats=max(0, min(target, rule.most) - answers - leased))
