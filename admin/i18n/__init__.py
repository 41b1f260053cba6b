"""The panel's words and figures in the requester's language. A catalog is one file, `LOCALE.po`, in this folder."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.core import UnknownLocaleError, get_global
from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from babel.units import format_unit

from crowd.batches.spec import MICRO
from crowd.ownnames import OWN_NAMES
from crowd.sizes import size

SOURCE = "en"
"""The language that texts are written in."""

_FOLDER = Path(__file__).parent
_SCRIPT = 4
"""Letters in the code of a script, ISO 15924."""
_RIGHT_TO_LEFT = {"Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}
_SOON = timedelta(seconds=45)
_LONG_AGO = timedelta(days=6)


@cache
def locales() -> tuple[str, ...]:
    """All there are, the source first."""
    return (SOURCE, *sorted(path.stem for path in _FOLDER.glob("*.po") if path.stem != SOURCE))


def chosen(accept_language: str) -> str:
    """The locale that fits best what a browser says it wants; the source when none does.

    It may be narrower than its catalog: `en_GB` has English words, and dates as they are written in Britain.
    """
    wishes: list[tuple[float, str]] = []
    for part in accept_language[:500].split(","):
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            weight = 0.0
        if weight > 0 and tag:
            wishes.append((-weight, tag.strip().replace("-", "_")))
    for _, tag in sorted(wishes, key=lambda wish: wish[0]):
        catalog = catalog_of(tag)
        if catalog is not None:
            return _known(tag) or catalog
    return SOURCE


def catalog_of(tag: str) -> str | None:
    """The locale with a catalog that fits a tag: its own, else one of the same language, as Brazil's for Portugal."""
    own = negotiate_locale([tag], locales(), sep="_")
    language = tag.split("_", maxsplit=1)[0].lower()
    return own or next((locale for locale in locales() if locale.split("_", maxsplit=1)[0] == language), None)


def _known(tag: str) -> str | None:
    """The same locale as Babel writes it, if it knows it."""
    try:
        return str(Locale.parse(tag))
    except (UnknownLocaleError, ValueError):
        return None


def direction_of(code: str) -> str:
    """How a language is written, `ltr` or `rtl`, by its script; `auto` where CLDR knows none."""
    language, *rest = code.replace("_", "-").split("-")
    likely = get_global("likely_subtags")
    region = "".join(part for part in rest if len(part) == 2)
    full = likely.get(f"{language}_{region}") or likely.get(language) or ""
    scripts = [part for part in (*rest, *full.split("_")) if len(part) == _SCRIPT]
    return "auto" if not scripts else "rtl" if scripts[0].title() in _RIGHT_TO_LEFT else "ltr"


@cache
def _translations(locale: str) -> NullTranslations:
    return read_catalog(_FOLDER / f"{locale}.po", locale)


def read_catalog(path: Path, locale: str) -> NullTranslations:
    """The texts of a catalog; the English ones where there is none."""
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _own_name(language: str) -> str | None:
    try:
        return OWN_NAMES.get(language) or Locale.parse(language).display_name
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE).languages.get(language)


@dataclass(frozen=True)
class Wording:
    """Everything that depends on a locale."""

    locale: Locale
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    @property
    def tag(self) -> str:
        """BCP 47."""
        return str(self.locale).replace("_", "-")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    def number(self, value: float) -> str:
        """A count, or a figure with at most two decimals."""
        return format_decimal(value, "#,##0.##", locale=self.locale)

    def hundredths(self, value: float) -> str:
        """A figure with two decimals, as alpha is told."""
        return format_decimal(value, "0.00", locale=self.locale)

    def percent(self, share: float) -> str:
        """A share of 0..1. Never rounded up to all, nor down to nothing."""
        if 0 < share < 0.01 or 0.99 < share < 1:
            share = min(0.999, max(0.001, share))
            return format_percent(share, "#,##0.0%", locale=self.locale)
        return format_percent(share, locale=self.locale)

    def money(self, micros: int, currency: str) -> str:
        """An amount in micro-units to the last cent, and to the last micro-unit where cents do not tell it all."""
        value = (Decimal(micros) / MICRO).normalize()
        return format_currency(value, currency, locale=self.locale, decimal_quantization=False)

    def money_round(self, micros: int, currency: str) -> str:
        """An amount that was measured, to the cent: more would feign precision."""
        return format_currency(Decimal(micros) / MICRO, currency, locale=self.locale)

    def money_short(self, micros: int, currency: str) -> str:
        """An amount as the scale of a plot has it, as US$2K."""
        return format_compact_currency(Decimal(micros) / MICRO, currency, locale=self.locale, fraction_digits=1)

    def size(self, bytes_: int) -> str:
        """How much data that is, about."""
        return size(bytes_, self.locale)

    def month(self, month: date) -> str:
        """A month and its year."""
        return format_skeleton("yMMMM", month, locale=self.locale)

    def month_short(self, month: date) -> str:
        """A month alone, in little room."""
        return format_date(month, "LLL", locale=self.locale)

    def language(self, code: str) -> str:
        """What a language is called; where CLDR has no word for it in this locale, what it calls itself."""
        known = self.locale.languages
        base = code.replace("-", "_").split("_")[0]
        return str(known.get(code.replace("-", "_")) or known.get(base) or _own_name(base) or code)

    def country(self, code: str) -> str:
        """What a country is called."""
        return str(self.locale.territories.get(code, code))

    def duration(self, milliseconds: int) -> str:
        """How long an answer took."""
        seconds = milliseconds / 1000
        if seconds < 60:
            return format_unit(round(seconds, 1), "second", length="short", locale=self.locale)
        return format_unit(round(seconds / 60, 1), "minute", length="short", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Date and time in UTC, exact."""
        return format_datetime(at.astimezone(UTC), "medium", locale=self.locale) + " UTC"

    def ago(self, at: datetime, now: datetime) -> str:
        """How long ago; of what is older than some days, the date."""
        passed = now - at
        if passed < _SOON:
            return self.gettext("just now")
        if passed > _LONG_AGO:
            return format_date(at.astimezone(UTC), "medium", locale=self.locale)
        return format_timedelta(-passed, add_direction=True, threshold=1, locale=self.locale)


@cache
def wording(locale: str) -> Wording:
    """The words and figures of a locale that was `chosen`."""
    catalog = _translations(catalog_of(locale) or SOURCE)
    return Wording(Locale.parse(locale), catalog.gettext, catalog.ngettext)
