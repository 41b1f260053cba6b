"""What a provider says of a payout that was posted to them: in answer, later, or to a person who asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import asyncpg
import orjson

from crowd import audit
from crowd.payouts.concluding import conclude
from crowd.payouts.methods.webhook import METHOD
from crowd.payouts.queue import DecisionError
from crowd.payouts.results import Outcome
from crowd.payouts.states import PayoutState
from crowd.sentences import say
from db.database import Tx

FIRST_PAUSE_S, LONGEST_PAUSE_S = 30, 3600
"""Between two tries: twice as long after each."""

_LONGEST = 200


class Heard(StrEnum):
    """What a provider said."""

    PAID = "paid"
    FAILED = "failed"
    """By their own word."""
    ACCEPTED = "accepted"
    """They will say more."""
    REFUSED = "refused"
    """The message was turned down, and nothing said of the payout."""
    TROUBLE = "trouble"
    """Nothing that tells: they may have taken it."""
    AWAY = "away"
    """It cannot have reached who pays."""


@dataclass(frozen=True, slots=True)
class Word:
    """What was said of one payout."""

    heard: Heard
    reference: str = ""
    """The provider's; may be empty."""
    reason: str = ""
    """Why it failed, as its worker is told it."""
    trouble: str = ""
    """For staff: no more than a status, since anything else may hold details."""


class Became(StrEnum):
    """What came of it."""

    TAKEN = "taken"
    KNOWN = "known"
    """It was so before."""
    CONTRADICTED = "contradicted"
    """It ended otherwise before: nothing changed."""
    UNKNOWN = "unknown"
    """There is no such payout."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A payout of which the provider has said no end for too long."""

    id: int
    currency: str
    amount: int
    """Micro-units that are to arrive."""
    masked: str
    key: str
    sent_at: datetime
    accepted_at: datetime | None
    """When the provider said that they have it."""
    tries: int
    trouble: str | None
    """What became of the last try, where that was no answer."""


def read_word(data: bytes) -> Word | None:
    """What a provider's JSON says: `{"status", "reference"?, "reason"?}`; None where it has no status of ours."""
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return word_of(found) if isinstance(found, dict) else None


def word_of(found: dict[str, object]) -> Word | None:
    """The same of what was read."""
    status = str(found.get("status", "")).casefold()
    if status not in {Heard.PAID, Heard.FAILED, Heard.ACCEPTED}:
        return None
    reason = _line(found.get("reason")) or METHOD.label if status == Heard.FAILED else ""
    return Word(Heard(status), _line(found.get("reference")), reason or "")


def _line(said: object) -> str:
    return " ".join(said.replace("\0", "").split())[:_LONGEST] if isinstance(said, str) else ""


_POSTED = """
SELECT p.id, p.state, q.tries, q.unsure, q.accepted_at, q.taken_until
FROM payout p JOIN payout_post q ON q.payout_id = p.id WHERE {which} FOR NO KEY UPDATE OF p, q
"""
_BY_ID, _BY_KEY = _POSTED.format(which="p.id = $1"), _POSTED.format(which="q.key = $1")

_ACCEPTED = """
UPDATE payout_post SET accepted_at = coalesce(accepted_at, $2), due_at = NULL, taken_until = NULL, trouble = NULL
WHERE payout_id = $1
"""
_LATER = """
UPDATE payout_post SET due_at = CASE WHEN accepted_at IS NULL THEN $2::timestamptz END, taken_until = NULL,
                       trouble = $3, unsure = unsure OR $4
WHERE payout_id = $1
"""
_ENDED = """
UPDATE payout_post SET sealed = NULL, due_at = NULL, taken_until = NULL, trouble = NULL WHERE payout_id = $1
"""


async def answered(tx: Tx, payout_id: int, word: Word) -> Became:
    """What came back when a payout was posted."""
    return await _take(tx, await tx.row(_BY_ID, payout_id), word, by="provider (answer)")


async def told_later(tx: Tx, key: str, word: Word) -> Became:
    """What the provider says by a message of their own, of the payout that was posted under a key."""
    return await _take(tx, await tx.row(_BY_KEY, key), word, by="provider (message)")


async def settle(tx: Tx, payout_id: int, outcome: Outcome, *, by: str) -> None:
    """What a person was told who asked the provider. Raises DecisionError, also while it is being posted."""
    row = await tx.row(_BY_ID, payout_id)
    if row is None:
        raise DecisionError(say("payout {payout} was not sent to the provider", payout=payout_id))
    if row["taken_until"] is not None and row["taken_until"] > tx.now:
        raise DecisionError(say("payout {payout} is being sent at this moment: wait a minute", payout=payout_id))
    if not outcome.paid and not outcome.reason:
        raise DecisionError(say("say why: the worker is told it"))
    word = Word(Heard.PAID if outcome.paid else Heard.FAILED, outcome.reference, outcome.reason)
    if await _take(tx, row, word, by=by) is Became.CONTRADICTED:
        raise DecisionError(say("payout {payout} waits no more: look at the list again", payout=payout_id))


async def _take(tx: Tx, row: asyncpg.Record | None, word: Word, *, by: str) -> Became:
    if row is None:
        return Became.UNKNOWN
    number, state = row["id"], PayoutState(row["state"])
    heard = _understood(word.heard, unsure=row["unsure"])
    if state is not PayoutState.SENT:
        return await _after_the_end(tx, number, state, heard, by=by)
    if heard in {Heard.PAID, Heard.FAILED}:
        paid = heard is Heard.PAID
        await conclude(tx, [Outcome(number, paid, word.reference, "" if paid else word.reason or METHOD.label or "–")])
        await tx.run(_ENDED, number)
        await audit.note(tx, by, "payout.result", number, {"paid": paid, "reference": word.reference})
        return Became.TAKEN
    if heard is Heard.ACCEPTED:
        await tx.run(_ACCEPTED, number, tx.now)
        return Became.TAKEN if row["accepted_at"] is None else Became.KNOWN
    due_at = tx.now + timedelta(seconds=min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (row["tries"] - 1)))
    await tx.run(_LATER, number, due_at, word.trouble, heard is Heard.TROUBLE)
    return Became.TAKEN


def _understood(heard: Heard, *, unsure: bool) -> Heard:
    """A message that is turned down is no payout, unless an earlier one of the same may have been taken."""
    if heard is not Heard.REFUSED:
        return heard
    return Heard.AWAY if unsure else Heard.FAILED


async def _after_the_end(tx: Tx, number: int, state: PayoutState, heard: Heard, *, by: str) -> Became:
    if heard not in {Heard.PAID, Heard.FAILED} or state.value == heard.value:
        return Became.KNOWN
    await audit.note(tx, by, "payout.contradicted", number, {"is": state, "said": heard})
    return Became.CONTRADICTED


_AWAITED = """
SELECT p.id, p.currency, p.amount - p.fee AS amount, d.masked, q.key, q.sent_at, q.accepted_at, q.tries, q.trouble
FROM payout p JOIN payout_post q ON q.payout_id = p.id JOIN payout_details d ON d.id = p.details_id
WHERE p.state = 'sent' AND p.ended_at IS NULL AND q.sent_at <= $1 ORDER BY q.sent_at, p.id LIMIT $2
"""


async def awaited(tx: Tx, hours: float, limit: int = 100) -> list[Awaited]:
    """Payouts that were sent so many hours ago, or more, and have come to no end: the oldest first."""
    return [Awaited(**dict(row)) for row in await tx.rows(_AWAITED, tx.now - timedelta(hours=hours), limit)]
