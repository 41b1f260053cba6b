"""The agreement in a batch is measured from all its answers, and its contested tasks are found."""

from pathlib import Path

import krippendorff
import numpy as np
import pytest

from crowd.agreement import measuring
from crowd.agreement.measuring import agreement_of, measure_due
from crowd.batches.life import State, set_state
from crowd.labels.contested import case_of, contested
from crowd.labels.fitting import bring_up_to_date
from crowd.loop.answering import DontKnow
from crowd.loop.handing import Given
from crowd.loop.leases import Way
from db.database import Database
from tests.crowd.scene import Batch, Worker, people

GOOD, BAD, NEITHER = 0, 1, 2
Says = dict[int, dict[str, int | str | DontKnow]]
"""By worker id and the end of the item's text."""


async def everybody(batch: Batch, crew: list[Worker], says: Says, otherwise: int | str = GOOD) -> None:
    """Each worker answers all they are given."""
    for worker in crew:
        got = await batch.next(worker)
        while isinstance(got, Given):
            text = str(got.payload["text"]).rpartition(" ")[2]
            got = (await batch.accepted(worker, got.lease_id, says.get(worker.id, {}).get(text, otherwise))).next


async def keys(batch: Batch) -> list[str]:
    async with batch.database.reading() as tx:
        return [case.key for case in (await contested(tx, batch.id, limit=1000)).cases]


async def test_it_is_what_the_package_says_of_the_same_answers(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40, golds=6, overlap={"least": 3, "most": 3})
    crew = await people(database, 5)
    luck = np.random.default_rng(5)
    sayings: tuple[int | DontKnow, ...] = (BAD, NEITHER, DontKnow.DONT_KNOW)
    odd: Says = {
        worker.id: {str(task): sayings[int(luck.integers(0, 3))] for task in range(40) if luck.random() < 0.35}
        for worker in crew
    }
    await everybody(batch, crew, odd)
    found = await agreement_of(database, batch.id)
    async with database.reading() as tx:
        rows = await tx.rows(
            "SELECT a.task_id, a.worker_id, a.value FROM answer a JOIN task t ON t.id = a.task_id "
            "WHERE a.batch_id = $1 AND t.gold IS NULL AND a.value IS NOT NULL",
            batch.id,
        )
    number = {value: at for at, value in enumerate(("good", "bad", "neither"))}
    tasks = sorted({row["task_id"] for row in rows})
    table = np.full((len(crew), len(tasks)), np.nan)
    for row in rows:
        worker = [each.id for each in crew].index(row["worker_id"])
        table[worker, tasks.index(row["task_id"])] = number[row["value"]]
    expected = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    figures = found.figures
    assert figures.alpha == pytest.approx(expected, abs=5e-5)
    assert figures.low is not None
    assert figures.alpha is not None
    assert figures.high is not None
    assert figures.low < figures.alpha < figures.high
    said = sum(option.answers + option.dont_know for option in figures.options)
    assert said == await batch.value(
        "SELECT sum(n) FROM (SELECT count(*) AS n FROM answer WHERE batch_id = $1 GROUP BY task_id) each WHERE n > 1",
        batch.id,
    )


async def test_the_most_contested_tasks_come_first_and_agreed_ones_not_at_all(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=8, golds=2, overlap={"least": 3, "most": 3, "confidence": 0.5})
    one, two, three, four = await people(database, 4)
    task = await batch.given(four, seed=2)  # by that luck no gold
    await batch.pass_on(four, task.lease_id, Way.SKIPPED)
    says: Says = {one.id: {"2": BAD, "5": BAD}, two.id: {"5": NEITHER}}
    await everybody(batch, [one, two, three], says)
    await agreement_of(database, batch.id)
    assert await keys(batch) == ["t5", "t2"]
    async with database.reading() as tx:
        case = await case_of(tx, batch.id, task.task_id)
        first = (await contested(tx, batch.id, limit=1)).cases[0]
        page = await contested(tx, batch.id, start=1, limit=1)
    assert case is not None
    assert [(each.pseudonym, each.way, each.reason) for each in case.passed] == [(four.pseudonym, "skipped", "unclear")]
    assert sorted(first.split) == [("bad", 1), ("good", 1), ("neither", 1)]
    assert {(said.pseudonym, said.value) for said in first.said} == {
        (one.pseudonym, "bad"), (two.pseudonym, "neither"), (three.pseudonym, "good")
    }  # fmt: skip
    assert ([each.key for each in page.cases], page.total, page.more) == (["t2"], 2, None)


async def test_what_is_still_answered_is_contested_only_when_the_batch_is_closed(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3, overlap={"least": 3, "most": 3})
    one, two = await people(database, 2)
    await everybody(batch, [one, two], {one.id: {"1": BAD}})
    await agreement_of(database, batch.id)
    assert await keys(batch) == []
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    await agreement_of(database, batch.id)
    assert (await keys(batch))[0] == "t1"


async def test_reported_items_are_among_the_contested(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 1, "most": 1})
    for worker in await people(database, 2):
        await batch.pass_on(worker, (await batch.given(worker)).lease_id, Way.REPORTED)
    (done,) = await people(database, 1)
    assert not isinstance(await batch.next(done), Given)
    figures = (await agreement_of(database, batch.id)).figures
    assert (figures.alpha, figures.tasks) == (None, 0)
    assert await keys(batch) == ["t0"]


async def test_a_task_of_which_nobody_knows_anything_is_in_full_doubt(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=2, overlap={"least": 2, "most": 2}, dont_know=True)
    one, two = await people(database, 2)
    await everybody(batch, [one, two], {each.id: {"1": DontKnow.DONT_KNOW} for each in (one, two)})
    figures = (await agreement_of(database, batch.id)).figures
    assert (figures.tasks, sum(option.tasks for option in figures.options)) == (1, 1)
    assert (await keys(batch))[0] == "t1"


async def test_an_untouched_batch_has_figures_that_say_nothing(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=2)
    found = await agreement_of(database, batch.id)
    assert (found.figures.alpha, found.answers, len(found.figures.options)) == (None, 0, 3)
    assert await keys(batch) == []


async def test_written_answers_have_a_figure_of_their_own(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(
        database, tmp_path, tasks=12, kind="text", options=None, dont_know=None, overlap={"least": 2, "most": 2}
    )
    one, two = await people(database, 2)
    same: dict[str, int | str | DontKnow] = {str(task): f"{chr(97 + task) * 9} {task}" for task in range(12)}
    await everybody(batch, [one, two], {one.id: same, two.id: {**same, "3": "something else altogether"}})
    found = (await agreement_of(database, batch.id)).figures
    assert found.alpha is not None
    assert 0.8 < found.alpha < 1
    assert (found.tasks, found.options, found.sampled) == (12, (), False)
    await bring_up_to_date(database, batch.id)  # who writes well is known then: those who agree are believed
    await agreement_of(database, batch.id)
    assert await keys(batch) == ["t3"]


async def test_long_texts_are_compared_on_a_sample_and_that_is_said(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = await Batch.post(
        database, tmp_path, tasks=6, kind="text", options=None, dont_know=None, overlap={"least": 2, "most": 2}
    )
    await everybody(batch, await people(database, 2), {}, "the same")
    monkeypatch.setattr(measuring, "_SAMPLE_CHARACTERS", 40)
    found = (await agreement_of(database, batch.id)).figures
    assert (found.tasks, found.sampled) == (2, True)
    assert found.alpha is None, "nobody ever said anything else"


async def test_it_is_measured_anew_only_when_something_changed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=30, overlap={"least": 2, "most": 2})
    one, two = await people(database, 2)
    await everybody(batch, [one], {})
    first = await agreement_of(database, batch.id)
    counted: list[int] = []
    measure = measuring._measure

    async def counting(of: Database, batch_id: int) -> measuring.Agreement:
        counted.append(batch_id)
        return await measure(of, batch_id)

    monkeypatch.setattr(measuring, "_measure", counting)
    assert await agreement_of(database, batch.id) == first
    assert counted == []
    task = await batch.given(two)
    await batch.accepted(two, task.lease_id, BAD)
    monkeypatch.setattr(measuring, "SMALL", 10)
    assert await agreement_of(database, batch.id) == first, "of a large batch, one answer in thirty is not news enough"
    monkeypatch.undo()
    monkeypatch.setattr(measuring, "_measure", counting)
    assert (await agreement_of(database, batch.id)).answers == 31
    assert counted == [batch.id]


async def test_the_job_measures_what_grew_or_was_closed(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=10, overlap={"least": 2, "most": 2})
    one, two = await people(database, 2)
    await measure_due(database)
    kept = "SELECT answers FROM agreement WHERE batch_id = $1"
    assert await batch.value(kept, batch.id) is None, "nothing to measure"
    await everybody(batch, [one], {})
    await measure_due(database)
    assert await batch.value(kept, batch.id) == 10
    await everybody(batch, [two], {})
    await measure_due(database)
    assert await batch.value(kept, batch.id) == 20
    assert await measure_due(database) == 0
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    assert await measure_due(database) == 1
    assert await measure_due(database) == 0
