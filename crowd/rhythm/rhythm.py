"""What a worker has set, or what is usual."""

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum

from db.database import Tx


class Offered(StrEnum):
    """How often work is offered to a worker who has not asked for it."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


EVERY = {Offered.DAILY: timedelta(hours=20), Offered.WEEKLY: timedelta(days=6, hours=20)}
"""At least so long lies between two offers: each may come a little earlier in the day than the last."""

NO_LIMIT = 0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The settings. By themselves they are on: Telegram is never silent enough, and eyes tire before people notice."""

    offered: Offered = Offered.DAILY
    from_hour: int = 9
    to_hour: int = 19
    """Work is offered within these hours of the worker's day, from 0 to 24; the last one is not among them."""
    rest_minutes: int = 50
    """After so long without a break one is suggested; NO_LIMIT: never."""
    day_minutes: int = 360
    """So much work is enough for a day."""
    day_tasks: int = 500
    """So many tasks are."""


HOURS = ((6, 12), (9, 19), (16, 22), (0, 24))
"""Windows to choose from."""
REST_MINUTES = (25, 50, 90, NO_LIMIT)
DAY_MINUTES = (60, 120, 240, 360, NO_LIMIT)
DAY_TASKS = (50, 100, 200, 500, NO_LIMIT)

_FIELDS = ", ".join(field.name for field in fields(Rhythm))

_SET = f"""
INSERT INTO rhythm (worker_id, {_FIELDS}) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (worker_id) DO UPDATE SET
    offered = excluded.offered, from_hour = excluded.from_hour, to_hour = excluded.to_hour,
    rest_minutes = excluded.rest_minutes, day_minutes = excluded.day_minutes, day_tasks = excluded.day_tasks,
    look_at = NULL, unanswered = 0
"""  # noqa: S608


async def rhythm_of(tx: Tx, worker_id: int) -> Rhythm:
    """What a worker has set."""
    row = await tx.row(f"SELECT {_FIELDS} FROM rhythm WHERE worker_id = $1", worker_id)  # noqa: S608
    return Rhythm() if row is None else Rhythm(Offered(row["offered"]), *list(row)[1:])


async def set_rhythm(tx: Tx, worker_id: int, rhythm: Rhythm) -> None:
    """Have it so from now on."""
    await tx.run(
        _SET, worker_id, rhythm.offered, rhythm.from_hour, rhythm.to_hour, rhythm.rest_minutes, rhythm.day_minutes,
        rhythm.day_tasks,
    )  # fmt: skip
