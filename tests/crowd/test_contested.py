"""Tasks that have their least answers and are in doubt: whom they go to, and when they are done."""

import random
from pathlib import Path

import asyncpg

from crowd.labels.fitting import bring_up_to_date
from crowd.labels.saving import Saving, saving
from crowd.loop.answering import Accepted
from crowd.loop.assigning import assign
from crowd.loop.handing import Dry, Given, next_task
from crowd.loop.leases import Way
from crowd.loop.settling import SAMPLED
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, working

GOOD, BAD = 0, 1
TWO = {"least": 2, "most": 6, "confidence": 0.99}


class Lucky(random.Random):
    """Always draws the contested task, and never a gold."""

    def __init__(self, drawn: float) -> None:
        super().__init__(0)
        self.drawn = drawn

    def random(self) -> float:
        return self.drawn


async def contest(batch: Batch, first: Worker, second: Worker, tasks: int) -> set[int]:
    """Two workers answer so many tasks and say the opposite; the tasks."""
    done = set()
    for worker, says in ((first, GOOD), (second, BAD)):
        got = await batch.given(worker)
        for _ in range(tasks):
            done.add(got.task_id)
            said = await batch.accepted(worker, got.lease_id, says, Lucky(0.5))
            if isinstance(said.next, Given):
                got = said.next
        await batch.pass_on(worker, got.lease_id)
    return done


async def knows(batch: Batch, worker: Worker, accuracy: float) -> None:
    """What a fit has shown of a worker."""
    await batch.run(
        "UPDATE participation SET accuracy = $3 WHERE worker_id = $1 AND batch_id = $2", worker.id, batch.id, accuracy
    )
    await batch.run("UPDATE batch SET usual = 0.8, fitted_at = now() WHERE id = $1", batch.id)


async def start(batch: Batch, worker: Worker, accuracy: float) -> None:
    """Take part, with that accuracy, and nothing in hands."""
    got = await batch.given(worker)
    await batch.pass_on(worker, got.lease_id)
    await knows(batch, worker, accuracy)


async def next_of(batch: Batch, worker: Worker, drawn: float = 0.3) -> Given | Dry:
    async with working(batch.database, worker) as tx:
        return await next_task(tx, worker.id, batch.id, Lucky(drawn))


async def test_a_task_in_doubt_goes_first_to_who_can_tell(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40, overlap={"least": 2, "most": 6})
    first, second, strong, weak = await people(database, 4)
    for worker, accuracy in ((strong, 0.95), (weak, 0.55)):
        await start(batch, worker, accuracy)
    doubtful = await contest(batch, first, second, 5)
    for worker, expected in ((weak, False), (strong, True)):
        got = await next_of(batch, worker)
        assert isinstance(got, Given)
        assert (got.task_id in doubtful) is expected
    await check_books(database)


async def test_who_can_tell_is_not_asked_about_doubtful_tasks_alone(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40, overlap={"least": 2, "most": 6})
    first, second, strong = await people(database, 3)
    await start(batch, strong, 0.95)
    doubtful = await contest(batch, first, second, 5)
    got = await next_of(batch, strong, drawn=0.9)
    assert isinstance(got, Given)
    assert got.task_id not in doubtful


async def test_nobody_has_a_doubtful_task_twice_and_all_of_them_are_done_to_the_end(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=12, overlap=TWO)
    crew = await people(database, 7)
    met: dict[int, list[int]] = {worker.id: [] for worker in crew}
    for _ in range(4):
        for at, worker in enumerate(crew):
            got = await next_of(batch, worker)
            while isinstance(got, Given):
                met[worker.id].append(got.task_id)
                done = await batch.say(worker, got.lease_id, at % 2, Lucky(0.3))
                assert isinstance(done, Accepted)
                got = done.next
    assert all(len(tasks) == len(set(tasks)) for tasks in met.values())
    assert await batch.value("SELECT count(*) FROM task WHERE batch_id = $1 AND settled_at IS NULL", batch.id) == 0
    assert await batch.value("SELECT count(*) FROM task WHERE batch_id = $1 AND wanted IS NOT NULL", batch.id) == 0
    await check_books(database)


async def test_a_doubtful_task_that_was_skipped_goes_to_others_only(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3, overlap=TWO)
    first, second, third, fourth = await people(database, 4)
    await contest(batch, first, second, 3)
    seen = []
    for _ in range(3):
        got = await next_of(batch, third)
        assert isinstance(got, Given)
        seen.append(got.task_id)
        await batch.pass_on(third, got.lease_id, Way.SKIPPED)
    assert len(set(seen)) == 3
    assert await next_of(batch, third) is Dry.DONE
    assert isinstance(await next_of(batch, fourth), Given)


async def test_a_fit_settles_what_it_is_sure_of_and_counts_what_was_saved(database: Database, tmp_path: Path) -> None:
    """By themselves two votes that agree are not sure enough; that all agree everywhere makes them so."""
    batch = await Batch.post(database, tmp_path, tasks=60, overlap={"least": 2, "most": 6, "confidence": 0.9})
    for worker in await people(database, 2):
        got = await next_of(batch, worker)
        turn = 0
        while isinstance(got, Given):
            turn = got.task_id % 2
            done = await batch.say(worker, got.lease_id, turn, Lucky(0.9))
            assert isinstance(done, Accepted)
            got = done.next
    before = await batch.value("SELECT count(*) FROM task WHERE batch_id = $1 AND settled_at IS NOT NULL", batch.id)
    await bring_up_to_date(database, batch.id)
    rows = await batch.value(
        "SELECT count(*) FROM task WHERE batch_id = $1 AND settled_at IS NOT NULL AND id % $2 <> 0", batch.id, SAMPLED
    )
    assert before == 0
    assert rows >= 55
    assert await batch.value("SELECT sum(saved) FROM tally WHERE batch_id = $1", batch.id) == 4 * await batch.value(
        "SELECT sum(settled) FROM tally WHERE batch_id = $1", batch.id
    )
    assert (
        await batch.value("SELECT count(*) FROM task WHERE batch_id = $1 AND open AND settled_at IS NOT NULL", batch.id)
        == 0
    )
    await check_books(database)


async def test_answers_after_a_fit_are_added_to_what_it_knew(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=20, overlap=TWO)
    first, second, third = await people(database, 3)
    (task, *_) = sorted(await contest(batch, first, second, 10))
    await bring_up_to_date(database, batch.id)
    fitted = (await batch.task(task))["evidence"]
    assert {value: votes for value, (votes, _) in fitted.items()} == {"good": 1, "bad": 1, "neither": 0}
    async with working(database, third) as tx:
        got = await assign(tx, third.id, batch.id, [task], Lucky(0.3))
    assert isinstance(got, Given)
    await batch.accepted(third, got.lease_id, GOOD)
    after = (await batch.task(task))["evidence"]
    assert after["good"][0] == 2
    assert after["good"][1] > fitted["good"][1]
    assert after["bad"] == fitted["bad"]


async def test_what_stopping_early_saved_and_what_it_did_to_labels_is_known(database: Database, tmp_path: Path) -> None:
    """Of a hundred tasks two are of the sample and get all four answers; one of these changes its label."""
    batch = await Batch.post(database, tmp_path, tasks=100, overlap={"least": 2, "most": 4, "confidence": 0.5})
    sample = [
        row["id"]
        for row in await rows(batch, "SELECT id FROM task WHERE batch_id = $1 AND id % $2 = 0 ORDER BY id", SAMPLED)
    ]
    for at, worker in enumerate(await people(database, 4)):
        got = await next_of(batch, worker)
        while isinstance(got, Given):
            says = BAD if at >= 2 and got.task_id == sample[0] else GOOD
            got = (await batch.accepted(worker, got.lease_id, says, Lucky(0.9))).next
    await batch.run("UPDATE task SET label = '\"bad\"' WHERE id = $1", sample[0])  # two against two: as a fit may say
    async with database.reading() as tx:
        assert await saving(tx, batch.id) == Saving(answers=98 * 2, compared=2, kept=1)
    assert await batch.value("SELECT sum(answers) FROM tally WHERE batch_id = $1", batch.id) == 98 * 2 + 2 * 4
    await check_books(database)


async def rows(batch: Batch, query: str, *arguments: object) -> list[asyncpg.Record]:
    async with batch.database.reading() as tx:
        return await tx.rows(query, batch.id, *arguments)
