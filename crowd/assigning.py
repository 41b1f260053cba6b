"""A certain task for a certain worker, where the choice is not left to the batch's order."""

from crowd.batches import spec_of
from crowd.handing import Dry, Given, other_purse, taking_part
from crowd.picking import LEASE, lease_until
from db.database import Tx

_PICKED = """
WITH picked AS (
    SELECT id, payload, gold IS NOT NULL AS gold FROM task
    WHERE id = $3 AND batch_id = $2 AND open
    AND NOT EXISTS (SELECT FROM answer WHERE task_id = $3 AND worker_id = $1)
    AND NOT EXISTS (SELECT FROM passed WHERE worker_id = $1 AND task_id = $3)
    FOR NO KEY UPDATE
)"""

_THIS = _PICKED + LEASE.format(
    worker="$1::bigint",
    batch="$2::bigint",
    price="$4::bigint",
    escrow="$5::bigint",
    now="$6::timestamptz",
    due="$7::timestamptz",
    paid="0",
    freed="0",
    answered="0",
    unknown="0",
    shown="shown",
    habits="habits",
)


async def assign(tx: Tx, worker_id: int, batch_id: int, task_id: int) -> Given | Dry:
    """Put that very task into a worker's hands; Dry.DONE when it cannot use an answer of theirs.

    The worker's row must be locked, and nothing else may be in their hands.
    """
    row = await taking_part(tx, worker_id, batch_id)
    if isinstance(row, Dry):
        return row
    spec = await spec_of(tx, batch_id, row["digest"])
    due = lease_until(spec, tx.now, row["pace_ms"])
    escrow: int | None = row["escrow_id"]
    while escrow is not None:
        got = await tx.row(_THIS, worker_id, batch_id, task_id, row["price"], escrow, tx.now, due)
        if got is not None and got["id"] is not None:
            return Given(got["id"], task_id, batch_id, spec, got["payload"], row["price"], tx.now, due, row["answers"])
        if got is None or got["enough"]:
            return Dry.DONE
        escrow = await other_purse(tx, worker_id, batch_id, row)
    return Dry.NO_MONEY
