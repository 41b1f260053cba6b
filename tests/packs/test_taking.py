"""Packs: many tasks at once, each answered once, paid as any, and given back when their day is over."""

import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.loop.answering import Accepted, DontKnow
from crowd.loop.handing import Dry
from crowd.loop.leases import expire_leases, give_back_pack
from crowd.loop.recorded import Refused
from crowd.packs.answering import Outcome, answer_pack
from crowd.packs.letters import LATIN
from crowd.packs.pack import LASTS, NUMBERS, Pack, Stands, tasks_by_number
from crowd.packs.taking import TooLong, take_pack
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.database import Clock


def all_fit(spec: BatchSpec, payloads: Sequence[Json]) -> Sequence[bool]:
    return [True] * len(payloads)


async def take(batch: Batch, worker: Worker, size: int = 10, seed: int = 0) -> Pack | Dry | TooLong:
    async with working(batch.database, worker) as tx:
        return await take_pack(tx, worker.id, batch.id, size, LATIN, all_fit, random.Random(seed))


async def taken(batch: Batch, worker: Worker, size: int = 10, seed: int = 0) -> Pack:
    pack = await take(batch, worker, size, seed)
    assert isinstance(pack, Pack), pack
    return pack


async def say(batch: Batch, worker: Worker, said: dict[int, int | DontKnow]) -> list[Outcome]:
    """Answers by the numbers of tasks."""
    async with working(batch.database, worker) as tx:
        tasks = await tasks_by_number(tx, worker.id)
        told = {tasks[number]: (what if isinstance(what, DontKnow) else (lambda _, what=what: what))
                for number, what in said.items()}  # fmt: skip
        return await answer_pack(tx, worker.person_id, worker.id, told, random.Random(0))


async def stands(batch: Batch, worker: Worker) -> dict[int, Stands]:
    async with working(batch.database, worker) as tx:
        return {number: task.stands for number, task in (await tasks_by_number(tx, worker.id)).items()}


async def test_a_pack_is_answered_in_parts_and_each_answer_is_paid_once(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40, golds=10, dont_know=True)
    (worker,) = await people(database, 1)
    pack = await taken(batch, worker)
    assert [task.number for task in pack.tasks] == list(range(1, 11))
    assert len({task.task_id for task in pack.tasks}) == 10
    assert pack.due_at == clock.now() + LASTS
    assert isinstance(await batch.next(worker), object)
    clock.advance(3600)
    first = await say(batch, worker, {3: 0, 1: 1, 2: DontKnow.DONT_KNOW})
    assert [each.task.number for each in first] == [1, 2, 3]
    assert all(isinstance(each.result, Accepted) and each.result.earned == 20_000 for each in first)
    again = await say(batch, worker, {3: 1, 4: 0})
    assert again[0].result is Refused.ANSWERED
    assert isinstance(again[1].result, Accepted)
    assert await batch.value("SELECT value FROM answer WHERE id = $1", first[2].task.lease_id) == "good"
    assert (await taken(batch, worker)).id == pack.id, "one at a time"
    await check_books(database)


async def test_tasks_of_packs_come_once_to_each_worker_and_no_more_often_than_is_wanted(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=60, golds=12, overlap={"least": 2, "most": 3})
    crew = await people(database, 4)
    for turn in range(14):
        for worker in crew:
            pack = await take(batch, worker, 25 if turn % 2 else 5, seed=turn)
            if isinstance(pack, Pack):
                await say(batch, worker, {task.number: 0 if "gold" in str(task.payload) else turn % 2
                                          for task in pack.tasks})  # fmt: skip
    mine = "batch_id = $1"
    assert not await batch.value(f"SELECT count(*) FROM lease WHERE {mine}", batch.id)
    twice = f"SELECT FROM answer WHERE {mine} GROUP BY task_id, worker_id HAVING count(*) > 1"
    assert not await batch.value(f"SELECT count(*) FROM ({twice}) each", batch.id)
    assert await batch.value(f"SELECT max(answers) FROM task WHERE {mine}", batch.id) <= 3
    assert await batch.value(f"SELECT min(answers) FROM task WHERE gold IS NULL AND {mine}", batch.id) >= 2
    golds = f"SELECT count(*) FROM answer WHERE verdict IS NOT NULL AND {mine}"
    assert await batch.value(golds, batch.id) > 0, "golds are among them"
    await check_books(database)


async def test_numbers_go_on_from_pack_to_pack_so_that_none_is_read_as_another(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=150)
    (worker,) = await people(database, 1)
    seen: list[int] = []
    for _ in range(5):
        pack = await taken(batch, worker, 25)
        seen += [task.number for task in pack.tasks]
        await say(batch, worker, {task.number: 0 for task in pack.tasks})
    assert seen[:75] == list(range(1, 76))
    assert seen[75:] == [*range(1, 26), *range(26, 51)]
    assert max(seen) <= NUMBERS
    assert isinstance((await say(batch, worker, {60: 1}))[0].result, Refused)


async def test_what_is_late_is_paid_while_the_task_is_open_and_told_once(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=6, overlap={"least": 1, "most": 1})
    one, other = await people(database, 2)
    pack = await taken(batch, one, 6)
    clock.advance(LASTS.total_seconds() + 1)
    await expire_leases(database)
    assert await batch.value("SELECT count(*) FROM passed WHERE way = 'expired' AND worker_id = $1", one.id) == 6
    told = await batch.value("SELECT jsonb_agg(content) FROM outbox WHERE subject = 'expired' AND person_id = $1",
                             one.person_id)  # fmt: skip
    assert told == [{"pack": True}]
    given = await batch.given(other)
    await batch.accepted(other, given.lease_id)
    lost = next(task.number for task in pack.tasks if task.task_id == given.task_id)
    held = await batch.value("SELECT task_id FROM lease WHERE worker_id = $1", other.id)
    late = await say(batch, one, {task.number: 0 for task in pack.tasks})
    results = {each.task.number: each.result for each in late}
    assert results[lost] is Refused.EXPIRED
    with_other = next(task.number for task in pack.tasks if task.task_id == held)
    assert results[with_other] is Refused.EXPIRED
    assert sum(isinstance(result, Accepted) for result in results.values()) == 4
    await check_books(database)


async def test_the_rest_of_a_pack_can_be_given_back_and_a_task_in_hands_stays(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=30)
    one, other = await people(database, 2)
    pack = await taken(batch, one)
    given = await batch.given(one)
    assert given.task_id not in {task.task_id for task in pack.tasks}
    await say(batch, one, {1: 0})
    async with working(database, other) as tx:
        assert await give_back_pack(tx, other.id, pack.id) == 0, "it is not theirs"
    async with working(database, one) as tx:
        assert await give_back_pack(tx, one.id, pack.id) == 9
        assert await give_back_pack(tx, one.id, pack.id) == 0
    assert set((await stands(batch, one)).values()) == {Stands.ANSWERED, Stands.GONE}
    assert (await batch.given(one)).lease_id == given.lease_id
    assert (await say(batch, one, {2: 0}))[0].result is Refused.WITHDRAWN
    await check_books(database)


async def test_how_long_an_answer_of_a_pack_took_is_not_made_up(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=30)
    (worker,) = await people(database, 1)
    await batch.run("UPDATE batch SET pace_ms = 4000 WHERE id = $1", batch.id)
    await taken(batch, worker, 5)
    clock.advance(5 * 3600)
    await say(batch, worker, dict.fromkeys(range(1, 6), 0))
    assert await batch.value("SELECT active_ms FROM participation WHERE worker_id = $1", worker.id) == 5 * 4000
    await check_books(database)


async def test_a_pack_has_as_many_tasks_as_there_is_money_and_room_for(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40, overlap={"least": 1, "most": 1})
    one, other = await people(database, 2)

    async with working(database, one) as tx:
        none = await take_pack(tx, one.id, batch.id, 5, LATIN, lambda _, some: [False] * len(some), random.Random(0))
        assert none == TooLong()
        short = await take_pack(
            tx, one.id, batch.id, 5, LATIN, lambda _, some: [at < 2 for at in range(len(some))], random.Random(0)
        )
    assert isinstance(short, Pack)
    assert len(short.tasks) == 2
    left = await batch.value("SELECT sum(balance - reserved) FROM account WHERE kind = 'escrow' AND slot < 8")
    assert left > 0
    async with working(database, other) as tx:
        purses = "kind = 'escrow' AND owner = $1 AND balance > 0"
        await tx.run(f"UPDATE account SET reserved = balance - 45000 WHERE {purses}", batch.id)
        got = await take_pack(tx, other.id, batch.id, 10, LATIN, all_fit, random.Random(0))
        assert isinstance(got, Pack)
        assert len(got.tasks) == 2, "two are paid for by what is left of a purse"
        await tx.run("UPDATE account SET reserved = balance WHERE kind = 'escrow' AND owner = $1", batch.id)
        await tx.run("DELETE FROM lease WHERE pack_id = $1", got.id)
        assert await take_pack(tx, other.id, batch.id, 10, LATIN, all_fit, random.Random(0)) is Dry.NO_MONEY


async def test_a_pack_of_a_batch_that_is_done_says_so(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=5, overlap={"least": 1, "most": 1})
    one, other = await people(database, 2)
    pack = await taken(batch, one, 25)
    assert len(pack.tasks) == 5
    assert await take(batch, other) is Dry.DONE
    await say(batch, one, {task.number: 0 for task in pack.tasks})
    assert await take(batch, one) is Dry.DONE
    assert timedelta(hours=24) == LASTS
