"""What a chat shows: one message with its buttons."""

from dataclasses import dataclass, field
from enum import Enum

LONGEST_TEXT = 4096
LONGEST_TOAST = 200


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button. `data` is at most 64 bytes: a verb and its arguments, parted by colons."""

    label: str
    data: str


Rows = tuple[tuple[Button, ...], ...]


class Place(Enum):
    """Where a screen goes."""

    SAME = "same"
    """Into the message that was tapped; a new one where there is none."""
    NEW = "new"
    """Below everything, as a new message."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One message. `text` is Telegram's HTML."""

    text: str
    buttons: Rows = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the bot does about an update, once its transaction is committed."""

    screen: Screen | None = None
    place: Place = Place.SAME
    toast: str | None = None
    """Shown over the chat for a moment, in answer to a tap; plain text."""
    alert: bool = False
    """The toast has to be closed by hand."""


@dataclass(frozen=True, slots=True)
class Body:
    """The part of a task's screen that its kind makes."""

    text: str
    rows: Rows = field(default=())


def rows_of(buttons: list[Button], *, widest: int = 26, most: int = 4) -> Rows:
    """Buttons in rows: side by side while their labels fit a small phone, each on its own row when they do not."""
    rows: list[list[Button]] = []
    for button in buttons:
        row = rows[-1] if rows else []
        room = sum(len(other.label) + 3 for other in row) + len(button.label)
        if rows and len(row) < most and room <= widest:
            row.append(button)
        else:
            rows.append([button])
    return tuple(tuple(row) for row in rows)
