"""What a receipt says. All of it is added up from the transfers of the ledger, and from no sum kept elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crowd.kinds.base import Json
from crowd.receipts.period import Period
from db.database import Tx

MOST_PAYOUTS = 30
"""The newest so many are listed, so that a receipt stays small."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """A worker's money at one moment, micro-units."""

    on_hold: int
    available: int
    asked_for: int
    """Put aside for payouts under way."""
    paid_out: int
    """In all payouts so far, fees not counted."""


@dataclass(frozen=True, slots=True)
class Moves:
    """What moved in the period, micro-units. Each is a sum of transfers in the way that it says."""

    earned: int
    """From batches to the worker, on hold."""
    on_top: int
    """From batches or the house to the worker, available at once: for pay that was too low, or given back."""
    released: int
    """From on hold to available."""
    asked_for: int
    """From available into payouts."""
    returned: int
    """From payouts that failed, were refused or taken back, to available."""
    paid_out: int
    """From payouts to where the worker said."""
    fees: int
    """From payouts, for sending them."""
    taken_back: int
    """From the worker, and not into a payout."""


@dataclass(frozen=True, slots=True)
class Money:
    """One currency."""

    currency: str
    opening: Amounts
    moves: Moves
    closing: Amounts
    """Opening and moves make just that."""


class Outcome(StrEnum):
    """What became of a payout."""

    UNDER_WAY = "under_way"
    PAID = "paid"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class PaidOut:
    """One payout of which anything moved in the period."""

    payout: int
    currency: str
    amount: int
    """Micro-units taken for it."""
    fee: int
    """Of them; 0 where it did not arrive."""
    method: str
    masked: str
    """The last characters of where it goes."""
    asked_at: datetime
    outcome: Outcome
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AsOf:
    """The last transfer that a statement counts."""

    transfer: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """What the house says of one worker, by the name that exports have for them."""

    pseudonym: str
    issued_at: datetime
    begin: datetime | None
    end: datetime | None
    as_of: AsOf | None
    """None: nothing moved yet."""
    answers: int
    """Paid for in the period."""
    money: tuple[Money, ...]
    payouts: tuple[PaidOut, ...]
    """The newest first."""
    payouts_left_out: int
    """Older ones, that would make it too long."""


# One statement, so that all of it is of one moment: staff may pay out between two.
_LEDGER = """
WITH own AS MATERIALIZED (
    SELECT id, kind, currency FROM account WHERE owner = $1 AND kind IN ('hold', 'available', 'requested', 'paid')
), move AS MATERIALIZED (
    SELECT t.id, t.at, t.reason, t.ref, t.amount, gives.currency,
           gives.kind AS gives, coalesce(gets.kind, 'other') AS gets
    FROM own gives JOIN transfer t ON t.debit = gives.id LEFT JOIN own gets ON gets.id = t.credit
    WHERE $3::timestamptz IS NULL OR t.at < $3
    UNION ALL
    SELECT t.id, t.at, t.reason, t.ref, t.amount, gets.currency, 'other', gets.kind
    FROM own gets JOIN transfer t ON t.credit = gets.id
    WHERE ($3::timestamptz IS NULL OR t.at < $3) AND t.debit NOT IN (SELECT id FROM own)
), summed AS (
    SELECT currency, gives, gets, gets = 'other' AND reason = 'payout_fee' AS fee,
           coalesce(sum(amount) FILTER (WHERE $2::timestamptz IS NOT NULL AND at < $2), 0)::bigint AS before,
           coalesce(sum(amount) FILTER (WHERE $2::timestamptz IS NULL OR at >= $2), 0)::bigint AS within,
           count(*) FILTER (WHERE reason = 'earn' AND ($2::timestamptz IS NULL OR at >= $2)) AS answers
    FROM move GROUP BY 1, 2, 3, 4
), paid AS (
    SELECT ref, min(currency) AS currency, max(at) AS last, min(at) AS asked_at,
           coalesce(sum(amount) FILTER (WHERE reason = 'payout'), 0)::bigint AS amount,
           coalesce(sum(amount) FILTER (WHERE reason = 'payout_fee'), 0)::bigint AS fee,
           max(at) FILTER (WHERE reason = 'payout_paid') AS paid_at,
           max(at) FILTER (WHERE reason = 'payout_back') AS returned_at
    FROM move WHERE reason IN ('payout', 'payout_fee', 'payout_paid', 'payout_back') GROUP BY ref
), listed AS (
    SELECT paid.*, p.method, d.masked, row_number() OVER (ORDER BY paid.ref DESC) AS place
    FROM paid JOIN payout p ON p.id = paid.ref JOIN payout_details d ON d.id = p.details_id
    WHERE $2::timestamptz IS NULL OR paid.last >= $2
)
SELECT (SELECT pseudonym FROM worker WHERE id = $1) AS pseudonym,
       (SELECT jsonb_build_object('transfer', id, 'at', at) FROM move ORDER BY id DESC LIMIT 1) AS as_of,
       (SELECT coalesce(jsonb_agg(to_jsonb(summed)), '[]') FROM summed) AS moves,
       (SELECT coalesce(jsonb_agg(to_jsonb(listed) ORDER BY place), '[]') FROM listed WHERE place <= $4) AS payouts,
       (SELECT count(*) FROM listed) AS payouts_in_all
"""


async def statement(tx: Tx, worker_id: int, period: Period) -> Statement:
    """What the ledger says of a worker, in a period."""
    row = await tx.row(_LEDGER, worker_id, period.begin, period.end, MOST_PAYOUTS)
    assert row is not None
    as_of, moves = row["as_of"], row["moves"]
    payouts = tuple(_payout(each) for each in row["payouts"])
    currencies = sorted({each["currency"] for each in moves})
    return Statement(
        pseudonym=row["pseudonym"],
        issued_at=tx.now,
        begin=period.begin,
        end=period.end,
        as_of=AsOf(as_of["transfer"], _when(as_of["at"])) if as_of is not None else None,
        answers=sum(each["answers"] for each in moves),
        money=tuple(_money(code, [each for each in moves if each["currency"] == code]) for code in currencies),
        payouts=payouts,
        payouts_left_out=row["payouts_in_all"] - len(payouts),
    )


def _money(currency: str, moves: list[Json]) -> Money:
    def between(gives: str, gets: str, *, fee: bool = False) -> int:
        way = (gives, gets, fee)
        total: int = sum(each["within"] for each in moves if (each["gives"], each["gets"], each["fee"]) == way)
        return total

    taken_back = sum(each["within"] for each in moves if each["gets"] == "other" and not each["fee"])
    return Money(
        currency,
        opening=_amounts(moves, ("before",)),
        moves=Moves(
            earned=between("other", "hold"),
            on_top=between("other", "available"),
            released=between("hold", "available"),
            asked_for=between("available", "requested"),
            returned=between("requested", "available"),
            paid_out=between("requested", "paid"),
            fees=between("requested", "other", fee=True),
            taken_back=taken_back,
        ),
        closing=_amounts(moves, ("before", "within")),
    )


def _amounts(moves: list[Json], when: tuple[str, ...]) -> Amounts:
    def balance(kind: str) -> int:
        got: int = sum(each[name] for each in moves for name in when if each["gets"] == kind)
        gave: int = sum(each[name] for each in moves for name in when if each["gives"] == kind)
        return got - gave

    return Amounts(balance("hold"), balance("available"), balance("requested"), balance("paid"))


def _payout(row: Json) -> PaidOut:
    paid, returned = row["paid_at"], row["returned_at"]
    outcome = Outcome.PAID if paid else Outcome.RETURNED if returned else Outcome.UNDER_WAY
    ended = paid or returned
    return PaidOut(
        payout=row["ref"], currency=row["currency"], amount=row["amount"], fee=row["fee"],
        method=row["method"], masked=row["masked"], asked_at=_when(row["asked_at"]), outcome=outcome,
        ended_at=_when(ended) if ended else None,
    )  # fmt: skip


def _when(said: str) -> datetime:
    return datetime.fromisoformat(said)
