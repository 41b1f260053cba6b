"""The words of a text, each with its place in it, in any script.

After the default word boundaries of Unicode (UAX #29), with what is needed for marking words by number:

- A word begins with a letter or a number. Punctuation, symbols, emoji and blanks are in no word.
- Letters, marks and numbers that follow each other are one word. So are letters with an apostrophe, an underscore or
  a joiner between them (`don't`, `ng'ombe`, `צה״ל`), and digits with a point or a comma (`1,000.50`). A hyphen parts.
- In languages that elide (`l'Afrique`, `n'omwana`), an apostrophe parts.
- Scripts that leave no spaces are cut into characters as readers know them: a letter with its marks, with the vowels of
  Thai and Lao that stand before or after it, and with what is stacked below it. Tibetan has its own mark between
  syllables and needs no such rule.

What a word is hangs on nothing before or after it: the words of a piece of the text, from the start of one word to the
end of another, are those of the whole text.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_UNSPACED = (
    "CJK", "IDEOGRAPHIC ITERATION", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "BOPOMOFO", "YI SYLLABLE",
    "THAI", "LAO", "KHMER", "MYANMAR", "TAI LE", "NEW TAI LUE", "TAI THAM", "TAI VIET", "AHOM", "JAVANESE", "BALINESE",
)  # fmt: skip
"""Scripts whose words have no spaces between them, as Unicode names their letters (UAX #14, classes ID, SA and AK)."""

_BEFORE = frozenset("เแโใไເແໂໃໄ")
"""Vowels of Thai and Lao that are written before their consonant."""

_AFTER = frozenset("ะาำๅະາຳ\uff9e\uff9f")
"""Letters that belong to the one before: vowels of Thai and Lao, and the voicing marks of narrow Katakana."""

_STACKING = frozenset("\u1039\u17d2\u1a60\u1b44\ua9c0")
"""Marks after which a letter is written below the one before."""

_JOINERS = frozenset("\u00ad\u200c\u200d\u2060")
_APOSTROPHES = frozenset("'\u2018\u2019")
_BETWEEN_LETTERS = _APOSTROPHES | frozenset("_\u00b7\u05f3\u05f4")
_BETWEEN_DIGITS = frozenset(".,\u066b\u066c")

_ELIDING = frozenset(("ca", "co", "fr", "it", "lg", "mg", "nyn", "oc", "rn", "rw", "sc", "scn", "wa"))
"""Languages in which an apostrophe stands for a vowel between two words."""


class Word(NamedTuple):
    """Where a word stands: from `start` up to, but without, `end`, counted in code points from 0."""

    start: int
    end: int


def words_of(text: str, language: str) -> tuple[Word, ...]:
    """The words of a text in a language (BCP 47), in reading order."""
    return _words(text, language.split("-", maxsplit=1)[0].lower() in _ELIDING)


@lru_cache(maxsize=1024)
def _words(text: str, eliding: bool) -> tuple[Word, ...]:
    return tuple(_scanned(text, _BETWEEN_LETTERS - _APOSTROPHES if eliding else _BETWEEN_LETTERS))


def _scanned(text: str, between: frozenset[str]) -> Iterator[Word]:
    at = 0
    while at < len(text):
        if not _begins(text[at]):
            at += 1
            continue
        end = _cluster(text, at) if _unspaced(text[at]) else _run(text, at, between)
        yield Word(at, end)
        at = end


def _run(text: str, start: int, between: frozenset[str]) -> int:
    """Where a word ends that has spaces around it."""
    at = start + 1
    while at < len(text):
        if _goes_on(text[at]):
            at += 1
        elif beyond := _joined(text, at, between):
            at = beyond
        else:
            break
    return at


def _joined(text: str, at: int, between: frozenset[str]) -> int:
    """Where a word goes on after what stands in the middle of it; 0 where it does not."""
    before, sign = text[at - 1], text[at]
    beyond = at + 1
    if sign in _JOINERS:
        while beyond < len(text) and text[beyond] in _JOINERS:
            beyond += 1
    if beyond == len(text) or not _goes_on(text[beyond]):
        return 0
    after = text[beyond]
    if sign in _JOINERS or (sign in between and not before.isdecimal() and not after.isdecimal()):
        return beyond
    if sign == '"':  # the abbreviations of Hebrew, as they are typed
        return beyond if _is_hebrew(before) and _is_hebrew(after) else 0
    return beyond if sign in _BETWEEN_DIGITS and before.isdecimal() and after.isdecimal() else 0


def _cluster(text: str, start: int) -> int:
    """Where a character ends, as readers know it, of a script without spaces."""
    at = start
    while at < len(text) and text[at] in _BEFORE:
        at += 1
    if at < len(text) and (at == start or (_unspaced(text[at]) and text[at] not in _AFTER)):
        at += 1
    while at < len(text):
        stacked = text[at - 1] in _STACKING and _unspaced(text[at])
        if stacked or text[at] in _AFTER or _is_mark(text[at]):
            at += 1
        elif text[at] in _JOINERS and at + 1 < len(text) and _is_mark(text[at + 1]):
            at += 2
        else:
            break
    return at


def _begins(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"


def _goes_on(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM" and not _unspaced(character)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _is_hebrew(character: str) -> bool:
    return unicodedata.name(character, "").startswith("HEBREW")


@lru_cache(maxsize=4096)
def _unspaced(character: str) -> bool:
    """Whether this is a letter of a script that leaves no spaces."""
    return (
        character >= "\u0e00"
        and unicodedata.category(character)[0] == "L"
        and unicodedata.name(character, "").startswith(_UNSPACED)
    )
