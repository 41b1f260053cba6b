"""Items in Parquet and in Excel's workbooks."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from crowd.batchfile.problem import Problems, Stop, error, listed

_BLOCK = 20_000
_LARGEST_SHEET = 1024**3
_FLAT = (pl.String, pl.Boolean, pl.Categorical, pl.Enum, pl.Date, pl.Datetime, pl.Time, pl.Null)


@contextmanager
def _readable(name: str, kind: str) -> Iterator[None]:
    """Whatever a reader trips over in a damaged file, as Stop: also when it panics, which is no Exception."""
    try:
        yield
    except (Stop, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as failure:
        if not isinstance(failure, Exception) and type(failure).__name__ != "PanicException":
            raise
        why = str(failure).strip().split("\n")[0]
        mend = "It may be cut off or be another kind of file: export it anew, or save the items as CSV (UTF-8)."
        raise Stop(error(name, None, None, f"cannot be read as {kind}: {why}", mend)) from None


class Parquet:
    """A Parquet file, read in blocks."""

    def __init__(self, path: Path, name: str, language: str, problems: Problems) -> None:  # noqa: ARG002
        self._name = name
        with _readable(name, "Parquet"):
            self._frame = pl.scan_parquet(path, glob=False)
            self._schema = self._frame.collect_schema()
        self.names = tuple(self._schema.names())

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """See Source."""
        for name in wanted:
            kind = self._schema[name]
            if not (kind.is_numeric() or kind in _FLAT):
                mend = "A cell is a text or a number: make it one where you export the file."
                raise Stop(error(self._name, None, name, f"holds {kind}", mend))
        texts = self._frame.select(pl.col(name).cast(pl.String).fill_null("") for name in wanted)
        number = 0
        with _readable(self._name, "Parquet"):
            for block in texts.collect_batches(chunk_size=_BLOCK, maintain_order=True):
                for number, cells in enumerate(block.iter_rows(), number + 1):
                    yield number, cells

    def close(self) -> None:
        """See Source. Nothing stays open."""


class Workbook:
    """The first sheet of an Excel workbook. It is read as a whole; a sheet has a million rows at most."""

    def __init__(self, path: Path, name: str, language: str, problems: Problems) -> None:  # noqa: ARG002
        self._name = name
        with _readable(name, "an Excel workbook (.xlsx)"):
            self._refuse_bombs(path)
            sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
            self._cells: pl.DataFrame = sheet.to_polars()
        filled = pl.any_horizontal(pl.all().fill_null("").str.strip_chars() != "")
        shown = self._cells.select(filled.arg_true().first()).item() if self._cells.width else None
        if shown is None:
            raise Stop(error(name, 1, None, "is empty", "Row 1 of its first sheet must name the columns."))
        self._header = int(shown)
        header: tuple[Any, ...] = self._cells.row(self._header)
        self.names = tuple((cell or "").strip() for cell in header)

    def _refuse_bombs(self, path: Path) -> None:
        with zipfile.ZipFile(path) as parts:
            large = [part.filename for part in parts.infolist() if part.file_size > _LARGEST_SHEET]
        if large:
            what = f"has a part that unpacks to more than 1 GiB: {listed(large)}"
            raise Stop(error(self._name, None, None, what, "Save the items as CSV (UTF-8)."))

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """See Source."""
        columns = [self._cells.columns[self.names.index(name)] for name in wanted]
        texts = self._cells.select(pl.col(column).fill_null("") for column in columns).slice(self._header + 1)
        for number, cells in enumerate(texts.iter_rows(), self._header + 2):
            if any(cells):
                yield number, cells

    def close(self) -> None:
        """See Source. Nothing stays open."""
