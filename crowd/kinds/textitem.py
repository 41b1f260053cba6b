"""Items that are a text, as several kinds have them."""

from collections.abc import Mapping
from dataclasses import dataclass

from crowd.kinds.base import ItemError, Json
from crowd.lengths import chat_length
from crowd.sentences import say

LONGEST_TEXT = 3000
"""Characters of an item, an emoji as two: with what stands around it, it must fit one chat message of 4096."""


@dataclass(frozen=True, slots=True)
class TextItem:
    """An item that is a text."""

    text: str


def read_text(cells: Mapping[str, str]) -> Json:
    """The payload of an item that is a text. Raises ItemError."""
    text = cells["text"].strip()
    if not text:
        raise ItemError("text", say("is empty: there is nothing to label"))
    if 2 * len(text) > LONGEST_TEXT and (length := chat_length(text)) > LONGEST_TEXT:
        what = say(
            "has {length} characters; a chat message holds {most}: cut it in parts", length=length, most=LONGEST_TEXT
        )
        raise ItemError("text", what)
    return {"text": text}
