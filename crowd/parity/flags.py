"""The flags of a batch as its requester reads them, and what they say about them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crowd import audit
from crowd.batches.life import BatchError
from crowd.parity.figures import Look, Measure
from crowd.pilots.states import LONGEST_REASON, tidied
from db.database import Tx


class Outcome(StrEnum):
    """How a flag ended."""

    FADED = "faded"
    """A later look found no such difference, or no longer enough to tell."""
    MENDED = "mended"
    """Somebody put the instructions right, elsewhere: those of a batch stay as they were posted."""
    SOUND = "sound"
    """Somebody found that it is not the instructions."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Those who read these instructions do worse on the same golds than others, beyond chance."""

    language: str
    measure: Measure
    here: float
    """Of them; see Measure."""
    elsewhere: float
    """Of the others."""
    p: float
    workers: int
    answers: int
    others: int
    raised_at: datetime
    looked_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    """`kazi` where it ended by itself."""
    outcome: Outcome | None
    reason: str | None

    @property
    def freezes(self) -> bool:
        """The scores of who read these instructions stand still in this batch."""
        return self.measure is Measure.ACCURACY and self.ended_at is None


@dataclass(frozen=True, slots=True)
class Parity:
    """What is known of the languages of a batch's instructions."""

    look: Look | None
    """None: too few golds were answered, or there is one language."""
    looked_at: datetime | None
    flags: tuple[Flag, ...]
    """Those that stand first, then the latest."""

    @property
    def standing(self) -> tuple[Flag, ...]:
        """Those that stand."""
        return tuple(flag for flag in self.flags if flag.ended_at is None)

    @property
    def flagged(self) -> tuple[str, ...]:
        """The languages that they are about."""
        return tuple(sorted({flag.language for flag in self.standing}))


_LOOK = "SELECT figures, looked_at FROM parity_look WHERE batch_id = $1"

_FLAGS = """
SELECT language, measure, here, elsewhere, p, workers, answers, others, raised_at, looked_at, ended_at, ended_by,
       outcome, reason
FROM parity WHERE batch_id = $1 ORDER BY ended_at IS NOT NULL, id DESC LIMIT $2
"""

_SHOWN = 100

_END = """
UPDATE parity SET ended_at = $3, ended_by = $4, outcome = $5, reason = $6
WHERE batch_id = $1 AND language = $2 AND ended_at IS NULL
"""


async def parity_of(tx: Tx, batch_id: int) -> Parity:
    """As the last look at a batch has it."""
    look = await tx.row(_LOOK, batch_id)
    flags = [
        Flag(
            **{
                **row,
                "measure": Measure(row["measure"]),
                "outcome": Outcome(row["outcome"]) if row["outcome"] else None,
            }
        )
        for row in await tx.rows(_FLAGS, batch_id, _SHOWN)
    ]
    if look is None:
        return Parity(None, None, tuple(flags))
    return Parity(Look.model_validate(look["figures"]), look["looked_at"], tuple(flags))


async def end_flags(tx: Tx, batch_id: int, language: str, outcome: Outcome, reason: str, *, by: str) -> None:
    """End all flags on a language's instructions: what was answered up to now raises none again.

    Raises BatchError where none stands, or nothing is said.
    """
    said = tidied(reason)
    if outcome is Outcome.FADED:
        raise BatchError("a flag fades by itself: say that the instructions were mended, or are sound")
    if not said or len(said) > LONGEST_REASON:
        raise BatchError(f"say in 1 to {LONGEST_REASON} characters what was done or found: the audit log keeps it")
    if not await tx.run(_END, batch_id, language, tx.now, by, outcome, said):
        raise BatchError(f"no flag stands on the instructions in {language!r} of batch {batch_id}")
    await audit.note(tx, by, "parity.end", batch_id, {"language": language, "outcome": outcome, "reason": said})
