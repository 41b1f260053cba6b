"""Who gets hold of a dump of the database does not learn where money goes; nor by a key that is not in use any more."""

import asyncio
import base64
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crowd.payouts.details import enter
from crowd.payouts.entering import begin, entry_of, give
from crowd.payouts.method import Asked
from crowd.payouts.methods import methods
from crowd.payouts.methods.webhook import METHOD as WEBHOOK
from crowd.payouts.methods.webhook import Provider
from crowd.payouts.posting import take
from crowd.payouts.rotating import rotate
from crowd.payouts.vault import Vault, VaultError, new_key
from db.database import Database
from db.owner import programs_for
from db.schema import metadata
from tests.crowd.scene import Worker, people, working
from tests.database import Clock
from tests.payouts.test_paying_out import KEYS, VAULT, approved, asked, earned, file_of

NAMES = ("Zawadi Mwangaza", "Baraka Kiprotich", "Neema Wanyonyi")
SECRETS = ("712998877", "MW-00998877", "NL91ABNA0417164300", *NAMES)
SEALED = {table.name for table in metadata.sorted_tables if "sealed" in table.columns}


@pytest.fixture
async def kept(database: Database, clock: Clock, tmp_path: Path) -> AsyncIterator[Worker]:
    """All that Kazi ever keeps of where money goes; the worker who is entering their details."""
    WEBHOOK.set_up(Provider("M-Wallet", {"USD": 1_000_000}, re.compile(r"MW-\d{8}")))
    crew = list(await people(database, 3))
    await earned(database, clock, tmp_path, crew[:2])
    by_phone = {Asked.PHONE: "+254712998877", Asked.NAME: NAMES[0]}
    by_account = {Asked.ACCOUNT: "MW-00998877", Asked.NAME: NAMES[1]}
    for worker, method, details in ((crew[0], "mobile_money", by_phone), (crew[1], "webhook", by_account)):
        async with working(database, worker) as tx:
            await enter(tx, VAULT, worker.id, methods()[method], {str(key): text for key, text in details.items()})
        await approved(database, await asked(database, worker))
    assert await file_of(database, "a dump") is not None
    async with database.transaction() as tx:
        assert await take(tx, VAULT) is not None
    async with working(database, crew[2]) as tx:
        await begin(tx, VAULT, crew[2].id, "NL", "bank")
        for said in ("NL91 ABNA 0417 1643 00", NAMES[2]):
            await give(tx, VAULT, crew[2].id, "NL", said)
    yield crew[2]
    WEBHOOK.set_up(None)


async def test_a_dump_of_the_database_tells_of_no_account_and_no_name(
    dsn: str, database: Database, kept: Worker
) -> None:
    """By pg_dump, which comes with the embedded PostgreSQL: all of it, as an operator would have it."""
    dump = await asyncio.to_thread(dumped, dsn)
    for table in SEALED:
        assert dump.count(f"INSERT INTO public.{table} ".encode()), "there is something to be found"
        async with database.reading() as tx:
            rows = await tx.rows(f"SELECT sealed FROM {table} WHERE sealed IS NOT NULL")
        assert rows, table
        assert all(row["sealed"].hex().encode() in dump for row in rows), "and it is there"
    assert "•••• 8877".encode() in dump
    for secret in SECRETS:
        plain = secret.encode()
        for before in (b"", b"1", b"22"):
            assert any(each in base64.b64encode(before + plain + b" more") for each in in_base64(plain))
        for found in (plain, plain.hex().encode(), *in_base64(plain)):
            assert found not in dump, secret


def dumped(dsn: str) -> bytes:
    command = [str(programs_for(None) / "pg_dump"), "--dbname", dsn, "--inserts"]
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout


def in_base64(plain: bytes) -> list[bytes]:
    """How it would stand within something longer, wherever it begins there."""
    return [base64.b64encode(b"\0" * before + plain)[4 * (before > 0) : -4] for before in range(3)]


async def test_after_a_change_of_keys_nothing_that_is_kept_opens_by_the_old_one(
    database: Database, kept: Worker
) -> None:
    new = Vault([new_key(), *KEYS])
    async with database.reading() as tx:
        before = await entry_of(tx, VAULT, kept.id)
    await rotate(database, new)
    for table in SEALED:
        async with database.reading() as tx:
            rows = await tx.rows(f"SELECT sealed FROM {table} WHERE sealed IS NOT NULL")
        assert rows, table
        for row in rows:
            new.open_file(row["sealed"])
            with pytest.raises(VaultError):
                VAULT.open_file(row["sealed"])
    async with database.reading() as tx:
        after = await entry_of(tx, new, kept.id)
    assert before is not None
    assert after is not None
    assert (after.method, after.entered) == (before.method, before.entered), "its worker goes on where they were"
