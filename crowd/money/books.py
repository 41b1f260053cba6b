"""The ledger as people read it: its trial balance, and the transfers of a requester's batches."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Balance:
    """All accounts of one kind in one currency, micro-units. The world's is negative: money came in from there."""

    currency: str
    kind: str
    accounts: int
    balance: int
    reserved: int
    """Of it, promised to tasks that are in workers' hands."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial balance of one currency."""

    currency: str
    lines: tuple[Balance, ...]

    @property
    def total(self) -> int:
        """Zero, or the books are wrong."""
        return sum(line.balance for line in self.lines)


class Why(StrEnum):
    """The reasons of all transfers into or out of a batch's escrow."""

    FUND = "fund"
    """Put in when it was posted."""
    ADD = "add"
    """Put in later."""
    EARN = "earn"
    TOP_UP = "top_up"
    """Paid on top, since an hour paid too little."""
    EVEN = "even"
    """From one of its purses to another."""
    ASIDE = "aside"
    """Set aside at its end, for what was voided and may come back."""
    ASIDE_OWED = "aside_owed"
    """Part of that is owed, and goes to its worker."""
    UNCLAIMED = "unclaimed"
    """Was voided, and nobody claims it any more."""
    FEE = "fee"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Movement:
    """One transfer into or out of a requester's batches."""

    id: int
    reason: str
    """Of `Why`."""
    amount: int
    """Micro-units of `currency`."""
    currency: str
    batch_id: int
    batch: str
    """Its name."""
    pseudonym: str | None
    """Of the worker, where one earned or was paid on top."""
    incoming: bool
    """Into the batch's escrow."""
    at: datetime


_BALANCES = """
SELECT currency, kind, count(*) AS accounts, sum(balance)::bigint AS balance, sum(reserved)::bigint AS reserved
FROM account GROUP BY currency, kind
ORDER BY currency, array_position(
    ARRAY['world', 'escrow', 'bonus', 'hold', 'voided', 'available', 'requested', 'paid', 'fee'], kind
)
"""


async def trial_balances(tx: Tx) -> tuple[Trial, ...]:
    """The books of the whole house, one trial balance for each currency."""
    lines = [Balance(*row) for row in await tx.rows(_BALANCES)]
    currencies = dict.fromkeys(line.currency for line in lines)
    return tuple(Trial(each, tuple(line for line in lines if line.currency == each)) for each in currencies)


_LATEST_BATCHES = 50

# Both sides of each purse are read backwards in their index, a page of each; the newest of all these are the page.
_MOVEMENTS = """
WITH own AS (
    SELECT id, name FROM batch WHERE $1::bigint IS NULL OR requester_id = $1 ORDER BY id DESC LIMIT $2
), purse AS (
    SELECT a.id, a.currency, own.id AS batch_id, own.name AS batch
    FROM own JOIN account a ON a.kind = 'escrow' AND a.owner = own.id
), page AS (
    SELECT side.*, purse.currency, purse.batch_id, purse.batch FROM purse, LATERAL (
        (SELECT *, false AS incoming FROM transfer WHERE debit = purse.id AND id < $3 ORDER BY id DESC LIMIT $4)
        UNION ALL
        (SELECT *, true FROM transfer WHERE credit = purse.id AND id < $3 ORDER BY id DESC LIMIT $4)
    ) side
    ORDER BY side.id DESC LIMIT $4
)
SELECT page.id, page.reason, page.amount, page.currency, page.batch_id, page.batch, w.pseudonym, page.incoming, page.at
FROM page LEFT JOIN account h ON h.id = page.credit AND h.kind IN ('hold', 'available')
LEFT JOIN worker w ON w.id = h.owner
ORDER BY page.id DESC
"""


async def movements(
    tx: Tx, *, requester_id: int | None = None, before: int | None = None, limit: int = 25
) -> list[Movement]:
    """Transfers of the latest batches of a requester (or of anybody), newest first.

    `before` is the id of the last one of the page before.
    """
    rows = await tx.rows(_MOVEMENTS, requester_id, _LATEST_BATCHES, before or 2**62, limit)
    return [Movement(*row) for row in rows]
