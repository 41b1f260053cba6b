"""Money on hold moves to where it can still be given back: all that an answer earned, or a part of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken back of what one answer earned."""

    voiding_id: int
    answer_id: int
    amount: int
    """Micro-units; no more than is on hold for it."""


_OPEN = """
INSERT INTO account (kind, owner, currency) SELECT 'voided', id, currency FROM batch WHERE id = $1
ON CONFLICT DO NOTHING
"""

# Accounts are locked in one order, as by all who move money of several. What is taken back counts neither as earned nor
# as time at work: a raise, or a floor, asks nothing for it. What was paid on top for it stays paid.
_TAKE = """
WITH wanted AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS t (voiding_id, answer_id, amount)
), gone AS (
    DELETE FROM hold USING wanted WHERE hold.answer_id = wanted.answer_id AND hold.amount = wanted.amount
    RETURNING hold.answer_id, hold.account_id
), less AS (
    UPDATE hold SET amount = hold.amount - wanted.amount FROM wanted
    WHERE hold.answer_id = wanted.answer_id AND hold.amount > wanted.amount
    RETURNING hold.answer_id, hold.account_id
), moving AS (
    SELECT wanted.voiding_id, wanted.answer_id, wanted.amount, cut.account_id AS debit, v.id AS credit, t.debit AS purse
    FROM (SELECT * FROM gone UNION ALL SELECT * FROM less) cut
    JOIN wanted ON wanted.answer_id = cut.answer_id
    JOIN transfer t ON t.reason = 'earn' AND t.ref = cut.answer_id
    JOIN account h ON h.id = cut.account_id
    JOIN account v ON v.kind = 'voided' AND v.owner = $5 AND v.slot = 0 AND v.currency = h.currency
), noted AS (
    INSERT INTO voided_answer (answer_id, voiding_id, amount, purse_id)
    SELECT answer_id, voiding_id, amount, purse FROM moving
), counted AS (
    UPDATE participation p SET
        earned = p.earned - sums.priced, topped_up = p.topped_up + sums.priced - sums.amount,
        active_ms = p.active_ms - sums.ms
    FROM (
        SELECT a.worker_id, sum(moving.amount)::bigint AS amount,
               round(sum(moving.amount::numeric / a.price * b.price))::bigint AS priced,
               round(sum(moving.amount::numeric / a.price * a.ms))::bigint AS ms
        FROM moving JOIN answer a ON a.id = moving.answer_id JOIN batch b ON b.id = $5 GROUP BY a.worker_id
    ) sums
    WHERE p.batch_id = $5 AND p.worker_id = sums.worker_id
), locked AS (
    SELECT id FROM account WHERE id IN (SELECT debit FROM moving UNION SELECT credit FROM moving)
    ORDER BY id FOR NO KEY UPDATE
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'void', answer_id, debit, credit, amount, $4 FROM moving WHERE (SELECT count(*) FROM locked) > 0
"""


async def take_back(tx: Tx, batch_id: int, taken: Sequence[Taken]) -> None:
    """Take money of answers to a batch back. Its voidings are noted, and the holds locked."""
    await tx.run(_OPEN, batch_id)
    moved = await tx.run(
        _TAKE, [each.voiding_id for each in taken], [each.answer_id for each in taken],
        [each.amount for each in taken], tx.now, batch_id,
    )  # fmt: skip
    assert moved == len(taken)
