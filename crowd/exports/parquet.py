"""Parquet, one row group after the other."""

import io
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, cast

import polars as pl
from polars.io.plugins import register_io_source

from crowd.exports.base import Cell, Column, Format, Row, Type, Writer, counts_text, value_text

GROUP = 50_000
"""Rows of one row group."""

_TYPES: dict[Type, pl.DataType] = {
    Type.TEXT: pl.String(),
    Type.VALUE: pl.String(),
    Type.COUNTS: pl.String(),
    Type.INTEGER: pl.Int64(),
    Type.REAL: pl.Float64(),
    Type.YES_NO: pl.Boolean(),
    Type.TIME: pl.Datetime("us", "UTC"),
}
_CELLS: dict[Type, Callable[[Cell], Cell]] = {
    Type.VALUE: value_text,
    Type.COUNTS: lambda cell: None if cell is None else counts_text(cell),
}


class _Outlet(io.RawIOBase):
    """A file that keeps what was written until it is taken."""

    def __init__(self) -> None:
        self._written = bytearray()
        self._lock = threading.Lock()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        with self._lock:
            self._written += data
        return len(data)

    def take(self) -> bytes:
        with self._lock:
            written, self._written = bytes(self._written), bytearray()
        return written


class _Parquet(Writer):
    """A thread in which polars pulls row groups out of a queue and writes them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._schema = {column.name: _TYPES[column.type] for column in columns}
        self._waiting: list[Row] = []
        self._groups: queue.Queue[pl.DataFrame | None] = queue.Queue(maxsize=1)
        self._stopped = threading.Event()
        self._outlet = _Outlet()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._write, name="parquet", daemon=True)
        self._thread.start()

    def begin(self) -> bytes:
        return b""

    def rows(self, rows: Sequence[Row]) -> bytes:
        self._waiting.extend(rows)
        while len(self._waiting) >= GROUP:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            self._hand_over(self._frame(group))
        return self._outlet.take()

    def end(self) -> bytes:
        self._hand_over(self._frame(self._waiting))
        self._waiting = []
        self._hand_over(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        return self._outlet.take()

    def close(self) -> None:
        self._stopped.set()
        self._thread.join()
        self._waiting = []

    def _frame(self, rows: Sequence[Row]) -> pl.DataFrame:
        made = [_CELLS.get(column.type) for column in self._columns]
        columns = zip(*rows, strict=True) if rows else [()] * len(made)
        data = {
            column.name: [change(cell) for cell in cells] if change else cells
            for column, change, cells in zip(self._columns, made, columns, strict=True)
        }
        return pl.DataFrame(data, schema=self._schema)

    def _hand_over(self, group: pl.DataFrame | None) -> None:
        while self._failure is None:
            if self._stopped.is_set():
                raise RuntimeError("this export was given up")
            try:
                self._groups.put(group, timeout=1)
                return
            except queue.Full:
                continue
        raise self._failure

    def _write(self) -> None:
        try:
            source = register_io_source(self._read, schema=self._schema, is_pure=True)
            source.sink_parquet(cast("IO[bytes]", self._outlet), row_group_size=GROUP, maintain_order=True)
        except BaseException as failure:  # polars' panics are no Exception; whoever hands over next raises it
            self._failure = failure

    def _read(
        self,
        _columns: list[str] | None,
        _predicate: pl.Expr | None,
        _rows: int | None,
        _batch: int | None,
    ) -> Iterator[pl.DataFrame]:
        while not self._stopped.is_set():
            try:
                group = self._groups.get(timeout=0.2)
            except queue.Empty:
                continue
            if group is None:
                return
            yield group


class Parquet(Format):
    """Values and counts are texts, as in CSV but with nothing before them; times are in UTC, microseconds."""

    name = "parquet"
    media_type = "application/vnd.apache.parquet"

    def writer(self, columns: Sequence[Column]) -> Writer:
        """See Format."""
        return _Parquet(columns)


FORMAT = Parquet()
