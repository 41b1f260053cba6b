"""How invitations stand, for staff."""

from dataclasses import dataclass

from crowd.bonuses.pot import Pot, pots
from crowd.referrals.paying import Held, held
from crowd.referrals.terms import ReferralTerms, terms_now
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Overview:
    """All invitations of the house."""

    terms: ReferralTerms | None
    """None: those who come now pay nothing."""
    inviters: int
    """Workers by whose link somebody came."""
    came: int
    under_way: int
    """Of them, whose answers are not there yet."""
    paid: int
    sums: tuple[tuple[str, int], ...]
    """What was paid: currency and micro-units."""
    held: tuple[Held, ...]
    pots: tuple[Pot, ...]


_STAND = """
SELECT count(DISTINCT inviter_id)::int AS inviters, count(*)::int AS came,
       (count(*) FILTER (WHERE terms_id IS NOT NULL AND earned_at IS NULL))::int AS under_way,
       (count(paid_at))::int AS paid
FROM invitation
"""
_SUMS = """
SELECT currency, sum(amount)::bigint FROM bonus WHERE invited_id IS NOT NULL GROUP BY currency ORDER BY currency
"""


async def overview(tx: Tx) -> Overview:
    """How they stand now."""
    stand = await tx.row(_STAND)
    assert stand is not None
    sums = tuple((row[0], row[1]) for row in await tx.rows(_SUMS))
    return Overview(
        terms=await terms_now(tx),
        inviters=stand["inviters"],
        came=stand["came"],
        under_way=stand["under_way"],
        paid=stand["paid"],
        sums=sums,
        held=tuple(await held(tx)),
        pots=tuple(await pots(tx)),
    )
