"""Each batch's months, and those of the whole house, out of the ledger's flows.

A payout is a worker's, not a batch's: what was earned in a batch is told as far as the ledger knows, earned, then on
hold, then released. What was paid out, and what is owed, is told of the house alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from crowd.reports.flows import Flow, total
from crowd.reports.months import months

_ESCROW, _HOLD, _FEE, _WORLD = (frozenset({kind}) for kind in ("escrow", "hold", "fee", "world"))
_REQUESTED, _PAID = frozenset({"requested"}), frozenset({"paid"})
_OWED = _REQUESTED | {"available"}
_VOIDED, _POT = frozenset({"voided"}), frozenset({"bonus"})
_HELD = _HOLD | _VOIDED
_WORKERS = _HELD | _OWED | _PAID
_EVERY = _ESCROW | _WORKERS | _FEE | _WORLD | _POT


@dataclass(frozen=True, slots=True)
class Told:
    """What batches came to in one month. Money is in micro-units of a currency."""

    funded: int = 0
    """Put into escrow in this month."""
    spent: int = 0
    """Earned by workers in this month."""
    released: int = 0
    """Of what was earned, in whichever month: became available in this one."""
    fee: int = 0
    """The house's, taken in this month."""
    returned: int = 0
    """Given back to the requester in this month."""
    on_hold: int = 0
    """Earned and not yet released, at the month's end; in the month under way, so far. What was voided is there too,
    while its worker may still get it, and what is set aside for it."""
    left: int = 0
    """In escrow then."""

    def __add__(self, other: "Told") -> "Told":
        return Told(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def __bool__(self) -> bool:
        return self != Told()


@dataclass(frozen=True, slots=True)
class HouseMonth:
    """One month of the whole house in one currency, micro-units."""

    month: date
    currency: str
    batches: Told
    """All batches together. `spent` has also what workers got that came out of no batch."""
    paid: int
    """Arrived at workers in this month, without the fees on it."""
    payout_fees: int
    """Kept of payouts in this month, for sending the rest."""
    owed: int
    """Available to workers, asked for or not, and not paid at the month's end."""


def batch_months(
    flows: Iterable[Flow], releases: Mapping[tuple[int, date], int], last: date
) -> dict[tuple[int, date], Told]:
    """Each batch's months, up to the last one, in which something moved or was there."""
    by_batch: defaultdict[int, list[Flow]] = defaultdict(list)
    for flow in flows:
        if flow.batch_id is not None:
            by_batch[flow.batch_id].append(flow)
    told = {}
    for batch_id, own in by_batch.items():
        on_hold = left = 0
        for month, moved in _by_month(own, last):
            out = releases.get((batch_id, month), 0)
            on_hold += total(moved, _ESCROW, _HELD) - total(moved, _VOIDED, _WORLD | _FEE) - out
            left += total(moved, _EVERY - _ESCROW, _ESCROW)
            each = _told(
                moved, spent=total(moved, _ESCROW | _WORLD, _WORKERS), released=out, on_hold=on_hold, left=left
            )
            if each:
                told[batch_id, month] = each
    return told


def house_months(flows: Iterable[Flow], last: date) -> list[HouseMonth]:
    """The months of the house by currency, the newest first. At each one's end the books add up to nothing."""
    by_currency: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        by_currency[flow.currency].append(flow)
    told = []
    for currency, own in by_currency.items():
        on_hold = left = owed = 0
        for month, moved in _by_month(own, last):
            on_hold += total(moved, _EVERY - _HELD, _HELD)
            owed += total(moved, _EVERY - _OWED, _OWED)
            left += total(moved, _EVERY - _ESCROW, _ESCROW)
            payout_fees = total(moved, _REQUESTED, _FEE)
            spent = total(moved, _ESCROW | _FEE | _WORLD | _POT, _WORKERS) + payout_fees
            released = total(moved, _HELD, _OWED)
            batches = _told(moved, spent=spent, released=released, on_hold=on_hold, left=left)
            paid = total(moved, _EVERY - _PAID, _PAID)
            told.append(HouseMonth(month, currency, batches, paid, payout_fees, owed))
    return sorted(told, key=lambda each: (-each.month.toordinal(), each.currency))


def _told(moved: Sequence[Flow], *, spent: int, released: int, on_hold: int, left: int) -> Told:
    return Told(
        funded=sum(each.amount for each in moved if each.giver == "world" and each.taker == "escrow"),
        returned=sum(each.amount for each in moved if each.giver in _ESCROW | _VOIDED and each.taker == "world"),
        fee=total(moved, _ESCROW, _FEE), spent=spent, released=released, on_hold=on_hold, left=left,
    )  # fmt: skip


def _by_month(flows: Sequence[Flow], last: date) -> Iterable[tuple[date, list[Flow]]]:
    moved: defaultdict[date, list[Flow]] = defaultdict(list)
    for flow in flows:
        moved[flow.month].append(flow)
    return [(month, moved[month]) for month in months(min(moved), max(last, *moved))] if moved else []
