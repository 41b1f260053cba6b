"""Work by the clock: one replica does it; what it keeps is true."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from crowd import upkeep
from crowd.loop.handing import Given
from crowd.schedule import JOBS, Job, run_once, slot_of
from crowd.upkeep import LEAST_ANSWERS, forget_old_updates, measure_pace, move_fronts
from db.database import Database
from tests.crowd.scene import Batch, people
from tests.database import Clock


class Counted:
    """Work that counts how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, _: Database) -> int:
        self.times += 1
        await asyncio.sleep(0)
        return 7


async def test_of_two_replicas_at_once_one_runs(database: Database, clock: Clock) -> None:
    work = Counted()
    job = Job("both", 15, work)
    assert sorted(await asyncio.gather(*(run_once(database, job) for _ in range(4))), key=str) == [7, None, None, None]
    assert work.times == 1
    assert await run_once(database, job) is None
    clock.advance(15)
    assert await run_once(database, job) == 7
    assert work.times == 2


async def test_a_run_is_noted_when_it_is_done_and_old_runs_are_forgotten(database: Database, clock: Clock) -> None:
    job = Job("noted", 15, Counted())
    await run_once(database, job)
    clock.advance(24 * 3600 + 16)
    await run_once(database, job)
    async with database.transaction() as tx:
        rows = await tx.rows("SELECT slot, done_at FROM job_slot WHERE job = 'noted'")
    assert [(row["slot"], row["done_at"]) for row in rows] == [(slot_of(job, clock.now()), clock.now())]


async def test_a_run_that_fails_is_left_undone_and_the_next_slot_runs(database: Database, clock: Clock) -> None:
    async def fail(_: Database) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run_once(database, Job("fails", 15, fail))
    async with database.transaction() as tx:
        assert await tx.value("SELECT count(*) FROM job_slot WHERE job = 'fails' AND done_at IS NULL") == 1
    clock.advance(15)
    assert await run_once(database, Job("fails", 15, Counted())) == 7


async def test_every_job_runs_on_an_empty_house_and_all_at_once(database: Database, clock: Clock) -> None:
    clock.advance(3600)
    done = await asyncio.gather(*(run_once(database, job) for job in JOBS for _ in range(2)))
    assert sum(each is not None for each in done) == len(JOBS)
    assert len({job.name for job in JOBS}) == len(JOBS)


async def test_a_pace_is_the_median_once_there_are_answers_enough(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40)
    (worker,) = await people(database, 1)
    task: object = await batch.given(worker)
    for number in range(LEAST_ANSWERS):
        await measure_pace(database)
        assert await batch.value("SELECT pace_ms FROM batch WHERE id = $1", batch.id) is None
        assert isinstance(task, Given)
        clock.advance(2 if number < 8 else 6)
        task = (await batch.accepted(worker, task.lease_id)).next
    await measure_pace(database)
    assert await batch.value("SELECT pace_ms FROM batch WHERE id = $1", batch.id) == 6000


async def test_a_late_answer_whose_time_is_unknown_makes_no_pace(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40)
    (worker,) = await people(database, 1)
    task: object = await batch.given(worker)
    for _ in range(LEAST_ANSWERS):
        assert isinstance(task, Given)
        task = (await batch.accepted(worker, task.lease_id)).next
    await batch.run("UPDATE answer SET ms = 0 WHERE batch_id = $1", batch.id)
    await measure_pace(database)
    assert await batch.value("SELECT pace_ms FROM batch WHERE id = $1", batch.id) is None


async def test_a_newcomer_starts_at_the_front_which_never_passes_what_is_open_or_out(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=10, overlap={"least": 1, "most": 1})
    first: int = await batch.value("SELECT first_task FROM batch WHERE id = $1", batch.id)
    holder, worker, newcomer = await people(database, 3)

    async def front() -> int:
        await move_fronts(database)
        return int(await batch.value("SELECT front FROM batch WHERE id = $1", batch.id)) - first

    assert await front() == 0
    out = await batch.given(holder)
    task: object = await batch.given(worker)
    for _ in range(5):
        assert isinstance(task, Given)
        task = (await batch.accepted(worker, task.lease_id)).next
    assert await front() == 0  # the holder's may still come back
    await batch.accepted(holder, out.lease_id)
    assert isinstance(task, Given)
    assert await front() == task.task_id - first == 6
    new = await batch.given(newcomer)
    assert new.task_id > task.task_id
    assert await batch.value("SELECT cursor FROM participation WHERE worker_id = $1", newcomer.id) == new.task_id
    await batch.run("UPDATE batch SET front = front + 3 WHERE id = $1", batch.id)
    assert await front() == 6  # found again, whatever it was


async def test_a_task_that_is_open_again_behind_a_newcomer_is_found(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=6, overlap={"least": 1, "most": 1})
    holder, newcomer = await people(database, 2)
    out = await batch.given(holder)
    got: object = await batch.given(newcomer)
    while isinstance(got, Given):
        got = (await batch.accepted(newcomer, got.lease_id)).next
    await batch.pass_on(holder, out.lease_id)
    await move_fronts(database)
    assert (await batch.given(newcomer)).task_id == out.task_id


async def test_a_pace_is_of_those_who_work_there_now(database: Database, clock: Clock, tmp_path: Path) -> None:
    """Who went on to other work since has newer answers there, and only those are looked through."""
    batch = await Batch.post(database, tmp_path, tasks=80)
    other = await Batch.post(database, tmp_path, tasks=200)
    gone, here = await people(database, 2)
    for worker, seconds in ((gone, 9), (here, 3)):
        task: object = await batch.given(worker)
        for _ in range(LEAST_ANSWERS):
            assert isinstance(task, Given)
            clock.advance(seconds)
            task = (await batch.accepted(worker, task.lease_id)).next
        assert isinstance(task, Given)
        await batch.pass_on(worker, task.lease_id)
    await batch.run(
        """
        INSERT INTO answer (id, task_id, batch_id, worker_id, price, ms, answered_at)
        SELECT 900000000 + t.id, t.id, t.batch_id, $2, 0, 1000, now() FROM task t WHERE batch_id = $1
        """,
        other.id, gone.id,
    )  # fmt: skip
    await measure_pace(database)
    assert await batch.value("SELECT pace_ms FROM batch WHERE id = $1", batch.id) == 3000


async def test_old_rows_go_in_blocks_and_by_an_index(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "_BLOCK", 2)
    for deletion in ("_OLD_UPDATES", "_OLD_NOTICES"):
        monkeypatch.setattr(upkeep, deletion, getattr(upkeep, deletion).replace("50000", "2"))
        async with database.transaction() as tx:
            plan = await tx.rows(f"EXPLAIN {getattr(upkeep, deletion)}", tx.now - timedelta(days=30))
        assert any("Index Scan using ix_inbox_at" in row[0] or "ix_outbox_sent_at" in row[0] for row in plan), plan
    async with database.transaction() as tx:
        await tx.run(
            "INSERT INTO inbox (bot_id, update_id, at) SELECT 78, n, $1 FROM generate_series(1, 5) n",
            tx.now - timedelta(days=4),
        )
    assert await forget_old_updates(database) == 5
    assert await forget_old_updates(database) == 0


async def test_notices_are_forgotten_thirty_days_after_they_were_sent(database: Database, clock: Clock) -> None:
    async with database.transaction() as tx:
        for key, days in (("old", 31), ("new", 29), ("unsent", None)):
            await tx.run(
                "INSERT INTO outbox (person_id, subject, content, key, due_at, sent_at) "
                "VALUES (1, 'hello', '{}', 'forgotten:' || $1::text, $2, $3)",
                key, tx.now - timedelta(days=40), tx.now - timedelta(days=days) if days else None,
            )  # fmt: skip
    assert await forget_old_updates(database) == 1
    async with database.transaction() as tx:
        left = await tx.rows("DELETE FROM outbox WHERE key LIKE 'forgotten:%' RETURNING key")
    assert {row["key"] for row in left} == {"forgotten:new", "forgotten:unsent"}


async def test_updates_are_forgotten_after_three_days(database: Database, clock: Clock) -> None:
    async with database.transaction() as tx:
        for update, age in ((1, 73), (2, 71), (3, 0)):
            await tx.run(
                "INSERT INTO inbox (bot_id, update_id, at) VALUES (77, $1, $2)", update, tx.now - timedelta(hours=age)
            )
    assert await forget_old_updates(database) == 1
    async with database.transaction() as tx:
        assert [row[0] for row in await tx.rows("SELECT update_id FROM inbox WHERE bot_id = 77 ORDER BY 1")] == [2, 3]
