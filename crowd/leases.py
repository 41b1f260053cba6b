"""Tasks that come back without an answer: skipped, reported, or run out of time."""

from dataclasses import dataclass
from enum import StrEnum

from db.database import Database, Tx

REPORTS_THAT_WITHDRAW = 2
"""So many workers reporting a task take it out of the queue, for the requester to look at."""

ASK_WHY_AFTER = 10
"""Skips in a row after which a worker is asked what is wrong."""


class Way(StrEnum):
    """How a task came back."""

    SKIPPED = "skipped"
    REPORTED = "reported"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


# Leases and their tasks are locked together and those under way elsewhere left alone, so nobody waits for anybody.
_GIVE_BACK = """
WITH back AS (
    SELECT l.* FROM lease l JOIN task t ON t.id = l.task_id WHERE {which}
    ORDER BY l.id LIMIT 500 FOR UPDATE OF l, t {wait}
), gone AS (
    DELETE FROM lease USING back WHERE lease.id = back.id
), noted AS (
    INSERT INTO passed (lease_id, task_id, batch_id, worker_id, way, reason, price, at)
    SELECT id, task_id, batch_id, worker_id, {way}, {reason}, price, {now} FROM back
), freed AS (
    UPDATE account SET reserved = account.reserved - sums.amount
    FROM (SELECT escrow_id, sum(price)::bigint AS amount FROM back GROUP BY escrow_id) sums
    WHERE account.id = sums.escrow_id
), seated AS (
    UPDATE task SET
        leased = task.leased - sums.leases,
        seats = task.seats + CASE WHEN task.settled_at IS NULL THEN sums.leases ELSE 0 END,
        open = task.seats + CASE WHEN task.settled_at IS NULL THEN sums.leases ELSE 0 END > 0
    FROM (SELECT task_id, count(*)::int AS leases FROM back WHERE NOT gold GROUP BY task_id) sums
    WHERE task.id = sums.task_id
)
SELECT id, task_id, batch_id, worker_id FROM back
"""

_PASS = _GIVE_BACK.format(
    which="l.id = $1 AND l.worker_id = (SELECT id FROM worker WHERE person_id = $2)",
    wait="",
    way="$3",
    reason="$4::text",
    now="$5::timestamptz",
)

_EXPIRE = _GIVE_BACK.format(
    which="l.due_at <= $1::timestamptz", wait="SKIP LOCKED", way="'expired'", reason="NULL", now="$1"
)

# A task that is settled without a label was withdrawn.
_REPORTED = """
WITH withdrawn AS (
    UPDATE task SET open = false, seats = 0, settled_at = $5 WHERE id = $1 AND settled_at IS NULL AND (
        SELECT count(DISTINCT worker_id) FROM passed WHERE batch_id = $2 AND way = 'reported' AND task_id = $1
    ) >= $4
    RETURNING 1
)
UPDATE tally SET reported = reported + 1, settled = settled + (SELECT count(*) FROM withdrawn)
WHERE batch_id = $2 AND slot = $3::bigint % (SELECT purses FROM batch WHERE id = $2)
"""


@dataclass(frozen=True, slots=True)
class Passed:
    """A task that came back from a worker."""

    batch_id: int
    skips_in_a_row: int


async def give_back(tx: Tx, person_id: int, lease_id: int, way: Way, reason: str | None) -> Passed | None:
    """Skip or report the task of a lease; None when it is not (or no longer) in the person's hands.

    Costs the worker nothing. A task reported by several is taken out of the queue.
    """
    row = await tx.row(_PASS, lease_id, person_id, way, reason, tx.now)
    if row is None:
        return None
    skips = await tx.value(
        "UPDATE participation SET skips_in_a_row = skips_in_a_row + 1 WHERE worker_id = $1 AND batch_id = $2 "
        "RETURNING skips_in_a_row",
        row["worker_id"], row["batch_id"],
    )  # fmt: skip
    if way is Way.REPORTED:
        await tx.run(_REPORTED, row["task_id"], row["batch_id"], row["worker_id"], REPORTS_THAT_WITHDRAW, tx.now)
    return Passed(row["batch_id"], skips or 0)


async def expire_leases(database: Database) -> int:
    """Give back every task whose time is up; how many there were."""
    total = 0
    while True:
        async with database.transaction() as tx:
            expired = len(await tx.rows(_EXPIRE, tx.now))
        total += expired
        if expired < 500:
            return total
