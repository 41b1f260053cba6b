"""A replay by taps comes to the same as one that goes straight into the rules."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from crowd.batches.spec import Overlap
from crowd.replay.dataset import Dataset
from crowd.replay.posting import Setting
from crowd.replay.report import Report
from crowd.replay.running import Replaying
from crowd.replay.straight import Straight
from crowd.replay.way import Way
from db.database import connected
from kazi.demo.processes import ProcessEndedError
from kazi.replaying.chat import Chat
from kazi.replaying.house import House, running_bot
from kazi.replaying.phone import phones_of
from tests.crowd.scene import check_books
from tests.database import Server
from tests.replay.crowds import crowd

SETTING = Setting(6, Overlap(least=2, most=5, confidence=0.9), 0)


@asynccontextmanager
async def chat(server: Server, folder: Path) -> AsyncIterator[tuple[str, House, Chat]]:
    with server.fresh_database() as dsn, running_bot(folder, dsn) as house:
        async with phones_of(house.sandbox) as phones:
            yield dsn, house, Chat(phones)


@dataclass(frozen=True)
class Replayed:
    """What a replay came to."""

    report: Report
    answers: dict[tuple[str, str], tuple[str, float | None]]
    """What was recorded, by the keys of tasks and the names of workers, with its verdict."""
    labels: dict[str, tuple[str | None, bool, int]]
    """By the keys of tasks: the label, whether it is settled, and how many answers there are."""


async def replayed(dsn: str, dataset: Dataset, way: Way) -> Replayed:
    replaying = Replaying(dataset, SETTING, way)
    async with connected(dsn, name="test", clock=replaying.now) as database:
        told: list[int] = []
        report = await replaying.run(database, told.append)
        assert told[-1] == len(dataset.answers)
        await check_books(database)
        async with database.reading() as tx:
            said = await tx.rows(
                "SELECT t.key, a.worker_id, a.value, a.verdict FROM answer a JOIN task t ON t.id = a.task_id"
            )
            tasks = await tx.rows("SELECT key, label, settled_at IS NOT NULL AS settled, answers FROM task")
    people = {worker_id: name for name, worker_id in way.people.items()}
    answers = {(row["key"], people[row["worker_id"]]): (row["value"], row["verdict"]) for row in said}
    assert len(answers) == len(said), "a worker answers a task once"
    return Replayed(report, answers, {row["key"]: (row["label"], row["settled"], row["answers"]) for row in tasks})


async def test_both_ways_ask_for_the_same_answers_and_come_to_the_same_labels(server: Server, tmp_path: Path) -> None:
    dataset = crowd(tasks=30, good=6, bad=2)
    with server.fresh_database() as dsn:
        straight = await replayed(dsn, dataset, Straight())
    async with chat(server, tmp_path) as (dsn, _, way):
        tapped = await replayed(dsn, dataset, way)
    report = straight.report
    assert report.used < report.answers, "some were left out"
    assert report.gold_answers > 0
    assert tapped.answers == straight.answers
    assert tapped.labels == straight.labels
    error = tapped.report.calibration_error
    assert error == pytest.approx(report.calibration_error)
    assert tapped.report == replace(report, through="chat", seconds=tapped.report.seconds, calibration_error=error)
    said = {(answer.task, answer.worker): answer.label for answer in dataset.answers}
    for (key, worker), (value, _) in tapped.answers.items():
        assert said[dataset.tasks[int(key)], worker] == dataset.labels[int(value)], "what was said in the past"


async def test_a_bot_that_ends_in_the_middle_ends_the_replay_with_its_last_words(
    server: Server, tmp_path: Path
) -> None:
    async with chat(server, tmp_path) as (dsn, house, way):
        replaying = Replaying(crowd(), SETTING, way)
        (bot,) = [child for child in psutil.Process().children() if child.cmdline()[-2:] == ["kazi", "bot"]]

        async def work() -> None:
            async with connected(dsn, name="test", clock=replaying.now) as database:
                await replaying.run(database, lambda count: bot.kill() if count == 20 else None)

        with pytest.raises(ProcessEndedError, match="bot ended with code"):
            async with asyncio.timeout(20):
                await house.meanwhile(work())
