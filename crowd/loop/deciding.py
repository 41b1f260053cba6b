"""What an answer changes: its verdict, what it adds to the label, what it earns, whether its worker is paused.

Plain Python, without the database: all that is needed was read before, and all that follows is written after.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from crowd.batches.spec import BatchSpec
from crowd.golds.seats import gold_progress
from crowd.kinds import AnyKind
from crowd.kinds.base import Consensus, Json
from crowd.loop.settling import Progress, progress, reliability, sampled
from crowd.money.holds import proven
from crowd.workers.habits import habit, usual, with_one_more
from crowd.workers.ladder import Ladder, Step, step_after
from crowd.workers.standing import ALIKE, Standing

PAID_DONT_KNOWS = 0.2
"""“I don't know” is paid like any answer for as long as it is at most this share of a worker's answers."""

LONGEST_MS = 30 * 60 * 1000
"""Time counted for one answer at most, milliseconds: who takes longer was away."""

AWAY = 4
"""Once the pace of a batch is measured: who takes so many times its median was away, and that much is counted."""

LEAST_LONGEST_MS = 60 * 1000
"""Nobody is taken to have been away for less."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an answer changes, worked out before anything is written."""

    value: Json
    verdict: float | None
    price: int
    ms: int
    """What counts as time at work, milliseconds."""
    evidence: Json
    consensus: Consensus
    progress: Progress
    standing: Standing
    reliable: float
    """The worker's reliability, 0..1; see `crowd.loop.settling`."""
    shown: tuple[float, ...]
    """What the worker's answers to this batch show: log likelihoods as in `Standing.levels`."""
    habits: Json
    """How often the worker said what in this batch, where the possible answers are few."""
    step: Step | None
    """What the evidence calls for now."""
    proves: bool
    """With this answer the worker is proven: what they earned is held no more."""

    @property
    def pauses(self) -> bool:
        """The worker is paused from now on."""
        return self.step in {Step.PAUSE, Step.FAIL}


def decide(
    row: asyncpg.Record,
    spec: BatchSpec,
    kind: AnyKind,
    value: Json,
    now: datetime,
    *,
    knows: bool,
    walks: bool,
    timed: bool,
) -> Decision:
    """What follows from an answer. The row is what is known of its lease; without `knows` it is “I don't know”.

    Without `walks` tasks do not come by the walk through the batch, and golds have no twins. Without `timed` it came
    with others, and how long each took is not known.
    """
    chance = kind.chance(spec)
    standing = Standing(row["golds"], row["right"], tuple(row["levels"]), row["compared"])
    counts = row["is_gold"] and row["suspended_at"] is None
    verdict = kind.verdict(spec, row["gold"]["value"], value) if counts and knows else None
    accuracy = standing.weight(row["accuracy"], chance, row["usual"])
    evidence = row["evidence"]
    if row["settled_at"] is not None:
        consensus, stand = Consensus(None, 0.0, 0), Progress(settled=False, seats=0)
    else:
        if knows:
            evidence = kind.add(spec, evidence, value, accuracy)
        consensus = kind.consensus(spec, evidence, row["likeness"])
        stand = progress(
            spec.overlap, consensus, answers=row["answers"] + 1, leased=row["leased"] - 1,
            best=row["best"], full=sampled(row["task_id"]), worth=row["worth"],
        )  # fmt: skip
        if row["is_gold"] and walks:
            stand = gold_progress(
                spec.overlap, stand, answers=row["answers"] + 1, leased=row["leased"] - 1,
                twin_asked=row["twin_asked"], twin_settled=row["twin_settled"],
            )  # fmt: skip
    after, here = standing, Standing(0, 0, tuple(row["shown"]))
    if not row["frozen"]:
        after, here = (_shown(row, spec, kind, value, each, verdict) for each in (after, here))
    paid = knows or row["dont_knows"] + 1 <= max(1, PAID_DONT_KNOWS * (row["mine"] + 1))
    usual_ms = row["pace_ms"] or round(1000 * kind.takes_s)
    return Decision(
        value=value,
        verdict=verdict,
        price=row["price"] if paid else 0,
        ms=active_ms(row["given_at"], now, row["pace_ms"]) if timed else usual_ms,
        evidence=evidence,
        consensus=consensus,
        progress=stand,
        standing=after,
        reliable=reliability(accuracy, chance, row["usual"]),
        shown=here.levels,
        habits=with_one_more(row["habits"], kind.possible(spec), value),
        step=None if row["frozen"] else step_after(after, Ladder.of(row), chance),
        proves=proven(after, chance) and not proven(standing, chance),
    )


def longest_late(kind: AnyKind) -> timedelta:
    """What a late answer counts at most, before the pace of a batch is measured."""
    return AWAY * timedelta(seconds=kind.takes_s)


def active_ms(given_at: datetime, now: datetime, pace_ms: int | None) -> int:
    """The time at work from a task to its answer, milliseconds, without what was spent elsewhere."""
    longest = LONGEST_MS if pace_ms is None else min(LONGEST_MS, max(LEAST_LONGEST_MS, AWAY * pace_ms))
    return min(longest, max(0, round((now - given_at).total_seconds() * 1000)))


def _shown(
    row: asyncpg.Record, spec: BatchSpec, kind: AnyKind, value: Json, standing: Standing, verdict: float | None
) -> Standing:
    """What the answer shows of its worker: by the gold, or else by what others said before."""
    if verdict is not None:
        telling = kind.telling(spec, row["gold"]["value"], value)
        counted = bool(kind.possible(spec))
        return standing.after(verdict, habit(kind, spec, row["habits"], value), telling, counted=counted)
    if value is None or row["is_gold"]:
        return standing
    often = usual(row["habits"], kind.possible(spec))
    expected = kind.expected(spec, row["evidence"], value, often, max(ALIKE, row["likeness"]))
    return standing if expected is None else standing.beside(expected, habit(kind, spec, row["habits"], value))
