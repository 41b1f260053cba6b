"""`kazi replay`: what Kazi would have made of real answers of the past, and at what cost."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from kazi.connection import fail, write_text

if TYPE_CHECKING:
    from crowd.replay.dataset import Dataset
    from crowd.replay.posting import Setting
    from crowd.replay.report import Report

_ANSWERS = "answers.csv"
_TRUTH = "truth.csv"


def replay(
    answers: Annotated[
        Path | None, typer.Argument(help="CSV: task,worker,label[,time_s,submitted_at,is_gold]", show_default=False)
    ] = None,
    truth: Annotated[Path | None, typer.Argument(help="CSV: task,label; a|b where several are right")] = None,
    every: Annotated[
        Path | None,
        typer.Option("--all", help=f"a folder of folders, each with {_ANSWERS} and {_TRUTH}", show_default=False),
    ] = None,
    golds: Annotated[int, typer.Option(help="so many tasks of known truth are golds", min=0)] = 0,
    least: Annotated[int, typer.Option(help="answers of a task at least", min=1, max=20)] = 1,
    most: Annotated[int, typer.Option(help="answers of a task at most", min=1, max=20)] = 20,
    confidence: Annotated[float, typer.Option(help="a task is settled when its label is this sure")] = 0.95,
    checks: Annotated[
        bool, typer.Option("--checks", help="workers also meet tasks of known truth as golds, when hand-out wants one")
    ] = False,
    seed: Annotated[int, typer.Option(help="of the choice of golds, and of an unknown order of answers")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts: one object for each data set")] = False,
) -> None:
    """Post data sets as batches, give their answers again, and report how good the labels are and what they cost.

    A database of its own is made for it, and forgotten afterwards.
    """
    from pydantic import TypeAdapter

    from crowd.batch import Overlap
    from crowd.replay.dataset import DatasetError
    from crowd.replay.posting import Setting
    from crowd.replay.report import Report
    from crowd.replay.running import ReplayError

    if not 0 < confidence < 1:
        fail(f"--confidence is {confidence}: it lies between 0 and 1")
    setting = Setting(golds, Overlap(least=min(least, most), most=most, confidence=confidence), seed, checks)
    try:
        reports = [_replayed(*files, setting) for files in _files(answers, truth, every)]
    except (DatasetError, ReplayError) as error:
        fail(str(error))
    if as_json:
        write_text(TypeAdapter(list[Report]).dump_json(reports, indent=2).decode())
        return
    from rich.console import Console

    from kazi.drawings import replays

    Console(highlight=False).print(replays(reports))


def _files(answers: Path | None, truth: Path | None, every: Path | None) -> list[tuple[Path, Path]]:
    if every is None:
        if answers is None or truth is None:
            fail("name a file of answers and one of truths, or a folder of such folders with --all")
        return [(answers, truth)]
    found = [(path, path.with_name(_TRUTH)) for path in sorted(every.glob(f"*/{_ANSWERS}"))]
    if not found:
        fail(f"{every} has no folders with {_ANSWERS} and {_TRUTH} in them")
    return found


def _replayed(answers: Path, truth: Path, setting: "Setting") -> "Report":
    from crowd.replay.dataset import read_dataset

    dataset = read_dataset(answers, truth)
    with _database() as dsn:
        return asyncio.run(_run(dsn, dataset, setting))


@contextmanager
def _database() -> Iterator[str]:
    from db import embedded
    from db.migrate import upgrade

    with TemporaryDirectory(prefix="kazi-replay-") as folder:
        Path(folder).chmod(0o711)  # the server may run as another user
        server = embedded.start(Path(folder) / "postgres", durable=False)
        try:
            upgrade(server.dsn)
            yield server.dsn
        finally:
            server.stop()


async def _run(dsn: str, dataset: "Dataset", setting: "Setting") -> "Report":
    from crowd.batchfile import Progress
    from crowd.replay.running import Replaying
    from db.database import connected
    from kazi.progress import bar

    replaying = Replaying(dataset, setting)
    async with connected(dsn, name="replay", clock=replaying.now) as database:
        with bar(dataset.name, len(dataset.answers)) as moved:
            return await replaying.run(database, lambda count: moved(Progress(count, 0)))
