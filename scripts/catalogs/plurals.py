"""How many forms a plural has in a language, and which number takes which: by CLDR, as gettext wants it said."""

import re

from babel.core import Locale
from babel.plural import to_gettext

_EXPONENT = re.compile(r"\be\b")
"""CLDR's operand of compact numbers such as 1M: here numbers are written out, so it is 0."""


def header(locale: str) -> str:
    """What a catalog says of it in `Plural-Forms`. Babel's own table of these differs from CLDR's rules."""
    return _EXPONENT.sub("0", to_gettext(Locale.parse(locale).plural_form))


def forms(locale: str) -> int:
    """How many forms there are."""
    return int(header(locale).split(";", maxsplit=1)[0].removeprefix("nplurals="))
