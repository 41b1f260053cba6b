"""Golds come round as often as tasks: each has a twin, and beyond its least answers gets no more than that."""

import random
from pathlib import Path

from crowd.loop.handing import Given
from crowd.upkeep import move_fronts
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people
from tests.crowd.test_golds import Golden, Sober, is_gold, looking, walk


async def answer_some(batch: Batch, worker: Worker, said: int, luck: random.Random, *, most: int) -> None:
    """Say the same to so many tasks."""
    got = await looking(batch, worker, luck)
    for _ in range(most):
        assert isinstance(got, Given)
        got = (await batch.accepted(worker, got.lease_id, said, luck)).next


async def gold_answers(batch: Batch) -> list[int]:
    """Of each gold that was given to anybody, and stands at least twice as far from the start as the first task."""
    async with batch.database.reading() as tx:
        rows = await tx.rows(
            """
            SELECT answers FROM task, (
                SELECT first_task, (SELECT min(id) FROM task WHERE batch_id = $1 AND gold IS NULL) AS ordinary
                FROM batch WHERE id = $1
            ) b
            WHERE batch_id = $1 AND gold IS NOT NULL AND answers > 0 AND id - first_task >= 2 * (ordinary - first_task)
            """,
            batch.id,
        )
    return [row["answers"] for row in rows]


async def test_golds_that_newcomers_are_divided_about_come_round_no_more_often_than_tasks_that_all_agree_on(
    database: Database, tmp_path: Path
) -> None:
    overlap = {"least": 2, "most": 5, "confidence": 0.6}
    batch = await Batch.post(database, tmp_path, tasks=60, golds=6, overlap=overlap)
    first, second, *newcomers = await people(database, 6)
    for worker in (first, second):
        await answer_some(batch, worker, 0, Sober(), most=10)
    for number, worker in enumerate(newcomers):
        await answer_some(batch, worker, number % 3, Golden(), most=6)
    assert set(await gold_answers(batch)) == {2}
    await check_books(database)


async def test_golds_that_all_get_right_come_round_as_often_as_tasks_that_divide_people(
    database: Database, tmp_path: Path
) -> None:
    overlap = {"least": 2, "most": 5, "confidence": 0.6}
    batch = await Batch.post(database, tmp_path, tasks=6, golds=4, overlap=overlap)
    *divided, fourth, fifth, sixth = await people(database, 6)
    for said, worker in enumerate(divided):
        await answer_some(batch, worker, said, Sober(), most=6)
    for worker in (fourth, fifth, sixth):
        await answer_some(batch, worker, 0, Golden(), most=4)
    assert min(await gold_answers(batch)) == 3
    await check_books(database)


async def test_a_gold_rests_until_its_twin_goes_on_and_is_settled_when_that_is(
    database: Database, tmp_path: Path
) -> None:
    overlap = {"least": 2, "most": 5, "confidence": 0.6}
    batch = await Batch.post(database, tmp_path, tasks=12, golds=6, overlap=overlap)
    early, other, late, *later = await people(database, 5)
    for said, worker in enumerate((early, other)):
        await answer_some(batch, worker, said, Golden(), most=6)
    got = await looking(batch, late, Golden())
    assert isinstance(got, Given)
    before = "SELECT count(*) FROM task WHERE batch_id = $1 AND id < $2 AND gold IS NULL"
    assert not is_gold(got) or await batch.value(before, batch.id, got.task_id) == 0
    for worker in (early, other, late, *later):
        await walk(batch, worker, right=True, most=100, luck=Sober())
    await move_fronts(database)
    assert not await batch.value(
        """
        SELECT count(*) FROM task, (SELECT min(id) FROM task WHERE batch_id = $1 AND gold IS NULL) o (first), batch b
        WHERE batch_id = $1 AND b.id = $1 AND gold IS NOT NULL AND open AND answers >= 2
          AND task.id - first_task >= 2 * (o.first - first_task)
        """,
        batch.id,
    )
    await check_books(database)
