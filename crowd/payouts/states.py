"""The states of a payout, and what its worker is told when it comes to each.

The database refuses every other way from one to the next (migration 0017).
"""

from enum import StrEnum

from db.database import Tx


class PayoutState(StrEnum):
    """Where a payout stands."""

    REQUESTED = "requested"
    """The worker asked for it: their money is put aside."""
    APPROVED = "approved"
    """Staff looked at it."""
    SENT = "sent"
    """It is in a file that a provider has."""
    PAID = "paid"
    """It arrived."""
    FAILED = "failed"
    """The provider could not pay it: the money is available again."""
    REFUSED = "refused"
    """Staff did not send it, for a reason: the money is available again."""
    CANCELLED = "cancelled"
    """The worker took it back."""


NEXT = {
    PayoutState.REQUESTED: {PayoutState.APPROVED, PayoutState.REFUSED, PayoutState.CANCELLED},
    PayoutState.APPROVED: {PayoutState.SENT, PayoutState.REFUSED},
    PayoutState.SENT: {PayoutState.PAID, PayoutState.FAILED},
    PayoutState.PAID: set[PayoutState](),
    PayoutState.FAILED: set[PayoutState](),
    PayoutState.REFUSED: set[PayoutState](),
    PayoutState.CANCELLED: set[PayoutState](),
}
"""From each state to which others it may go."""

OWN = {PayoutState.REQUESTED, PayoutState.CANCELLED}
"""States that the worker brings about: the screen that does it says so. Of each other one a notice tells."""

_TELL = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, 'payout', jsonb_build_object(
    'state', $2::text, 'amount', p.amount - p.fee, 'currency', p.currency, 'masked', d.masked, 'reason', p.reason
), 'payout:' || p.id || ':' || $2, $3
FROM payout p JOIN worker w ON w.id = p.worker_id JOIN payout_details d ON d.id = p.details_id
WHERE p.id = ANY($1)
ON CONFLICT (key) DO NOTHING
"""


async def tell(tx: Tx, payouts: list[int], state: PayoutState) -> None:
    """Tell the workers of these payouts what they have come to."""
    assert state not in OWN
    await tx.run(_TELL, payouts, state, tx.now)


def moved(reason: str, debit: str, credit: str, amount: str) -> str:
    """SQL that moves money of the payouts $1 from one account of their workers to another, once for each.

    `amount` is SQL for how much, of a payout `p`. Accounts are opened where there are none, and locked in one order.
    """
    return f"""
    WITH asked AS (
        SELECT p.id, p.worker_id, p.currency, {amount} AS amount FROM payout p WHERE p.id = ANY($1) AND {amount} > 0
    ), opened AS (
        INSERT INTO account (kind, owner, currency) SELECT DISTINCT '{credit}', worker_id, currency FROM asked
        ON CONFLICT (kind, owner, currency, slot) DO UPDATE SET reserved = account.reserved
        RETURNING id, owner, currency
    )
    INSERT INTO transfer (reason, ref, debit, credit, amount, at)
    SELECT '{reason}', asked.id, d.id, opened.id, asked.amount, $2
    FROM asked
    JOIN opened ON opened.owner = asked.worker_id AND opened.currency = asked.currency
    JOIN account d ON d.kind = '{debit}' AND d.owner = asked.worker_id AND d.currency = asked.currency AND d.slot = 0
    """  # noqa: S608
