"""Who wins an appeal is paid what everybody got for such an answer, also where their batch was closed meanwhile."""

from pathlib import Path
from typing import Any

import pytest

from crowd.appeals.settling import settle_voidings
from crowd.appeals.states import TO_FILE, Ground
from crowd.batches.cards import BatchCard, batch_card
from crowd.batches.life import State, set_state
from crowd.fairpay.looking import look_at_pay
from crowd.fairpay.raising import Raised, Reason, raise_price
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people
from tests.crowd.test_voiding import PRICE, answered, decided, filed, scene, told, voided
from tests.database import Clock

DEARER = 30_000
KENYA = 1_500_000
"""Micro-units of USD an hour: the default floor."""


async def raised(batch: Batch) -> None:
    async with batch.database.transaction() as tx:
        await tx.row("SELECT FROM batch WHERE id = $1 FOR NO KEY UPDATE", batch.id)
        assert isinstance(await raise_price(tx, batch.id, Reason(DEARER, 60_000, "KE", 1_800_000)), Raised)


async def closed(batch: Batch) -> BatchCard:
    async with batch.database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    return await card_of(batch)


async def card_of(batch: Batch) -> BatchCard:
    async with batch.database.reading() as tx:
        card = await batch_card(tx, batch.id)
    assert card is not None
    return card


async def got(batch: Batch, worker: Worker) -> int:
    """All that a worker has available of a batch, micro-units."""
    query = "SELECT coalesce(sum(balance), 0)::bigint FROM account WHERE kind = 'available' AND owner = $1"
    return int(await batch.value(query, worker.id))


async def roomy(database: Database, folder: Path, answers: int = 4, **spec: Any) -> tuple[Batch, Worker]:
    return await scene(database, folder, answers, overlap={"least": 2, "most": 8}, **spec)


async def test_an_appeal_won_after_the_end_pays_the_price_that_all_others_got(
    database: Database, tmp_path: Path
) -> None:
    batch, worker = await roomy(database, tmp_path, fee_ppm=100_000)
    (other,) = await people(database, 1)
    await answered(batch, other, 4)
    number = await voided(batch, worker)
    await raised(batch)
    assert await got(batch, other) == 4 * (DEARER - PRICE)
    assert await filed(batch, worker, number)
    before = await closed(batch)
    assert await batch.value("SELECT amount FROM transfer WHERE reason = 'fee' AND ref = $1", batch.id) == 4 * 3_000
    await check_books(database)
    await decided(batch, number, grant=True)
    assert await got(batch, worker) == 4 * DEARER
    (notice,) = await told(database, worker, "top_up")
    assert (notice["amount"], notice["raised"]) == (4 * (DEARER - PRICE), False)
    after = await card_of(batch)
    assert after.spent == before.spent == 8 * DEARER
    assert after.returned == before.returned
    await check_books(database)


async def test_what_nobody_claims_goes_back_to_the_requester_with_what_was_set_aside_for_it(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await roomy(database, tmp_path)
    await voided(batch, worker)
    await raised(batch)
    before = await closed(batch)
    assert before.spent == 4 * DEARER
    clock.advance(TO_FILE.total_seconds())
    await settle_voidings(database)
    after = await card_of(batch)
    assert (after.spent, after.returned) == (0, after.funded)
    assert await got(batch, worker) == 0
    await check_books(database)


async def test_time_at_voided_work_is_paid_by_the_floor_once_it_is_given_back(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await roomy(database, tmp_path, 0)
    await batch.run("UPDATE worker SET country = 'KE' WHERE id = $1", worker.id)
    task = await batch.given(worker)
    clock.advance(600)
    await batch.accepted(worker, task.lease_id)
    number = await voided(batch, worker)
    assert await filed(batch, worker, number)
    await closed(batch)
    await check_books(database)
    await decided(batch, number, grant=True)
    assert await got(batch, worker) == KENYA // 6
    await check_books(database)


async def test_what_was_paid_on_top_before_the_voiding_is_not_paid_again(database: Database, tmp_path: Path) -> None:
    batch, worker = await roomy(database, tmp_path)
    await raised(batch)
    number = await voided(batch, worker)
    assert await filed(batch, worker, number)
    await closed(batch)
    assert await batch.value("SELECT count(*) FROM transfer WHERE reason = 'aside' AND ref = $1", number) == 0
    await decided(batch, number, grant=True)
    assert await got(batch, worker) == 4 * DEARER
    await check_books(database)


@pytest.mark.parametrize("first", [0, 1])
async def test_of_two_voidings_each_brings_its_own_difference(database: Database, tmp_path: Path, first: int) -> None:
    batch, worker = await roomy(database, tmp_path, 0)
    one, *_ = await answered(batch, worker, 3)
    numbers = [await voided(batch, worker, answer_id=one, ground=Ground.FINDING), await voided(batch, worker)]
    await raised(batch)
    for number in numbers:
        assert await filed(batch, worker, number)
    await closed(batch)
    for number, answers in ((numbers[first], (1, 2)[first]), (numbers[1 - first], 3)):
        await decided(batch, number, grant=True)
        assert await got(batch, worker) == answers * DEARER
        await check_books(database)


async def test_where_the_money_does_not_suffice_what_was_voided_is_given_back_all_the_same(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path, 9, overlap={"least": 1, "most": 1})
    task = await batch.given(worker)
    clock.advance(600)
    await batch.accepted(worker, task.lease_id)
    number = await voided(batch, worker)
    assert await filed(batch, worker, number)
    await closed(batch)
    assert await batch.value("SELECT count(*) FROM audit WHERE action = 'aside.short' AND subject = $1", str(batch.id))
    await decided(batch, number, grant=True)
    assert await got(batch, worker) == 10 * PRICE
    await check_books(database)


async def test_an_appeal_won_while_the_batch_goes_on_is_paid_the_same(database: Database, tmp_path: Path) -> None:
    batch, worker = await roomy(database, tmp_path)
    number = await voided(batch, worker)
    await raised(batch)
    assert await filed(batch, worker, number)
    await decided(batch, number, grant=True)
    await look_at_pay(database)
    assert await got(batch, worker) == 4 * DEARER
    await check_books(database)
