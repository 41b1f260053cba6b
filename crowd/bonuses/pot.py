"""The house's pots, one for each currency: staff put money in, and nothing is paid that is not there.

Whoever needs a pot locks it before any other account, so that nobody waits in a ring.
"""

import re
from dataclasses import dataclass

from crowd import audit
from crowd.sentences import SentenceError, say
from db.database import Tx

LONGEST_KEY = 100
"""Characters."""

MOST = 2**53
"""Micro-units; nobody means more."""

_CURRENCY = re.compile("[A-Z]{3}")


class BonusError(SentenceError):
    """No money moved; says why, for staff."""


@dataclass(frozen=True, slots=True)
class Pot:
    """The money for bonuses and invitations in one currency."""

    currency: str
    balance: int
    """Micro-units: what is left."""
    put_in: int
    """So far, less what was taken out."""
    paid: int


_OPEN = """
INSERT INTO account (kind, owner, currency) VALUES ('bonus', 0, $1), ('world', 0, $1) ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT id FROM account WHERE kind = 'bonus' AND owner = 0 AND slot = 0 AND currency = $1 FOR NO KEY UPDATE
"""

_FUNDING = """
INSERT INTO pot_funding (currency, key, amount, by, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (key) DO NOTHING RETURNING id
"""

_MOVE = """
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT CASE WHEN $2::bigint > 0 THEN 'pot' ELSE 'pot_back' END, $1::bigint,
       CASE WHEN $2 > 0 THEN w.id ELSE $3::bigint END, CASE WHEN $2 > 0 THEN $3 ELSE w.id END, abs($2), $5
FROM account w WHERE w.kind = 'world' AND w.owner = 0 AND w.slot = 0 AND w.currency = $4
"""

_POTS = """
SELECT a.currency, a.balance,
       (SELECT coalesce(sum(amount), 0) FROM pot_funding WHERE currency = a.currency)::bigint AS put_in,
       (SELECT coalesce(sum(amount), 0) FROM bonus WHERE currency = a.currency)::bigint AS paid
FROM account a WHERE a.kind = 'bonus' AND a.owner = 0 ORDER BY a.currency
"""


async def pots(tx: Tx) -> list[Pot]:
    """All pots there are."""
    return [Pot(*row) for row in await tx.rows(_POTS)]


async def put_in(tx: Tx, amount: int, currency: str, *, key: str, by: str) -> bool:
    """Put so many micro-units into a pot, or below 0: take them out; False where that was done under that key before.

    Raises BonusError.
    """
    if amount == 0 or abs(amount) >= MOST:
        raise BonusError(say("say how much: more than nothing, and not that much"))
    check_currency(currency)
    key = tidy_key(key)
    await tx.run(_OPEN, currency)
    pot = await lock_pot(tx, currency)
    assert pot is not None
    funding = await tx.value(_FUNDING, currency, key, amount, by, tx.now)
    if funding is None:
        same = await tx.value(
            "SELECT (currency, amount) = ($2, $3) FROM pot_funding WHERE key = $1", key, currency, amount
        )
        if not same:
            raise BonusError(say("the key {key} was used for another sum: take another one", key=key))
        return False
    if await tx.value("SELECT balance FROM account WHERE id = $1", pot) + amount < 0:
        raise BonusError(say("the pot does not hold that much"))
    await tx.run(_MOVE, funding, amount, pot, currency, tx.now)
    await audit.note(tx, by, "pot.fund", funding, {"amount": amount, "currency": currency, "key": key})
    return True


async def lock_pot(tx: Tx, currency: str) -> int | None:
    """The account of a pot, locked; None where there is none."""
    pot: int | None = await tx.value(_LOCK, currency)
    return pot


def check_currency(currency: str) -> None:
    """Raise BonusError for what is no currency."""
    if not _CURRENCY.fullmatch(currency):
        raise BonusError(say("{currency} is no currency: say it as USD", currency=currency))


def tidy_key(key: str) -> str:
    """A key as it is kept. Raises BonusError for what is none."""
    key = key.strip()
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise BonusError(say("a key has 1 to {most} characters", most=LONGEST_KEY))
    return key
