"""`kazi payouts`: staff see what waits, approve it, take the file away and hand the provider's answer back."""

import json
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from crowd.payouts.details import enter
from crowd.payouts.method import Asked
from crowd.payouts.methods import methods
from crowd.payouts.vault import Vault, new_key
from db.database import Database
from tests.crowd.scene import people, working
from tests.database import Clock
from tests.payouts.test_paying_out import asked, earned, wallet
from tests.requester.test_commands import Kazi, kazi

__all__ = ["kazi"]  # a fixture

DETAILS: Mapping[str, str] = {Asked.PHONE: "+254712345678", Asked.NAME: "Amina"}


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    """The vault's, of this house."""
    made = new_key()
    monkeypatch.setenv("KAZI_PAYOUT_KEYS", made)
    return made


async def test_a_payout_goes_from_the_list_to_the_providers_answer(
    kazi: Kazi, key: str, database: Database, clock: Clock, tmp_path: Path
) -> None:
    assert "None waits" in (await kazi("payouts", "list")).stdout
    crew = list(await people(database, 2))
    await earned(database, clock, tmp_path, crew)
    numbers = []
    for at, worker in enumerate(crew):
        async with working(database, worker) as tx:
            own = {**DETAILS, Asked.PHONE: f"+25471234567{at}"}
            await enter(tx, Vault([key]), worker.id, methods()["mobile_money"], own)
        numbers.append((await asked(database, worker)).id)

    shown = (await kazi("payouts", "list")).stdout
    assert "•••• 5670" in shown
    assert "712345670" not in shown
    listed = json.loads((await kazi("payouts", "list", "--json")).stdout)
    assert [each["id"] for each in listed] == numbers

    limit = {"KAZI_FOUR_EYES": '{"USD": 2}'}
    said = (await kazi("payouts", "approve", *map(str, numbers), "--by", "amina", **limit)).stdout
    assert f"wait for a second person: {numbers[0]}, {numbers[1]}" in said
    assert (
        "no payout by mobile_money"
        in (await kazi("payouts", "file", "mobile_money", "usd", "--key", "jan", code=1)).output
    )
    await kazi("payouts", "approve", *map(str, numbers), "--by", "juma", **limit)

    path = tmp_path / "file.csv"
    for _ in range(2):
        await kazi("payouts", "file", "mobile_money", "usd", "--key", "jan", "-o", str(path))
        assert path.read_text().count("+2547") == 0
        assert [line.split(",")[1] for line in path.read_text().splitlines()[1:]] == ["254712345670", "254712345671"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.unlink()

    answer = tmp_path / "answer.csv"
    answer.write_text(f"reference,status\nKAZI-{numbers[0]},maybe\n")
    refused = (await kazi("payouts", "results", "jan", str(answer), code=1)).output
    assert "line 2" in refused
    assert "Nothing was taken over" in refused
    answer.write_text(f"reference,status\nKAZI-{numbers[0]},ACSP\n")
    said = (await kazi("payouts", "results", "jan", str(answer))).stdout
    assert "paid: 0, failed: 0, known before: 0, still open: 2, of them under way: 1" in said
    answer.write_text(f"reference,status,reason\nKAZI-{numbers[0]},paid,\nKAZI-{numbers[1]},failed,No such number\n")
    done = (await kazi("payouts", "results", "jan", str(answer))).stdout
    assert "paid: 1, failed: 1, known before: 0, still open: 0" in done
    assert "known before: 2" in (await kazi("payouts", "results", "jan", str(answer))).stdout
    assert (await wallet(database, crew[0])).paid == (await wallet(database, crew[1])).available == 2_500_000


async def test_what_cannot_be_done_says_why(
    kazi: Kazi, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "waits no more" in (await kazi("payouts", "refuse", "999999", "why", code=1)).output
    assert "not there" in (await kazi("payouts", "approve", "999999", code=1)).output
    assert (
        "there is no file for pigeon" in (await kazi("payouts", "file", "pigeon", "USD", "--key", "p", code=1)).output
    )
    (tmp_path / "a.csv").write_text("reference,status\n")
    assert (
        "there is no payout file"
        in (await kazi("payouts", "results", "nothing", str(tmp_path / "a.csv"), code=1)).output
    )
    monkeypatch.setenv("KAZI_PAYOUT_KEYS", "short")
    assert "KAZI_PAYOUT_KEYS" in (await kazi("payouts", "rotate", code=1)).output


async def test_keys_are_made_kept_and_changed(
    kazi: Kazi, database: Database, owner: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAZI_PAYOUT_KEYS", raising=False)
    async with owner.transaction() as tx:
        await tx.run("UPDATE payout_details SET sealed = NULL")
        await tx.run("UPDATE payout SET file_id = NULL")
        await tx.run("DELETE FROM payout_file")
    await kazi("payouts", "rotate")
    kept = tmp_path / "data" / "payout.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    new = (await kazi("payouts", "key")).stdout.strip()
    (somebody,) = await people(database, 1)
    async with working(database, somebody) as tx:
        await enter(tx, Vault([kept.read_text()]), somebody.id, methods()["mobile_money"], DETAILS)
    both = {"KAZI_PAYOUT_KEYS": f"{new},{kept.read_text()}"}
    assert "1 sealed anew" in (await kazi("payouts", "rotate", **both)).stdout
    async with database.reading() as tx:
        sealed = await tx.value("SELECT sealed FROM payout_details WHERE worker_id = $1", somebody.id)
    assert Vault([new]).open(f"worker {somebody.id}", sealed) == DETAILS
