"""What a worker has earned: on hold, available, paid, and the task behind each line."""

from dataclasses import dataclass
from datetime import datetime

from crowd.batch import BatchSpec
from crowd.batches import spec_of
from crowd.kinds.base import Json
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Wallet:
    """A worker's money in one currency, micro-units."""

    currency: str
    held: int
    available: int
    paid: int


@dataclass(frozen=True, slots=True)
class Line:
    """One answer and what it earned."""

    spec: BatchSpec
    payload: Json
    said: Json
    earned: int
    """Micro-units of `spec.currency`."""
    answered_at: datetime
    held_until: datetime | None
    """None once released."""
    verdict: float | None
    """0 wrong .. 1 right, where the task was a gold."""
    right: Json
    explanation: dict[str, str]
    """Of a gold, per locale."""


@dataclass(frozen=True, slots=True)
class Earnings:
    """Wallets, and one page of lines, newest first."""

    wallets: tuple[Wallet, ...]
    lines: tuple[Line, ...]
    more: int | None
    """Hand this in as `before` for the next page; None on the last."""


PAGE = 5

_WALLETS = """
SELECT currency,
       coalesce(sum(balance) FILTER (WHERE kind = 'hold'), 0)::bigint AS held,
       coalesce(sum(balance) FILTER (WHERE kind = 'available'), 0)::bigint AS available,
       coalesce(sum(balance) FILTER (WHERE kind = 'paid'), 0)::bigint AS paid
FROM account WHERE owner = $1 AND kind IN ('hold', 'available', 'paid') GROUP BY currency ORDER BY currency
"""

# Of a re-test that is under way no verdict is told.
_LINES = """
SELECT a.id, a.batch_id, a.value, a.price, told.verdict, a.answered_at, t.payload, t.gold, b.digest, h.due_at
FROM answer a JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = a.batch_id
LEFT JOIN hold h ON h.answer_id = a.id
LEFT JOIN track r ON r.worker_id = a.worker_id AND r.kind = b.kind AND r.language = b.language
    AND r.trial_from IS NOT NULL AND r.trial_at <= a.answered_at
CROSS JOIN LATERAL (SELECT CASE WHEN r.worker_id IS NULL THEN a.verdict END AS verdict) told
WHERE a.worker_id = $1 AND a.id < $2 AND (NOT $4 OR told.verdict < 1)
  AND ($5::text IS NULL OR (b.kind = $5 AND b.language = $6))
ORDER BY a.id DESC LIMIT $3
"""


async def earnings(
    tx: Tx,
    worker_id: int,
    *,
    before: int | None = None,
    failed_only: bool = False,
    work: tuple[str, str] | None = None,
) -> Earnings:
    """A worker's wallets and the lines behind them; `failed_only`: of golds that were not answered right.

    `work` is the kind and language of the lines, where only those of one are wanted.
    """
    wallets = tuple(Wallet(**dict(row)) for row in await tx.rows(_WALLETS, worker_id))
    rows = await tx.rows(_LINES, worker_id, before or 2**62, PAGE + 1, failed_only, *(work or (None, None)))
    lines = [
        Line(
            spec=await spec_of(tx, row["batch_id"], row["digest"]),
            payload=row["payload"],
            said=row["value"],
            earned=row["price"],
            answered_at=row["answered_at"],
            held_until=row["due_at"],
            verdict=row["verdict"],
            right=row["gold"]["value"] if row["verdict"] is not None else None,
            explanation=(row["gold"].get("explanation") or {}) if row["verdict"] is not None else {},
        )
        for row in rows[:PAGE]
    ]
    return Earnings(wallets, tuple(lines), rows[PAGE - 1]["id"] if len(rows) > PAGE else None)
