"""Codes of languages and currencies that a batch can have, as CLDR knows them."""

from functools import cache

from babel import Locale
from babel.core import get_global

from crowd.batchfile.problem import near, shown
from crowd.sentences import Language, Sentence, say

_LONGEST_CODE = 3
_NO_LANGUAGES = {"mul", "und", "zxx"}


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes of what is legal tender somewhere today."""
    every = (each for territory in get_global("territory_currencies").values() for each in territory)
    return frozenset(code for code, _, until, tender in every if tender and until is None)


def is_language(tag: str) -> bool:
    """Whether a BCP 47 tag begins with the code of a language that people can name."""
    return _base(tag) in _languages()


def language_meant(said: str) -> Sentence | None:
    """The language that was probably meant by what is no code of one: by its name, or by its code of three letters."""
    code = get_global("language_aliases").get(_base(said), "").replace("_", "-")
    if code not in _languages():
        names = {name: code for code, name in _languages().items()}
        name = near(said, names) if len(said) > _LONGEST_CODE else None
        code = names[name] if name else ""
    return say("{code} ({language})", code=shown(code), language=Language(code)) if code else None


def _base(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].strip().lower()


@cache
def _languages() -> dict[str, str]:
    """English names by code, without those of regions."""
    known = Locale("en").languages
    return {code: str(name) for code, name in known.items() if "_" not in code and code not in _NO_LANGUAGES}
