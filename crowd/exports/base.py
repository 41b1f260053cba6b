"""What an export format has to say for itself. One file for each format stands beside this one."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

import orjson

from crowd.kinds.base import Json

Cell = Any
"""What stands in a row, as the type of its column says; None where there is nothing."""

Row = Sequence[Cell]


class Type(Enum):
    """What the cells of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    YES_NO = "yes or no"
    TIME = "time"
    """A datetime, UTC."""
    VALUE = "value"
    """What a worker or the crowd said: JSON, most often a text."""
    COUNTS = "counts"
    """How often each value was said: a list of (value, count)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export."""

    name: str
    type: Type


class Writer(ABC):
    """One export that is being written."""

    @abstractmethod
    def begin(self) -> bytes:
        """What comes before all rows."""

    @abstractmethod
    def rows(self, rows: Sequence[Row]) -> bytes:
        """The next rows, in the order of the columns. May give back less than it took, and more the next time."""

    @abstractmethod
    def end(self) -> bytes:
        """What comes after all rows."""

    def close(self) -> None:
        """Let go of everything, also in the middle. Nothing is written after it."""
        return


class Format(ABC):
    """One file format. Rows come and bytes go in blocks: an export of any length is written in little memory."""

    name: ClassVar[str]
    """As requesters name it, and the suffix of its files."""
    media_type: ClassVar[str]

    @abstractmethod
    def writer(self, columns: Sequence[Column]) -> Writer:
        """Begin an export with these columns."""


def value_text(value: Json) -> str | None:
    """A VALUE where only text can stand: a text as it is, anything else as JSON."""
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


def counts_text(counts: Sequence[tuple[Json, int]]) -> str:
    """COUNTS where only text can stand: a JSON object with the values as names."""
    return orjson.dumps({value_text(value): count for value, count in counts}).decode()
