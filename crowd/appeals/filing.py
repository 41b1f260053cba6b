"""A worker appeals against a voiding: within 14 days, once, with a message that says why or without one."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from crowd import audit
from crowd.appeals.states import LONGEST_SAID, TO_ANSWER, TO_FILE, Ground
from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.lengths import chat_length
from db.database import Database, Tx

FORGOTTEN = timedelta(hours=1)
"""Who began to write why and went on with something else, is not taken to be writing it any more."""


@dataclass(frozen=True, slots=True)
class Only:
    """The answer that a voiding is about, where it is one."""

    id: int
    payload: Json
    said: Json


@dataclass(frozen=True, slots=True)
class Entry:
    """An appeal that its worker is about to send."""

    voiding_id: int
    spec: BatchSpec
    """Of the batch."""
    amount: int
    """Micro-units of `currency`."""
    currency: str
    answers: int
    reason: str
    """As in `crowd.money.earnings.Voided`, and so is the ground."""
    ground: Ground
    until: datetime
    said: str | None
    only: Only | None = None

    @property
    def mark(self) -> str:
        """Names what stands on the screen, so that nothing else is sent by its button."""
        return hashlib.sha256(f"{self.voiding_id}:{self.said or ''}".encode()).hexdigest()[:12]


class TooLongError(ValueError):
    """What was written has more than LONGEST_SAID characters."""


_ABOUT = """
SELECT v.id, v.batch_id, b.digest, v.amount, v.currency, v.answers, v.reason, v.ground, v.voided_at,
       {said} AS said, o.id AS only_id, o.payload, o.value
FROM {of} JOIN batch b ON b.id = v.batch_id
LEFT JOIN LATERAL (
    SELECT a.id, t.payload, a.value FROM voided_answer n JOIN answer a ON a.id = n.answer_id
    JOIN task t ON t.id = a.task_id WHERE n.voiding_id = v.id AND v.answers = 1
) o ON true
WHERE v.worker_id = $1 AND v.outcome IS NULL AND v.appealed_at IS NULL AND v.voided_at > $2 AND {which}
"""
_ENTRY = _ABOUT.format(said="e.said", of="appeal_entry e JOIN voiding v ON v.id = e.voiding_id",
                       which="e.worker_id = $1 AND e.at > $3")  # fmt: skip
_OPEN = _ABOUT.format(said="NULL::text", of="voiding v", which="v.id = $3")

_BEGIN = """
INSERT INTO appeal_entry (worker_id, voiding_id, at) VALUES ($1, $2, $3)
ON CONFLICT (worker_id) DO UPDATE SET
    said = CASE WHEN appeal_entry.voiding_id = excluded.voiding_id THEN appeal_entry.said END,
    voiding_id = excluded.voiding_id, at = excluded.at
"""

_FILE = """
UPDATE voiding SET appealed_at = $3, said = $4
WHERE id = $1 AND worker_id = $2 AND outcome IS NULL AND appealed_at IS NULL AND voided_at > $5
"""


async def begin(tx: Tx, worker_id: int, voiding_id: int) -> Entry | None:
    """Begin to appeal; None where it is too late, or there is an appeal. From then on their next text says why.

    The worker's row must be locked, as for all of these.
    """
    if await tx.row(_OPEN, worker_id, tx.now - TO_FILE, voiding_id) is None:
        return None
    await tx.run(_BEGIN, worker_id, voiding_id, tx.now)
    return await entry_of(tx, worker_id)


async def entry_of(tx: Tx, worker_id: int) -> Entry | None:
    """The appeal that a worker is about to send, if there is one."""
    row = await tx.row(_ENTRY, worker_id, tx.now - TO_FILE, tx.now - FORGOTTEN)
    if row is None:
        return None
    return Entry(
        voiding_id=row["id"], spec=await spec_of(tx, row["batch_id"], row["digest"]), amount=row["amount"],
        currency=row["currency"], answers=row["answers"], reason=row["reason"], ground=Ground(row["ground"]),
        until=row["voided_at"] + TO_FILE, said=row["said"],
        only=Only(row["only_id"], row["payload"], row["value"]) if row["only_id"] is not None else None,
    )  # fmt: skip


async def write(tx: Tx, worker_id: int, text: str) -> Entry | None:
    """Say why, in place of what was said before; None where no appeal was begun. Raises TooLongError."""
    if await entry_of(tx, worker_id) is None:
        return None
    said = text.replace("\0", "").strip()
    if chat_length(said) > LONGEST_SAID:
        raise TooLongError
    await tx.run("UPDATE appeal_entry SET said = $2, at = $3 WHERE worker_id = $1", worker_id, said or None, tx.now)
    return await entry_of(tx, worker_id)


async def cancel(tx: Tx, worker_id: int) -> None:
    """Send nothing. It can be begun again."""
    await tx.run("DELETE FROM appeal_entry WHERE worker_id = $1", worker_id)


async def file(tx: Tx, worker_id: int, mark: str) -> datetime | None:
    """Send the appeal that `mark` names; until when it is answered. None where there is none such any more."""
    entry = await entry_of(tx, worker_id)
    if entry is None or entry.mark != mark:
        return None
    await cancel(tx, worker_id)
    if not await tx.run(_FILE, entry.voiding_id, worker_id, tx.now, entry.said, tx.now - TO_FILE):
        return None
    await audit.note(tx, f"worker {worker_id}", "appeal.file", entry.voiding_id, {"said": entry.said})
    return tx.now + TO_ANSWER


async def forget_appeals_begun(database: Database) -> int:
    """Forget what was begun and never sent."""
    async with database.transaction() as tx:
        return await tx.run("DELETE FROM appeal_entry WHERE at <= $1", tx.now - FORGOTTEN)
