"""Tasks that come back without an answer: skipped, reported, or run out of time.

Answers that went back to their worker end in ways of their own: see `crowd.redos.ending`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from crowd.batches.life import spec_of
from crowd.batches.locks import WORKED_ON
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.redos.ending import leave_all
from db.database import Database, Tx

REPORTS_THAT_WITHDRAW = 2
"""So many workers reporting a task take it out of the queue, for the requester to look at."""

_MANY = 500

ASK_WHY_AFTER = 10
"""Skips in a row after which a worker is asked what is wrong."""


class Way(StrEnum):
    """How a task came back."""

    SKIPPED = "skipped"
    REPORTED = "reported"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


_BELOW_LEAST = "t.gold IS NULL AND t.wanted IS NULL AND t.settled_at IS NULL"
"""SQL: whether a task `t` that has a seat or a lease is below its least answers, for which a budget keeps money."""

# Leases and their tasks are locked together and those under way elsewhere left alone; purses are locked in one order.
_GIVE_BACK = f"""
WITH back AS (
    SELECT l.*, CASE WHEN {_BELOW_LEAST} THEN l.price ELSE 0 END AS kept
    FROM lease l JOIN task t ON t.id = l.task_id WHERE l.redo_of IS NULL AND {{which}}
    ORDER BY l.id FOR UPDATE OF l, t {{wait}}
), purses AS (
    SELECT FROM account WHERE id IN (SELECT escrow_id FROM back) ORDER BY id FOR NO KEY UPDATE
), gone AS (
    DELETE FROM lease USING back WHERE lease.id = back.id
), noted AS (
    INSERT INTO passed (lease_id, task_id, batch_id, worker_id, way, reason, price, given_at, at)
    SELECT id, task_id, batch_id, worker_id, {{way}}, {{reason}}, price, given_at, {{now}} FROM back
), freed AS (
    UPDATE account SET reserved = account.reserved - sums.amount, kept = account.kept + sums.kept
    FROM (
        SELECT escrow_id, sum(price)::bigint AS amount, sum(kept)::bigint AS kept FROM back GROUP BY escrow_id
    ) sums
    WHERE account.id = sums.escrow_id AND (SELECT count(*) FROM purses) > 0
), seated AS (
    UPDATE task SET
        leased = task.leased - sums.leases,
        seats = task.seats + CASE WHEN task.settled_at IS NULL THEN sums.leases ELSE 0 END,
        open = task.seats + CASE WHEN task.settled_at IS NULL THEN sums.leases ELSE 0 END > 0
    FROM (SELECT task_id, count(*)::int AS leases FROM back GROUP BY task_id) sums
    WHERE task.id = sums.task_id
)
SELECT id, task_id, batch_id, worker_id, pack_id FROM back
"""  # noqa: S608

_PASS = _GIVE_BACK.format(
    which="l.id = $1 AND l.worker_id = (SELECT id FROM worker WHERE person_id = $2)",
    wait="",
    way="$3",
    reason="$4::text",
    now="$5::timestamptz",
)

_PASS_ALL = _GIVE_BACK.format(
    which="l.worker_id = $1",
    wait="",
    way="'skipped'",
    reason="'stopped'",
    now="$2::timestamptz",
)

_PASS_PACK = _GIVE_BACK.format(
    which="l.pack_id = $1 AND l.worker_id = $2",
    wait="",
    way="'skipped'",
    reason="'pack'",
    now="$3::timestamptz",
)

_EXPIRE = _GIVE_BACK.format(
    which="l.id = ANY($2::bigint[]) AND l.due_at <= $1::timestamptz",
    wait="SKIP LOCKED",
    way="'expired'",
    reason="NULL",
    now="$1",
)

_DUE = "SELECT id, escrow_id FROM lease WHERE due_at <= $1 AND redo_of IS NULL ORDER BY escrow_id, id"

# Of a pack, once.
_TELL_EXPIRED = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT DISTINCT w.person_id, 'expired', jsonb_build_object('pack', lease.pack_id IS NOT NULL),
       'expired:' || coalesce('pack:' || lease.pack_id, lease.id::text), $4::timestamptz
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS lease (id, worker_id, pack_id)
JOIN worker w ON w.id = lease.worker_id AND w.state = 'active'
ON CONFLICT (key) DO NOTHING
"""

# The same lease again, for an answer that came late, while the task still has a seat and the purse the money. It is
# paid what the batch pays now, which is never less than when it was handed out. How long it took is not known, for it
# may have waited for a connection: it counts as the pace that was measured, or before that as the time of the lease,
# up to $4.
_REVIVE = f"""
WITH late AS (
    SELECT p.lease_id, p.task_id, p.batch_id, p.worker_id, b.price, t.gold IS NOT NULL AS gold,
           $3::timestamptz - coalesce(b.pace_ms * interval '1 ms', least(p.at - p.given_at, $4::interval)) AS given_at,
           a.id AS escrow_id, CASE WHEN {_BELOW_LEAST} THEN b.price ELSE 0 END AS kept
    FROM passed p
    JOIN worker w ON w.id = p.worker_id AND w.person_id = $2 AND w.state <> 'stopped'
    JOIN batch b ON b.id = p.batch_id AND b.state <> 'closed'
    JOIN participation j ON j.worker_id = p.worker_id AND j.batch_id = p.batch_id
    JOIN task t ON t.id = p.task_id AND t.open
    JOIN account a ON a.id = j.escrow_id
        AND b.price <= a.balance - a.reserved - CASE WHEN {_BELOW_LEAST} THEN 0 ELSE greatest(a.kept, 0) END
    WHERE p.lease_id = $1 AND p.way = 'expired'
    FOR UPDATE OF p, t, a
), again AS (
    DELETE FROM passed USING late WHERE passed.lease_id = late.lease_id
), seated AS (
    UPDATE task SET seats = seats - 1, open = seats > 1, leased = leased + 1
    FROM late WHERE task.id = late.task_id
), reserved AS (
    UPDATE account SET reserved = reserved + late.price, kept = account.kept - late.kept
    FROM late WHERE account.id = late.escrow_id
)
INSERT INTO lease (id, task_id, batch_id, worker_id, price, escrow_id, gold, given_at, due_at)
SELECT lease_id, task_id, batch_id, worker_id, price, escrow_id, gold, given_at, $3 FROM late
"""  # noqa: S608

_LAST_PASSED = """
SELECT p.lease_id, p.batch_id, p.way, b.digest, t.payload,
       b.state <> 'closed' AND t.open AS wanted
FROM passed p JOIN batch b ON b.id = p.batch_id JOIN task t ON t.id = p.task_id
WHERE p.worker_id = $1 AND NOT EXISTS (SELECT FROM packed WHERE lease_id = p.lease_id)
ORDER BY p.at DESC, p.lease_id DESC LIMIT 1
"""

# What a budget keeps for its seats is free for other tasks then.
_REPORTED = """
WITH seated AS MATERIALIZED (
    SELECT id, CASE WHEN wanted IS NULL THEN seats ELSE 0 END AS seats FROM task
    WHERE id = $1 AND gold IS NULL AND settled_at IS NULL AND (
        SELECT count(DISTINCT worker_id) FROM passed WHERE batch_id = $2 AND way = 'reported' AND task_id = $1
    ) >= $4
    FOR NO KEY UPDATE
), withdrawn AS (
    UPDATE task SET open = false, seats = 0, settled_at = $5, withdrawn_at = $5, wanted = NULL,
                    label = NULL, confidence = NULL
    FROM seated WHERE task.id = seated.id RETURNING 1
), freed AS (
    UPDATE account SET kept = kept - seated.seats * (SELECT price FROM batch WHERE id = $2)
    FROM seated WHERE account.id = (SELECT escrow_id FROM participation WHERE worker_id = $3 AND batch_id = $2)
)
UPDATE tally SET reported = reported + 1, settled = settled + (SELECT count(*) FROM withdrawn)
WHERE batch_id = $2 AND slot = (
    SELECT a.slot FROM participation p JOIN account a ON a.id = p.escrow_id WHERE p.worker_id = $3 AND p.batch_id = $2
)
"""


@dataclass(frozen=True, slots=True)
class Passed:
    """A task that came back from a worker."""

    batch_id: int
    skips_in_a_row: int


@dataclass(frozen=True, slots=True)
class Expired:
    """A task whose time ran out in a worker's hands."""

    lease_id: int
    spec: BatchSpec
    payload: Json


async def give_back(tx: Tx, person_id: int, lease_id: int, way: Way, reason: str | None) -> Passed | None:
    """Skip or report the task of a lease; None when it is not (or no longer) in the person's hands.

    Costs the worker nothing. A task reported by several is taken out of the queue. An answer to be mended is not given
    back so: see `crowd.redos.ending.leave`.
    """
    await tx.run(f"SELECT {WORKED_ON} FROM lease WHERE id = $1", lease_id)  # noqa: S608
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


async def revive(tx: Tx, person_id: int, lease_id: int, longest: timedelta) -> bool:
    """Give an expired lease back to the person who answers it late, if the task can still use an answer.

    A late honest answer is paid like any other. It counts no more time than `longest`, or else the measured pace.
    """
    await tx.run(f"SELECT {WORKED_ON} FROM passed WHERE lease_id = $1", lease_id)  # noqa: S608
    return await tx.run(_REVIVE, lease_id, person_id, tx.now, longest) == 1


async def last_expired(tx: Tx, worker_id: int) -> Expired | None:
    """The task that came back last from a worker, if its time ran out and it can still use an answer."""
    row = await tx.row(_LAST_PASSED, worker_id)
    if row is None or row["way"] != Way.EXPIRED or not row["wanted"]:
        return None
    return Expired(row["lease_id"], await spec_of(tx, row["batch_id"], row["digest"]), row["payload"])


async def give_back_all(tx: Tx, worker_id: int) -> int:
    """Give back whatever a worker has in hands; how much it was."""
    return len(await tx.rows(_PASS_ALL, worker_id, tx.now)) + await leave_all(tx, worker_id)


async def give_back_pack(tx: Tx, worker_id: int, pack_id: int) -> int:
    """Give back what a worker has not answered of a pack; how much it was."""
    await tx.run(f"SELECT {WORKED_ON} FROM pack WHERE id = $1", pack_id)  # noqa: S608
    return len(await tx.rows(_PASS_PACK, pack_id, worker_id, tx.now))


async def expire_leases(database: Database) -> int:
    """Give back every task whose time is up; how many there were."""
    async with database.reading() as tx:
        due = await tx.rows(_DUE, tx.now)
    total = 0
    # One purse at a time: others may hold one and wait for the next, in an order of their own.
    for _, group in groupby(due, key=itemgetter("escrow_id")):
        ids = [row["id"] for row in group]
        for start in range(0, len(ids), _MANY):
            total += await _expire(database, ids[start : start + _MANY])
    return total


async def _expire(database: Database, lease_ids: Sequence[int]) -> int:
    async with database.transaction() as tx:
        expired = await tx.rows(_EXPIRE, tx.now, lease_ids)
        told = [[row[column] for row in expired] for column in ("id", "worker_id", "pack_id")]
        await tx.run(_TELL_EXPIRED, *told, tx.now)
    return len(expired)
