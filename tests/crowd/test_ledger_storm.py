"""Ten thousand operations at once, said again, and cut off midway: each happens once or not at all, and all adds up."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from crowd.appeals import filing
from crowd.appeals.deciding import decide
from crowd.appeals.settling import settle_voidings
from crowd.appeals.states import Ground, VoidingError
from crowd.appeals.voiding import held_answers, void
from crowd.batches.life import State, set_state, spec_of
from crowd.bonuses.paying import pay_bonus
from crowd.bonuses.pot import put_in
from crowd.fairpay.adding import add_money
from crowd.fairpay.floors import set_floor
from crowd.fairpay.raising import Reason, raise_price
from crowd.golds.suspending import lock_gold, suspend
from crowd.grading.grading import grade_answers
from crowd.grading.mending import mend_grades
from crowd.loop.answering import Accepted
from crowd.loop.handing import Given
from crowd.loop.leases import Way, expire_leases
from crowd.money.budgeting import keep_to_budgets
from crowd.money.holds import release_holds
from crowd.packs.answering import answer_pack
from crowd.packs.letters import LATIN
from crowd.packs.pack import Pack
from crowd.packs.taking import take_pack
from crowd.payouts.details import enter
from crowd.payouts.method import Asked, Payer
from crowd.payouts.methods.manual import METHOD as MANUAL
from crowd.payouts.queue import DecisionError, approve, refuse, waiting
from crowd.payouts.requesting import RequestError, cancel, payouts_of, request
from crowd.payouts.results import Outcome, Results
from crowd.payouts.sending import SendingError, make_file, take_results
from crowd.payouts.vault import Vault, new_key
from db.database import Database, RolledBackError, connected
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.crowd.told import GRAPH, all_moves_are_told
from tests.database import Clock, as_app

OPERATIONS = 10_000
CREW, AT_ONCE = 16, 6
CUT_EVERY = 150
PRICE = 200_000
VAULT = Vault([new_key()])
AGAIN = (
    ConnectionError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError,
    asyncpg.AdminShutdownError, asyncpg.DeadlockDetectedError, RolledBackError,
)  # fmt: skip
NOT_NOW = (RequestError, DecisionError, SendingError, VoidingError)

OFTEN = {
    "answer": 600, "pack": 25, "answer again": 40, "skip": 40, "void": 30, "appeal": 30, "decide": 20, "ask": 60,
    "take back": 15, "approve": 30, "refuse": 8, "send": 20, "bonus": 30, "add money": 8, "raise": 2, "suspend": 1,
    "a job": 40, "time": 3,
}  # fmt: skip
"""How often each is drawn."""

JOBS: tuple[Callable[[Database], Awaitable[int]], ...] = (
    release_holds, expire_leases, settle_voidings, grade_answers, mend_grades, keep_to_budgets,
)  # fmt: skip


@dataclass
class Storm:
    """Everything that happens, in one drawn order; who does it first is for the processors to say."""

    database: Database
    clock: Clock
    crew: list[Worker]
    batches: list[Batch]
    told: Counter[str] = field(default_factory=Counter)
    """What was done, by what it was."""
    earned: dict[int, int] = field(default_factory=dict)
    """Of each answer that was acknowledged, what it earned."""
    bonuses: set[str] = field(default_factory=set)
    deadlocks: list[str] = field(default_factory=list)

    async def until_it_is_said(self, number: int, what: str) -> None:
        """Do it, and once more where it is not known whether it happened."""
        luck = random.Random(f"{number} {what}")
        doing = getattr(self, "_" + what.replace(" ", "_"))
        for _ in range(100):
            try:
                done = await doing(number, luck)
                self.told[what] += bool(done)
                return
            except NOT_NOW:
                return
            except asyncpg.DeadlockDetectedError as error:
                self.deadlocks.append(f"{what}: {error.detail} {error.context}")
            except AGAIN as error:
                lost = error
        raise AssertionError(f"operation {number} never ends: {what}") from lost

    async def _answer(self, number: int, luck: random.Random) -> bool:
        worker, batch = luck.choice(self.crew), luck.choice(self.batches)
        task = await batch.next(worker, number)
        if not isinstance(task, Given):
            return False
        of = next(each for each in self.batches if each.id == task.batch_id)
        done = await of.say(worker, task.lease_id, 0 if luck.random() < 0.9 else luck.randrange(3), luck)
        if isinstance(done, Accepted):
            self.earned[task.lease_id] = done.earned
        return isinstance(done, Accepted)

    async def _pack(self, _: int, luck: random.Random) -> bool:
        """A pack is taken, or looked at again, and a part of it answered."""
        worker, batch = luck.choice(self.crew), luck.choice(self.batches)
        async with working(self.database, worker) as tx:
            got = await take_pack(tx, worker.id, batch.id, 10, LATIN, lambda _, some: [True] * len(some), luck)
        if not isinstance(got, Pack):
            return False
        some = luck.sample(got.tasks, min(len(got.tasks), 6))
        async with working(self.database, worker) as tx:
            said = dict.fromkeys(some, lambda _: 0 if luck.random() < 0.9 else luck.randrange(3))
            outcomes = await answer_pack(tx, worker.person_id, worker.id, said, luck)
        taken = {each.task.lease_id: each.result.earned for each in outcomes if isinstance(each.result, Accepted)}
        self.earned |= taken
        return bool(taken)

    async def _answer_again(self, _: int, luck: random.Random) -> bool:
        async with self.database.reading() as tx:
            row = await tx.row("SELECT a.id, w.id AS worker, w.person_id, w.pseudonym, a.batch_id FROM answer a "
                               "JOIN worker w ON w.id = a.worker_id ORDER BY a.id DESC OFFSET $1 LIMIT 1",
                               luck.randrange(50))  # fmt: skip
        if row is None:
            return False
        batch = next(each for each in self.batches if each.id == row["batch_id"])
        done = await batch.say(Worker(row["worker"], row["person_id"], row["pseudonym"]), row["id"], 0, luck)
        assert not isinstance(done, Accepted)
        return True

    async def _skip(self, number: int, luck: random.Random) -> bool:
        worker, batch = luck.choice(self.crew), luck.choice(self.batches)
        task = await batch.next(worker, number)
        way = luck.choice([Way.SKIPPED, Way.REPORTED])
        return isinstance(task, Given) and await batch.pass_on(worker, task.lease_id, way) is not None

    async def _void(self, _: int, luck: random.Random) -> bool:
        worker, batch = luck.choice(self.crew), luck.choice(self.batches)
        async with self.database.transaction() as tx:
            held = await held_answers(tx, worker.id, batch.id)
            only = luck.choice(held).id if held else 0
            await void(tx, worker.id, batch.id, answer_id=only, reason="a storm", ground=Ground.GOLDS, by="one")
        return True

    async def _appeal(self, _: int, luck: random.Random) -> bool:
        worker = luck.choice(self.crew)
        async with working(self.database, worker) as tx:
            number = await tx.value("SELECT max(id) FROM voiding WHERE worker_id = $1 AND appealed_at IS NULL AND "
                                    "outcome IS NULL", worker.id)  # fmt: skip
            entry = await filing.begin(tx, worker.id, number or 0)
            return entry is not None and await filing.file(tx, worker.id, entry.mark) is not None

    async def _decide(self, _: int, luck: random.Random) -> bool:
        async with self.database.transaction() as tx:
            number = await tx.value("SELECT min(id) FROM voiding WHERE appealed_at IS NOT NULL AND outcome IS NULL")
            await decide(tx, number or 0, grant=luck.random() < 0.5, reason="a storm", by="another")
        return True

    async def _ask(self, _: int, luck: random.Random) -> bool:
        worker = luck.choice(self.crew)
        async with working(self.database, worker) as tx:
            await request(tx, worker.id, "KE", "USD")
        return True

    async def _take_back(self, _: int, luck: random.Random) -> bool:
        worker = luck.choice(self.crew)
        async with working(self.database, worker) as tx:
            return any([await cancel(tx, worker.id, each.id) for each in await payouts_of(tx, worker.id, 1)])

    async def _approve(self, _: int, __: random.Random) -> bool:
        async with self.database.transaction() as tx:
            asked = [each.id for each in await waiting(tx)]
            await approve(tx, asked, by="one", four_eyes={"USD": 2**62})
        return bool(asked)

    async def _refuse(self, _: int, __: random.Random) -> bool:
        async with self.database.transaction() as tx:
            asked = [each.id for each in await waiting(tx)][:1]
            for each in asked:
                await refuse(tx, each, "why", by="one")
        return bool(asked)

    async def _send(self, number: int, luck: random.Random) -> bool:
        """The file, and the provider's answer, which comes twice."""
        arrives = luck.random() < 0.7
        async with self.database.transaction() as tx:
            file = await make_file(tx, VAULT, Payer(), MANUAL.name, "USD", key=f"storm {number}", by="one")
        for _ in range(2 if file is not None else 0):
            async with self.database.transaction() as tx:
                assert file is not None
                ids = [row["id"] for row in await tx.rows("SELECT id FROM payout WHERE file_id = $1", file.id)]
                said = [Outcome(each, paid=arrives, reference="", reason="" if arrives else "no") for each in ids]
                await take_results(tx, file.id, Results(tuple(said)), by="one")
        return file is not None

    async def _bonus(self, number: int, luck: random.Random) -> bool:
        key = f"storm {number}"
        async with self.database.transaction() as tx:
            await put_in(tx, 777, "USD", key=key, by="one")
        async with self.database.transaction() as tx:
            await pay_bonus(tx, luck.choice(self.crew).id, 777, "USD", "a storm", key=key, by="one")
        self.bonuses.add(key)
        return True

    async def _add_money(self, number: int, luck: random.Random) -> bool:
        async with self.database.transaction() as tx:
            added = await add_money(tx, luck.choice(self.batches).id, 5_000_001, key=str(number), fee_ppm=0, by="one")
        return bool(added)

    async def _raise(self, _: int, luck: random.Random) -> bool:
        batch = luck.choice(self.batches)
        async with self.database.transaction() as tx:
            price = await tx.value("SELECT price FROM batch WHERE id = $1", batch.id)
            return await raise_price(tx, batch.id, Reason(price + 1001, 60_000, "KE", 1)) is not None

    async def _suspend(self, _: int, luck: random.Random) -> bool:
        """What was graded by a gold comes back, and so does what was voided because of golds."""
        batch = luck.choice(self.batches)
        async with self.database.transaction() as tx:
            gold = await tx.value("SELECT task_id FROM answer WHERE batch_id = $1 AND verdict < 1 LIMIT 1", batch.id)
            if gold is None or not await lock_gold(tx, gold):
                return False
            digest = await tx.value("SELECT digest FROM batch WHERE id = $1", batch.id)
            await suspend(tx, batch.id, await spec_of(tx, batch.id, digest), gold)
        return True

    async def _a_job(self, number: int, __: random.Random) -> bool:
        return bool(await JOBS[number % len(JOBS)](self.database))

    async def _time(self, number: int, _: random.Random) -> bool:
        self.clock.advance(90_000 if number % 5 else 3 * 90_000)
        return True


_CUT = """
SELECT count(pg_terminate_backend(pid)) FROM (
    SELECT pid FROM pg_stat_activity WHERE application_name = 'kazi storm' AND datname = current_database()
    ORDER BY random() LIMIT 2
) victim
"""

_UNLIKE_ITS_PAYOUTS = """
SELECT w.id FROM worker w, LATERAL (
    SELECT coalesce(sum(balance) FILTER (WHERE kind = 'requested'), 0) AS requested,
           coalesce(sum(balance) FILTER (WHERE kind = 'paid'), 0) AS paid FROM account WHERE owner = w.id
) has, LATERAL (
    SELECT coalesce(sum(amount) FILTER (WHERE ended_at IS NULL), 0) AS requested,
           coalesce(sum(amount) FILTER (WHERE state = 'paid'), 0) AS paid FROM payout WHERE worker_id = w.id
) said WHERE (has.requested, has.paid) <> (said.requested, said.paid)
"""


async def _posted(database: Database, folder: Path) -> list[Batch]:
    common: dict[str, Any] = {
        "tasks": 900,
        "golds": 90,
        "price": "0.2",
        "fee_ppm": 100_000,
        "overlap": {"least": 2, "most": 4},
    }
    return [
        await Batch.post(database, folder, **common),
        await Batch.post(database, folder, **common, ordered=True, graded=True),
        await Batch.post(database, folder, **common, budget="600"),
    ]


async def test_no_cent_appears_or_vanishes_in_ten_thousand_operations_at_once(
    database: Database, owner: Database, dsn: str, clock: Clock, tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        await set_floor(tx, "*", "USD", 0, "a test", by="test")
    crew = list(await people(database, CREW))
    for worker in crew:
        async with working(database, worker) as tx:
            await enter(tx, VAULT, worker.id, MANUAL, {Asked.WORDS: f"by hand, {worker.id}", Asked.NAME: "A B"})
    batches = await _posted(database, tmp_path)
    drawn = random.Random("storm").choices(list(OFTEN), list(OFTEN.values()), k=OPERATIONS)
    todo, cut = iter(enumerate(drawn)), 0

    async def processor(storm: Storm) -> None:
        nonlocal cut
        for number, what in todo:
            if number % CUT_EVERY == 0:
                async with owner.transaction() as tx:
                    cut += await tx.value(_CUT)
                    assert await tx.value("SELECT sum(balance) FROM account") == 0
                    assert not await tx.rows("SELECT id FROM account WHERE kind <> 'world' AND balance < 0")
            await storm.until_it_is_said(number, what)

    async with connected(as_app(dsn), name="storm", clock=clock.now, connections=AT_ONCE) as pool:
        storm = Storm(pool, clock, crew, [Batch(pool, each.id) for each in batches])
        async with asyncio.timeout(200), asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(processor(storm))
    assert cut > 20
    assert {what for what, times in storm.told.items() if times} == set(OFTEN), storm.told
    assert storm.told["answer"] > OPERATIONS / 3
    assert storm.deadlocks == []
    await check_books(database)
    async with database.reading() as tx:
        said = {row["id"]: row["price"] for row in await tx.rows("SELECT id, price FROM answer")}
        keys = {row["key"] for row in await tx.rows("SELECT key FROM bonus")}
        assert not await tx.rows(_UNLIKE_ITS_PAYOUTS)
    assert storm.earned.items() <= said.items(), "what was acknowledged is there once, and paid as was said"
    assert keys == storm.bonuses
    for batch in batches:
        async with database.transaction() as tx:
            await set_state(tx, batch.id, State.CLOSED, actor="test")
    clock.advance(15 * 90_000)
    for job in JOBS:
        await job(database)
    await check_books(database)
    assert await all_moves_are_told(database) == set(GRAPH) - {"forfeit", "payout_fee"}
