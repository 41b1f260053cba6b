"""Amounts of data as people read them."""

from babel import Locale
from babel.units import format_unit

_KILO, _MEGA = 1000, 1_000_000


def size(bytes_: int, locale: Locale) -> str:
    """How much data that is, about: decimal, as phones and networks count it."""
    if bytes_ >= 0.995 * _MEGA:
        amount = bytes_ / _MEGA
        return _said(round(amount, 1) if amount < 9.95 else round(amount), "digital-megabyte", locale)
    return _said(max(int(bytes_ > 0), round(bytes_ / _KILO)), "digital-kilobyte", locale)


def _said(amount: float, unit: str, locale: Locale) -> str:
    return format_unit(amount, unit, length="short", locale=locale)
