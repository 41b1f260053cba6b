"""Files with items: what can be read is read, what cannot is named with its line, and nothing fills the memory."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from crowd.batchfile import check
from tests.batchfile.files import GOOD_ITEMS, SPEC, checked, only_error, warnings, write

MEBIBYTE = 1024 * 1024


@contextmanager
def memory_below(most: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_is_read_whatever_its_separator_and_line_ends(tmp_path: Path, delimiter: str, end: str, mark: str) -> None:
    items = mark + GOOD_ITEMS.replace(",", delimiter).replace("\n", end)
    result = checked(tmp_path, items)
    assert result.good, list(result.said())
    assert (result.tasks, result.golds) == (2, 2)
    assert result.first == {"text": "habari"}
    assert result.first_gold == {"text": "nzuri sana"}


def test_a_quoted_cell_holds_separators_quotes_and_line_breaks(tmp_path: Path) -> None:
    assert checked(tmp_path, 'id,text\n1,"a, ""b""\r\nc"\n').first == {"text": 'a, "b"\nc'}


@pytest.mark.parametrize(
    ("items", "line", "column", "words"),
    [
        ("", 1, None, ["is empty"]),
        ("\n\n", 1, None, ["is empty"]),
        (" \n\t\n  ", 1, None, ["is empty"]),
        ("id,text,gold\n", None, None, ["no rows"]),
        ("id,text,gold\n1,a,good\n", None, None, ["golds only"]),
        ("id,txet\n1,a\n", 1, None, ["no column “text”", "“id”, “txet”", "Did you mean “txet”"]),
        ("\n\nid;txt\n1;a\n", 1, None, ["no column “text”"]),
        ("id,text,text\n1,a,b\n", 1, None, ["more than one column “text”"]),
        ("id,text,gold\n1,a,\n2,b\n3,c,\n", 3, None, ["2 cells", "header has 3"]),
        ('id,text\n1,"a\nb"\n2,c,d\n', 4, None, ["3 cells", "header has 2"]),
        ('id,text\n1,a\n2,"b\n3,c\n4,d\n', 3, None, ["never closed"]),
        ('id,text\n1,a\n2,"b"c\n', 3, None, ["follows a closing quote"]),
        ('id,"text\n1,a\n', 1, None, ["never closed"]),
        ("id,text\n1,a\n2,b\x00c\n", 3, "text", ["U+0000"]),
        ("id,text\n1,a\n2,b\x1b[31mc\n", 3, "text", ["U+001B"]),
        ("id,text\n1,\u200b\u200d\n", 2, "text", ["cannot be seen"]),
        ("id,text\n1, \n", 2, "text", ["is empty"]),
        ("id,text\n ,a\n", 2, "id", ["is empty"]),
        (f"id,text\n{'x' * 201},a\n", 2, "id", ["201 characters"]),
        ('id,text\n"1\n2",a\n', 2, "id", ["U+000A"]),
        (f"id,text\n1,{'x' * 3001}\n", 2, "text", ["3001 characters"]),
        ("id,text,gold\n1,a,\n2,b,ugly\n", 3, "gold", ["“ugly”", "“good”, “bad”"]),
        ("id,text,gold,explanation\n1,a,,\n2,b,bad," + "x" * 1001 + "\n", 3, "explanation", ["1001 characters"]),
        ("id,text\na,1\nb,2\n a ,3\n", 4, "id", ["“a” stands on line 2 already"]),
        ("id,text,explanation,explanation_sw\n1,a,,\n", 1, None, ["both in the batch's language"]),
        (f"id,text\n1,{'x' * 200_000}\n", 2, None, ["131,072 characters"]),
        ("id,text" + "".join(f",c{n}" for n in range(1200)) + "\n", 1, None, ["1,202 columns"]),
    ],
)
def test_what_is_wrong_with_a_csv_is_said_with_its_line_and_column(
    tmp_path: Path, items: str, line: int | None, column: str | None, words: list[str]
) -> None:
    problem = only_error(checked(tmp_path, items))
    assert (problem.file, problem.line, problem.column) == ("items.csv", line, column)
    for word in words:
        assert word in str(problem)


@pytest.mark.parametrize(
    ("encoding", "language", "guess"),
    [
        ("latin-1", "sw", "WINDOWS-1252"),
        ("windows-1256", "ary", "WINDOWS-1256"),
        ("windows-1251", "ru", "WINDOWS-1251"),
        ("utf-16", "sw", "UTF-16"),
        ("utf-16-le", "sw", "UTF-16LE"),
        ("utf-16-be", "sw", "UTF-16BE"),
        ("utf-32", "sw", "UTF-32"),
    ],
)
@pytest.mark.parametrize("name", ["items.csv", "items.jsonl"])
def test_another_encoding_is_refused_with_a_guess_and_a_way_to_convert_it(
    tmp_path: Path, encoding: str, language: str, guess: str, name: str
) -> None:
    word = {"ary": "سلام", "ru": "привет"}.get(language, "pâté")
    if name == "items.csv":
        items = f"id,text\n1,a\n2,bc {word}\n"
    else:
        items = f'{{"id": "1", "text": "a"}}\n\n{{"id": "2", "text": "{word}"}}\n'
    spec = SPEC.replace("language: sw", f"language: {language}")
    problem = only_error(checked(tmp_path, items.encode(encoding), spec=spec, name=name))
    assert f"iconv -f {guess} -t UTF-8 {name}" in problem.mend
    assert problem.line == (1 if "utf" in encoding else 3)


def test_a_file_cut_off_within_a_character_says_so(tmp_path: Path) -> None:
    problem = only_error(checked(tmp_path, b"id,text\n1,a\n2,caf\xc3"))
    assert problem.line == 3
    assert "0xC3" in problem.message
    assert "is cut off" in problem.message


@pytest.mark.parametrize("name", ["items.csv", "items.jsonl"])
@pytest.mark.parametrize("start", [b"", b"id,text\n1,a\n2,", b'{"id": "1", "text": "a"}\n{"id": "2", "text": "'])
def test_a_line_of_a_gigabyte_is_refused_without_reading_it(tmp_path: Path, name: str, start: bytes) -> None:
    path = write(tmp_path, start, name=name)
    with (tmp_path / name).open("r+b") as file:
        file.truncate(1 << 30)
    with memory_below(24 * MEBIBYTE):
        result = check(path)
    assert not result.good


def test_a_quote_that_swallows_a_large_file_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,text\n1,a\n2,"b\n' + 'c","\n' * 2_000_000)
    with memory_below(24 * MEBIBYTE):
        problem = only_error(check(path))
    assert problem.line == 3
    assert "never closed" in problem.message


def test_blank_lines_and_blank_rows_count_as_lines_and_not_as_tasks(tmp_path: Path) -> None:
    result = checked(tmp_path, "\nid,text\n\n1,a\n,\n\n1,b\n")
    assert "“1” stands on line 4 already" in only_error(result).message
    assert only_error(result).line == 7


def test_columns_go_by_the_requesters_names(tmp_path: Path) -> None:
    spec = SPEC + "columns: {id: nummer, text: satz, gold: richtig, explanation_en: grund}\n"
    items = "nummer,satz,richtig,grund\n1,a,,\n2,b,good,because\n"
    assert checked(tmp_path / "one", items, spec=spec).golds == 1
    problem = only_error(checked(tmp_path / "two", items.replace("richtig", "richtich"), spec=spec))
    assert "no column “richtig”" in problem.message
    assert "Did you mean “richtich”" in problem.mend
    wrong = only_error(checked(tmp_path / "three", items.replace(",good,", ",ugly,"), spec=spec))
    assert wrong.column == "richtig"


def test_columns_that_nobody_knows_are_a_warning(tmp_path: Path) -> None:
    result = checked(tmp_path, "id,text,source,golds\n1,a,web,\n")
    assert result.good
    assert any("“source”, “golds”" in said and "“golds” might be “gold”" in said for said in warnings(result))


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("[1, 2]", None, ["not an object"]),
        ('"text"', None, ["not an object"]),
        ('{"id": "2", text: 1}', 13, ["not JSON"]),
        ('{"id": "2", "text": {"sw": "a"}}', "text", ["list or an object"]),
        ('{"id": "2"}', "text", ["is empty"]),
        ('{"id": "2", "text": "a\\u0000"}', "text", ["U+0000"]),
        ('{"id": "2", "text": "\\ud800"}', None, ["not JSON"]),
        ('{"id": "2", "text": ' + "[" * 100_000 + "}", None, ["not JSON"]),
    ],
)
def test_what_is_wrong_with_json_lines_is_said_with_its_line(
    tmp_path: Path, line: str, column: int | str | None, words: list[str]
) -> None:
    items = f'{{"id": "1", "text": "a"}}\n\n{line}\n{{"id": "3", "text": "c"}}\n'
    result = checked(tmp_path, items, name="items.jsonl")
    problem = next(problem for problem in result.problems if problem.severity == "error")
    assert not result.good
    assert problem.line == 3
    if column is not None:
        assert problem.column == column
    for word in words:
        assert word in str(problem)


def test_json_lines_may_leave_out_what_is_empty(tmp_path: Path) -> None:
    items = '\ufeff{"id": 1, "text": "a"}\n{"id": 2, "text": "b", "gold": "good", "explanation_en": "so"}\n'
    result = checked(tmp_path, items, name="items.jsonl")
    assert result.good, list(result.said())
    assert (result.tasks, result.golds) == (1, 1)


def workbook(path: Path, rows: list[list[Any]], *, first_row: int = 0) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows, first_row):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)


def test_a_workbook_is_read_and_its_problems_name_the_row_of_the_sheet(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.xlsx")
    rows: list[list[Any]] = [
        ["id", "text", "gold"],
        [1, "a", None],
        [None, None, None],
        [2, "b", "good"],
        [2, "c", "ugly"],
    ]
    workbook(tmp_path / "items.xlsx", rows[:4], first_row=2)
    good = check(path)
    assert good.good, list(good.said())
    assert (good.tasks, good.golds) == (1, 1)
    workbook(tmp_path / "items.xlsx", rows, first_row=2)
    said = [str(problem) for problem in check(path).problems if problem.severity == "error"]
    assert any("items.xlsx, row 7, column “id”: error: “2” stands on row 6" in each for each in said), said
    assert any("items.xlsx, row 7, column “gold”" in each for each in said), said


def test_a_parquet_file_is_read_in_its_order(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.parquet")
    numbers = range(50_000)
    frame = pl.DataFrame({"id": numbers, "text": [f"t{n}" for n in numbers], "gold": [None] * len(numbers)})
    frame.write_parquet(tmp_path / "items.parquet", row_group_size=7000)
    result = check(path)
    assert result.good, list(result.said())
    assert result.tasks == len(numbers)
    frame.with_columns(text=pl.when(pl.col("id") == 40_000).then(pl.lit("")).otherwise("text")).write_parquet(
        tmp_path / "items.parquet"
    )
    problem = only_error(check(path))
    assert (problem.line, problem.column) == (40_001, "text")
    assert "row 40001" in str(problem)


def test_a_column_of_lists_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.parquet")
    pl.DataFrame({"id": [1], "text": [["a", "b"]]}).write_parquet(tmp_path / "items.parquet")
    assert "holds List" in only_error(check(path)).message


@pytest.mark.parametrize("name", ["items.parquet", "items.xlsx"])
@pytest.mark.parametrize("damage", ["junk", "empty", "cut", "csv", "flipped"])
def test_a_damaged_table_is_a_problem_and_no_crash(tmp_path: Path, name: str, damage: str) -> None:
    path = write(tmp_path, b"", name=name)
    rows: list[list[Any]] = [["id", "text"], *([str(n), f"text {n}"] for n in range(500))]
    if name == "items.xlsx":
        workbook(tmp_path / name, rows)
    else:
        pl.DataFrame(rows[1:], schema=rows[0], orient="row").write_parquet(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    damaged = {
        "junk": b"PAR1" + bytes(range(256)) * 9 + b"PAR1",
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "csv": GOOD_ITEMS.encode(),
        "flipped": whole[:200] + bytes(255 - byte for byte in whole[200:-50]) + whole[-50:],
    }
    (tmp_path / name).write_bytes(damaged[damage])
    problem = only_error(check(path))
    assert "cannot be read as" in problem.message
    assert "CSV" in problem.mend


def test_a_workbook_that_would_fill_the_memory_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.xlsx")
    with xlsxwriter.Workbook(tmp_path / "items.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "text"])
        sheet.write(1_048_575, 16_383, "far away")
    assert "1,048,576 rows and 16,384 columns" in only_error(check(path)).message


def test_a_part_that_lies_about_its_size_is_counted_as_it_unpacks(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.xlsx")
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts,
        parts.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(600):
            part.write(bytes(MEBIBYTE))
    lie = bomb.getvalue().replace(struct.pack("<I", 600 * MEBIBYTE), struct.pack("<I", 10))
    (tmp_path / "items.xlsx").write_bytes(lie)
    with memory_below(24 * MEBIBYTE):
        assert "unpacks to more than 512 MiB" in only_error(check(path)).message


def test_a_parquet_file_with_a_huge_cell_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.parquet")
    rows = 300
    pl.DataFrame({"id": range(rows), "text": pl.Series(["x" * 200_000]).new_from_index(0, rows)}).lazy().sink_parquet(
        tmp_path / "items.parquet"
    )
    assert "text" in str(only_error(check(path)))


def test_a_parquet_file_that_unpacks_to_far_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.parquet")
    pl.select(id=pl.repeat("1", 3_000_000), text=pl.repeat("a", 3_000_000)).write_parquet(tmp_path / "items.parquet")
    assert "claims 3,000,000 rows" in only_error(check(path)).message


def test_a_workbook_packed_in_an_unusual_way_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.xlsx")
    with zipfile.ZipFile(tmp_path / "items.xlsx", "w", zipfile.ZIP_LZMA) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
    assert "packed in a way that workbooks are not" in only_error(check(path)).message


def test_a_workbook_without_cells_is_empty(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.xlsx")
    workbook(tmp_path / "items.xlsx", [])
    assert "is empty" in only_error(check(path)).message
