"""Items in Excel's workbooks."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from crowd.batchfile.parquet import readable
from crowd.batchfile.problem import FileError, Problems, error, shown

_LARGEST_PART = 512 * 1024 * 1024
_MOST_CELLS = 20_000_000
_BLOCK = 256 * 1024
_OVERLAP = 64
_PLACE = re.compile(rb"""\br=["']([A-Z]{0,3})([0-9]{1,7})["']""")


class Workbook:
    """The first sheet of an Excel workbook. It is read as a whole; a sheet has a million rows at most."""

    def __init__(self, path: Path, name: str, language: str, problems: Problems) -> None:  # noqa: ARG002
        self._name = name
        with readable(name, "an Excel workbook (.xlsx)"):
            _refuse_bombs(path, name)
            sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
            self._cells: pl.DataFrame = sheet.to_polars()
        self._filled = _filled(self._cells)
        if not self._filled:
            raise FileError(error(name, 1, None, "is empty", "Row 1 of its first sheet must name the columns."))
        self._header = self._filled[0]
        header: tuple[Any, ...] = self._cells.row(self._header)
        self.names = tuple((cell or "").strip() for cell in header)

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """See Source."""
        columns = [self._cells.columns[self.names.index(name)] for name in wanted]
        texts = self._cells.select(
            pl.col(column).fill_null("").alias(str(place)) for place, column in enumerate(columns)
        )
        for number, cells in zip(self._filled[1:], texts[self._filled[1:]].iter_rows(), strict=True):
            yield number + 1, cells

    def close(self) -> None:
        """See Source. Nothing stays open."""


def _filled(cells: pl.DataFrame) -> list[int]:
    """The rows that are not blank, from 0."""
    if not cells.width:
        return []
    filled = pl.any_horizontal(pl.all().fill_null("").str.strip_chars() != "")
    return cells.select(filled.arg_true()).to_series().to_list()


def _refuse_bombs(path: Path, name: str) -> None:
    """Raise FileError for a file that unpacks to more than memory is there for.

    The reader makes a full rectangle up to the last cell, so that one cell far out is enough to end the process.
    Sizes are counted and not believed.
    """
    mend = "Delete the empty rows and columns after the items, or save the items as CSV (UTF-8)."
    with zipfile.ZipFile(path) as parts:
        entries = parts.infolist()
    for entry in entries:
        size, rows, columns = 0, 0, 0
        tail = b""
        for piece in _unpacked(path, entry):
            size += len(piece)
            if size > _LARGEST_PART:
                what = f"has a part that unpacks to more than 512 MiB: {shown(entry.filename)}"
                raise FileError(error(name, None, None, what, mend))
            for letters, number in _PLACE.findall(tail + piece):
                rows, columns = max(rows, int(number)), max(columns, _column_number(letters))
            tail = piece[-_OVERLAP:]
        if rows * columns > _MOST_CELLS:
            what = f"has a sheet of {rows:,} rows and {columns:,} columns, too many to be held in memory"
            raise FileError(error(name, None, None, what, mend))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _unpacked(path: Path, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a part holds, to the end of its data, whatever size it claims."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("it is packed in a way that workbooks are not")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    with path.open("rb") as file:
        file.seek(entry.header_offset + 26)
        name_length, extra_length = struct.unpack("<HH", file.read(4))
        file.seek(name_length + extra_length, 1)
        left = entry.compress_size
        while left > 0 and (packed := file.read(min(left, _BLOCK))):
            left -= len(packed)
            if unpacker is None:
                yield packed
            while unpacker is not None and packed and not unpacker.eof:
                yield unpacker.decompress(packed, _BLOCK)
                packed = unpacker.unconsumed_tail
