"""A gold that workers who can tell contradict is suspended, put right by a person, and nobody is left worse for it."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from crowd.batches.spec import BatchSpec
from crowd.exports import format_named
from crowd.golds import suspending
from crowd.golds.suspending import suspend_contradicted, suspend_in
from crowd.golds.telling import tell_of_check
from crowd.kinds.base import AnswerTable, Fit
from crowd.labels import fitting
from crowd.labels.fitprocess import fitted
from crowd.labels.fitting import bring_up_to_date
from crowd.labels.results import Rows, export
from crowd.loop.handing import Dry, Given
from db.database import Database, Tx
from tests.crowd.scene import Batch, Worker, check_books, people, until_waiting
from tests.crowd.test_golds import Golden, is_gold, looking
from tests.requester.scene import OPTIONS, Item, batch_file, posted

_numbers = count()
Opinion = Callable[[Given], int]


def truth(task: Given) -> int:
    return int(task.payload["text"].split()[-1]) % 3


def is_gold_four(task: Given) -> bool:
    return is_gold(task) and task.payload["text"].endswith(" 4")


def wrong(task: Given) -> int:
    return (truth(task) + 1) % 3


async def batch_with_a_wrong_gold(
    database: Database, folder: Path, *, golds: int = 12, wrong_one: bool = True, seats: int = 6
) -> Batch:
    """A batch whose labels take turns, and whose gold g4 says the wrong thing."""
    number = next(_numbers)
    items = [Item(f"t{at}", f"text {number} {at}") for at in range(24)]
    items += [
        Item(f"g{at}", f"gold {number} {at}", OPTIONS[(at + (1 if wrong_one and at == 4 else 0)) % 3])
        for at in range(golds)
    ]
    path = batch_file(folder / "batch", items, overlap={"least": seats, "most": seats})
    return Batch(database, (await posted(database, path)).batch_id)


async def work(batch: Batch, worker: Worker, opinion: Opinion, *, most: int = 1000) -> Dry | Given:
    """Answer so many tasks, golds whenever there is one."""
    luck, done = Golden(), 0
    got = await looking(batch, worker, luck)
    while isinstance(got, Given) and done < most:
        got, done = (await batch.accepted(worker, got.lease_id, opinion(got), luck)).next, done + 1
    return got


async def gold(batch: Batch, key: str = "g4") -> dict[str, Any]:
    return await batch.task(await batch.value("SELECT id FROM task WHERE batch_id = $1 AND key = $2", batch.id, key))


async def track(batch: Batch, worker: Worker) -> dict[str, Any]:
    async with batch.database.reading() as tx:
        row = await tx.row(
            """
            SELECT r.*, p.shown, (SELECT count(*) FROM answer WHERE worker_id = $1 AND verdict IS NOT NULL) AS verdicts,
                   (SELECT coalesce(sum(verdict), 0) FROM answer WHERE worker_id = $1) AS sum
            FROM track r JOIN participation p USING (worker_id) WHERE worker_id = $1 AND p.batch_id = $2
            """,
            worker.id, batch.id,
        )  # fmt: skip
    assert row is not None
    return dict(row)


async def told(batch: Batch, subject: str) -> list[int]:
    async with batch.database.reading() as tx:
        rows = await tx.rows(
            "SELECT person_id FROM outbox WHERE subject = $1 AND key LIKE '%:' || $2 || ':%' ORDER BY 1",
            subject, str((await gold(batch))["id"]),
        )  # fmt: skip
    return [row["person_id"] for row in rows]


async def exported(batch: Batch, rows: Rows) -> list[dict[str, str]]:
    import csv

    async with batch.database.reading() as tx:
        data = b"".join([part.data async for part in export(tx, batch.id, rows, format_named("csv"))])
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines()))


async def crew_at_work(
    database: Database, folder: Path, *, good: int = 4, fit: bool = True
) -> tuple[Batch, Sequence[Worker]]:
    batch = await batch_with_a_wrong_gold(database, folder)
    crew = await people(database, good)
    for worker in crew:
        await work(batch, worker, truth)
    if fit:
        await bring_up_to_date(database, batch.id)
    return batch, crew


@pytest.mark.parametrize("fit", [True, False])
async def test_a_wrong_gold_is_suspended_and_nobody_is_left_worse_for_it(
    database: Database, tmp_path: Path, fit: bool
) -> None:
    batch, crew = await crew_at_work(database, tmp_path, fit=fit)
    assert [(await track(batch, worker))["right"] for worker in crew] == [11.0] * 4
    assert await suspend_contradicted(database) == 1
    task = await gold(batch)
    assert task["suspended_at"] is not None
    assert (task["open"], task["seats"]) == (False, 0)
    for worker in crew:
        after = await track(batch, worker)
        assert (after["golds"], after["right"]) == (11, 11.0)
        assert (after["verdicts"], after["sum"]) == (11, 11.0)
        assert after["shown"] == pytest.approx(after["levels"])
        assert after["paused_at"] is None
    assert await told(batch, "check_mistaken") == sorted(worker.person_id for worker in crew)
    assert await suspend_contradicted(database) == 0
    assert len(await told(batch, "check_mistaken")) == 4
    await check_books(database)


async def test_levels_are_what_they_had_been_without_the_gold(database: Database, tmp_path: Path) -> None:
    """A fit of all answers, in which the gold had no say from the start, changes nothing more."""
    batch, crew = await crew_at_work(database, tmp_path)
    assert await suspend_contradicted(database) == 1
    before = [(await track(batch, worker))["levels"] for worker in crew]
    await batch.run("UPDATE batch SET fitted_answers = 0 WHERE id = $1", batch.id)
    await bring_up_to_date(database, batch.id)
    for worker, levels in zip(crew, before, strict=True):
        assert (await track(batch, worker))["levels"] == pytest.approx(levels, abs=0.1)


async def test_a_right_gold_stays_whatever_bad_workers_say_together(database: Database, tmp_path: Path) -> None:
    batch = await batch_with_a_wrong_gold(database, tmp_path, wrong_one=False)
    crew = await people(database, 5)
    for worker in crew:
        await work(batch, worker, wrong)
    await bring_up_to_date(database, batch.id)
    assert await suspend_in(database, batch.id) == 0
    assert (await gold(batch))["suspended_at"] is None


async def test_three_newcomers_who_agree_cannot_suspend_a_right_gold(database: Database, tmp_path: Path) -> None:
    """Nothing is known of them but this gold, which cannot speak for itself."""
    batch = await batch_with_a_wrong_gold(database, tmp_path, golds=1, wrong_one=False)
    crew = await people(database, 5)
    for worker in crew:
        await work(batch, worker, lambda task: wrong(task) if is_gold(task) else truth(task), most=10)
    assert await suspend_in(database, batch.id) == 0


async def test_who_was_paused_by_it_is_cleared_and_told(database: Database, tmp_path: Path) -> None:
    """What is left of the evidence would pause nobody."""
    batch, crew = await crew_at_work(database, tmp_path)
    unlucky = crew[0]
    await batch.run("UPDATE track SET paused_at = now(), pause_reason = 'evidence' WHERE worker_id = $1", unlucky.id)
    (late,) = await people(database, 1)
    await work(batch, late, truth)
    assert await suspend_in(database, batch.id) == 1
    assert (await track(batch, unlucky))["paused_at"] is None
    async with database.reading() as tx:
        content = await tx.value("SELECT content FROM outbox WHERE person_id = $1", unlucky.person_id)
    assert content["cleared"] is True
    assert content["payload"] == (await gold(batch))["payload"]


async def test_a_pause_that_a_person_made_stays(database: Database, tmp_path: Path) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    await batch.run("UPDATE track SET paused_at = now(), pause_reason = 'review' WHERE worker_id = $1", crew[0].id)
    (late,) = await people(database, 1)
    await work(batch, late, truth)
    assert await suspend_in(database, batch.id) == 1
    assert (await track(batch, crew[0]))["paused_at"] is not None


async def test_an_answer_under_way_counts_neither_for_nor_against_its_worker(
    database: Database, tmp_path: Path
) -> None:
    """The gold is suspended while somebody has it in hands: the answer is paid, and has no verdict."""
    batch, _ = await crew_at_work(database, tmp_path)
    (late,) = await people(database, 1)
    got = await looking(batch, late, Golden())
    while isinstance(got, Given) and not is_gold_four(got):
        got = (await batch.accepted(late, got.lease_id, truth(got), Golden())).next
    assert isinstance(got, Given)
    assert await suspend_in(database, batch.id) == 1
    before = await track(batch, late)
    done = await batch.accepted(late, got.lease_id, truth(got), Golden())
    assert done.earned == 20_000
    after = await track(batch, late)
    assert (after["golds"], after["right"]) == (before["golds"], before["right"])
    assert after["levels"] == before["levels"]
    assert await batch.value("SELECT verdict FROM answer WHERE id = $1", got.lease_id) is None
    assert (await gold(batch))["open"] is False
    await check_books(database)


async def test_an_answer_that_waits_for_the_suspension_has_no_verdict(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It began before the suspension was committed, and waits at the gold's row."""
    batch, _ = await crew_at_work(database, tmp_path)
    (late,) = await people(database, 1)
    got = await looking(batch, late, Golden())
    while isinstance(got, Given) and not is_gold_four(got):
        got = (await batch.accepted(late, got.lease_id, truth(got), Golden())).next
    assert isinstance(got, Given)
    lease, before, answering = got.lease_id, await track(batch, late), []

    async def meanwhile(tx: Tx, *said: Any) -> None:
        answering.append(asyncio.create_task(batch.accepted(late, lease, 1, Golden())))
        await until_waiting(tx)
        await tell_of_check(tx, *said)

    monkeypatch.setattr(suspending, "tell_of_check", meanwhile)
    assert await suspend_in(database, batch.id) == 1
    assert (await answering[0]).earned == 20_000
    after = await track(batch, late)
    assert (after["golds"], after["right"]) == (before["golds"], before["right"])
    assert await batch.value("SELECT verdict FROM answer WHERE id = $1", lease) is None
    task = await gold(batch)
    assert (task["open"], task["seats"], task["answers"]) == (False, 0, 5)
    await check_books(database)


async def test_an_answer_that_comes_first_is_put_right_with_the_others(database: Database, tmp_path: Path) -> None:
    """While the suspension waits for somebody's lock, one more answers: the next look takes all."""
    batch, crew = await crew_at_work(database, tmp_path)
    task = (await gold(batch))["id"]
    async with database.transaction() as tx:
        await tx.run("SELECT FROM worker WHERE id = $1 FOR UPDATE", crew[0].id)
        suspending = asyncio.create_task(suspend_in(database, batch.id))
        await until_waiting(tx)
        (late,) = await people(database, 1)
        got = await looking(batch, late, Golden())
        while isinstance(got, Given) and got.task_id != task:
            got = (await batch.accepted(late, got.lease_id, truth(got), Golden())).next
        assert isinstance(got, Given)
        await batch.accepted(late, got.lease_id, truth(got), Golden())
    await suspending
    await suspend_contradicted(database)
    assert (await gold(batch))["suspended_at"] is not None
    for worker in (*crew, late):
        after = await track(batch, worker)
        assert (after["golds"], after["right"]) == (after["verdicts"], after["sum"])
        assert after["golds"] == after["right"]
    assert late.person_id in await told(batch, "check_mistaken")
    await check_books(database)


async def test_a_fit_under_way_does_not_bring_its_verdicts_back(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, crew = await crew_at_work(database, tmp_path)

    async def meanwhile(spec: BatchSpec, table: AnswerTable) -> Fit:
        monkeypatch.setattr(fitting, "fitted", fitted)
        assert await suspend_in(database, batch.id) == 1
        levels.extend([(await track(batch, worker))["levels"] for worker in crew])
        return await fitted(spec, table)

    levels: list[list[float]] = []
    monkeypatch.setattr(fitting, "fitted", meanwhile)
    await batch.run("UPDATE batch SET fitted_answers = 0 WHERE id = $1", batch.id)
    await bring_up_to_date(database, batch.id)
    assert [(await track(batch, worker))["levels"] for worker in crew] == levels


async def test_a_suspended_gold_has_no_answer_and_no_label_in_the_results(database: Database, tmp_path: Path) -> None:
    batch, _ = await crew_at_work(database, tmp_path)
    await suspend_contradicted(database)
    await bring_up_to_date(database, batch.id)
    row = next(each for each in await exported(batch, Rows.TASKS) if each["id"] == "g4")
    assert (row["gold"], row["right"], row["label"], row["confidence"]) == ("yes", "", "", "")
    assert {each["verdict"] for each in await exported(batch, Rows.ANSWERS) if each["task"] == "g4"} == {""}
