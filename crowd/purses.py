"""The purses of a batch, from a worker's side: which one to draw on when theirs has run out.

With a budget, each purse keeps a part for tasks below their least answers. That part and the rest run out apart: a
worker whose purse has only kept money is given fresh tasks alone, unless another purse can pay for others too.
"""

from db.database import Tx

KEPT_AND_FREE = "{account}.kept, {account}.balance - {account}.reserved - coalesce({account}.kept, 0) AS free"
"""SQL: what a purse keeps for fresh tasks (null without a budget), and what is there for any other."""

_RICHEST = """
SELECT id FROM account WHERE kind = 'escrow' AND owner = $1 AND slot < $2 AND {money} >= $3
ORDER BY {money} DESC LIMIT 1
"""
_RICHEST_FREE = _RICHEST.format(money="balance - reserved - coalesce(kept, 0)")
_RICHEST_KEPT = _RICHEST.format(money="coalesce(kept, balance - reserved)")

_DRAW_ON = "UPDATE participation SET escrow_id = $3 WHERE worker_id = $1 AND batch_id = $2"


async def other_purse(
    tx: Tx, worker_id: int, batch_id: int, *, purses: int, price: int, fresh: bool = False
) -> int | None:
    """The account that a worker draws on from now on, since theirs ran empty; None where no purse has enough.

    `fresh` says that it is to pay for a task below its least answers.
    """
    richer: int | None = await tx.value(_RICHEST_KEPT if fresh else _RICHEST_FREE, batch_id, purses, price)
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
