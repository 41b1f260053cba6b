"""Who a worker was is gone from every table, what they did and the books stay, and no job stumbles over it."""

import asyncio
from pathlib import Path

from crowd import outbox
from crowd.loop.drafts import keep_draft
from crowd.loop.leases import expire_leases
from crowd.money.holds import release_holds
from crowd.payouts.details import enter
from crowd.payouts.entering import begin
from crowd.payouts.method import Asked
from crowd.payouts.methods import methods
from crowd.payouts.queue import refuse
from crowd.payouts.rotating import rotate
from crowd.receipts.period import ALL
from crowd.receipts.statement import Amounts, statement
from crowd.workers.forgetting import Leaving, Left, forget, leaving
from crowd.workers.registry import find, welcome
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.database import Clock
from tests.payouts.test_paying_out import EARNED, VAULT, asked, earned

DETAILS: dict[str, str] = {Asked.PHONE: "+254711222333", Asked.NAME: "Zawadi Nobody"}


async def how_it_stands(database: Database, worker: Worker) -> Leaving:
    async with database.reading() as tx:
        return await leaving(tx, worker.id)


async def erased(database: Database, worker: Worker, mark: str | None = None) -> bool:
    async with working(database, worker) as tx:
        return await forget(tx, worker.id, worker.person_id, mark or (await leaving(tx, worker.id)).mark)


async def test_nothing_of_the_person_is_left_in_any_table_and_the_books_balance(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    (worker,) = await people(database, 1)
    await earned(database, clock, tmp_path, [worker])
    async with working(database, worker) as tx:
        await tx.run(
            "UPDATE worker SET locale = 'sw', country = 'KE', time_zone = 'Africa/Nairobi' WHERE id = $1", worker.id
        )
        await enter(tx, VAULT, worker.id, methods()["mobile_money"], DETAILS)
        await begin(tx, VAULT, worker.id, "KE", "mobile_money")
        await keep_draft(tx, 7, worker.person_id, "lease:1", "a secret thought")
        await tx.run("INSERT INTO skill (worker_id, name, granted_at) VALUES ($1, 'x', $2)", worker.id, tx.now)
    payout = await asked(database, worker)
    async with database.transaction() as tx:
        await refuse(tx, payout.id, "Zawadi, this number is another's", by="house/amina")
    batch = await Batch.post(database, tmp_path / "more", tasks=4, price="0.50")
    await batch.accepted(worker, (await batch.given(worker)).lease_id)
    await batch.given(worker)

    found = await how_it_stands(database, worker)
    assert (found.money, found.under_way) == ((Left("USD", 500_000, EARNED),), False)
    async with database.reading() as tx:
        fees = await tx.value("SELECT coalesce(sum(balance), 0)::bigint FROM account WHERE kind = 'fee'")
    assert not await erased(database, worker, "another mark")
    assert await erased(database, worker)

    async with database.reading() as tx:
        tables = await tx.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        for table in (row["name"] for row in tables):
            for row in await tx.rows(f'SELECT to_jsonb(t)::text AS told FROM "{table}" t'):
                for secret in ("Zawadi", "2333", "a secret thought", worker.pseudonym, "Nairobi"):
                    assert secret not in row["told"], (table, row["told"])
        for table in ("draft", "outbox", "worker"):
            assert await tx.value(f"SELECT count(*) FROM {table} WHERE person_id = $1", worker.person_id) == 0
        for table in ("worker_language", "skill", "payout_entry", "practised", "practising", "lease", "hold"):
            assert await tx.value(f"SELECT count(*) FROM {table} WHERE worker_id = $1", worker.id) == 0, table
        kept = await tx.row("SELECT * FROM worker WHERE id = $1", worker.id)
        assert kept is not None
        assert (kept["person_id"], kept["state"], kept["country"]) == (-worker.id, "forgotten", None)
        assert kept["pseudonym"].startswith("w_")
        assert await tx.value("SELECT count(*) FROM answer WHERE worker_id = $1", worker.id) == 6
        after = await tx.value("SELECT sum(balance)::bigint FROM account WHERE kind = 'fee'")
        assert after - fees == 500_000 + EARNED
        (money,) = (await statement(tx, worker.id, ALL)).money
        assert money.closing == Amounts(0, 0, 0, 0)
        assert money.moves.taken_back == 500_000 + EARNED
    await check_books(database)


async def test_jobs_and_notices_go_on_and_the_person_may_come_back(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    (worker,) = await people(database, 1)
    batch = await Batch.post(database, tmp_path, tasks=3, price="0.50")
    await batch.accepted(worker, (await batch.given(worker)).lease_id)
    assert await erased(database, worker)
    async with database.transaction() as tx:
        await tx.run(
            "INSERT INTO outbox (person_id, subject, content, key, due_at) "
            "SELECT person_id, 'payout', '{}', 'late', $2 FROM worker WHERE id = $1",
            worker.id, tx.now,
        )  # fmt: skip
        (notice,) = await outbox.take(tx, 5)
        assert not notice.wanted
        await outbox.give_up(tx, notice.id, "nobody")
    clock.advance(100 * 3600)
    await release_holds(database)
    await expire_leases(database)
    await rotate(database, VAULT)
    await check_books(database)
    async with database.transaction() as tx:
        assert await find(tx, worker.person_id) is None
        again = await welcome(tx, worker.person_id, locale="en", country=None, time_zone=None, slug=None)
    assert again.id != worker.id
    assert again.languages == {}


async def test_while_holds_are_released_all_of_it_is_counted_once(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    crew = list(await people(database, 4))
    batch = await Batch.post(database, tmp_path, tasks=3, price="0.50", overlap={"least": 4, "most": 4})
    for worker in crew:
        await batch.accepted(worker, (await batch.given(worker)).lease_id)
    clock.advance(100 * 3600)
    _, *gone = await asyncio.gather(release_holds(database), *(erased(database, worker) for worker in crew))
    assert gone == [True] * 4
    await release_holds(database)
    async with database.reading() as tx:
        ids = [worker.id for worker in crew]
        assert await tx.value("SELECT sum(balance) FROM account WHERE kind <> 'fee' AND owner = ANY($1)"
                              " AND kind IN ('hold', 'available')", ids) == 0  # fmt: skip
    await check_books(database)


async def test_nobody_is_erased_while_a_payout_is_under_way(database: Database, clock: Clock, tmp_path: Path) -> None:
    (worker,) = await people(database, 1)
    await earned(database, clock, tmp_path, [worker])
    async with working(database, worker) as tx:
        await enter(tx, VAULT, worker.id, methods()["mobile_money"], DETAILS)
    payout = await asked(database, worker)
    assert (await how_it_stands(database, worker)).under_way
    assert not await erased(database, worker)
    async with database.transaction() as tx:
        await refuse(tx, payout.id, "no", by="house/amina")
    assert await erased(database, worker)
    await check_books(database)
