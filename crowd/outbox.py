"""What others must be told. Written in the transaction that makes it true, sent after it, by one paced sender."""

from dataclasses import dataclass, fields
from datetime import timedelta

from crowd.kinds.base import Json
from db.database import Tx

LEASE_S = 60
"""Seconds after which a notice that a sender took and never settled is taken again."""

ASKED_FOR = [
    "payout", "details_changed", "released", "top_up", "bonus", "voided", "appeal", "graded", "check_stands", "export",
]  # fmt: skip
"""Subjects of which also who said /stop, or has not joined yet, wants to hear: their money and data are theirs."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell a person."""

    id: int
    person_id: int
    locale: str
    subject: str
    content: Json
    tries: int
    wanted: bool
    """The person has not blocked the bot since, nor stopped, unless it is of what they asked for."""


async def take(tx: Tx, most: int) -> list[Notice]:
    """Take notices that are due. They come again after LEASE_S unless settled."""
    rows = await tx.rows(
        """
        WITH due AS (
            SELECT id FROM outbox WHERE sent_at IS NULL AND failed IS NULL AND due_at <= $1
            ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE outbox SET due_at = $3, tries = tries + 1 FROM due WHERE outbox.id = due.id RETURNING outbox.*
        )
        SELECT taken.*, w.locale,
               w.state = 'active' OR (w.state IN ('stopped', 'joining') AND taken.subject = ANY($4)) AS wanted
        FROM taken JOIN worker w USING (person_id) ORDER BY taken.id
        """,
        tx.now, most, tx.now + timedelta(seconds=LEASE_S), ASKED_FOR,
    )  # fmt: skip
    return [Notice(**{field.name: row[field.name] for field in fields(Notice)}) for row in rows]


async def sent(tx: Tx, notice_id: int) -> None:
    """A notice reached the chat network."""
    await tx.run("UPDATE outbox SET sent_at = $2 WHERE id = $1", notice_id, tx.now)


async def put_off(tx: Tx, notice_id: int, seconds: float) -> None:
    """Try a notice again later."""
    await tx.run("UPDATE outbox SET due_at = $2 WHERE id = $1", notice_id, tx.now + timedelta(seconds=seconds))


async def give_up(tx: Tx, notice_id: int, why: str) -> None:
    """A notice cannot reach its person."""
    await tx.run("UPDATE outbox SET failed = $2 WHERE id = $1", notice_id, why)
