"""Files with items, one class for each format: rows of text with the line that each stands on."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from crowd.batchfile.csvfile import CsvFile
from crowd.batchfile.jsonlines import JsonLines
from crowd.batchfile.parquet import Parquet
from crowd.batchfile.problem import FileError, Problems, error, listed, near, shown
from crowd.batchfile.workbook import Workbook
from crowd.sentences import Listed, say, together

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
    mend = say(
        "Put the file beside the batch file and write its name alone, such as {code}.", code="`items: items.csv`"
    )
    if not name.strip() or not name.isprintable():
        raise FileError(error(file, line, column, say("{name} names no file", name=shown("items")), mend))
    wanted = Path(name)
    if wanted.is_absolute() or ".." in wanted.parts or "\\" in name or name[1:2] == ":":
        what = say("{name} leaves the batch file's folder: {path}", name=shown("items"), path=shown(name))
        raise FileError(error(file, line, column, what, mend))
    if wanted.suffix.lower() not in _FORMATS:
        meant = near(wanted.suffix, _FORMATS)
        what = say(
            "{name} must name a file of {formats}; it is {value}",
            name=shown("items"),
            formats=Listed(tuple(_FORMATS)),
            value=shown(name),
        )
        how = say("Save the items in one of these formats.")
        how = together(how, say("Did you mean {meant}?", meant=meant)) if meant else how
        raise FileError(error(file, line, column, what, how))
    try:
        path = (folder / wanted).resolve()
        if not path.is_relative_to(folder.resolve()):
            what = say("{name} is a link that leaves the batch file's folder", name=shown(name))
            raise FileError(error(file, line, column, what, say("Put the file itself there.")))
        if path.is_file():
            return path
        if path.exists():
            raise FileError(error(file, line, column, say("{name} is not a file", name=shown(name)), mend))
        beside = [each.name for each in folder.iterdir() if each.suffix.lower() in _FORMATS]
    except (OSError, RuntimeError) as failure:
        what = say("{name} cannot be looked at: {reason}", name=shown(name), reason=str(failure))
        raise FileError(error(file, line, column, what, mend)) from None
    meant = near(name, beside)
    if meant:
        mend = say("Did you mean {meant}?", meant=shown(meant))
    elif beside:
        mend = say("Beside the batch file are: {files}.", files=listed(sorted(beside)))
    raise FileError(error(file, line, column, say("there is no file {name}", name=shown(name)), mend))


def open_items(path: Path, name: str, language: str, problems: Problems) -> Source:
    """Open a file with items. `language` helps to guess a wrong encoding. Raises FileError."""
    try:
        source = _FORMATS[path.suffix.lower()](path, name, language, problems)
    except OSError as failure:
        what = say("cannot be opened: {reason}", reason=str(failure.strerror))
        raise FileError(error(name, None, None, what, say("See that it may be read."))) from None
    if len(source.names) > MOST_COLUMNS:
        source.close()
        what = say("has {columns:,} columns; {most:,} at most", columns=len(source.names), most=MOST_COLUMNS)
        raise FileError(error(name, 1, None, what, say("Keep the columns that the batch needs.")))
    return source
