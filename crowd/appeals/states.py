"""How a voiding goes on, how long each step may take, and what its worker is told of it.

The database refuses every other way (migration 0024).
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from crowd.sentences import SentenceError
from db.database import Tx

TO_FILE = timedelta(days=14)
"""So long after a voiding its worker may appeal, and so long at least its money stays where it can be given back."""

TO_ANSWER = timedelta(hours=72)
"""An appeal that nobody answered by then is won."""

LONGEST_REASON = 300
"""Characters of what staff say to the worker."""

LONGEST_SAID = 1000
"""Characters of what the worker says."""


class Ground(StrEnum):
    """What a voiding rests on."""

    GOLDS = "golds"
    """Checks answered wrong. It falls when these turn out to be mistaken."""
    FINDING = "finding"
    """What a signal of fraud found."""
    OTHER = "other"
    GRADED = "graded"
    """In a batch of graded pay, what is known to be right. No person's to say: see `crowd.grading`."""


SAYABLE = (Ground.GOLDS, Ground.FINDING, Ground.OTHER)
"""What staff say that a voiding rests on."""


class Outcome(StrEnum):
    """How a voiding ended."""

    GRANTED = "granted"
    """The appeal was won."""
    SILENCE = "silence"
    """Nobody answered the appeal in time."""
    MISTAKEN = "mistaken"
    """The checks that it rested on were mistaken."""
    REFUSED = "refused"
    """The appeal was turned down."""
    UNAPPEALED = "unappealed"
    """The time to appeal is over."""


GIVEN_BACK = (Outcome.GRANTED, Outcome.SILENCE, Outcome.MISTAKEN)
"""With these the worker has the money again."""


class VoidingError(SentenceError):
    """Nothing was done; says why, for staff."""


_TELL = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, $2::text, jsonb_build_object(
    'voiding', v.id, 'batch', b.name, 'titles', coalesce(b.spec -> 'title', '{}'), 'language', b.language,
    'answers', v.answers, 'amount', v.amount, 'currency', v.currency, 'reason', v.reason,
    'outcome', v.outcome, 'decision', v.decision
), concat_ws(':', $2::text, v.id, v.outcome), $3
FROM voiding v JOIN worker w ON w.id = v.worker_id JOIN batch b ON b.id = v.batch_id
WHERE v.id = ANY($1) AND w.state <> 'forgotten'
ON CONFLICT (key) DO NOTHING
"""

_TELL_OF_GRADES = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, $3::text, jsonb_build_object(
    'batch', b.name, 'titles', coalesce(b.spec -> 'title', '{}'), 'language', b.language, 'currency', b.currency,
    'half', $4::int, 'nothing', $5::int, 'amount', $6::bigint
), concat_ws(':', $3::text, b.id, w.id, $7::timestamptz), $7
FROM worker w JOIN batch b ON b.id = $2 WHERE w.id = $1 AND w.state <> 'forgotten'
ON CONFLICT (key) DO NOTHING
"""

# Of one worker in one batch, together by the end of the day, UTC.
_TELL_OVER = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, $2::text, jsonb_build_object(
    'batch', b.name, 'titles', coalesce(b.spec -> 'title', '{}'), 'language', b.language, 'answers', v.answers,
    'amount', v.amount, 'currency', v.currency, 'outcome', v.outcome, 'decision', NULL
), concat_ws(':', 'unappealed', b.id, w.id, $3::bigint), to_timestamp(($3 + 1) * $4::bigint)
FROM voiding v JOIN worker w ON w.id = v.worker_id JOIN batch b ON b.id = v.batch_id
WHERE v.id = $1 AND v.outcome = 'unappealed' AND w.state <> 'forgotten'
ON CONFLICT (key) DO UPDATE SET content = outbox.content || jsonb_build_object(
    'answers', (outbox.content ->> 'answers')::int + (excluded.content ->> 'answers')::int,
    'amount', (outbox.content ->> 'amount')::bigint + (excluded.content ->> 'amount')::bigint
)
"""
_DAY_S = 24 * 3600

VOIDED, APPEAL, GRADES = "voided", "appeal", "graded"
"""Subjects of notices: money was voided, and how that ended; answers were graded."""


async def tell(tx: Tx, voidings: Sequence[int], subject: str) -> None:
    """Tell the workers of these voidings."""
    await tx.run(_TELL, list(voidings), subject, tx.now)


async def tell_it_is_over(tx: Tx, voiding_id: int) -> None:
    """Tell a worker by the end of the day that the money is gone for good, since nobody appealed."""
    await tx.run(_TELL_OVER, voiding_id, APPEAL, int(tx.now.timestamp()) // _DAY_S, _DAY_S)


async def tell_of_grades(tx: Tx, worker_id: int, batch_id: int, half: int, nothing: int, amount: int) -> None:
    """Tell a worker that answers, so many, earned half their price or nothing: `amount` less, in micro-units."""
    await tx.run(_TELL_OF_GRADES, worker_id, batch_id, GRADES, half, nothing, amount, tx.now)


def tidy(reason: str) -> str:
    """What staff say, in one line that is not too long."""
    return " ".join(reason.replace("\0", "").split())[:LONGEST_REASON]
