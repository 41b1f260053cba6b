"""The glossary: whether a locale calls a thing by the same word everywhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from scripts.catalogs.houses import ROOT

TERMS = ROOT / "bot" / "i18n" / "glossary.yaml"
_NO_WORDS = re.compile(r"\{\w*\}|/\w+")
"""Placeholders, and commands."""


@dataclass(frozen=True)
class Term:
    """A word of the design."""

    name: str
    said: re.Pattern[str]
    """Finds it in an English text."""


@cache
def terms() -> tuple[Term, ...]:
    """All of them."""
    told: Mapping[str, Mapping[str, str]] = yaml.safe_load(TERMS.read_text(encoding="utf-8"))
    return tuple(Term(name, re.compile(rf"\b(?:{about['said']})(?!\w)", re.IGNORECASE)) for name, about in told.items())


def glossary_of(catalog: Path) -> Path:
    """Where the words of the bot's catalog are."""
    return catalog.parent.parent / "glossary.yaml"


def read_glossary(path: Path) -> Mapping[str, list[str]]:
    """By term, the word and the pieces by which it is known."""
    told: Mapping[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return told


def glossary_problems(path: Path) -> list[str]:
    """What is wrong with the list itself."""
    if not path.exists():
        return ["there is no glossary"]
    told = read_glossary(path)
    wanted = {term.name for term in terms()}
    return [
        *(f"no word for {name!r}" for name in sorted(wanted - set(told))),
        *(f"not a term: {name!r}" for name in sorted(set(told) - wanted)),
        *(f"no word for {name!r}" for name, pieces in told.items() if not pieces or not all(pieces)),
    ]


def other_words(text: str, translations: list[str], words: Mapping[str, list[str]]) -> list[str]:
    """The terms that an English text says and its translation calls by another word than the glossary."""
    bare, said = _NO_WORDS.sub("", text), _plain(" ".join(translations))
    return [
        term.name
        for term in terms()
        if term.said.search(bare) and not any(_plain(piece) in said for piece in words.get(term.name, ()))
    ]


def _plain(text: str) -> str:
    return text.casefold().replace("\u0307", "")  # of a Turkish İ that was made small
