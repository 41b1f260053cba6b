"""The pilot of a batch: whether it has one, and where that stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crowd import audit
from crowd.batches.life import BatchError
from db.database import Tx

PILOT_TASKS = 25
"""Ordinary tasks of a pilot. With three answers each, a share of them is known to within some 10 points: enough to tell
one skip in ten from one in three. They are the first in the random order of import, so a fair sample."""

WITHOUT = 60
"""A batch of so many ordinary tasks has none: it would be nearly half of the batch, and what it saves is little."""

LONGEST_REASON = 500
"""Characters."""


class PilotState(StrEnum):
    """Where a pilot stands."""

    RUNNING = "running"
    READY = "ready"
    """It is over, and waits for a person."""
    RELEASED = "released"
    WAIVED = "waived"
    """Somebody posted the batch without one, for a stated reason."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """The pilot of a batch."""

    state: PilotState
    tasks: int
    """Ordinary ones that it has."""
    began_at: datetime
    ready_at: datetime | None
    ended_at: datetime | None
    """When it was released or waived."""
    ended_by: str | None
    """Who did that, as the audit log names them; `kazi` where all was well."""
    reason: str | None

    @property
    def ended(self) -> bool:
        """All tasks of the batch are handed out."""
        return self.ended_at is not None


class NoReasonError(BatchError):
    """A pilot is waived, or not waited for, without a reason that could be noted."""

    def __init__(self) -> None:
        super().__init__(f"say in 1 to {LONGEST_REASON} characters why no pilot is wanted: the audit log keeps it")


class NotOwnerError(BatchError):
    """Who is no owner wants to do without a pilot, or not to wait for its end."""

    def __init__(self) -> None:
        super().__init__(
            "a batch does without its pilot, or before the pilot is over, only by a token of an owner "
            "of the requester's: ask one, or let the pilot run to its end"
        )


def has_pilot(tasks: int) -> bool:
    """Whether a batch of so many ordinary tasks begins with a pilot, unless that is waived."""
    return tasks > WITHOUT


def pilot_tasks(tasks: int) -> int:
    """How many tasks the pilot of such a batch has; 0 where it has none."""
    return PILOT_TASKS if has_pilot(tasks) else 0


def tidied(reason: str) -> str:
    """A reason on one line, without what cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in reason).split())


def stated(reason: str) -> str:
    """A reason as it is noted. Raises NoReasonError when it says nothing, or too much."""
    said = tidied(reason)
    if not said or len(said) > LONGEST_REASON:
        raise NoReasonError
    return said


_BEGIN = """
WITH last AS (
    SELECT id FROM task WHERE batch_id = $1 AND open AND gold IS NULL AND wanted IS NULL
    ORDER BY id OFFSET $2::int - 1 LIMIT 1
), bounded AS (
    UPDATE batch SET reach = last.id FROM last WHERE batch.id = $1
)
INSERT INTO pilot (batch_id, state, tasks, began_at) VALUES ($1, 'running', $2, $3)
"""

_WAIVE = """
INSERT INTO pilot (batch_id, state, tasks, began_at, ended_at, ended_by, reason)
VALUES ($1, 'waived', 0, $2, $2, $3, $4)
"""


async def begin(tx: Tx, batch_id: int, tasks: int, *, waived: str | None, actor: str, owner: bool) -> None:
    """Begin the pilot of a batch whose tasks have just been added, if it is to have one.

    `waived` says why it shall have none; only an owner may say so. Raises NoReasonError and NotOwnerError.
    """
    reason = None if waived is None else stated(waived)
    if not has_pilot(tasks):
        return
    if reason is not None and not owner:
        raise NotOwnerError
    if reason is None:
        await tx.run(_BEGIN, batch_id, PILOT_TASKS, tx.now)
    else:
        await tx.run(_WAIVE, batch_id, tx.now, actor, reason)
        await audit.note(tx, actor, "batch.pilot_waived", batch_id, {"reason": reason})
