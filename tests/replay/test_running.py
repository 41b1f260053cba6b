"""A data set that goes through `crowd` comes out as a batch that was really worked on."""

import random
from collections.abc import Iterator

import pytest

from crowd.batch import Overlap
from crowd.replay.dataset import Answer, Dataset
from crowd.replay.posting import Setting, golds_of
from crowd.replay.report import Report
from crowd.replay.running import ReplayError, Replaying
from db.database import connected
from tests.crowd.scene import check_books
from tests.database import Server

LABELS = ("cat", "dog", "owl")


@pytest.fixture
def bare(server: Server) -> Iterator[str]:
    with server.fresh_database() as address:
        yield address


def crowd(*, tasks: int = 60, good: int = 8, bad: int = 2, seed: int = 1) -> Dataset:
    """Good workers are right nine times of ten, bad ones guess; each answers every task."""
    luck = random.Random(seed)
    truth = {f"t{number}": luck.choice(LABELS) for number in range(tasks)}
    answers = []
    for worker in range(good + bad):
        for task, right in truth.items():
            knows = worker < good and luck.random() < 0.9
            label = right if knows else luck.choice(LABELS)
            answers.append(Answer(task, f"w{worker}", label, 3.0, None, is_gold=False))
    return Dataset("made", tuple(answers), {task: frozenset({right}) for task, right in truth.items()}, 0)


async def replayed(dsn: str, dataset: Dataset, setting: Setting) -> Report:
    replaying = Replaying(dataset, setting)
    async with connected(dsn, name="test", clock=replaying.now) as database:
        report = await replaying.run(database)
        await check_books(database)
    return report


async def test_with_room_for_all_answers_all_are_used(bare: str) -> None:
    dataset = crowd(tasks=12)
    report = await replayed(bare, dataset, Setting(0, Overlap(least=10, most=10, confidence=0.999), 0))
    assert (report.used, report.answers, report.used_share) == (120, 120, 1.0)
    assert (report.tasks, report.workers, report.labels, report.evaluated) == (12, 10, 3, 12)
    assert report.accuracy == 1.0


async def test_a_confidence_saves_answers(bare: str) -> None:
    report = await replayed(bare, crowd(), Setting(15, Overlap(least=2, most=10, confidence=0.95), 0))
    assert report.used_share < 0.7
    assert report.accuracy > 0.9
    assert report.evaluated == 45, "golds are not measured"
    assert report.gold_answers > 0
    assert report.bad.workers == 2
    assert (report.good.workers, report.good.paused) == (8, 0)


async def test_with_checks_workers_meet_golds_of_their_own_and_the_bad_are_stopped_early(bare: str) -> None:
    report = await replayed(bare, crowd(), Setting(0, Overlap(least=10, most=10), 0, checks=True))
    assert (report.bad.workers, report.bad.paused, report.bad.early) == (2, 2, 2)
    assert (report.good.workers, report.good.paused) == (8, 0)
    assert 3 <= report.golds_each <= 10
    assert report.gold_answers < 0.25 * report.used, "golds grow rare"
    assert report.evaluated == 60, "labels know nothing of the checks"


async def test_the_same_seed_gives_the_same_replay(bare: str, server: Server) -> None:
    setting = Setting(5, Overlap(least=2, most=5, confidence=0.9), 3)
    first = await replayed(bare, crowd(tasks=20), setting)
    with server.fresh_database() as other:
        second = await replayed(other, crowd(tasks=20), setting)
    assert (first.used, first.accuracy) == (second.used, second.accuracy)
    assert first.calibration_error == pytest.approx(second.calibration_error)


async def test_a_data_set_that_makes_no_batch_says_why(bare: str) -> None:
    one = Dataset("one", (Answer("t", "w", "x", None, None, is_gold=False),), {"t": frozenset({"x"})}, 0)
    with pytest.raises(ReplayError, match="one makes no batch"):
        await replayed(bare, one, Setting(0, Overlap(), 0))


def test_golds_of_the_job_itself_come_first_and_only_what_has_one_truth_can_be_one() -> None:
    answers = [Answer(f"t{n}", "w", "x", None, None, is_gold=n in {3, 4}) for n in range(6)]
    truth = {f"t{n}": frozenset({"x"}) for n in range(5)} | {"t4": frozenset({"x", "y"})}
    dataset = Dataset("golds", tuple(answers), truth, 0)
    golds = golds_of(dataset, Setting(2, Overlap(), 0))
    assert "t3" in golds
    assert len(golds) == 2
    assert not golds & {"t4", "t5"}
