"""The ledger's rules are held by the database, whoever writes to it."""

import asyncio

import asyncpg
import pytest

from db.database import Database
from tests.db.ledger import balance, funded, open_account, transfer

APPEND_ONLY, WRONG_TRANSFER, ONLY_TRANSFERS = "KZ002", "KZ001", "KZ003"
CHECK, TWICE, NULL = "23514", "23505", "23502"


@pytest.fixture
def database(owner: Database) -> Database:
    """As the owner of the tables, who may do most; as Kazi's own processes: `test_role.py`."""
    return owner


async def refused(database: Database, query: str, *arguments: object) -> str:
    """The state with which the database refuses a statement; everything is as before."""
    async with database.reading() as tx:
        before = await tx.rows("SELECT * FROM account ORDER BY id"), await tx.rows("SELECT * FROM transfer ORDER BY id")
    with pytest.raises(asyncpg.PostgresError) as error:
        async with database.transaction() as tx:
            await tx.run(query, *arguments)
    async with database.reading() as tx:
        after = await tx.rows("SELECT * FROM account ORDER BY id"), await tx.rows("SELECT * FROM transfer ORDER BY id")
    assert before == after
    return error.value.sqlstate or ""


REWRITES = (
    "UPDATE transfer SET amount = amount + 1",
    "UPDATE transfer SET reason = 'x' WHERE false",
    "DELETE FROM transfer",
    "TRUNCATE transfer",
    "TRUNCATE transfer CASCADE",
    "INSERT INTO transfer SELECT * FROM transfer ON CONFLICT (reason, ref) DO UPDATE SET amount = 1",
    "DELETE FROM account",
    "TRUNCATE account",
    "UPDATE account SET owner = 5",
    "UPDATE account SET kind = 'world'",
    "UPDATE account SET currency = 'KES'",
    "UPDATE account SET slot = 1 WHERE false",
    "UPDATE account SET id = DEFAULT",
    "MERGE INTO transfer USING (SELECT 1) one ON true WHEN MATCHED THEN DELETE",
)


@pytest.mark.parametrize("query", REWRITES)
async def test_the_ledger_is_append_only(database: Database, query: str) -> None:
    await funded(database)
    assert await refused(database, query) in {APPEND_ONLY, "428C9"}


BALANCES = (
    "UPDATE account SET balance = balance + 1",
    "UPDATE account SET balance = 0, reserved = 0",
    "INSERT INTO account (kind, owner, currency, balance) VALUES ('available', 99999, 'USD', 5)",
    "INSERT INTO account (kind, owner, currency, balance) VALUES ('world', 99999, 'USD', -5)",
    """
    INSERT INTO account (kind, owner, slot, currency) SELECT kind, owner, slot, currency FROM account
    ON CONFLICT (kind, owner, currency, slot) DO UPDATE SET balance = 7
    """,
    "MERGE INTO account USING (SELECT 1) one ON true WHEN MATCHED THEN UPDATE SET balance = 1",
)


@pytest.mark.parametrize("query", BALANCES)
async def test_only_a_transfer_moves_money(database: Database, query: str) -> None:
    await funded(database)
    assert await refused(database, query) == ONLY_TRANSFERS


PUT = "INSERT INTO transfer (reason, ref, debit, credit, amount, at) VALUES ('bad', 1, $1, $2, $3, now())"


async def test_a_transfer_that_is_none_is_refused(database: Database) -> None:
    world, purse, hold = await funded(database)
    assert await refused(database, PUT, purse, hold, 0) == CHECK
    assert await refused(database, PUT, purse, hold, -5) == CHECK
    assert await refused(database, PUT, purse, purse, 5) == CHECK
    assert await refused(database, PUT, purse, 2**40, 5) == WRONG_TRANSFER
    assert await refused(database, PUT, 2**40, purse, 5) == WRONG_TRANSFER
    assert await refused(database, PUT, 2**40, 2**41, 5) == WRONG_TRANSFER
    assert await refused(database, PUT, purse, None, 5) in {NULL, WRONG_TRANSFER}
    assert await refused(database, PUT, hold, purse, 1) == CHECK  # nothing in it
    assert await refused(database, PUT, purse, hold, 101) == CHECK
    assert await refused(database, PUT, world, purse, 2**63 - 1) == "22003"


async def test_money_of_two_currencies_does_not_mix(database: Database) -> None:
    _, purse, _ = await funded(database)
    async with database.transaction() as tx:
        shillings = await open_account(tx, "hold", "KES")
    assert await refused(database, PUT, purse, shillings, 5) == WRONG_TRANSFER


async def test_what_is_promised_cannot_be_moved_and_no_more_be_promised_than_is_there(database: Database) -> None:
    _, purse, hold = await funded(database, 100)
    promise = "UPDATE account SET reserved = reserved + $2 WHERE id = $1"
    async with database.transaction() as tx:
        await tx.run(promise, purse, 60)
    assert await refused(database, promise, purse, 41) == CHECK
    assert await refused(database, promise, purse, -61) == CHECK
    assert await refused(database, PUT, purse, hold, 41) == CHECK
    async with database.transaction() as tx:
        await transfer(tx, purse, hold, 40)
        assert await balance(tx, purse) == 60


async def test_a_reason_and_ref_happen_once_also_at_once(database: Database) -> None:
    _, purse, hold = await funded(database, 100)

    async def earn() -> bool:
        try:
            async with database.transaction() as tx:
                await transfer(tx, purse, hold, 10, "earn-once", 1)
        except asyncpg.UniqueViolationError:
            return False
        return True

    assert sorted(await asyncio.gather(*(earn() for _ in range(6)))) == [False] * 5 + [True]
    async with database.transaction() as tx:
        assert (await balance(tx, purse), await balance(tx, hold)) == (90, 10)
        await transfer(tx, purse, hold, 10, "earn-once", 2)
        await transfer(tx, purse, hold, 10, "earn-other", 1)


async def test_many_transfers_of_one_statement_are_posted_together_or_not_at_all(database: Database) -> None:
    world, purse, hold = await funded(database, 100)
    many = """
        INSERT INTO transfer (reason, ref, debit, credit, amount, at)
        SELECT 'many', n, $1, $2, $3, now() FROM generate_series($4::int, $5::int) n
    """
    async with database.transaction() as tx:
        await tx.run(many, purse, hold, 9, 1, 11)
        assert (await balance(tx, purse), await balance(tx, hold)) == (1, 99)
    assert await refused(database, many, purse, hold, 1, 12, 13) == CHECK
    assert await refused(database, many, world, purse, 1, 11, 12) == TWICE


async def test_the_last_money_is_spent_once(database: Database) -> None:
    _, purse, _ = await funded(database, 100)

    async def take() -> bool:
        try:
            async with database.transaction() as tx:
                mine = await open_account(tx, "hold")
                await transfer(tx, purse, mine, 30)
        except asyncpg.CheckViolationError:
            return False
        return True

    assert sum(await asyncio.gather(*(take() for _ in range(8)))) == 3
    async with database.transaction() as tx:
        assert await balance(tx, purse) == 10


async def test_kinds_of_accounts_are_known(database: Database) -> None:
    assert await refused(database, "INSERT INTO account (kind, owner, currency) VALUES ('pot', 1, 'USD')") == CHECK
