"""Items in JSON Lines."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from crowd.batchfile.encoding import marked_encoding, not_utf8
from crowd.batchfile.problem import FileError, Problem, Problems, error
from crowd.sentences import say

LONGEST_LINE = 1024 * 1024
"""Bytes of a line."""

_EACH_LINE = say("Each line is one object: {example}", example='{"id": "1", "text": "…"}')
_MOST_NAMES = 1001


class JsonLines:
    """One JSON object on each line, read as a stream. Numbers and true or false are taken as they are written."""

    def __init__(self, path: Path, name: str, language: str, problems: Problems) -> None:
        self._path = path
        self._name = name
        self._language = language
        self._problems = problems
        with path.open("rb") as file:
            if marked_encoding(file.read(1000)):
                raise FileError(not_utf8(path, name, language))
        names: dict[str, None] = {}
        try:
            for _, line in self._lines():
                found = _read(line)
                if isinstance(found, dict) and not found.keys() <= names.keys():
                    names |= dict.fromkeys(found)
                if len(names) > _MOST_NAMES:
                    break
        except FileError:
            if not names:
                raise
        if not names or next(self._lines())[1].strip() == b"[":
            raise FileError(self._no_json_lines())
        self.names = tuple(names)

    def _no_json_lines(self) -> Problem:
        """What a file is that has no object on any line."""
        number, line = next(self._lines(), (1, b""))
        if not line:
            return error(self._name, 1, None, say("is empty"), _EACH_LINE)
        try:
            line.decode()
        except UnicodeDecodeError:
            return not_utf8(self._path, self._name, self._language)
        found, file = _read(line), shlex.quote(self._path.name)
        one_list = isinstance(found, list) and any(isinstance(each, dict) for each in found)
        if one_list or line.strip() == b"[":
            what = say("is one JSON list, and not JSON Lines")
            mend = say("Make lines of it: {command}", command=f"jq -c '.[]' {file} > new.jsonl")
        elif line.strip() == b"{":
            what = say("has objects over several lines")
            mend = say("Make each one line: {command}", command=f"jq -c . {file} > new.jsonl")
        elif b"\r{" in line:
            what = say("ends its lines with carriage returns alone")
            mend = say("Give it line feeds: {command}", command=f"tr '\\r' '\\n' < {file} > new.jsonl")
        elif found is None and line.strip() != b"null":
            return error(self._name, number, None, say("is not JSON"), _EACH_LINE)
        else:
            return error(self._name, number, None, say("is JSON, but not an object"), _EACH_LINE)
        return error(self._name, None, None, what, mend)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        with self._path.open("rb", buffering=1024 * 1024) as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE and line[-1:] != b"\n":
                    what = say("has more than {most:,} bytes", most=LONGEST_LINE)
                    mend = say(
                        "JSON Lines is one object on each line, not one list: {command} makes it of a list.",
                        command="`jq -c '.[]'`",
                    )
                    raise FileError(error(self._name, number, None, what, mend))
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if not line.isspace():
                    yield number, line

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """See Source."""
        for number, line in self._lines():
            try:
                found = orjson.loads(line)
            except orjson.JSONDecodeError as failure:
                self._not_json(number, line, failure)
                continue
            if not isinstance(found, dict):
                self._problems.add(error(self._name, number, None, say("is JSON, but not an object"), _EACH_LINE))
                continue
            cells: list[Any] = [found.get(name) for name in wanted]
            for place, cell in enumerate(cells):
                if type(cell) is str:
                    continue
                if isinstance(cell, (dict, list)):
                    what, mend = say("holds a list or an object"), say("A cell is a text or a number.")
                    self._problems.add(error(self._name, number, wanted[place], what, mend))
                cells[place] = "" if cell is None else orjson.dumps(cell).decode()
            yield number, cells

    def _not_json(self, number: int, line: bytes, failure: orjson.JSONDecodeError) -> None:
        try:
            line.decode()
        except UnicodeDecodeError:
            raise FileError(not_utf8(self._path, self._name, self._language)) from None
        what = say("is not JSON: {reason}", reason=failure.msg)
        mend = say("Each line is one whole object; text within quotes has its line breaks as {code}.", code="\\n")
        column = failure.colno if failure.colno > 1 else None
        self._problems.add(error(self._name, number, column, what, mend))

    def close(self) -> None:
        """See Source. Nothing stays open."""


def _read(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
