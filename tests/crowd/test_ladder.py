"""First a refresher, then a pause, then a blind re-test: each once, each on evidence, all of it paid."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crowd.loop.answering import Accepted
from crowd.loop.handing import Dry, Given
from crowd.money.earnings import earnings
from crowd.workers.ladder import NEXT_TRIAL, TRIAL_GOLDS, Step
from crowd.workers.retest import Retests, begin_retest, retests
from db.database import Database, connected
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.crowd.test_golds import Golden, is_gold, looking
from tests.database import Clock, Server

RIGHT, WRONG = 0, 1


@pytest.fixture
async def empty(server: Server, clock: Clock) -> AsyncIterator[Database]:
    """A house without other batches."""
    with server.fresh_database() as address:
        async with connected(address, name="test", clock=clock.now) as opened:
            yield opened


async def go_on(
    batch: Batch, worker: Worker, said: int, *, most: int = 1000, luck: random.Random | None = None
) -> list[Accepted]:
    """Answer what is given, until something stops that or `most` are done."""
    done: list[Accepted] = []
    got = await looking(batch, worker, luck or Golden())
    while isinstance(got, Given) and len(done) < most:
        done.append(await batch.accepted(worker, got.lease_id, said if is_gold(got) else RIGHT, luck or Golden()))
        got = done[-1].next
    return done


async def paused_worker(database: Database, folder: Path, *, golds: int = 60) -> tuple[Batch, Worker, list[Accepted]]:
    batch = await Batch.post(database, folder, tasks=80, golds=golds, overlap={"least": 6, "most": 6})
    (worker,) = await people(database, 1)
    done = await go_on(batch, worker, WRONG)
    assert done[-1].next is Dry.PAUSED_WORKER
    return batch, worker, done


async def can(database: Database, worker: Worker) -> Retests:
    async with working(database, worker) as tx:
        return await retests(tx, worker.id)


async def begin(database: Database, worker: Worker, batch_id: int) -> bool:
    async with working(database, worker) as tx:
        return await begin_retest(tx, worker.id, batch_id)


async def test_a_refresher_comes_once_and_before_the_pause(database: Database, tmp_path: Path) -> None:
    _, _, done = await paused_worker(database, tmp_path)
    steps = [each.step for each in done]
    assert [step for step in steps if step] == [Step.REFRESH, Step.PAUSE]
    assert steps.index(Step.REFRESH) < steps.index(Step.PAUSE)
    assert isinstance(done[steps.index(Step.REFRESH)].next, Given), "work goes on after it"
    assert all(each.earned == 20_000 for each in done)
    await check_books(database)


async def test_a_retest_that_is_passed_lifts_the_pause_and_clears(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker, before = await paused_worker(database, tmp_path)
    met = {each.next.task_id for each in before if isinstance(each.next, Given)}
    assert batch.id in {known for known, _ in (await can(database, worker)).batches}
    assert await begin(database, worker, batch.id)
    assert not await begin(database, worker, batch.id), "it runs already"
    luck = random.Random(3)
    got: Given | Dry = await looking(batch, worker, luck)
    done: list[Accepted] = []
    golds = 0
    while not (done and done[-1].step):
        assert isinstance(got, Given)
        assert got.task_id not in met
        gold = is_gold(got)
        golds += gold
        done.append(await batch.accepted(worker, got.lease_id, RIGHT, luck))
        if gold and done[-1].step is None:
            async with database.reading() as tx:
                (newest, *_) = (await earnings(tx, worker.id)).lines
            assert newest.verdict is None, "no verdict before the end"
        got = done[-1].next
    assert done[-1].step is Step.PASS
    assert 4 <= golds <= TRIAL_GOLDS
    assert len(done) > golds, "ordinary tasks are among them"
    assert all(each.lesson is None and each.earned for each in done)
    assert isinstance(got, Given)
    clock.advance(24 * 3600)
    async with database.reading() as tx:
        lines = (await earnings(tx, worker.id)).lines
        track = await tx.row("SELECT paused_at, trial_from, refreshed_at FROM track WHERE worker_id = $1", worker.id)
    assert any(line.verdict == 1 for line in lines), "all is told the day after"
    assert track is not None
    assert tuple(track) == (None, None, None)
    await check_books(database)


async def test_a_retest_that_is_failed_keeps_the_pause_and_the_next_is_a_day_later(
    empty: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker, _ = await paused_worker(empty, tmp_path)
    assert await begin(empty, worker, batch.id)
    began = clock.now()
    clock.advance(60)
    done = await go_on(batch, worker, WRONG, luck=random.Random(5))
    assert done[-1].step is Step.FAIL
    assert done[-1].next is Dry.PAUSED_WORKER
    assert not any(each.step is Step.REFRESH for each in done)
    assert all(each.earned for each in done)
    found = await can(empty, worker)
    assert (found.batches, found.next_at) == ((), began + NEXT_TRIAL)
    assert not await begin(empty, worker, batch.id)
    clock.advance(NEXT_TRIAL.total_seconds())
    assert await begin(empty, worker, batch.id)


async def test_a_retest_ends_after_so_many_golds(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Evidence that stays between the bounds clears nobody."""
    batch, worker, _ = await paused_worker(database, tmp_path)
    assert await begin(database, worker, batch.id)
    monkeypatch.setattr("crowd.workers.standing.PAUSED", 1000.0)
    monkeypatch.setattr("crowd.workers.standing.CLEARED", -1000.0)
    golds = await batch.value("SELECT golds FROM track WHERE worker_id = $1", worker.id)
    done = await go_on(batch, worker, RIGHT)
    assert done[-1].step is Step.FAIL
    assert await batch.value("SELECT golds FROM track WHERE worker_id = $1", worker.id) - golds == TRIAL_GOLDS


async def test_there_is_no_retest_without_a_pause_or_without_fresh_golds(empty: Database, tmp_path: Path) -> None:
    batch, worker, _ = await paused_worker(empty, tmp_path, golds=12)
    (other,) = await people(empty, 1)
    assert await can(empty, worker) == Retests((), None), "it met most of them"
    assert await can(empty, other) == Retests((), None)
    for each in (worker, other):
        assert not await begin(empty, each, batch.id)
    assert await batch.next(worker) is Dry.PAUSED_WORKER


async def test_answering_fast_never_pauses(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=60, golds=20, overlap={"least": 6, "most": 6})
    slow, fast = await people(database, 2)
    got = await looking(batch, slow, Golden())
    while isinstance(got, Given):
        clock.advance(20)
        got = (await batch.accepted(slow, got.lease_id, RIGHT)).next
    done = await go_on(batch, fast, RIGHT, luck=random.Random(2))
    assert len(done) >= 60
    assert not any(each.step for each in done)
