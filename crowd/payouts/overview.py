"""All that a worker is shown of their payouts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crowd.money.rates import Worth, worth
from crowd.payouts.details import Details, details_of
from crowd.payouts.requesting import Payout, Prospect, payouts_of, prospects
from db.database import Tx

_ENDED = 3
_LOOKED = 20
"""Payouts looked through: one may be under way for each currency, however many have ended since."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Where a worker's money is to go, what they could ask for, and what became of what they asked for."""

    details: Details | None
    rests_until: datetime | None
    """Until then nothing leaves, since the details were changed; None where it may."""
    prospects: tuple[Prospect, ...]
    """By currency."""
    under_way: tuple[Payout, ...]
    """The newest first."""
    ended: tuple[Payout, ...]
    """The last few, likewise."""
    worths: Mapping[str, Worth] = field(default_factory=dict)
    """By currency: how amounts are shown, about, in the money of the worker's country too, where they are."""


async def overview(tx: Tx, worker_id: int, country: str | None) -> Overview:
    """As it is now."""
    payouts = await payouts_of(tx, worker_id, _LOOKED)
    details = await details_of(tx, worker_id)
    found = tuple(await prospects(tx, worker_id, country))
    return Overview(
        details=details,
        rests_until=details.usable_at if details is not None and details.usable_at > tx.now else None,
        prospects=found,
        under_way=tuple(each for each in payouts if each.ended_at is None),
        ended=tuple(each for each in payouts if each.ended_at is not None)[:_ENDED],
        worths=await worth(tx, country, [each.currency for each in found]),
    )
