"""A batch whose golds will not last says so while there still are some."""

import random
from pathlib import Path

import pytest

from crowd.batches.cards import batch_spec
from crowd.batches.life import State, set_state
from crowd.golds.next_batch import next_golds
from crowd.golds.supply import GoldSupply, gold_supply
from crowd.golds.suspending import suspend_in
from crowd.labels.review import decide
from crowd.loop.handing import Given
from db.database import Database
from tests.crowd.scene import Batch, people
from tests.crowd.test_golds import Golden, looking
from tests.crowd.test_suspending import batch_with_a_wrong_gold, crew_at_work, truth


async def supply(batch: Batch) -> GoldSupply:
    async with batch.database.reading() as tx:
        return await gold_supply(tx, batch.id)


async def work(batch: Batch, workers: int, tasks: int) -> None:
    """So many workers answer so many tasks each, golds whenever there are any."""
    for worker in await people(batch.database, workers):
        got, done = await looking(batch, worker, Golden()), 0
        while isinstance(got, Given) and done < tasks:
            got, done = (await batch.accepted(worker, got.lease_id, 0, Golden())).next, done + 1


async def test_golds_enough_raise_no_alarm_before_work_begins_nor_later(database: Database, tmp_path: Path) -> None:
    """Two workers who know the work meet their exam, and then few."""
    batch = await batch_with_a_wrong_gold(database, tmp_path, wrong_one=False)
    assert await supply(batch) == GoldSupply(short=False, left=72, asked=3, fresh=8, suspended=0)
    for worker in await people(database, 2):
        luck = random.Random(worker.id)
        got = await looking(batch, worker, luck)
        while isinstance(got, Given):
            got = (await batch.accepted(worker, got.lease_id, truth(got), luck)).next
            assert not (await supply(batch)).short


async def test_far_too_few_golds_are_told_from_the_start(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=200, golds=3, overlap={"least": 3, "most": 3})
    found = await supply(batch)
    assert found.short
    assert (found.left, found.asked, found.fresh) == (9, 12, 3)


async def test_golds_that_usual_workers_have_all_met_are_told_while_some_have_seats(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=60, golds=10, overlap={"least": 4, "most": 4})
    assert not (await supply(batch)).short
    await work(batch, 2, 14)
    found = await supply(batch)
    assert found.short
    assert found.fresh < 8
    assert found.left > 0


async def test_suspended_golds_are_none_to_go_on_with(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=60, golds=10, overlap={"least": 3, "most": 3})
    await batch.run(
        "UPDATE task SET open = false, seats = 0, settled_at = now(), suspended_at = now() "
        "WHERE batch_id = $1 AND gold IS NOT NULL",
        batch.id,
    )
    found = await supply(batch)
    assert found.short
    assert found.left == 0


@pytest.mark.parametrize("golds", [0, 3])
async def test_no_alarm_where_there_are_no_golds_or_no_work_is_left(
    database: Database, tmp_path: Path, golds: int
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=200, golds=golds, overlap={"least": 3, "most": 3})
    if golds:
        async with database.transaction() as tx:
            await set_state(tx, batch.id, State.CLOSED, actor="test")
    assert not (await supply(batch)).short


async def test_what_stood_and_what_was_decided_are_golds_for_the_next_batch(database: Database, tmp_path: Path) -> None:
    batch, _ = await crew_at_work(database, tmp_path)
    assert await suspend_in(database, batch.id) == 1
    await batch.run("UPDATE task SET settled_at = now(), seats = 0, open = false WHERE key = 't3'")
    async with database.transaction() as tx:
        task = await tx.value("SELECT id FROM task WHERE batch_id = $1 AND key = 't3'", batch.id)
        await decide(tx, batch.id, task, "neither", note=None, reviewer="requester 1 (test)")
        columns, rows = await next_golds(tx, batch.id, await batch_spec(tx, batch.id))
    assert [column.name for column in columns] == ["id", "text", "gold"]
    found = {row[0]: row[2] for row in rows}
    assert found["t3"] == "neither"
    assert found["g3"] == "good"
    assert "g4" not in found
    assert len(found) == 12
