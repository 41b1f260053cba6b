"""A data set that goes through `crowd` comes out as a batch that was really worked on."""

from collections.abc import Iterator

import pytest

from crowd.batches.spec import Overlap
from crowd.replay.dataset import Answer, Dataset, DatasetError
from crowd.replay.posting import Setting, golds_of
from crowd.replay.report import Report
from crowd.replay.running import Replaying
from db.database import connected
from tests.crowd.scene import check_books
from tests.database import Server
from tests.replay.crowds import crowd


@pytest.fixture
def bare(server: Server) -> Iterator[str]:
    with server.fresh_database() as address:
        yield address


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


async def test_one_label_or_too_many_make_no_choice_and_that_is_said(bare: str) -> None:
    one = Dataset("one", (said("t", "w", "x"),), {"t": frozenset({"x"})}, 0)
    with pytest.raises(DatasetError, match="one has one label, “x”"):
        await replayed(bare, one, Setting(0, Overlap(), 0))
    many = Dataset("many", tuple(said("t", f"w{n}", f"l{n}") for n in range(21)), {"t": frozenset({"l1"})}, 0)
    with pytest.raises(DatasetError, match=r"many has 21 labels .* 20 at most: put rare ones together"):
        await replayed(bare, many, Setting(0, Overlap(), 0))


async def test_a_label_that_nobody_gave_is_an_option_and_may_be_a_golds(bare: str) -> None:
    """Everybody said x; what is true of a half of the tasks is y."""
    answers = tuple(said(f"t{task}", f"w{worker}", "x") for task in range(8) for worker in range(3))
    dataset = Dataset("unsaid", answers, {f"t{task}": frozenset({"xy"[task % 2]}) for task in range(8)}, 0)
    report = await replayed(bare, dataset, Setting(4, Overlap(least=3, most=3, confidence=0.99), 0))
    assert (report.labels, report.used, report.golds, report.gold_answers) == (2, 24, 4, 12)
    assert report.evaluated == 4


async def test_tasks_workers_and_labels_may_be_called_anything(bare: str) -> None:
    labels = (
        "=1+1",
        "Yes",
        "yes",
        "null",
        "-1",
        "بله",
        "\u202eabc",
        "x" * 300,
        "x" * 299 + "y",
        "a\nb",
        "👍🏽",
        "1.0",
        "1",
    )
    tasks = (
        "\n",
        "a\x00b",
        "\u202eflip",
        "y" * 4096,
        "y" * 4096 + "z",
        "👩‍👩‍👧",
        "سؤال",
        "<b>&",
        "id",
        "0",
        "00",
        "'",
        "1",
    )
    answers = tuple(
        said(task, f"{worker}\n\u202e👤", label)
        for task, label in zip(tasks, labels, strict=True)
        for worker in range(3)
    )
    truth = {task: frozenset({label}) for task, label in zip(tasks, labels, strict=True)}
    report = await replayed(bare, Dataset("o\ndd", answers, truth, 0), Setting(0, Overlap(least=3, most=3), 0))
    assert (report.tasks, report.labels, report.used, report.accuracy) == (13, 13, 39, 1.0)


async def test_golds_leave_half_of_what_is_known_to_measure_by(bare: str) -> None:
    report = await replayed(bare, crowd(tasks=9, good=3, bad=0), Setting(100, Overlap(least=3, most=3), 0))
    assert (report.golds, report.evaluated) == (4, 5)


async def test_an_answer_that_took_ages_and_one_without_a_time_are_answers(bare: str) -> None:
    answers = tuple(
        Answer("t", f"w{n}", "xy"[n % 2], took, None, is_gold=False) for n, took in enumerate((1e300, None))
    )
    report = await replayed(bare, Dataset("ages", answers, {"t": frozenset({"x", "y"})}, 0), Setting(0, Overlap(), 0))
    assert (report.used, report.accuracy) == (2, 1.0)


def said(task: str, worker: str, label: str) -> Answer:
    return Answer(task, worker, label, None, None, is_gold=False)


def test_golds_of_the_job_itself_come_first_and_only_what_has_one_truth_can_be_one() -> None:
    answers = [Answer(f"t{n}", "w", "x", None, None, is_gold=n in {3, 4}) for n in range(6)]
    truth = {f"t{n}": frozenset({"x"}) for n in range(5)} | {"t4": frozenset({"x", "y"})}
    dataset = Dataset("golds", tuple(answers), truth, 0)
    golds = golds_of(dataset, Setting(2, Overlap(), 0))
    assert "t3" in golds
    assert len(golds) == 2
    assert not golds & {"t4", "t5"}
