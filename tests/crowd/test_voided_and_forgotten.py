"""What was voided of somebody who had themselves erased strands nowhere: given back, it falls to the house."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from crowd.appeals import filing
from crowd.appeals.settling import give_back_for_golds, settle_voidings
from crowd.appeals.states import TO_ANSWER, TO_FILE, Ground, Outcome
from crowd.workers.forgetting import forget, leaving
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, working
from tests.crowd.test_voided_and_raised import DEARER, card_of, closed, got, raised, roomy
from tests.crowd.test_voiding import PRICE, answered, balance, decided, filed, outcome, scene, told, voided
from tests.database import Clock


async def erased(batch: Batch, worker: Worker) -> bool:
    async with working(batch.database, worker) as tx:
        return await forget(tx, worker.id, worker.person_id, (await leaving(tx, worker.id)).mark)


async def of_the_house(database: Database) -> int:
    query = "SELECT coalesce(sum(balance), 0)::bigint FROM account WHERE kind = 'fee' AND currency = 'USD'"
    async with database.reading() as tx:
        found: int = await tx.value(query)
    return found


@pytest.mark.parametrize("way", ["granted", "silence", "mistaken"])
async def test_what_is_given_back_to_somebody_erased_falls_to_the_house(
    database: Database, clock: Clock, tmp_path: Path, way: str
) -> None:
    batch, worker = await scene(database, tmp_path)
    number = await voided(batch, worker, ground=Ground.GOLDS)
    await answered(batch, worker, 1)
    assert await filed(batch, worker, number)
    before = await of_the_house(database)
    assert await erased(batch, worker)
    assert await of_the_house(database) == before + PRICE, "what was on hold"
    if way == "granted":
        await decided(batch, number, grant=True)
    elif way == "silence":
        clock.advance(TO_ANSWER.total_seconds())
        await settle_voidings(database)
    else:
        async with working(database, worker) as tx:
            kind = await tx.row("SELECT kind, language FROM batch WHERE id = $1", batch.id)
            assert kind is not None
            assert await give_back_for_golds(tx, [worker.id], kind["kind"], kind["language"]) == [number]
    assert await outcome(batch, number) == way
    assert await got(batch, worker) == 0
    assert await balance(batch, "voided") == 0
    assert await of_the_house(database) == before + 5 * PRICE
    assert await told(database, worker, "appeal") == []
    await settle_voidings(database)
    await check_books(database)


async def test_what_nobody_gives_back_to_somebody_erased_is_the_batchs_again(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    escrow = await balance(batch, "escrow")
    number = await voided(batch, worker)
    assert await erased(batch, worker)
    clock.advance(TO_FILE.total_seconds())
    await settle_voidings(database)
    assert await outcome(batch, number) == Outcome.UNAPPEALED
    assert await balance(batch, "escrow") == escrow + 4
    await check_books(database)


async def test_what_was_set_aside_for_somebody_erased_goes_back_to_the_requester(
    database: Database, tmp_path: Path
) -> None:
    batch, worker = await roomy(database, tmp_path)
    number = await voided(batch, worker)
    await raised(batch)
    assert await filed(batch, worker, number)
    before = await closed(batch)
    assert before.spent == 4 * DEARER
    assert await erased(batch, worker)
    await decided(batch, number, grant=True)
    after = await card_of(batch)
    assert (after.spent, after.returned) == (4 * PRICE, before.returned + 4 * (DEARER - PRICE))
    assert await got(batch, worker) == 0
    await check_books(database)


async def test_who_is_erased_at_the_moment_of_a_decision_leaves_nothing_behind(
    database: Database, tmp_path: Path
) -> None:
    for at in range(4):
        batch, worker = await scene(database, tmp_path / str(at))
        number = await voided(batch, worker)
        assert await filed(batch, worker, number)
        _, gone = await asyncio.gather(decided(batch, number, grant=True), erased(batch, worker))
        assert gone or await erased(batch, worker), "the decision came between"
        assert await got(batch, worker) == 0
        assert await balance(batch, "voided") == 0
    await check_books(database)


async def test_what_may_still_come_back_is_named_before_somebody_is_erased(database: Database, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    async with database.reading() as tx:
        before = await leaving(tx, worker.id)
    await voided(batch, worker)
    async with database.reading() as tx:
        after = await leaving(tx, worker.id)
    assert (before.voided, after.voided) == ((), (("USD", 4 * PRICE),))
    assert after.money == ()
    assert before.mark != after.mark


async def test_the_words_of_an_appeal_go_with_who_wrote_them_and_no_others(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    words = "I am Zawadi of Kisumu, look again"
    batch, worker = await roomy(database, tmp_path, 0)
    one, two, *_ = await answered(batch, worker, 3)
    over, waiting = [await voided(batch, worker, answer_id=answer, ground=Ground.FINDING) for answer in (one, two)]
    assert await filed(batch, worker, over, words)
    await decided(batch, over, grant=True)
    assert await filed(batch, worker, waiting, words)
    begun = await voided(batch, worker)
    async with working(database, worker) as tx:
        assert await filing.begin(tx, worker.id, begun) is not None
        assert await filing.write(tx, worker.id, words) is not None
    for number in (over, waiting):
        with pytest.raises(asyncpg.PostgresError, match="stays so"):
            await batch.run("UPDATE voiding SET said = NULL WHERE id = $1", number)
    assert await erased(batch, worker)
    async with database.reading() as tx:
        for row in await tx.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"):
            found = await tx.value(f"""SELECT count(*) FROM "{row["name"]}" t WHERE to_jsonb(t)::text ~ 'Zawadi'""")
            assert found == 0, row["name"]
    await decided(batch, waiting, grant=False)
    assert await outcome(batch, over) == Outcome.GRANTED
    await check_books(database)
