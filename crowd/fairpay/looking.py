"""Pay is looked at again as a batch goes: the price follows the time that tasks take, or the batch pauses and asks.

Each 50 answers, the time in which three of four answers are given is held against the floors of the countries its
workers are in. Where an hour pays less, the price is raised, and all that was answered is topped up. Where the money
does not suffice, the batch is paused until its requester puts in more, or closes it.
"""

from contextlib import suppress

import asyncpg

from crowd import audit
from crowd.batches.life import UNDERPAID, State, set_state, spec_of
from crowd.batches.locks import keep_others_out
from crowd.fairpay.expected import pay_at
from crowd.fairpay.floors import Floors, read_floors
from crowd.fairpay.hours import price_for
from crowd.fairpay.raising import Reason, Short, raise_price
from crowd.fairpay.topping import top_up
from db.database import Database, Tx

EACH = 50
"""Answers from one look to the next."""

_MATTERS = 0.1
"""A country with this share of the answers or more is one whose floor the price follows. Workers elsewhere are topped
up one by one, and nobody else from there is offered the batch."""

_ANSWERS = "(SELECT coalesce(sum(answers), 0)::int FROM tally WHERE batch_id = b.id)"
_SETTLED = "(SELECT coalesce(sum(settled), 0)::int FROM tally WHERE batch_id = b.id)"

# Judges have no last task before the batch whose answers they judge is closed.
_DONE = f"""(
    {_SETTLED} >= b.tasks
    AND (b.judges IS NULL OR EXISTS (SELECT FROM batch judged WHERE judged.id = b.judges AND judged.state = 'closed'))
)"""

# Without a budget nothing is kept for the least answers, and a raise leaves less for all: a batch may run out of money.
_DRY = f"""(
    b.worth IS NULL AND {_SETTLED} < b.tasks
    AND NOT EXISTS (SELECT FROM account WHERE kind = 'escrow' AND owner = b.id AND slot < b.purses
                    AND balance - reserved >= b.price)
    AND NOT EXISTS (SELECT FROM lease WHERE batch_id = b.id AND redo_of IS NULL)
)"""  # noqa: S608

# The last answers of all are looked at too, however few they are, and who is owed something since an appeal.
_DUE = f"""
SELECT id FROM (
    SELECT b.id, b.pay_looked, {_ANSWERS} AS answers, {_DONE} AS done, {_DRY} AS dry,
           EXISTS (SELECT FROM participation WHERE batch_id = b.id AND topped_up < 0) AS owes
    FROM batch b WHERE state = 'open'
) b
WHERE pay_looked < 0 OR answers >= pay_looked + {EACH} OR (answers > pay_looked AND done) OR dry OR owes
ORDER BY id
"""  # noqa: S608

_BATCH = f"""
SELECT b.digest, b.state, b.price, b.currency, b.pace_ms, b.slow_ms, b.takes_ms, {_ANSWERS} AS answers,
       {_DONE} AS done, {_DRY} AS dry
FROM batch b WHERE b.id = $1 FOR NO KEY UPDATE
"""  # noqa: S608

_LACKS = """
SELECT b.price * (SELECT coalesce(sum(seats), 0) FROM task WHERE batch_id = b.id AND open AND gold IS NULL)::bigint
       - (SELECT coalesce(sum(balance - reserved), 0)::bigint FROM account
          WHERE kind = 'escrow' AND owner = b.id AND slot < b.purses)
FROM batch b WHERE b.id = $1
"""

_WHERE_FROM = """
SELECT w.country, sum(p.answers)::int AS answers
FROM participation p JOIN worker w ON w.id = p.worker_id WHERE p.batch_id = $1 AND p.answers > 0 GROUP BY w.country
"""

_LOOKED = "UPDATE batch SET pay_looked = $2, underpays = $3, fair_price = $4, short_by = $5 WHERE id = $1"


def matters(answers: int, total: int) -> bool:
    """Whether so many answers from one country, of all, make its floor one that the price follows."""
    return answers >= _MATTERS * total


async def look_at_pay(database: Database) -> int:
    """Look at each batch that is due; how many there were."""
    async with database.reading() as tx:
        due = [row["id"] for row in await tx.rows(_DUE)]
    for batch_id in due:
        # Who holds what is wanted here goes first; the next run finds the batch due as before.
        with suppress(asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError):
            async with database.transaction() as tx:
                await look(tx, batch_id)
    return len(due)


async def look(tx: Tx, batch_id: int) -> None:
    """Look at one batch now."""
    batch = await tx.row(_BATCH, batch_id)
    if batch is None or batch["state"] != State.OPEN:
        return
    await keep_others_out(tx, batch_id)
    floors, price, fair, short_by = await read_floors(tx), batch["price"], None, None
    reason = await _reason(tx, batch_id, floors, batch["currency"], batch["slow_ms"])
    if reason is not None and reason.price > price:
        raised = await raise_price(tx, batch_id, reason)
        if isinstance(raised, Short):
            fair, short_by = reason.price, raised.missing
        else:
            price = reason.price
            await audit.note(tx, "kazi", "price.raise", batch_id, {"from": batch["price"], "to": price})
    topped = await top_up(tx, batch_id, floors, end=batch["done"])
    if topped.missing and fair is None:
        fair, short_by = price, topped.missing
    if batch["dry"] and fair is None and topped.paid == 0:
        fair, short_by = price, await tx.value(_LACKS, batch_id)
    spec = await spec_of(tx, batch_id, batch["digest"])
    usual, slow = batch["pace_ms"] or batch["takes_ms"], batch["slow_ms"] or batch["takes_ms"]
    pay = pay_at(spec, floors, price, usual, slow, measured=True) if slow else None
    await tx.run(_LOOKED, batch_id, batch["answers"], list(pay.underpays) if pay else [], fair, short_by)
    if fair is not None:
        await set_state(tx, batch_id, State.PAUSED, actor="kazi", reason=UNDERPAID)


async def _reason(tx: Tx, batch_id: int, floors: Floors, currency: str, slow_ms: int | None) -> Reason | None:
    """The price that the floors of its workers' countries ask for; None before its pace was measured."""
    if slow_ms is None:
        return None
    rows = await tx.rows(_WHERE_FROM, batch_id)
    total = sum(row["answers"] for row in rows)
    asked = [
        (floors.per_hour(row["country"], currency), row["country"] or "*")
        for row in rows
        if matters(row["answers"], total)
    ]
    per_hour, country = max(asked, default=(0, "*"))
    return Reason(price_for(per_hour, slow_ms), slow_ms, country, per_hour) if per_hour else None
