"""How a worker's day has been so far, and whether a rest is due.

It is looked at now and then, and not with each answer: nobody is stopped to the minute.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from crowd.rhythm.rhythm import NO_LIMIT, Rhythm, rhythm_of
from crowd.workers.localtime import day_began, today
from db.database import Tx

EVERY_ANSWERS = 10
"""So often it is looked at, in answers to a batch."""

BREAK = timedelta(minutes=8)
"""Who answers nothing for so long has had a break."""

_NEWEST = 600


@dataclass(frozen=True, slots=True)
class Day:
    """A worker's day."""

    tasks: int
    minutes: int
    """At work."""
    stretch: int
    """Minutes since the last break, by the clock."""


class Due(Enum):
    """What is due."""

    REST = "rest"
    """A break is suggested."""
    ENOUGH = "enough"
    """What the worker set for a day is done."""


# Only so many are looked at, however many a worker has: it is the hot path. A stretch begins with the first answer, or
# with one that came after a break.
_DAY = f"""
WITH newest AS (
    SELECT id, answered_at, ms FROM answer WHERE worker_id = $1 ORDER BY id DESC LIMIT {_NEWEST}
), today AS (
    SELECT answered_at, ms, answered_at - lag(answered_at) OVER (ORDER BY id) AS gap FROM newest WHERE answered_at >= $2
)
SELECT count(*)::int AS tasks, coalesce(sum(ms), 0)::bigint AS ms, max(answered_at) AS last,
       max(answered_at) FILTER (WHERE gap IS NULL OR gap >= $3::interval) AS began
FROM today
"""  # noqa: S608


async def day_so_far(tx: Tx, worker_id: int, time_zone: str | None) -> Day:
    """Since midnight there; of the newest answers alone, which are more than any limit."""
    row = await tx.row(_DAY, worker_id, day_began(tx.now, time_zone), BREAK)
    assert row is not None
    at_it = row["last"] is not None and tx.now - row["last"] < BREAK
    stretch = tx.now - row["began"] if at_it else timedelta()
    return Day(row["tasks"], row["ms"] // 60_000, round(stretch.total_seconds()) // 60)


async def due(tx: Tx, worker_id: int, time_zone: str | None) -> tuple[Due, Rhythm, Day] | None:
    """What is due now, which is said once; None: go on."""
    rhythm, day = await rhythm_of(tx, worker_id), await day_so_far(tx, worker_id, time_zone)
    enough = NO_LIMIT < rhythm.day_tasks <= day.tasks or NO_LIMIT < rhythm.day_minutes <= day.minutes
    date = today(tx.now, time_zone)
    if enough and await _note(tx, "enough_on", worker_id, date):
        return Due.ENOUGH, rhythm, day
    if NO_LIMIT < rhythm.rest_minutes <= day.stretch:
        told_before = tx.now - timedelta(minutes=rhythm.rest_minutes)
        row = await tx.row("SELECT rested_at FROM rhythm WHERE worker_id = $1", worker_id)
        if row is None or row["rested_at"] is None or row["rested_at"] <= told_before:
            await _note(tx, "rested_at", worker_id, tx.now)
            return Due.REST, rhythm, day
    return None


async def _note(tx: Tx, what: str, worker_id: int, when: object) -> bool:
    """Note that it was said; False where it was before."""
    return bool(await tx.run(
        f"INSERT INTO rhythm (worker_id, {what}) VALUES ($1, $2) "  # noqa: S608
        f"ON CONFLICT (worker_id) DO UPDATE SET {what} = excluded.{what} "
        f"WHERE rhythm.{what} IS DISTINCT FROM excluded.{what}",
        worker_id, when,
    ))  # fmt: skip
