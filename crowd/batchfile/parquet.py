"""Items in Parquet."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from crowd.batchfile.problem import FileError, Problems, error
from crowd.sentences import Sentence, SentenceError, say

_BLOCK = 20_000
_LONGEST_CELL = 128 * 1024
_ROWS_OF_A_BYTE = 100
_PARQUET = say("Parquet")
_FLAT = (pl.String, pl.Boolean, pl.Categorical, pl.Enum, pl.Date, pl.Datetime, pl.Time, pl.Null)


@contextmanager
def readable(name: str, kind: Sentence) -> Iterator[None]:
    """Whatever a reader trips over in a damaged file, as FileError: also when it panics, which is no Exception."""
    try:
        yield
    except (FileError, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as failure:
        if not isinstance(failure, Exception) and type(failure).__name__ != "PanicException":
            raise
        why = failure.sentence if isinstance(failure, SentenceError) else str(failure).strip().split("\n")[0]
        what = say("cannot be read as {kind}: {reason}", kind=kind, reason=why)
        mend = say("It may be cut off or be another kind of file: export it anew, or save the items as CSV (UTF-8).")
        raise FileError(error(name, None, None, what, mend)) from None


class Parquet:
    """A Parquet file, read in blocks."""

    def __init__(self, path: Path, name: str, language: str, problems: Problems) -> None:  # noqa: ARG002
        self._name = name
        with readable(name, _PARQUET):
            self._frame = pl.scan_parquet(path, glob=False)
            self._schema = self._frame.collect_schema()
            rows = self._frame.select(pl.len()).collect().item()
        if rows > _ROWS_OF_A_BYTE * path.stat().st_size:
            what = say("claims {rows:,} rows, more than its size can hold", rows=rows)
            mend = say("Export the file anew, or save the items as CSV (UTF-8).")
            raise FileError(error(name, None, None, what, mend))
        self.names = tuple(self._schema.names())

    def rows(self, wanted: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """See Source."""
        for name in wanted:
            kind = self._schema[name]
            if not (kind.is_numeric() or kind in _FLAT):
                mend = say("A cell is a text or a number: make it one where you export the file.")
                raise FileError(error(self._name, None, name, say("holds {type}", type=str(kind)), mend))
        texts = self._frame.select(
            pl.col(name).cast(pl.String).fill_null("").alias(str(place)) for place, name in enumerate(wanted)
        )
        number = 0
        with readable(self._name, _PARQUET):
            for block in texts.collect_batches(chunk_size=_BLOCK, maintain_order=True):
                self._refuse_huge(block, wanted, number)
                for cells in block.iter_rows():
                    number += 1
                    yield number, cells

    def _refuse_huge(self, block: pl.DataFrame, wanted: Sequence[str], before: int) -> None:
        """A cell repeated many times is small in the file and in polars, but not as texts of Python's."""
        for place, name in enumerate(wanted):
            huge = (block.get_column(str(place)).str.len_bytes() > _LONGEST_CELL).arg_true()
            if len(huge):
                what = say("has more than {most:,} bytes", most=_LONGEST_CELL)
                mend = say("Is it the right column? Cut the text in parts.")
                raise FileError(error(self._name, before + huge[0] + 1, name, what, mend))

    def close(self) -> None:
        """See Source. Nothing stays open."""
