"""A worker's own data: all of theirs, nothing of others', and not which tasks are checks before that is told."""

import asyncio
import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from crowd.loop.handing import Given
from crowd.loop.leases import Way
from crowd.owndata.asking import BETWEEN, SUBJECT, ask
from crowd.owndata.packing import LARGEST, pack
from crowd.payouts.details import enter
from crowd.payouts.methods import methods
from db.database import Database
from tests.crowd.scene import Batch, Worker, people, working
from tests.database import Clock
from tests.payouts.test_paying_out import PHONE, VAULT, asked, earned


async def packed(database: Database, worker: Worker, folder: Path, **changed: int) -> list[Path]:
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    async with database.reading() as tx:
        return await pack(tx, worker.id, folder, **changed)


def files(paths: list[Path]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            found |= {name: archive.read(name) for name in archive.namelist()}
    return found


def rows(found: dict[str, bytes], section: str) -> list[dict[str, Any]]:
    """Of a section, as JSON; the CSV beside it has as many."""
    told: list[dict[str, Any]] = []
    for name, content in found.items():
        if name.startswith(f"{section}-") and name.endswith(".json"):
            part = json.loads(content)
            table = list(csv.reader(io.StringIO(found[name.replace(".json", ".csv")].decode())))
            assert len(table) == len(part) + 1
            assert table[0] == list(part[0])
            told += part
    return told


async def test_all_of_theirs_is_there_and_nothing_of_others(database: Database, clock: Clock, tmp_path: Path) -> None:
    worker, other = await people(database, 2)
    await earned(database, clock, tmp_path, [worker, other])
    async with working(database, worker) as tx:
        await enter(tx, VAULT, worker.id, methods()["mobile_money"], PHONE)
    payout = await asked(database, worker)
    batch = await Batch.post(database, tmp_path / "more", tasks=3)
    await batch.pass_on(worker, (await batch.given(worker)).lease_id, Way.REPORTED)
    (path,) = await packed(database, worker, tmp_path / "out")
    found = files([path])
    profile = json.loads(found["profile.json"])
    assert profile["pseudonym"] == worker.pseudonym
    assert profile["telegram_id"] == worker.person_id
    assert [each["masked"] for each in profile["paid_to"]] == ["•••• 5678"]
    answers = rows(found, "answers")
    assert len(answers) == 5
    assert answers[0]["task"]["text"].startswith("text ")
    assert (answers[0]["said"], answers[0]["earned_micros"], answers[0]["currency"]) == ("good", 500_000, "USD")
    money = rows(found, "money")
    assert sum(each["micros"] for each in money if each["reason"] == "earn") == 2_500_000
    assert [each["gives"] for each in money if each["reason"] == "payout"] == ["available"]
    assert [each["payout"] for each in rows(found, "payouts")] == [payout.id]
    assert [each["way"] for each in rows(found, "skipped")] == ["reported"]
    everything = b"".join(found.values()).decode()
    for secret in (other.pseudonym, str(other.person_id), "254712345678", "Amina"):
        assert secret not in everything


async def test_which_tasks_are_checks_is_not_told_before_it_is_in_the_chat(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    (worker,) = await people(database, 1)
    batch = await Batch.post(database, tmp_path, tasks=30, golds=30, overlap={"least": 1, "most": 1})
    await batch.run("UPDATE track SET golds = 0 WHERE worker_id = $1", worker.id)
    for seed in range(40):
        got = await batch.next(worker, seed)
        if not isinstance(got, Given):
            break
        await batch.accepted(worker, got.lease_id)
    golds = await batch.value("SELECT count(*) FROM answer WHERE worker_id = $1 AND verdict IS NOT NULL", worker.id)
    assert golds > 0
    await batch.run("UPDATE track SET golds = 1000 WHERE worker_id = $1", worker.id)  # they have learned by now
    today = rows(files(await packed(database, worker, tmp_path / "today")), "answers")
    assert all(each["check_verdict"] is None and each["check_right"] is None for each in today)
    assert all(set(each["task"]) == {"text"} for each in today)
    assert '"key"' not in json.dumps(today)
    clock.advance(86_400)
    later = rows(files(await packed(database, worker, tmp_path / "later")), "answers")
    told = [each for each in later if each["check_verdict"] is not None]
    assert len(told) == golds
    assert all(each["check_right"] == "good" for each in told)
    profile = json.loads(files(await packed(database, worker, tmp_path / "again"))["profile.json"])
    assert all("golds" not in each for each in profile["work"])


async def test_much_is_split_into_files_each_of_which_is_whole(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    (worker,) = await people(database, 1)
    batch = await Batch.post(database, tmp_path, tasks=25)
    for _ in range(25):
        await batch.accepted(worker, (await batch.given(worker)).lease_id)
    clock.advance(1)
    paths = await packed(database, worker, tmp_path / "out", largest=1500, many=4)
    assert [path.name for path in paths][:2] == ["kazi-my-data-1.zip", "kazi-my-data-2.zip"]
    found = files(paths)
    answers = [each["answer"] for each in rows(found, "answers")]
    assert len(answers) == len(set(answers)) == 25
    assert answers == sorted(answers)
    assert len(rows(found, "money")) == 25
    assert LARGEST < 45 * 1024 * 1024


async def test_a_spreadsheet_runs_nothing_of_it(database: Database, tmp_path: Path) -> None:
    (worker,) = await people(database, 1)
    batch = await Batch.post(database, tmp_path, tasks=1)
    await batch.run('UPDATE task SET payload = \'{"text": "x"}\' WHERE batch_id = $1', batch.id)
    await batch.accepted(worker, (await batch.given(worker)).lease_id)
    await batch.run("UPDATE answer SET value = '\"=cmd()\"' WHERE worker_id = $1", worker.id)
    table = files(await packed(database, worker, tmp_path / "out"))["answers-0001.csv"].decode()
    assert ",'=cmd()," in table


async def test_it_is_asked_for_once_an_hour_and_anew_where_it_could_not_be_sent(
    database: Database, clock: Clock
) -> None:
    (worker,) = await people(database, 1)

    async def again() -> bool:
        async with working(database, worker) as tx:
            return (await ask(tx, worker.id)).fresh

    assert await again()
    assert not await again()
    clock.advance(BETWEEN.total_seconds() - 1)
    assert not await again()
    clock.advance(1)
    assert await again()
    async with database.transaction() as tx:
        await tx.run("UPDATE outbox SET failed = 'blocked', sent_at = NULL WHERE person_id = $1", worker.person_id)
    assert await again()
    async with database.reading() as tx:
        waiting = await tx.value(
            "SELECT count(*) FROM outbox WHERE person_id = $1 AND subject = $2 AND failed IS NULL",
            worker.person_id, SUBJECT,
        )  # fmt: skip
    assert waiting == 1
