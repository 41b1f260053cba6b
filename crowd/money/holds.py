"""Earned money becomes available when its hold ends.

A hold is for finding out whether its worker knows the work. So it is the shorter the more their golds and their
agreement with others show of that, and there is none for who is proven: as soon as they are, also what they earned
before is released, and what they earn from then on is released as it is earned (`crowd.loop.answering`). It moves with
all the evidence together, never with one gold: who watches their money does not learn which tasks are golds.
"""

from collections.abc import Collection
from datetime import timedelta

from crowd.referrals.due import look_again
from crowd.workers.standing import CLEARED, Standing
from db.database import Database, Tx

_MANY = 200
"""In one transaction: who answers meanwhile waits for their account."""

_DAY_S = 24 * 3600
"""What is released within a day, UTC, is told together at its end: nobody wants a message for each answer."""

PROVEN_CHECKS = 20
"""Nobody is proven on fewer checks: golds, and answers held against those of others."""

GRADED = "(b.spec -> 'graded' = 'true')"
"""SQL: whether batch `b` pays by how right answers are."""

# No lock is waited for: what is being released at this moment is gone anyhow.
_END = f"""
WITH ended AS (
    SELECT h.answer_id FROM hold h
    JOIN answer a ON a.id = h.answer_id
    JOIN batch b ON b.id = a.batch_id AND b.kind = $2 AND b.language = $3 AND NOT {GRADED}
    WHERE h.worker_id = ANY($1::bigint[]) AND h.due_at > $4 FOR UPDATE OF h SKIP LOCKED
)
UPDATE hold SET due_at = $4 FROM ended WHERE hold.answer_id = ended.answer_id
"""  # noqa: S608


def proven(standing: Standing, chance: float) -> bool:
    """Whether enough checks say surely enough that the worker knows the work; `chance` is that of a blind guess."""
    return standing.checks >= PROVEN_CHECKS and standing.cleared(chance)


def hold_time(hours: float, standing: Standing, chance: float, *, graded: bool = False) -> timedelta:
    """How long is held what a worker of that standing earns, in a batch that holds money for `hours` at most.

    The more of the evidence there is that would prove them, and the more of the checks, the shorter. Graded pay is
    held its whole time, whoever earns it: until then it is not known how much it is.
    """
    if graded:
        return timedelta(hours=hours)
    evidence = min(1.0, max(0.0, standing.evidence(chance) / CLEARED))
    return timedelta(hours=hours) * (1 - evidence * min(1.0, standing.checks / PROVEN_CHECKS))


async def end_holds(tx: Tx, workers: Collection[int], kind: str, language: str) -> int:
    """Have all that these earned by work of a kind and language released now; how many holds it ends.

    Not what may still be graded.
    """
    return await tx.run(_END, list(workers), kind, language, tx.now) if workers else 0


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
), told AS (
    INSERT INTO outbox (person_id, subject, content, key, due_at)
    SELECT w.person_id, 'released', jsonb_build_object('amount', sum(due.amount), 'currency', h.currency),
           'released:' || w.id || ':' || h.currency || ':' || $3::bigint, to_timestamp(($3 + 1) * $4::bigint)
    FROM due JOIN account h ON h.id = due.account_id JOIN worker w ON w.id = due.worker_id
    WHERE w.state <> 'forgotten' AND (SELECT count(*) FROM locked) > 0
    GROUP BY w.id, w.person_id, h.currency ORDER BY w.id
    ON CONFLICT (key) DO UPDATE SET content = jsonb_set(
        outbox.content, '{amount}',
        to_jsonb((outbox.content ->> 'amount')::bigint + (excluded.content ->> 'amount')::bigint)
    )
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'release', moving.answer_id, moving.debit, moving.credit, moving.amount, $1 FROM moving
WHERE (SELECT count(*) FROM locked) > 0
RETURNING (SELECT owner FROM account WHERE id = credit) AS worker_id
"""


async def release_holds(database: Database) -> int:
    """Release every hold that is due, and have workers told by the end of the day; how many there were."""
    total = 0
    while True:
        async with database.transaction() as tx:
            today = int(tx.now.timestamp()) // _DAY_S
            released = [row["worker_id"] for row in await tx.rows(_RELEASE, tx.now, _MANY, today, _DAY_S)]
            await look_again(tx, released)
        total += len(released)
        if len(released) < _MANY:
            return total
