"""What an invitation pays, and for what, as staff set it. Terms never change: others take their place.

An invitation keeps the terms that held when the invited person came: what was promised by then is paid by them.
"""

from dataclasses import dataclass
from datetime import datetime

from crowd import audit
from crowd.bonuses.pot import MOST, BonusError, check_currency
from crowd.sentences import say
from db.database import Tx

GOOD_ANSWERS = 50
"""How many good answers of an invited worker pay for the invitation, where staff say nothing else."""

MOST_ANSWERS = 500


@dataclass(frozen=True, slots=True)
class ReferralTerms:
    """What an invitation pays."""

    id: int
    currency: str
    per_invited: int
    """Micro-units."""
    good_answers: int
    set_by: str
    set_at: datetime


_NOW = "SELECT id, currency, per_invited, good_answers, set_by, set_at FROM referral_terms WHERE active"

# Two who set them at once wait for each other here.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4068)"
_END = "UPDATE referral_terms SET active = false, ended_by = $1, ended_at = $2 WHERE active RETURNING id"

_SET = """
INSERT INTO referral_terms (currency, per_invited, good_answers, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
RETURNING id
"""


async def terms_now(tx: Tx) -> ReferralTerms | None:
    """The terms on which people are invited now; None: invitations pay nothing."""
    row = await tx.row(_NOW)
    return ReferralTerms(*row) if row else None


async def set_terms(tx: Tx, per_invited: int, currency: str, *, good_answers: int = GOOD_ANSWERS, by: str) -> None:
    """From now on an invitation pays so many micro-units. Raises BonusError."""
    if not 0 < per_invited < MOST:
        raise BonusError(say("say how much: more than nothing, and not that much"))
    if not 0 < good_answers <= MOST_ANSWERS:
        raise BonusError(say("it takes 1 to {most} good answers", most=MOST_ANSWERS))
    check_currency(currency)
    await tx.run(_ONE_AT_A_TIME)
    await tx.run(_END, by, tx.now)
    made = await tx.value(_SET, currency, per_invited, good_answers, by, tx.now)
    told = {"per_invited": per_invited, "currency": currency, "good_answers": good_answers}
    await audit.note(tx, by, "referrals.set", made, told)


async def stop_terms(tx: Tx, *, by: str) -> bool:
    """From now on invitations pay nothing; False where they did not. Who came before is paid for all the same."""
    await tx.run(_ONE_AT_A_TIME)
    ended = await tx.value(_END, by, tx.now)
    if ended is not None:
        await audit.note(tx, by, "referrals.stop", ended, {})
    return ended is not None
