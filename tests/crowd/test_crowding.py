"""Thirty people at once on the same tasks: nothing lost, nothing twice, nobody waits for anybody in a ring."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from crowd.batches.life import State, set_state
from crowd.loop.answering import Accepted, DontKnow
from crowd.loop.handing import Dry, Given, next_task
from crowd.loop.leases import Way, expire_leases, give_back_all
from crowd.loop.recorded import Refused
from crowd.money import escrow
from crowd.money.budgeting import keep_to_budgets
from crowd.money.purses import other_purse
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, until_waiting, working
from tests.database import Clock

PRICE = 20_000


@pytest.fixture(autouse=True)
def _several_purses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escrow, "_ONE_PURSE_BELOW", 1)


@dataclass
class Crowd:
    """Workers who answer, tap twice, skip, report, walk away and come late, each by their own luck."""

    batch: Batch
    crew: Sequence[Worker]
    well_behaved: bool = False
    had: dict[int, list[Given]] = field(default_factory=dict)
    ends: Counter[Dry] = field(default_factory=Counter)
    refused: Counter[Refused] = field(default_factory=Counter)
    answers: int = 0
    sixty: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once sixty answers are in."""

    async def work(self) -> None:
        await asyncio.wait_for(asyncio.gather(*(self._one(worker) for worker in self.crew)), 60)

    async def _one(self, worker: Worker) -> None:
        luck = random.Random(worker.person_id)
        mine = self.had.setdefault(worker.id, [])
        late: list[int] = []
        got: Given | Dry = await self.batch.next(worker, luck.randrange(2**30))
        while isinstance(got, Given):
            if not mine or mine[-1].lease_id != got.lease_id:
                mine.append(got)
            draw = 1.0 if self.well_behaved else luck.random()
            if draw < 0.06:
                way = Way.REPORTED if draw < 0.01 else Way.SKIPPED
                await self.batch.pass_on(worker, got.lease_id, way)
            elif draw < 0.10:  # walks away; somebody or something gives the task back
                late.append(got.lease_id)
                async with working(self.batch.database, worker) as tx:
                    await tx.run("UPDATE lease SET due_at = given_at - interval '1 s' WHERE id = $1", got.lease_id)
                await expire_leases(self.batch.database)
            else:
                taps = [late.pop()] if late and draw > 0.8 else []
                taps += [got.lease_id] * (2 if draw < 0.2 else 1)
                said = DontKnow.DONT_KNOW if 0.2 < draw < 0.22 else luck.choice((0, 0, 0, 1, 2))
                done = await asyncio.gather(*(self.batch.say(worker, tap, said, luck) for tap in taps))
                self.answers += sum(isinstance(each, Accepted) for each in done)
                if self.answers >= 60:
                    self.sixty.set()
                self.refused.update(each for each in done if isinstance(each, Refused))
            got = await self.batch.next(worker, luck.randrange(2**30))
        self.ends[got] += 1


async def test_thirty_at_once_lose_nothing_and_do_nothing_twice(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=60, golds=6, overlap={"least": 3, "most": 5, "confidence": 0.9})
    crowd = Crowd(batch, await people(database, 30))
    await crowd.work()
    await check_books(database)

    assert await batch.value("SELECT count(*) FROM answer WHERE batch_id = $1", batch.id) == crowd.answers > 180
    assert crowd.refused[Refused.ANSWERED] > 0
    assert set(crowd.ends) <= {Dry.DONE, Dry.PAUSED_WORKER}
    assert await batch.value("SELECT count(*) FROM lease WHERE batch_id = $1", batch.id) == 0
    for had in crowd.had.values():
        assert len({task.task_id for task in had}) == len(had)
    # Who found nothing may have looked too early; once nobody finds anything, everybody has had all that is open.
    while crowd.had:
        crowd = Crowd(batch, crowd.crew)
        await crowd.work()
        crowd.had = {worker: had for worker, had in crowd.had.items() if had}
    await check_books(database)
    left = await batch.value(
        """
        SELECT count(*) FROM task t, participation p
        WHERE t.batch_id = $1 AND p.batch_id = $1 AND t.open AND t.gold IS NULL  -- golds may rest
          AND NOT EXISTS (SELECT FROM answer WHERE task_id = t.id AND worker_id = p.worker_id)
          AND NOT EXISTS (SELECT FROM passed WHERE task_id = t.id AND worker_id = p.worker_id)
          AND NOT EXISTS (SELECT FROM track WHERE worker_id = p.worker_id AND paused_at IS NOT NULL)
        """,
        batch.id,
    )
    assert left == 0


async def test_what_is_open_is_done_to_the_end(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(
        database, tmp_path, tasks=40, golds=4, fee_ppm=150_000, overlap={"least": 3, "most": 3, "confidence": 0.9}
    )
    crowd = Crowd(batch, await people(database, 10), well_behaved=True)
    await crowd.work()
    await check_books(database)
    assert await batch.value("SELECT count(*) FROM task WHERE batch_id = $1 AND settled_at IS NULL AND gold IS NULL",
                             batch.id) == 0  # fmt: skip
    assert await batch.value("SELECT count(*) FROM answer a JOIN task t ON t.id = a.task_id WHERE a.batch_id = $1 "
                             "AND gold IS NULL", batch.id) == 120  # fmt: skip


async def test_thirty_at_once_spend_no_more_than_a_budget_and_leave_no_task_without_its_least(
    database: Database, tmp_path: Path
) -> None:
    answers = 60 * 2 + 40
    batch = await Batch.post(
        database, tmp_path, tasks=60, golds=6, overlap={"least": 2, "most": 5}, budget=f"{answers * PRICE / 1e6:.2f}"
    )
    crew = await people(database, 30)
    crowd = Crowd(batch, crew)
    while crowd.answers or not crowd.had:
        crowd = Crowd(batch, crew)
        await asyncio.gather(crowd.work(), keep_to_budgets(database))
        await keep_to_budgets(database)
        await check_books(database)
    earned = await batch.value("SELECT sum(price)::bigint FROM answer WHERE batch_id = $1", batch.id)
    assert earned <= answers * PRICE
    short = "SELECT count(*) FROM task WHERE batch_id = $1 AND gold IS NULL AND withdrawn_at IS NULL AND answers < 2"
    assert await batch.value(short, batch.id) == 0
    assert await batch.value(
        "SELECT count(*) FROM task WHERE batch_id = $1 AND gold IS NULL AND settled_at IS NULL", batch.id
    ) == 0  # fmt: skip


async def test_who_draws_on_what_is_free_takes_a_purse_that_nobody_holds_and_waits_for_none(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=30, overlap={"least": 2, "most": 5}, budget="4.00")
    [worker] = await people(database, 1)
    await batch.given(worker)
    purses = "SELECT id FROM account WHERE kind = 'escrow' AND owner = $1 AND slot < 2 ORDER BY id"
    async with database.transaction() as other:
        first, second = [row["id"] for row in await other.rows(purses, batch.id)]
        await other.run("SELECT FROM account WHERE id = $1 FOR UPDATE", first)
        async with asyncio.timeout(5), database.transaction() as tx:
            assert await other_purse(tx, worker.id, batch.id, purses=2, price=PRICE) == second
            async with database.transaction() as third:
                assert await other_purse(third, worker.id, batch.id, purses=2, price=PRICE) is None


async def test_while_leases_run_out_no_purse_is_held_that_others_wait_for(database: Database, tmp_path: Path) -> None:
    """One purse is held by somebody: what was lent from another has come back, and its purse is free, meanwhile."""
    batch = await Batch.post(database, tmp_path, tasks=30, overlap={"least": 2, "most": 2})
    crew = await people(database, 2)
    purse = "SELECT escrow_id FROM lease WHERE id = $1"
    purses = sorted([await batch.value(purse, (await batch.given(worker)).lease_id) for worker in crew])
    assert len(set(purses)) == 2
    await batch.run("UPDATE lease SET due_at = $2 WHERE batch_id = $1", batch.id, database.clock())
    async with database.transaction() as other:
        await other.run("SELECT FROM account WHERE id = $1 FOR UPDATE", purses[1])
        expiring = asyncio.create_task(expire_leases(database))
        await until_waiting(other)
        async with asyncio.timeout(5), database.transaction() as tx:
            await tx.run("SELECT FROM account WHERE id = $1 FOR UPDATE", purses[0])
    assert await expiring == 2


async def test_the_last_money_goes_round_between_purses_and_never_below_zero(
    database: Database, tmp_path: Path
) -> None:
    """Eight purses for three workers: who finds one empty goes to the next, until all are."""
    batch = await Batch.post(database, tmp_path, tasks=30, golds=8, overlap={"least": 3, "most": 3})
    # All but 23 answers' worth goes elsewhere.
    async with database.transaction() as tx:
        sink = await tx.value("INSERT INTO account (kind, owner, currency) VALUES ('fee', 77, 'USD') RETURNING id")
        await tx.run(
            """
            INSERT INTO transfer (reason, ref, debit, credit, amount, at)
            SELECT 'refund', id, id, $2, balance - 3 * $3::bigint + CASE WHEN slot = 0 THEN $3 ELSE 0 END, now()
            FROM account WHERE kind = 'escrow' AND owner = $1
            """,
            batch.id, sink, PRICE,
        )  # fmt: skip
    crowd = Crowd(batch, await people(database, 6), well_behaved=True)
    await crowd.work()
    await check_books(database)
    assert crowd.answers == 23
    assert crowd.ends == {Dry.NO_MONEY: 6}
    assert await batch.value("SELECT sum(balance) FROM account WHERE kind = 'escrow' AND owner = $1", batch.id) == 0


@pytest.mark.parametrize("fee_ppm", [0, 123_457])
async def test_closing_in_the_middle_of_it_returns_the_money_to_the_last_micro_unit(
    database: Database, tmp_path: Path, fee_ppm: int
) -> None:
    batch = await Batch.post(
        database, tmp_path, tasks=50, golds=10, fee_ppm=fee_ppm, price="0.013007",
        overlap={"least": 5, "most": 5, "confidence": 0.9},
    )  # fmt: skip
    put_in = await batch.value("SELECT sum(balance) FROM account WHERE kind = 'escrow' AND owner = $1", batch.id)
    fund_fee = await batch.value(
        "SELECT coalesce(sum(balance), 0) FROM account WHERE kind = 'escrow' AND owner = $1 AND slot = 1000", batch.id
    )
    crowd = Crowd(batch, await people(database, 20))

    async def close() -> None:
        await crowd.sixty.wait()
        async with database.transaction() as tx:
            await set_state(tx, batch.id, State.CLOSED, actor="test")

    await asyncio.gather(crowd.work(), close())
    await check_books(database)
    assert set(crowd.ends) <= {Dry.CLOSED, Dry.PAUSED_WORKER}
    assert await batch.value("SELECT count(*) FROM lease WHERE batch_id = $1", batch.id) == 0
    async with database.transaction() as tx:
        left = await tx.value("SELECT sum(balance) FROM account WHERE kind = 'escrow' AND owner = $1", batch.id)
        earned = await tx.value("SELECT sum(price) FROM answer WHERE batch_id = $1", batch.id)
        fee = await tx.value("SELECT amount FROM transfer WHERE reason = 'fee' AND ref = $1", batch.id) or 0
        back = await tx.value(
            "SELECT sum(amount) FROM transfer t JOIN account a ON a.id = t.debit "
            "WHERE reason = 'refund' AND owner = $1",
            batch.id,
        )
    assert left == 0
    assert put_in == earned + fee + back
    assert fee == round(fund_fee * earned / (put_in - fund_fee))


async def test_closing_waits_for_a_task_that_is_just_being_handed_out(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=8)
    holder, worker = await people(database, 2)
    await batch.given(holder)
    async with working(database, worker) as tx:
        assert isinstance(await next_task(tx, worker.id, batch.id, random.Random(0)), Given)

        async def close() -> None:
            async with database.transaction() as closing:
                await set_state(closing, batch.id, State.CLOSED, actor="test")

        closed = asyncio.create_task(close())
        await until_waiting(tx, "advisory")
    await closed
    await check_books(database)
    assert await batch.value("SELECT count(*) FROM lease WHERE batch_id = $1", batch.id) == 0


async def test_stopping_expiring_and_answering_at_once(database: Database, clock: Clock, tmp_path: Path) -> None:
    """Whichever comes first wins: a task is answered or given back, never both, never neither."""
    batch = await Batch.post(database, tmp_path, tasks=30, overlap={"least": 10, "most": 10})
    crew = await people(database, 10)

    async def stop(worker: Worker) -> int:
        async with working(database, worker) as tx:
            return await give_back_all(tx, worker.id)

    for _ in range(3):
        tasks = [await batch.given(worker) for worker in crew]
        clock.advance(601)
        acts = [batch.say(worker, task.lease_id, 0) for worker, task in zip(crew, tasks, strict=True)]
        stops = [stop(worker) for worker in crew[::2]]
        passes = [batch.pass_on(worker, task.lease_id) for worker, task in zip(crew[::3], tasks[::3], strict=True)]
        await asyncio.gather(*acts, *stops, *passes, expire_leases(database), expire_leases(database))
        await check_books(database)
        for task in tasks:
            fate = await batch.value(
                "SELECT (SELECT count(*) FROM answer WHERE id = $1) "
                "+ (SELECT count(*) FROM passed WHERE lease_id = $1)",
                task.lease_id,
            )
            assert fate == 1
        for worker in crew:
            await stop(worker)


async def test_a_worker_walks_forward_through_the_tasks_and_only_a_new_lap_goes_back(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=12, overlap={"least": 1, "most": 1})
    walker, *others = await people(database, 3)
    held = [await batch.given(other) for other in others]  # the first two tasks are in others' hands
    seen = []
    got: Given | Dry = await batch.next(walker)
    while isinstance(got, Given):
        seen.append(got.task_id)
        got = (await batch.accepted(walker, got.lease_id)).next
    assert got is Dry.DONE
    assert len(seen) == 10
    assert all(before < after for before, after in pairwise(seen))
    for other, task in zip(others, held, strict=True):  # they come back, behind the walker's cursor
        await batch.pass_on(other, task.lease_id)
    again = []
    got = await batch.next(walker)
    while isinstance(got, Given):
        again.append(got.task_id)
        got = (await batch.accepted(walker, got.lease_id)).next
    assert sorted(again) == sorted(task.task_id for task in held)
    await check_books(database)


async def test_a_task_that_is_locked_hides_no_other(database: Database, tmp_path: Path) -> None:
    """On a second lap each task is looked at by itself; one that somebody has locked is stepped over."""
    batch = await Batch.post(database, tmp_path, tasks=3, overlap={"least": 1, "most": 1})
    worker, *others = await people(database, 3)
    held = sorted([await batch.given(other) for other in others], key=lambda task: task.task_id)
    got = await batch.given(worker)
    assert (await batch.accepted(worker, got.lease_id)).next is Dry.DONE
    for other in others:
        async with working(database, other) as tx:
            await give_back_all(tx, other.id)
    async with database.transaction() as tx:
        await tx.row("SELECT FROM task WHERE id = $1 FOR UPDATE", held[0].task_id)
        assert (await batch.given(worker)).task_id == held[1].task_id
