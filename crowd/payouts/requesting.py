"""A worker asks for what is available, once for each currency, and may take that back until it is approved."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg

from crowd import audit
from crowd.payouts.details import Details, details_of
from crowd.payouts.method import Terms, smallest_unit
from crowd.payouts.methods import methods
from crowd.payouts.states import PayoutState, moved
from db.database import Tx


class Hindrance(StrEnum):
    """Why nothing can be asked for."""

    NO_DETAILS = "no_details"
    FROZEN = "frozen"
    """The details changed a short time ago."""
    NOT_SERVED = "not_served"
    """The way that was entered does not pay this currency."""
    TOO_LITTLE = "too_little"
    UNDER_WAY = "under_way"
    """There is one already."""


class RequestError(Exception):
    """Nothing was asked for; no money moved."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance)
        self.hindrance = hindrance


@dataclass(frozen=True, slots=True)
class Payout:
    """One payout, as its worker and staff see it."""

    id: int
    currency: str
    amount: int
    """Micro-units taken from the worker's money."""
    fee: int
    """Of it; the rest is to arrive."""
    method: str
    masked: str
    state: PayoutState
    requested_at: datetime
    reason: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a worker could ask for now in one currency."""

    currency: str
    available: int
    """Micro-units."""
    amount: int
    """Of it, whole cents, or whatever the currency's smallest unit is: what would be taken."""
    terms: Terms | None
    """None where there are no details, or their way does not pay this currency."""
    hindrance: Hindrance | None
    """None: it can be asked for."""

    @property
    def missing(self) -> int:
        """How much more it takes until it can be asked for."""
        return max(0, least(self.terms, self.currency) - self.amount) if self.terms is not None else 0

    @property
    def left_over(self) -> int:
        """What is too little to be sent by itself, and stays available."""
        return self.available - self.amount


PAYOUT = """
SELECT p.id, p.currency, p.amount, p.fee, p.method, d.masked, p.state, p.requested_at, p.reason, p.ended_at
FROM payout p JOIN payout_details d ON d.id = p.details_id
"""

_WALLETS = """
SELECT a.currency, a.balance,
       EXISTS (SELECT FROM payout WHERE worker_id = $1 AND currency = a.currency AND ended_at IS NULL) AS under_way
FROM account a WHERE a.kind = 'available' AND a.owner = $1 AND a.slot = 0 ORDER BY a.currency
"""

_ASK = """
INSERT INTO payout (worker_id, currency, amount, fee, method, details_id, requested_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
"""


async def prospects(tx: Tx, worker_id: int, country: str | None) -> list[Prospect]:
    """What a worker could ask for, by currency."""
    details = await details_of(tx, worker_id)
    return [_prospect(tx.now, row, details, country) for row in await tx.rows(_WALLETS, worker_id)]


async def payouts_of(tx: Tx, worker_id: int, limit: int = 5) -> list[Payout]:
    """A worker's latest payouts, the newest first."""
    return [
        _payout(row)
        for row in await tx.rows(f"{PAYOUT} WHERE p.worker_id = $1 ORDER BY p.id DESC LIMIT $2", worker_id, limit)
    ]


async def request(tx: Tx, worker_id: int, country: str | None, currency: str) -> Payout:
    """Ask for all that is available in a currency. The worker's row must be locked. Raises RequestError."""
    details = await details_of(tx, worker_id)
    rows = {row["currency"]: row for row in await tx.rows(_WALLETS, worker_id)}
    if currency not in rows:
        raise RequestError(Hindrance.TOO_LITTLE)
    found = _prospect(tx.now, rows[currency], details, country)
    if found.hindrance is not None:
        raise RequestError(found.hindrance)
    assert details is not None
    assert found.terms is not None
    number: int = await tx.value(
        _ASK, worker_id, currency, found.amount, found.terms.fee, details.method, details.id, tx.now
    )
    await tx.run(moved("payout", "available", "requested", "p.amount"), [number], tx.now)
    await audit.note(
        tx, f"worker {worker_id}", "payout.request", number, {"amount": found.amount, "currency": currency}
    )
    return await payout_by_id(tx, number)


async def cancel(tx: Tx, worker_id: int, payout_id: int) -> Payout | None:
    """Take a payout back that is not approved yet; None where there is none such. Twice changes nothing more.

    One that waits for a second person is not: what the screen offers holds until that person has decided.
    """
    taken = await tx.run(
        "UPDATE payout SET state = 'cancelled', ended_at = $3 WHERE id = $1 AND worker_id = $2 "
        "AND state = 'requested'",
        payout_id, worker_id, tx.now,
    )  # fmt: skip
    if taken:
        await tx.run(moved("payout_back", "requested", "available", "p.amount"), [payout_id], tx.now)
        await audit.note(tx, f"worker {worker_id}", "payout.cancel", payout_id, {})
    row = await tx.row(f"{PAYOUT} WHERE p.id = $1 AND p.worker_id = $2 AND p.state = 'cancelled'", payout_id, worker_id)
    return _payout(row) if row else None


async def payout_by_id(tx: Tx, payout_id: int) -> Payout:
    """One that there is."""
    row = await tx.row(f"{PAYOUT} WHERE p.id = $1", payout_id)
    assert row is not None
    return _payout(row)


def least(terms: Terms, currency: str) -> int:
    """Nothing smaller leaves: something must arrive when the fee is taken off."""
    return max(terms.least, terms.fee + smallest_unit(currency))


def _prospect(now: datetime, row: asyncpg.Record, details: Details | None, country: str | None) -> Prospect:
    currency, available = row["currency"], row["balance"]
    method = methods().get(details.method) if details is not None else None
    serves = method is not None and country is not None and method.serves(country, currency)
    terms = method.terms(currency) if method is not None and serves else None
    amount = available - available % smallest_unit(currency)
    return Prospect(currency, available, amount, terms, _hindrance(now, row, details, terms, amount))


def _hindrance(
    now: datetime, row: asyncpg.Record, details: Details | None, terms: Terms | None, amount: int
) -> Hindrance | None:
    if row["under_way"]:
        return Hindrance.UNDER_WAY
    if details is None:
        return Hindrance.NO_DETAILS
    if terms is None:
        return Hindrance.NOT_SERVED
    if details.usable_at > now:
        return Hindrance.FROZEN
    return Hindrance.TOO_LITTLE if amount < least(terms, row["currency"]) else None


def _payout(row: asyncpg.Record) -> Payout:
    return Payout(
        id=row["id"], currency=row["currency"], amount=row["amount"], fee=row["fee"], method=row["method"],
        masked=row["masked"], state=PayoutState(row["state"]), requested_at=row["requested_at"], reason=row["reason"],
        ended_at=row["ended_at"],
    )  # fmt: skip
