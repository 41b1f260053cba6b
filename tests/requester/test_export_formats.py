"""Whatever stands in a row comes out of each format as it went in; in CSV nothing runs."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.exports import formats
from crowd.exports.base import Column, Row, Type
from crowd.exports.cells import harmless, runs
from crowd.exports.parquet import GROUP

pytestmark = pytest.mark.unit

COLUMNS = (
    Column("text", Type.TEXT),
    Column("value", Type.VALUE),
    Column("number", Type.INTEGER),
    Column("real", Type.REAL),
    Column("yes", Type.YES_NO),
    Column("time", Type.TIME),
    Column("counts", Type.COUNTS),
)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_ROWS = st.lists(
    st.tuples(
        _TEXT,
        st.none() | _TEXT,
        st.integers(-(2**53), 2**53),
        st.none() | st.floats(0, 1),
        st.booleans(),
        st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        st.lists(st.tuples(_TEXT, st.integers(1, 99)), max_size=3, unique_by=lambda pair: pair[0]),
    ),
    max_size=5,
)


def written(name: str, rows: list[Row], columns: tuple[Column, ...] = COLUMNS) -> bytes:
    writer = formats()[name].writer(columns)
    try:
        return b"".join([writer.begin(), *(writer.rows([row]) for row in rows), writer.end()])
    finally:
        writer.close()


def test_a_format_is_a_file_and_nothing_else_lists_it() -> None:
    assert set(formats()) == {"csv", "jsonl", "parquet"}


@given(_ROWS)
def test_json_lines_give_back_what_was_written(rows: list[Any]) -> None:
    read = [json.loads(line) for line in written("jsonl", rows).decode().split("\n")[:-1]]
    assert [list(line) for line in read] == [[column.name for column in COLUMNS]] * len(rows)
    for line, row in zip(read, rows, strict=True):
        moment = datetime.fromisoformat(line["time"]) if line["time"] else None
        counts = list(line["counts"].items())
        assert (*(line[name] for name in ("text", "value", "number", "real", "yes")), moment, counts) == row


@given(_ROWS)
def test_csv_gives_back_what_was_written_but_runs_nowhere(rows: list[Any]) -> None:
    data = written("csv", rows)
    assert data.startswith(b"\xef\xbb\xbf")
    header, *read = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header == [column.name for column in COLUMNS]
    for line, row in zip(read, rows, strict=True):
        text, value, number, real, yes, moment, counts = row
        assert line[:2] == [harmless(text), harmless(value or "")]
        assert line[2:5] == [str(number), "" if real is None else str(real), "yes" if yes else "no"]
        assert (datetime.fromisoformat(line[5]) if line[5] else None) == moment
        assert json.loads(line[6]) == dict(counts)
        assert not any(runs(cell) for cell in line)


@settings(max_examples=25)
@given(_ROWS)
def test_parquet_gives_back_what_was_written(rows: list[Any]) -> None:
    frame = pl.read_parquet(io.BytesIO(written("parquet", rows)))
    assert frame.columns == [column.name for column in COLUMNS]
    assert [row[:6] for row in frame.iter_rows()] == [row[:6] for row in rows]
    assert [json.loads(row[6]) for row in frame.iter_rows()] == [dict(row[6]) for row in rows]


def test_an_answer_that_is_no_text_is_json_where_only_text_can_stand() -> None:
    columns, row = (Column("value", Type.VALUE),), ([1, {"x": "ü"}],)
    assert json.loads(written("jsonl", [row], columns)) == {"value": [1, {"x": "ü"}]}
    assert written("csv", [row], columns).decode().splitlines()[1] == '"[1,{""x"":""ü""}]"'
    assert pl.read_parquet(io.BytesIO(written("parquet", [row], columns))).rows() == [('[1,{"x":"ü"}]',)]


def test_parquet_comes_in_row_groups_and_leaves_before_the_end() -> None:
    columns = (Column("number", Type.INTEGER), Column("text", Type.TEXT))
    writer = formats()["parquet"].writer(columns)
    pieces = [writer.rows([(number, f"{number:08d}" * 4)]) for number in range(3 * GROUP + 1)]
    assert sum(map(len, pieces)) > 0
    data = b"".join([*pieces, writer.end()])
    writer.close()
    read = pl.read_parquet(io.BytesIO(data))
    assert read["number"].to_list() == list(range(3 * GROUP + 1))


def test_an_export_that_is_given_up_lets_go_of_its_thread() -> None:
    writer = formats()["parquet"].writer(COLUMNS[:1])
    writer.rows([("a",)] * GROUP)
    writer.close()
    with pytest.raises(RuntimeError, match="given up"):
        writer.rows([("b",)] * GROUP)
