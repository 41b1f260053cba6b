"""The price of a batch is raised, for all: what comes, what is in hands, and what was answered before.

While that is done nobody works on the batch, so there is one price at any time: who answered at the old one is paid
the difference at once, tasks in hands pay the new one, and a budget keeps the new one for what is still to come.
"""

from dataclasses import dataclass

from crowd.batches.locks import keep_others_out
from crowd.fairpay.onto import Owed, Purse, pay_on_top, purses_of
from crowd.money.purses import even_out_within
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a price is raised."""

    price: int
    """Micro-units for one answer: the new one."""
    slow_ms: int
    """Measured 75th percentile of an answer's time."""
    country: str
    """Whose floor asks for it."""
    per_hour: int
    """That floor, micro-units."""


@dataclass(frozen=True, slots=True)
class Raised:
    """It was raised, and so many were paid on top."""

    workers: int
    paid: int
    """Micro-units."""


@dataclass(frozen=True, slots=True)
class Short:
    """The money of the batch does not suffice; nothing was changed."""

    missing: int
    """Micro-units that workers would still have to be paid from."""


_BATCH = "SELECT price, purses, state, worth IS NOT NULL AS budget FROM batch WHERE id = $1 FOR NO KEY UPDATE"

_IN_HANDS = """
SELECT escrow_id, count(*)::int AS leases FROM lease WHERE batch_id = $1 AND redo_of IS NULL GROUP BY escrow_id
"""

_TO_COME = """
SELECT coalesce(sum(seats), 0)::bigint FROM task WHERE batch_id = $1 AND open AND gold IS NULL AND wanted IS NULL
"""

_WORKED = """
SELECT p.worker_id, p.earned, p.topped_up FROM participation p JOIN worker w ON w.id = p.worker_id
WHERE p.batch_id = $1 AND p.earned > 0 AND w.state <> 'forgotten' ORDER BY p.worker_id
"""

_NOTE = """
INSERT INTO pay_raise (batch_id, price_before, price, slow_ms, country, per_hour, at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
"""

_DEARER = "ceil(earned::numeric * $2 / $3)::bigint"
"""SQL of `_dearer`."""

_RAISE = f"""
WITH dearer AS (
    UPDATE batch SET price = $2, fair_price = NULL, short_by = NULL WHERE id = $1
), in_hands AS (
    UPDATE lease SET price = $2 WHERE batch_id = $1 AND redo_of IS NULL RETURNING escrow_id
), worked AS (
    UPDATE participation p SET
        earned = {_DEARER},
        topped_up = greatest(
            earned + topped_up - {_DEARER}, CASE WHEN w.state = 'forgotten' OR earned = 0 THEN NULL ELSE 0 END
        )
    FROM worker w WHERE p.batch_id = $1 AND w.id = p.worker_id
)
UPDATE account SET
    reserved = reserved + ($2 - $3) * (SELECT count(*) FROM in_hands WHERE escrow_id = account.id),
    kept = kept / $3 * $2
WHERE kind = 'escrow' AND owner = $1 AND slot < $4
"""  # noqa: S608


async def raise_price(tx: Tx, batch_id: int, why: Reason) -> Raised | Short | None:
    """Raise a batch's price; None where it is as high already, or the batch is closed.

    Where its money does not pay the new price for what is in hands, for what each task needs at least, and for what
    was answered already, nothing is changed.
    """
    batch = await tx.row(_BATCH, batch_id)
    if batch is None or batch["state"] == "closed" or batch["price"] >= why.price:
        return None
    await keep_others_out(tx, batch_id)
    await tx.run(
        "SELECT FROM lease WHERE batch_id = $1 ORDER BY id FOR UPDATE", batch_id
    )  # before purses, as everywhere
    await even_out_within(tx, batch_id)
    before, more = batch["price"], why.price - batch["price"]
    purses = await purses_of(tx, batch_id)
    leases = {row["escrow_id"]: row["leases"] for row in await tx.rows(_IN_HANDS, batch_id)}
    owed = [
        Owed(row["worker_id"], due)
        for row in await tx.rows(_WORKED, batch_id)
        if (due := _dearer(row["earned"], before, why.price) - row["earned"] - row["topped_up"]) > 0
    ]
    to_come = await tx.value(_TO_COME, batch_id)
    on_top = sum(each.amount for each in owed)
    there = sum(purse.balance - purse.reserved for purse in purses)
    wanted = on_top + more * sum(leases.values()) + why.price * to_come
    if there < wanted:
        return Short(wanted - there)
    free = {purse.id: purse.balance - _bound(purse, leases.get(purse.id, 0), before, why.price) for purse in purses}
    raise_id = await tx.value(
        _NOTE, batch_id, before, why.price, why.slow_ms, why.country, why.per_hour, tx.now
    )  # fmt: skip
    await pay_on_top(tx, batch_id, owed, free, price=why.price, raise_id=raise_id)
    await tx.run(_RAISE, batch_id, why.price, before, batch["purses"])
    return Raised(len(owed), on_top)


def _dearer(earned: int, before: int, price: int) -> int:
    """What was earned at one price, at another: of graded answers, parts of it. Part of a micro-unit is a whole one."""
    return -(-earned * price // before)


def _bound(purse: Purse, leases: int, before: int, price: int) -> int:
    """What of a purse is reserved or kept at the new price, micro-units."""
    return purse.reserved + leases * (price - before) + purse.kept // before * price
