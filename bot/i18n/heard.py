"""Which texts of the catalogs were said while a screen was made, so that a person can say which of them is wrong."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

MARK = 5
"""Characters by which a button names a text."""

_TEMPLATE = Path(__file__).parent / "kazi.pot"
_heard: ContextVar[dict[str, str] | None] = ContextVar("heard", default=None)


@contextmanager
def listening() -> Iterator[dict[str, str]]:
    """What is said within: by the English text, what was said for it."""
    told: dict[str, str] = {}
    token = _heard.set(told)
    try:
        yield told
    finally:
        _heard.reset(token)


def note(text: str, said: str) -> None:
    """A text was said; where nobody listens, that is all."""
    told = _heard.get()
    if told is not None:
        told[text] = said


def mark_of(text: str) -> str:
    """By which a button names a text."""
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()[:MARK]


@cache
def marked() -> dict[str, str]:
    """Every text of the bot, by its mark."""
    with _TEMPLATE.open("rb") as file:
        texts = [message.id for message in read_po(file) if message.id]
    firsts = [str(text[0]) if isinstance(text, tuple) else str(text) for text in texts]
    return {mark_of(text): text for text in firsts}
