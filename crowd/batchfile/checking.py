"""A batch file and its items, checked from the first line to the last before anything is posted."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crowd.batches.judges import with_judging
from crowd.batches.spec import BatchSpec
from crowd.batchfile.archive import unpack
from crowd.batchfile.budgetcheck import look_at_budget
from crowd.batchfile.canonical import canonical
from crowd.batchfile.layout import PRACTICE, read_layout
from crowd.batchfile.mediafiles import MediaFiles
from crowd.batchfile.practicerows import MOST_PRACTICE, PracticeItem
from crowd.batchfile.problem import PRINTED, FileError, Problem, Problems, Severity, error, listed, shown, warning
from crowd.batchfile.rowcheck import RowCheck
from crowd.batchfile.shuffled import Buckets
from crowd.batchfile.sources import items_path, open_items
from crowd.batchfile.specfile import columns_known, read_spec, spec_for_items
from crowd.batchfile.spokenfiles import with_spoken
from crowd.batchfile.yamltext import LARGEST, Mapping, Scalar, read_yaml
from crowd.fairpay.expected import ExpectedPay
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.money.quote import Quote, quote
from crowd.sentences import say

FEWEST_GOLDS = 20
MOST_ROWS = 2**27
"""Rows of a batch."""

_PROGRESS_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading, or posting, has come."""

    rows: int
    seconds: float


@dataclass(frozen=True)
class Checked:
    """A batch file that was read to its end, or as far as it could be."""

    spec: BatchSpec | None
    problems: tuple[Problem, ...]
    """By line; the first thousand found."""
    errors: int
    """How many there are in all."""
    warnings: int
    """How many there are in all."""
    tasks: int
    """Ordinary ones, without golds."""
    golds: int
    digest: bytes
    """SHA-256 of what the batch says and of its items in their order; formats and file names do not matter."""
    quote: Quote | None
    first: Json
    """The payload of the first ordinary item, None when there is none."""
    first_gold: Json
    """The payload of the first gold, None when there is none."""
    practice: tuple[PracticeItem, ...] = field(repr=False)
    """In the order of the file; they are neither tasks nor golds."""
    lines: Buckets | None = field(repr=False)
    """The tasks, ready to be posted; None when there is an error. They go with this object, or by `close`."""
    columns: tuple[str, ...] = field(repr=False)
    """Of the kind's, those that the items have."""
    files: MediaFiles | None = field(repr=False)
    """What is to be kept of the pictures and sounds that tasks have; None when there is an error."""
    file: str
    """The batch file's name."""
    pay: ExpectedPay | None = None
    """What an hour of it will pay; None until that was looked at (`crowd.fairpay.checking`)."""

    @property
    def good(self) -> bool:
        """Whether it can be posted."""
        return self.errors == 0

    def said(self) -> Iterator[str]:
        """The problems in English, one text each: the first hundred, then how many more there are."""
        yield from map(str, self.problems[:PRINTED])
        more = self.errors + self.warnings - PRINTED
        if more > 0:
            yield f"… and {more:,} more: {self.errors:,} errors and {self.warnings:,} warnings in all."

    def close(self) -> None:
        """Let go of the tasks."""
        if self.lines is not None:
            self.lines.close()
        if self.files is not None:
            self.files.close()


def check(
    path: Path,
    *,
    archive: Path | None = None,
    fee_ppm: int = 0,
    progress: Callable[[Progress], None] | None = None,
) -> Checked:
    """Read a batch file and its items and find all that is wrong with them.

    Bad files raise nothing: what is wrong stands in `problems`. `archive` is a .zip with files that the items name: it
    is unpacked beside the batch file. `fee_ppm` is the house's fee in millionths of
    what workers earn, for the quote. A million rows take some ten seconds, and memory stays below some 500 MB
    whatever the size of the file (workbooks, which are held as a whole, may need more).
    """
    problems = Problems()
    if archive is not None:
        unpack(archive, path.parent, archive.name, problems)
    files = MediaFiles(path.parent)
    try:
        spec, rows = _read(path, files, problems, progress)
    except FileError as stop:
        problems.add(stop.problem)
        spec, rows = None, None
    except BaseException:
        files.close()
        raise
    if rows is None:
        files.close()
    return _checked(path.name, spec, rows, problems, fee_ppm)


def _read(
    path: Path, files: MediaFiles, problems: Problems, progress: Callable[[Progress], None] | None
) -> tuple[BatchSpec | None, RowCheck | None]:
    name = path.name
    tree = read_yaml(_bytes_of(path), name, problems)
    spec = with_spoken(read_spec(tree, name, problems), tree, files, name, problems)
    of_items = spec or spec_for_items(tree)
    if of_items is None or not columns_known(tree, of_items, name, problems):
        return spec, None
    try:
        rows = _read_items(path, tree, of_items, files, problems, progress)
    except FileError as stop:
        problems.add(stop.problem)
        return spec, None
    if rows is None:
        return spec, None
    if spec is None:
        rows.close()
        return None, None
    _look_at_all(spec, rows, problems)
    _look_at_practice(spec, rows, tree, name, problems)
    _look_at_grading(spec, tree, name, problems)
    look_at_budget(tree, spec, name, rows.tasks, rows.golds, problems)
    return spec, rows


def _bytes_of(path: Path) -> bytes:
    mend = say("Give the path of a batch file, such as {path}.", path="examples/tweets-sw/batch.yaml")
    try:
        if not path.is_file():
            what = say("is not a file") if path.exists() else say("is not there")
            raise FileError(error(path.name, None, None, what, mend))
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as failure:
        raise FileError(
            error(path.name, None, None, say("cannot be read: {reason}", reason=str(failure)), mend)
        ) from None


def _read_items(
    path: Path,
    tree: Mapping,
    spec: BatchSpec,
    files: MediaFiles,
    problems: Problems,
    progress: Callable[[Progress], None] | None,
) -> RowCheck | None:
    place = tree.entries["items"].place if isinstance(tree.entries.get("items"), Scalar) else tree.place
    items = items_path(path.parent, spec.items, path.name, place.line, place.column)
    source = open_items(items, spec.items, spec.language, problems)
    try:
        kind = kind_named(spec.kind)
        layout = read_layout(spec, kind, source.names, file=spec.items, problems=problems)
        if layout is None:
            return None
        rows = RowCheck(spec, kind, layout, spec.items, problems, hashlib.sha256(canonical(spec)), files)
        try:
            found = source.rows(layout.wanted)
            _take_all(rows.files.ahead(found, rows.named) if rows.named else found, rows, progress)
        except BaseException:
            rows.close()
            raise
    finally:
        source.close()
    return rows


def _take_all(
    cells_by_line: Iterable[tuple[int, Sequence[str]]], rows: RowCheck, progress: Callable[[Progress], None] | None
) -> None:
    began = time.monotonic()
    number = 0
    for number, (line, cells) in enumerate(cells_by_line, 1):
        rows.take(line, cells)
        if number % _PROGRESS_EVERY == 0:
            if progress:
                progress(Progress(number, time.monotonic() - began))
            if number > MOST_ROWS:
                what = say("has more than {most:,} rows", most=MOST_ROWS)
                raise FileError(error(rows.file, line, None, what, say("Post it in parts.")))
    rows.finish()
    if progress:
        progress(Progress(number, time.monotonic() - began))


def _look_at_all(spec: BatchSpec, rows: RowCheck, problems: Problems) -> None:
    file, golds = spec.items, rows.golds
    if not rows.tasks and not problems.errors:
        mend = say("Add rows with an empty gold: those are what workers are asked about.")
        what = say("has golds only, and nothing to label") if golds else say("has a header and no rows")
        if rows.practice:
            what = say("has practice and golds only, and nothing to label")
        problems.add(error(file, None, None, what, mend))
    if golds < FEWEST_GOLDS and kind_named(spec.kind).has_golds:
        mend = say(
            "Fill in gold on {number} rows or more: the fewer there are, the less labels are checked.",
            number=FEWEST_GOLDS,
        )
        what = say("has {golds} golds", golds=golds) if golds else say("has no golds")
        problems.add(warning(file, None, None, what, mend))
    if golds > rows.tasks:
        mend = say("Answers to golds are paid too, and tell nothing new: take some golds out, or add tasks.")
        what = say("has {golds:,} golds beside {tasks:,} tasks", golds=golds, tasks=rows.tasks)
        problems.add(warning(file, None, None, what, mend))
    missed = [str(answer) for answer in kind_named(spec.kind).possible(spec) if golds and not rows.rights[answer]]
    if missed:
        mend = say("Add golds with them: else nothing shows whether workers know them.")
        problems.add(warning(file, None, None, say("has no gold for {answers}", answers=listed(missed)), mend))


def _look_at_practice(spec: BatchSpec, rows: RowCheck, tree: Mapping, name: str, problems: Problems) -> None:
    if rows.practice_rows > MOST_PRACTICE:
        what = say("has {rows:,} practice tasks; {most} at most", rows=rows.practice_rows, most=MOST_PRACTICE)
        problems.add(error(spec.items, None, None, what, say("Keep those that teach most.")))
    if spec.practice_pass is not None and not rows.practice and not problems.errors:
        place = tree.keys["practice_pass"]
        what = say("{name} asks for practice, and no item is marked as practice", name=shown("practice_pass"))
        mend = say("Mark some items by {code} in the column {column}, or take it out.", code="`yes`", column=PRACTICE)
        problems.add(error(name, place.line, place.column, what, mend))


def _look_at_grading(spec: BatchSpec, tree: Mapping, name: str, problems: Problems) -> None:
    if spec.graded and kind_named(spec.kind).steps(spec) is None:
        place = tree.keys["graded"]
        what = say("{name} asks for answers that can be half right; here they are right or wrong", name=shown("graded"))
        mend = say("Take it out: each answer is paid. Who is wrong too often is paused.")
        problems.add(error(name, place.line, place.column, what, mend))


def _checked(file: str, spec: BatchSpec | None, rows: RowCheck | None, problems: Problems, fee_ppm: int) -> Checked:
    tasks, golds = (rows.tasks, rows.golds) if rows else (0, 0)
    order = {Severity.ERROR: 0, Severity.WARNING: 1}
    found = sorted(problems.kept, key=lambda problem: (order[problem.severity], problem.file, problem.line or 0))
    if rows and problems.errors:
        rows.close()
    cost = with_judging(spec, quote(spec, tasks, golds, fee_ppm=fee_ppm), fee_ppm=fee_ppm) if spec and rows else None
    return Checked(
        file=file,
        spec=spec,
        problems=tuple(found),
        errors=problems.errors,
        warnings=problems.warnings,
        tasks=tasks,
        golds=golds,
        digest=rows.digest.digest() if rows else b"",
        quote=cost,
        first=rows.first if rows else None,
        first_gold=rows.first_gold if rows else None,
        practice=tuple(rows.practice) if rows else (),
        lines=rows.lines if rows else None,
        columns=rows.layout.kind_columns if rows else (),
        files=rows.files if rows and not problems.errors else None,
    )
