"""The purses of a batch, from a worker's side: which one to draw on when theirs has run out.

With a budget, a part of each purse is kept for tasks below their least answers, such that all purses together keep just
what these cost. Such a task may draw on any money of its purse; where nothing was kept there any more, the purse has
less than nothing kept, until the purses are evened out. Others draw only on what is beyond the part that is kept, and
so never on more than the purses have beyond it together.

Who finds a purse empty holds it until the transaction ends, and wants another. That nobody waits in a ring then: for
tasks below their least answers, and without a budget, one waits for a purse, which was chosen after one's own was
held, and a purse that is held so is empty; so each in a row of waiters has chosen later than the one before. What is
empty for others may do for such tasks: others therefore take a purse that nobody holds, or none.
"""

from db.database import Database, Tx

FREE = "balance - reserved - greatest(kept, 0)"
"""SQL: what an account has for golds, and for tasks that have their least answers."""

KEPT_AND_FREE = "{account}.kept, {account}.balance - {account}.reserved - greatest({account}.kept, 0) AS free"
"""SQL: what a purse keeps (null without a budget), and FREE."""

_RICHEST = """
SELECT id FROM account WHERE kind = 'escrow' AND owner = $1 AND slot < $2 AND {money} >= $3
ORDER BY {money} DESC LIMIT 1 {lock}
"""
_RICHEST_FREE = _RICHEST.format(money=FREE, lock="FOR NO KEY UPDATE SKIP LOCKED")
_RICHEST_OF_ALL = _RICHEST.format(money="balance - reserved", lock="")

_DRAW_ON = "UPDATE participation SET escrow_id = $3 WHERE worker_id = $1 AND batch_id = $2"

# Whoever holds a purse may wait for another, so nobody is waited for here.
_EVEN_OUT = """
WITH purse AS MATERIALIZED (
    SELECT id, kept FROM account WHERE kind = 'escrow' AND owner = $1 AND kept <> 0
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), lent AS (
    SELECT -sum(least(kept, 0))::bigint AS amount, sum(greatest(kept, 0))::bigint AS there FROM purse
), named AS (
    SELECT id, kept, coalesce(sum(greatest(kept, 0)) OVER (
        ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0)::bigint AS before
    FROM purse
)
UPDATE account SET
    kept = greatest(named.kept, 0) - least(greatest(named.kept, 0), greatest(0, lent.amount - named.before))
FROM named, lent
WHERE account.id = named.id AND lent.amount > 0 AND lent.amount <= lent.there
"""


async def other_purse(
    tx: Tx, worker_id: int, batch_id: int, *, purses: int, price: int, fresh: bool = False
) -> int | None:
    """The account that a worker draws on from now on, since theirs ran empty; None where no purse has enough.

    `fresh` says that it is to pay for a task below its least answers, or that the batch has no budget.
    """
    richer: int | None = await tx.value(_RICHEST_OF_ALL if fresh else _RICHEST_FREE, batch_id, purses, price)
    if richer is not None:
        await tx.run(_DRAW_ON, worker_id, batch_id, richer)
    return richer


async def free_purse(
    tx: Tx, worker_id: int, batch_id: int, *, drawn_on: int, free: int, purses: int, price: int
) -> tuple[int, bool]:
    """The purse to draw on, and whether it pays for tasks that have their least answers, and for golds."""
    if free >= price:
        return drawn_on, True
    other = await other_purse(tx, worker_id, batch_id, purses=purses, price=price)
    return (drawn_on, False) if other is None else (other, True)


async def even_out(database: Database, batch_id: int) -> None:
    """See that no purse of a batch keeps less than nothing, so that what others keep too much is free.

    A purse that somebody holds is left for another time.
    """
    async with database.transaction() as tx:
        await even_out_within(tx, batch_id)


async def even_out_within(tx: Tx, batch_id: int) -> None:
    """The same in a transaction that is there."""
    await tx.run(_EVEN_OUT, batch_id)
