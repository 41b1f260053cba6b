"""What the workers' phones saw, to be held against what the database says."""

from dataclasses import dataclass, field
from typing import Literal

from sandbox.workers.character import Character

Ending = Literal["running", "stopped", "enough", "idle", "unreachable", "failed"]


@dataclass(frozen=True, slots=True)
class Tapped:
    """One tap on an inline button, and what came of it."""

    worker: int
    """The person's Telegram id."""
    message_id: int
    data: str
    label: str
    item: str | None
    """The known item that the tap answered, as the requester wrote it; None when it answered none."""
    right: bool | None
    """Was it a right button of that item? None for anything but an answer."""
    answered: bool
    """Did the bot answer the callback? If not, nobody on the phone's side knows whether the tap counted."""
    text: str | None
    """The toast or alert that the bot showed."""
    at: float
    """When the tap was made, in seconds since 1970, by this machine's clock."""
    waited_ms: float
    """How long the button showed its spinner."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One text or file that the worker sent."""

    worker: int
    text: str
    """Of a file, its name."""
    item: str | None
    right: bool | None
    at: float
    sort: Literal["text", "voice", "photo"] = "text"


@dataclass(slots=True)
class Report:
    """All that one worker did."""

    character: Character
    worker: int = 0
    taps: list[Tapped] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    answers: int = 0
    """Items answered: by a tap that the bot acknowledged, by a text, or by the last of several acts. A double tap
    counts once."""
    right: int = 0
    """How many of `answers` were right."""
    nudges: int = 0
    """How often the worker asked for work again."""
    retries: int = 0
    """Calls of the control API that failed and were made again."""
    ended: Ending = "running"
    error: str | None = None
