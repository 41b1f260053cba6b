"""A worker's own link, who came by it, and how that stands."""

import secrets
from dataclasses import dataclass

from crowd.referrals.terms import ReferralTerms, terms_now
from db.database import Tx

PREFIX = "ref_"
"""How the payload of a deep link begins that invites; that of a link to a batch has no underscore."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Invites:
    """How a worker's invitations stand."""

    code: str
    terms: ReferralTerms | None
    """None: those who come now pay nothing."""
    came: int
    """By the link, at any time."""
    under_way: int
    """Of them, who may still pay."""
    earned: int
    """Whose answers are there; the money is not yet."""
    paid: int
    sums: tuple[tuple[str, int], ...]
    """What was paid in all: currency and micro-units."""


_LINK = """
INSERT INTO invite_link (worker_id, code, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""

_CAME_BY = """
INSERT INTO invitation (invited_id, inviter_id, terms_id, at)
SELECT w.id, l.worker_id, (SELECT id FROM referral_terms WHERE active), $3
FROM invite_link l, worker w WHERE l.code = $2 AND w.person_id = $1
"""

_STAND = """
SELECT count(*)::int AS came,
       (count(*) FILTER (WHERE terms_id IS NOT NULL AND earned_at IS NULL))::int AS under_way,
       (count(*) FILTER (WHERE earned_at IS NOT NULL AND paid_at IS NULL))::int AS earned,
       (count(paid_at))::int AS paid
FROM invitation WHERE inviter_id = $1
"""

_SUMS = """
SELECT currency, sum(amount)::bigint FROM bonus WHERE worker_id = $1 AND invited_id IS NOT NULL
GROUP BY currency ORDER BY currency
"""


async def came_by(tx: Tx, person_id: int, payload: str) -> None:
    """Note who invited a worker who was made in this transaction. A link that nobody has changes nothing."""
    await tx.run(_CAME_BY, person_id, payload.removeprefix(PREFIX), tx.now)


async def invites_of(tx: Tx, worker_id: int) -> Invites:
    """A worker's link, made when there is none, and what came of it."""
    stands = await tx.row(_STAND, worker_id)
    assert stands is not None
    sums = tuple((row[0], row[1]) for row in await tx.rows(_SUMS, worker_id))
    return Invites(
        code=await _code(tx, worker_id),
        terms=await terms_now(tx),
        came=stands["came"],
        under_way=stands["under_way"],
        earned=stands["earned"],
        paid=stands["paid"],
        sums=sums,
    )


async def _code(tx: Tx, worker_id: int) -> str:
    while True:
        known: str | None = await tx.value("SELECT code FROM invite_link WHERE worker_id = $1", worker_id)
        if known is not None:
            return known
        await tx.run(_LINK, worker_id, "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)), tx.now)
