"""Inviters are paid: an invitation is earned once the invited worker gave good answers enough, and then paid for once.

Both are found out by the clock, never while somebody answers. What is earned stays so. It is paid when nothing hinders
it, the oldest first, and all of it or nothing: with an empty pot it waits.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from crowd.bonuses.paying import pay_out
from crowd.bonuses.pot import lock_pot
from crowd.golds.rate import DOUBT, EXAM
from crowd.kinds.judging import GOOD
from crowd.referrals.due import take_due
from db.database import Database, Tx

LEAST_CHECKS = EXAM
"""Golds, or answers that others judged, that an invited worker must have in a kind and language: else work in it does
not count.

It is what everybody begins with: who does these well meets few golds after them, and who does not meets many, so that
whoever guesses has far more of them by the time that there are answers enough.
"""

MEAN_VERDICT = 0.7
"""Of these checks; beside it the evidence must be as clear as it must be for golds to become rare (DOUBT)."""

MOST_PAID = 20
WITHIN = timedelta(days=30)
"""An inviter is paid for so many invitations in so long at most: more than anybody's friends, and less than what is
worth a farm of accounts. What is beyond that is paid later."""

_LOOKED = 1000
"""The newest answers that are looked at."""


class Hindrance(StrEnum):
    """Why an invitation that is earned is not paid yet."""

    AWAY = "away"
    """The inviter has stopped, or blocked the bot."""
    FINDING = "finding"
    """A signal of fraud on one of the two waits for a person, or somebody is paused by it."""
    ACCOUNT = "account"
    """The invited worker's money goes, or went, where that of the inviter or of another whom they invited does."""
    MANY = "many"
    """The inviter was paid for MOST_PAID others."""
    POT = "pot"
    """The pot does not hold it."""


@dataclass(frozen=True, slots=True)
class Held:
    """Invitations that are earned and not paid, for one reason and in one currency."""

    hindrance: Hindrance | None
    """None: they are paid within minutes."""
    currency: str
    invitations: int
    amount: int
    """Micro-units."""


_SUSPECT = """
EXISTS (SELECT FROM finding f WHERE (f.state = 'open' AND {worker} = ANY(f.workers))
                                 OR (f.state = 'paused' AND {worker} = ANY(f.paused)))
"""

# A good answer says something, is paid for, no more on hold, and not rejected by those who judged it. Work counts by
# kind and language: where its worker is not paused, not in doubt, and has done their checks well.
_EARNED = f"""
WITH open AS MATERIALIZED (
    SELECT i.invited_id, t.good_answers FROM invitation i JOIN referral_terms t ON t.id = i.terms_id
    WHERE i.earned_at IS NULL AND {{which}} AND t.good_answers <= (
        SELECT coalesce(sum(answers), 0) FROM participation WHERE worker_id = i.invited_id
    ) AND NOT {_SUSPECT.format(worker="i.invited_id")}
), done AS (
    SELECT open.invited_id FROM open, LATERAL (
        SELECT sum(work.good) AS good FROM (
            SELECT count(*) FILTER (
                WHERE a.value IS NOT NULL AND a.price > 0 AND h.answer_id IS NULL AND coalesce(j.word, $2) = $2
                  AND EXISTS (SELECT FROM transfer WHERE reason IN ('release', 'unvoid') AND ref = a.id)
            ) AS good
            FROM (SELECT * FROM answer WHERE worker_id = open.invited_id ORDER BY id DESC LIMIT {_LOOKED}) a
            JOIN batch b ON b.id = a.batch_id
            JOIN track r ON r.worker_id = a.worker_id AND r.kind = b.kind AND r.language = b.language
            LEFT JOIN hold h ON h.answer_id = a.id
            LEFT JOIN judged_answer j ON j.answer_id = a.id
            CROSS JOIN LATERAL (SELECT coalesce(a.verdict, (j.word = $2)::int) AS verdict) checked
            WHERE r.paused_at IS NULL AND (r.evidence <= {DOUBT} OR r.golds = 0)
            GROUP BY b.kind, b.language
            HAVING count(checked.verdict) >= {LEAST_CHECKS} AND avg(checked.verdict) >= {MEAN_VERDICT}
        ) work
    ) shown
    WHERE shown.good >= open.good_answers
), locked AS (
    SELECT invited_id FROM invitation WHERE invited_id IN (SELECT invited_id FROM done) AND earned_at IS NULL
    ORDER BY invited_id FOR NO KEY UPDATE
)
UPDATE invitation SET earned_at = $1 FROM locked WHERE invitation.invited_id = locked.invited_id
"""  # noqa: S608
_DUE_EARNED = _EARNED.format(which="i.invited_id = ANY($3::bigint[])")
_ALL_EARNED = _EARNED.format(which="true")

_WAITING = f"""
SELECT i.invited_id, i.inviter_id, i.earned_at, t.currency, t.per_invited AS amount, CASE
    WHEN w.state <> 'active' THEN 'away'
    WHEN {_SUSPECT.format(worker="i.inviter_id")} OR {_SUSPECT.format(worker="i.invited_id")} THEN 'finding'
    WHEN EXISTS (
        SELECT FROM payout_details own JOIN payout_details other ON other.print = own.print
        WHERE own.worker_id = i.invited_id AND other.worker_id <> i.invited_id AND (
            other.worker_id = i.inviter_id
            OR other.worker_id IN (SELECT invited_id FROM invitation WHERE inviter_id = i.inviter_id)
        )
    ) THEN 'account'
    WHEN {MOST_PAID} <= (
        SELECT count(*) FROM bonus WHERE worker_id = i.inviter_id AND invited_id IS NOT NULL AND at > $1
    ) THEN 'many'
    WHEN coalesce(p.balance, 0) < t.per_invited THEN 'pot'
END AS hindrance
FROM invitation i JOIN referral_terms t ON t.id = i.terms_id JOIN worker w ON w.id = i.inviter_id
LEFT JOIN account p ON p.kind = 'bonus' AND p.owner = 0 AND p.slot = 0 AND p.currency = t.currency
WHERE i.earned_at IS NOT NULL AND i.paid_at IS NULL
"""  # noqa: S608

_READY = f"SELECT invited_id FROM ({_WAITING}) waiting WHERE hindrance IS NULL ORDER BY earned_at, invited_id"  # noqa: S608

_HELD = f"""
SELECT hindrance, currency, count(*)::int, sum(amount)::bigint FROM ({_WAITING}) waiting
GROUP BY hindrance, currency ORDER BY hindrance, currency
"""  # noqa: S608

# Who is with an update at this moment is left for the next time, so that nobody waits here.
_LOCK = """
SELECT i.inviter_id, t.currency, t.per_invited AS amount
FROM invitation i JOIN referral_terms t ON t.id = i.terms_id JOIN worker w ON w.id = i.inviter_id
WHERE i.invited_id = $1 FOR NO KEY UPDATE OF w SKIP LOCKED
"""
_HINDRANCE = f"SELECT hindrance FROM ({_WAITING} AND i.invited_id = $2) waiting"  # noqa: S608
_PAID = "UPDATE invitation SET paid_at = $2 WHERE invited_id = $1"


async def pay_referrals(database: Database) -> int:
    """Find out which invitations are earned, of those that are due, and pay for them; how many were paid."""
    async with database.transaction() as tx:
        due = await take_due(tx)
        if due:
            await tx.run(_DUE_EARNED, tx.now, GOOD, due)
    async with database.reading() as tx:
        ready = [row["invited_id"] for row in await tx.rows(_READY, tx.now - WITHIN)]
    paid = 0
    for invited_id in ready:
        async with database.transaction() as tx:
            paid += await _pay(tx, invited_id)
    return paid


async def look_through_invitations(database: Database) -> int:
    """Find out which are earned, of all that are open; how many. Few are that were not due: see `due`."""
    async with database.transaction() as tx:
        return await tx.run(_ALL_EARNED, tx.now, GOOD)


async def held(tx: Tx) -> list[Held]:
    """What is earned and not paid yet, and why."""
    return [
        Held(None if row[0] is None else Hindrance(row[0]), *row[1:]) for row in await tx.rows(_HELD, tx.now - WITHIN)
    ]


async def _pay(tx: Tx, invited_id: int) -> bool:
    """Pay for one, if nothing hinders it now that inviter and pot are locked."""
    locked = await tx.row(_LOCK, invited_id)
    pot = await lock_pot(tx, locked["currency"]) if locked is not None else None
    if locked is None or pot is None:
        return False
    now = await tx.row(_HINDRANCE, tx.now - WITHIN, invited_id)
    if now is None or now["hindrance"] is not None:
        return False
    await tx.run(_PAID, invited_id, tx.now)
    done = await pay_out(
        tx, pot, locked["inviter_id"], locked["amount"], locked["currency"], invited_id=invited_id, by="kazi"
    )
    assert done is not None
    return True
