"""What one process does at a time is done by the one that holds the duty, for as long as it renews it."""

import asyncio

from crowd import duty
from db.database import Database
from tests.database import Clock


async def take(database: Database, name: str, holder: str) -> bool:
    async with database.transaction() as tx:
        return await duty.take(tx, name, holder, 30)


async def test_of_many_at_once_one_holds_a_duty_and_renews_it(database: Database, clock: Clock) -> None:
    holders = [f"process {number}" for number in range(8)]
    took = await asyncio.gather(*(take(database, "shared", holder) for holder in holders))
    assert took.count(True) == 1
    holder = holders[took.index(True)]
    clock.advance(29)
    assert await take(database, "shared", holder)
    clock.advance(29)
    assert not await take(database, "shared", "another")


async def test_a_duty_passes_on_when_its_holder_is_gone_or_lays_it_down(database: Database, clock: Clock) -> None:
    assert await take(database, "passing", "first")
    clock.advance(30)
    assert await take(database, "passing", "second")
    assert not await take(database, "passing", "first")
    async with database.transaction() as tx:
        await duty.lay_down(tx, "passing", "first")
    assert not await take(database, "passing", "first"), "only one's own can be laid down"
    async with database.transaction() as tx:
        await duty.lay_down(tx, "passing", "second")
    assert await take(database, "passing", "first")
