"""A batch's own money: put in before it starts, and accounted for when it is closed.

It lies in purses, over which workers are spread, and the house's fee in a purse of its own.
"""

from crowd.money.quote import Quote
from db.database import Tx

FEE_SLOT = 1000
"""The slot of the escrow account that keeps the house's fee; purses have smaller ones."""

_PURSES = 8
_ONE_PURSE_BELOW = 1000


def purses_for(tasks: int) -> int:
    """Over how many purses the money of a batch with so many ordinary tasks is spread."""
    return 1 if tasks < _ONE_PURSE_BELOW else _PURSES


def purse_amounts(cost: Quote, purses: int) -> dict[int, int]:
    """Micro-units for each purse: whole answers, so that no purse is left with a part of one."""
    return _spread(cost.paid_answers, cost.price, purses)


def _spread(answers: int, price: int, purses: int) -> dict[int, int]:
    each, more = divmod(answers, purses)
    return {slot: (each + (slot < more)) * price for slot in range(purses)}


_ACCOUNTS = """
INSERT INTO account (kind, owner, slot, currency)
SELECT 'escrow', $1, slot, $2 FROM unnest($3::smallint[]) slot RETURNING id, slot
"""

_TRANSFERS = """
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'fund', escrow, $1, escrow, amount, $4 FROM unnest($2::bigint[], $3::bigint[]) AS part (escrow, amount)
WHERE amount > 0
"""


_KEEP = """
UPDATE account SET kept = told.kept FROM unnest($2::smallint[], $3::bigint[]) AS told (slot, kept)
WHERE kind = 'escrow' AND owner = $1 AND account.slot = told.slot
"""


async def fund(tx: Tx, batch_id: int, cost: Quote, purses: int) -> None:
    """Open a batch's accounts and put in what its quote says. Posts in one currency wait for each other here."""
    await tx.run(
        "INSERT INTO account (kind, owner, slot, currency) VALUES ('world', 0, 0, $1) ON CONFLICT DO NOTHING",
        cost.currency,
    )
    world = await tx.value(
        "SELECT id FROM account WHERE kind = 'world' AND owner = 0 AND slot = 0 AND currency = $1", cost.currency
    )
    amounts = purse_amounts(cost, purses) | ({FEE_SLOT: cost.fee} if cost.fee else {})
    accounts = await tx.rows(_ACCOUNTS, batch_id, cost.currency, list(amounts))
    await tx.run(
        _TRANSFERS, world, [row["id"] for row in accounts], [amounts[row["slot"]] for row in accounts], tx.now
    )  # fmt: skip
    if cost.budget is not None:
        kept = _spread(cost.kept_answers, cost.price, purses)
        await tx.run(_KEEP, batch_id, list(kept), list(kept.values()))


_REFUND = """
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'refund', e.id, e.id, w.id, e.balance, $2
FROM account e JOIN account w ON w.kind = 'world' AND w.owner = 0 AND w.slot = 0 AND w.currency = e.currency
WHERE e.kind = 'escrow' AND e.owner = $1 AND e.balance > 0
"""

# What workers earned is what was put into the purses less what is there, never a sum over answers. Of what is voided
# and may still be given back the house takes none.
_FEE = f"""
WITH funded AS (
    SELECT coalesce(sum(t.amount) FILTER (WHERE a.slot < {FEE_SLOT}), 0) AS labour,
           coalesce(sum(t.amount) FILTER (WHERE a.slot = {FEE_SLOT}), 0) AS fee
    FROM account a JOIN transfer t ON t.credit = a.id AND t.reason IN ('fund', 'add')
    WHERE a.kind = 'escrow' AND a.owner = $1
), spent AS (
    SELECT (SELECT labour FROM funded) - sum(balance) AS labour FROM account
    WHERE owner = $1 AND (kind = 'escrow' AND slot < {FEE_SLOT} OR kind = 'voided')
), house AS (
    INSERT INTO account (kind, owner, currency) SELECT 'fee', 0, currency FROM batch WHERE id = $1
    ON CONFLICT (kind, owner, currency, slot) DO UPDATE SET reserved = account.reserved RETURNING id
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'fee', $1, e.id, house.id, (funded.fee * spent.labour / funded.labour)::bigint, $2
FROM spent, funded, house, account e
WHERE e.kind = 'escrow' AND e.owner = $1 AND e.slot = {FEE_SLOT}
  AND funded.labour > 0 AND (funded.fee * spent.labour / funded.labour)::bigint > 0
"""  # noqa: S608


async def keep_nothing(tx: Tx, batch_id: int) -> None:
    """Keep nothing any more for tasks below their least answers: the batch is at its end."""
    await tx.run("UPDATE account SET kept = 0 WHERE kind = 'escrow' AND owner = $1 AND kept <> 0", batch_id)


async def settle_accounts(tx: Tx, batch_id: int) -> None:
    """Take the fee on what was earned, and give the rest back. Nothing of it may be reserved or kept any more."""
    await tx.run(_FEE, batch_id, tx.now)
    await tx.run(_REFUND, batch_id, tx.now)
