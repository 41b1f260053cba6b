"""Invitations are looked at when there is something new of their workers, and nothing new is missed."""

import asyncio
from pathlib import Path

import pytest

from crowd.appeals.settling import give_back_for_golds
from crowd.appeals.states import Ground
from crowd.appeals.voiding import void
from crowd.money.holds import release_holds
from db.database import Database
from tests.bonuses.scene import NEEDED, holds_over, invited, invites, looked, rewarded, with_golds, worked
from tests.crowd.scene import Batch, check_books, people, working
from tests.database import Clock


@pytest.fixture
async def batch(database: Database, tmp_path: Path) -> Batch:
    return await with_golds(database, tmp_path)


async def due(database: Database) -> set[int]:
    async with database.reading() as tx:
        return {row["invited_id"] for row in await tx.rows("SELECT invited_id FROM invitation WHERE due")}


async def test_an_invitation_is_looked_at_when_its_worker_had_money_released_and_not_before(
    database: Database, clock: Clock, batch: Batch
) -> None:
    await rewarded(database)
    inviter, other = await people(database, 2)
    friend, idle = await invited(database, inviter), await invited(database, inviter)
    await worked(batch, friend, clock, answers=2)
    await worked(batch, other, clock, answers=2)
    assert not {friend.id, idle.id, other.id} & await due(database)
    await holds_over(database, clock)
    assert {friend.id, idle.id, other.id} & await due(database) == {friend.id}
    await looked(database)
    assert friend.id not in await due(database)
    await worked(batch, friend, clock, answers=1)
    async with database.transaction() as tx:
        voiding = await void(tx, friend.id, batch.id, reason="a test", ground=Ground.GOLDS, by="house/amina (panel)")
    await holds_over(database, clock)
    assert friend.id not in await due(database), "nothing of theirs was released"
    async with working(database, friend) as tx:
        assert await give_back_for_golds(tx, [friend.id], "choice", "sw") == [voiding]
    assert friend.id in await due(database)


async def test_no_release_is_missed_by_who_looks_at_the_same_moment(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    await rewarded(database)
    (inviter,) = await people(database, 1)
    friends = [await invited(database, inviter) for _ in range(4)]
    batch = await Batch.post(database, tmp_path, tasks=60, golds=20, overlap={"least": 6, "most": 8})
    for friend in friends:
        await worked(batch, friend, clock, answers=2 * NEEDED)
    clock.advance(80 * 3600)
    await asyncio.gather(*(each(database) for _ in range(4) for each in (looked, release_holds)))
    await looked(database)
    assert (await invites(database, inviter)).under_way == 0
    await check_books(database)
