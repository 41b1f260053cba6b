"""What a provider said becomes true: money arrived, or is its worker's again; and they are told."""

from collections.abc import Sequence

from crowd.payouts.results import Outcome
from crowd.payouts.states import PayoutState, moved, tell
from db.database import Tx

_END = """
UPDATE payout SET state = $2, reference = nullif($3, ''), reason = nullif($4, ''), ended_at = $5 WHERE id = $1
"""

_FEES = """
WITH house AS (
    INSERT INTO account (kind, owner, currency)
    SELECT DISTINCT 'fee', 0, currency FROM payout WHERE id = ANY($1) AND fee > 0
    ON CONFLICT (kind, owner, currency, slot) DO UPDATE SET reserved = account.reserved RETURNING id, currency
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'payout_fee', p.id, d.id, house.id, p.fee, $2
FROM payout p JOIN house USING (currency)
JOIN account d ON d.kind = 'requested' AND d.owner = p.worker_id AND d.currency = p.currency AND d.slot = 0
WHERE p.id = ANY($1) AND p.fee > 0
"""


async def conclude(tx: Tx, outcomes: Sequence[Outcome]) -> tuple[list[int], list[int]]:
    """End payouts that were sent, whose rows must be locked: those that arrived, and those that did not."""
    for outcome in outcomes:
        state = PayoutState.PAID if outcome.paid else PayoutState.FAILED
        await tx.run(_END, outcome.payout_id, state, outcome.reference, outcome.reason, tx.now)
    paid = [outcome.payout_id for outcome in outcomes if outcome.paid]
    failed = [outcome.payout_id for outcome in outcomes if not outcome.paid]
    await tx.run(moved("payout_paid", "requested", "paid", "p.amount - p.fee"), paid, tx.now)
    await tx.run(_FEES, paid, tx.now)
    await tx.run(moved("payout_back", "requested", "available", "p.amount"), failed, tx.now)
    await tell(tx, paid, PayoutState.PAID)
    await tell(tx, failed, PayoutState.FAILED)
    return paid, failed
