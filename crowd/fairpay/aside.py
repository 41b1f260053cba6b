"""What may still be owed for voided work when a batch is closed is set aside, and goes with what was voided.

Voided work counts neither as earned nor as time at work. Given back, its worker is owed what a raise since then, or the
floor, asks for it. An open batch pays that when its pay is looked at. A closed one has no money: so the most that it
can come to lies on the account of what is voided meanwhile, and what is not owed in the end goes back to the requester.
"""

from collections import defaultdict
from dataclasses import dataclass

import asyncpg

from crowd import audit
from crowd.fairpay.floors import Floors, read_floors
from crowd.fairpay.hours import due_for
from crowd.fairpay.onto import Owed, gather, pay_from, purses_of
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Aside:
    """Money set aside for one voiding."""

    voiding_id: int
    amount: int
    """Micro-units."""


# Of each voiding that may be given back: what its answers would be paid now, and how long they took.
_MAY_COME_BACK = """
SELECT v.id, v.worker_id, v.amount, ceil(sum(va.amount::numeric / a.price) * b.price)::bigint AS priced,
       ceil(sum(va.amount::numeric / a.price * a.ms))::bigint AS ms, w.country, b.currency,
       p.earned + p.topped_up AS got, p.topped_up, p.active_ms
FROM voiding v JOIN batch b ON b.id = v.batch_id JOIN worker w ON w.id = v.worker_id
JOIN participation p ON p.batch_id = v.batch_id AND p.worker_id = v.worker_id
JOIN voided_answer va ON va.voiding_id = v.id JOIN answer a ON a.id = va.answer_id
WHERE v.batch_id = $1 AND v.settled_at IS NULL AND w.state <> 'forgotten'
GROUP BY v.id, b.id, w.id, p.worker_id, p.batch_id ORDER BY v.id
"""

_PRICE = "SELECT price FROM batch WHERE id = $1"

_SET = """
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'aside', part.voiding_id, $2, v.id, part.amount, $5
FROM unnest($3::bigint[], $4::bigint[]) AS part (voiding_id, amount), batch b
JOIN account v ON v.kind = 'voided' AND v.owner = b.id AND v.slot = 0 AND v.currency = b.currency
WHERE b.id = $1
"""

_ASIDE = "SELECT amount, debit AS purse_id, credit AS account_id FROM transfer WHERE reason = 'aside' AND ref = $1"

_OWED = """
SELECT p.batch_id, p.worker_id, p.active_ms, p.earned + p.topped_up AS got, -p.topped_up AS due,
       r.paused_at IS NOT NULL AS paused, w.country, b.currency
FROM voiding v JOIN batch b ON b.id = v.batch_id JOIN worker w ON w.id = v.worker_id
JOIN participation p ON p.batch_id = v.batch_id AND p.worker_id = v.worker_id
LEFT JOIN track r ON r.worker_id = v.worker_id AND r.kind = b.kind AND r.language = b.language
WHERE v.id = $1
"""

_TO_PURSE = """
INSERT INTO transfer (reason, ref, debit, credit, amount, at) VALUES ('aside_owed', $1, $2, $3, $4, $5)
"""

_TO_REQUESTER = """
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'aside_left', $1, a.id, w.id, $3, $4
FROM account a JOIN account w ON w.kind = 'world' AND w.owner = 0 AND w.slot = 0 AND w.currency = a.currency
WHERE a.id = $2
"""

_TOPPED = "UPDATE participation SET topped_up = topped_up + $3 WHERE batch_id = $1 AND worker_id = $2"


async def set_aside(tx: Tx, batch_id: int) -> None:
    """Set it aside, as far as there is money: the largest first. For closing, after all others were paid."""
    wanted = _wanted(await tx.rows(_MAY_COME_BACK, batch_id), await read_floors(tx))
    if not wanted:
        return
    purses = await purses_of(tx, batch_id)
    there, parts = sum(purse.balance for purse in purses), []
    for each in wanted:
        amount = min(each.amount, there)
        if amount:
            parts.append(Aside(each.voiding_id, amount))
            there -= amount
    total = sum(each.amount for each in parts)
    if total:
        free = {purse.id: purse.balance for purse in purses}
        payer = await gather(tx, free, total, await tx.value(_PRICE, batch_id))
        await tx.run(
            _SET, batch_id, payer, [each.voiding_id for each in parts], [each.amount for each in parts], tx.now
        )  # fmt: skip
    if missing := sum(each.amount for each in wanted) - total:
        await audit.note(tx, "kazi", "aside.short", batch_id, {"missing": missing})


def _wanted(rows: list[asyncpg.Record], floors: Floors) -> list[Aside]:
    """The most that can be owed for each voiding, whichever of a worker's are given back; the largest first."""
    by_worker: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        by_worker[row["worker_id"]].append(row)
    found = []
    for own in by_worker.values():
        floor = floors.per_hour(own[0]["country"], own[0]["currency"])
        # What they have beyond both debts covers as much of them again.
        beyond = max(0, min(own[0]["topped_up"], own[0]["got"] - due_for(floor, own[0]["active_ms"])))
        for row in own:
            lack = max(0, max(row["priced"], due_for(floor, row["ms"])) - row["amount"])
            covered = min(lack, beyond)
            beyond -= covered
            if lack > covered:
                found.append(Aside(row["id"], lack - covered))
    return sorted(found, key=lambda each: (-each.amount, each.voiding_id))


async def pay_aside(tx: Tx, voiding_id: int) -> None:
    """Pay what is owed to the worker of a voiding that was given back just now, and return the rest.

    Nothing where its batch is open, or nothing was set aside. The account of what is voided must be locked.
    """
    aside = await tx.row(_ASIDE, voiding_id)
    if aside is None:
        return
    row = await tx.row(_OWED, voiding_id)
    assert row is not None
    owed = row["due"]
    if not row["paused"]:
        floor = (await read_floors(tx)).per_hour(row["country"], row["currency"])
        owed = max(owed, due_for(floor, row["active_ms"]) - row["got"])
    amount = min(aside["amount"], max(0, owed))
    if amount:
        await tx.run(_TO_PURSE, voiding_id, aside["account_id"], aside["purse_id"], amount, tx.now)
        await pay_from(tx, row["batch_id"], aside["purse_id"], [Owed(row["worker_id"], amount)])
        await tx.run(_TOPPED, row["batch_id"], row["worker_id"], amount)
    if rest := aside["amount"] - amount:
        await tx.run(_TO_REQUESTER, voiding_id, aside["account_id"], rest, tx.now)


async def return_aside(tx: Tx, voiding_id: int) -> None:
    """Return what was set aside for a voiding that is not given back to its worker."""
    aside = await tx.row(_ASIDE, voiding_id)
    if aside is not None:
        await tx.run(_TO_REQUESTER, voiding_id, aside["account_id"], aside["amount"], tx.now)
