"""What is wrong with a requester's file, where, and how to mend it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from crowd.sentences import ENGLISH, Listed, Sentence, Speaker, say

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

    @property
    def word(self) -> Sentence:
        """What people call it."""
        return say("error") if self is Severity.ERROR else say("warning")


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
    what: Sentence
    """What is wrong."""
    how: Sentence
    """How to mend it."""

    def told(self, speaker: Speaker) -> str:
        """What is wrong, in a speaker's words."""
        return shortened(speaker.put(self.what), _LONGEST)

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.told(ENGLISH)

    @property
    def mend(self) -> str:
        """How to mend it, in English."""
        return str(self.how)

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", {'row' if has_rows(self.file) else 'line'} {self.line}"
        if self.column is not None:
            place += f", column {shown(self.column) if isinstance(self.column, str) else self.column}"
        return f"{place}: {self.severity}: {self.message}. {self.mend}"


def has_rows(file: str) -> bool:
    """Whether what a file has are rows, and not lines."""
    return file.lower().endswith(_BY_ROWS)


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


def error(file: str, line: int | None, column: int | str | None, what: Sentence, how: Sentence) -> Problem:
    """A problem that keeps the batch from being posted."""
    return Problem(file, line, column, Severity.ERROR, what, how)


def warning(file: str, line: int | None, column: int | str | None, what: Sentence, how: Sentence) -> Problem:
    """A problem that a batch can be posted with."""
    return Problem(file, line, column, Severity.WARNING, what, how)


def shortened(text: str, most: int = 60) -> str:
    """The text, cut to so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def shown(text: str) -> Sentence:
    """A piece of a file as messages quote it: short, on one line, with nothing that a terminal would obey."""
    return say("“{text}”", text="".join(c if c.isprintable() else repr(c)[1:-1] for c in shortened(text)))


def listed(names: Iterable[str], most: int = 20) -> Sentence | Listed:
    """Names one after the other."""
    every = list(names)
    first = Listed(tuple(shown(name) for name in every[:most]))
    return say("{names} and {more:,} more", names=first, more=len(every) - most) if len(every) > most else first


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name that was most likely meant."""
    folded = {each.casefold(): each for each in known}
    found = get_close_matches(shortened(name.strip().casefold()), folded, n=1, cutoff=_NEAR)
    return folded[found[0]] if found else None
