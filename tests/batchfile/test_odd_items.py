"""Items that are nearly what they should be: what a file is is said, and nothing is guessed that does not fit."""

from pathlib import Path

import pytest
import xlsxwriter

from crowd.batchfile import check
from tests.batchfile.files import GOOD_ITEMS, SPEC, checked, only_error, warnings, write


@pytest.mark.parametrize(
    ("data", "language"),
    [
        ("id,text\n1,سلام عليكم\n".encode("windows-1256"), "sw"),
        (b"id,text\n1,\x81\x8d\n", "sw"),
        ("id,text\n1,bei ya m\u2019gomba\n2,".encode() + b"\xe9t\xe9\n", "sw"),
        (b"id,text\n1,\x81\xff\n", "ja"),
    ],
)
def test_no_encoding_is_guessed_that_the_text_does_not_fit(tmp_path: Path, data: bytes, language: str) -> None:
    problem = only_error(checked(tmp_path, data, spec=SPEC.replace("language: sw", f"language: {language}")))
    assert "is not UTF-8" in problem.message
    assert "iconv" not in problem.mend


@pytest.mark.parametrize(("mark", "told"), [(";", "sep=;"), ("|", "SEP=|"), ("\t", "sep=\t"), (",", '"sep=,"')])
def test_a_line_for_excel_names_the_separator_and_is_no_header(tmp_path: Path, mark: str, told: str) -> None:
    result = checked(tmp_path, f"{told}\r\n" + GOOD_ITEMS.replace(",", mark))
    assert result.good, list(result.said())
    assert result.first == {"text": "habari"}
    twice = checked(tmp_path / "twice", f"{told}\n" + GOOD_ITEMS.replace(",", mark).replace("\n4", "\n3"))
    assert (only_error(twice).line, only_error(twice).column) == (6, "id")


@pytest.mark.parametrize(
    ("items", "line", "words"),
    [
        ("", 1, ["is empty"]),
        ("\n \n", 1, ["is empty"]),
        ('[{"id": "1", "text": "a"}]', None, ["one JSON list", "jq -c '.[]' items.jsonl"]),
        ('[\n  {"id": "1", "text": "a"}\n]', None, ["one JSON list", "jq -c '.[]' items.jsonl"]),
        ('{\n  "id": "1",\n  "text": "a"\n}\n', None, ["several lines", "jq -c . items.jsonl"]),
        ('["1", "a"]\n["2", "b"]\n', 1, ["not an object"]),
        ("\nid,text\n1,a\n", 2, ["is not JSON"]),
        ('{"id": "1", "text": "a"}\r{"id": "2", "text": "b"}\r', None, ["carriage returns"]),
    ],
)
def test_what_is_no_json_lines_is_called_what_it_is(
    tmp_path: Path, items: str, line: int | None, words: list[str]
) -> None:
    problem = only_error(checked(tmp_path, items, name="items.jsonl"))
    assert problem.line == line
    for word in words:
        assert word in str(problem)


@pytest.mark.parametrize("column", [0, 2])
def test_a_cell_whose_formula_failed_is_no_empty_cell(tmp_path: Path, column: int) -> None:
    path = write(tmp_path, b"", name="items.xlsx")
    with xlsxwriter.Workbook(tmp_path / "items.xlsx") as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([["id", "text", "gold"], ["1", "a", "good"], ["2", "b"], ["3", "c", "bad"]], 4):
            sheet.write_row(row, column, cells)
        sheet.write_formula(6, column + 2, '=VLOOKUP("x",A1:A2,1)', None, "#N/A")
    problem = only_error(check(path))
    assert (problem.line, problem.column) == (7, "gold")
    assert "holds the error “#N/A”" in problem.message


def test_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, b"", name="items.xlsx")
    with xlsxwriter.Workbook(tmp_path / "items.xlsx") as book:
        book.add_worksheet("Items").write_row(0, 0, ["id", "text"])
        book.add_worksheet("Notes").write_row(0, 0, ["hello"])
    said = warnings(check(path))
    assert any("the first, “Items”, is read" in each and "“Notes”" in each for each in said), said


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("{gold: text}", "“text” is used for text"),
        ("{text: t, gold: t}", "“t” is used for text"),
        ("{text: id}", "“id”"),
    ],
)
def test_a_column_stands_for_one_thing(tmp_path: Path, columns: str, said: str) -> None:
    problem = only_error(checked(tmp_path, "id,text,t\n1,a,b\n", spec=SPEC + f"columns: {columns}\n"))
    assert said in problem.message
    assert (problem.file, problem.line) == ("batch.yaml", 11)


def test_columns_may_change_places(tmp_path: Path) -> None:
    result = checked(tmp_path, "id,text\na,1\n", spec=SPEC + "columns: {id: text, text: id}\n")
    assert result.first == {"text": "a"}


def test_a_gold_that_is_written_otherwise_is_told_what_was_meant(tmp_path: Path) -> None:
    assert "did you mean “good”?" in only_error(checked(tmp_path, "id,text,gold\n1,a,\n2,b,Good\n")).message
