"""What a worker has earned: on hold, available, paid, and the task behind each line."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import asyncpg

from crowd.appeals.states import TO_ANSWER, TO_FILE, Ground, Outcome
from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.golds.rate import LEARNING
from crowd.kinds.base import Json
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Wallet:
    """A worker's money in one currency, micro-units."""

    currency: str
    held: int
    available: int
    requested: int
    """Asked for, and not yet paid out."""
    paid: int
    voided: int = 0
    """Taken back, and not yet for good: an appeal may still be filed, or is under way."""


@dataclass(frozen=True, slots=True)
class Voided:
    """Why a line is not paid, and what can be done, or came of it."""

    id: int
    """Of the voiding."""
    reason: str
    """In words; of a grade, `half` or `nothing`: what is paid."""
    ground: Ground
    amount: int
    """Of all its answers, micro-units."""
    appeal_until: datetime | None
    """Until then an appeal can be filed; None where none can be, any more."""
    answer_by: datetime | None
    """By then an appeal under way is answered."""
    outcome: Outcome | None
    decision: str | None


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
    answer_id: int
    """That of its lease: it tells in what form the worker saw the task."""
    voided: Voided | None = None
    contested: bool = False
    """The worker has said that the check is wrong."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What the golds of one day said of a worker."""

    day: date
    """In UTC."""
    golds: int
    right: float
    """Sum of verdicts, 0..golds."""


@dataclass(frozen=True, slots=True)
class OnTop:
    """What was paid for a batch on top of what its answers earned."""

    title: dict[str, str]
    """Of the batch, per locale; may be empty."""
    name: str
    amount: int
    """Micro-units of `currency`."""
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A bonus."""

    reason: str | None
    """In words; None: for somebody who was invited."""
    amount: int
    """Micro-units of `currency`."""
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Earnings:
    """Wallets, and one page of lines, newest first."""

    wallets: tuple[Wallet, ...]
    lines: tuple[Line, ...]
    more: int | None
    """Hand this in as `before` for the next page; None on the last."""
    checks: Checks | None = None
    """Of the last day of which they are told, if there is any; not beside `failed_only`."""
    on_top: tuple[OnTop, ...] = ()
    """The latest, on the first page alone."""
    bonuses: tuple[Given, ...] = ()
    """The same of bonuses."""


PAGE = 5

_WALLETS = """
SELECT currency,
       coalesce(sum(balance) FILTER (WHERE kind = 'hold'), 0)::bigint AS held,
       coalesce(sum(balance) FILTER (WHERE kind = 'available'), 0)::bigint AS available,
       coalesce(sum(balance) FILTER (WHERE kind = 'requested'), 0)::bigint AS requested,
       coalesce(sum(balance) FILTER (WHERE kind = 'paid'), 0)::bigint AS paid,
       (SELECT coalesce(sum(amount), 0)::bigint FROM voiding v
        WHERE v.worker_id = $1 AND v.currency = account.currency AND v.outcome IS NULL) AS voided
FROM account WHERE owner = $1 AND kind IN ('hold', 'available', 'requested', 'paid') GROUP BY currency ORDER BY currency
"""

# While a worker learns, and once they are paused, what golds say of them is told at once; else from the next day on,
# all of a day together: told with each answer, it would tell which tasks are golds. Of a re-test under way nothing is.
TELLABLE = f"""
    a.verdict IS NOT NULL
    AND (r.trial_from IS NULL OR r.trial_at > a.answered_at)
    AND ($3 OR r.golds <= {LEARNING} OR r.paused_at IS NOT NULL OR a.answered_at < $2)
"""

_LINES = f"""
SELECT a.id, a.batch_id, a.value, a.price, told.verdict, a.answered_at, t.payload, t.gold, b.digest, h.due_at,
       v.id AS voiding_id, v.reason, v.ground, v.amount, v.voided_at, v.appealed_at, v.outcome, v.decision,
       EXISTS (SELECT FROM contest c WHERE c.task_id = a.task_id AND c.worker_id = a.worker_id) AS contested
FROM answer a JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = a.batch_id
LEFT JOIN hold h ON h.answer_id = a.id
LEFT JOIN voided_answer va ON va.answer_id = a.id LEFT JOIN voiding v ON v.id = va.voiding_id
LEFT JOIN track r ON r.worker_id = a.worker_id AND r.kind = b.kind AND r.language = b.language
CROSS JOIN LATERAL (SELECT CASE WHEN {TELLABLE} THEN a.verdict END AS verdict) told
WHERE a.worker_id = $1 AND a.id < $4 AND (NOT $6 OR told.verdict < 1)
  AND ($7::text IS NULL OR (b.kind = $7 AND b.language = $8))
ORDER BY a.id DESC LIMIT $5
"""  # noqa: S608

_LOOKED = 1000
_BUNDLE = f"""
WITH told AS (
    SELECT a.verdict, date_trunc('day', a.answered_at, 'UTC') AS day
    FROM (SELECT * FROM answer WHERE worker_id = $1 ORDER BY id DESC LIMIT {_LOOKED}) a
    JOIN batch b ON b.id = a.batch_id
    JOIN track r ON r.worker_id = a.worker_id AND r.kind = b.kind AND r.language = b.language
    WHERE {TELLABLE}
)
SELECT day, count(*)::int AS golds, sum(verdict) AS "right" FROM told
WHERE day = (SELECT max(day) FROM told) GROUP BY day
"""  # noqa: S608


_ON_TOP = """
SELECT b.spec -> 'title' AS title, b.name, t.amount, b.currency, t.at
FROM top_up t JOIN batch b ON b.id = t.batch_id WHERE t.worker_id = $1 ORDER BY t.id DESC LIMIT 3
"""

_BONUSES = "SELECT reason, amount, currency, at FROM bonus WHERE worker_id = $1 ORDER BY id DESC LIMIT 3"


async def earnings(
    tx: Tx,
    worker_id: int,
    *,
    before: int | None = None,
    failed_only: bool = False,
    work: tuple[str, str] | None = None,
    at_once: bool = False,
) -> Earnings:
    """A worker's wallets and the lines behind them; `failed_only`: of golds that were not answered right.

    `work` is the kind and language of the lines, where only those of one are wanted. `at_once`: what golds of today say
    is not left for tomorrow.
    """
    wallets = tuple(Wallet(**dict(row)) for row in await tx.rows(_WALLETS, worker_id))
    today = tx.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = await tx.rows(
        _LINES, worker_id, today, at_once, before or 2**62, PAGE + 1, failed_only, *(work or (None, None))
    )
    bundle = None if failed_only else await tx.row(_BUNDLE, worker_id, today, at_once)
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
            answer_id=row["id"],
            voided=_voided(tx.now, row),
            contested=row["contested"],
        )
        for row in rows[:PAGE]
    ]
    more = rows[PAGE - 1]["id"] if len(rows) > PAGE else None
    checks = Checks(bundle["day"].date(), bundle["golds"], bundle["right"]) if bundle else None
    first = before is None and not failed_only
    on_top = tuple(OnTop(*row) for row in await tx.rows(_ON_TOP, worker_id)) if first else ()
    bonuses = tuple(Given(*row) for row in await tx.rows(_BONUSES, worker_id)) if first else ()
    return Earnings(wallets, tuple(lines), more, checks, on_top, bonuses)


def _voided(now: datetime, row: asyncpg.Record) -> Voided | None:
    if row["voiding_id"] is None:
        return None
    ended, filed = row["outcome"] is not None, row["appealed_at"] is not None
    until = row["voided_at"] + TO_FILE
    return Voided(
        id=row["voiding_id"], reason=row["reason"], ground=Ground(row["ground"]),
        amount=row["amount"],
        appeal_until=until if not (ended or filed) and until > now else None,
        answer_by=row["appealed_at"] + TO_ANSWER if filed and not ended else None,
        outcome=Outcome(row["outcome"]) if ended else None, decision=row["decision"],
    )  # fmt: skip
