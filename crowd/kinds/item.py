"""Items that are a text, a picture or a sound, as several kinds have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import orjson

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Column, Holds, ItemError, Json, Kind
from crowd.lengths import chat_length
from crowd.media.picture import Picture
from crowd.media.sound import Sound
from crowd.sentences import say

LONGEST_TEXT = 3000
"""Characters of an item, an emoji as two: with what stands around it, it must fit one chat message of 4096."""

LONGEST_WORDS = 400
"""The same, below a picture or a sound: they must fit a caption of 1024."""

S = TypeVar("S", bound=BatchSpec)


@dataclass(frozen=True, slots=True)
class Item:
    """A text, or a picture or a sound with perhaps a few words below it."""

    text: str = ""
    picture: Picture | None = None
    sound: Sound | None = None

    @classmethod
    def of(cls, stored: Json) -> "Item":
        """From JSON that `read_item` made."""
        picture, sound = stored.get("picture"), stored.get("sound")
        return cls(stored.get("text", ""), Picture.of(picture) if picture else None, Sound.of(sound) if sound else None)


class OfItem(Kind[S, Item]):
    """A kind whose items are texts, pictures or sounds."""

    def columns(self, spec: S) -> tuple[Column, ...]:  # noqa: ARG002
        """The text, unless there is something to see or to hear."""
        return (
            Column("text", "what it is about", unless=("picture", "sound")),
            Column("picture", "the name of a picture, beside the batch file", required=False, holds=Holds.PICTURE),
            Column("sound", "the name of a sound, beside the batch file", required=False, holds=Holds.SOUND),
        )

    def read_item(self, spec: S, cells: Mapping[str, str]) -> Json:  # noqa: ARG002
        """See Kind."""
        return read_item(cells)

    def payload(self, stored: Json) -> Item:
        """See Kind."""
        return Item.of(stored)


def read_item(cells: Mapping[str, str]) -> Json:
    """The payload of an item. Raises ItemError."""
    media = {name: cell for name in ("picture", "sound") if (cell := cells.get(name, "").strip())}
    if len(media) == 2:
        raise ItemError("sound", say("stands beside a picture: a message shows one of the two"))
    text = cells.get("text", "").strip()
    if not text and not media:
        raise ItemError("text", say("is empty: there is nothing to label"))
    if not media:
        return read_text(cells)
    _few(text)
    return {**{name: orjson.loads(cell) for name, cell in media.items()}, **({"text": text} if text else {})}


def read_words(cells: Mapping[str, str]) -> Json:
    """The payload of an item that is a text of so few words that it can stand below a picture. Raises ItemError."""
    payload = read_text(cells)
    _few(payload["text"])
    return payload


def _few(text: str) -> None:
    if (length := chat_length(text)) > LONGEST_WORDS:
        what = say(
            "has {length} characters; below a picture or sound {most} have room", length=length, most=LONGEST_WORDS
        )
        raise ItemError("text", what)


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
