"""In the demo's batch of sums those who cheat or tire are found, the honest are let be, and the panel shows it."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from crowd.batches.posting import _TAKE_TURNS
from crowd.fraud.signalling import look_for_signals
from crowd.labels.fitting import fit_stale
from crowd.loop.answering import Accepted, answer
from crowd.loop.handing import Dry, Given, next_task
from crowd.upkeep import move_fronts
from db.database import Database, Tx
from kazi.demo.rogues import HONEST, LANGUAGE, rogues_at, write_sums
from sandbox.workers import Character
from sandbox.workers.character import pick
from sandbox.workers.rogues import GUESSER, PARTNER, SLEEPY, SPAMMER
from tests.crowd.scene import check_books
from tests.database import Clock
from tests.panel.house import panel, visitor
from tests.requester.scene import Worker, people, posted
from tests.serving import serving

_FITTED_EVERY_S = 60
_LOOKED_EVERY_S = 300


@dataclass
class _At:
    """Somebody at work."""

    worker: Worker
    character: Character
    lease: Given | None = None
    at: float = 0
    """When they act next, seconds from the beginning."""
    answers: int = 0


async def test_those_who_cheat_or_tire_are_found_and_shown_and_the_honest_are_let_be(
    database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Import draws the order of tasks anew each time; a signal with a stated power may miss a pair in some of them.
    monkeypatch.setattr("crowd.batchfile.rowcheck.os.urandom", random.Random(2).randbytes)
    monkeypatch.setattr("crowd.batches.posting._TAKE_TURNS", _TAKE_TURNS.replace("random()", "hashtext(key)"))
    monkeypatch.setattr("crowd.loop.deciding.sampled", lambda task_id: task_id % 2**28 % 50 == 0)
    folder = write_sums(tmp_path / "sums")
    batch_id = (await posted(database, folder / "batch.yaml", owner="ada")).batch_id
    crew = rogues_at(folder, seed=3).characters
    crowd = [_At(worker, one) for worker, one in zip(await people(database, len(crew), LANGUAGE), crew, strict=True)]
    await _work(database, clock, batch_id, crowd, _truth(folder))
    await check_books(database)
    async with database.reading() as tx:
        paused = {row["worker_id"] for row in await tx.rows("SELECT worker_id FROM track WHERE paused_at IS NOT NULL")}
        copying = await tx.rows("SELECT id, workers FROM finding WHERE signal = 'copying'")
    by_name = {each.character.first_name: each.worker for each in crowd}
    assert {name for name, worker in by_name.items() if worker.id in paused} >= {SPAMMER, GUESSER, SLEEPY}
    assert not [name for name, worker in by_name.items() if name.startswith(HONEST) and worker.id in paused]
    pair = [worker for name, worker in by_name.items() if name.startswith(PARTNER)]
    assert [row["workers"] for row in copying] == [sorted(worker.id for worker in pair)]
    async with serving(panel(database)) as address:
        async with visitor(address, database, "ada", "the requester") as client:
            rows = [row for row in (await client.get("/workers")).text.split("<tr ") if "is-paused" in row]
        for worker in by_name.values():
            assert any(worker.pseudonym in row for row in rows) is (worker.id in paused)
        async with visitor(address, database, "house", "staff") as client:
            page = f"/findings/{copying[0]['id']}"
            assert f'href="{page}"' in (await client.get("/findings")).text
            shown = (await client.get(page)).text
        assert all(worker.pseudonym in shown for worker in pair)


def _truth(folder: Path) -> dict[str, int]:
    """The place of the right option, by item."""
    options = ("less", "equal", "more")
    with (folder / "items.csv").open(encoding="utf-8") as items, (folder / "truth.csv").open(encoding="utf-8") as truth:
        labels = {row["id"]: row["label"] for row in csv.DictReader(truth)}
        return {row["text"]: options.index(labels[row["id"]]) for row in csv.DictReader(items)}


async def _work(database: Database, clock: Clock, batch_id: int, crowd: list[_At], truth: dict[str, int]) -> None:
    """All there is to do, each at their own speed, the house's jobs coming round meanwhile."""
    luck, now, fitted, looked = random.Random(5), 0.0, 0.0, 0.0
    while at_work := [each for each in crowd if each.at < float("inf")]:
        turn = min(at_work, key=lambda each: each.at)
        clock.advance(max(0.0, turn.at - now))
        now = max(now, turn.at)
        async with database.transaction() as tx:
            await _act(tx, batch_id, turn, truth, luck)
        turn.at = now + luck.uniform(*turn.character.speed_s) if turn.lease else float("inf")
        if now - fitted > _FITTED_EVERY_S:
            fitted = now
            await move_fronts(database)
            await fit_stale(database)
        if now - looked > _LOOKED_EVERY_S:
            looked = now
            await look_for_signals(database)
    await fit_stale(database)
    await look_for_signals(database)


async def _act(tx: Tx, batch_id: int, turn: _At, truth: dict[str, int], luck: random.Random) -> None:
    """Ask for a task, or answer the one in hands."""
    given: Given | Dry
    if turn.lease is None:
        given = await next_task(tx, turn.worker.id, batch_id, luck)
    else:
        turn.answers += 1
        item = turn.lease.payload["text"]
        option = pick(turn.character, item, (truth[item],), 3, turn.answers, luck)
        done = await answer(tx, turn.worker.person_id, turn.lease.lease_id, lambda _: option, luck)
        assert isinstance(done, Accepted)
        given = done.next
    turn.lease = None if isinstance(given, Dry) else given
