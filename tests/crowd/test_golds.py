"""Golds: often for a newcomer and seldom for the proven, never twice, no evidence on themselves, a pause on proof."""

import math
import random
from pathlib import Path

from crowd.loop import offers as offering
from crowd.loop.answering import DontKnow
from crowd.loop.handing import Dry, Given, next_task
from crowd.loop.offers import Nothing, NoWork
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.requester.scene import Item, batch_file, posted


def is_gold(task: Given) -> bool:
    return bool(task.payload["text"].startswith("gold"))


class Golden(random.Random):
    """Luck that draws a gold whenever there is one left."""

    def random(self) -> float:
        return 0.0


class Sober(random.Random):
    """Luck that draws no gold."""

    def random(self) -> float:
        return 0.99


async def looking(batch: Batch, worker: Worker, luck: random.Random) -> Given | Dry:
    async with working(batch.database, worker) as tx:
        return await next_task(tx, worker.id, batch.id, luck)


async def walk(
    batch: Batch, worker: Worker, *, right: bool, most: int, luck: random.Random | None = None
) -> tuple[list[Given], Dry | Given]:
    """Answer so many tasks, all golds right or all wrong; the tasks, and what came after."""
    luck = luck or random.Random(worker.person_id)
    had: list[Given] = []
    got = await batch.next(worker, worker.person_id)
    while isinstance(got, Given) and len(had) < most:
        had.append(got)
        got = (await batch.accepted(worker, got.lease_id, 0 if right or not is_gold(got) else 1, luck)).next
    return had, got


async def test_a_gold_gives_a_verdict_and_adds_up_like_any_task(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=60, golds=10, overlap={"least": 3, "most": 3})
    right, wrong, unknowing = await people(database, 3)
    for worker, said, verdict in ((right, 0, 1.0), (wrong, 1, 0.0), (unknowing, DontKnow.DONT_KNOW, None)):
        luck = random.Random(worker.person_id)
        got: Given | Dry = await batch.next(worker)
        while isinstance(got, Given) and not is_gold(got):
            got = (await batch.accepted(worker, got.lease_id, 2, luck)).next
        assert isinstance(got, Given)
        before = await batch.task(got.task_id)
        evidence = await batch.value("SELECT evidence FROM track WHERE worker_id = $1", worker.id)
        await batch.accepted(worker, got.lease_id, said)
        assert await batch.value("SELECT verdict FROM answer WHERE id = $1", got.lease_id) == verdict
        after = await batch.task(got.task_id)
        assert (after["answers"], after["leased"]) == (before["answers"] + 1, before["leased"] - 1)
        assert (after["evidence"] != before["evidence"]) is (verdict is not None)
        async with database.transaction() as tx:
            track = await tx.row("SELECT * FROM track WHERE worker_id = $1", worker.id)
        assert track is not None
        assert (track["golds"], track["right"]) == ((0, 0) if verdict is None else (1, verdict))
        shown = track["evidence"] - evidence
        assert shown == 0 if verdict is None else math.copysign(1, shown) == (1 if not verdict else -1)
    await check_books(database)


async def test_the_first_wrong_golds_are_lessons(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=60, golds=20)
    (worker,) = await people(database, 1)
    luck = random.Random(5)
    got: Given | Dry = await batch.given(worker)
    lessons: list[object] = []
    while isinstance(got, Given) and len(lessons) < 7:
        done = await batch.accepted(worker, got.lease_id, 1, luck)
        if is_gold(got):
            lessons.append(done.lesson.right if done.lesson else None)
        else:
            assert done.lesson is None
        got = done.next
    assert lessons == ["good"] * 5 + [None] * 2


async def test_who_gets_golds_right_hears_no_lesson(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40, golds=10)
    (worker,) = await people(database, 1)
    got: Given | Dry = await batch.given(worker)
    while isinstance(got, Given):
        done = await batch.accepted(worker, got.lease_id, 0)
        assert done.lesson is None
        got = done.next


async def test_nobody_is_paused_before_the_eighth_gold_and_the_bad_are_told_then(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=150, golds=30)
    (worker,) = await people(database, 1)
    luck = random.Random(1)
    golds = 0
    got: Given | Dry = await batch.given(worker)
    while isinstance(got, Given):
        gold = is_gold(got)
        golds += gold
        done = await batch.accepted(worker, got.lease_id, 1, luck)
        assert done.earned == 20_000
        assert done.paused == (gold and golds == 8)
        got = done.next
    assert (golds, got) == (8, Dry.PAUSED_WORKER)
    assert await batch.next(worker) is Dry.PAUSED_WORKER
    async with database.transaction() as tx:
        found = await offering.offers(tx, worker.id)
        track = await tx.row("SELECT * FROM track WHERE worker_id = $1", worker.id)
    assert isinstance(found, Nothing)
    assert NoWork.PAUSED in found.reasons
    assert track is not None
    assert (track["pause_reason"], track["golds"]) == ("evidence", 8)
    await check_books(database)


async def test_a_pause_is_of_one_kind_and_language(database: Database, tmp_path: Path) -> None:
    swahili = await Batch.post(database, tmp_path, tasks=3)
    hausa = await Batch.post(database, tmp_path, tasks=3, language="ha")
    other = await Batch.post(database, tmp_path, tasks=3)
    (worker,) = await people(database, 1)
    task = await swahili.given(worker)
    await swahili.run("UPDATE track SET paused_at = now() WHERE worker_id = $1", worker.id)
    assert (await swahili.accepted(worker, task.lease_id)).next is Dry.PAUSED_WORKER
    assert await other.next(worker) is Dry.PAUSED_WORKER
    assert await hausa.next(worker) is Dry.NOT_ALLOWED
    await hausa.run("INSERT INTO worker_language VALUES ($1, 'ha', 'good')", worker.id)
    assert isinstance(await hausa.next(worker), Given)


async def test_no_gold_twice_to_the_same_worker_however_long_they_work(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=60, golds=5, overlap={"least": 6, "most": 6})
    for worker in await people(database, 6):
        had, end = await walk(batch, worker, right=True, most=1000)
        golds = [task.task_id for task in had if is_gold(task)]
        assert end is Dry.DONE
        assert len(set(golds)) == len(golds)
        assert len([task for task in had if not is_gold(task)]) == 60
    await check_books(database)


async def test_a_gold_comes_round_as_often_as_any_task(database: Database, tmp_path: Path) -> None:
    """However eager luck is for golds, their answers are counted and stopped as those of other tasks are."""
    batch = await Batch.post(database, tmp_path, tasks=100, golds=6, overlap={"least": 2, "most": 3})
    for worker in await people(database, 5):
        await walk(batch, worker, right=True, most=100, luck=Golden(worker.person_id))
    async with database.transaction() as tx:
        rows = await tx.rows("SELECT answers FROM task WHERE batch_id = $1 AND gold IS NOT NULL", batch.id)
    assert all(2 <= row["answers"] <= 3 for row in rows)
    await check_books(database)


async def test_a_gold_that_was_given_back_goes_to_another(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=9, golds=1, overlap={"least": 1, "most": 1})
    first, second = await people(database, 2)
    gold = await looking(batch, first, Golden())
    assert isinstance(gold, Given)
    assert is_gold(gold)
    assert not is_gold(await batch.given(second))
    await batch.pass_on(first, gold.lease_id)
    got = await looking(batch, first, Golden())
    assert isinstance(got, Given)
    assert not is_gold(got), "never twice to the same worker"
    (third,) = await people(database, 1)
    again = await looking(batch, third, Golden())
    assert isinstance(again, Given)
    assert again.task_id == gold.task_id


async def test_no_gold_is_given_where_no_ordinary_task_is_left(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3, golds=8, overlap={"least": 1, "most": 1})
    holder, hopeful, newcomer = await people(database, 3)
    task = await looking(batch, holder, Sober())
    for _ in range(2):
        assert isinstance(task, Given)
        task = (await batch.accepted(holder, task.lease_id, luck=Sober())).next
    assert isinstance(task, Given)
    assert await looking(batch, hopeful, Golden()) is Dry.DONE  # the last one is in the holder's hands
    assert (await batch.accepted(holder, task.lease_id, luck=Golden())).next is Dry.DONE
    for worker in (holder, hopeful, newcomer):
        for _ in range(2):
            assert await looking(batch, worker, Golden()) is Dry.DONE


async def test_golds_never_spend_the_money_of_ordinary_tasks(database: Database, tmp_path: Path) -> None:
    """Even if every worker is given a gold whenever there is one, each task gets all its answers."""
    batch = await Batch.post(database, tmp_path, tasks=9, golds=9, overlap={"least": 3, "most": 3})
    for worker in await people(database, 8):
        got = await looking(batch, worker, Golden())
        while isinstance(got, Given):
            got = (await batch.accepted(worker, got.lease_id, 0, Golden())).next
        assert got is Dry.DONE
    assert await batch.value("SELECT sum(settled) FROM tally WHERE batch_id = $1", batch.id) == 9
    assert await batch.value("SELECT sum(gold_answers) FROM tally WHERE batch_id = $1", batch.id) == 27
    assert await batch.value("SELECT sum(balance) FROM account WHERE kind = 'escrow' AND owner = $1", batch.id) == 0
    await check_books(database)


async def test_golds_come_first_and_grow_rare_for_those_who_prove_themselves(
    database: Database, tmp_path: Path
) -> None:
    """Of workers who answer all right: an exam, and from then on hardly any; each count within its spread (z = 4)."""
    batch = await Batch.post(database, tmp_path, tasks=160, golds=40, overlap={"least": 8, "most": 8})
    first, later = 0, [0, 0]
    for worker in await people(database, 8):
        had, _ = await walk(batch, worker, right=True, most=120)
        first += sum(map(is_gold, had[:4]))
        later[0] += sum(map(is_gold, had[20:]))
        later[1] += len(had[20:])
    assert first >= 3 * 8 - 8
    golds, tasks = later
    assert golds <= 0.02 * tasks + 4 * math.sqrt(tasks * 0.02 * 0.98)


async def test_labels_take_turns_among_golds(database: Database, tmp_path: Path) -> None:
    """However rare a label is, the first golds that a worker meets have it among them."""
    items = [Item(f"t{at}", f"task {at}") for at in range(60)]
    rights = ["good"] * 34 + ["bad"] * 3 + ["neither"] * 3
    items += [Item(f"g{at}", f"gold {at} {right}", right) for at, right in enumerate(rights)]
    done = await posted(database, batch_file(tmp_path / "turns", items))
    async with database.reading() as tx:
        rows = await tx.rows(
            """
            SELECT key, payload, gold -> 'value' AS value FROM task WHERE batch_id = $1 AND gold IS NOT NULL ORDER BY id
            """,
            done.batch_id,
        )
    values = [row["value"] for row in rows]
    assert [sorted(values[start : start + 3]) for start in (0, 3, 6)] == [["bad", "good", "neither"]] * 3
    assert sorted(row["key"] for row in rows) == sorted(f"g{at}" for at in range(40))
    assert all(row["payload"]["text"] == f"gold {row['key'][1:]} {row['value']}" for row in rows)
