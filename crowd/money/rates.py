"""Rates that staff keep, only to show workers what money is about worth where they live. Nothing is paid by them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache

from babel.numbers import get_territory_currencies

from crowd import audit
from crowd.batchfile.codes import currencies
from crowd.sentences import SentenceError, say
from db.database import Tx

BASE = "USD"
"""What every rate is in."""

NANO = 1_000_000_000
LONGEST_SOURCE = 200
"""Characters."""

OLD = timedelta(days=30)
"""From then on an amount says of when its rate is."""
TOO_OLD = timedelta(days=90)
"""From then on nothing is shown by a rate."""

_LARGEST = 10_000


class RateError(SentenceError):
    """No rate was set; says why."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a unit of a currency is worth."""

    currency: str
    nanos: int
    """Billionths of a dollar."""
    source: str
    set_at: datetime
    set_by: str

    @property
    def value(self) -> Decimal:
        """Dollars."""
        return Decimal(self.nanos) / NANO


@dataclass(frozen=True, slots=True)
class Worth:
    """How amounts in one currency are shown in another, about."""

    currency: str
    """That other one."""
    times: int
    """Micro-units in it, for `of` micro-units of the first."""
    of: int
    dated: datetime | None
    """Of when the rate is, where it is `OLD`."""

    def about(self, micros: int) -> int:
        """What an amount is about worth, micro-units: three digits, since more would feign precision."""
        exact = micros * self.times // self.of
        step: int = 10 ** max(0, len(str(abs(exact))) - 3)
        return (exact + step // 2) // step * step


_SET = """
INSERT INTO rate (currency, nanos, source, set_at, set_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (currency) DO UPDATE SET nanos = excluded.nanos, source = excluded.source, set_at = excluded.set_at,
                                     set_by = excluded.set_by
"""


async def set_rate(tx: Tx, currency: str, value: str, source: str, *, by: str) -> Rate:
    """Keep what a unit of a currency is worth in dollars, as a decimal number. Raises RateError."""
    currency, source = currency.strip().upper(), " ".join(source.split())
    if currency not in currencies() or currency == BASE:
        raise RateError(say("{currency} is no currency that a rate in dollars can be kept of", currency=currency))
    if not source or len(source) > LONGEST_SOURCE or not source.isprintable():
        raise RateError(say("say where the rate is from, in {most} characters at most", most=LONGEST_SOURCE))
    made = Rate(currency, _nanos(value), source, tx.now, by)
    await tx.run(_SET, made.currency, made.nanos, made.source, made.set_at, made.set_by)
    await audit.note(tx, by, "rate.set", 0, {"currency": currency, "nanos": made.nanos, "source": source})
    return made


def _nanos(value: str) -> int:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or not 1 <= number * NANO <= _LARGEST * NANO:
        raise RateError(say("a rate is the dollars that one unit is worth, as 0.0077"))
    return int(number * NANO)


async def rates(tx: Tx) -> list[Rate]:
    """All there are, by currency."""
    rows = await tx.rows("SELECT currency, nanos, source, set_at, set_by FROM rate ORDER BY currency")
    return [Rate(*row) for row in rows]


async def worth(tx: Tx, country: str | None, wallets: Collection[str]) -> dict[str, Worth]:
    """By currency of a wallet: how it is shown in the money of its worker's country.

    A currency is left out that the country pays with, and one for which there is no rate, or none fresh enough.
    """
    local = paid_with(country) if country is not None else ()
    foreign = [currency for currency in wallets if local and currency not in local]
    if not foreign:
        return {}
    rows = await tx.rows("SELECT currency, nanos, set_at FROM rate WHERE currency = ANY($1)", [local[0], *foreign])
    known: dict[str, tuple[int, datetime]] = {row["currency"]: (row["nanos"], row["set_at"]) for row in rows}
    known[BASE] = (NANO, tx.now)
    found = {}
    for currency in foreign:
        if currency in known and local[0] in known:
            (mine, since), (theirs, theirs_since) = known[currency], known[local[0]]
            oldest = min(since, theirs_since)
            if tx.now - oldest < TOO_OLD:
                found[currency] = Worth(local[0], mine, theirs, oldest if tx.now - oldest >= OLD else None)
    return found


@cache
def paid_with(country: str) -> tuple[str, ...]:
    """The currencies of a country (ISO 3166-1 alpha-2) today, the main one first; none where CLDR knows none."""
    return tuple(get_territory_currencies(country))
