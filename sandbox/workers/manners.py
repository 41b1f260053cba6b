"""How a simulated worker gets through screens that are not tasks, without knowing the bot."""

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to do on a screen: tap the button whose callback data match, or send a text.

    All patterns are regular expressions that are searched for, not matched from the start. In `tap`, `when`
    and `send`, `{language_code}` and `{first_name}` stand for the worker's own.
    """

    tap: str | None = None
    """Pattern of the callback data of the button to tap."""
    send: str | None = None
    """Text to send; needs `when`."""
    when: str | None = None
    """Pattern of the message's text; without it the rule fits every screen that has the button."""
    pick: Literal["first", "any"] = "first"
    """Which of several buttons that match."""
    times: int | None = None
    """How often the rule may be used by one worker; without it, always."""

    def __post_init__(self) -> None:
        if (self.tap is None) == (self.send is None):
            raise ValueError("a rule has either tap or send")
        if self.send is not None and self.when is None:
            raise ValueError(f"the rule that sends {self.send!r} needs `when`, or it would send it for ever")
        for pattern in (self.tap, self.when):
            try:
                re.compile(pattern or "")
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from error


@dataclass(frozen=True, slots=True)
class Manners:
    """Ordered rules for screens that are not tasks (the first that fits is used), and common words."""

    rules: tuple[Rule, ...] = ()
    skip: str | None = None
    """Pattern of the callback data of a task's skip button."""
    look: str | None = None
    """Pattern of the label of a button that brings what a task is about: tapped before that is answered."""
    dont_know: str | None = None
    """Pattern of the callback data of a task's "I don't know" button."""
    start: str = "/start"
    """Sent into an empty chat."""
    work: str = "/work"
    """Sent when nothing has happened for a while."""
