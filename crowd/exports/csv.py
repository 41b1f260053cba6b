"""CSV (RFC 4180): UTF-8 with a byte order mark, as spreadsheets want it, and cells that none of them runs."""

import csv
import io
from collections.abc import Callable, Sequence

from crowd.exports.base import Cell, Column, Format, Row, Type, Writer, counts_text, value_text
from crowd.exports.cells import harmless


def _plain(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _text(cell: Cell) -> str:
    return "" if cell is None else harmless(value_text(cell) or "")


_CELLS: dict[Type, Callable[[Cell], str]] = {
    Type.TEXT: _text,
    Type.VALUE: _text,
    Type.COUNTS: lambda cell: "" if cell is None else counts_text(cell),
    Type.YES_NO: lambda cell: "" if cell is None else "yes" if cell else "no",
    Type.TIME: lambda cell: "" if cell is None else cell.isoformat().replace("+00:00", "Z"),
    Type.INTEGER: _plain,
    Type.REAL: _plain,
}


class _Csv(Writer):
    def __init__(self, columns: Sequence[Column]) -> None:
        self._names = [column.name for column in columns]
        self._cells = [_CELLS[column.type] for column in columns]

    def begin(self) -> bytes:
        return "\ufeff".encode() + _lines([self._names])

    def rows(self, rows: Sequence[Row]) -> bytes:
        cells = self._cells
        return _lines([[made(cell) for made, cell in zip(cells, row, strict=True)] for row in rows])

    def end(self) -> bytes:
        return b""


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


class Csv(Format):
    """Counts are a JSON object; times are ISO 8601 in UTC; a text that a spreadsheet would run begins with `'`."""

    name = "csv"
    media_type = "text/csv"

    def writer(self, columns: Sequence[Column]) -> Writer:
        """See Format."""
        return _Csv(columns)


FORMAT = Csv()
