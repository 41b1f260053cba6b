"""One locale's voice: its texts, plurals, numbers, money, dates, direction."""

import gettext
import html
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from unicodedata import bidirectional
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
)

from bot.i18n.heard import note
from bot.i18n.locales import CATALOGS, babel_locale, language_name, negotiate
from crowd.batches.reading import is_own, reads
from crowd.batches.spec import MICRO
from crowd.sizes import size

_ISOLATE, _END = "\u2068", "\u2069"
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u200e", "\u200f"
_JOINER = "\u2060"
_ENTITIES = 100
"""No more of them are found in one message."""

_COMMAND = re.compile(r"(?<![\w/])(?<!\d[\u200e\u200f])/(?=[A-Za-z0-9_])")
"""The slash of what a phone would take for a command, and send when it is tapped.

A date has one too, and a mark of direction before it.
"""

_PARAGRAPH = re.compile("[^\n\r\x1c-\x1e\x85\u2029]+")
_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u0000")
_WIDE_PERIODS = frozenset({"ko"})
"""Locales whose short names of the halves of a day are English in CLDR."""

_RIGHTWARD = frozenset({"R", "AL", "AN"})


class Tongue:
    """Texts of one locale. `say` and `count` are what the catalogs are extracted by."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._babel = babel_locale(locale)
        self._texts = gettext.translation("kazi", CATALOGS, [locale], fallback=True)
        self.right_to_left = self._babel.text_direction == "rtl"
        self.line = _RIGHT_TO_LEFT if self.right_to_left else ""
        """Before a line that has nothing of this locale's own, or begins with a command: it still runs its way."""
        self.onward, self.backward = ("⬅️", "➡️") if self.right_to_left else ("➡️", "⬅️")
        self.arrow = "←" if self.right_to_left else "→"

    def say(self, text: str, /, **values: object) -> str:
        """A text, with values put in. Values are escaped for HTML and isolated from its direction."""
        found = self._texts.gettext(text)
        said = found.format(**{name: self._put(value) for name, value in values.items()}) if values else found
        note(text, said)
        return said

    def named(self, name: str) -> str:
        """A name that `crowd` gives something, and that is in the catalogs all the same."""
        return self._texts.gettext(name)

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """A text with a plural; `{number}` is put in as the locale writes it."""
        found = self._texts.ngettext(one, many, number)
        said = found.format(number=self.number(number), **{name: self._put(value) for name, value in values.items()})
        note(one, said)
        return said

    def _put(self, value: object) -> str:
        if isinstance(value, Html):
            return value
        return self.foreign(self.number(value) if isinstance(value, int) else str(value))

    def foreign(self, text: str) -> "Html":
        """A text that is not the catalog's, as HTML: it cannot break out of its place, nor turn what is around it.

        Marks of direction are put around it only where they matter: in a locale that runs right to left, or when
        the text itself does.
        """
        safe = self.block(text)
        if self.right_to_left or (not safe.isascii() and any(bidirectional(c) in _RIGHTWARD for c in safe)):
            return Html(_PARAGRAPH.sub(rf"{_ISOLATE}\g<0>{_END}", safe))
        return safe

    def block(self, text: str) -> "Html":
        """The same for a text that has its lines for itself: each of its paragraphs runs its own direction."""
        tame = text if text.isprintable() else "".join(c for c in text if c not in _STEERING and not _is_half(c))
        return Html(html.escape(_COMMAND.sub(f"/{_JOINER}", tame, count=_ENTITIES), quote=False))

    def listed(self, texts: list[str]) -> "Html":
        """Texts that are not the catalog's, one after the other as the locale lists them."""
        return Html(format_list([self.foreign(text) for text in texts], locale=self._babel))

    def number(self, number: int | float) -> str:
        """A number as the locale writes it."""
        return format_decimal(number, locale=self._babel)

    def percent(self, share: float) -> str:
        """A share, 0..1, in hundredths."""
        return format_percent(share, locale=self._babel)

    def money(self, micros: int, currency: str) -> str:
        """An amount in micro-units of a currency, to the last cent, and beyond it where there is more."""
        return self._turned(_money(micros, currency, self.locale), currency)

    def about(self, micros: int, currency: str) -> str:
        """An amount that is only about right, without the cents that an exact one has even where there are none."""
        return self._turned(_short_money(micros, currency, self.locale), currency)

    def _turned(self, amount: str, currency: str) -> str:
        if not self.right_to_left:
            return amount
        symbol = get_currency_symbol(currency, self._babel)  # US$ would fall apart: its dollar has no direction
        return amount.replace(symbol, f"{_LEFT_TO_RIGHT}{symbol}{_LEFT_TO_RIGHT}")

    def gain(self, micros: int, currency: str) -> str:
        """An amount that was added. Right to left the plus would stand on the wrong side, and is left out."""
        amount = self.money(micros, currency)
        return amount if self.right_to_left else f"+{amount}"

    def size(self, bytes_: int) -> str:
        """How much data that is, about."""
        return size(bytes_, self._babel)

    def moment(self, when: datetime, time_zone: str | None) -> str:
        """A date and time, in a person's time zone."""
        try:
            zone = ZoneInfo(time_zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        there = when.astimezone(zone)
        date = format_date(there, "short", locale=self._babel)
        both: str = self._babel.datetime_formats["short"]
        return both.format(self.time(there), date)

    def day(self, day: date) -> str:
        """A date."""
        return format_date(day, "medium", locale=self._babel)

    def month(self, first: date) -> str:
        """A month, by any day of it."""
        return format_skeleton("yMMMM", first, locale=self._babel)

    def time(self, when: datetime) -> str:
        """A time of day, in the time zone that it is given in."""
        pattern: str = self._babel.time_formats["short"].pattern
        if self.locale in _WIDE_PERIODS:
            pattern = pattern.replace("a", "aaaa")
        return format_time(when, pattern, tzinfo=when.tzinfo, locale=self._babel)

    def language(self, code: str) -> str:
        """What this locale calls a language."""
        return language_name(code, self.locale)

    def pick(self, texts: dict[str, str], language: str | None = None) -> str:
        """The one of a requester's texts that suits best: see `picked`."""
        return texts[self.picked(texts, language)]

    def picked(self, texts: Mapping[str, object], language: str | None = None) -> str:
        """The language of a requester's texts that suits: this locale's, the batch language's, English, or any."""
        near = (code for code in texts if negotiate(code) == self.locale)
        return reads(self.locale, texts, language) or next(near, next(iter(texts)))

    def is_own(self, code: str) -> bool:
        """Whether a language is this locale's, whatever its country."""
        return is_own(self.locale, code)


def _is_half(character: str) -> bool:
    """Half of a surrogate pair: no text that can be sent has one."""
    return "\ud800" <= character <= "\udfff"


class Html(str):
    """A piece of text that is HTML already."""

    __slots__ = ()


@lru_cache(maxsize=4096)
def _money(micros: int, currency: str, locale: str) -> str:
    amount = Decimal(micros) / MICRO
    needed = -int(amount.normalize().as_tuple().exponent) if micros else 0
    return _amount(amount, currency, locale, max(needed, get_currency_precision(currency)))


@lru_cache(maxsize=4096)
def _short_money(micros: int, currency: str, locale: str) -> str:
    amount = Decimal(micros) / MICRO
    return _amount(amount, currency, locale, max(0, -int(amount.normalize().as_tuple().exponent)))


def _amount(amount: Decimal, currency: str, locale: str, decimals: int) -> str:
    spoken = babel_locale(locale)
    pattern = spoken.currency_formats["standard"].pattern
    pattern = pattern.replace("0.00", "0" + ("." + "0" * decimals if decimals else ""))
    symbol = get_currency_symbol(currency, spoken)  # CLDR's rule about letters beside digits; Babel has none for it
    if symbol[-1:].isalpha():
        pattern = pattern.replace("¤#", "¤\xa0#").replace("¤0", "¤\xa00")
    if symbol[:1].isalpha():
        pattern = pattern.replace("0¤", "0\xa0¤")
    return format_currency(amount, currency, format=pattern, locale=spoken, currency_digits=False)


@lru_cache(maxsize=1024)  # phones may send any code
def tongue(locale: str) -> Tongue:
    """The voice of a locale, or of the one nearest to it."""
    return _voice(negotiate(locale))


@cache
def _voice(locale: str) -> Tongue:
    return Tongue(locale)
