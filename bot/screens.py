"""What a chat shows: one message with its buttons."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from hashlib import sha256

from crowd.lengths import chat_length
from crowd.media.picture import Picture, View
from crowd.media.sound import Sound

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
"""UTF-16 units of a text, and of one below a picture."""

LONGEST_TOAST = 200
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button. `data` is at most 64 bytes: a verb and its arguments, parted by colons."""

    label: str
    data: str


Rows = tuple[tuple[Button, ...], ...]

Keys = tuple[tuple[str, ...], ...]
"""Rows of texts, each of which is sent as a message by a tap; a phone without a link sends it later."""


class Place(Enum):
    """Where a screen goes."""

    SAME = "same"
    """Into the message that was tapped; a new one where there is none."""
    NEW = "new"
    """Below everything, as a new message."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as a screen shows it."""

    picture: Picture
    view: View
    veiled: bool = False
    """It is blurred until it is tapped."""

    @property
    def key(self) -> tuple[str, str]:
        """Its file, and the view of it."""
        return self.picture.name, self.view.name

    @property
    def smaller(self) -> "Shown":
        """The same in fewer bytes, where it is not looked at in full."""
        return self if self.view.full else replace(self, view=replace(self.view, small=True))


@dataclass(frozen=True, slots=True)
class Played:
    """A sound as a screen plays it."""

    sound: Sound

    @property
    def key(self) -> tuple[str, str]:
        """Its file; there is but one way to hear it."""
        return self.sound.name, "sound"

    @property
    def smaller(self) -> "Played":
        """The same."""
        return self


@dataclass(frozen=True, slots=True)
class Sheet:
    """Several pictures in one, each with its number."""

    pictures: tuple[tuple[str, Picture], ...]
    veiled: bool = False
    """It is blurred until it is tapped."""

    @property
    def key(self) -> tuple[str, str]:
        """Which ones, under which numbers."""
        names = ",".join(f"{number}={picture.name}" for number, picture in self.pictures)
        return f"sheet-{sha256(names.encode()).hexdigest()[:32]}", "sheet"

    @property
    def smaller(self) -> "Sheet":
        """The same: it was asked for, and is one for many."""
        return self


Media = Shown | Played | Sheet


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is handed over, to be kept. It goes below everything, has no buttons, and is never edited."""

    content: bytes = field(repr=False)
    name: str
    mime_type: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One message. `text` is Telegram's HTML; with a picture or a sound, it stands below it."""

    text: str
    buttons: Rows = ()
    media: Media | None = None
    protected: bool = False
    """It can be neither forwarded nor saved."""
    otherwise: "Screen | None" = None
    """What is shown when the picture or sound cannot be had."""
    document: Document | None = None
    """Handed over, with the text below it."""
    about: int | None = None
    """The batch whose task it is."""
    saving: Callable[[int], Rows] | None = None
    """The buttons where data is dear, until the picture or sound is asked for; told how many bytes that has."""
    keys: Keys | None = None
    """What stands in the place of the phone's keyboard from now on; no rows take away what stood there. Such a screen
    has no buttons, and is a message of its own."""

    @property
    def longest(self) -> int:
        """UTF-16 units that `text` may have."""
        return LONGEST_TEXT if self.media is None and self.document is None else LONGEST_CAPTION


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the bot does about an update, once its transaction is committed."""

    screen: Screen | None = None
    place: Place = Place.SAME
    toast: str | None = None
    """Shown over the chat for a moment, in answer to a tap; plain text."""
    saves: bool = False
    """To one who saves data."""
    looks: bool = False
    """Who asked to see it, or to hear it."""


@dataclass(frozen=True, slots=True)
class Body:
    """The part of a task's screen that its kind makes."""

    text: str
    rows: Rows = ()
    media: Media | None = None


def length_of(markup: str) -> int:
    """How long a text in HTML is on the screen, in UTF-16 units."""
    return chat_length(html.unescape(_TAG.sub("", markup)))


def rows_of(buttons: list[Button], *, widest: int = 26, most: int = 4) -> Rows:
    """Buttons in columns of equal width: as many as the longest label leaves room for on a small phone.

    Up to four buttons stand in one row, or one below the other: never three and a stray.
    """
    longest = max((len(button.label) for button in buttons), default=0)
    columns = next((n for n in range(most, 1, -1) if n * longest + 3 * (n - 1) <= widest), 1)
    if 1 < columns < len(buttons) <= 4 and len(buttons) % columns:
        columns = 1
    return tuple(tuple(buttons[at : at + columns]) for at in range(0, len(buttons), columns))
