"""What a worker has of packs: each task under the number by which they name it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import asyncpg

from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from db.database import Tx

LASTS = timedelta(hours=24)
"""So long a pack is its worker's alone."""

KNOWN = timedelta(days=14)
"""So long an answer that comes late is still understood."""

NUMBERS = 99
"""Numbers go on from one pack to the next, and begin anew after this one: none is read as one of another pack."""


class Stands(Enum):
    """Where a task of a pack stands."""

    OPEN = "open"
    """The worker's, to be answered."""
    ANSWERED = "answered"
    GONE = "gone"
    """Its time ran out, or it was given back."""


@dataclass(frozen=True, slots=True, eq=False)
class PackTask:
    """A task of a pack."""

    number: int
    lease_id: int
    task_id: int
    pack_id: int
    batch_id: int
    spec: BatchSpec
    payload: Json
    letters: str
    """That name its answers."""
    stands: Stands
    due_at: datetime | None
    """While it is open."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What is open of a pack, in the order of its numbers; never nothing."""

    tasks: tuple[PackTask, ...]

    @property
    def id(self) -> int:
        """The pack's."""
        return self.tasks[0].pack_id

    @property
    def batch_id(self) -> int:
        """The batch that all are of."""
        return self.tasks[0].batch_id

    @property
    def spec(self) -> BatchSpec:
        """The same."""
        return self.tasks[0].spec

    @property
    def letters(self) -> str:
        """That name the answers."""
        return self.tasks[0].letters

    @property
    def due_at(self) -> datetime:
        """When it ends."""
        due = [task.due_at for task in self.tasks if task.due_at is not None]
        return min(due)


# Of several packs that used a number the last one has it. Older ones are not looked at, however many there were.
_TASKS = f"""
WITH newest AS (
    SELECT k.*, p.batch_id, p.letters FROM pack p JOIN packed k ON k.pack_id = p.id
    WHERE p.worker_id = $1 AND p.made_at > $2 ORDER BY p.id DESC, k.number DESC LIMIT {NUMBERS}
)
SELECT DISTINCT ON (k.number)
       k.number, k.lease_id, k.task_id, k.pack_id, k.batch_id, k.letters, b.digest, t.payload, l.due_at,
       EXISTS (SELECT FROM answer WHERE id = k.lease_id) AS answered
FROM newest k JOIN batch b ON b.id = k.batch_id JOIN task t ON t.id = k.task_id
LEFT JOIN lease l ON l.id = k.lease_id
ORDER BY k.number, k.pack_id DESC
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Wish:
    """What a worker asked for."""

    batch_id: int
    size: int
    """Tasks."""


async def last_wish(tx: Tx, worker_id: int) -> Wish | None:
    """What a worker's last pack was to be; None where they never had one, or long ago."""
    row = await tx.row(
        "SELECT batch_id, size FROM pack WHERE worker_id = $1 AND made_at > $2 ORDER BY id DESC LIMIT 1",
        worker_id, tx.now - KNOWN,
    )  # fmt: skip
    return None if row is None else Wish(row["batch_id"], row["size"])


async def tasks_by_number(tx: Tx, worker_id: int) -> dict[int, PackTask]:
    """What a worker's numbers mean: the newest tasks of their packs, also those that are done."""
    found = {}
    for row in await tx.rows(_TASKS, worker_id, tx.now - KNOWN):
        found[row["number"]] = PackTask(
            row["number"], row["lease_id"], row["task_id"], row["pack_id"], row["batch_id"],
            await spec_of(tx, row["batch_id"], row["digest"]), row["payload"], row["letters"], _stands(row),
            row["due_at"],
        )  # fmt: skip
    return found


def _stands(row: asyncpg.Record) -> Stands:
    if row["answered"]:
        return Stands.ANSWERED
    return Stands.GONE if row["due_at"] is None else Stands.OPEN


def open_pack(tasks: Iterable[PackTask]) -> Pack | None:
    """What is open among these; None where nothing is. A worker has one open pack at a time."""
    still = sorted((task for task in tasks if task.stands is Stands.OPEN), key=lambda task: task.number)
    return Pack(tuple(still)) if still else None
