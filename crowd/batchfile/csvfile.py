"""Items in CSV."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path

from crowd.batchfile.encoding import marked_encoding, not_utf8
from crowd.batchfile.problem import FileError, Problems, error
from crowd.sentences import say

LONGEST_LINE = 512 * 1024
"""Characters of a physical line. No row of short tasks comes near it."""

_SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"?[\r\n]*', re.IGNORECASE)
_MOST_LINES = 5000  # of one row, by newlines within quotes


class _Lines:
    """Physical lines, none of them longer than memory likes."""

    def __init__(self, path: Path, name: str) -> None:
        self._file = io.TextIOWrapper(path.open("rb", buffering=1024 * 1024), encoding="utf-8-sig", newline="")
        self._name = name
        self.number = 0
        self.row_began = 1

    def __iter__(self) -> Iterator[str]:
        readline = self._file.readline
        while line := readline(LONGEST_LINE):
            self.number += 1
            if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
                what = say("has more than {most:,} characters", most=LONGEST_LINE)
                mend = say("See that each row ends with a line break, and that the file is CSV at all.")
                raise FileError(error(self._name, self.number, None, what, mend))
            if self.number - self.row_began > _MOST_LINES:
                raise self.unclosed()
            yield line

    def unclosed(self) -> FileError:
        what = say("a quote opens in this row and is never closed")
        mend = say("Close it, or write a quote that is part of the text twice: {code}.", code='""')
        return FileError(error(self._name, self.row_began, None, what, mend))

    def close(self) -> None:
        self._file.close()


class CsvFile:
    """A CSV file, separated by comma, semicolon or tab, read as a stream."""

    def __init__(self, path: Path, name: str, language: str, problems: Problems) -> None:
        self._path = path
        self._name = name
        self._language = language
        self._problems = problems
        with path.open("rb") as file:
            if marked_encoding(file.read(1000)):
                raise FileError(not_utf8(path, name, language))
        self._lines = _Lines(path, name)
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        each = iter(self._lines)
        try:
            first = next((line for line in each if line.strip()), "")
            told = _SEPARATOR.fullmatch(first)
            if told:  # a line for Excel, which is no header
                first = next((line for line in each if line.strip()), "")
        except UnicodeDecodeError:
            raise FileError(not_utf8(self._path, self._name, self._language)) from None
        if not first:
            mend = say("Its first line must name the columns: {columns}", columns="id,text,gold")
            raise FileError(error(self._name, 1, None, say("is empty"), mend))
        self._lines.row_began = self._lines.number
        delimiter = told[1] if told else max(",;\t", key=lambda mark: _outside_quotes(first, mark))
        self._before = self._lines.number - 1

        self._reader = csv.reader(chain((first,), each), delimiter=delimiter, strict=True)
        header = next(self._guarded(), (0, []))[1]
        self.names = tuple(cell.strip() for cell in header)

    def _guarded(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with the line that each begins on; what stops the reading, as FileError."""
        reader, lines, before = self._reader, self._lines, self._before
        try:
            for row in reader:
                line = lines.row_began
                lines.row_began = before + reader.line_num + 1
                yield line, row
        except UnicodeDecodeError:
            raise FileError(not_utf8(self._path, self._name, self._language)) from None
        except csv.Error as failure:
            raise self._not_csv(str(failure)) from None

    def _not_csv(self, failure: str) -> FileError:
        if "unexpected end" in failure:
            return self._lines.unclosed()
        if "field larger" in failure:
            what = say(
                "a cell of this row has more than {most:,} characters, or a quote opens in it and is never closed",
                most=csv.field_size_limit(),
            )
            mend = say("Close the quote, or write a quote that is part of the text twice: {code}.", code='""')
            return FileError(error(self._name, self._lines.row_began, None, what, mend))
        if "expected after" in failure:
            what = say("text follows a closing quote")
            mend = say(
                "Put the whole cell into quotes, and write a quote within it twice: {code}.", code='"say ""yes"" to it"'
            )
            return FileError(error(self._name, self._lines.number, None, what, mend))
        what = say("is not CSV: {reason}", reason=failure)
        return FileError(error(self._name, self._lines.number, None, what, say("Save the file anew as CSV.")))

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """See Source."""
        width = len(self.names)
        places = [self.names.index(name) for name in wanted]
        pick = itemgetter(*places) if len(places) > 1 else lambda row: (row[places[0]],)
        for line, row in self._guarded():
            if not any(row):
                continue
            if len(row) == width:
                yield line, pick(row)
            else:
                what = say("has {cells} cells where the header has {width}", cells=len(row), width=width)
                mend = say("Put text that contains the separator or a line break into quotes.")
                self._problems.add(error(self._name, line, None, what, mend))

    def close(self) -> None:
        """See Source."""
        self._lines.close()


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])
