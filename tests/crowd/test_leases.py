"""Tasks that come back: nothing is lost, nobody gets them twice, and the worker is told once."""

import asyncio
from pathlib import Path

import pytest

from crowd.loop.handing import Dry, Given, held
from crowd.loop.leases import ASK_WHY_AFTER, Way, expire_leases, give_back_all
from crowd.loop.recorded import Refused
from crowd.outbox import give_up, put_off, sent, take
from crowd.workers.registry import WorkerState, set_state
from db.database import Database
from tests.crowd.scene import Batch, check_books, people, working
from tests.database import Clock


async def notices(batch: Batch, lease_id: int) -> int:
    found: int = await batch.value("SELECT count(*) FROM outbox WHERE key = $1", f"expired:{lease_id}")
    return found


async def test_a_lease_runs_out_once_its_seat_is_free_again_and_its_worker_told_once(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 1, "most": 1})
    away, next_one = await people(database, 2)
    task = await batch.given(away)
    clock.advance(599)
    await expire_leases(database)
    assert await batch.next(next_one) is Dry.DONE
    clock.advance(1)
    await asyncio.gather(expire_leases(database), expire_leases(database))
    assert await notices(batch, task.lease_id) == 1
    assert await batch.next(away) is Dry.DONE  # never to the same worker again
    assert (await batch.given(next_one)).task_id == task.task_id
    await expire_leases(database)
    assert await notices(batch, task.lease_id) == 1
    await check_books(database)


async def test_who_stopped_is_not_told(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    async with database.transaction() as tx:
        await set_state(tx, worker.id, WorkerState.STOPPED)
    clock.advance(601)
    await expire_leases(database)
    assert await notices(batch, task.lease_id) == 0


async def test_a_thousand_leases_run_out_in_one_go(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=5, overlap={"least": 1, "most": 1})
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    await batch.run("UPDATE task SET leased = leased + 1100 WHERE id = $1", task.task_id)
    await batch.run(
        """
        INSERT INTO lease (task_id, batch_id, worker_id, price, escrow_id, gold, given_at, due_at)
        SELECT task_id, batch_id, worker_id, 0, escrow_id, gold, given_at, due_at FROM lease, generate_series(1, 1100)
        WHERE id = $1
        """,
        task.lease_id,
    )
    clock.advance(601)
    assert await expire_leases(database) >= 1101
    assert (await batch.task(task.task_id))["leased"] == 0
    # Nobody can have a task 1101 times: put it as it was.
    await batch.run("DELETE FROM passed WHERE batch_id = $1", batch.id)
    await batch.run("UPDATE task SET seats = 1 WHERE id = $1", task.task_id)
    await check_books(database)


async def test_a_skipped_task_goes_to_others_and_skips_in_a_row_are_counted(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=14)
    skipper, other = await people(database, 2)
    counts = []
    skipped = []
    for _ in range(ASK_WHY_AFTER + 1):
        task = await batch.given(skipper)
        skipped.append(task.task_id)
        passed = await batch.pass_on(skipper, task.lease_id)
        assert passed is not None
        assert await batch.pass_on(skipper, task.lease_id) is None
        counts.append(passed.skips_in_a_row)
    assert counts == list(range(1, ASK_WHY_AFTER + 2))
    assert len(set(skipped)) == len(skipped)
    assert (await batch.given(other)).task_id in skipped
    await batch.accepted(skipper, (await batch.given(skipper)).lease_id)
    again = await batch.pass_on(skipper, (await batch.given(skipper)).lease_id)
    assert again is not None
    assert again.skips_in_a_row == 1
    await check_books(database)


async def test_two_workers_reports_withdraw_a_task(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 5, "most": 5})
    first, second, third = await people(database, 3)
    task = await batch.given(first)
    await batch.pass_on(first, task.lease_id, Way.REPORTED)
    assert (await batch.task(task.task_id))["settled_at"] is None
    await batch.pass_on(second, (await batch.given(second)).lease_id, Way.REPORTED)
    after = await batch.task(task.task_id)
    assert (after["open"], after["seats"], after["label"], after["settled_at"] is not None) == (False, 0, None, True)
    assert await batch.next(third) is Dry.DONE
    async with database.transaction() as tx:
        tally = await tx.row(
            "SELECT sum(reported) AS reported, sum(settled) AS settled FROM tally WHERE batch_id = $1", batch.id
        )
    assert tally is not None
    assert (tally["reported"], tally["settled"]) == (2, 1)
    await check_books(database)


async def test_two_reports_at_once_withdraw_a_task_once(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 5, "most": 5})
    crew = await people(database, 4)
    tasks = [await batch.given(worker) for worker in crew]
    await asyncio.gather(
        *(batch.pass_on(worker, task.lease_id, Way.REPORTED) for worker, task in zip(crew, tasks, strict=True))
    )
    assert await batch.value("SELECT sum(settled) FROM tally WHERE batch_id = $1", batch.id) == 1
    assert await batch.value("SELECT sum(reported) FROM tally WHERE batch_id = $1", batch.id) == 4
    await check_books(database)


async def test_reports_on_a_gold_are_counted_and_leave_the_progress_alone(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=30, golds=1)
    for worker in await people(database, 2):
        await batch.given(worker)
        gold = await batch.value("SELECT id FROM task WHERE batch_id = $1 AND gold IS NOT NULL", batch.id)
        lease = await batch.value("SELECT id FROM lease WHERE worker_id = $1", worker.id)
        seat = await batch.value("SELECT task_id FROM lease WHERE id = $1", lease)
        if seat != gold:  # luck gave another: as if it had been the gold
            await batch.run("UPDATE task SET leased = leased - 1, seats = seats + 1, open = true WHERE id = $1", seat)
            await batch.run("UPDATE lease SET task_id = $2, gold = true WHERE id = $1", lease, gold)
            await batch.run("UPDATE task SET leased = leased + 1, seats = seats - 1 WHERE id = $1", gold)
        await batch.pass_on(worker, lease, Way.REPORTED)
    assert await batch.value("SELECT sum(settled) FROM tally WHERE batch_id = $1", batch.id) == 0
    assert await batch.value("SELECT sum(reported) FROM tally WHERE batch_id = $1", batch.id) == 2
    await check_books(database)


async def test_stopping_gives_back_what_is_in_hands(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    async with working(database, worker) as tx:
        assert await give_back_all(tx, worker.id) == 1
        assert await give_back_all(tx, worker.id) == 0
        assert await held(tx, worker.id) is None
    assert await batch.say(worker, task.lease_id, 0) is Refused.WITHDRAWN
    await check_books(database)


@pytest.mark.parametrize("pace", [None, 1000, 400_000])
async def test_a_lease_lasts_as_the_batch_says_or_three_times_the_pace(
    database: Database, clock: Clock, tmp_path: Path, pace: int | None
) -> None:
    batch = await Batch.post(database, tmp_path)
    await batch.run("UPDATE batch SET pace_ms = $2 WHERE id = $1", batch.id, pace)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    seconds = 1200 if pace == 400_000 else 600
    assert (task.due_at - clock.now()).total_seconds() == seconds
    after = (await batch.accepted(worker, task.lease_id)).next
    assert isinstance(after, Given)
    assert (after.due_at - clock.now()).total_seconds() == seconds


async def test_a_notice_is_taken_by_one_and_taken_again_when_its_sender_died(database: Database, clock: Clock) -> None:
    clock.advance(3600)
    crew = await people(database, 3)
    async with database.transaction() as tx:
        await tx.run("DELETE FROM outbox")
        for worker in crew:
            await tx.run(
                "INSERT INTO outbox (person_id, subject, content, key, due_at) VALUES ($1, 'hello', '{}', $2, $3)",
                worker.person_id, f"hello:{worker.id}", tx.now,
            )  # fmt: skip

    async with database.transaction() as one, database.transaction() as two:
        first, second = await take(one, 2), await take(two, 2)
    assert [len(first), len(second)] == [2, 1]
    assert {notice.person_id for notice in first + second} == {worker.person_id for worker in crew}
    async with database.transaction() as tx:
        assert await take(tx, 10) == []
        await sent(tx, first[0].id)
        await give_up(tx, first[1].id, "blocked")
    clock.advance(61)
    async with database.transaction() as tx:
        (again,) = await take(tx, 10)
        assert (again.id, again.tries, again.locale) == (second[0].id, 2, "en")
        await put_off(tx, again.id, 300)
    clock.advance(299)
    async with database.transaction() as tx:
        assert await take(tx, 10) == []
    clock.advance(1)
    async with database.transaction() as tx:
        assert [notice.id for notice in await take(tx, 10)] == [again.id]
