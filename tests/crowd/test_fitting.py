"""A batch is fitted as a whole: from time to time, when it is closed, and before its results are taken."""

from pathlib import Path

import pytest

from crowd.batches.life import State, set_state
from crowd.batches.spec import BatchSpec
from crowd.consensus import VERSION
from crowd.kinds.base import AnswerTable, Fit
from crowd.labels import fitting
from crowd.labels.fitprocess import fitted
from crowd.labels.fitting import bring_up_to_date, fit_stale
from crowd.loop.answering import Accepted
from crowd.loop.handing import Given
from crowd.workers import standing
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people

GOOD, BAD = 0, 1


async def everybody(batch: Batch, crew: list[Worker], says: dict[int, int], *, most: int = 1000) -> None:
    """Each worker answers all they are given, always the same; `says` is by worker id."""
    for worker in crew:
        got = await batch.next(worker)
        count = 0
        while isinstance(got, Given) and count < most:
            done = await batch.say(worker, got.lease_id, says[worker.id])
            assert isinstance(done, Accepted)
            got, count = done.next, count + 1


async def method(batch: Batch) -> tuple[str | None, int]:
    async with batch.database.transaction() as tx:
        row = await tx.row("SELECT method, fitted_answers FROM batch WHERE id = $1", batch.id)
    assert row is not None
    return row["method"], row["fitted_answers"]


async def test_a_fit_believes_those_whom_golds_and_others_bear_out(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of three say the same of each task; what they say of golds is wrong, and the third is right there."""
    monkeypatch.setattr(standing, "LEAST_CHECKS", 1000)
    batch = await Batch.post(database, tmp_path, tasks=30, golds=30, overlap={"least": 3, "most": 3})
    first, second, third = crew = await people(database, 3)
    await everybody(batch, crew, {first.id: BAD, second.id: BAD, third.id: GOOD}, most=45)
    await bring_up_to_date(database, batch.id)
    async with database.transaction() as tx:
        rows = await tx.rows(
            "SELECT label, confidence FROM task WHERE batch_id = $1 AND gold IS NULL AND answers = 3", batch.id
        )
    assert rows
    assert all(row["confidence"] < 0.9 for row in rows), "two who fail golds are not believed for sure"
    known, _ = await method(batch)
    assert known == VERSION
    await check_books(database)


async def test_batches_are_fitted_when_they_grow_by_a_tenth_and_once_more_when_closed(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40, overlap={"least": 2, "most": 2})
    first, second = await people(database, 2)
    assert await method(batch) == (None, 0)
    await everybody(batch, [first], {first.id: GOOD}, most=20)
    await fit_stale(database)
    assert await method(batch) == (VERSION, 20)
    await everybody(batch, [second], {second.id: GOOD}, most=1)
    await fit_stale(database)
    assert await method(batch) == (VERSION, 20), "one more answer in twenty is not news enough"
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    await fit_stale(database)
    assert await method(batch) == (VERSION, 21)
    await check_books(database)


async def test_results_are_brought_up_to_date_by_any_new_answer(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=10, overlap={"least": 1, "most": 1})
    (worker,) = await people(database, 1)
    await bring_up_to_date(database, batch.id)
    assert await method(batch) == (None, 0), "nothing to fit"
    await everybody(batch, [worker], {worker.id: GOOD}, most=3)
    await bring_up_to_date(database, batch.id)
    assert await method(batch) == (VERSION, 3)


async def test_written_answers_are_fitted_too(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(
        database, tmp_path, tasks=3, kind="text", options=None, overlap={"least": 1, "most": 1}, dont_know=None
    )
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    await batch.accepted(worker, task.lease_id, "habari")
    await fit_stale(database)
    assert await method(batch) == ("closeness-1", 1)
    assert (await batch.task(task.task_id))["label"] == "habari"
    await check_books(database)


async def test_later_texts_add_to_what_a_fit_made_of_those_before(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(
        database, tmp_path, tasks=3, kind="text", options=None, combine="words", overlap={"least": 3, "most": 3},
        dont_know=None,
    )  # fmt: skip
    said = ("kwaheri ya kuonana", "kwaheri ya kuonana", "kwaheri za kuonana tena")
    for number, (worker, text) in enumerate(zip(await people(database, 3), said, strict=True)):
        task = await batch.given(worker)
        await batch.accepted(worker, task.lease_id, text)
        if number == 1:
            await fit_stale(database)
    row = await batch.task(task.task_id)
    assert [len(entry) for entry in row["evidence"]] == [4, 3, 3]
    assert row["label"] == "kwaheri ya kuonana"
    await bring_up_to_date(database, batch.id)
    assert await method(batch) == ("closeness-rover-1", 3)
    await check_books(database)


async def test_a_task_answered_during_a_fit_keeps_what_the_answer_made_of_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=6, overlap={"least": 2, "most": 2})
    first, second = await people(database, 2)
    await everybody(batch, [first], {first.id: GOOD})
    told: dict[int, object] = {}

    async def meanwhile(spec: BatchSpec, table: AnswerTable) -> Fit:
        task = await batch.given(second)
        await batch.accepted(second, task.lease_id, BAD)
        told[task.task_id] = (await batch.task(task.task_id))["confidence"]
        return await fitted(spec, table)

    monkeypatch.setattr(fitting, "fitted", meanwhile)
    await bring_up_to_date(database, batch.id)
    ((task_id, confidence),) = told.items()
    assert (await batch.task(task_id))["confidence"] == confidence
    assert await method(batch) == (VERSION, 6)
    await check_books(database)


async def test_of_two_fits_at_once_the_one_that_knew_less_gives_way(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=6, overlap={"least": 2, "most": 2})
    first, second = await people(database, 2)
    await everybody(batch, [first], {first.id: GOOD})

    async def overtaken(spec: BatchSpec, table: AnswerTable) -> Fit:
        monkeypatch.setattr(fitting, "fitted", fitted)
        await everybody(batch, [second], {second.id: GOOD})
        await bring_up_to_date(database, batch.id)
        return await fitted(spec, table)

    monkeypatch.setattr(fitting, "fitted", overtaken)
    await bring_up_to_date(database, batch.id)
    assert await method(batch) == (VERSION, 12)
    await check_books(database)


async def test_a_batch_too_large_to_be_fitted_has_results_all_the_same(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=6, overlap={"least": 1, "most": 1})
    (worker,) = await people(database, 1)
    await everybody(batch, [worker], {worker.id: GOOD})
    monkeypatch.setattr(fitting, "LARGEST", 5)
    await bring_up_to_date(database, batch.id)
    await fit_stale(database)
    assert await method(batch) == (None, 0)
