"""How a worker's day has been so far, and whether a rest is due.

It is looked at now and then, and not with each answer: nobody is stopped to the minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from crowd.rhythm.rhythm import NO_LIMIT, Rhythm, rhythm_of
from crowd.workers.localtime import day_began, today
from db.database import Tx

EVERY_ANSWERS = 10
"""So often it is looked at, in answers to a batch."""

BREAK = timedelta(minutes=8)
"""Who answers nothing for so long has had a break."""

_NEWEST = 2000


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


_ANSWERS = "SELECT answered_at, ms FROM answer WHERE worker_id = $1 AND answered_at >= $2 ORDER BY id DESC LIMIT $3"


async def day_so_far(tx: Tx, worker_id: int, time_zone: str | None) -> Day:
    """Since midnight there."""
    rows = await tx.rows(_ANSWERS, worker_id, day_began(tx.now, time_zone), _NEWEST)
    minutes = sum(row["ms"] for row in rows) // 60_000
    return Day(len(rows), minutes, _stretch([row["answered_at"] for row in rows], tx.now))


def _stretch(newest_first: Sequence[datetime], now: datetime) -> int:
    began = now
    for at in newest_first:
        if began - at >= BREAK:
            break
        began = at
    return round((now - began).total_seconds()) // 60


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
