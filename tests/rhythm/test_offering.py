"""Work is offered within a worker's hours, as often as they set, and less often to who never answers."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crowd.loop.handing import Given
from crowd.rhythm.offering import LESS_AFTER, NEVER_AFTER, offer_work, opens, within
from crowd.rhythm.rhythm import Offered, Rhythm, rhythm_of, set_rhythm
from crowd.workers.registry import set_blocked, set_time_zone
from db.database import Database
from tests.crowd.scene import Batch, Worker, people, working
from tests.database import Clock

DAY_S = 24 * 3600


async def told(database: Database, worker: Worker) -> list[dict[str, Any]]:
    async with database.transaction() as tx:
        return [
            row["content"]
            for row in await tx.rows(
                "SELECT content FROM outbox WHERE subject = 'offered' AND person_id = $1 ORDER BY id", worker.person_id
            )
        ]


async def at_ten_o_clock(database: Database, clock: Clock, worker: Worker, zone: str = "UTC") -> None:
    """It is ten in the morning where the worker is, at least a day from now."""
    async with working(database, worker) as tx:
        await set_time_zone(tx, worker.id, zone)
    clock.advance(DAY_S)
    clock.advance((opens(Rhythm(from_hour=10, to_hour=11), clock.now(), zone) - clock.now()).total_seconds())


async def test_who_has_not_been_there_for_a_day_is_told_once_in_their_hours(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    await Batch.post(database, tmp_path)
    (worker,) = await people(database, 1)
    await offer_work(database)
    assert await told(database, worker) == [], "they have joined just now"
    await at_ten_o_clock(database, clock, worker, "Asia/Kathmandu")
    await offer_work(database)
    await offer_work(database)
    (content,) = await told(database, worker)
    assert content["price"] == 20_000
    assert content["currency"] == "USD"
    clock.advance(3600)
    await offer_work(database)
    assert len(await told(database, worker)) == 1
    clock.advance(DAY_S - 3600)
    await offer_work(database)
    assert len(await told(database, worker)) == 2


async def test_nobody_is_told_at_night_nor_who_was_at_work_today_nor_who_blocked_the_bot(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path)
    asleep, at_work, blocked, never = await people(database, 4)
    await at_ten_o_clock(database, clock, at_work)
    for worker in (blocked, never):
        async with working(database, worker) as tx:
            await set_time_zone(tx, worker.id, "UTC")
    async with database.transaction() as tx:
        await set_time_zone(tx, asleep.id, "Pacific/Honolulu")  # where it is midnight
        await set_blocked(tx, blocked.person_id, blocked=True)
        await set_rhythm(tx, never.id, Rhythm(offered=Offered.NEVER))
    given = await batch.next(at_work)
    assert isinstance(given, Given)
    await batch.accepted(at_work, given.lease_id)
    await offer_work(database)
    for worker in (asleep, at_work, blocked, never):
        assert await told(database, worker) == []
    clock.advance(11 * 3600)
    await offer_work(database)
    assert len(await told(database, asleep)) == 1


async def test_who_never_answers_is_told_weekly_and_then_no_more_until_they_come_back(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path)
    (worker,) = await people(database, 1)
    await at_ten_o_clock(database, clock, worker)
    days = []
    for day in range(120):
        before = len(await told(database, worker))
        await offer_work(database)
        days += [day] * (len(await told(database, worker)) - before)
        clock.advance(DAY_S)
    assert days[:LESS_AFTER] == list(range(LESS_AFTER))
    assert all(later - day >= 7 for day, later in zip(days[LESS_AFTER - 1 :], days[LESS_AFTER:], strict=False))
    assert len(days) == NEVER_AFTER
    given = await batch.next(worker)
    assert isinstance(given, Given)
    await batch.accepted(worker, given.lease_id)
    async with working(database, worker) as tx:
        await set_rhythm(tx, worker.id, await rhythm_of(tx, worker.id))
    clock.advance(DAY_S)
    await offer_work(database)
    assert len(await told(database, worker)) == NEVER_AFTER + 1


async def test_where_there_is_no_work_nobody_is_told_and_it_is_looked_again(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    (worker,) = await people(database, 1)
    await at_ten_o_clock(database, clock, worker)
    async with database.transaction() as tx:
        await tx.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    await offer_work(database)
    assert await told(database, worker) == []
    await Batch.post(database, tmp_path)
    clock.advance(4 * 3600)
    await offer_work(database)
    assert len(await told(database, worker)) == 1


@pytest.mark.unit
def test_hours_are_those_of_the_worker() -> None:
    now = Clock().now().replace(hour=6, minute=30)
    assert within(Rhythm(from_hour=9, to_hour=19), now, "Asia/Kathmandu")
    assert not within(Rhythm(from_hour=9, to_hour=19), now, "UTC")
    assert opens(Rhythm(from_hour=9, to_hour=19), now, "UTC") - now == timedelta(hours=2, minutes=30)
    assert opens(Rhythm(from_hour=6, to_hour=12), now, None) - now == timedelta(hours=23, minutes=30)
    assert within(Rhythm(from_hour=0, to_hour=24), now, "No/Where")
