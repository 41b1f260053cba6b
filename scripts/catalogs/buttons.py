"""Which texts of the bot stand on buttons, and how wide they are."""

import ast
import re
import unicodedata
from functools import cache

from scripts.catalogs.houses import ROOT

WIDEST = 20
"""Characters of a small phone's button."""

_PLACEHOLDER = re.compile(r"\{\w+\}")
_USUAL_VALUE = "000"


@cache
def on_buttons() -> frozenset[str]:
    """English texts that are said within a `Button(…)`."""
    found: set[str] = set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Button":
                found |= {text for label in call.args[:1] for text in _said(label)}
    return frozenset(found)


def _said(label: ast.expr) -> set[str]:
    return {
        str(part.value)
        for call in ast.walk(label)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in {"say", "count"}
        for part in call.args
        if isinstance(part, ast.Constant)
    }


def width(text: str) -> int:
    """How many columns a text takes: two for wide characters and emoji, none for marks upon others."""
    return sum(_columns(c) for c in usual(text))


def usual(text: str) -> str:
    """A text with values of a usual length."""
    return _PLACEHOLDER.sub(_USUAL_VALUE, text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Mc", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
