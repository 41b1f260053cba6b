"""English that was left in a translation."""

import re
import unicodedata

_LEFT_OUT = re.compile(r"\{[^}]*\}|%\(\w+\)s|<code>.*?</code>|</?[a-z]+>|(?<![\w<])/\w+|https?://\S+|@\w+")
"""Placeholders, tags and what is typed."""

_NAMES = re.compile(r"(?<![A-Za-z])(?:Kazi|kazi verify|Telegram|Start|Mobile money|Wi-Fi|[A-Z]{2,}\d?)(?![A-Za-z])")
"""What is called so everywhere. “Start” is a button of Telegram's, which does not speak every language."""

_ENGLISH = re.compile(r"\b(?:the|and|your|you|with|this|that|was|have|answers?|tasks?)\b", re.IGNORECASE)
"""Words of no other language that there is a catalog for."""

_WORD = re.compile(r"[A-Za-z]{2,}")


def left_over(text: str, translation: str, *, foreign: bool) -> str | None:
    """A piece of English in a translation of it; None when there is none.

    `foreign`: Latin letters are, so no word may be in them. One word that is the same in both languages is none.
    """
    bare = _NAMES.sub(" ", _LEFT_OUT.sub(" ", translation))
    words: list[str] = _WORD.findall(bare)
    if translation == text and len(words) > 1:
        return translation
    if foreign and words:
        return words[0]
    found = _ENGLISH.search(bare)
    return found[0] if found else None


def in_latin(texts: list[str]) -> bool:
    """Whether most letters of these texts are Latin."""
    letters = [c for text in texts for c in _LEFT_OUT.sub("", text) if c.isalpha()]
    latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    return latin * 2 > len(letters)
