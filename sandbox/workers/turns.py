"""What people do, one after the other, to answer an item that takes more than a tap or a text."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pydantic import ConfigDict

Sort = Literal["voice", "photo"]


@dataclass(frozen=True, slots=True)
class Tap:
    """Tap the first button in whose callback data `pattern`, a regular expression, is found."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Say:
    """Write a text."""

    text: str


@dataclass(frozen=True, slots=True)
class Send:
    """Send a file: a voice note, or a picture. In JSON, `content` is base64."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    sort: Sort
    content: bytes = field(repr=False)
    name: str
    """What the file is called, with an ending that says of what kind it is."""


Turn = Tap | Say | Send
Turns = tuple[Turn, ...]
