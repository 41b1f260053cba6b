"""What a requester sees of batches: how far they are, what they cost. Quick however large a batch is."""

from dataclasses import dataclass, fields
from datetime import datetime

import asyncpg

from crowd.batches.life import spec_of
from crowd.batches.spec import MICRO, BatchSpec
from crowd.batches.waiting import NEEDS_MONEY, NEEDS_PARITY, NEEDS_SOMETHING, Need
from crowd.labels.so_far import SAMPLE
from crowd.money.escrow import FEE_SLOT
from crowd.pilots.states import Pilot, PilotState
from db.database import Tx


@dataclass(frozen=True, slots=True)
class BatchCard:
    """One batch at a glance. Money is in micro-units of `currency`."""

    id: int
    slug: str
    name: str
    kind: str
    language: str
    state: str
    state_reason: str | None
    tasks: int
    """Without golds."""
    golds: int
    practice: int
    """Practice tasks, which are neither tasks nor golds."""
    settled: int
    """Tasks that are done, whether sure of their label or not."""
    unsure: int
    """Of the settled: those whose label stayed below the confidence that was asked for."""
    reported: int
    """Reports that an item is broken."""
    answers: int
    gold_answers: int
    """Of the answers: those to golds."""
    workers: int
    """Who answered at least once."""
    price: int
    """Of one answer."""
    currency: str
    funded: int
    """Put in by the requester."""
    spent: int
    """Earned by workers."""
    left: int
    """Neither spent nor owed as a fee on what was spent; nothing once the batch is closed."""
    fee: int
    """The house's, on what was spent so far."""
    budget: int | None
    """What workers may earn in all, where the requester stated it."""
    confidence: float | None
    """With a budget: how sure labels are so far, 0..1, the mean of the first thousands of tasks; None before any."""
    pace_ms: int | None
    """Median time of an answer, milliseconds; None until enough was measured."""
    per_hour: int | None
    """What a worker earns in an hour at that pace."""
    slow_per_hour: int | None
    """What three of four earn in an hour at least; None until enough was measured."""
    fair_price: int | None
    """It is paused, since its money does not pay this price, which measured times ask for."""
    short_by: int | None
    """What workers would have to be paid from beside what there is, so that it goes on; None where it wants none."""
    created_at: datetime
    closed_at: datetime | None
    judges: int | None
    """The batch whose answers its tasks are."""
    judged_in: int | None
    """The batch in which its answers are judged."""
    pilot: Pilot | None
    """None where it is too small for one, or was posted before there were any."""
    flagged: bool
    """A flag stands on one of its languages: see `crowd.parity`."""

    @property
    def needs(self) -> tuple[Need, ...]:
        """What it waits for that only its requester can do, the most pressing first."""
        found = []
        if self.short_by is not None:
            found.append(Need.MONEY)
        if self.pilot is not None and self.pilot.state is PilotState.READY and self.state != "closed":
            found.append(Need.PILOT)
        if self.flagged and self.state != "closed":
            found.append(Need.PARITY)
        return tuple(found)

    @property
    def returned(self) -> int:
        """Given back to the requester when the batch was closed."""
        return self.funded - self.spent - self.fee - self.left

    @property
    def progress(self) -> float:
        """Share of the tasks that are settled, 0..1."""
        if not self.tasks:  # judges wait for what will be brought
            return 0.0 if self.judges is not None else 1.0
        return self.settled / self.tasks


# Purses are few for each batch, and the transfers that fill and empty them at its ends are found by their index:
# what workers earned is what went in less what is there, never a sum over answers. What was voided, and came back when
# the batch was closed already, was not earned.
_CARDS = """
SELECT b.id, b.slug, b.name, b.kind, b.language, b.state, b.state_reason, b.tasks, b.golds, b.price, b.currency,
       b.pace_ms, b.price * 3600000 / b.pace_ms AS per_hour,
       b.price * 3600000 / b.slow_ms AS slow_per_hour, b.fair_price, b.created_at, b.closed_at,
       CASE WHEN {needs_money} THEN coalesce(b.short_by, 0) END AS short_by,
       b.judges, (SELECT id FROM batch WHERE judges = b.id) AS judged_in,
       pilot.state AS pilot_state, pilot.tasks AS pilot_tasks, pilot.began_at, pilot.ready_at, pilot.ended_at,
       pilot.ended_by, pilot.reason AS pilot_reason,
       done.*, people.*, money.*, ((b.spec ->> 'budget')::numeric * {micro})::bigint AS budget,
       CASE WHEN b.worth IS NOT NULL THEN (
           SELECT avg(confidence) FROM task
           WHERE id BETWEEN b.first_task AND least(b.last_task, b.first_task + {sample} - 1)
             AND gold IS NULL AND label IS NOT NULL AND answers > 0
       ) END AS confidence,
       (SELECT count(*) FROM practice_task WHERE batch_id = b.id) AS practice, {needs_parity} AS flagged
FROM batch b LEFT JOIN pilot ON pilot.batch_id = b.id, LATERAL (
    SELECT coalesce(sum(answers), 0) AS answers, coalesce(sum(gold_answers), 0) AS gold_answers,
           coalesce(sum(settled), 0) AS settled, coalesce(sum(unsure), 0) AS unsure,
           coalesce(sum(reported), 0) AS reported
    FROM tally WHERE batch_id = b.id
) done, LATERAL (
    SELECT count(*) FILTER (WHERE answers > 0) AS workers FROM participation WHERE batch_id = b.id
) people, LATERAL (
    SELECT coalesce(sum(funded), 0)::bigint AS funded,
           coalesce(sum(funded) FILTER (WHERE slot = {fee_slot}), 0)::bigint AS funded_fee,
           coalesce(sum(funded - returned - balance) FILTER (WHERE slot < {fee_slot}), 0)::bigint
               - (SELECT coalesce(sum(t.amount), 0)::bigint
                  FROM account v JOIN transfer t ON t.debit = v.id
                  JOIN account w ON w.id = t.credit AND w.kind = 'world'
                  WHERE v.kind = 'voided' AND v.owner = b.id) AS spent,
           (SELECT amount FROM transfer WHERE reason = 'fee' AND ref = b.id) AS fee_taken
    FROM (
        SELECT e.slot, e.balance,
               (SELECT coalesce(sum(amount), 0) FROM transfer
                WHERE credit = e.id AND reason IN ('fund', 'add')) AS funded,
               coalesce((SELECT amount FROM transfer WHERE reason = 'refund' AND ref = e.id), 0) AS returned
        FROM account e WHERE e.kind = 'escrow' AND e.owner = b.id
    ) purse
) money
WHERE {which}
ORDER BY b.id DESC LIMIT {limit}
"""

_SIZES = {
    "fee_slot": FEE_SLOT,
    "micro": MICRO,
    "sample": SAMPLE,
    "needs_money": NEEDS_MONEY,
    "needs_parity": NEEDS_PARITY,
}

_MANY_CARDS = _CARDS.format(
    which="b.id < $1 AND ($2::bigint IS NULL OR b.requester_id = $2) AND ($3::text IS NULL OR b.state = $3) "
    f"AND (NOT $5 OR {NEEDS_SOMETHING})",
    limit="$4::int",
    **_SIZES,
)
_ONE_CARD = _CARDS.format(which="b.id = $1 AND ($2::bigint IS NULL OR b.requester_id = $2)", limit="1", **_SIZES)

_PLAIN = tuple(field.name for field in fields(BatchCard) if field.name not in {"left", "fee", "pilot"})


def _card(row: asyncpg.Record) -> BatchCard:
    plain = {name: row[name] for name in _PLAIN} | {"pilot": _pilot(row)}
    funded, funded_fee, spent = row["funded"], row["funded_fee"], row["spent"]
    if row["state"] == "closed":
        return BatchCard(**plain, left=0, fee=row["fee_taken"] or 0)
    labour = funded - funded_fee
    fee = round(funded_fee * spent / labour) if labour else 0
    return BatchCard(**plain, left=funded - spent - fee, fee=fee)


def _pilot(row: asyncpg.Record) -> Pilot | None:
    if row["pilot_state"] is None:
        return None
    return Pilot(
        PilotState(row["pilot_state"]), row["pilot_tasks"], row["began_at"], row["ready_at"], row["ended_at"],
        row["ended_by"], row["pilot_reason"],
    )  # fmt: skip


async def batch_cards(
    tx: Tx,
    *,
    requester_id: int | None = None,
    state: str | None = None,
    waiting: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> list[BatchCard]:
    """Batches, the newest first: of one requester or of all, in one state or in any, or only those that need something.

    `before` is the id of the last batch of the page before.
    """
    rows = await tx.rows(_MANY_CARDS, before or 2**62, requester_id, state, limit, waiting)
    return [_card(row) for row in rows]


async def batch_card(tx: Tx, batch_id: int, *, requester_id: int | None = None) -> BatchCard | None:
    """One batch; None when there is none of that id, or when it is not that requester's."""
    row = await tx.row(_ONE_CARD, batch_id, requester_id)
    return _card(row) if row else None


async def batch_spec(tx: Tx, batch_id: int) -> BatchSpec:
    """What a batch that is there asks for."""
    return await spec_of(tx, batch_id, await tx.value("SELECT digest FROM batch WHERE id = $1", batch_id))
