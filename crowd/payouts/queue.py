"""The payouts that wait for staff, each with what makes one look twice, and what staff decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import asyncpg

from crowd import audit
from crowd.payouts.methods import methods
from crowd.payouts.states import PayoutState, moved, tell
from crowd.sentences import SentenceError, say
from db.database import Tx

NEW = timedelta(days=3)
"""Who has been with the house for less is new."""

FAST = 3.0
"""So many times the pace of the median worker in the same batches, or more, is unusual."""

_FEWEST = 20
"""Answers from which on a pace is told."""

LONGEST_REASON = 300

LARGE = 100
"""So many times the smallest payout, or more, is looked at by two people, where the house says nothing else."""


class Mark(StrEnum):
    """What makes one look twice at a payout. None is a reason by itself."""

    NEW_ACCOUNT = "new_account"
    SHARED_DETAILS = "shared_details"
    """The money of another worker goes, or went, to the same account."""
    CHANGED_DETAILS = "changed_details"
    """Entered in the last days, in place of others."""
    UNUSUAL_SPEED = "unusual_speed"
    FINDINGS = "findings"
    """A signal of fraud waits for a person, or was confirmed."""


class DecisionError(SentenceError):
    """Nothing was decided; says why, for staff."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A payout that waits for staff."""

    id: int
    worker_id: int
    pseudonym: str
    country: str | None
    currency: str
    amount: int
    """Micro-units, the fee with them."""
    fee: int
    method: str
    masked: str
    state: PayoutState
    requested_at: datetime
    approved_by: str | None
    """Of one that waits for a second person too."""
    marks: tuple[Mark, ...]


_MARKS = f"""
SELECT p.id, p.worker_id, w.pseudonym, w.country, p.currency, p.amount, p.fee, p.method, d.masked, p.state,
       p.requested_at, p.approved_by,
       w.created_at > $1::timestamptz - $2::interval AS new_account,
       EXISTS (
           SELECT FROM payout_details o WHERE o.print = d.print AND o.worker_id <> p.worker_id
       ) AS shared_details,
       d.entered_at > $1::timestamptz - $2::interval AND EXISTS (
           SELECT FROM payout_details o WHERE o.worker_id = p.worker_id AND o.id < d.id
       ) AS changed_details,
       coalesce(pace.fast, false) AS unusual_speed,
       EXISTS (
           SELECT FROM finding f WHERE p.worker_id = ANY(f.workers) AND f.state <> 'dismissed'
       ) AS findings
FROM payout p JOIN worker w ON w.id = p.worker_id JOIN payout_details d ON d.id = p.details_id
LEFT JOIN LATERAL (
    SELECT count(*) >= {_FEWEST} AND avg(a.ms) * {FAST} < avg(usual.ms) AS fast
    FROM (SELECT batch_id, ms FROM answer WHERE worker_id = p.worker_id ORDER BY id DESC LIMIT 500) a
    CROSS JOIN LATERAL (SELECT b.pace_ms AS ms FROM batch b WHERE b.id = a.batch_id AND b.pace_ms IS NOT NULL) usual
) pace ON true
"""  # noqa: S608


async def waiting(
    tx: Tx, *, states: Sequence[PayoutState] = (PayoutState.REQUESTED,), limit: int = 100
) -> list[Waiting]:
    """The payouts in these states, the oldest first."""
    rows = await tx.rows(
        f"{_MARKS} WHERE p.ended_at IS NULL AND p.state = ANY($3) ORDER BY p.id LIMIT $4",
        tx.now, NEW, list(states), limit,
    )  # fmt: skip
    return [_waiting(row) for row in rows]


_LOCKED = """
SELECT id, amount, currency, method, state, approved_by FROM payout WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE
"""


_APPROVE = """
UPDATE payout SET approved_by = coalesce(approved_by, $2), approved_at = coalesce(approved_at, $3),
                  seconded_by = CASE WHEN $5 THEN $2 END, state = CASE WHEN $4 THEN 'approved' ELSE state END
WHERE id = $1
"""


async def approve(
    tx: Tx, payouts: Sequence[int], *, by: str, four_eyes: Mapping[str, int]
) -> tuple[list[int], list[int]]:
    """Approve payouts: those that are approved now, and those that wait for a second person.

    `four_eyes` are, by currency, the micro-units from which on two people must look at one; for other currencies it is
    LARGE times the smallest that the method pays. Whichever way somebody comes, they are one person. To approve one
    again changes nothing. Raises DecisionError when one is not waiting.
    """
    done, second = list[int](), list[int]()
    rows = await tx.rows(_LOCKED, list(payouts))
    if len(rows) < len(set(payouts)):
        raise DecisionError(say("one of these payouts is not there"))
    for row in rows:
        if row["state"] == PayoutState.APPROVED:
            continue
        if row["state"] != PayoutState.REQUESTED:
            raise DecisionError(say("payout {payout} waits no more: look at the list again", payout=row["id"]))
        alone = row["amount"] < four_eyes.get(row["currency"], _large(row["method"], row["currency"]))
        first = row["approved_by"]
        seconds = first is not None and audit.person_of(first) != audit.person_of(by)
        (done if alone or seconds else second).append(row["id"])
        await tx.run(_APPROVE, row["id"], by, tx.now, alone or seconds, seconds)
        await audit.note(tx, by, "payout.approve", row["id"], {"alone": alone, "first": first})
    await tell(tx, done, PayoutState.APPROVED)
    return done, second


async def refuse(tx: Tx, payout_id: int, reason: str, *, by: str) -> None:
    """Do not send a payout; its worker is told why, and has the money again. Raises DecisionError."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise DecisionError(say("say why: the worker is told it"))
    done = await tx.run(
        "UPDATE payout SET state = 'refused', reason = $2, ended_at = $3 WHERE id = $1 "
        "AND state IN ('requested', 'approved')",
        payout_id, reason, tx.now,
    )  # fmt: skip
    if not done:
        raise DecisionError(say("payout {payout} waits no more: look at the list again", payout=payout_id))
    await tx.run(moved("payout_back", "requested", "available", "p.amount"), [payout_id], tx.now)
    await audit.note(tx, by, "payout.refuse", payout_id, {"reason": reason})
    await tell(tx, [payout_id], PayoutState.REFUSED)


def _large(method_name: str, currency: str) -> int:
    """Micro-units from which on a payout is large, where the house says nothing else; of an unknown method any is."""
    method = methods().get(method_name)
    return LARGE * method.terms(currency).least if method is not None else 0


def _waiting(row: asyncpg.Record) -> Waiting:
    return Waiting(
        id=row["id"], worker_id=row["worker_id"], pseudonym=row["pseudonym"], country=row["country"],
        currency=row["currency"], amount=row["amount"], fee=row["fee"], method=row["method"], masked=row["masked"],
        state=PayoutState(row["state"]), requested_at=row["requested_at"], approved_by=row["approved_by"],
        marks=tuple(mark for mark in Mark if row[mark]),
    )  # fmt: skip
