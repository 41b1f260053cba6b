"""What an hour pays at least, by a worker's country: as staff set it, else by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from babel.core import get_global

from crowd import audit
from crowd.fairpay.groups import ANYWHERE, default_floor
from db.database import Tx

LONGEST_SOURCE = 200
"""Characters."""


class FloorError(ValueError):
    """A floor that cannot be set; a sentence for staff."""


@dataclass(frozen=True, slots=True)
class Floor:
    """What an hour pays at least in one country and currency."""

    country: str
    """ISO 3166-1 alpha-2; ANYWHERE for those that have none of their own."""
    currency: str
    per_hour: int
    """Micro-units of `currency`; 0: there is none."""
    source: str
    set_by: str | None = None
    """None: a default."""
    set_at: datetime | None = None


@cache
def countries() -> tuple[str, ...]:
    """All countries that CLDR knows, and ANYWHERE."""
    known = get_global("territory_languages")
    return (ANYWHERE, *sorted(code for code in known if len(code) == 2 and code.isalpha() and code != "ZZ"))


@dataclass(frozen=True, slots=True)
class Floors:
    """All floors."""

    set: Mapping[tuple[str, str], Floor]
    """By country and currency: those that staff set."""

    def of(self, country: str | None, currency: str) -> Floor | None:
        """That of a country: its own, else that of ANYWHERE where staff set one, else the default; None: unknown."""
        country = country or ANYWHERE
        found = self.set.get((country, currency)) or self.set.get((ANYWHERE, currency))
        if found is not None:
            return found
        default = default_floor(country, currency)
        return None if default is None else Floor(country, currency, *default)

    def per_hour(self, country: str | None, currency: str) -> int:
        """Micro-units an hour; 0 where no floor is known."""
        found = self.of(country, currency)
        return found.per_hour if found else 0

    def missed(self, currency: str, per_hour: int) -> list[str]:
        """The countries, ANYWHERE among them, whose floor lies above so many micro-units an hour, or is not known."""
        found = ((each, self.of(each, currency)) for each in countries())
        return [each for each, floor in found if floor is None or floor.per_hour > per_hour]


async def read_floors(tx: Tx) -> Floors:
    """As they are now."""
    rows = await tx.rows("SELECT country, currency, per_hour, source, set_by, set_at FROM wage_floor")
    return Floors({(row["country"], row["currency"]): Floor(*row) for row in rows})


_SET = """
INSERT INTO wage_floor (country, currency, per_hour, source, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (country, currency) DO UPDATE SET per_hour = $3, source = $4, set_by = $5, set_at = $6
"""

_LOOK_AGAIN = """
UPDATE batch SET pay_looked = -1 FROM (
    SELECT id FROM batch WHERE state <> 'closed' AND currency = $1 ORDER BY id FOR NO KEY UPDATE
) going WHERE batch.id = going.id
"""


async def set_floor(tx: Tx, country: str, currency: str, per_hour: int, source: str, *, by: str) -> None:
    """Set one; the pay of every batch in that currency is then looked at again. Raises FloorError."""
    country = _known(country)
    source = source.strip()
    if not source or len(source) > LONGEST_SOURCE:
        raise FloorError(f"say where the figure comes from, in at most {LONGEST_SOURCE} characters")
    if not 0 <= per_hour < 2**53:
        raise FloorError("a floor is not negative, and not that high")
    await tx.run(_SET, country, currency, per_hour, source, by, tx.now)
    await _look_again(tx, currency)
    detail = {"country": country, "currency": currency, "per_hour": per_hour, "source": source}
    await audit.note(tx, by, "floor.set", 0, detail)


async def forget_floor(tx: Tx, country: str, currency: str, *, by: str) -> bool:
    """Go back to the default; False where none was set."""
    country = _known(country)
    gone = await tx.run("DELETE FROM wage_floor WHERE country = $1 AND currency = $2", country, currency)
    if gone:
        await _look_again(tx, currency)
        await audit.note(tx, by, "floor.forget", 0, {"country": country, "currency": currency})
    return bool(gone)


async def _look_again(tx: Tx, currency: str) -> None:
    await tx.run(_LOOK_AGAIN, currency)


def _known(country: str) -> str:
    country = country.strip().upper()
    if country not in countries():
        raise FloorError(f"there is no country {country}: say it by its two letters, such as KE, or * for all others")
    return country
