"""What a worker enters is asked for field by field, kept sealed, confirmed as it was shown, and soon forgotten."""

from pathlib import Path

import pytest

from crowd.payouts.details import details_of
from crowd.payouts.entering import FORGOTTEN, Entry, begin, cancel, entry_of, finish, forget_entries, give, ways
from crowd.payouts.method import Asked
from crowd.payouts.methods import serving_country
from crowd.payouts.reading import EntryError, Fault
from crowd.payouts.vault import Vault, new_key
from db.database import Database
from tests.crowd.scene import Batch, Worker, people, working
from tests.database import Clock

VAULT = Vault([new_key()])


@pytest.fixture
async def worker(database: Database) -> Worker:
    (somebody,) = await people(database, 1)
    return somebody


async def begun(database: Database, worker: Worker, method: str = "mobile_money") -> Entry | None:
    async with working(database, worker) as tx:
        return await begin(tx, VAULT, worker.id, "KE", method)


async def said(database: Database, worker: Worker, *texts: str) -> Entry | None:
    entry = None
    for text in texts:
        async with working(database, worker) as tx:
            entry = await give(tx, VAULT, worker.id, "KE", text)
    return entry


async def open_entry(database: Database, worker: Worker, vault: Vault = VAULT) -> Entry | None:
    async with database.reading() as tx:
        return await entry_of(tx, vault, worker.id)


async def test_fields_are_asked_for_one_after_the_other_and_kept_once_confirmed(
    database: Database, worker: Worker
) -> None:
    first = await begun(database, worker)
    assert first is not None
    assert first.asked is Asked.PHONE
    second = await said(database, worker, "0712 345 678")
    assert second is not None
    assert second.asked is Asked.NAME
    last = await said(database, worker, "Amina")
    assert last == await open_entry(database, worker)
    assert last is not None
    assert last.asked is None
    assert last.entered == {Asked.PHONE: "+254712345678", Asked.NAME: "Amina"}
    assert await said(database, worker, "and more") == last, "nothing more is asked for"
    async with working(database, worker) as tx:
        details = await finish(tx, VAULT, worker.id, last.mark)
        assert details is not None
        assert details == await details_of(tx, worker.id)
        assert details.masked == "•••• 5678"
        assert await finish(tx, VAULT, worker.id, last.mark) is None, "it is kept once"
    assert await open_entry(database, worker) is None


async def test_what_cannot_be_right_is_not_kept_and_what_was_there_stays(database: Database, worker: Worker) -> None:
    before = await begun(database, worker)
    with pytest.raises(EntryError) as raised:
        await said(database, worker, "0712")
    assert raised.value.fault is Fault.PHONE
    assert await open_entry(database, worker) == before


async def test_what_a_bank_could_not_take_is_refused_when_it_is_entered(database: Database, worker: Worker) -> None:
    async with working(database, worker) as tx:
        await begin(tx, VAULT, worker.id, "DE", "bank")
        for wrong, fault in (("DE89370400440532013001", Fault.IBAN), ("SA0380000000608010167519", Fault.ABROAD)):
            with pytest.raises(EntryError) as raised:
                await give(tx, VAULT, worker.id, "DE", wrong)
            assert raised.value.fault is fault
        await give(tx, VAULT, worker.id, "DE", "DE89370400440532013000")
        with pytest.raises(EntryError) as raised:
            await give(tx, VAULT, worker.id, "DE", "𝔸𝔹 𝒞")
        assert raised.value.fault is Fault.LETTERS
        entry = await give(tx, VAULT, worker.id, "DE", "أمينة")
    assert entry is not None
    assert entry.asked is None


async def test_only_what_was_on_the_screen_is_confirmed(database: Database, worker: Worker) -> None:
    await begun(database, worker)
    seen = await said(database, worker, "0712345678", "Amina")
    await begun(database, worker)
    half = await said(database, worker, "0722000111")
    assert half is not None
    assert seen is not None
    async with working(database, worker) as tx:
        assert await finish(tx, VAULT, worker.id, half.mark) is None, "a field is missing"
    await said(database, worker, "Amina")
    async with working(database, worker) as tx:
        assert await finish(tx, VAULT, worker.id, seen.mark) is None, "that was another number"
        assert await details_of(tx, worker.id) is None


async def test_it_is_forgotten_after_half_an_hour(database: Database, clock: Clock, worker: Worker) -> None:
    await begun(database, worker)
    clock.advance(FORGOTTEN.total_seconds() - 1)
    await said(database, worker, "0712345678")
    clock.advance(FORGOTTEN.total_seconds() - 1)
    assert await open_entry(database, worker) is not None, "half an hour from the last that was said"
    await forget_entries(database)
    clock.advance(1)
    assert await open_entry(database, worker) is None
    assert await said(database, worker, "Amina") is None
    assert await forget_entries(database) == 1
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM payout_entry WHERE worker_id = $1", worker.id) == 0


async def test_what_is_cancelled_is_gone(database: Database, worker: Worker) -> None:
    await begun(database, worker)
    async with working(database, worker) as tx:
        await cancel(tx, worker.id)
    assert await said(database, worker, "0712345678") is None


async def test_under_a_key_that_was_changed_it_is_entered_again(database: Database, worker: Worker) -> None:
    await begun(database, worker)
    assert await open_entry(database, worker, Vault([new_key()])) is None
    assert await begun(database, worker) is not None


async def test_ways_are_those_that_pay_what_a_worker_has_where_they_are(
    database: Database, worker: Worker, tmp_path: Path
) -> None:
    async with database.reading() as tx:
        nothing_yet = await ways(tx, worker.id, "KE")
        assert [(way.method.name, way.currencies) for way in nothing_yet] == [("manual", ()), ("mobile_money", ())]
        assert await ways(tx, worker.id, None) == []
    assert [each.name for each in serving_country("DE")] == ["bank", "manual"]
    batch = await Batch.post(database, tmp_path, tasks=1)
    await batch.accepted(worker, (await batch.given(worker)).lease_id)
    async with database.reading() as tx:
        assert [(way.method.name, way.currencies) for way in await ways(tx, worker.id, "DE")] == [("manual", ("USD",))]
    assert await begun(database, worker, "bank") is None
    assert await begun(database, worker, "nothing of that name") is None
