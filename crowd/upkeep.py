"""What keeps the tables quick and the figures on screens true."""

from datetime import timedelta

from crowd.golds.seats import SETTLE_RESTED
from crowd.packs.timing import MEASURED_MS
from db.database import Database

LEAST_ANSWERS = 20
"""A pace is shown from so many answers on."""

RECENT = 500
"""A pace is the median, and the 75th percentile, of so many newest answers of a batch, of its latest workers."""

_EACH = 20  # of them from one worker at most
_LOOKED = 100  # newest answers of a worker, in any batch, looked through for those
_LATEST = 200  # workers looked at

_BLOCK = 50_000
"""Rows deleted in one transaction."""

# Batches are locked in one order, since both figures are kept by jobs that run at the same time.
_OPEN = "open AS MATERIALIZED (SELECT * FROM batch WHERE state = 'open' ORDER BY id FOR NO KEY UPDATE)"

_PACE = f"""
WITH {_OPEN}
UPDATE batch SET pace_ms = measured.usual, slow_ms = measured.slow FROM (
    SELECT b.id, m.usual, m.slow FROM open b, LATERAL (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.ms)::int AS usual,
               percentile_cont(0.75) WITHIN GROUP (ORDER BY recent.ms)::int AS slow, count(*) AS answers
        FROM (
            SELECT a.ms FROM (
                SELECT worker_id FROM participation WHERE batch_id = b.id ORDER BY joined_at DESC LIMIT {_LATEST}
            ) p, LATERAL (
                SELECT newest.ms FROM (
                    SELECT batch_id, {MEASURED_MS.format(answer="answer", unknown=0)} AS ms FROM answer
                    WHERE worker_id = p.worker_id ORDER BY id DESC LIMIT {_LOOKED}
                ) newest
                WHERE newest.batch_id = b.id AND newest.ms > 0 LIMIT {_EACH}
            ) a
            LIMIT {RECENT}
        ) recent
    ) m
    WHERE m.answers >= $1
) measured
WHERE batch.id = measured.id AND (batch.pace_ms, batch.slow_ms) IS DISTINCT FROM (measured.usual, measured.slow)
"""  # noqa: S608

# Newcomers start at the front, so that they need not step over all that is done.
_FRONT = f"""
WITH {_OPEN}
UPDATE batch SET front = moved.front FROM (
    SELECT id, least(
        coalesce((
            SELECT min(id) FROM task WHERE batch_id = b.id AND open AND gold IS NULL AND wanted IS NULL
        ), last_task),
        coalesce((SELECT min(task_id) FROM lease WHERE batch_id = b.id AND NOT gold AND redo_of IS NULL), last_task)
    ) AS front FROM open b
) moved
WHERE batch.id = moved.id AND batch.front <> moved.front
"""  # noqa: S608


async def measure_pace(database: Database) -> int:
    """Measure how long an answer takes in each open batch."""
    async with database.transaction() as tx:
        return await tx.run(_PACE, LEAST_ANSWERS)


async def move_fronts(database: Database) -> int:
    """Move each open batch's front up to its first task that is open or out, and settle golds whose twins are."""
    async with database.transaction() as tx:
        await tx.run(SETTLE_RESTED, tx.now)
        return await tx.run(_FRONT)


_OLD_UPDATES = f"""
DELETE FROM inbox WHERE (bot_id, update_id) IN (
    SELECT bot_id, update_id FROM inbox WHERE at < $1 ORDER BY at LIMIT {_BLOCK}
)
"""  # noqa: S608

_OLD_NOTICES = f"""
DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE sent_at < $1 ORDER BY sent_at LIMIT {_BLOCK})
"""  # noqa: S608


_OLD_DAYS = f"""
DELETE FROM data_use WHERE (worker_id, day) IN (
    SELECT worker_id, day FROM data_use WHERE day < $1::timestamptz::date LIMIT {_BLOCK}
)
"""  # noqa: S608


async def forget_old_updates(database: Database) -> int:
    """Forget updates that the chat network will not send again (it keeps them 24 hours), notices long sent, and how
    much data that was.
    """
    return (
        await _forget(database, _OLD_UPDATES, timedelta(days=3))
        + await _forget(database, _OLD_NOTICES, timedelta(days=30))
        + await _forget(database, _OLD_DAYS, timedelta(days=30))
    )


async def _forget(database: Database, deletion: str, age: timedelta) -> int:
    total = 0
    while True:
        async with database.transaction() as tx:
            deleted = await tx.run(deletion, tx.now - age)
        total += deleted
        if deleted < _BLOCK:
            return total
