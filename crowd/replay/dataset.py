"""A data set to replay: who said what of which task, and what is known to be true."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SEVERAL = "|"
"""Parts the labels of a truth that has more than one."""


class DatasetError(ValueError):
    """A file is not what a replay needs. Its text is a sentence with the file, the line, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the past."""

    task: str
    worker: str
    label: str
    time_s: float | None
    """How long it took, seconds."""
    submitted_at: datetime | None
    is_gold: bool
    """It was to a gold of the job it comes from."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Answers in the order in which they stand in the file, and what is true of some of their tasks."""

    name: str
    answers: tuple[Answer, ...]
    truth: dict[str, frozenset[str]]
    """Of a task, the labels that are right; a task that is not here has no known truth."""
    again: int
    """Further answers of the same worker to the same task, which were left out."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """In the order in which they are first met."""
        return tuple(dict.fromkeys(answer.task for answer in self.answers))

    @property
    def labels(self) -> tuple[str, ...]:
        """All that was said, or is true of a task that was answered, in alphabetical order; numbers by their size."""
        said = {answer.label for answer in self.answers}
        true = {label for answer in self.answers for label in self.truth.get(answer.task, ())}
        return tuple(sorted(said | true, key=_by_size))


def _by_size(label: str) -> tuple[float, str]:
    try:
        number = float(label)
    except ValueError:
        return math.inf, label
    return (number if math.isfinite(number) else math.inf), label


def read_dataset(answers: Path, truth: Path) -> Dataset:
    """Read `task,worker,label[,time_s,submitted_at,is_gold]` and `task,label`; other columns are left alone.

    Of several answers of one worker to one task the first counts; a task that stands in `truth` more than once has
    all labels that stand there. Raises DatasetError.
    """
    kept: dict[tuple[str, str], Answer] = {}
    again = 0
    for line, row in _rows(answers, ("task", "worker", "label")):
        answer = _answer(answers, line, row)
        if kept.setdefault((answer.task, answer.worker), answer) is not answer:
            again += 1
    if not kept:
        raise DatasetError(f"{answers}: has no answers: give it a line for each under task,worker,label")
    known = _truth(truth)
    if not known:
        raise DatasetError(f"{truth}: says of no task what is true: give it a line for each known one under task,label")
    if not known.keys() & {task for task, _ in kept}:
        raise DatasetError(f"{truth}: is of none of the tasks in {answers.name}: do both name tasks the same way?")
    return Dataset(answers.parent.name or answers.stem, tuple(kept.values()), known, again)


def _truth(path: Path) -> dict[str, frozenset[str]]:
    """Of each task of which something is known, what is true."""
    known: dict[str, frozenset[str]] = {}
    for line, row in _rows(path, ("task", "label")):
        if not row["task"]:
            raise DatasetError(f"{path}:{line}: names no task: fill it in, or take the line out")
        labels = frozenset(label.strip() for label in row["label"].split(SEVERAL) if label.strip())
        if labels:
            known[row["task"]] = known.get(row["task"], frozenset()) | labels
    return known


def _answer(path: Path, line: int, row: dict[str, str]) -> Answer:
    empty = [name for name in ("task", "worker", "label") if not row[name]]
    if empty:
        raise DatasetError(f"{path}:{line}: says no {empty[0]}: fill it in, or take the line out")
    return Answer(
        task=row["task"],
        worker=row["worker"],
        label=row["label"],
        time_s=_seconds(path, line, row.get("time_s", "")),
        submitted_at=_moment(path, line, row.get("submitted_at", "")),
        is_gold=row.get("is_gold", "").lower() in {"1", "true", "yes", "t"},
    )


def _seconds(path: Path, line: int, cell: str) -> float | None:
    try:
        seconds = float(cell) if cell else None
    except ValueError:
        raise DatasetError(f"{path}:{line}: time_s is {cell!r}: write seconds as a number, or nothing") from None
    return seconds if seconds is None or (math.isfinite(seconds) and seconds >= 0) else None


def _moment(path: Path, line: int, cell: str) -> datetime | None:
    if not cell:
        return None
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        for form in ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S"):
            try:
                moment = datetime.strptime(cell, form)  # noqa: DTZ007 (made UTC below)
            except ValueError:
                continue
            break
        else:
            raise DatasetError(
                f"{path}:{line}: submitted_at is {cell!r}: write it as 2026-01-31T12:00:00, or nothing"
            ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines below the first, each with its number and its cells by the names of their columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            columns = [name.strip() for name in next(lines, [])]
            _check_columns(path, columns, needed)
            for cells in lines:
                if any(cell.strip() for cell in cells[len(columns) :]):
                    raise DatasetError(
                        f"{path}:{lines.line_num}: has {len(cells)} cells under {len(columns)} columns: "
                        "put a cell that has a comma in it into double quotes"
                    )
                padded = [cell.strip() for cell in cells] + [""] * len(columns)
                if any(padded):
                    yield lines.line_num, dict(zip(columns, padded, strict=False))
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path}: is no text in UTF-8 ({error.reason}): save it as CSV in UTF-8") from error
    except csv.Error as error:
        raise DatasetError(f"{path}:{lines.line_num}: is no CSV ({error}): look for a double quote too many") from error


def _check_columns(path: Path, columns: list[str], needed: tuple[str, ...]) -> None:
    if not any(columns):
        raise DatasetError(f"{path}: is empty: its first line is {','.join(needed)}")
    has = ", ".join(columns)
    missing = [name for name in needed if name not in columns]
    if missing:
        hint = "" if len(columns) > 1 else "; columns are parted by commas"
        raise DatasetError(f"{path}:1: lacks the column {missing[0]!r}: its columns are {has}{hint}")
    twice = [name for name in needed if columns.count(name) > 1]
    if twice:
        raise DatasetError(f"{path}:1: has the column {twice[0]!r} more than once: its columns are {has}")
