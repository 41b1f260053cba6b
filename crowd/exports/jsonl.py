"""JSON Lines: one object a line, UTF-8."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from crowd.exports.base import Cell, Column, Format, Row, Type, Writer, value_text

_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z


def _counts(counts: Cell) -> dict[str | None, int]:
    return {value_text(value): count for value, count in counts}


def _plain(cell: Cell) -> Any:
    return cell


class _JsonLines(Writer):
    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns: list[tuple[str, Callable[[Cell], Any]]] = [
            (column.name, _counts if column.type is Type.COUNTS else _plain) for column in columns
        ]

    def begin(self) -> bytes:
        return b""

    def rows(self, rows: Sequence[Row]) -> bytes:
        columns = self._columns
        return b"".join(
            orjson.dumps({name: made(cell) for (name, made), cell in zip(columns, row, strict=True)}, option=_OPTIONS)
            for row in rows
        )

    def end(self) -> bytes:
        return b""


class JsonLines(Format):
    """Values are JSON as they are; counts are an object of value and count; times are ISO 8601 in UTC."""

    name = "jsonl"
    media_type = "application/jsonl"

    def writer(self, columns: Sequence[Column]) -> Writer:
        """See Format."""
        return _JsonLines(columns)


FORMAT = JsonLines()
