"""Items in Excel's workbooks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from crowd.batchfile.parquet import readable
from crowd.batchfile.problem import FileError, Problems, error, listed, shown, warning
from crowd.batchfile.workbookparts import error_cells, refuse_bombs
from crowd.sentences import say


class Workbook:
    """The first sheet of an Excel workbook. It is read as a whole; a sheet has a million rows at most."""

    def __init__(self, path: Path, name: str, language: str, problems: Problems) -> None:  # noqa: ARG002
        self._name = name
        self._problems = problems
        with readable(name, say("an Excel workbook (.xlsx)")):
            refuse_bombs(path, name)
            book = fastexcel.read_excel(path)
            sheet = book.load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
            self._cells: pl.DataFrame = sheet.to_polars()
            self._errors = error_cells(path)
        first, *others = book.sheet_names
        if others:
            what = say("has {sheets} sheets; the first, {first}, is read", sheets=1 + len(others), first=shown(first))
            problems.add(
                warning(
                    name,
                    None,
                    None,
                    what,
                    say(
                        "Nothing is taken from {others}: put the items into the first sheet if they are there.",
                        others=listed(others),
                    ),
                )
            )
        self._filled = _filled(self._cells)
        if not self._filled:
            raise FileError(
                error(name, 1, None, say("is empty"), say("Row 1 of its first sheet must name the columns."))
            )
        self._header = self._filled[0]
        header: tuple[Any, ...] = self._cells.row(self._header)
        self.names = tuple((cell or "").strip() for cell in header)

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """See Source."""
        places = [self.names.index(name) for name in wanted]
        columns = [self._cells.columns[place] for place in places]
        texts = self._cells.select(
            pl.col(column).fill_null("").alias(str(place)) for place, column in enumerate(columns)
        )
        for number, cells in zip(self._filled[1:], texts[self._filled[1:]].iter_rows(), strict=True):
            failed = self._errors.get(number + 1, {})
            bad = [(name, failed[place]) for name, place in zip(wanted, places, strict=True) if place in failed]
            for name, value in bad:
                what = say("holds the error {error}", error=shown(value))
                mend = say("Mend its formula, or write the value itself into the cell.")
                self._problems.add(error(self._name, number + 1, name, what, mend))
            if not bad:
                yield number + 1, cells

    def close(self) -> None:
        """See Source. Nothing stays open."""


def _filled(cells: pl.DataFrame) -> list[int]:
    """The rows that are not blank, from 0."""
    if not cells.width:
        return []
    filled = pl.any_horizontal(pl.all().fill_null("").str.strip_chars() != "")
    return cells.select(filled.arg_true()).to_series().to_list()
