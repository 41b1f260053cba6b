"""Kazi's processes connect as a role that can do their work, and nothing to the rules by which money moves."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from db.database import Database
from db.role import ROLE
from kazi.connection import opened
from kazi.settings import Settings
from tests.db.ledger import balance, funded, open_account, transfer
from tests.db.test_ledger import BALANCES, CHECK, PUT, REWRITES, WRONG_TRANSFER, refused

NOT_ALLOWED = "42501"
BY_TRIGGER = {"KZ001", "KZ002", "KZ003", "KZ004", "428C9"}


@pytest.fixture
def place() -> Iterator[Path]:
    """A short path, that the server's own user can enter."""
    with TemporaryDirectory(prefix="kazi-tests-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


async def test_the_processes_connect_as_it_and_it_owns_nothing(place: Path) -> None:
    async with opened(Settings(data=place), name="test") as database, database.reading() as tx:
        row = await tx.row("SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles "
                           "WHERE rolname = current_user")  # fmt: skip
        owned = await tx.value("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        member = await tx.value("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole")
    assert row is not None
    assert tuple(row) == (ROLE, False, False, False, False)
    assert (owned, member) == (0, 0)


@pytest.mark.parametrize("query", [*REWRITES, *BALANCES])
async def test_it_can_neither_rewrite_the_ledger_nor_set_a_balance(database: Database, query: str) -> None:
    await funded(database)
    assert await refused(database, query) in {NOT_ALLOWED, *BY_TRIGGER}


async def test_an_unbalanced_transfer_and_a_negative_balance_are_refused(database: Database) -> None:
    world, purse, hold = await funded(database)
    async with database.transaction() as tx:
        shillings = await open_account(tx, "hold", "KES")
    for debit, credit, amount, why in (
        (purse, hold, 101, CHECK), (hold, purse, 1, CHECK), (purse, hold, 0, CHECK), (purse, hold, -5, CHECK),
        (purse, purse, 5, CHECK), (purse, 2**40, 5, WRONG_TRANSFER), (purse, shillings, 5, WRONG_TRANSFER),
    ):  # fmt: skip
        assert await refused(database, PUT, debit, credit, amount) == why
    assert await refused(database, "UPDATE account SET reserved = 101 WHERE id = $1", purse) == CHECK
    async with database.transaction() as tx:
        await transfer(tx, purse, hold, 40)
        assert (await balance(tx, world), await balance(tx, purse), await balance(tx, hold)) == (-100, 60, 40)


@pytest.mark.parametrize(
    "query",
    [
        "ALTER TABLE transfer DISABLE TRIGGER ALL",
        "ALTER TABLE account DISABLE TRIGGER only_transfers_move_money",
        "ALTER TABLE account DROP CONSTRAINT ck_account_no_overdraft",
        "ALTER TABLE account OWNER TO CURRENT_USER",
        "DROP TRIGGER append_only ON transfer",
        "DROP TABLE transfer",
        "DROP FUNCTION post_transfers() CASCADE",
        "CREATE OR REPLACE FUNCTION post_transfers() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE OR REPLACE RULE none AS ON INSERT TO transfer DO INSTEAD NOTHING",
        "CREATE TABLE public.account2 (id int)",
        "CREATE SCHEMA other",
        "CREATE TRIGGER mine BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION post_transfers()",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "UPDATE pg_trigger SET tgenabled = 'D'",
        "TRUNCATE payout, payout_post",
        "TRUNCATE worker CASCADE",
        "DELETE FROM payout",
        "DELETE FROM payout_file",
        "DELETE FROM payout_post",
        "UPDATE payout SET amount = 1",
        "UPDATE payout SET details_id = 1",
        "UPDATE payout_post SET key = 'x'",
        "UPDATE payout_file SET key = 'x'",
        "INSERT INTO payout SELECT * FROM payout",
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE alembic_version SET version_num = '0001'",
        "SELECT setval(pg_get_serial_sequence('transfer', 'id'), 1)",
        "COPY transfer TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
async def test_it_can_do_nothing_to_the_rules(database: Database, query: str) -> None:
    assert await refused(database, query) == NOT_ALLOWED


async def test_a_table_of_its_own_takes_the_place_of_none(database: Database) -> None:
    """Neither are balances moved elsewhere, nor is a transfer checked against what it says itself."""
    _, purse, hold = await funded(database)
    async with database.transaction() as tx:
        shillings = await open_account(tx, "hold", "KES")
        await tx.run("CREATE TEMP TABLE account AS SELECT id, balance, 'USD' AS currency FROM public.account")
        await tx.run("INSERT INTO public.transfer (reason, ref, debit, credit, amount, at) "
                     "VALUES ('temp', 1, $1, $2, 7, now())", purse, hold)  # fmt: skip
        assert await tx.value("SELECT balance FROM public.account WHERE id = $1", hold) == 7
        with pytest.raises(asyncpg.PostgresError) as error:
            await tx.run("INSERT INTO public.transfer (reason, ref, debit, credit, amount, at) "
                         "VALUES ('temp', 2, $1, $2, 7, now())", purse, shillings)  # fmt: skip
        assert error.value.sqlstate == WRONG_TRANSFER
        await tx.run("ROLLBACK")
        await tx.run("BEGIN")


async def test_a_trigger_of_its_own_moves_no_money(database: Database) -> None:
    await funded(database)
    mine = """
    CREATE TEMP TABLE mine (id int);
    CREATE FUNCTION pg_temp.mine() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN UPDATE public.account SET balance = balance + 5; RETURN NULL; END $$;
    CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.mine();
    INSERT INTO mine VALUES (1);
    """
    assert await refused(database, mine) == NOT_ALLOWED
