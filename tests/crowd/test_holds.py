"""Earned money is released when its hold ends: then and not before, once, to the last micro-unit."""

import asyncio
import random
from pathlib import Path

import pytest

from crowd.loop.handing import Given
from crowd.money import holds
from crowd.money.earnings import PAGE, Line, earnings
from crowd.money.holds import release_holds
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people
from tests.database import Clock

PRICE = 20_000


async def money(database: Database, worker: Worker) -> tuple[int, int, int]:
    async with database.reading() as tx:
        (wallet,) = (await earnings(tx, worker.id)).wallets
    assert wallet.currency == "USD"
    return wallet.held, wallet.available, wallet.paid


async def answered(batch: Batch, worker: Worker, times: int) -> None:
    task: Given | object = await batch.given(worker)
    for _ in range(times):
        assert isinstance(task, Given)
        task = (await batch.accepted(worker, task.lease_id)).next


async def test_money_is_released_at_its_time_and_not_before(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=5, hold_hours=2)
    (worker,) = await people(database, 1)
    await answered(batch, worker, 1)
    clock.advance(3600)
    await answered(batch, worker, 1)
    clock.advance(3599)
    assert await release_holds(database) == 0
    assert await money(database, worker) == (2 * PRICE, 0, 0)
    clock.advance(1)
    assert await release_holds(database) == 1
    assert await money(database, worker) == (PRICE, PRICE, 0)
    assert await release_holds(database) == 0
    clock.advance(3600)
    assert await release_holds(database) == 1
    assert await money(database, worker) == (0, 2 * PRICE, 0)
    await check_books(database)


async def test_two_runs_at_once_release_everything_once(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=20, overlap={"least": 10, "most": 10})
    crew = await people(database, 10)
    for _ in range(4):
        for worker in crew:
            await answered(batch, worker, 1)
    clock.advance(72 * 3600)
    counts = await asyncio.gather(*(release_holds(database) for _ in range(4)))
    assert sum(counts) == 40
    for worker in crew:
        assert await money(database, worker) == (0, 4 * PRICE, 0)
    await check_books(database)


async def test_runs_that_share_accounts_take_them_in_one_order(
    database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small bites, so that each run has some of everybody's money: nobody waits for anybody in a ring."""
    monkeypatch.setattr(holds, "_MANY", 6)
    batch = await Batch.post(database, tmp_path, tasks=30, overlap={"least": 8, "most": 8})
    crew = await people(database, 8)
    luck = random.Random(1)
    for _ in range(12):
        for worker in luck.sample(crew, len(crew)):
            await answered(batch, worker, 1)
            clock.advance(1)
    clock.advance(72 * 3600)
    await asyncio.gather(*(release_holds(database) for _ in range(8)))
    for worker in crew:
        assert await money(database, worker) == (0, 12 * PRICE, 0)


async def test_money_is_earned_while_other_money_is_released(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40, overlap={"least": 5, "most": 5})
    crew = await people(database, 5)
    for worker in crew:
        await answered(batch, worker, 5)
    clock.advance(72 * 3600)
    await asyncio.gather(
        *(answered(batch, worker, 10) for worker in crew), *(release_holds(database) for _ in range(5))
    )
    await check_books(database)
    for worker in crew:
        assert await money(database, worker) == (10 * PRICE, 5 * PRICE, 0)


async def test_what_is_not_held_at_all_is_available_at_once(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=5, hold_hours=0)
    (worker,) = await people(database, 1)
    await answered(batch, worker, 2)
    assert await money(database, worker) == (0, 2 * PRICE, 0)
    assert await release_holds(database) == 0
    await check_books(database)


async def test_each_line_tells_its_task_and_when_it_is_released(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=PAGE * 2 + 1)
    (worker,) = await people(database, 1)
    seen = []
    task: object = await batch.given(worker)
    for number in range(PAGE * 2 + 1):
        assert isinstance(task, Given)
        seen.append((task.payload["text"], number % 3))
        task = (await batch.accepted(worker, task.lease_id, number % 3)).next
    async with database.reading() as tx:
        lines: list[Line] = []
        before, pages = None, 0
        while True:
            page = await earnings(tx, worker.id, before=before)
            lines += page.lines
            pages, before = pages + 1, page.more
            if before is None:
                break
    assert pages == 3
    said = {"good": 0, "bad": 1, "neither": 2}
    assert [(line.payload["text"], said[line.said]) for line in lines] == seen[::-1]
    assert {line.earned for line in lines} == {PRICE}
    assert all(line.held_until and (line.held_until - clock.now()).days == 3 for line in lines)
    clock.advance(72 * 3600)
    await release_holds(database)
    async with database.reading() as tx:
        assert {line.held_until for line in (await earnings(tx, worker.id)).lines} == {None}


async def test_what_is_released_in_a_day_is_told_once_at_its_end(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=9, hold_hours=1)
    (worker,) = await people(database, 1)
    seconds_left = 24 * 3600 - clock.now().timestamp() % (24 * 3600)
    clock.advance(seconds_left + 60)  # a new day
    for _ in range(3):
        await answered(batch, worker, 1)
        clock.advance(3600)
        await asyncio.gather(*(release_holds(database) for _ in range(3)))
    query = "SELECT content, due_at FROM outbox WHERE subject = 'released' AND person_id = $1 ORDER BY id"
    async with database.reading() as tx:
        (today,) = await tx.rows(query, worker.person_id)
        assert today["content"] == {"amount": 3 * PRICE, "currency": "USD"}
    assert today["due_at"] > clock.now()
    assert today["due_at"].timestamp() % (24 * 3600) == 0
    clock.advance(24 * 3600)
    await answered(batch, worker, 1)
    clock.advance(3600)
    await release_holds(database)
    async with database.reading() as tx:
        _, tomorrow = await tx.rows(query, worker.person_id)
    assert tomorrow["content"]["amount"] == PRICE
