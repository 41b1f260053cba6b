"""Transactions end where they began, an update is handled once, and a connection is never left in the middle."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import count

import asyncpg
import pytest

from crowd.workers.registry import find, welcome
from db.database import Database, RolledBackError, connected
from tests.crowd.scene import until_waiting

BOT = 1
_updates = count(1)
_people = count(9_000_000)


@pytest.fixture
async def lone(dsn: str) -> AsyncIterator[Database]:
    """A pool of one connection: whatever is left on it meets the next who comes."""
    async with connected(dsn, name="lone", connections=1) as opened:
        yield opened


async def newcomer(database: Database) -> int:
    person = next(_people)
    async with database.transaction() as tx:
        await welcome(tx, person, locale="en", country=None, time_zone=None, slug=None)
    return person


async def noted(database: Database, update: int) -> bool:
    async with database.transaction() as tx:
        return bool(await tx.value("SELECT count(*) FROM inbox WHERE bot_id = $1 AND update_id = $2", BOT, update))


@pytest.mark.parametrize("known", [True, False])
async def test_an_update_is_new_once(database: Database, known: bool) -> None:
    person, update = (await newcomer(database) if known else next(_people)), next(_updates)
    async with database.update(BOT, update, person) as tx:
        assert (tx.seen, tx.known) == (False, known)
        assert (tx.bot_id, tx.person_id) == (BOT, person)
    async with database.update(BOT, update, person) as tx:
        assert (tx.seen, tx.known) == (True, known)
    async with database.update(BOT + 1, update, person) as tx:
        assert tx.seen is False


async def test_the_same_update_twice_at_once_is_new_once_and_the_second_waits(database: Database) -> None:
    person, update = await newcomer(database), next(_updates)
    order: list[str] = []

    async def second() -> bool:
        async with database.update(BOT, update, person) as tx:
            order.append("second")
            return tx.seen

    async with database.update(BOT, update, person) as tx:
        assert not tx.seen
        other = asyncio.create_task(second())
        await until_waiting(tx)
        order.append("first")
    assert await other is True
    assert order == ["first", "second"]


async def test_two_updates_of_one_person_wait_for_each_other(database: Database) -> None:
    person = await newcomer(database)

    async def second() -> str:
        async with database.update(BOT, next(_updates), person) as tx:
            worker = await find(tx, person)
            assert worker is not None
            return worker.locale

    async with database.update(BOT, next(_updates), person) as tx:
        other = asyncio.create_task(second())
        await until_waiting(tx)
        await tx.run("UPDATE worker SET locale = 'sw' WHERE person_id = $1", person)
    assert await other == "sw"


async def test_a_repeated_update_waits_for_its_worker_too(database: Database) -> None:
    """Drawing the screen anew reads what is in the worker's hands: it must not read it in the middle."""
    person, update = await newcomer(database), next(_updates)
    async with database.update(BOT, update, person):
        pass

    async def again() -> bool:
        async with database.update(BOT, update, person) as tx:
            return tx.seen

    async with database.update(BOT, next(_updates), person) as tx:
        other = asyncio.create_task(again())
        await until_waiting(tx)
    assert await other is True


async def test_an_update_that_fails_was_never_seen(lone: Database) -> None:
    person, update = await newcomer(lone), next(_updates)
    with pytest.raises(ZeroDivisionError):
        async with lone.update(BOT, update, person):
            raise ZeroDivisionError
    assert not await noted(lone, update)
    async with lone.update(BOT, update, person) as tx:
        assert not tx.seen


async def test_the_twin_of_an_update_that_fails_is_new(database: Database) -> None:
    person, update = await newcomer(database), next(_updates)

    async def second() -> bool:
        async with database.update(BOT, update, person) as tx:
            return tx.seen

    async def first() -> None:
        async with database.update(BOT, update, person) as tx:
            others.append(asyncio.create_task(second()))
            await until_waiting(tx)
            raise ZeroDivisionError

    others: list[asyncio.Task[bool]] = []
    with pytest.raises(ZeroDivisionError):
        await first()
    assert await others[0] is False


async def test_a_connection_is_good_again_after_an_error_of_the_database(lone: Database) -> None:
    async def fail() -> None:
        async with lone.transaction() as tx:
            await tx.run("INSERT INTO inbox (bot_id, update_id) VALUES (50, 50)")
            await tx.value("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await fail()
    async with lone.transaction() as tx:
        assert await tx.value("SELECT count(*) FROM inbox WHERE bot_id = 50") == 0


async def test_an_error_that_was_passed_over_does_not_pass_for_a_commit(lone: Database) -> None:
    """PostgreSQL answers COMMIT with a rollback then, and says so only in the command's tag."""
    update = next(_updates)

    async def pass_over() -> None:
        async with lone.update(BOT, update, 1) as tx:
            with suppress(asyncpg.DivisionByZeroError):
                await tx.value("SELECT 1 / 0")

    with pytest.raises(RolledBackError):
        await pass_over()
    assert not await noted(lone, update)


async def test_reading_cannot_write_and_sees_one_moment(database: Database) -> None:
    update = next(_updates)
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with database.reading() as tx:
            await tx.run("INSERT INTO inbox (bot_id, update_id) VALUES (1, 1)")
    async with database.reading() as tx:
        query = "SELECT count(*) FROM inbox WHERE bot_id = $1 AND update_id = $2"
        assert await tx.value(query, BOT, update) == 0
        async with database.update(BOT, update, 1):
            pass
        assert await tx.value(query, BOT, update) == 0
    assert await noted(database, update)


@pytest.mark.parametrize("cancels", [1, 2, 3])
@pytest.mark.parametrize("where", ["update", "statement", "opening"])
async def test_a_task_that_is_cancelled_leaves_no_open_transaction(
    database: Database, lone: Database, where: str, cancels: int
) -> None:
    person, update = await newcomer(database), next(_updates)

    async def handle() -> None:
        if where == "opening":
            async with lone.update(BOT, update, person):
                raise AssertionError("the worker is locked by somebody else")
        if where == "update":
            async with lone.update(BOT, update, next(_people)) as tx:
                await tx.row("SELECT FROM worker WHERE person_id = $1 FOR UPDATE", person)
        async with lone.transaction() as tx:
            await tx.run("INSERT INTO inbox (bot_id, update_id) VALUES ($1, $2)", BOT, update)
            await tx.row("SELECT FROM worker WHERE person_id = $1 FOR UPDATE", person)

    async with database.transaction() as tx:
        await tx.row("SELECT FROM worker WHERE person_id = $1 FOR UPDATE", person)
        task = asyncio.create_task(handle())
        await until_waiting(tx)
        for _ in range(cancels):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises((asyncio.CancelledError, asyncpg.QueryCanceledError)):
            await task
        async with lone.transaction() as after:
            assert await after.value("SELECT count(*) FROM inbox WHERE update_id = $1", update) == 0
            assert await after.value("SELECT txid_current_if_assigned() IS NULL")  # a transaction of its own
    assert not await noted(database, update)


async def test_a_connection_that_the_server_ended_is_replaced(owner: Database, lone: Database) -> None:
    async def end(pid: int) -> None:
        async with owner.transaction() as other:
            await other.value("SELECT pg_terminate_backend($1)", pid)

    async def cut_off() -> None:
        async with lone.transaction() as tx:
            await end(await tx.value("SELECT pg_backend_pid()"))
            await tx.value("SELECT 1")

    with pytest.raises(ConnectionError):  # whatever it was to asyncpg: the database is away, not the update at fault
        await cut_off()
    async with lone.update(BOT, next(_updates), 1) as tx:
        assert not tx.seen


async def test_what_is_json_comes_back_as_it_was(database: Database) -> None:
    async with database.transaction() as tx:
        values: list[object] = [None, [], {}, "ሰላም \u202e", 0.1, [{"a": [1, None, True]}], "\\u0000"]
        for value in values:
            assert await tx.value("SELECT $1::jsonb", value) == value
        assert await tx.run("UPDATE inbox SET failed = NULL WHERE false") == 0
        assert await tx.row("SELECT 1 WHERE false") is None
