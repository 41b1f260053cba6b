"""What is wrong with a requester's file, where, and how to mend it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

KEPT = 1000
"""Problems that are kept; those beyond are only counted."""
PRINTED = 100
"""Problems that `Problems.lines` prints."""

_LONGEST = 400
_NEAR = 0.75
_BY_ROWS = (".xlsx", ".parquet")


class Severity(StrEnum):
    """Whether a batch can be posted in spite of it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `line` counts from 1: the physical line of a text file, the row of the sheet in .xlsx (its header has one
    too), the row of data in .parquet. `column` is the place in the line, from 1, in the batch file, and the
    requester's name of the column in the items.
    """

    file: str
    line: int | None
    column: int | str | None
    severity: Severity
    message: str
    mend: str

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", {line_word(self.file)} {self.line}"
        if self.column is not None:
            place += f", column {shown(self.column) if isinstance(self.column, str) else self.column}"
        return f"{place}: {self.severity}: {self.message}. {self.mend}".rstrip()


def line_word(file: str) -> str:
    """What the lines of a file are called."""
    return "row" if file.lower().endswith(_BY_ROWS) else "line"


class FileError(Exception):
    """The file cannot be read any further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Problems:
    """Those found so far: the first `KEPT`, and how many there are of each severity."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self._counts: Counter[Severity] = Counter()

    @property
    def errors(self) -> int:
        """How many keep the batch from being posted."""
        return self._counts[Severity.ERROR]

    @property
    def warnings(self) -> int:
        """How many do not."""
        return self._counts[Severity.WARNING]

    def add(self, problem: Problem) -> None:
        """One more."""
        self._counts[problem.severity] += 1
        if len(self.kept) < KEPT:
            self.kept.append(problem)


def error(file: str, line: int | None, column: int | str | None, message: str, mend: str = "") -> Problem:
    """A problem that keeps the batch from being posted."""
    return Problem(file, line, column, Severity.ERROR, shortened(message, _LONGEST), mend)


def warning(file: str, line: int | None, column: int | str | None, message: str, mend: str = "") -> Problem:
    """A problem that a batch can be posted with."""
    return Problem(file, line, column, Severity.WARNING, shortened(message, _LONGEST), mend)


def shortened(text: str, most: int = 60) -> str:
    """The text, cut to so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def shown(text: str) -> str:
    """A piece of a file as messages quote it: short, on one line, with nothing that a terminal would obey."""
    return f"“{''.join(c if c.isprintable() else repr(c)[1:-1] for c in shortened(text))}”"


def listed(names: Iterable[str], most: int = 20) -> str:
    """Names one after the other."""
    every = list(names)
    rest = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(shown(name) for name in every[:most]) + rest


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name that was most likely meant."""
    folded = {each.casefold(): each for each in known}
    found = get_close_matches(shortened(name.strip().casefold()), folded, n=1, cutoff=_NEAR)
    return folded[found[0]] if found else None
