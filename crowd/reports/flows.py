"""What moved between accounts, month by month: the ledger added up once, for all reports.

All of the house is one walk along all transfers; a requester's own batches are found by the index of their purses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Flow:
    """All that moved in one month from accounts of one kind to those of another."""

    month: date
    """Its first day, UTC."""
    currency: str
    giver: str
    """The kind of account, as `hold`."""
    taker: str
    amount: int
    """Micro-units of `currency`."""
    batch_id: int | None
    """Of the escrow, or the voided money, on one of the two sides; None where there is none."""


_OWN_BATCHES = (
    "SELECT id FROM batch WHERE ($1::bigint IS NULL OR requester_id = $1) AND ($2::bigint IS NULL OR id = $2)"
)
"""SQL: batches of the requester $1, or of all, and of them the batch $2, or all."""

# Added up before accounts are looked at: there are far fewer pairs of accounts than transfers.
_ALL = """
WITH moved AS MATERIALIZED (
    SELECT debit, credit, date_trunc('month', at, 'UTC') AS month, sum(amount) AS amount FROM transfer GROUP BY 1, 2, 3
)
SELECT (month AT TIME ZONE 'UTC')::date AS month, d.currency, d.kind AS giver, c.kind AS taker,
       sum(amount)::bigint AS amount,
       CASE WHEN d.kind IN ('escrow', 'voided') THEN d.owner WHEN c.kind IN ('escrow', 'voided') THEN c.owner END
           AS batch_id
FROM moved JOIN account d ON d.id = debit JOIN account c ON c.id = credit
GROUP BY 1, 2, 3, 4, 6
"""

_OWN = f"""
WITH purse AS (
    SELECT id, kind, owner, currency FROM account WHERE kind IN ('escrow', 'voided') AND owner IN ({_OWN_BATCHES})
), moved AS (
    SELECT p.owner, p.currency, p.kind AS giver, other.kind AS taker, t.at, t.amount
    FROM purse p JOIN transfer t ON t.debit = p.id JOIN account other ON other.id = t.credit
    UNION ALL
    SELECT p.owner, p.currency, other.kind, p.kind, t.at, t.amount
    FROM purse p JOIN transfer t ON t.credit = p.id JOIN account other ON other.id = t.debit
    WHERE other.kind NOT IN ('escrow', 'voided')
)
SELECT (date_trunc('month', at, 'UTC') AT TIME ZONE 'UTC')::date AS month, currency, giver, taker,
       sum(amount)::bigint AS amount, owner AS batch_id
FROM moved GROUP BY 1, 2, 3, 4, 6
"""  # noqa: S608

_ALL_ANSWERS = "answer a"
"""SQL: every answer there is; it walks along all of them once."""

_OWN_ANSWERS = f"""
(SELECT id, first_task, last_task FROM batch WHERE id IN ({_OWN_BATCHES})) b
JOIN answer a ON a.task_id BETWEEN b.first_task AND b.last_task AND a.batch_id = b.id
"""  # noqa: S608
"""SQL: those to _OWN_BATCHES. Tasks of a batch have ids next to each other, so they are found by the index of tasks."""

# A release says which answer it is of, and so does giving back what was voided.
_RELEASED = """
SELECT (date_trunc('month', r.at, 'UTC') AT TIME ZONE 'UTC')::date AS month, a.batch_id, sum(r.amount)::bigint AS amount
FROM {answers} JOIN transfer r ON r.reason IN ('release', 'unvoid') AND r.ref = a.id GROUP BY 1, 2
"""


async def all_flows(tx: Tx) -> list[Flow]:
    """Of the whole house."""
    return [Flow(**dict(row)) for row in await tx.rows(_ALL)]


async def flows_of(tx: Tx, requester_id: int | None, batch_id: int | None) -> list[Flow]:
    """Into and out of the escrow of a requester's batches, or of one of them."""
    return [Flow(**dict(row)) for row in await tx.rows(_OWN, requester_id, batch_id)]


async def released(tx: Tx, requester_id: int | None, batch_id: int | None) -> dict[tuple[int, date], int]:
    """What became available of what answers earned, micro-units, by batch and the month in which it did."""
    rows = await of_answers(tx, _RELEASED, requester_id, batch_id)
    return {(row["batch_id"], row["month"]): row["amount"] for row in rows}


async def of_answers(tx: Tx, query: str, requester_id: int | None, batch_id: int | None) -> list[asyncpg.Record]:
    """Rows of a query about `{answers}`: those to a requester's batches, or to one of them, or all there are."""
    if requester_id is None and batch_id is None:
        return await tx.rows(query.format(answers=_ALL_ANSWERS))
    return await tx.rows(query.format(answers=_OWN_ANSWERS), requester_id, batch_id)


def total(flows: Sequence[Flow], givers: frozenset[str], takers: frozenset[str]) -> int:
    """What moved from some kinds of accounts to others, less what moved back."""
    there = sum(each.amount for each in flows if each.giver in givers and each.taker in takers)
    return there - sum(each.amount for each in flows if each.giver in takers and each.taker in givers)
