"""A task that a person decided becomes a gold of its batch, and keeps all that is promised of golds."""

import asyncio
import csv
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from crowd.batches.cards import batch_spec
from crowd.batches.life import State, set_state
from crowd.batches.spec import Overlap
from crowd.exports import format_named
from crowd.golds.making import Made, MakingError, Obstacle, made_of, make_gold
from crowd.golds.next_batch import next_golds
from crowd.golds.ruling import Ruling, RulingError, rule, suspended_golds
from crowd.labels.auditing import audited, draw
from crowd.labels.contested import case_of
from crowd.labels.fitting import bring_up_to_date, fit_stale
from crowd.labels.results import Rows, export
from crowd.labels.review import ReviewError, Trouble, decide, undo
from crowd.loop.answering import Then, answer
from crowd.loop.handing import Given
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, until_waiting, working
from tests.crowd.test_golds import Golden, looking

BY = "requester 1 (test)"
OVERLAP = {"least": 2, "most": 5, "confidence": 0.6}
GOOD, BAD = 0, 1


async def settled(
    database: Database, folder: Path, *, tasks: int = 6, overlap: dict[str, Any] | None = None, **spec: Any
) -> tuple[Batch, Sequence[Worker]]:
    """A batch whose first tasks are settled by the two who work on it: one task is left."""
    batch = await Batch.post(database, folder, tasks=tasks, overlap=overlap or OVERLAP, **spec)
    crew = await people(database, 2)
    last = await batch.value("SELECT last_task FROM batch WHERE id = $1", batch.id)
    for worker in crew:
        got = await batch.next(worker)
        while isinstance(got, Given) and got.task_id < last:
            got = (await batch.accepted(worker, got.lease_id, GOOD)).next
        if isinstance(got, Given):
            await batch.pass_on(worker, got.lease_id)
    return batch, crew


async def a_task(batch: Batch, place: int = 0) -> int:
    """One that is settled with two answers."""
    found: int = await batch.value(
        "SELECT id FROM task WHERE batch_id = $1 AND gold IS NULL AND settled_at IS NOT NULL AND answers = 2 "
        "ORDER BY id OFFSET $2 LIMIT 1",
        batch.id, place,
    )  # fmt: skip
    return found


async def decided(batch: Batch, task: int, cell: str | None = "good") -> None:
    async with batch.database.transaction() as tx:
        await decide(tx, batch.id, task, cell, note=None, reviewer=BY)


async def made(batch: Batch, task: int, **explanation: str) -> Made:
    async with batch.database.transaction() as tx:
        return await make_gold(tx, batch.id, task, explanation, by=BY)


async def obstacle(batch: Batch, task: int, **explanation: str) -> Obstacle:
    with pytest.raises(MakingError) as raised:
        await made(batch, task, **explanation)
    return raised.value.obstacle


async def undone(batch: Batch, task: int) -> None:
    async with batch.database.transaction() as tx:
        await undo(tx, batch.id, task, None, by=BY)


async def golds_given(batch: Batch, worker: Worker, *, say: int = GOOD) -> list[int]:
    """All that is handed to a worker whose luck always draws a gold."""
    had: list[int] = []
    got = await looking(batch, worker, Golden())
    while isinstance(got, Given):
        had.append(got.task_id)
        got = (await batch.accepted(worker, got.lease_id, say, Golden())).next
    return had


async def test_who_begins_later_meets_it_first_and_is_judged_by_it(database: Database, tmp_path: Path) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    await decided(batch, task)
    gold = await made(batch, task, en="Praise.", sw="Ni sifa.")
    row = await batch.task(gold.task_id)
    assert row["gold"] == {"value": "good", "explanation": {"en": "Praise.", "sw": "Ni sifa."}}
    assert row["payload"] == (await batch.task(task))["payload"]
    right, wrong = await people(database, 2)
    for worker, said, verdict in ((right, GOOD, 1.0), (wrong, BAD, 0.0)):
        got = await looking(batch, worker, Golden())
        assert isinstance(got, Given)
        assert got.task_id == gold.task_id
        answered = await batch.accepted(worker, got.lease_id, said)
        assert await batch.value("SELECT verdict FROM answer WHERE id = $1", got.lease_id) == verdict
        assert (answered.lesson is None) is (verdict == 1)
    await check_books(database)


async def test_nobody_who_had_begun_meets_it(database: Database, tmp_path: Path) -> None:
    batch, crew = await settled(database, tmp_path)
    for place in range(3):
        task = await a_task(batch, place)
        await decided(batch, task)
        await made(batch, task)
    for worker in crew:
        for seed in range(3):
            got = await batch.next(worker, seed)
            assert not isinstance(got, Given) or not await batch.value(
                "SELECT EXISTS (SELECT FROM made_gold WHERE task_id = $1)", got.task_id
            )
    await check_books(database)


async def test_it_comes_round_no_more_often_than_any_task_and_what_it_repeats_is_counted(
    database: Database, tmp_path: Path
) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    await decided(batch, task)
    gold = await made(batch, task)
    for worker in await people(database, 6):
        await golds_given(batch, worker)
        await check_books(database)
    both = await batch.value("SELECT count(*) FROM answer WHERE task_id IN ($1, $2)", task, gold.task_id)
    assert 3 <= both <= 5
    async with database.reading() as tx:
        now = await made_of(tx, task)
    assert now is not None
    assert now.answers == both - 2
    assert not (await batch.task(gold.task_id))["open"]


async def test_its_answers_are_paid_out_of_what_the_batch_was_posted_with(database: Database, tmp_path: Path) -> None:
    """However much they are in doubt: a gold and its task together are a task."""
    batch, _ = await settled(database, tmp_path, tasks=4)
    for place in range(3):
        task = await a_task(batch, place)
        await decided(batch, task)
        await made(batch, task)
    paid = "SELECT count(*) FROM answer WHERE batch_id = $1"
    before = await batch.value(paid, batch.id)
    for worker in await people(database, 6):
        await golds_given(batch, worker, say=worker.id % 3)
    answers = await batch.value(paid, batch.id)
    assert before < answers <= 4 * 5
    await check_books(database)


async def test_the_decided_task_keeps_its_label_and_its_answers_get_no_verdicts(
    database: Database, tmp_path: Path
) -> None:
    batch, crew = await settled(database, tmp_path)
    task = await a_task(batch)
    await decided(batch, task, "bad")
    gold = await made(batch, task)
    (newcomer,) = await people(database, 1)
    await golds_given(batch, newcomer, say=BAD)
    await bring_up_to_date(database, batch.id)
    async with database.reading() as tx:
        data = b"".join([part.data async for part in export(tx, batch.id, Rows.TASKS, format_named("csv"))])
        verdicts = await tx.value("SELECT count(verdict) FROM answer WHERE task_id = $1", task)
        golds = await tx.value("SELECT sum(golds) FROM track WHERE worker_id = ANY($1)", [each.id for each in crew])
        case = await case_of(tx, batch.id, task)
    rows = {row["id"]: row for row in csv.DictReader(data.decode("utf-8-sig").splitlines())}
    key = (await batch.task(task))["key"]
    assert (rows[key]["label"], rows[key]["method"], rows[key]["answers"]) == ("bad", "review", "2")
    assert (rows[f"{key} (gold)"]["right"], rows[f"{key} (gold)"]["label"]) == ("bad", "")
    assert (verdicts, golds) == (0, 0)
    assert case is not None
    assert case.made is not None
    assert (case.made.task_id, case.made.standing, case.made.answers) == (gold.task_id, True, 1)
    await check_books(database)


async def test_sent_twice_or_by_two_at_once_it_is_one(database: Database, tmp_path: Path) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    await decided(batch, task)
    both = await asyncio.gather(made(batch, task, en="one"), made(batch, task, en="two"))
    assert both[0] == both[1] == await made(batch, task)
    assert await batch.value("SELECT count(*) FROM task WHERE batch_id = $1 AND gold IS NOT NULL", batch.id) == 1
    assert await batch.value("SELECT golds FROM batch WHERE id = $1", batch.id) == 1


async def test_what_makes_no_gold_is_refused_with_the_reason(database: Database, tmp_path: Path) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    assert await obstacle(batch, task) is Obstacle.UNDECIDED
    await decided(batch, task, None)
    assert await obstacle(batch, task) is Obstacle.UNDECIDED
    await undone(batch, task)
    await decided(batch, task)
    assert await obstacle(batch, task, en="x" * 1001) is Obstacle.EXPLANATION
    assert await obstacle(batch, task, en="\u200b") is Obstacle.EXPLANATION
    assert await obstacle(batch, task, **{" ": "why"}) is Obstacle.EXPLANATION
    assert await obstacle(batch, 5) is Obstacle.GONE
    gold = await made(batch, task)
    assert await obstacle(batch, gold.task_id) is Obstacle.GONE
    reported = await a_task(batch, 1)
    await decided(batch, reported)
    await batch.run("UPDATE task SET withdrawn_at = now() WHERE id = $1", reported)
    assert await obstacle(batch, reported) is Obstacle.REPORTED
    other = await a_task(batch, 2)
    await decided(batch, other)
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor=BY)
    assert await obstacle(batch, other) is Obstacle.CLOSED


async def test_a_task_with_all_its_answers_would_be_known_for_a_gold(database: Database, tmp_path: Path) -> None:
    batch, _ = await settled(database, tmp_path, overlap={"least": 2, "most": 2, "confidence": 0.6})
    task = await a_task(batch)
    await decided(batch, task)
    assert await obstacle(batch, task) is Obstacle.FULL


async def test_with_a_budget_that_is_used_up_there_is_no_further_gold(database: Database, tmp_path: Path) -> None:
    """Of six tasks each least answer is paid, and so many more; a gold of a task with two answers may need three."""
    for more, made_one in ((2, False), (3, True)):
        budget = f"{(12 + more) * 0.02:.2f}"
        batch, _ = await settled(database, tmp_path, overlap={"least": 2, "most": 5}, budget=budget)
        task: int = await batch.value(
            "SELECT id FROM task WHERE batch_id = $1 AND answers = 2 AND settled_at IS NULL ORDER BY id LIMIT 1",
            batch.id,
        )
        await batch.run(
            "WITH one AS (UPDATE task SET settled_at = $2, seats = 0, open = false, wanted = NULL WHERE id = $1 "
            "RETURNING batch_id, confidence) UPDATE tally SET settled = settled + 1, "
            "unsure = unsure + (one.confidence < $3)::int FROM one WHERE tally.batch_id = one.batch_id AND slot = 0",
            task, database.clock(), Overlap().sure,
        )  # fmt: skip
        await decided(batch, task)
        if made_one:
            assert (await made(batch, task)).standing
        else:
            assert await obstacle(batch, task) is Obstacle.MONEY
        await check_books(database)


async def test_undoing_the_decision_takes_the_gold_and_its_verdicts_with_it(database: Database, tmp_path: Path) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    await decided(batch, task, "bad")
    gold = await made(batch, task)
    (newcomer,) = await people(database, 1)
    got = await looking(batch, newcomer, Golden())
    assert isinstance(got, Given)
    await batch.accepted(newcomer, got.lease_id, GOOD)
    track = "SELECT golds FROM track WHERE worker_id = $1"
    assert await batch.value(track, newcomer.id) == 1
    await undone(batch, task)
    assert await batch.value(track, newcomer.id) == 0
    out = await batch.task(gold.task_id)
    assert (out["open"], out["suspended_at"] is None) == (False, False)
    told = await batch.value("SELECT count(*) FROM outbox WHERE subject = 'check_mistaken' AND person_id = $1",
                             newcomer.person_id)  # fmt: skip
    assert told == 1
    async with database.reading() as tx:
        assert await suspended_golds(tx, batch.id) == [], "no worker contradicted it"
        now = await made_of(tx, task)
    assert now is not None
    assert not now.standing
    with pytest.raises(RulingError) as raised:
        async with database.transaction() as tx:
            await rule(tx, batch.id, gold.task_id, Ruling.RIGHT, None, by=BY)
    assert raised.value.trouble == "gone"
    await decided(batch, task)
    assert not (await made(batch, task)).standing, "a task is a gold once"
    await undone(batch, task)
    await check_books(database)


async def test_a_decision_is_not_undone_beneath_an_answer_to_its_gold(database: Database, tmp_path: Path) -> None:
    """Its verdict would be left, of a gold that is none."""
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    await decided(batch, task)
    await made(batch, task)
    (newcomer,) = await people(database, 1)
    got = await looking(batch, newcomer, Golden())
    assert isinstance(got, Given)
    async with working(database, newcomer) as tx:
        await answer(tx, newcomer.person_id, got.lease_id, lambda _: BAD, Golden(), then=Then.CHOSEN)
        undoing = asyncio.create_task(undone(batch, task))
        async with database.reading() as other:
            await until_waiting(other)
    with pytest.raises(ReviewError) as raised:
        await undoing
    assert raised.value.trouble is Trouble.BUSY
    assert (await batch.task(task))["label"] == "good"
    await undone(batch, task)
    assert await batch.value("SELECT verdict FROM answer WHERE id = $1", got.lease_id) is None
    await check_books(database)


async def test_a_decision_is_not_undone_beneath_the_making_of_its_gold(database: Database, tmp_path: Path) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    await decided(batch, task)
    async with database.transaction() as tx:
        gold = await make_gold(tx, batch.id, task, {}, by=BY)
        undoing = asyncio.create_task(undone(batch, task))
        async with database.reading() as other:
            await until_waiting(other)
    with pytest.raises(ReviewError) as raised:
        await undoing
    assert raised.value.trouble is Trouble.BUSY
    await undone(batch, task)
    assert (await batch.task(gold.task_id))["open"] is False
    await check_books(database)


async def test_undoing_tells_the_next_scheduled_fit(database: Database, tmp_path: Path) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    await decided(batch, task)
    await made(batch, task)
    await bring_up_to_date(database, batch.id)
    await undone(batch, task)
    fitted = "SELECT fitted_moves FROM batch WHERE id = $1"
    assert await batch.value(fitted, batch.id) == 0
    await fit_stale(database)
    assert await batch.value(fitted, batch.id) == 2


async def test_for_the_next_batch_it_stands_in_for_the_decided_task(database: Database, tmp_path: Path) -> None:
    batch, _ = await settled(database, tmp_path)
    one, two = await a_task(batch), await a_task(batch, 1)
    for task in (one, two):
        await decided(batch, task)
    await made(batch, one, en="why")
    async with database.reading() as tx:
        columns, rows = await next_golds(tx, batch.id, await batch_spec(tx, batch.id))
    keys = [(await batch.task(task))["key"] for task in (one, two)]
    names = [column.name for column in columns]
    found = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
    assert sorted(found) == sorted(keys)
    assert (found[keys[0]]["gold"], found[keys[0]]["explanation_en"]) == ("good", "why")
    await undone(batch, one)
    async with database.reading() as tx:
        _, rows = await next_golds(tx, batch.id, await batch_spec(tx, batch.id))
    assert [row[0] for row in rows] == [keys[1]]


async def test_an_audit_draws_settled_tasks_at_random_and_counts_what_it_confirms(
    database: Database, tmp_path: Path
) -> None:
    batch, _ = await settled(database, tmp_path, tasks=12)
    luck, seen = random.Random(1), set()
    async with database.reading() as tx:
        spec = await batch_spec(tx, batch.id)
        for _ in range(100):
            seen.add(await draw(tx, batch.id, luck))
    rows = await batch.value("SELECT array_agg(id) FROM task WHERE batch_id = $1 AND settled_at IS NOT NULL", batch.id)
    assert seen == set(rows)
    for number, (task, cell) in enumerate(zip(sorted(rows), ("good", "bad", None, "good"), strict=False)):
        async with database.transaction() as tx:
            await decide(tx, batch.id, task, cell, note=None, reviewer=BY, drawn=number < 3)
    async with database.reading() as tx:
        found = await audited(tx, batch.id, spec)
        assert (found.tasks, found.confirmed) == (2, 1)
        assert {await draw(tx, batch.id, luck) for _ in range(100)} == set(sorted(rows)[4:])
    for task in sorted(rows)[4:]:
        await decided(batch, task)
    async with database.reading() as tx:
        assert await draw(tx, batch.id, luck) is None
