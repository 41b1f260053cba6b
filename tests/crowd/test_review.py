"""What a person decides about a contested task stands, until they take it back."""

import asyncio
import csv
from pathlib import Path
from typing import Any

import pytest

from crowd.agreement.measuring import agreement_of
from crowd.batches.life import State, set_state
from crowd.batches.spec import BatchSpec
from crowd.consensus import VERSION
from crowd.exports import format_named
from crowd.kinds.base import AnswerTable, Fit
from crowd.labels import fitting
from crowd.labels.contested import case_of, contested, decided
from crowd.labels.fitprocess import fitted
from crowd.labels.fitting import bring_up_to_date, fit_stale
from crowd.labels.results import Rows, export
from crowd.labels.review import Review, ReviewError, Trouble, decide, undo
from crowd.loop.handing import Given
from crowd.loop.leases import Way
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, until_waiting

GOOD, BAD, NEITHER = 0, 1, 2


async def contest(database: Database, folder: Path, **spec: Any) -> tuple[Batch, list[Worker], int]:
    """A batch of six tasks, of which two of three workers call the first one bad; its id."""
    batch = await Batch.post(
        database, folder, **{"tasks": 6, "overlap": {"least": 3, "most": 3, "confidence": 0.9}, **spec}
    )
    crew = await people(database, 3)
    for worker in crew:
        got = await batch.next(worker)
        while isinstance(got, Given):
            odd = got.payload["text"].endswith(" 0") and worker is not crew[2]
            got = (await batch.accepted(worker, got.lease_id, BAD if odd else GOOD)).next
    task = await batch.value("SELECT id FROM task WHERE batch_id = $1 AND key = 't0'", batch.id)
    return batch, crew, task


async def decision(
    batch: Batch, task: int, cell: str | None, *, note: str | None = None, reviewer: str = "requester 1 (test)"
) -> Review:
    async with batch.database.transaction() as tx:
        return await decide(tx, batch.id, task, cell, note=note, reviewer=reviewer)


async def undone(batch: Batch, task: int, review: int | None = None) -> None:
    async with batch.database.transaction() as tx:
        await undo(tx, batch.id, task, review, by="requester 1 (test)")


async def trouble(batch: Batch, task: int, cell: str | None = "good", reviewer: str = "requester 2 (test)") -> Trouble:
    with pytest.raises(ReviewError) as raised:
        await decision(batch, task, cell, reviewer=reviewer)
    return raised.value.trouble


async def results(batch: Batch) -> dict[str, dict[str, str]]:
    await bring_up_to_date(batch.database, batch.id)
    async with batch.database.reading() as tx:
        data = b"".join([part.data async for part in export(tx, batch.id, Rows.TASKS, format_named("csv"))])
    return {row["id"]: row for row in csv.DictReader(data.decode("utf-8-sig").splitlines())}


async def money(batch: Batch) -> tuple[int, int]:
    async with batch.database.reading() as tx:
        transfers = await tx.value("SELECT count(*) FROM transfer")
        return transfers, await tx.value("SELECT sum(balance * balance / 1000000) FROM account")


async def test_a_decision_is_the_label_for_sure_and_says_who_made_it_and_moves_no_money(
    database: Database, tmp_path: Path
) -> None:
    batch, _, task = await contest(database, tmp_path)
    before, unsure = await money(batch), await results(batch)
    assert unsure["t0"]["label"] == "bad"
    made = await decision(batch, task, "good", note="It praises.")
    assert (made.label, made.note, made.reviewer, made.label_before) == (
        "good",
        "It praises.",
        "requester 1 (test)",
        "bad",
    )
    row = (await results(batch))["t0"]
    assert (row["label"], row["confidence"], row["method"]) == ("good", "1.0", "review")
    assert {each["method"] for key, each in (await results(batch)).items() if key != "t0"} == {VERSION}
    assert await money(batch) == before
    async with database.reading() as tx:
        noted = await tx.rows(
            "SELECT actor, detail FROM audit WHERE action = 'task.review' AND subject = $1", str(task)
        )
    assert [(each["actor"], each["detail"]["label"]) for each in noted] == [("requester 1 (test)", "good")]
    await check_books(database)


async def test_what_cannot_be_decided_has_no_label_and_is_no_longer_contested(
    database: Database, tmp_path: Path
) -> None:
    batch, _, task = await contest(database, tmp_path)
    await decision(batch, task, None)
    row = (await results(batch))["t0"]
    assert (row["label"], row["confidence"], row["method"]) == ("", "", "review")
    await fit_stale(database)
    assert (await batch.task(task))["label"] is None
    async with database.reading() as tx:
        assert [case.id for case in (await decided(tx, batch.id)).cases] == [task]
    await check_books(database)


async def test_a_fit_learns_from_a_decision_and_never_changes_it(database: Database, tmp_path: Path) -> None:
    batch, crew, task = await contest(database, tmp_path, tasks=12)
    await bring_up_to_date(database, batch.id)
    accuracy = "SELECT accuracy FROM participation WHERE worker_id = $1"

    async def lead() -> float:
        """By how much the worker who was outvoted is trusted more than one of those who outvoted them."""
        return float(await batch.value(accuracy, crew[2].id) - await batch.value(accuracy, crew[0].id))

    before = await lead()
    await decision(batch, task, "good")
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    assert await fit_stale(database) == 1, "a decision is news to a closed batch"
    assert await fit_stale(database) == 0
    after = await batch.task(task)
    assert (after["label"], after["confidence"]) == ("good", 1)
    assert before < 0 < await lead()
    await check_books(database)


async def test_a_fit_under_way_neither_overwrites_a_decision_nor_brings_back_one_that_is_undone(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, _, task = await contest(database, tmp_path)

    async def decided_meanwhile(spec: BatchSpec, table: AnswerTable) -> Fit:
        assert task not in table.golds
        await decision(batch, task, "neither")
        return await fitted(spec, table)

    monkeypatch.setattr(fitting, "fitted", decided_meanwhile)
    await bring_up_to_date(database, batch.id)
    assert (await batch.task(task))["label"] == "neither"

    async def undone_meanwhile(spec: BatchSpec, table: AnswerTable) -> Fit:
        assert table.golds[task] == "neither"
        await undone(batch, task)
        return await fitted(spec, table)

    monkeypatch.setattr(fitting, "fitted", undone_meanwhile)
    await bring_up_to_date(database, batch.id)
    assert (await batch.task(task))["label"] == "bad"
    monkeypatch.undo()
    assert (await results(batch))["t0"]["method"] == VERSION
    await check_books(database)


async def test_a_fit_that_waits_for_a_decision_under_way_leaves_it_alone(database: Database, tmp_path: Path) -> None:
    batch, _, task = await contest(database, tmp_path)
    async with database.transaction() as tx:
        await decide(tx, batch.id, task, "neither", note=None, reviewer="one")
        fit = asyncio.create_task(bring_up_to_date(database, batch.id))
        async with database.transaction() as watching:
            await until_waiting(watching)
    await fit
    assert (await batch.task(task))["label"] == "neither"
    await check_books(database)


async def test_what_was_in_hands_when_a_task_was_decided_is_paid_and_changes_no_label(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 1, "most": 2, "confidence": 0.99})
    one, two = await people(database, 2)
    await batch.accepted(one, (await batch.given(one)).lease_id, GOOD)
    late = await batch.given(two)
    assert await trouble(batch, late.task_id) is Trouble.EARLY
    await batch.run("UPDATE task SET settled_at = now(), seats = 0, open = false WHERE id = $1", late.task_id)
    await batch.run("UPDATE tally SET settled = 1, unsure = 1 WHERE batch_id = $1 AND slot = 0", batch.id)
    await decision(batch, late.task_id, "neither")
    done = await batch.accepted(two, late.lease_id, BAD)
    assert done.earned == 20_000
    task = await batch.task(late.task_id)
    assert (task["label"], task["confidence"], task["answers"]) == ("neither", 1, 2)
    await check_books(database)


async def test_a_decision_is_undone_and_everything_is_as_before(database: Database, tmp_path: Path) -> None:
    batch, _, task = await contest(database, tmp_path, overlap={"least": 3, "most": 3, "confidence": 0.999})
    await bring_up_to_date(database, batch.id)
    before = await batch.task(task)
    tally = "SELECT sum(settled)::text || '/' || sum(unsure) FROM tally WHERE batch_id = $1"
    counted = await batch.value(tally, batch.id)
    made = await decision(batch, task, "good")
    assert await batch.value(tally, batch.id) != counted, "it is unsure no more"
    await undone(batch, task, made.id)
    assert await batch.task(task) == before
    assert await batch.value(tally, batch.id) == counted
    with pytest.raises(ReviewError) as raised:
        await undone(batch, task, made.id)
    assert raised.value.trouble is Trouble.UNDONE
    again = await decision(batch, task, "neither")
    with pytest.raises(ReviewError):
        await undone(batch, task, made.id)  # a stale page: the decision that it shows is no more
    assert (await batch.task(task))["label"] == "neither"
    async with database.reading() as tx:
        kept = await tx.rows("SELECT label, undone_by FROM review WHERE task_id = $1 ORDER BY id", task)
        assert [tuple(row) for row in kept] == [("good", "requester 1 (test)"), ("neither", None)]
        case = await case_of(tx, batch.id, task)
    assert case is not None
    assert case.review == again
    await check_books(database)


async def test_of_two_reviewers_at_once_one_decides_and_the_other_is_told(database: Database, tmp_path: Path) -> None:
    batch, _, task = await contest(database, tmp_path)
    async with database.transaction() as first:
        await decide(first, batch.id, task, "good", note=None, reviewer="one")
        second = asyncio.create_task(trouble(batch, task, "bad", "two"))
        async with database.transaction() as watching:
            await until_waiting(watching)
    assert await second is Trouble.DECIDED
    assert (await batch.task(task))["label"] == "good"
    await check_books(database)


async def test_the_same_decision_sent_twice_is_one(database: Database, tmp_path: Path) -> None:
    batch, _, task = await contest(database, tmp_path)
    first, second = await asyncio.gather(decision(batch, task, "good"), decision(batch, task, "good"))
    assert first == second
    assert await batch.value("SELECT count(*) FROM review WHERE task_id = $1", task) == 1
    assert await trouble(batch, task, "bad", "requester 1 (test)") is Trouble.DECIDED


async def test_a_closed_batch_is_reviewed_also_where_it_was_not_settled(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=2, overlap={"least": 2, "most": 2})
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    await batch.accepted(worker, task.lease_id, BAD)
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    other = await batch.value("SELECT id FROM task WHERE batch_id = $1 AND id <> $2", batch.id, task.task_id)
    assert await trouble(batch, other) is Trouble.EARLY, "nobody ever saw it"
    await decision(batch, task.task_id, "good")
    settled = "SELECT sum(settled) FROM tally WHERE batch_id = $1"
    assert await batch.value(settled, batch.id) == 1
    await check_books(database)
    await undone(batch, task.task_id)
    assert await batch.value(settled, batch.id) == 0
    assert (await batch.task(task.task_id))["settled_at"] is None
    await check_books(database)


async def test_a_reported_item_can_be_given_its_label(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 2, "most": 3})
    for worker in await people(database, 2):
        task = await batch.given(worker)
        await batch.pass_on(worker, task.lease_id, Way.REPORTED)
    await decision(batch, task.task_id, "neither")
    row = (await results(batch))["t0"]
    assert (row["label"], row["withdrawn"], row["method"]) == ("neither", "yes", "review")
    await check_books(database)


async def test_golds_other_batches_and_labels_that_are_none_are_refused(database: Database, tmp_path: Path) -> None:
    batch, _, task = await contest(database, tmp_path / "one", golds=1)
    other, _, _ = await contest(database, tmp_path / "two")
    gold = await batch.value("SELECT id FROM task WHERE batch_id = $1 AND gold IS NOT NULL", batch.id)
    assert await trouble(batch, gold) is Trouble.GONE
    assert await trouble(other, task) is Trouble.GONE
    assert await trouble(batch, 2**62) is Trouble.GONE
    assert await trouble(batch, task, "godo") is Trouble.LABEL
    async with database.reading() as tx:
        assert await case_of(tx, batch.id, gold) is None
        assert await case_of(tx, other.id, task) is None
    assert await batch.value("SELECT count(*) FROM review WHERE batch_id = ANY($1)", [batch.id, other.id]) == 0


async def test_written_answers_are_decided_in_ones_own_words(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(
        database, tmp_path, tasks=1, kind="text", options=None, dont_know=None, overlap={"least": 1, "most": 1}
    )
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    await batch.accepted(worker, task.lease_id, "habri")
    assert await trouble(batch, task.task_id, "   ") is Trouble.LABEL
    await decision(batch, task.task_id, "  habari ")
    assert (await batch.task(task.task_id))["label"] == "habari"
    row = (await results(batch))["t0"]
    assert (row["label"], row["method"]) == ("habari", "review")


async def test_decided_tasks_leave_the_list_at_once_and_come_back_when_undone(
    database: Database, tmp_path: Path
) -> None:
    batch, _, task = await contest(database, tmp_path)
    await agreement_of(database, batch.id)

    async def listed() -> list[int]:
        async with database.reading() as tx:
            return [case.id for case in (await contested(tx, batch.id)).cases]

    assert task in await listed()
    await decision(batch, task, "good")
    assert task not in await listed()
    await agreement_of(database, batch.id)
    await undone(batch, task)
    await agreement_of(database, batch.id)
    assert task in await listed()
