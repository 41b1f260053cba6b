"""What a redo is: an answer that is in its worker's hands again, paid as it was, and why."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from crowd.sentences import SentenceError

TO_FIX = timedelta(hours=48)
"""So long a redo waits for its worker."""

AT_IT = timedelta(hours=1)
"""Who takes a redo late has so long at least; once, beyond TO_FIX."""

MOST_WAITING = 10
"""Of one worker, so many wait at once; what judges reject beyond is rejected without."""

REDO, REDO_OVER = "redo", "redo_over"
"""Subjects of notices: please fix this; the time for that is over, and no judges had asked for it."""

REJECTED = "rejected"
"""Subject of a notice: judges reject an answer."""


class Outcome(StrEnum):
    """How a redo ended."""

    FIXED = "fixed"
    """The answer was replaced."""
    DECLINED = "declined"
    """Its worker left it as it was, or stopped working."""
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """It is not asked for any more: the batch was closed, the answer found good, or its money voided."""


class RedoError(SentenceError):
    """An answer cannot be sent back. Nothing was done; says why, for staff."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why an answer is to be mended."""

    word: str | None
    """What judges found; see `crowd.kinds.judge`."""
    reason: str | None
    """What somebody of staff said, as it was said."""
