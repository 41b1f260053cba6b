"""What went back to a worker, and what could, for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crowd.kinds.base import Json
from crowd.redos.asking import SENDABLE
from crowd.redos.states import Outcome
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Redo:
    """An answer that went back to its worker."""

    answer_id: int
    batch_id: int
    batch: str
    """Its name."""
    payload: Json
    said: Json
    """As the answer is now."""
    before: Json
    """As it was; of one that was fixed."""
    word: str | None
    """What judges found."""
    reason: str | None
    asked_by: str
    asked_at: datetime
    due_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None


_OF_WORKER = """
SELECT r.answer_id, r.batch_id, b.name, t.payload, a.value, r.before, r.word, r.reason, r.asked_by, r.asked_at,
       r.due_at, r.ended_at, r.outcome
FROM redo r JOIN answer a ON a.id = r.answer_id JOIN task t ON t.id = r.task_id JOIN batch b ON b.id = r.batch_id
WHERE r.worker_id = $1 ORDER BY r.answer_id DESC LIMIT $2
"""

_SENDABLE = f"""
SELECT a.id FROM answer a JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = a.batch_id
JOIN worker w ON w.id = a.worker_id
WHERE a.id = ANY($1) AND {SENDABLE} AND NOT EXISTS (SELECT FROM redo WHERE answer_id = a.id)
"""  # noqa: S608


async def redos_of(tx: Tx, worker_id: int, limit: int = 50) -> list[Redo]:
    """What went back to a worker, the newest answers first."""
    rows = await tx.rows(_OF_WORKER, worker_id, limit)
    return [Redo(*(*row[:12], Outcome(row["outcome"]) if row["outcome"] else None)) for row in rows]


async def sendable(tx: Tx, answers: Sequence[int]) -> frozenset[int]:
    """Which of these answers can be sent back."""
    return frozenset(row["id"] for row in await tx.rows(_SENDABLE, list(answers)))
