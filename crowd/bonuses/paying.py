"""A worker is paid out of a pot, and told: by staff for a reason in words, or for somebody they invited."""

from dataclasses import dataclass
from datetime import datetime

from crowd import audit
from crowd.bonuses.pot import MOST, BonusError, check_currency, lock_pot, tidy_key
from crowd.sentences import say
from crowd.workers.registry import WorkerState
from db.database import Tx

LONGEST_REASON = 300
"""Characters."""


@dataclass(frozen=True, slots=True)
class Bonus:
    """One that was paid, as staff see it."""

    id: int
    amount: int
    """Micro-units of `currency`."""
    currency: str
    reason: str | None
    """None: for an invitation."""
    by: str
    at: datetime


# Before the pot, as invitations do it. Who is being erased at this moment is erased first, or has the bonus before.
_LOCK_WORKER = "SELECT state FROM worker WHERE id = $1 FOR NO KEY UPDATE"

_WALLET = "INSERT INTO account (kind, owner, currency) VALUES ('available', $1, $2) ON CONFLICT DO NOTHING"
_LOCK_WALLET = """
SELECT id FROM account WHERE kind = 'available' AND owner = $1 AND currency = $2 AND slot = 0 FOR NO KEY UPDATE
"""

_NOTE = """
INSERT INTO bonus (worker_id, currency, amount, reason, key, invited_id, by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id
"""

# It is available at once: nothing about it is still to be found out.
_PAY = """
WITH told AS (
    INSERT INTO outbox (person_id, subject, content, key, due_at)
    SELECT w.person_id, 'bonus',
           jsonb_build_object('amount', b.amount, 'currency', b.currency, 'reason', b.reason), 'bonus:' || b.id, $4
    FROM bonus b JOIN worker w ON w.id = b.worker_id WHERE b.id = $1
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'bonus', id, $2, $3, amount, $4 FROM bonus WHERE id = $1
"""

_SAME = "SELECT (worker_id, amount, currency, reason) = ($2, $3, $4, $5) FROM bonus WHERE key = $1"

_GIVEN = """
SELECT id, amount, currency, reason, by, at FROM bonus WHERE worker_id = $1 ORDER BY id DESC LIMIT $2
"""


async def bonuses_of(tx: Tx, worker_id: int, limit: int = 10) -> list[Bonus]:
    """What a worker was paid so, the newest first."""
    return [Bonus(*row) for row in await tx.rows(_GIVEN, worker_id, limit)]


async def pay_bonus(tx: Tx, worker_id: int, amount: int, currency: str, reason: str, *, key: str, by: str) -> bool:
    """Pay a worker so many micro-units for a reason that they read; False where it was paid under that key before.

    Raises BonusError.
    """
    reason = " ".join(reason.split())
    if not 0 < amount < MOST:
        raise BonusError(say("say how much: more than nothing, and not that much"))
    if not reason or len(reason) > LONGEST_REASON:
        raise BonusError(
            say("say what it is for, in {most} characters or less: the worker reads it", most=LONGEST_REASON)
        )
    check_currency(currency)
    key = tidy_key(key)
    state = await tx.value(_LOCK_WORKER, worker_id)
    pot = await lock_pot(tx, currency)
    same = await tx.value(_SAME, key, worker_id, amount, currency, reason)
    if same is False:
        raise BonusError(say("the key {key} was used for another bonus: take another one", key=key))
    if same:
        return False
    if state is None or state == WorkerState.FORGOTTEN:
        raise BonusError(say("there is no such worker any more: they had themselves erased"))
    if pot is None or await tx.value("SELECT balance FROM account WHERE id = $1", pot) < amount:
        raise BonusError(say("the pot in {currency} does not hold that much: put money in first", currency=currency))
    bonus = await pay_out(tx, pot, worker_id, amount, currency, reason=reason, key=key, by=by)
    if bonus is None:  # by somebody else at this moment, out of another pot
        raise BonusError(say("the key {key} was used for another bonus: take another one", key=key))
    told = {"worker": worker_id, "amount": amount, "currency": currency, "reason": reason, "key": key}
    await audit.note(tx, by, "bonus.pay", bonus, told)
    return True


async def pay_out(
    tx: Tx,
    pot: int,
    worker_id: int,
    amount: int,
    currency: str,
    *,
    reason: str | None = None,
    key: str | None = None,
    invited_id: int | None = None,
    by: str,
) -> int | None:
    """Move the money and tell the worker; the bonus's id, None where that key or invited worker was paid for before.

    The pot must be locked, and hold it.
    """
    bonus: int | None = await tx.value(_NOTE, worker_id, currency, amount, reason, key, invited_id, by, tx.now)
    if bonus is None:
        return None
    await tx.run(_WALLET, worker_id, currency)
    wallet = await tx.value(_LOCK_WALLET, worker_id, currency)
    await tx.run(_PAY, bonus, pot, wallet, tx.now)
    return bonus


async def worker_named(tx: Tx, pseudonym: str) -> int | None:
    """The worker of that pseudonym."""
    worker: int | None = await tx.value("SELECT id FROM worker WHERE pseudonym = $1", pseudonym)
    return worker
