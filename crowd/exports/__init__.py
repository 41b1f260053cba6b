"""The formats of exports. A file of this folder that has a `FORMAT` is one; nothing else lists them."""

import sys
from functools import cache

from crowd.exports.base import Format
from crowd.plugins import named_in


@cache
def formats() -> dict[str, Format]:
    """All formats by name."""
    return named_in(sys.modules[__name__], "FORMAT")


def format_named(name: str) -> Format:
    """The format of that name. Raises KeyError."""
    return formats()[name]
