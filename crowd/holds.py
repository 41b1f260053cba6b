"""Earned money becomes available when its hold ends."""

from db.database import Database

_MANY = 1000

_RELEASE = """
WITH due AS (
    SELECT answer_id FROM hold WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
), ended AS (
    DELETE FROM hold USING due WHERE hold.answer_id = due.answer_id RETURNING hold.*
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'release', ended.answer_id, h.id, a.id, ended.amount, $1
FROM ended
JOIN account h ON h.id = ended.account_id
JOIN account a ON a.kind = 'available' AND a.owner = ended.worker_id AND a.currency = h.currency AND a.slot = 0
ORDER BY h.id
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
