"""Ways to pay out: each module has a METHOD."""

import sys
from collections.abc import Mapping
from functools import cache

from babel.core import get_global

from crowd.payouts.method import FileMethod, Method
from crowd.plugins import named_in


@cache
def methods() -> Mapping[str, Method]:
    """All of them, by name."""
    return named_in(sys.modules[__name__], "METHOD")


def file_method(name: str) -> FileMethod | None:
    """A way to pay out by a file; None where there is none of that name."""
    found = methods().get(name)
    return found if isinstance(found, FileMethod) else None


def serving(country: str | None, currency: str) -> list[Method]:
    """The ways to pay that currency to people in that country, by name."""
    return [each for each in methods().values() if country is not None and each.serves(country, currency)]


def serving_country(country: str | None) -> list[Method]:
    """The ways to pay people in that country in some currency, whichever, by name."""
    currencies = get_global("all_currencies")
    return [each for each in methods().values() if country and any(each.serves(country, code) for code in currencies)]
