"""Money that is still on hold is voided, by a person, for a reason that its worker is told as it was said.

What is released is the worker's and cannot be voided any more. The money lies on an account of the batch, `voided`, as
long as it may have to be given back: see `crowd.appeals.deciding`.
"""

from dataclasses import dataclass
from datetime import datetime

from crowd import audit
from crowd.appeals.states import VOIDED, Ground, Outcome, VoidingError, tell, tidy
from crowd.appeals.taking import Taken, take_back
from crowd.batches.life import spec_of
from crowd.batches.locks import keep_from_closing
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.redos.before_voiding import before_voiding
from crowd.redos.ending import withdraw
from crowd.sentences import say
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Held:
    """What a worker has on hold for one batch."""

    batch_id: int
    batch: str
    """Its name."""
    currency: str
    answers: int
    amount: int
    """Micro-units."""
    newest: int
    """The last of these answers."""


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """One answer whose money is on hold."""

    id: int
    spec: BatchSpec
    payload: Json
    said: Json
    amount: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Voiding:
    """What was voided, and what became of it."""

    id: int
    batch_id: int
    batch: str
    answers: int
    amount: int
    currency: str
    reason: str
    ground: Ground
    voided_by: str
    voided_at: datetime
    appealed_at: datetime | None
    outcome: Outcome | None


_WHOLE = "NOT EXISTS (SELECT FROM voided_answer v WHERE v.answer_id = a.id)"
"""SQL: whether nothing of answer `a` was taken back before: what is half paid by its grade is no more voided."""

_HELD = f"""
SELECT b.id, b.name, b.currency, count(*)::int, sum(h.amount)::bigint, max(a.id)
FROM answer a JOIN hold h ON h.answer_id = a.id JOIN batch b ON b.id = a.batch_id
WHERE a.worker_id = $1 AND {_WHOLE} GROUP BY b.id, b.name, b.currency ORDER BY b.id DESC
"""  # noqa: S608

_HELD_ANSWERS = f"""
SELECT a.id, a.batch_id, a.value, b.digest, t.payload, h.amount, h.due_at
FROM answer a JOIN hold h ON h.answer_id = a.id JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = a.batch_id
WHERE a.worker_id = $1 AND a.batch_id = $2 AND {_WHOLE} ORDER BY a.id DESC LIMIT $3
"""  # noqa: S608

# Who releases holds skips those that are locked; who waits here for one that is being released finds it gone.
_LOCK_HOLDS = f"""
SELECT h.answer_id, h.amount FROM answer a JOIN hold h ON h.answer_id = a.id
WHERE a.worker_id = $1 AND a.batch_id = $2 AND a.id = coalesce($3, a.id) AND a.id <= coalesce($4, a.id)
  AND {_WHOLE}
ORDER BY h.answer_id FOR UPDATE OF h
"""  # noqa: S608

_NOTE = """
INSERT INTO voiding (worker_id, batch_id, currency, amount, answers, reason, ground, finding_id, voided_by, voided_at)
SELECT $1, b.id, b.currency, $3::bigint, $4::int, $5, $6, $7::bigint, $8, $9 FROM batch b WHERE b.id = $2 RETURNING id
"""

_OF_WORKER = """
SELECT v.id, v.batch_id, b.name, v.answers, v.amount, v.currency, v.reason, v.ground, v.voided_by, v.voided_at,
       v.appealed_at, v.outcome
FROM voiding v JOIN batch b ON b.id = v.batch_id WHERE v.worker_id = $1 ORDER BY v.id DESC LIMIT $2
"""


async def held_money(tx: Tx, worker_id: int) -> list[Held]:
    """What a worker has on hold, the newest batches first."""
    return [Held(*row) for row in await tx.rows(_HELD, worker_id)]


async def held_answers(tx: Tx, worker_id: int, batch_id: int, limit: int = 20) -> list[HeldAnswer]:
    """The answers behind it, the newest first."""
    return [
        HeldAnswer(
            id=row["id"], spec=await spec_of(tx, row["batch_id"], row["digest"]), payload=row["payload"],
            said=row["value"], amount=row["amount"], due_at=row["due_at"],
        )
        for row in await tx.rows(_HELD_ANSWERS, worker_id, batch_id, limit)
    ]  # fmt: skip


async def voidings_of(tx: Tx, worker_id: int, limit: int = 50) -> list[Voiding]:
    """What was voided of a worker, the latest first."""
    rows = await tx.rows(_OF_WORKER, worker_id, limit)
    return [
        Voiding(*(*row[:7], Ground(row["ground"]), *row[8:11], Outcome(row["outcome"]) if row["outcome"] else None))
        for row in rows
    ]


async def void(
    tx: Tx,
    worker_id: int,
    batch_id: int,
    *,
    reason: str,
    ground: Ground,
    by: str,
    answer_id: int | None = None,
    up_to: int | None = None,
    finding_id: int | None = None,
) -> int:
    """Void what a worker has on hold for one answer, or for all of a batch up to one; the id of the voiding.

    They are told at once, with the reason. Raises VoidingError where there is no reason, or nothing on hold, and where
    one answer goes back to its worker first (`crowd.redos`); what waits to be mended of what is voided is
    no more asked for.
    """
    told = tidy(reason)
    if not told:
        raise VoidingError(say("say why: the worker is told it"))
    await tx.run("SELECT FROM worker WHERE id = $1 FOR UPDATE", worker_id)
    await keep_from_closing(tx, batch_id)
    held = await tx.rows(_LOCK_HOLDS, worker_id, batch_id, answer_id, up_to)
    if not held:
        raise VoidingError(say("nothing of that is on hold any more: look at the page again"))
    if answer_id is not None and ground is Ground.OTHER:
        against = await before_voiding(tx, answer_id)
        if against is not None:
            raise VoidingError(against)
    amount = sum(row["amount"] for row in held)
    await withdraw(tx, [row["answer_id"] for row in held])
    voiding_id: int = await tx.value(
        _NOTE, worker_id, batch_id, amount, len(held), told, ground, finding_id, by, tx.now
    )
    await take_back(tx, batch_id, [Taken(voiding_id, row["answer_id"], row["amount"]) for row in held])
    await tell(tx, [voiding_id], VOIDED)
    detail = {
        "worker": worker_id, "batch": batch_id, "answers": len(held), "amount": amount, "reason": told,
        "ground": ground, "finding": finding_id,
    }  # fmt: skip
    await audit.note(tx, by, "money.void", voiding_id, detail)
    return voiding_id


async def pseudonym_of(tx: Tx, worker_id: int) -> str | None:
    """What staff call a worker; None where there is none such."""
    found: str | None = await tx.value("SELECT pseudonym FROM worker WHERE id = $1", worker_id)
    return found
