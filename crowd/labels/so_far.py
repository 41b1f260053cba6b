"""The labels of a batch so far: their shares, the tasks behind them, and what workers reported as broken.

Nothing here grows with the batch. Tasks are numbered in a random order and handed out by number, so the first
thousands are a fair sample of all, and going back from the furthest cursor meets the latest labels first.
"""

from dataclasses import dataclass
from datetime import datetime

from crowd.kinds.base import Json
from db.database import Tx

SAMPLE = 10_000
"""Tasks that shares are taken from: all, in a batch no larger."""

_SHOWN = 20
_WINDOW = 10_000  # tasks that one page of a list looks through at most


@dataclass(frozen=True, slots=True)
class Share:
    """One label, among the settled tasks of the sample."""

    label: Json
    tasks: int
    unsure: int
    """Below the confidence that was asked for."""
    fair: int
    """In the lower half of what is above it."""
    sure: int
    """In the upper half."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How the settled tasks of the sample divide up."""

    shares: tuple[Share, ...]
    """The most frequent labels first, twenty at most."""
    labels: int
    """Different ones in the sample."""
    settled: int
    """Tasks in the sample that have a label."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer to a task."""

    pseudonym: str
    value: Json
    """None: I don't know."""
    ms: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A settled task."""

    id: int
    key: str
    payload: Json
    label: Json
    """None when it was taken out of the queue, or cannot be decided."""
    confidence: float | None
    settled_at: datetime
    reviewed: bool
    """A person decided it."""
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """Settled tasks, those handed out last first."""

    tasks: tuple[Labelled, ...]
    more: int | None
    """Hand this in as `before` for the next page; None on the last. A page may be short and yet have a next."""


@dataclass(frozen=True, slots=True)
class Report:
    """A worker says that an item is broken."""

    id: int
    key: str
    payload: Json
    reason: str | None
    pseudonym: str
    withdrawn: bool
    """The task was taken out of the queue for it."""
    at: datetime


_SHARES = """
WITH sample AS (
    SELECT t.label, t.confidence FROM batch b, LATERAL (
        SELECT * FROM task WHERE batch_id = b.id AND id >= b.first_task AND id < b.first_task + $2
    ) t
    WHERE b.id = $1 AND t.settled_at IS NOT NULL AND t.gold IS NULL AND t.label IS NOT NULL
), grouped AS (
    SELECT label, count(*) AS tasks,
           count(*) FILTER (WHERE confidence < $3) AS unsure,
           count(*) FILTER (WHERE confidence >= $3 AND confidence < (1 + $3) / 2) AS fair,
           count(*) FILTER (WHERE confidence >= (1 + $3) / 2) AS sure
    FROM sample GROUP BY label
)
SELECT *, count(*) OVER () AS labels, (sum(tasks) OVER ())::bigint AS settled
FROM grouped ORDER BY tasks DESC, label LIMIT $4
"""


async def label_shares(tx: Tx, batch_id: int, confidence: float) -> Shares:
    """How labels are shared out, and how sure they are. `confidence` is what the batch asks for."""
    rows = await tx.rows(_SHARES, batch_id, SAMPLE, confidence, _SHOWN)
    shares = tuple(Share(row["label"], row["tasks"], row["unsure"], row["fair"], row["sure"]) for row in rows)
    return Shares(shares, rows[0]["labels"] if rows else 0, rows[0]["settled"] if rows else 0)


_PAGE = """
WITH span AS (
    SELECT b.first_task, least($2::bigint, 1 + (
        SELECT coalesce(max(greatest(cursor, b.front)), b.front) FROM participation WHERE batch_id = b.id
    )) AS before
    FROM batch b WHERE b.id = $1
), near AS (
    SELECT t.* FROM span, LATERAL (
        SELECT * FROM task WHERE id < span.before AND id >= span.first_task AND id >= span.before - $3
        ORDER BY id DESC
    ) t
    WHERE t.settled_at IS NOT NULL AND t.gold IS NULL
      AND ($4::float IS NULL OR t.reviewed_at IS NULL AND (t.label IS NULL OR t.confidence < $4))
    ORDER BY t.id DESC LIMIT $5
)
SELECT n.*, span.before - $3 AS looked_to, span.first_task, coalesce(said.answers, '[]') AS said
FROM span LEFT JOIN near n ON true LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(w.pseudonym, a.value, a.ms) ORDER BY a.id) AS answers
    FROM answer a JOIN worker w ON w.id = a.worker_id WHERE a.task_id = n.id
) said ON true
ORDER BY n.id DESC
"""


async def settled_tasks(
    tx: Tx, batch_id: int, *, unsure_below: float | None = None, before: int | None = None, limit: int = 20
) -> LabelledPage:
    """A page of the settled tasks; with `unsure_below`, those without a label of that confidence."""
    rows = await tx.rows(_PAGE, batch_id, before or 2**62, _WINDOW, unsure_below, limit + 1)
    found = [row for row in rows if row["id"] is not None]
    tasks = tuple(
        Labelled(
            id=row["id"],
            key=row["key"],
            payload=row["payload"],
            label=row["label"],
            confidence=row["confidence"] if row["label"] is not None else None,
            settled_at=row["settled_at"],
            reviewed=row["reviewed_at"] is not None,
            said=tuple(Said(*entry) for entry in row["said"]),
        )
        for row in found[:limit]
    )
    if len(found) > limit:
        return LabelledPage(tasks, tasks[-1].id)
    ended = not rows or rows[0]["looked_to"] <= rows[0]["first_task"]
    return LabelledPage(tasks, None if ended else rows[0]["looked_to"])


_REPORTS = """
SELECT p.lease_id, t.key, t.payload, p.reason, w.pseudonym, t.withdrawn_at IS NOT NULL, p.at
FROM (
    SELECT * FROM passed WHERE batch_id = $1 AND way = 'reported' AND lease_id < $2 ORDER BY lease_id DESC LIMIT $3
) p
JOIN task t ON t.id = p.task_id JOIN worker w ON w.id = p.worker_id
ORDER BY p.lease_id DESC
"""


async def reports(tx: Tx, batch_id: int, *, before: int | None = None, limit: int = 20) -> list[Report]:
    """What was reported as broken, newest first. `before` is the id of the last one of the page before."""
    rows = await tx.rows(_REPORTS, batch_id, before or 2**62, limit)
    return [Report(*row) for row in rows]
