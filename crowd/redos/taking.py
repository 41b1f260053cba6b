"""A worker takes what they are asked to mend into hands, or puts it aside for now."""

from enum import StrEnum

from crowd.redos.states import AT_IT, TO_FIX, Outcome
from db.database import Tx

# It comes in hands above any other task (`crowd.loop.handing.held`), and its time at work begins now.
_TAKE = """
WITH taken AS (
    UPDATE lease SET
        given_at = $2::timestamptz, waiting = false,
        due_at = greatest(lease.due_at, least($2 + $4::interval, r.asked_at + $5::interval + $4))
    FROM redo r
    WHERE r.lease_id = lease.id AND lease.worker_id = $1 AND lease.id = coalesce($3::bigint, (
        SELECT id FROM lease WHERE worker_id = $1 AND waiting ORDER BY due_at, id LIMIT 1
    ))
    RETURNING lease.id, lease.due_at
)
UPDATE redo SET due_at = taken.due_at FROM taken WHERE redo.lease_id = taken.id
"""

_PUT_ASIDE = "UPDATE lease SET waiting = true WHERE id = $2 AND worker_id = $1 AND redo_of IS NOT NULL"

_CAME_TO = """
SELECT r.outcome, b.state = 'closed' AS closed FROM redo r JOIN batch b ON b.id = r.batch_id
WHERE r.lease_id = $2 AND r.worker_id = $1
"""


class Over(StrEnum):
    """Why there is nothing to mend."""

    FIXED = "fixed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    """The batch was."""
    UNKNOWN = "unknown"
    """It was never asked of this worker, or nothing waits."""


async def take(tx: Tx, worker_id: int, lease_id: int | None) -> Over | None:
    """Take a redo into hands, or the one that is due first; None when it is there, else why not.

    The worker's row must be locked.
    """
    if await tx.run(_TAKE, worker_id, tx.now, lease_id, AT_IT, TO_FIX):
        return None
    return Over.UNKNOWN if lease_id is None else await came_to(tx, worker_id, lease_id)


async def put_aside(tx: Tx, worker_id: int, lease_id: int) -> bool:
    """Let a redo wait again; False where the lease is none of theirs."""
    return await tx.run(_PUT_ASIDE, worker_id, lease_id) == 1


async def waiting(tx: Tx, worker_id: int) -> int:
    """How many wait for a worker to take them."""
    found: int = await tx.value("SELECT count(*) FROM lease WHERE worker_id = $1 AND waiting", worker_id)
    return found


async def came_to(tx: Tx, worker_id: int, lease_id: int) -> Over:
    """What became of a redo that is in hands no more."""
    row = await tx.row(_CAME_TO, worker_id, lease_id)
    if row is None or row["outcome"] is None:
        return Over.UNKNOWN
    if row["outcome"] == Outcome.WITHDRAWN and row["closed"]:
        return Over.CLOSED
    return Over(row["outcome"])
