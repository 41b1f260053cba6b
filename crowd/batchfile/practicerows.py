"""Rows of the items that are practice: which ones are, and what is kept of them."""

from dataclasses import dataclass

from crowd.kinds.base import Json

MOST_PRACTICE = 20
"""Practice tasks of a batch: more is a day's work that nobody pays."""

YES = ("yes", "true", "1", "ja")
NO = ("", "no", "false", "0", "nein")


@dataclass(frozen=True, slots=True)
class PracticeItem:
    """A task to practise on."""

    key: str
    """The requester's own id."""
    payload: Json
    right: Json
    explanation: dict[str, str]
    """Per locale; may be empty."""


def says_practice(cell: str) -> bool | None:
    """Whether a cell marks its row as practice; None when it says neither yes nor no. Case does not matter."""
    word = cell.strip().casefold()
    return True if word in YES else False if word in NO else None
