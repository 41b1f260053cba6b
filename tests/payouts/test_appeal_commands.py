"""`kazi appeals`: staff see what waits, and answer it; not who voided it, on whichever way they come."""

import json
from pathlib import Path

import pytest

from crowd.appeals import filing
from crowd.appeals.states import Ground
from crowd.appeals.voiding import void
from crowd.money.earnings import earnings
from db.database import Database
from tests.crowd.scene import Batch, people, working
from tests.crowd.test_voiding import answered
from tests.requester.test_commands import Kazi, kazi

__all__ = ["kazi"]  # a fixture


@pytest.mark.parametrize("granted", [True, False])
async def test_an_appeal_is_listed_and_answered_by_another_person(
    kazi: Kazi, database: Database, tmp_path: Path, granted: bool
) -> None:
    assert "None waits" in (await kazi("appeals", "list")).stdout
    batch = await Batch.post(database, tmp_path, tasks=3)
    (worker,) = await people(database, 1)
    await answered(batch, worker, 2)
    async with database.transaction() as tx:
        told = "[red]All[/red] the same."
        number = await void(tx, worker.id, batch.id, reason=told, ground=Ground.OTHER, by="house/Amina (panel)")
    async with working(database, worker) as tx:
        entry = await filing.begin(tx, worker.id, number)
        assert entry is not None
        await filing.file(tx, worker.id, entry.mark)
    (listed,) = json.loads((await kazi("appeals", "list", "--json")).stdout)
    assert (listed["id"], listed["reason"], listed["amount"]) == (number, told, 40_000)
    assert worker.pseudonym in (await kazi("appeals", "list")).stdout
    word = "grant" if granted else "refuse"
    assert "another person" in (await kazi("appeals", word, str(number), "So.", "--by", "amina", code=1)).output
    assert str(number) in (await kazi("appeals", word, str(number), "Looked at it.", "--by", "juma")).stdout
    assert "waits no more" in (await kazi("appeals", word, str(number), "So.", "--by", "juma", code=1)).output
    (ended, *_) = json.loads((await kazi("appeals", "list", "--ended", "--json")).stdout)
    assert (ended["id"], ended["decision"], ended["decided_by"]) == (number, "Looked at it.", "juma (command)")
    async with database.reading() as tx:
        (wallet,) = (await earnings(tx, worker.id)).wallets
    assert wallet.available == (40_000 if granted else 0)
