"""The parts of a workbook, which is a ZIP of XML, read as a stream: before, and beside, the reader of its sheet."""

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from crowd.batchfile.problem import FileError, error, shown
from crowd.sentences import SentenceError, say

_LARGEST_PART = 512 * 1024 * 1024
_MOST_CELLS = 20_000_000
_MOST_ERRORS = 100_000
_BLOCK = 256 * 1024
_OVERLAP = 64
_OVERLAP_OF_CELLS = 64 * 1024  # a cell with a long formula
_PLACE = re.compile(rb"""\br=["']([A-Z]{0,3})([0-9]{1,7})["']""")
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\b([^<>]*\bt=["']e["'][^<>]*)>"""
    rb"""(?:<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]{1,20})</"""
)
_FILLED = re.compile(rb"""<(?:\w+:)?c\b[^<>]*\br=["']([A-Z]{1,3})[0-9]{1,7}["'][^<>]*(?<!/)>""")
_FIRST_SHEET = re.compile(rb"""<(?:\w+:)?sheet\b[^<>]*\b\w+:id=["']([^"'<>]+)["']""")
_RELATION = re.compile(rb"""<(?:\w+:)?Relationship\b[^<>]*>""")
_ATTRIBUTE = re.compile(rb"""\b(Id|Target)=["']([^"'<>]+)["']""")


def error_cells(path: Path) -> dict[int, dict[int, str]]:
    """What the first sheet's cells hold whose formula failed, such as #N/A: by row from 1, then column from 0.

    Columns count from the first that is filled, as the reader of the sheet has them. The
    reader leaves these cells empty, which would make ordinary tasks of golds.
    """
    found: dict[int, dict[int, str]] = {}
    entry = _first_sheet(path)
    tail, count = b"", 0
    for piece in _unpacked(path, entry) if entry else ():
        text = tail + piece
        for attributes, value in _ERROR_CELL.findall(text):
            place = _PLACE.search(attributes)
            if place and place[1] and count < _MOST_ERRORS:
                row = found.setdefault(int(place[2]), {})
                row[_column_number(place[1]) - 1] = value.decode("utf-8", "replace")
                count += 1
        tail = text[-_OVERLAP_OF_CELLS:]
    first = _first_column(path, entry) if entry and found else 0
    return {row: {column - first: value for column, value in cells.items()} for row, cells in found.items()}


def _first_column(path: Path, entry: zipfile.ZipInfo) -> int:
    first, tail = 1 << 14, b""
    for piece in _unpacked(path, entry):
        text = tail + piece
        first = min((first, *(_column_number(letters) - 1 for letters in set(_FILLED.findall(text)))))
        tail = text[-_OVERLAP_OF_CELLS:]
    return first


def _first_sheet(path: Path) -> zipfile.ZipInfo | None:
    """The part with the first sheet's cells, None where a workbook does not name it in the usual way."""
    with zipfile.ZipFile(path) as parts:
        entries = {entry.filename: entry for entry in parts.infolist()}
    book, relations = entries.get("xl/workbook.xml"), entries.get("xl/_rels/workbook.xml.rels")
    first = _FIRST_SHEET.search(b"".join(_unpacked(path, book))) if book else None
    if first is None or relations is None:
        return None
    for relation in _RELATION.findall(b"".join(_unpacked(path, relations))):
        said = dict(_ATTRIBUTE.findall(relation))
        if said.get(b"Id") == first[1]:
            target = said.get(b"Target", b"").decode("utf-8", "replace")
            return entries.get(posixpath.join("/xl", target).lstrip("/"))
    return None


def refuse_bombs(path: Path, name: str) -> None:
    """Raise FileError for a file that unpacks to more than memory is there for.

    The reader makes a full rectangle up to the last cell, so that one cell far out is enough to end the process.
    Sizes are counted and not believed.
    """
    mend = say("Delete the empty rows and columns after the items, or save the items as CSV (UTF-8).")
    with zipfile.ZipFile(path) as parts:
        entries = parts.infolist()
    for entry in entries:
        size, rows, columns = 0, 0, 0
        tail = b""
        for piece in _unpacked(path, entry):
            size += len(piece)
            if size > _LARGEST_PART:
                what = say("has a part that unpacks to more than 512 MiB: {part}", part=shown(entry.filename))
                raise FileError(error(name, None, None, what, mend))
            for letters, number in _PLACE.findall(tail + piece):
                rows, columns = max(rows, int(number)), max(columns, _column_number(letters))
            tail = piece[-_OVERLAP:]
        if rows * columns > _MOST_CELLS:
            what = say(
                "has a sheet of {rows:,} rows and {columns:,} columns, too many to be held in memory",
                rows=rows,
                columns=columns,
            )
            raise FileError(error(name, None, None, what, mend))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _unpacked(path: Path, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a part holds, to the end of its data, whatever size it claims."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SentenceError(say("it is packed in a way that workbooks are not"))
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
