"""A data set is read as it is, and what is wrong with it is said with its place."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crowd.replay.dataset import Dataset, DatasetError, read_dataset


def files(folder: Path, answers: str, truth: str) -> tuple[Path, Path]:
    (folder / "answers.csv").write_text(answers, encoding="utf-8")
    (folder / "truth.csv").write_text(truth, encoding="utf-8")
    return folder / "answers.csv", folder / "truth.csv"


def test_answers_truths_times_and_golds_are_read(tmp_path: Path) -> None:
    found = read_dataset(
        *files(
            tmp_path,
            "worker,task,label,time_s,submitted_at,is_gold,country\n"
            "w1,t1,10,2.5,2014-03-01T10:00:00,1,KE\nw2,t1,9,,03/01/2014 11:00:00,,\nw1,t2,9,inf,,false,\n",
            "task,label\nt1,10|9\nt3,9\nt2,\n",
        )
    )
    first, second, third = found.answers
    assert (first.time_s, first.is_gold, first.submitted_at) == (2.5, True, datetime(2014, 3, 1, 10, tzinfo=UTC))
    assert (second.time_s, second.is_gold, second.submitted_at) == (None, False, datetime(2014, 3, 1, 11, tzinfo=UTC))
    assert (third.time_s, third.submitted_at) == (None, None)
    assert found.truth == {"t1": frozenset({"10", "9"}), "t3": frozenset({"9"})}
    assert found.labels == ("9", "10"), "numbers by their size"
    assert found.tasks == ("t1", "t2")


def test_a_mark_at_the_start_spaces_blank_lines_and_crs_are_no_part_of_a_file(tmp_path: Path) -> None:
    answers, truth = files(tmp_path, "", "\ufefftask , label\r\na,x\r\n")
    answers.write_bytes('\ufeff task, worker ,label,\r\n\r\n a , w ," x"\r\n , ,,\r\na,v,y,\r\n'.encode())
    found = read_dataset(answers, truth)
    assert [(answer.task, answer.worker, answer.label) for answer in found.answers] == [
        ("a", "w", "x"),
        ("a", "v", "y"),
    ]
    assert found.truth == {"a": frozenset({"x"})}


def test_what_is_true_of_a_task_may_stand_on_several_lines(tmp_path: Path) -> None:
    found = read_dataset(*files(tmp_path, "task,worker,label\na,w,x\n", "task,label\na,x\na,y|\na,\nb,z\n"))
    assert found.truth == {"a": frozenset({"x", "y"}), "b": frozenset({"z"})}
    assert found.labels == ("x", "y"), "what is true of a task that nobody answered is none of them"


def test_a_worker_answers_a_task_once(tmp_path: Path) -> None:
    found = read_dataset(*files(tmp_path, "task,worker,label\na,w,x\na,w,y\na,v,y\n", "task,label\na,x\n"))
    assert [answer.label for answer in found.answers] == ["x", "y"]
    assert found.again == 1


@pytest.mark.parametrize(
    ("answers", "truth", "words"),
    [
        ("task,who,label\na,w,x\n", "task,label\na,x\n", ["answers.csv:1", "'worker'", "task, who, label"]),
        ("task,worker,label\n", "task,label\na,x\n", ["answers.csv", "no answers"]),
        ("", "task,label\na,x\n", ["answers.csv: is empty", "task,worker,label"]),
        ("task,worker,label\na,w,x\n", "", ["truth.csv: is empty", "task,label"]),
        ("task,worker,label\na,w,x\n", "task,label\na,\n", ["truth.csv: says of no task", "task,label"]),
        ("task,worker,label\na,,x\n", "task,label\na,x\n", ["answers.csv:2: says no worker"]),
        ("task,worker,label\na,w\n", "task,label\na,x\n", ["answers.csv:2: says no label"]),
        ("task,worker,label\na,w,x,y\n", "task,label\na,x\n", ["answers.csv:2", "4 cells under 3", "quotes"]),
        ("task;worker;label\na;w;x\n", "task,label\na,x\n", ["'task'", "task;worker;label", "parted by commas"]),
        ("task,worker,label,label\na,w,x,y\n", "task,label\na,x\n", ["answers.csv:1", "'label'", "more than once"]),
        ('task,worker,label\na,w,"x\nb,w,y\n', "task,label\na,x\n", ["answers.csv:3", "no CSV", "double quote"]),
        ("task,worker,label\na,w,x\n", "task,label\n,x\na,x\n", ["truth.csv:2: names no task"]),
        ("task,worker,label,time_s\na,w,x,long\n", "task,label\na,x\n", ["answers.csv:2", "'long'"]),
        ("task,worker,label,submitted_at\na,w,x,noon\n", "task,label\na,x\n", ["answers.csv:2", "'noon'"]),
        ("task,worker,label\na,w,x\n", "task,label\nb,x\n", ["truth.csv", "none of the tasks"]),
        ("task,worker,label\na,w,x\n", "item,label\na,x\n", ["truth.csv:1", "'task'"]),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, answers: str, truth: str, words: list[str]) -> None:
    with pytest.raises(DatasetError) as caught:
        read_dataset(*files(tmp_path, answers, truth))
    for word in words:
        assert word in str(caught.value)


def test_files_that_are_not_there_or_no_text_are_said(tmp_path: Path) -> None:
    good, _ = files(tmp_path, "task,worker,label\na,w,x\n", "")
    with pytest.raises(DatasetError, match="cannot be read"):
        read_dataset(good, tmp_path / "none.csv")
    (tmp_path / "truth.csv").write_bytes(b"task,label\n\xff\xfe,x\n")
    with pytest.raises(DatasetError, match="UTF-8"):
        read_dataset(good, tmp_path / "truth.csv")


def test_labels_that_are_no_numbers_stand_in_alphabetical_order() -> None:
    empty = Dataset("x", (), {}, 0)
    assert empty.labels == ()


@given(st.binary(max_size=60) | st.text(alphabet='tw|",;\n\r\0\ufeff\u202e1e', max_size=40).map(str.encode))
@example(b"a,w,x,1e999,9999-12-31T23:59:59-14:00,\n")
@example(b'"' + b"a" * 200_000)
def test_whatever_stands_in_a_file_it_is_read_or_refused_with_a_sentence(cells: bytes) -> None:
    with TemporaryDirectory() as folder:
        answers, truth = Path(folder, "answers.csv"), Path(folder, "truth.csv")
        for first in (b"", b"task,worker,label,time_s,submitted_at,is_gold\na,w,x,,,\n"):
            answers.write_bytes(first + cells)
            truth.write_bytes(b"task,label\na,x\n" + cells)
            try:
                read, refusal = len(read_dataset(answers, truth).answers), ""
            except DatasetError as refused:
                read, refusal = 0, str(refused)
            assert read or refusal.startswith(folder)
