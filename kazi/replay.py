"""`kazi replay`: what Kazi would have made of real answers of the past, and at what cost."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kazi.connection import complain, fail, write_text
from kazi.ending import Ending, ending_in_order

if TYPE_CHECKING:
    from crowd.replay.dataset import Dataset
    from crowd.replay.posting import Setting
    from crowd.replay.report import Report
    from crowd.replay.way import Way

_ANSWERS = "answers.csv"
_TRUTH = "truth.csv"


class Through(StrEnum):
    """Which way answers are given again."""

    CROWD = "crowd"
    CHAT = "chat"


def replay(
    answers: Annotated[
        Path | None, typer.Argument(help="CSV: task,worker,label[,time_s,submitted_at,is_gold]", show_default=False)
    ] = None,
    truth: Annotated[Path | None, typer.Argument(help="CSV: task,label; a|b where several are right")] = None,
    every: Annotated[
        Path | None,
        typer.Option("--all", help=f"a folder of folders, each with {_ANSWERS} and {_TRUTH}", show_default=False),
    ] = None,
    golds: Annotated[int, typer.Option(help="so many tasks of known truth are golds, at most half of them", min=0)] = 0,
    through: Annotated[
        list[Through],
        typer.Option(help="straight into the rules, or by taps through a sandbox and a bot; give it twice for both"),
    ] = [Through.CROWD],  # noqa: B006 (typer reads it, nobody changes it)
    least: Annotated[int, typer.Option(help="answers of a task at least", min=1, max=20)] = 2,
    most: Annotated[int, typer.Option(help="answers of a task at most", min=1, max=20)] = 20,
    confidence: Annotated[
        float | None,
        typer.Option(help="a task is settled when its label is this sure; without it, when an answer tells too little"),
    ] = None,
    checks: Annotated[
        bool, typer.Option("--checks", help="workers also meet tasks of known truth as golds, when hand-out wants one")
    ] = False,
    seed: Annotated[int, typer.Option(help="of the choice of golds, and of an unknown order of answers")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts: one object for each data set and way")] = False,
) -> None:
    """Post data sets as batches, give their answers again, and report how good the labels are and what they cost.

    A database of its own is made for it, and forgotten afterwards.
    """
    from pydantic import TypeAdapter

    from crowd.batches.spec import Overlap
    from crowd.replay.posting import Setting
    from crowd.replay.report import Report

    if confidence is not None and not 0 < confidence < 1:
        fail(f"--confidence is {confidence}: it lies between 0 and 1")
    setting = Setting(golds, Overlap(least=min(least, most), most=most, confidence=confidence), seed, checks)
    found, ways = _files(answers, truth, every), list(dict.fromkeys(through))
    try:
        with ending_in_order() as ending:
            reports = list(_reports(found, ways, setting, ending))
    except KeyboardInterrupt:
        fail("stopped, and nothing of it is kept")
    if as_json:
        write_text(TypeAdapter(list[Report]).dump_json(reports, indent=2).decode())
    elif reports:
        from rich.console import Console

        from kazi.drawings import replays

        console = Console(highlight=False)
        if not console.is_terminal:  # into a file or another program: as wide as it needs to be
            console.width = 200
        console.print(replays(reports))
    if len(reports) < len(found) * len(ways):
        raise typer.Exit(1)


def _files(answers: Path | None, truth: Path | None, every: Path | None) -> list[tuple[Path, Path]]:
    if every is None:
        if answers is None or truth is None:
            fail("name a file of answers and one of truths, or a folder of such folders with --all")
        return [(answers, truth)]
    if answers is not None:
        fail(f"name either files or a folder with --all, not {answers} beside {every}")
    found = [(path, path.with_name(_TRUTH)) for path in sorted(every.glob(f"*/{_ANSWERS}"))]
    if not found:
        fail(f"{every} has no folders with {_ANSWERS} and {_TRUTH} in them")
    return found


def _reports(
    found: list[tuple[Path, Path]], ways: list[Through], setting: "Setting", ending: Ending
) -> Iterator["Report"]:
    """The reports of all data sets that can be replayed; of each other one, why it cannot is said at once."""
    from crowd.replay.dataset import DatasetError, read_dataset
    from crowd.replay.way import ReplayError
    from db.embedded import EmbeddedError
    from kazi.demo.processes import ProcessEndedError

    for files in found:
        for way in ways:
            try:
                yield _replayed(read_dataset(*files), setting, way, ending)
            except DatasetError as error:
                complain(str(error))
                break
            except (ReplayError, ProcessEndedError, EmbeddedError, OSError) as error:
                complain(f"{files[0].parent.name} through {way}: {error}")


def _replayed(dataset: "Dataset", setting: "Setting", way: Through, ending: Ending) -> "Report":
    from rich.console import Console

    from crowd.replay.straight import Straight
    from kazi.replaying.house import running_bot, running_database

    console = Console(stderr=True)
    with ExitStack() as running:
        with console.status("Starting a database …"):
            folder, dsn = running.enter_context(running_database())
        if way is Through.CROWD:
            return ending.run(_run(dsn, dataset, setting, Straight()))
        with console.status("Starting a sandbox and a bot …"):
            house = running.enter_context(running_bot(folder, dsn))
        return ending.run(house.meanwhile(_tapped(house.sandbox, dsn, dataset, setting)))


async def _tapped(sandbox: str, dsn: str, dataset: "Dataset", setting: "Setting") -> "Report":
    from kazi.replaying.chat import Chat
    from kazi.replaying.phone import phones_of

    async with phones_of(sandbox) as phones:
        return await _run(dsn, dataset, setting, Chat(phones))


async def _run(dsn: str, dataset: "Dataset", setting: "Setting", way: "Way") -> "Report":
    from crowd.batchfile import Progress
    from crowd.replay.running import Replaying
    from db.database import connected
    from kazi.progress import bar

    replaying = Replaying(dataset, setting, way)
    async with connected(dsn, name="replay", clock=replaying.now) as database:
        with bar(f"{dataset.name} through {way.name}", len(dataset.answers)) as moved:
            began = time.monotonic()
            return await replaying.run(database, lambda count: moved(Progress(count, time.monotonic() - began)))
