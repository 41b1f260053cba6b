"""Holds shrink with what is known of their worker, and there are none for who is proven."""

from datetime import timedelta
from pathlib import Path

import pytest

from crowd.loop.handing import Given
from crowd.money.earnings import earnings
from crowd.money.holds import PROVEN_CHECKS, hold_time, proven, release_holds
from crowd.workers.standing import Standing
from db.database import Database
from tests.crowd.scene import GOLD, Batch, Worker, check_books, people
from tests.database import Clock

_RIGHT = 0
"""The place of the answer that is right about golds."""


async def work(batch: Batch, worker: Worker, times: int, *, wrong: bool = False) -> None:
    """All say the same, and not always the same; who is `wrong` says something else."""
    for seed in range(times):
        got = await batch.next(worker, seed)
        assert isinstance(got, Given), got
        text = got.payload["text"]
        known = _RIGHT if text.startswith("gold") else int(text.split()[-1]) % 3
        await batch.say(worker, got.lease_id, (known + wrong) % 3)


async def holds(batch: Batch, worker: Worker) -> list[timedelta]:
    """How long each answer is held from when it was given, in their order."""
    query = "SELECT due_at - answered_at AS held FROM hold h JOIN answer a ON a.id = h.answer_id WHERE h.worker_id = $1"
    async with batch.database.reading() as tx:
        return [row["held"] for row in await tx.rows(f"{query} ORDER BY a.id", worker.id)]


def test_the_more_is_known_the_shorter_the_hold() -> None:
    chance, standing, before = 1 / 3, Standing(0, 0.0), timedelta(hours=72)
    assert hold_time(72, standing, chance) == before
    for _ in range(PROVEN_CHECKS):
        standing = standing.after(1.0, chance)
        now = hold_time(72, standing, chance)
        assert now < before or now == timedelta(0)
        before = now
    assert proven(standing, chance)
    assert before == timedelta(0)


def test_few_checks_prove_nobody() -> None:
    standing = Standing(0, 0.0)
    for _ in range(PROVEN_CHECKS - 1):
        standing = standing.after(1.0, 0.1)
    assert standing.cleared(0.5)
    assert not proven(standing, 0.5)
    assert hold_time(72, standing, 0.5) > timedelta(hours=1)


@pytest.mark.parametrize("right", [0.0, 0.34])
def test_who_does_not_know_the_work_waits_all_the_time(right: float) -> None:
    standing = Standing(0, 0.0)
    for number in range(30):
        standing = standing.after(float(number % 3 == 0 and right > 0), 1 / 3)
    assert hold_time(72, standing, 1 / 3) == timedelta(hours=72)


async def test_once_proven_all_that_was_held_is_released_and_nothing_is_held_any_more(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    assert GOLD == "good"
    batch = await Batch.post(database, tmp_path, tasks=200, golds=40, overlap={"least": 2, "most": 8})
    crew = await people(database, 3)
    for _ in range(12):
        for worker in crew:
            await work(batch, worker, 1)
    held = await holds(batch, crew[0])
    assert len(held) == 12
    assert held[0] > held[6] > held[11] > timedelta(0)
    assert await release_holds(database) == 0
    for _ in range(40):
        for worker in crew:
            await work(batch, worker, 1)
    for worker in crew:
        assert set(await holds(batch, worker)) <= {timedelta(0)}, "also of what was earned before"
    answers = await batch.value("SELECT count(*) FROM answer WHERE batch_id = $1", batch.id)
    released = await batch.value("SELECT count(*) FROM transfer WHERE reason = 'release'")
    assert released > 3
    assert await release_holds(database) == answers - released
    async with database.reading() as tx:
        for worker in crew:
            (wallet,) = (await earnings(tx, worker.id)).wallets
            assert (wallet.held, wallet.available) == (0, 52 * 20_000)
    await check_books(database)


async def test_who_errs_is_held_while_others_are_paid(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=200, golds=40, overlap={"least": 2, "most": 8})
    *good, bad = await people(database, 4)
    for turn in range(24):
        for worker in good:
            await work(batch, worker, 1)
        if turn < 6:
            await work(batch, bad, 1, wrong=True)
    await release_holds(database)
    assert await holds(batch, bad) == [timedelta(hours=72)] * len(await holds(batch, bad)) != []
