"""What keeps the tables quick and the figures on screens true."""

from datetime import timedelta

from db.database import Database

LEAST_ANSWERS = 20
"""A pace is shown from so many answers on."""

RECENT = 500
"""A pace is the median of so many newest answers of a batch, of each of its latest workers."""

# Batches are locked in one order, since both figures are kept by jobs that run at the same time.
_OPEN = "open AS MATERIALIZED (SELECT * FROM batch WHERE state = 'open' ORDER BY id FOR NO KEY UPDATE)"

_PACE = f"""
WITH {_OPEN}
UPDATE batch SET pace_ms = measured.ms FROM (
    SELECT b.id, m.ms FROM open b, LATERAL (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.ms)::int AS ms, count(*) AS answers FROM (
            SELECT a.ms FROM participation p, LATERAL (
                SELECT ms FROM answer WHERE worker_id = p.worker_id AND batch_id = b.id ORDER BY id DESC LIMIT 20
            ) a
            WHERE p.batch_id = b.id AND p.answers > 0 AND a.ms > 0 LIMIT $1
        ) recent
    ) m
    WHERE m.answers >= $2
) measured
WHERE batch.id = measured.id AND batch.pace_ms IS DISTINCT FROM measured.ms
"""  # noqa: S608

# Newcomers start at the front, so that they need not step over all that is done.
_FRONT = f"""
WITH {_OPEN}
UPDATE batch SET front = moved.front FROM (
    SELECT id, least(
        coalesce((SELECT min(id) FROM task WHERE batch_id = b.id AND open), last_task),
        coalesce((SELECT min(task_id) FROM lease WHERE batch_id = b.id AND NOT gold), last_task)
    ) AS front FROM open b
) moved
WHERE batch.id = moved.id AND batch.front <> moved.front
"""  # noqa: S608


async def measure_pace(database: Database) -> int:
    """Measure how long an answer takes in each open batch."""
    async with database.transaction() as tx:
        return await tx.run(_PACE, RECENT, LEAST_ANSWERS)


async def move_fronts(database: Database) -> int:
    """Move each open batch's front up to its first task that is open or out."""
    async with database.transaction() as tx:
        return await tx.run(_FRONT)


async def forget_old_updates(database: Database) -> int:
    """Forget updates that the chat network will not send again (it keeps them 24 hours)."""
    async with database.transaction() as tx:
        return await tx.run("DELETE FROM inbox WHERE at < $1", tx.now - timedelta(days=3))
