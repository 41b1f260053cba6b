"""A bonus is paid once, out of a pot that holds it, and its worker is told."""

import asyncio

import asyncpg
import pytest

from crowd.bonuses.paying import Bonus, bonuses_of, pay_bonus
from crowd.bonuses.pot import BonusError, Pot, pots, put_in
from crowd.money.amounts import AmountError, amount_in
from crowd.money.earnings import Wallet, earnings
from crowd.outbox import take
from crowd.workers.forgetting import forget, leaving
from crowd.workers.registry import WorkerState, set_state
from db.database import Database
from tests.crowd.scene import Worker, check_books, people, until_waiting, working

BY = "house/amina"
REASON = "You found three mistakes in our texts."


async def filled(database: Database, amount: int, currency: str, key: str) -> bool:
    async with database.transaction() as tx:
        return await put_in(tx, amount, currency, key=key, by=BY)


async def pot(database: Database, currency: str) -> Pot:
    async with database.reading() as tx:
        return next(each for each in await pots(tx) if each.currency == currency)


async def paid(
    database: Database, worker: Worker, amount: int, currency: str, *, key: str, reason: str = REASON
) -> bool:
    async with database.transaction() as tx:
        return await pay_bonus(tx, worker.id, amount, currency, reason, key=key, by=BY)


async def available(database: Database, worker: Worker) -> dict[str, int]:
    async with database.reading() as tx:
        return {each.currency: each.available for each in (await earnings(tx, worker.id)).wallets}


async def test_a_bonus_goes_to_a_worker_who_never_had_that_currency(database: Database) -> None:
    (worker,) = await people(database, 1)
    await filled(database, 5_000_000, "KES", "kes")
    assert await paid(database, worker, 1_250_000, "KES", key="b1", reason="  Thank \n you ")
    async with database.reading() as tx:
        found = await earnings(tx, worker.id)
        (given,) = await bonuses_of(tx, worker.id)
    assert found.wallets == (Wallet("KES", 0, 1_250_000, 0, 0),)
    assert [(each.reason, each.amount, each.currency) for each in found.bonuses] == [("Thank you", 1_250_000, "KES")]
    assert given == Bonus(given.id, 1_250_000, "KES", "Thank you", BY, given.at)
    assert await pot(database, "KES") == Pot("KES", 3_750_000, 5_000_000, 1_250_000)
    await check_books(database)


async def test_its_worker_is_told_also_after_a_stop(database: Database) -> None:
    (worker,) = await people(database, 1)
    await filled(database, 5_000_000, "UGX", "ugx")
    async with database.transaction() as tx:
        await set_state(tx, worker.id, WorkerState.STOPPED)
    await paid(database, worker, 1_000_000, "UGX", key="told")
    async with database.transaction() as tx:
        (notice,) = [each for each in await take(tx, 100) if each.person_id == worker.person_id]
        audited = await tx.value("SELECT detail ->> 'reason' FROM audit WHERE action = 'bonus.pay' ORDER BY id DESC")
    assert (notice.subject, notice.wanted) == ("bonus", True)
    assert notice.content == {"amount": 1_000_000, "currency": "UGX", "reason": REASON}
    assert audited == REASON


async def test_sent_twice_it_is_paid_once_also_at_the_same_moment(database: Database) -> None:
    (worker,) = await people(database, 1)
    await filled(database, 9_000_000, "TZS", "tzs")
    done = await asyncio.gather(*(paid(database, worker, 2_000_000, "TZS", key="twice") for _ in range(5)))
    assert sorted(done) == [False] * 4 + [True]
    assert await available(database, worker) == {"TZS": 2_000_000}
    for other in ({"amount": 2_000_001}, {"reason": "Another"}, {"currency": "KES"}):
        with pytest.raises(BonusError, match="another bonus"):
            await paid(database, worker, **{"amount": 2_000_000, "currency": "TZS", "key": "twice"} | other)  # type: ignore[arg-type]
    await check_books(database)


async def test_a_pot_pays_no_more_than_it_holds_however_many_ask_at_once(database: Database) -> None:
    crew = await people(database, 6)
    await filled(database, 5_000_000, "RWF", "rwf")
    done = await asyncio.gather(
        *(paid(database, worker, 2_000_000, "RWF", key=f"rwf {worker.id}") for worker in crew), return_exceptions=True
    )
    assert sorted(str(each) for each in done) == sorted(
        ["True", "True"] + ["the pot in RWF does not hold that much: put money in first"] * 4
    )
    assert (await pot(database, "RWF")).balance == 1_000_000
    async with database.reading() as tx:
        told = await tx.value("SELECT count(*) FROM outbox WHERE content ->> 'currency' = 'RWF'")
    assert told == 2, "nobody is told of what was not paid"
    await check_books(database)


async def test_money_is_put_in_once_and_taken_out_only_as_far_as_it_is_there(database: Database) -> None:
    done = await asyncio.gather(*(filled(database, 3_000_000, "GHS", "ghs") for _ in range(4)))
    assert sorted(done) == [False, False, False, True]
    with pytest.raises(BonusError, match="another sum"):
        await filled(database, 4_000_000, "GHS", "ghs")
    with pytest.raises(BonusError, match="does not hold"):
        await filled(database, -3_000_001, "GHS", "too much")
    assert await filled(database, -1_000_000, "GHS", "back")
    assert not await filled(database, -1_000_000, "GHS", "back")
    assert await pot(database, "GHS") == Pot("GHS", 2_000_000, 2_000_000, 0)
    await check_books(database)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"amount": 0}, "say how much"),
        ({"amount": -5}, "say how much"),
        ({"amount": 2**60}, "say how much"),
        ({"currency": "usd"}, "no currency"),
        ({"currency": "XXX"}, "put money in first"),
        ({"reason": " \n"}, "say what it is for"),
        ({"reason": "x" * 301}, "say what it is for"),
        ({"key": " "}, "a key has"),
        ({"key": "k" * 101}, "a key has"),
        ({"key": "a\x00b"}, "a key has"),
    ],
)
async def test_what_cannot_be_paid_says_why(database: Database, change: dict[str, object], why: str) -> None:
    (worker,) = await people(database, 1)
    asked = {"amount": 1_000, "currency": "USD", "key": "odd", "reason": REASON} | change
    with pytest.raises(BonusError, match=why):
        await paid(database, worker, **asked)  # type: ignore[arg-type]
    assert await available(database, worker) == {}


async def test_who_was_erased_is_paid_nothing_and_a_retry_of_what_was_paid_before_is_none(database: Database) -> None:
    (worker,) = await people(database, 1)
    await filled(database, 3_000_000, "MWK", "mwk")
    await paid(database, worker, 1_000_000, "MWK", key="before")
    async with working(database, worker) as tx:
        assert await forget(tx, worker.id, worker.person_id, (await leaving(tx, worker.id)).mark)
    with pytest.raises(BonusError, match="erased"):
        await paid(database, worker, 1_000_000, "MWK", key="after")
    assert not await paid(database, worker, 1_000_000, "MWK", key="before")
    assert (await pot(database, "MWK")).balance == 2_000_000
    await check_books(database)


async def test_who_is_erased_at_the_same_moment_is_paid_before_or_not_at_all(database: Database) -> None:
    (worker,) = await people(database, 1)
    await filled(database, 3_000_000, "BDT", "bdt")
    async with working(database, worker) as tx:
        paying = asyncio.create_task(paid(database, worker, 1_000_000, "BDT", key="race"))
        await until_waiting(tx)
        assert await forget(tx, worker.id, worker.person_id, (await leaving(tx, worker.id)).mark)
    with pytest.raises(BonusError, match="erased"):
        await paying
    assert (await pot(database, "BDT")).balance == 3_000_000
    await check_books(database)


async def test_what_was_paid_cannot_be_changed(database: Database) -> None:
    (worker,) = await people(database, 1)
    await filled(database, 1_000_000, "ZMW", "zmw")
    await paid(database, worker, 1_000_000, "ZMW", key="fixed")
    for change in ("UPDATE bonus SET amount = 1", "DELETE FROM bonus", "UPDATE pot_funding SET amount = 1"):
        with pytest.raises(asyncpg.PostgresError, match="append only"):
            async with database.transaction() as tx:
                await tx.run(change)


def test_amounts_are_read_to_the_last_micro_unit() -> None:
    assert [amount_in(each) for each in ("12.5", " 0,000001 ", "3", "-1")] == [12_500_000, 1, 3_000_000, -1_000_000]
    for odd in ("", "a", "1.0000001", "NaN", "Infinity", "1e400", "1_0.5x"):
        with pytest.raises(AmountError, match="no amount"):
            amount_in(odd)
