"""Earned money becomes available when its hold ends."""

from db.database import Database

_MANY = 1000

# Accounts are locked in one order, so that two runs at once do not wait for each other in a ring.
_RELEASE = """
WITH due AS (
    SELECT * FROM hold WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
), moving AS (
    SELECT due.answer_id, due.amount, h.id AS debit, a.id AS credit
    FROM due
    JOIN account h ON h.id = due.account_id
    JOIN account a ON a.kind = 'available' AND a.owner = due.worker_id AND a.currency = h.currency AND a.slot = 0
), ended AS (
    DELETE FROM hold USING moving WHERE hold.answer_id = moving.answer_id
), locked AS (
    SELECT id FROM account WHERE id IN (SELECT debit FROM moving UNION SELECT credit FROM moving)
    ORDER BY id FOR NO KEY UPDATE
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'release', moving.answer_id, moving.debit, moving.credit, moving.amount, $1 FROM moving
WHERE (SELECT count(*) FROM locked) > 0
"""


async def release_holds(database: Database) -> int:
    """Release every hold that is due; how many there were."""
    total = 0
    while True:
        async with database.transaction() as tx:
            released = await tx.run(_RELEASE, tx.now, _MANY)
        total += released
        if released < _MANY:
            return total
