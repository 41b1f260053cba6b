"""What an hour of a batch will pay, before it starts: by how long such work took, or is said or thought to take."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from babel.core import get_global

from crowd.batches.life import BatchError
from crowd.batches.spec import BatchSpec
from crowd.fairpay.floors import Floors, countries, read_floors
from crowd.fairpay.groups import ANYWHERE
from crowd.fairpay.hours import hourly, price_for
from crowd.kinds import kind_named
from db.database import Tx

_LATEST = 5
"""So many of the newest batches of such work tell how long it takes."""

_LEAST_SHARE = 0.2
"""Before anything was measured, a file that says less than this share of what is usual of its kind is not believed."""

_SPOKEN_BY = 10
"""A language is spoken in a country where so many per cent speak it, or where it has a standing in law."""


@dataclass(frozen=True, slots=True)
class Place:
    """A country in which the language of a batch is spoken."""

    country: str
    """ISO 3166-1 alpha-2, or ANYWHERE."""
    floor: int
    """Micro-units an hour; 0: none."""
    reached: bool


@dataclass(frozen=True, slots=True)
class ExpectedPay:
    """What a worker will earn in an hour."""

    currency: str
    usual_ms: int
    """What an answer takes at the median, milliseconds."""
    slow_ms: int
    """And at the 75th percentile; the same where that is not known."""
    measured: bool
    """By earlier work of that kind in that language; else it is what the batch says, or what is usual of its kind."""
    per_hour: int
    """Micro-units at the median."""
    slow_per_hour: int
    """Micro-units at the 75th percentile: what three of four earn at least."""
    places: tuple[Place, ...]
    """Where its language is spoken, the lowest floor first; ANYWHERE alone where that is not known."""
    underpays: tuple[str, ...]
    """All countries whose floor is not reached, or not known: their workers are not offered it."""
    floor_known: bool
    """False: in the batch's currency none is known where its language is spoken."""

    @property
    def fair(self) -> bool:
        """The floor is reached in a country where its language is spoken: else it does not start."""
        return any(place.reached for place in self.places)

    @property
    def fair_price(self) -> int:
        """Micro-units for one answer from which on it would start."""
        return price_for(min(place.floor for place in self.places), self.slow_ms)


class UnderpaidError(BatchError):
    """A batch that does not start, since an hour of it pays too little."""

    def __init__(self, pay: ExpectedPay) -> None:
        super().__init__(
            "an hour of this batch pays less than the floor wherever its language is spoken"
            if pay.floor_known
            else f"no floor for an hour's pay is known in {pay.currency} where its language is spoken"
        )
        self.pay = pay


_MEASURED = f"""
SELECT pace_ms, slow_ms FROM batch
WHERE kind = $1 AND language = $2 AND slow_ms IS NOT NULL ORDER BY id DESC LIMIT {_LATEST}
"""  # noqa: S608


async def expected_pay(tx: Tx, spec: BatchSpec) -> ExpectedPay:
    """What an hour of a batch will pay, and where that is enough."""
    rows = await tx.rows(_MEASURED, spec.kind, spec.language)
    return pay_by(spec, await read_floors(tx), [(row["pace_ms"], row["slow_ms"]) for row in rows])


def pay_by(spec: BatchSpec, floors: Floors, measured: Sequence[tuple[int, int]]) -> ExpectedPay:
    """The same, from the median and 75th percentile, in milliseconds, of earlier batches of such work, if any."""
    said = round((spec.seconds or 0) * 1000)
    if measured:
        usual, slow = (median(each) for each in zip(*measured, strict=True))
    else:
        usual = slow = max(said, kind_named(spec.kind).takes_s * 1000 * (_LEAST_SHARE if said else 1))
    usual_ms, slow_ms = max(round(usual), said), max(round(slow), said)
    return pay_at(spec, floors, spec.price_micros, usual_ms, slow_ms, measured=bool(measured))


def pay_at(spec: BatchSpec, floors: Floors, price: int, usual_ms: int, slow_ms: int, *, measured: bool) -> ExpectedPay:
    """What an hour pays at a price, micro-units, and at what an answer takes at the median and 75th percentile."""
    slow = hourly(price, slow_ms)
    spoken = spoken_in(spec.language) or (ANYWHERE,)
    known = {country for country in spoken if floors.of(country, spec.currency) is not None}
    floor = {country: floors.per_hour(country, spec.currency) for country in known or spoken}
    return ExpectedPay(
        currency=spec.currency,
        usual_ms=usual_ms,
        slow_ms=slow_ms,
        measured=measured,
        per_hour=hourly(price, usual_ms),
        slow_per_hour=slow,
        places=tuple(
            Place(country, floor[country], bool(known) and floor[country] <= slow)
            for country in sorted(floor, key=lambda each: (floor[each], each))
        ),
        underpays=tuple(floors.missed(spec.currency, slow)),
        floor_known=bool(known),
    )


def spoken_in(language: str) -> tuple[str, ...]:
    """The countries in which a language is spoken, by CLDR; none where it does not know the language."""
    told, base = get_global("territory_languages"), language.split("-", maxsplit=1)[0]
    known = set(countries())
    return tuple(
        country for country, spoken in told.items() if country in known and base in spoken and _spoken(spoken[base])
    )


def _spoken(about: dict[str, object]) -> bool:
    share = about["population_percent"]
    return about["official_status"] is not None or (isinstance(share, (int, float)) and share >= _SPOKEN_BY)
