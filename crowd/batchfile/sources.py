"""Files with items, one class for each format: rows of text with the line that each stands on."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from crowd.batchfile.csvfile import CsvFile
from crowd.batchfile.jsonlines import JsonLines
from crowd.batchfile.parquet import Parquet
from crowd.batchfile.problem import FileError, Problems, error, listed, near, shown
from crowd.batchfile.workbook import Workbook

MOST_COLUMNS = 1000


class Source(Protocol):
    """An open file with items. It never holds more of the file than a bounded part (an .xlsx: all of it)."""

    names: tuple[str, ...]
    """Its columns, as they are called there."""

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """Line and cells of the wanted columns, row by row.

        A row that cannot be read is added to the problems and left out. Raises FileError where the file ends being
        readable.
        """

    def close(self) -> None:
        """Close the file."""


Opener = Callable[[Path, str, str, Problems], Source]

_FORMATS: dict[str, Opener] = {".csv": CsvFile, ".jsonl": JsonLines, ".parquet": Parquet, ".xlsx": Workbook}


def items_path(folder: Path, name: str, file: str, line: int, column: int) -> Path:
    """The file that `items:` names, which must lie in the batch file's own folder. Raises FileError."""
    mend = "Put the file beside the batch file and write its name alone, such as `items: items.csv`."
    if not name.strip() or not name.isprintable():
        raise FileError(error(file, line, column, "“items” names no file", mend))
    wanted = Path(name)
    if wanted.is_absolute() or ".." in wanted.parts or "\\" in name or name[1:2] == ":":
        raise FileError(error(file, line, column, f"“items” leaves the batch file's folder: {shown(name)}", mend))
    if wanted.suffix.lower() not in _FORMATS:
        meant = near(wanted.suffix, _FORMATS)
        hint = f" Did you mean {meant}?" if meant else ""
        what = f"“items” must name a file of {', '.join(_FORMATS)}; it is {shown(name)}"
        raise FileError(error(file, line, column, what, f"Save the items in one of these formats.{hint}"))
    try:
        path = (folder / wanted).resolve()
        if not path.is_relative_to(folder.resolve()):
            what = f"{shown(name)} is a link that leaves the batch file's folder"
            raise FileError(error(file, line, column, what, "Put the file itself there."))
        if path.is_file():
            return path
        if path.exists():
            raise FileError(error(file, line, column, f"{shown(name)} is not a file", mend))
        beside = [each.name for each in folder.iterdir() if each.suffix.lower() in _FORMATS]
    except (OSError, RuntimeError) as failure:
        raise FileError(error(file, line, column, f"{shown(name)} cannot be looked at: {failure}", mend)) from None
    meant = near(name, beside)
    hint = f"Did you mean {shown(meant)}?" if meant else f"Beside the batch file are: {listed(sorted(beside))}."
    raise FileError(error(file, line, column, f"there is no file {shown(name)}", hint if beside else mend))


def open_items(path: Path, name: str, language: str, problems: Problems) -> Source:
    """Open a file with items. `language` helps to guess a wrong encoding. Raises FileError."""
    try:
        source = _FORMATS[path.suffix.lower()](path, name, language, problems)
    except OSError as failure:
        mend = "See that it may be read."
        raise FileError(error(name, None, None, f"cannot be opened: {failure.strerror}", mend)) from None
    if len(source.names) > MOST_COLUMNS:
        source.close()
        what = f"has {len(source.names):,} columns; {MOST_COLUMNS:,} at most"
        raise FileError(error(name, 1, None, what, "Keep the columns that the batch needs."))
    return source
