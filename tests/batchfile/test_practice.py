"""Rows that are practice: which are taken, what is asked of them, and that they are neither tasks nor golds."""

from pathlib import Path

import pytest

from crowd.batchfile.practicerows import MOST_PRACTICE, PracticeItem
from tests.batchfile.files import GOOD_ITEMS, SPEC, checked, only_error, warnings

HEADER = "id,text,gold,explanation_en,practice\n"
TASKS = "1,habari,,,\n2,nzuri,good,,no\n3,mbaya,bad,,\n4,sijui,,,\n"


@pytest.mark.parametrize("cell", ["yes", "Yes", " TRUE ", "1", "ja"])
def test_a_row_marked_as_practice_is_neither_a_task_nor_a_gold(tmp_path: Path, cell: str) -> None:
    result = checked(tmp_path, HEADER + TASKS + f"5,asante,good,They say thanks,{cell}\n")
    assert result.good, list(result.said())
    assert (result.tasks, result.golds) == (2, 2)
    assert result.practice == (PracticeItem("5", {"text": "asante"}, "good", {"en": "They say thanks"}),)
    assert result.lines is not None
    assert result.lines.count == 4


@pytest.mark.parametrize("cell", ["", "no", "False", "0", "nein"])
def test_a_row_not_marked_is_work(tmp_path: Path, cell: str) -> None:
    result = checked(tmp_path, HEADER + TASKS + f"5,asante,good,They say thanks,{cell}\n")
    assert (result.tasks, result.golds, result.practice) == (2, 3, ())


def test_practice_keeps_the_order_of_the_file(tmp_path: Path) -> None:
    rows = "".join(f"p{n},practice {n},good,why,yes\n" for n in range(MOST_PRACTICE))
    assert [item.key for item in checked(tmp_path, HEADER + TASKS + rows).practice] == [f"p{n}" for n in range(20)]


def test_what_says_neither_yes_nor_no_is_refused(tmp_path: Path) -> None:
    problem = only_error(checked(tmp_path, HEADER + TASKS + "5,asante,good,why,maybe\n"))
    assert (problem.line, problem.column) == (6, "practice")
    assert "“maybe”" in problem.message
    assert "“yes”" in problem.mend


@pytest.mark.parametrize(
    ("items", "line"),
    [
        (HEADER + TASKS + "5,asante,,why,yes\n", 6),
        ("id,text,practice\n1,habari,\n2,asante,yes\n", 3),
    ],
)
def test_practice_without_its_right_answer_is_refused(tmp_path: Path, items: str, line: int) -> None:
    problem = only_error(checked(tmp_path, items))
    assert (problem.line, problem.column) == (line, "gold")


def test_a_right_answer_that_is_none_of_the_options_is_refused_in_practice_too(tmp_path: Path) -> None:
    assert "“godo”" in only_error(checked(tmp_path, HEADER + TASKS + "5,asante,godo,why,yes\n")).message


def test_practice_without_an_explanation_is_a_warning(tmp_path: Path) -> None:
    result = checked(tmp_path, HEADER + TASKS + "5,asante,good,,yes\n6,ahsante,good,,yes\n")
    assert result.good
    assert any("line 6" in said and "practice without an explanation" in said for said in warnings(result))


def test_more_practice_than_anybody_would_do_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"p{n},practice {n},good,why,yes\n" for n in range(MOST_PRACTICE + 1))
    assert "21 practice tasks; 20 at most" in only_error(checked(tmp_path, HEADER + TASKS + rows)).message


def test_practice_alone_is_nothing_to_label(tmp_path: Path) -> None:
    assert "nothing to label" in only_error(checked(tmp_path, HEADER + "5,asante,good,why,yes\n")).message


def test_an_id_stands_once_in_practice_and_work_together(tmp_path: Path) -> None:
    assert "stands on line 2 already" in only_error(checked(tmp_path, HEADER + TASKS + "1,a,good,w,yes\n")).message


def test_what_is_practice_is_part_of_what_was_posted(tmp_path: Path) -> None:
    first = checked(tmp_path / "one", HEADER + TASKS + "5,asante,good,why,yes\n")
    assert checked(tmp_path / "two", HEADER + TASKS + "5,asante,good,other,yes\n").digest != first.digest
    assert checked(tmp_path / "three", HEADER + TASKS).digest != first.digest
    again = "id,text,gold,practice,explanation_en\n1,habari,,,\n2,nzuri,good,,\n3,mbaya,bad,,\n4,sijui,,,\n"
    assert checked(tmp_path / "four", again + "5,asante,good,1,why\n").digest == first.digest


@pytest.mark.parametrize("share", ["0", "1.1", "most"])
def test_the_share_to_be_got_right_is_a_share(tmp_path: Path, share: str) -> None:
    items = HEADER + TASKS + "5,asante,good,why,yes\n"
    assert "practice_pass" in only_error(checked(tmp_path, items, spec=SPEC + f"practice_pass: {share}\n")).message
    assert checked(tmp_path / "good", items, spec=SPEC + "practice_pass: 0.8\n").good


def test_a_share_to_be_got_right_of_no_practice_is_refused(tmp_path: Path) -> None:
    problem = only_error(checked(tmp_path, GOOD_ITEMS, spec=SPEC + "practice_pass: 0.8\n"))
    assert (problem.file, problem.line) == ("batch.yaml", 11)
    assert "no item is marked as practice" in problem.message
