"""Nobody ends with less for an hour than the floor of their country: who was slower than most is paid what is missing.

A price follows what three of four workers need. Of the rest, each is paid on top: the time they were at work, at the
floor, less what they got. It is done while a batch runs, once that is worth a notice, and at its end to the last
micro-unit. Who is paused, since checks say that they do not know the work, is left out.
"""

from dataclasses import dataclass

from crowd import audit
from crowd.fairpay.floors import Floors, read_floors
from crowd.fairpay.hours import due_for
from crowd.fairpay.onto import Owed, Purse, pay_on_top, purses_of
from crowd.money.purses import even_out_within
from db.database import Tx

LEAST_ANSWERS = 20
"""While a batch runs: nobody is topped up on fewer answers, since the first ones take long."""

_LEAST = 5
"""While a batch runs: a top-up is worth so many answers at least."""


@dataclass(frozen=True, slots=True)
class Topped:
    """What was paid on top."""

    workers: int
    paid: int
    """Micro-units."""
    missing: int
    """What the money of the batch did not suffice for, micro-units."""


_WORKED = """
SELECT p.worker_id, p.active_ms, p.earned + p.topped_up AS got, -p.topped_up AS due, p.answers, w.country,
       b.price, b.currency
FROM batch b
JOIN participation p ON p.batch_id = b.id AND p.answers > 0
JOIN worker w ON w.id = p.worker_id
LEFT JOIN track r ON r.worker_id = p.worker_id AND r.kind = b.kind AND r.language = b.language
WHERE b.id = $1 AND r.paused_at IS NULL AND w.state <> 'forgotten' ORDER BY p.worker_id
"""

_PRICE = "SELECT price FROM batch WHERE id = $1"

_TOPPED = """
UPDATE participation SET topped_up = topped_up + owed.amount
FROM unnest($2::bigint[], $3::bigint[]) AS owed (worker_id, amount)
WHERE batch_id = $1 AND participation.worker_id = owed.worker_id
"""


async def settle_pay(tx: Tx, batch_id: int) -> Topped:
    """Pay everybody what is missing, at the end of a batch. Nobody may work on it any more."""
    done = await top_up(tx, batch_id, await read_floors(tx), end=True)
    if done.missing:
        await audit.note(tx, "kazi", "pay.short", batch_id, {"missing": done.missing})
    return done


async def top_up(tx: Tx, batch_id: int, floors: Floors, *, end: bool = False) -> Topped:
    """Pay on top who got less for an hour than the floor, as far as there is money: the largest lack first.

    Others must be kept out (`crowd.batches.locks`). What is reserved or kept for tasks is not touched, nor, before the
    `end`, what tasks still need.
    """
    owed = await _owed(tx, batch_id, floors, end=end)
    if not owed:
        return Topped(0, 0, 0)
    await even_out_within(tx, batch_id)
    purses = await purses_of(tx, batch_id)
    free = {purse.id: _free(purse, end=end) for purse in purses}
    there = max(0, sum(free.values()) - (0 if end else await _needed(tx, batch_id, purses)))
    paid: list[Owed] = []
    for each in owed:
        amount = min(each.amount, there)
        if amount:
            paid.append(Owed(each.worker_id, amount))
            there -= amount
    await pay_on_top(tx, batch_id, paid, free, price=await tx.value(_PRICE, batch_id))
    await tx.run(_TOPPED, batch_id, [each.worker_id for each in paid], [each.amount for each in paid])
    total = sum(each.amount for each in paid)
    return Topped(len(paid), total, sum(each.amount for each in owed) - total)


def _free(purse: Purse, *, end: bool) -> int:
    return purse.balance - purse.reserved - (0 if end else purse.kept)


async def _owed(tx: Tx, batch_id: int, floors: Floors, *, end: bool) -> list[Owed]:
    found = []
    for row in await tx.rows(_WORKED, batch_id):
        per_hour = floors.per_hour(row["country"], row["currency"])
        missing = due_for(per_hour, row["active_ms"]) - row["got"]
        if not (end or (row["answers"] >= LEAST_ANSWERS and missing >= _LEAST * row["price"])):
            missing = 0
        # What was voided and given back had been paid at the price of its day.
        if (owed := max(missing, row["due"])) > 0:
            found.append(Owed(row["worker_id"], owed))
    return sorted(found, key=lambda each: (-each.amount, each.worker_id))


_TO_COME = """
SELECT b.price * coalesce((
    SELECT sum(seats) FROM task WHERE batch_id = b.id AND open AND gold IS NULL AND wanted IS NULL
), 0)::bigint FROM batch b WHERE b.id = $1
"""


async def _needed(tx: Tx, batch_id: int, purses: list[Purse]) -> int:
    """Without a budget nothing is kept for the least answers of tasks: what they cost, micro-units."""
    if any(purse.kept for purse in purses):
        return 0
    return int(await tx.value(_TO_COME, batch_id))
