"""Pay follows the time that work takes: the price rises for all, or the batch pauses and asks."""

import asyncio
from pathlib import Path

import pytest

from crowd.batches.life import BatchError, State, set_state
from crowd.fairpay.adding import add_money
from crowd.fairpay.floors import forget_floor, set_floor
from crowd.fairpay.raising import Raised, Reason, raise_price
from crowd.loop.handing import Given
from crowd.money.earnings import earnings
from db.database import Database
from tests.crowd.scene import Batch, check_books, until_waiting
from tests.database import Clock
from tests.fairpay.scene import crowd, slow_work, told

KENYA = 1_500_000
"""Micro-units of USD an hour: the default floor."""


async def price_of(batch: Batch) -> int:
    found: int = await batch.value("SELECT price FROM batch WHERE id = $1", batch.id)
    return found


async def test_tasks_that_take_longer_than_promised_end_with_every_worker_at_the_floor(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    """A price meant for six seconds, and people who need a minute and more; some of them twice as long as others."""
    batch = await slow_work(
        database, tmp_path, tasks=60, golds=20, fee_ppm=100_000, overlap={"least": 3, "most": 12}, price="0.006"
    )
    seconds = [20.0, 28, 33, 35, 38, 40, 42, 45, 70, 90]
    many = await crowd(database, clock, batch, seconds, ["KE", "TZ", "UG", None, "KE", "KE", "TZ", "KE", "UG", "CD"])
    await many.to_the_end()
    assert await price_of(batch) > 10_000, "the price did not rise"
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    floors = dict(zip((one.id for one in many.workers), [KENYA, KENYA, 1_000_000, KENYA, KENYA, KENYA, KENYA, KENYA,
                      1_000_000, 1_000_000], strict=True))  # fmt: skip
    hours = await many.hours()
    assert len(hours) == len(seconds)
    for worker, (got, ms) in hours.items():
        assert got * 3_600_000 >= floors[worker] * ms, (worker, got, ms)
    assert {each["raised"] for each in await told(batch)} == {True, False}
    await check_books(database)


async def test_a_raise_pays_those_who_answered_before_what_the_others_get(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await slow_work(database, tmp_path, tasks=100, overlap={"least": 2, "most": 12}, price="0.005")
    many = await crowd(database, clock, batch, [36.0] * 5)
    in_hands = await batch.given(many.workers[0])
    await many.answers(60)
    before = await many.hours()
    await many.look()
    price = await price_of(batch)
    assert price == await batch.value("SELECT price FROM pay_raise WHERE batch_id = $1", batch.id)
    assert 15_000 <= price <= 20_000, "36 s, up to a quarter longer, at 1.50 an hour"
    for worker, (got, _) in (await many.hours()).items():
        assert got == before[worker][0] // 5_000 * price
    assert len(await told(batch)) == 5
    await check_books(database)
    async with database.reading() as tx:
        (wallet,) = (await earnings(tx, many.workers[0].id)).wallets
    assert wallet.available == 12 * (price - 5_000)
    assert wallet.held == 12 * 5_000
    del in_hands
    await many.look()
    assert len(await told(batch)) == 5, "nobody is paid twice"
    await many.answers(5)
    assert await batch.value("SELECT min(price) FROM answer WHERE id > (SELECT max(id) - 5 FROM answer)") == price


async def test_a_task_in_hands_is_paid_the_new_price(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await slow_work(database, tmp_path, tasks=100, overlap={"least": 2, "most": 12}, price="0.005")
    many = await crowd(database, clock, batch, [36.0] * 5)
    await many.answers(60)
    waiting = await batch.given(many.workers[0])
    late = await batch.given(many.workers[1])
    await batch.run("UPDATE lease SET due_at = $2 WHERE id = $1", late.lease_id, clock.now())
    await many.look()
    done = await batch.accepted(many.workers[0], waiting.lease_id)
    assert done.earned == await price_of(batch) > 5_000
    await check_books(database)


async def test_without_money_for_it_the_batch_pauses_and_goes_on_when_there_is(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await slow_work(database, tmp_path, tasks=100, overlap={"least": 3, "most": 3}, price="0.005")
    many = await crowd(database, clock, batch, [36.0] * 5)
    await many.answers(60)
    await many.look()
    card = "SELECT state || ' ' || coalesce(state_reason, '') FROM batch WHERE id = $1"
    assert await batch.value(card, batch.id) == "paused underpaid"
    assert await price_of(batch) == 5_000
    assert await batch.value("SELECT fair_price FROM batch WHERE id = $1", batch.id) > 15_000
    assert await told(batch) == []
    async with database.transaction() as tx:
        for _ in range(2):  # sent twice
            await add_money(tx, batch.id, 6_000_000, key="once", fee_ppm=100_000, by="test")
    for other in (6_000_001, 1):
        with pytest.raises(BatchError, match="the key once was used for another sum"):
            async with database.transaction() as tx:
                await add_money(tx, batch.id, other, key="once", fee_ppm=100_000, by="test")
    async with database.transaction() as tx:
        assert not await add_money(tx, batch.id, 6_000_000, key="once", fee_ppm=0, by="test"), "the fee is the house's"
    assert await batch.value("SELECT count(*) FROM funding WHERE batch_id = $1", batch.id) == 1
    assert await batch.value(card, batch.id) == "open "
    await many.look()
    assert await price_of(batch) > 15_000
    assert await batch.value("SELECT fair_price FROM batch WHERE id = $1", batch.id) is None
    assert len(await told(batch)) == 5
    await check_books(database)
    await many.to_the_end()
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    await check_books(database)


async def test_a_batch_that_waits_for_money_goes_on_with_enough_of_it_alone(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await slow_work(database, tmp_path, tasks=100, overlap={"least": 3, "most": 3}, price="0.005")
    many = await crowd(database, clock, batch, [36.0] * 5)
    await many.answers(60)
    await many.look()
    with pytest.raises(BatchError, match="waits for money"):
        async with database.transaction() as tx:
            await set_state(tx, batch.id, State.OPEN, actor="test")
    lacking = await batch.value("SELECT short_by FROM batch WHERE id = $1", batch.id)
    for key, amount, state in (("one", 1, "paused"), ("two", lacking - 2, "paused"), ("three", 1, "open")):
        async with database.transaction() as tx:
            await add_money(tx, batch.id, amount, key=key, fee_ppm=0, by="test")
        assert await batch.value("SELECT state FROM batch WHERE id = $1", batch.id) == state
    assert await price_of(batch) > 15_000
    await check_books(database)


async def test_a_batch_with_a_budget_that_waits_for_money_can_be_closed(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    """What was kept for tasks goes to those who were paid too little, as far as it goes."""
    batch = await slow_work(database, tmp_path, tasks=100, overlap={"least": 2, "most": 4}, price="0.005", budget="1")
    many = await crowd(database, clock, batch, [36.0] * 3)
    await many.answers(60)
    await many.look()
    assert await batch.value("SELECT state FROM batch WHERE id = $1", batch.id) == "paused"
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    await check_books(database)
    assert len(await told(batch)) == 3
    for got, ms in (await many.hours()).values():
        assert got * 3_600_000 >= KENYA * ms


async def test_a_batch_without_a_budget_that_runs_dry_says_so(database: Database, clock: Clock, tmp_path: Path) -> None:
    """A raise leaves money for the least answers, and tasks in doubt take it."""
    batch = await slow_work(database, tmp_path, tasks=40, overlap={"least": 1, "most": 12}, price="0.005")
    many = await crowd(database, clock, batch, [36.0] * 14)
    turn = 0
    while await batch.value("SELECT state FROM batch WHERE id = $1", batch.id) == "open":
        for worker in many.workers:
            await many.one(worker, said=turn % 3)
            turn += 1
        await many.look()
        assert turn < 2000
    assert await price_of(batch) > 15_000
    assert await batch.value("SELECT short_by FROM batch WHERE id = $1", batch.id) > 0
    left = "SELECT max(balance - reserved) FROM account WHERE kind = 'escrow' AND owner = $1 AND slot < 1000"
    assert await batch.value(left, batch.id) < await price_of(batch)
    await check_books(database)


async def test_an_answer_that_waited_for_a_raise_is_followed_by_a_task_at_the_new_price(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await slow_work(database, tmp_path, tasks=100, overlap={"least": 2, "most": 12}, price="0.005")
    many = await crowd(database, clock, batch, [36.0] * 2)
    worker = many.workers[0]
    task = await batch.given(worker)
    async with database.transaction() as tx:
        raised = await raise_price(tx, batch.id, Reason(9_000, 36_000, "KE", KENYA))
        assert isinstance(raised, Raised)
        waiting = asyncio.create_task(batch.accepted(worker, task.lease_id))
        await until_waiting(tx, "advisory")
    done = await waiting
    assert done.earned == 9_000
    assert isinstance(done.next, Given)
    assert done.next.price == 9_000
    assert await batch.value("SELECT price FROM lease WHERE id = $1", done.next.lease_id) == 9_000
    await check_books(database)


async def test_with_a_budget_what_is_kept_for_the_least_answers_is_kept_at_the_new_price(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await slow_work(database, tmp_path, tasks=100, overlap={"least": 2, "most": 12}, price="0.005", budget="5")
    many = await crowd(database, clock, batch, [36.0] * 5)
    await many.answers(60)
    await check_books(database)
    await many.look()
    assert await price_of(batch) > 15_000
    await check_books(database)
    await many.to_the_end()
    await check_books(database)


async def test_fair_work_is_left_alone(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await slow_work(database, tmp_path, tasks=60, overlap={"least": 2, "most": 5})
    many = await crowd(database, clock, batch, [6.0] * 5)
    await many.to_the_end()
    assert await price_of(batch) == 20_000
    assert await told(batch) == []
    assert await batch.value("SELECT count(*) FROM pay_raise WHERE batch_id = $1", batch.id) == 0


async def test_a_floor_that_staff_set_is_looked_at_at_once(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await slow_work(database, tmp_path, tasks=100, overlap={"least": 2, "most": 12})
    many = await crowd(database, clock, batch, [6.0] * 5)
    await many.answers(60)
    await many.look()
    assert await price_of(batch) == 20_000
    async with database.transaction() as tx:
        await set_floor(tx, "KE", "USD", 15_000_000, "what people here live on", by="test")
    await many.look()
    assert await price_of(batch) > 24_000
    async with database.transaction() as tx:
        assert await forget_floor(tx, "KE", "USD", by="test")


async def test_who_is_paused_for_not_knowing_the_work_is_not_topped_up(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await slow_work(database, tmp_path, tasks=200, golds=20, overlap={"least": 2, "most": 8})
    many = await crowd(database, clock, batch, [6.0] * 9 + [59.0])
    await many.answers(100)
    bad = many.workers[-1]
    await batch.run("UPDATE track SET paused_at = $2 WHERE worker_id = $1", bad.id, clock.now())
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    got, ms = (await many.hours())[bad.id]
    assert got * 3_600_000 < KENYA * ms
    await check_books(database)


@pytest.mark.parametrize("way", ["closed early", "all settled"])
async def test_in_a_batch_too_small_to_be_measured_nobody_ends_below_the_floor(
    database: Database, clock: Clock, tmp_path: Path, way: str
) -> None:
    batch = await slow_work(database, tmp_path, tasks=6, overlap={"least": 2, "most": 2}, price="0.005")
    async with database.transaction() as tx:
        await add_money(tx, batch.id, 1_000_000, key="room", fee_ppm=0, by="test")
    many = await crowd(database, clock, batch, [40.0, 9.0])
    slow, quick = (worker.id for worker in many.workers)
    if way == "closed early":
        await many.answers(6)
        await many.look()
        assert await told(batch) == [], "it is not over"
        async with database.transaction() as tx:
            await set_state(tx, batch.id, State.CLOSED, actor="test")
    else:
        await many.answers(12)
        await many.look()
    assert await batch.value("SELECT slow_ms FROM batch WHERE id = $1", batch.id) is None
    assert await price_of(batch) == 5_000
    (paid,) = await told(batch)
    assert not paid["raised"]
    hours = await many.hours()
    got, ms = hours[slow]
    assert 0 <= got * 3_600_000 - KENYA * ms < 3_600_000, "to the micro-unit"
    got, ms = hours[quick]
    assert got * 3_600_000 > KENYA * ms
    await check_books(database)
