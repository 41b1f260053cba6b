"""Appeals as staff answer them: within 72 hours, with a reason, by another person than the one who voided."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg

from crowd import audit
from crowd.appeals.settling import give_back, lock_its_worker
from crowd.appeals.states import APPEAL, TO_ANSWER, Ground, Outcome, VoidingError, tell, tidy
from crowd.kinds.base import Json
from crowd.sentences import say
from db.database import Tx

SHOWN_ANSWERS = 20
"""So many answers of an appeal are shown to who decides; those to golds that were wrong come first."""


class Standing(StrEnum):
    """Which appeals are wanted."""

    OPEN = "open"
    """They wait for staff; the one that is due first, first."""
    ENDED = "ended"
    """The latest first."""


@dataclass(frozen=True, slots=True)
class VoidedAnswer:
    """One of the answers that were voided."""

    answer_id: int
    payload: Json
    said: Json
    verdict: float | None
    """0 wrong .. 1 right, where the task is a gold that counts."""
    right: Json
    """What that gold says."""
    label: Json
    """What others make of the task, if they do."""


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal, and all that it is about."""

    id: int
    """Of the voiding."""
    worker_id: int
    pseudonym: str
    batch_id: int
    batch: str
    answers: int
    amount: int
    """Micro-units of `currency`."""
    currency: str
    ground: Ground
    finding_id: int | None
    reason: str
    voided_by: str
    voided_at: datetime
    said: str | None
    appealed_at: datetime
    outcome: Outcome | None
    decision: str | None
    decided_by: str | None
    ended_at: datetime | None
    shown: tuple[VoidedAnswer, ...]

    @property
    def due_at(self) -> datetime:
        """When it is won by silence."""
        return self.appealed_at + TO_ANSWER


_APPEALS = """
SELECT v.*, w.pseudonym, b.name AS batch FROM voiding v
JOIN worker w ON w.id = v.worker_id JOIN batch b ON b.id = v.batch_id WHERE v.appealed_at IS NOT NULL AND {which}
"""
_WAITING = _APPEALS.format(which="v.outcome IS NULL ORDER BY v.appealed_at, v.id LIMIT $1")
_ENDED = _APPEALS.format(which="v.outcome IS NOT NULL ORDER BY v.ended_at DESC, v.id DESC LIMIT $1")

_ONE = _APPEALS.format(which="v.id = $1")

_ANSWERS = """
SELECT a.id, t.payload, a.value, a.verdict, CASE WHEN a.verdict IS NOT NULL THEN t.gold -> 'value' END AS right,
       t.label
FROM voided_answer v JOIN answer a ON a.id = v.answer_id JOIN task t ON t.id = a.task_id
WHERE v.voiding_id = $1 ORDER BY a.verdict NULLS LAST, a.id LIMIT $2
"""

_DECIDE = """
UPDATE voiding SET outcome = $2::text, decision = $3, decided_by = $4, ended_at = $5::timestamptz,
                   settled_at = CASE WHEN $2 = 'granted' THEN $5 END
WHERE id = $1 AND outcome IS NULL AND appealed_at IS NOT NULL
"""


async def appeals(tx: Tx, standing: Standing = Standing.OPEN, *, limit: int = 50) -> list[Appeal]:
    """Appeals that wait, or the latest that ended."""
    rows = await tx.rows(_WAITING if standing is Standing.OPEN else _ENDED, limit)
    return [_appeal(row, await tx.rows(_ANSWERS, row["id"], SHOWN_ANSWERS)) for row in rows]


async def appeal(tx: Tx, voiding_id: int) -> Appeal | None:
    """One of them, whether it ended or not."""
    row = await tx.row(_ONE, voiding_id)
    return _appeal(row, await tx.rows(_ANSWERS, voiding_id, SHOWN_ANSWERS)) if row is not None else None


async def waiting(tx: Tx) -> int:
    """How many wait for staff."""
    found: int = await tx.value("SELECT count(*) FROM voiding WHERE appealed_at IS NOT NULL AND outcome IS NULL")
    return found


async def decide(tx: Tx, voiding_id: int, *, grant: bool, reason: str, by: str) -> None:
    """Answer an appeal. Granted, its worker has the money at once; either way they are told, with the reason.

    Raises VoidingError: for want of a reason, for who voided it, where it was answered, or where it is too late to
    turn it down.
    """
    told = tidy(reason)
    if not told:
        raise VoidingError(say("say why: the worker is told it"))
    await lock_its_worker(tx, voiding_id)
    row = await tx.row("SELECT * FROM voiding WHERE id = $1 FOR NO KEY UPDATE", voiding_id)
    if row is None or row["appealed_at"] is None or row["outcome"] is not None:
        raise VoidingError(say("this appeal waits no more: look at the list again"))
    if audit.person_of(row["voided_by"]) == audit.person_of(by):
        raise VoidingError(say("whoever voided it cannot decide about it: another person must"))
    if not grant and row["appealed_at"] + TO_ANSWER <= tx.now:
        raise VoidingError(say("the time to turn it down is over: the worker has won"))
    outcome = Outcome.GRANTED if grant else Outcome.REFUSED
    await tx.run(_DECIDE, voiding_id, outcome, told, by, tx.now)
    if grant:
        await give_back(tx, voiding_id)
    else:
        await tell(tx, [voiding_id], APPEAL)
    await audit.note(tx, by, "appeal.grant" if grant else "appeal.refuse", voiding_id, {"reason": told})


def _appeal(row: asyncpg.Record, answers: list[asyncpg.Record]) -> Appeal:
    return Appeal(
        id=row["id"], worker_id=row["worker_id"], pseudonym=row["pseudonym"], batch_id=row["batch_id"],
        batch=row["batch"], answers=row["answers"], amount=row["amount"], currency=row["currency"],
        ground=Ground(row["ground"]), finding_id=row["finding_id"], reason=row["reason"], voided_by=row["voided_by"],
        voided_at=row["voided_at"], said=row["said"], appealed_at=row["appealed_at"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None, decision=row["decision"],
        decided_by=row["decided_by"], ended_at=row["ended_at"],
        shown=tuple(VoidedAnswer(*each) for each in answers),
    )  # fmt: skip
