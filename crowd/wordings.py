"""Words of the chat that workers say are wrong in their language: noted for whoever keeps the catalogs."""

from dataclasses import dataclass
from datetime import datetime

from crowd import audit
from db.database import Tx

LONGEST_BETTER = 500
"""Characters."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of the chat, and what a worker says of it."""

    id: int
    locale: str
    message: str
    """The English text, by which catalogs know it."""
    said: str
    """How the locale said it then."""
    better: str | None
    """How it ought to be said, by that worker."""
    at: datetime
    ended_by: str | None


async def set_pointing(tx: Tx, worker_id: int, *, on: bool) -> None:
    """Whether a worker's screens have a button that says that words on them are wrong."""
    await tx.run("UPDATE worker SET points_out = $2 WHERE id = $1", worker_id, on)


async def point_out(tx: Tx, worker_id: int, locale: str, message: str, said: str) -> None:
    """Note that a text is wrong. Said twice by the same worker, it is noted once."""
    await tx.run(
        """
        INSERT INTO wording (worker_id, locale, message, said, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (worker_id, locale, message) WHERE ended_at IS NULL
        DO UPDATE SET at = excluded.at, said = excluded.said
        """,
        worker_id, locale, message, said, tx.now,
    )  # fmt: skip


async def say_better(tx: Tx, worker_id: int, better: str) -> Wording | None:
    """How the text that a worker pointed out last ought to be said; None where there is none that is still open."""
    row = await tx.row(
        """
        UPDATE wording SET better = $2 WHERE id = (
            SELECT id FROM wording WHERE worker_id = $1 AND ended_at IS NULL ORDER BY at DESC, id DESC LIMIT 1
        ) RETURNING id, locale, message, said, better, at, ended_by
        """,
        worker_id, better[:LONGEST_BETTER],
    )  # fmt: skip
    return Wording(*row) if row else None


async def wordings(tx: Tx, *, locale: str | None, ended: bool, limit: int) -> list[Wording]:
    """Those that wait, or those that staff have seen to; of one locale, or all. The oldest first."""
    rows = await tx.rows(
        """
        SELECT id, locale, message, said, better, at, ended_by FROM wording
        WHERE ($1::text IS NULL OR locale = $1) AND (ended_at IS NOT NULL) = $2 ORDER BY locale, message, id LIMIT $3
        """,
        locale, ended, limit,
    )  # fmt: skip
    return [Wording(*row) for row in rows]


async def end(tx: Tx, wording_id: int, *, by: str) -> bool:
    """Staff have seen to it: the catalog was mended, or is right. False for one that does not wait."""
    done = await tx.run(
        "UPDATE wording SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL", wording_id, tx.now, by
    )
    if done:
        await audit.note(tx, by, "wording.end", wording_id, {})
    return bool(done)
