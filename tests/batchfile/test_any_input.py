"""Whatever a requester's files hold, a check answers with problems and never falls over."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crowd.batchfile import check
from tests.batchfile.files import GOOD_ITEMS, SPEC, write

NAMES = ("items.csv", "items.jsonl", "items.parquet", "items.xlsx")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("batch")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A good file of each format."""
    made = tmp_path_factory.mktemp("whole")
    rows = list(csv.reader(io.StringIO(GOOD_ITEMS)))
    frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row")
    frame.write_ndjson(made / "items.jsonl")
    frame.write_parquet(made / "items.parquet")
    frame.write_excel(made / "items.xlsx")
    frame.write_csv(made / "items.csv")
    return {name: (made / name).read_bytes() for name in NAMES}


def judged(path: Path) -> bool:
    result = check(path)
    assert result.good == (result.errors == 0)
    assert (result.lines is None) == (not result.good)
    assert result.good or any(problem.severity == "error" for problem in result.problems)
    for problem in result.problems:
        assert str(problem)
        assert problem.mend
        assert problem.line is None or problem.line > 0
    result.close()
    return result.good


@given(st.binary(max_size=300), st.sampled_from(NAMES))
@settings(deadline=None)
def test_random_bytes_for_items_are_no_batch_and_no_crash(folder: Path, data: bytes, name: str) -> None:
    judged(write(folder, data, name=name))


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(deadline=None)
@example(b"a: b: c")
@example(b"? ")
@example(b"%YAML 9.9\n---\na")
def test_random_bytes_for_a_batch_file_are_no_batch_and_no_crash(folder: Path, data: bytes) -> None:
    path = write(folder)
    path.write_bytes(data)
    assert not judged(path)


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[float, int, bytes]]:
    """Where, how many bytes go, what comes instead."""
    piece = st.binary(max_size=4) | st.sampled_from([b'"', b",", b"\n", b"\x00", b"\xff", b": ", b"- ", b"{", b"\t"])
    return draw(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 8), piece), min_size=1, max_size=4))


def mutated(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for where, gone, instead in changes:
        at = int(where * len(data))
        data = data[:at] + instead + data[at + gone :]
    return data


@given(mutations(), st.sampled_from(NAMES))
@settings(deadline=None, max_examples=200)
def test_damaged_items_are_judged(
    folder: Path, whole: dict[str, bytes], changes: list[tuple[float, int, bytes]], name: str
) -> None:
    judged(write(folder, mutated(whole[name], changes), name=name))


@given(mutations())
@settings(deadline=None, max_examples=200)
@example([(0.78125, 3, b"")])  # a label in a language that is none, and with no words
def test_a_damaged_batch_file_is_judged(folder: Path, changes: list[tuple[float, int, bytes]]) -> None:
    path = write(folder)
    path.write_bytes(mutated(SPEC.encode(), changes))
    judged(path)


@given(st.text(st.characters(categories=["Cc", "Cf", "Zs", "Zl", "Zp", "Lo", "Nd"]), max_size=20))
@settings(deadline=None)
@example("\x00")
def test_words_of_any_characters_are_taken_only_when_they_can_be_stored(folder: Path, words: str) -> None:
    quoted = '"' + "".join(f"\\U{ord(c):08X}" for c in words) + '"'
    for old in ("Feelings", "Choose the feeling", "Good", "good", "sw"):
        path = write(folder, "id,text\n1,a\n", spec=SPEC.replace(old, quoted, 1))
        if judged(path):
            assert "\0" not in words


def tables() -> st.SearchStrategy[list[list[str]]]:
    cell = st.text(max_size=12) | st.sampled_from(["id", "text", "gold", "good", "1", "", "explanation_en"])
    return st.lists(st.lists(cell, max_size=5), max_size=6)


def formats(table: list[list[str]]) -> Iterator[tuple[str, bytes]]:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    yield "items.csv", text.getvalue().encode("utf-8", "surrogatepass")
    rows = [dict(zip(table[0], row, strict=False)) for row in table[1:]] if table else []
    yield "items.jsonl", "\n".join(map(repr, rows)).replace("'", '"').encode("utf-8", "surrogatepass")


@given(tables())
@settings(deadline=None)
def test_random_tables_are_judged(folder: Path, table: list[list[str]]) -> None:
    for name, data in formats(table):
        judged(write(folder, data, name=name))
