"""Items that are a text, as several kinds have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Column, ItemError, Json, Kind
from crowd.lengths import chat_length
from crowd.sentences import say

LONGEST_TEXT = 3000
"""Characters of an item, an emoji as two: with what stands around it, it must fit one chat message of 4096."""


S = TypeVar("S", bound=BatchSpec)


@dataclass(frozen=True, slots=True)
class TextItem:
    """An item that is a text."""

    text: str


class OfText(Kind[S, TextItem]):
    """A kind whose items are texts."""

    def columns(self, spec: S) -> tuple[Column, ...]:  # noqa: ARG002
        """The text."""
        return (Column("text", "what it is about"),)

    def read_item(self, spec: S, cells: Mapping[str, str]) -> Json:  # noqa: ARG002
        """See Kind."""
        return read_text(cells)

    def payload(self, stored: Json) -> TextItem:
        """See Kind."""
        return TextItem(stored["text"])


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
