"""Ten thousand operations at once, said again, and cut off midway: each happens once or not at all, and all adds up."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

import asyncpg

from crowd.payouts.details import enter
from crowd.payouts.method import Asked, Payer
from crowd.payouts.methods.manual import METHOD as MANUAL
from crowd.payouts.queue import DecisionError, approve, refuse, waiting
from crowd.payouts.requesting import RequestError, cancel, payouts_of, request
from crowd.payouts.results import Outcome, Results
from crowd.payouts.sending import SendingError, make_file, take_results
from crowd.payouts.vault import Vault, new_key
from db.database import Database, RolledBackError, Tx, connected
from tests.crowd.scene import Worker, check_books, people, working
from tests.database import Clock, as_app

OPERATIONS = 10_000
TOGETHER = 20
"""Transfers of one statement: all of them happen, or none."""
STEPS = 600
"""Of the operations, those of payouts: each a transaction of its own."""
AT_ONCE = 6
CUT_EVERY = 15
"""Jobs."""
CREW, PURSES, MOST = 10, 4, 400_000
VAULT = Vault([new_key()])
AGAIN = (
    ConnectionError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError,
    asyncpg.AdminShutdownError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError, RolledBackError,
)  # fmt: skip
NOT_NOW = (RequestError, DecisionError, SendingError)


@dataclass
class Job:
    """Some of the operations, to be done until it is said that they are done or refused."""

    number: int
    do: Callable[[Database], Awaitable[None]]
    transfers: bool
    ended: str = ""


@dataclass
class Storm:
    """Everything that happens, in one drawn order; who does it first is for the processors to say."""

    luck: random.Random
    crew: list[Worker]
    accounts: list[int]
    """The world's, purses, and what the crew has available."""
    files: "count[int]"

    def job(self, number: int) -> Job:
        transfers = self.luck.random() < (OPERATIONS - STEPS) / TOGETHER / ((OPERATIONS - STEPS) / TOGETHER + STEPS)
        return Job(number, self._transfers(number) if transfers else self._step(), transfers)

    def _transfers(self, number: int) -> Callable[[Database], Awaitable[None]]:
        drawn = self._drawn()
        touched = sorted({each for debit, credit, _ in drawn for each in (debit, credit)})
        refs = [number * TOGETHER + at for at in range(TOGETHER)]

        async def do(database: Database) -> None:
            async with database.transaction() as tx:
                await tx.run("SELECT id FROM account WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", touched)
                await tx.run(_POST, refs, *(list(each) for each in zip(*drawn, strict=True)), tx.now)

        return do

    def _drawn(self) -> list[tuple[int, int, int]]:
        """Debit, credit and amount, between a purse and the world or a few wallets; some are more than is there."""
        purse = self.luck.choice(self.accounts[1 : 1 + PURSES])
        wallets = self.luck.sample(self.accounts[1 + PURSES :], 3)
        ways = [(purse, wallet) for wallet in wallets] * 4 + [(wallet, purse) for wallet in wallets]
        if self.luck.random() < 0.3:
            ways = [(self.accounts[0], purse)]
        large = 1000 if self.luck.random() < 0.1 else 1
        return [(*self.luck.choice(ways), self.luck.randint(1, MOST) * large) for _ in range(TOGETHER)]

    def _step(self) -> Callable[[Database], Awaitable[None]]:
        who, key = self.luck.choice(self.crew), f"storm {next(self.files)}"
        what = self.luck.choice(["ask", "ask", "ask", "back", "approve", "approve", "refuse", "send", "send"])
        arrives = self.luck.random() < 0.7

        async def do(database: Database) -> None:
            if what == "send":
                await _send(database, key, arrives=arrives)
                return
            async with working(database, who) as tx:
                await _decide(tx, what, who)

        return do


_POST = """
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'storm', t.ref, t.debit, t.credit, t.amount, $5
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS t (ref, debit, credit, amount)
ON CONFLICT (reason, ref) DO NOTHING
"""


async def _decide(tx: Tx, what: str, who: Worker) -> None:
    if what == "ask":
        await request(tx, who.id, "KE", "USD")
    elif what == "back":
        for payout in await payouts_of(tx, who.id, 1):
            await cancel(tx, who.id, payout.id)
    else:
        asked = [each.id for each in await waiting(tx)]
        if what == "approve":
            await approve(tx, asked, by="test", four_eyes={"USD": 2**62})
        else:
            for each in asked[:1]:
                await refuse(tx, each, "why", by="test")


async def _send(database: Database, key: str, *, arrives: bool) -> None:
    """The file, and the provider's answer, which comes twice."""
    async with database.transaction() as tx:
        file = await make_file(tx, VAULT, Payer(), MANUAL.name, "USD", key=key, by="test")
    if file is None:
        return
    for _ in range(2):
        async with database.transaction() as tx:
            ids = [row["id"] for row in await tx.rows("SELECT id FROM payout WHERE file_id = $1", file.id)]
            said = [Outcome(each, paid=arrives, reference="", reason="" if arrives else "no") for each in ids]
            await take_results(tx, file.id, Results(tuple(said)), by="test")


async def _until_it_is_said(database: Database, job: Job) -> None:
    for _ in range(100):
        try:
            await job.do(database)
            job.ended = "done"
            return
        except asyncpg.CheckViolationError:
            job.ended = "refused"
            return
        except NOT_NOW:
            job.ended = "not now"
            return
        except AGAIN as error:
            lost = error
    raise AssertionError(f"job {job.number} never ends") from lost


async def _prepared(database: Database) -> tuple[list[Worker], list[int]]:
    crew = list(await people(database, CREW))
    for worker in crew:
        async with working(database, worker) as tx:
            await enter(tx, VAULT, worker.id, MANUAL, {Asked.WORDS: f"by hand, {worker.id}", Asked.NAME: "A B"})
    async with database.transaction() as tx:
        owners = [("world", 0), *(("escrow", 2**40 + at) for at in range(PURSES)), *(("available", w.id) for w in crew)]
        made = [await tx.value("INSERT INTO account (kind, owner, currency) VALUES ($1, $2, 'USD') RETURNING id", *each)
                for each in owners]  # fmt: skip
    return crew, made


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

_NOT_TOLD = """
SELECT p.id, p.state FROM payout p WHERE state NOT IN ('requested', 'cancelled')
AND NOT EXISTS (SELECT FROM outbox WHERE key = 'payout:' || p.id || ':' || p.state)
"""


async def test_no_cent_appears_or_vanishes_in_ten_thousand_operations_at_once(
    database: Database, owner: Database, dsn: str, clock: Clock
) -> None:
    crew, accounts = await _prepared(database)
    storm = Storm(random.Random("storm"), crew, accounts, count())
    jobs, size = list[Job](), 0
    while size < OPERATIONS:
        jobs.append(storm.job(len(jobs)))
        size += TOGETHER if jobs[-1].transfers else 1
    todo, cut = iter(jobs + storm.luck.sample(jobs, 60)), 0

    async def processor(pool: Database) -> None:
        nonlocal cut
        for job in todo:
            if job.number % CUT_EVERY == 0:
                async with owner.transaction() as tx:
                    cut += await tx.value(_CUT)
                    assert await tx.value("SELECT sum(balance) FROM account") == 0
                    assert not await tx.rows("SELECT id FROM account WHERE kind <> 'world' AND balance < 0")
            if job.ended:  # it is said once more
                with suppress(*NOT_NOW, *AGAIN, asyncpg.CheckViolationError):
                    await job.do(pool)
            else:
                await _until_it_is_said(pool, job)

    async with (
        connected(as_app(dsn), name="storm", clock=clock.now, connections=AT_ONCE) as pool,
        asyncio.timeout(120),
        asyncio.TaskGroup() as group,
    ):
        for _ in range(AT_ONCE):
            group.create_task(processor(pool))

    assert cut > 5
    ended = Counter((job.transfers, job.ended) for job in jobs)
    assert min(ended[True, "done"], ended[True, "refused"], ended[False, "done"], ended[False, "not now"]) > 5, ended
    await check_books(database)
    async with database.reading() as tx:
        there = Counter(row["job"] for row in await tx.rows(f"SELECT ref / {TOGETHER} AS job FROM transfer "
                                                            "WHERE reason = 'storm'"))  # fmt: skip
        states = {row["state"] for row in await tx.rows("SELECT DISTINCT state FROM payout")}
        for query in (_UNLIKE_ITS_PAYOUTS, _NOT_TOLD):
            assert not await tx.rows(query)
    for job in jobs:
        if job.transfers and job.ended == "done":
            assert there[job.number] == TOGETHER
        assert there[job.number] in {0, TOGETHER}
    assert {"paid", "failed", "refused"} <= states
