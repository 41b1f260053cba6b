"""“The check is wrong”: one tap is noted, told to staff, and never tells which other tasks are golds."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from crowd.appeals import filing
from crowd.appeals.deciding import decide
from crowd.appeals.settling import settle_voidings
from crowd.appeals.states import TO_FILE, Ground, Outcome
from crowd.appeals.voiding import void
from crowd.golds import suspending
from crowd.golds.contesting import Contested, contest, contested_golds, take_out, uphold
from crowd.golds.ruling import Ruling, RulingError, rule
from crowd.golds.suspending import suspend_contradicted, suspend_in
from crowd.loop.assigning import assign
from crowd.loop.handing import Given
from crowd.money.earnings import earnings
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.crowd.test_suspending import (
    batch_with_a_wrong_gold,
    crew_at_work,
    gold,
    is_gold_four,
    told,
    track,
    truth,
    work,
    wrong,
)
from tests.database import Clock

BY = "house/amina (panel)"


async def answers_of(batch: Batch, worker: Worker, which: str) -> list[int]:
    async with batch.database.reading() as tx:
        rows = await tx.rows(
            f"SELECT a.id FROM answer a JOIN task t ON t.id = a.task_id WHERE worker_id = $1 AND {which} ORDER BY a.id",
            worker.id,
        )
    return [row["id"] for row in rows]


async def contested(batch: Batch, worker: Worker, answer_id: int) -> Contested:
    async with working(batch.database, worker) as tx:
        return await contest(tx, worker.id, answer_id)


async def listed(batch: Batch) -> list[tuple[str, int]]:
    async with batch.database.reading() as tx:
        return [(each.key, each.contests) for each in await contested_golds(tx, batch.id)]


async def void_all(batch: Batch, worker: Worker, ground: Ground) -> int:
    async with batch.database.transaction() as tx:
        return await void(tx, worker.id, batch.id, reason="Checks were wrong.", ground=ground, by=BY)


async def money(batch: Batch, worker: Worker) -> tuple[int, int]:
    """Available, and voided."""
    async with batch.database.reading() as tx:
        (wallet,) = (await earnings(tx, worker.id)).wallets
    return wallet.available // 20_000, wallet.voided // 20_000


async def outcome(batch: Batch, voiding_id: int) -> str | None:
    found: str | None = await batch.value("SELECT outcome FROM voiding WHERE id = $1", voiding_id)
    return found


async def notices(batch: Batch, worker: Worker, subject: str) -> list[dict[str, Any]]:
    async with batch.database.reading() as tx:
        rows = await tx.rows(
            "SELECT content FROM outbox WHERE person_id = $1 AND subject = $2", worker.person_id, subject
        )
    return [row["content"] for row in rows]


async def yesterday(clock: Clock) -> None:
    """What golds say is told from the next day on."""
    clock.advance(86_400)


async def test_one_tap_is_noted_and_a_second_is_the_same(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch, (worker, *_) = await crew_at_work(database, tmp_path)
    await yesterday(clock)
    (answer,) = await answers_of(batch, worker, "verdict < 1")
    done = await asyncio.gather(*(contested(batch, worker, answer) for _ in range(3)))
    assert sorted(done, key=str) == [Contested.AGAIN, Contested.AGAIN, Contested.NOTED]
    assert await listed(batch) == [("g4", 1)]
    async with database.reading() as tx:
        page = await earnings(tx, worker.id, failed_only=True)
    assert [line.contested for line in page.lines] == [True]


async def test_a_tap_tells_nothing_of_tasks_whose_checks_were_not_told(database: Database, tmp_path: Path) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    worker, other = crew[:2]
    (today,) = await answers_of(batch, worker, "verdict < 1")
    ordinary = (await answers_of(batch, worker, "verdict IS NULL"))[0]
    right = (await answers_of(batch, worker, "verdict = 1"))[0]
    (theirs,) = await answers_of(batch, other, "verdict < 1")
    for answer in (today, ordinary, right, theirs, 0, 2**62):
        assert await contested(batch, worker, answer) is Contested.UNKNOWN
    assert await listed(batch) == []


async def test_a_contest_alone_changes_no_score_and_makes_the_look_come(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await batch_with_a_wrong_gold(database, tmp_path)
    crew = await people(database, 2)
    for worker in crew:
        await work(batch, worker, truth)
    await suspend_contradicted(database)
    await yesterday(clock)
    before = await track(batch, crew[0])
    (answer,) = await answers_of(batch, crew[0], "verdict < 1")
    await contested(batch, crew[0], answer)
    assert await batch.value("SELECT count(*) FROM contest WHERE looked_at IS NULL AND batch_id = $1", batch.id) == 1
    await suspend_contradicted(database)
    assert await batch.value("SELECT count(*) FROM contest WHERE looked_at IS NULL AND batch_id = $1", batch.id) == 0
    assert (await gold(batch))["suspended_at"] is None, "two say so: that is no evidence yet"
    after = await track(batch, crew[0])
    assert (after["golds"], after["right"], after["levels"]) == (before["golds"], before["right"], before["levels"])


async def test_the_most_contested_come_first_and_staff_take_one_out_to_decide(
    database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suspending, "LEAST", 99)
    batch, crew = await crew_at_work(database, tmp_path, good=3)
    (stray,) = await people(database, 1)
    another = "verdict < 1 AND t.key <> 'g4'"
    while not await answers_of(batch, stray, another):
        await work(batch, stray, wrong, most=1)
    await yesterday(clock)
    for worker in crew[:2]:
        (answer,) = await answers_of(batch, worker, "verdict < 1")
        await contested(batch, worker, answer)
    await contested(batch, stray, (await answers_of(batch, stray, another))[0])
    found = await listed(batch)
    assert found[0] == ("g4", 2)
    assert len(found) == 2
    number = (await gold(batch))["id"]
    wronged = "verdict < 1 AND t.key = 'g4'"
    touched = [worker.person_id for worker in (*crew, stray) if await answers_of(batch, worker, wronged)]
    async with database.transaction() as tx:
        await take_out(tx, batch.id, number, by=BY)
    assert (await gold(batch))["suspended_at"] is not None
    assert len(await listed(batch)) == 1
    assert await told(batch, "check_mistaken") == sorted(touched)
    with pytest.raises(RulingError):
        async with database.transaction() as tx:
            await take_out(tx, batch.id, number, by=BY)
    async with database.transaction() as tx:
        await rule(tx, batch.id, number, Ruling.OTHER, "bad", by=BY)
    await check_books(database)


async def test_who_says_so_is_told_when_the_check_is_right(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch, (worker, *_) = await crew_at_work(database, tmp_path)
    await yesterday(clock)
    (answer,) = await answers_of(batch, worker, "verdict < 1")
    await contested(batch, worker, answer)
    number = (await gold(batch))["id"]
    async with database.transaction() as tx:
        await uphold(tx, batch.id, number, " It says\nso. ", by=BY)
    (notice,) = await notices(batch, worker, "check_stands")
    assert notice["why"] == "It says so."
    assert await listed(batch) == []
    with pytest.raises(RulingError):
        async with database.transaction() as tx:
            await uphold(tx, batch.id, number, "", by=BY)


# Voided money returns


async def test_what_was_voided_because_of_a_wrong_gold_is_given_back_and_told(
    database: Database, tmp_path: Path
) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    by_golds, appealed, refused, otherwise = [
        await void_all(batch, worker, Ground.OTHER if at == 3 else Ground.GOLDS) for at, worker in enumerate(crew)
    ]
    proven = (await money(batch, crew[3]))[0]
    for worker, number in ((crew[1], appealed), (crew[2], refused)):
        async with working(database, worker) as tx:
            entry = await filing.begin(tx, worker.id, number)
            assert entry is not None
            assert await filing.file(tx, worker.id, entry.mark) is not None
    async with database.transaction() as tx:
        await decide(tx, refused, grant=False, reason="No.", by="house/juma (panel)")
    answers = await batch.value("SELECT answers FROM voiding WHERE id = $1", by_golds)
    assert await suspend_in(database, batch.id) == 1
    for worker, number in zip(crew[:3], (by_golds, appealed, refused), strict=True):
        assert await outcome(batch, number) == Outcome.MISTAKEN
        assert await money(batch, worker) == (answers, 0)
        assert [each["outcome"] for each in await notices(batch, worker, "appeal")][-1] == "mistaken"
    assert await outcome(batch, otherwise) is None
    assert (await money(batch, crew[3]))[0] == proven
    assert len(await told(batch, "check_mistaken")) == 4
    await check_books(database)


async def test_who_gets_other_golds_wrong_too_has_nothing_back(database: Database, tmp_path: Path) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    (bad,) = await people(database, 1)
    async with working(database, bad) as tx:  # by itself it may not come to them: others answered it enough
        met = await assign(tx, bad.id, batch.id, [(await gold(batch))["id"]], random.Random(0))
    assert isinstance(met, Given)
    await work(batch, bad, lambda task: truth(task) if is_gold_four(task) else wrong(task))
    assert len(await answers_of(batch, bad, "verdict < 1 AND t.key = 'g4'")) == 1
    await batch.run("UPDATE track SET golds = golds + 5 WHERE worker_id = $1", bad.id)  # wrong ones, elsewhere
    number = await void_all(batch, bad, Ground.GOLDS)
    await void_all(batch, crew[0], Ground.GOLDS)
    assert await suspend_in(database, batch.id) == 1
    assert await outcome(batch, number) is None
    await check_books(database)


async def test_what_is_settled_stays_and_a_ruling_takes_nothing_away_again(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    settled = await void_all(batch, crew[0], Ground.GOLDS)
    clock.advance(TO_FILE.total_seconds())
    await settle_voidings(database)
    fresh = await void_all(batch, crew[1], Ground.GOLDS)  # holds are released by a job, which did not run
    assert await suspend_in(database, batch.id) == 1
    assert await outcome(batch, settled) == Outcome.UNAPPEALED
    assert await outcome(batch, fresh) == Outcome.MISTAKEN
    before = await money(batch, crew[1])
    async with database.transaction() as tx:
        await rule(tx, batch.id, (await gold(batch))["id"], Ruling.RIGHT, None, by=BY)
    assert await money(batch, crew[1]) == before
    await check_books(database)


async def test_a_voiding_and_the_look_at_its_gold_at_once_leave_the_books_in_order(
    database: Database, tmp_path: Path
) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    first = await void_all(batch, crew[0], Ground.GOLDS)
    await asyncio.gather(
        suspend_contradicted(database), suspend_contradicted(database),
        *(void_all(batch, worker, Ground.GOLDS) for worker in crew[1:]),
    )  # fmt: skip
    assert await outcome(batch, first) == Outcome.MISTAKEN
    await check_books(database)


async def test_a_gold_ruled_right_and_then_dropped_is_told_to_whom_it_had_called_wrong(
    database: Database, tmp_path: Path
) -> None:
    """They had been told of the suspension: one notice is enough; a worker who came in between is told as well."""
    batch, crew = await crew_at_work(database, tmp_path)
    assert await suspend_in(database, batch.id) == 1
    number = (await gold(batch))["id"]
    async with database.transaction() as tx:
        await rule(tx, batch.id, number, Ruling.RIGHT, None, by=BY)
    (late,) = await people(database, 1)
    await work(batch, late, truth)
    assert len(await answers_of(batch, late, "verdict < 1 AND t.key = 'g4'")) == 1
    async with database.transaction() as tx:
        await rule(tx, batch.id, number, Ruling.DROPPED, None, by=BY)
    assert await told(batch, "check_mistaken") == sorted(worker.person_id for worker in (*crew, late))
