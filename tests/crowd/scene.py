"""A batch, people who work on it, and a look at all the books afterwards."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from crowd.batches.spec import Overlap
from crowd.loop.answering import Accepted, DontKnow, answer
from crowd.loop.handing import Dry, Given, next_task
from crowd.loop.leases import Passed, Way, give_back
from crowd.loop.recorded import Refused
from crowd.money.books import Why
from crowd.redos.fixing import Fixed
from db.database import Database, Tx
from tests.requester.scene import Item, Worker, batch_file, people, posted

__all__ = ["Batch", "Worker", "check_books", "people"]

_names = count(1)
GOLD = "good"
"""What is right about every gold."""


@asynccontextmanager
async def working(database: Database, worker: Worker) -> AsyncIterator[Tx]:
    """A transaction in which the worker's row is locked, as an update's is."""
    async with database.transaction() as tx:
        await tx.row("SELECT FROM worker WHERE id = $1 FOR UPDATE", worker.id)
        yield tx


async def until_waiting(tx: Tx, kind: str = "transactionid") -> None:
    """Until somebody on this database waits for a lock of that kind (`pg_locks.locktype`)."""
    for _ in range(20_000):
        await tx.run("SELECT pg_stat_clear_snapshot()")
        if await tx.value(
            """
            SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE NOT granted AND locktype = $1 AND a.datname = current_database()
            """,
            kind,
        ):  # fmt: skip
            return
    raise AssertionError("nobody waits")


@dataclass(frozen=True)
class Batch:
    """A batch that is posted, and what workers do with it."""

    database: Database
    id: int

    @classmethod
    async def post(
        cls,
        database: Database,
        folder: Path,
        *,
        tasks: int = 10,
        golds: int = 0,
        fee_ppm: int = 0,
        no_pilot: str | None = "a test",
        **spec: Any,
    ) -> "Batch":
        """A batch of choices (good, bad, neither) at 20,000 micro-units of USD an answer."""
        number = next(_names)
        items = [Item(f"t{at}", f"text {number} {at}") for at in range(tasks)]
        items += [Item(f"g{at}", f"gold {number} {at}", GOLD) for at in range(golds)]
        path = batch_file(folder / str(number), items, **spec)
        done = await posted(database, path, fee_ppm=fee_ppm, no_pilot=no_pilot)
        return cls(database, done.batch_id)

    async def next(self, worker: Worker, seed: int = 0) -> Given | Dry:
        async with working(self.database, worker) as tx:
            return await next_task(tx, worker.id, self.id, random.Random(seed))

    async def given(self, worker: Worker, seed: int = 0) -> Given:
        got = await self.next(worker, seed)
        assert isinstance(got, Given), got
        return got

    async def say(
        self, worker: Worker, lease_id: int, said: int | str | DontKnow, luck: random.Random | None = None
    ) -> Accepted | Fixed | Refused:
        async with working(self.database, worker) as tx:
            what = said if isinstance(said, DontKnow) else lambda _: said
            return await answer(tx, worker.person_id, lease_id, what, luck or random.Random(0))

    async def accepted(
        self, worker: Worker, lease_id: int, said: int | str | DontKnow = 0, luck: random.Random | None = None
    ) -> Accepted:
        done = await self.say(worker, lease_id, said, luck)
        assert isinstance(done, Accepted), done
        return done

    async def pass_on(self, worker: Worker, lease_id: int, way: Way = Way.SKIPPED) -> Passed | None:
        async with working(self.database, worker) as tx:
            return await give_back(tx, worker.person_id, lease_id, way, "unclear")

    async def value(self, query: str, *arguments: object) -> Any:
        async with self.database.transaction() as tx:
            return await tx.value(query, *arguments)

    async def run(self, query: str, *arguments: object) -> int:
        async with self.database.transaction() as tx:
            return await tx.run(query, *arguments)

    async def task(self, task_id: int) -> dict[str, Any]:
        async with self.database.transaction() as tx:
            row = await tx.row("SELECT * FROM task WHERE id = $1", task_id)
        assert row is not None
        return dict(row)


_BROKEN = {
    "money moved into or out of a batch for a reason without words": f"""
        SELECT t.id FROM transfer t JOIN account a ON a.id IN (t.debit, t.credit) AND a.kind = 'escrow'
        WHERE t.reason NOT IN ({", ".join(f"'{each}'" for each in Why)})
    """,
    "a currency does not sum to zero": "SELECT currency FROM account GROUP BY currency HAVING sum(balance) <> 0",
    "an account but the world's is negative": "SELECT id FROM account WHERE kind <> 'world' AND balance < 0",
    "more is promised than is there": "SELECT id FROM account WHERE kind <> 'world' AND balance < reserved",
    "a balance is not the sum of its transfers": """
        SELECT a.id FROM account a WHERE balance <>
            (SELECT coalesce(sum(amount), 0) FROM transfer WHERE credit = a.id) -
            (SELECT coalesce(sum(amount), 0) FROM transfer WHERE debit = a.id)
    """,
    "reserved is not the sum of the leases out": """
        SELECT a.id FROM account a WHERE reserved <>
            (SELECT coalesce(sum(price), 0) FROM lease WHERE escrow_id = a.id)
    """,
    "held money is not the sum of the holds": """
        SELECT a.id FROM account a WHERE kind = 'hold' AND balance <>
            (SELECT coalesce(sum(amount), 0) FROM hold WHERE account_id = a.id)
    """,
    "voided money is not what may still be given back": """
        SELECT a.id FROM account a WHERE kind = 'voided' AND balance <>
            (SELECT coalesce(sum(v.amount + coalesce(aside.amount, 0)), 0)
             FROM voiding v LEFT JOIN transfer aside ON aside.reason = 'aside' AND aside.ref = v.id
             WHERE v.batch_id = a.owner AND v.currency = a.currency AND v.settled_at IS NULL)
    """,
    "a voiding is not the sum of its answers": """
        SELECT v.id FROM voiding v WHERE (amount, answers) <>
            (SELECT sum(amount), count(*) FROM voided_answer WHERE voiding_id = v.id)
    """,
    "an answer is not paid what it says": """
        SELECT a.id FROM answer a LEFT JOIN transfer t ON t.reason = 'earn' AND t.ref = a.id
        WHERE a.price <> coalesce(t.amount, 0)
    """,
    "a worker's earnings in a batch are not what was paid": """
        SELECT p.worker_id FROM participation p JOIN batch b ON b.id = p.batch_id, LATERAL (
            SELECT coalesce(sum(price - taken), 0) AS paid, coalesce(sum(b.price * share), 0) AS priced,
                   coalesce(sum(ms * share) FILTER (WHERE price > 0), 0) + coalesce(sum(ms) FILTER (WHERE price = 0), 0)
                   AS ms, count(*) FILTER (WHERE graded)
                   * (2 + (SELECT count(*) FROM pay_raise WHERE batch_id = b.id)) AS parts
            FROM answer a, LATERAL (
                SELECT coalesce(sum(v.amount) FILTER (WHERE t.id IS NULL), 0) AS taken,
                       bool_or(v.amount < a.price) AS graded
                FROM voided_answer v LEFT JOIN transfer t ON t.reason = 'unvoid' AND t.ref = a.id
                WHERE v.answer_id = a.id
            ) v, LATERAL (SELECT CASE WHEN a.price > 0 THEN 1 - taken / a.price ELSE 0 END AS share) s
            WHERE worker_id = p.worker_id AND batch_id = p.batch_id
        ) said
        WHERE abs(p.earned - said.priced) > said.parts OR abs(p.active_ms - said.ms) > said.parts
           OR p.earned + p.topped_up <> said.paid + (SELECT coalesce(sum(amount), 0) FROM top_up
                                                     WHERE worker_id = p.worker_id AND batch_id = p.batch_id)
    """,
    "a top-up was not paid": """
        SELECT t.id FROM top_up t LEFT JOIN transfer p ON p.reason = 'top_up' AND p.ref = t.id
        WHERE t.amount <> coalesce(p.amount, 0)
    """,
    "a bonus was not paid to its worker out of a pot": """
        SELECT b.id FROM bonus b LEFT JOIN transfer t ON t.reason = 'bonus' AND t.ref = b.id
        LEFT JOIN account d ON d.id = t.debit LEFT JOIN account c ON c.id = t.credit
        WHERE (t.amount, d.kind, d.currency, c.kind, c.owner, c.currency) IS DISTINCT FROM
              (b.amount, 'bonus', b.currency, 'available', b.worker_id, b.currency)
    """,
    "a pot does not hold what was put in and not paid": """
        SELECT a.id FROM account a WHERE a.kind = 'bonus' AND balance <>
            (SELECT coalesce(sum(amount), 0) FROM pot_funding WHERE currency = a.currency)
            - (SELECT coalesce(sum(amount), 0) FROM bonus WHERE currency = a.currency)
    """,
    "an invitation is not paid once, to the inviter, by the terms of then": """
        SELECT i.invited_id FROM invitation i LEFT JOIN referral_terms t ON t.id = i.terms_id
        FULL JOIN (SELECT * FROM bonus WHERE invited_id IS NOT NULL) b ON b.invited_id = i.invited_id
        WHERE (i.paid_at IS NOT NULL OR b.id IS NOT NULL) AND (b.worker_id, b.currency, b.amount, b.at)
              IS DISTINCT FROM (i.inviter_id, t.currency, t.per_invited, i.paid_at)
    """,
    "a tally does not count the answers": """
        SELECT b.id FROM batch b, LATERAL (
            SELECT sum(answers) AS answers, sum(gold_answers) AS golds, sum(settled) AS settled, sum(unsure) AS unsure,
                   sum(reported) AS reported
            FROM tally WHERE batch_id = b.id
        ) told
        WHERE told.answers <> (SELECT count(*) FROM answer WHERE batch_id = b.id)
           OR told.golds <> (SELECT count(*) FROM answer a JOIN task t ON t.id = a.task_id
                             WHERE a.batch_id = b.id AND t.gold IS NOT NULL)
           OR told.settled <> (SELECT count(*) FROM task WHERE batch_id = b.id AND gold IS NULL
                               AND settled_at IS NOT NULL)
           OR told.unsure <> (SELECT count(*) FROM task t WHERE batch_id = b.id AND gold IS NULL
                              AND confidence < coalesce((b.spec -> 'overlap' ->> 'confidence')::float, {sure})
                              AND settled_at IS NOT NULL)
           OR told.reported <> (SELECT count(*) FROM passed WHERE batch_id = b.id AND way = 'reported')
    """,
    "a task does not count its answers and leases": """
        SELECT t.id FROM task t
        WHERE answers <> (SELECT count(*) FROM answer WHERE task_id = t.id)
                         + coalesce((SELECT met FROM made_gold WHERE task_id = t.id), 0)
           OR leased <> (SELECT count(*) FROM lease l LEFT JOIN redo r ON r.lease_id = l.id
                         WHERE l.task_id = t.id AND (l.redo_of IS NULL OR r.word IS NOT NULL))
    """,
    "a task is over its overlap": """
        SELECT t.id FROM task t JOIN batch b ON b.id = t.batch_id
        WHERE t.answers + t.leased + t.seats > (b.spec -> 'overlap' ->> 'most')::int + {redone}
          OR t.answers + t.seats > (b.spec -> 'overlap' ->> 'most')::int
    """,
    "a task has lost a seat": """
        SELECT t.id FROM task t JOIN batch b ON b.id = t.batch_id
        WHERE settled_at IS NULL AND b.state <> 'closed' AND t.answers + t.leased + t.seats <>
            greatest((b.spec -> 'overlap' ->> 'least')::int, least(t.answers + 1,
                     (b.spec -> 'overlap' ->> 'most')::int))
    """,
    "what is kept is not what tasks below their least answers cost": """
        SELECT b.id FROM batch b WHERE b.worth IS NOT NULL AND b.state <> 'closed' AND
            (SELECT sum(kept) FROM account WHERE kind = 'escrow' AND owner = b.id) <>
            b.price * (SELECT coalesce(sum(seats), 0) FROM task
                       WHERE batch_id = b.id AND gold IS NULL AND wanted IS NULL AND settled_at IS NULL)
    """,
    "money is kept without a budget, or after the end": """
        SELECT a.id FROM account a LEFT JOIN batch b ON a.kind = 'escrow' AND b.id = a.owner
        WHERE a.kept IS NOT NULL AND b.worth IS NULL OR a.kept <> 0 AND b.state = 'closed'
    """,
    "a worker had a task twice": """
        SELECT task_id FROM (
            SELECT task_id, worker_id FROM answer UNION ALL SELECT task_id, worker_id FROM passed
            UNION ALL SELECT task_id, worker_id FROM lease WHERE redo_of IS NULL
        ) had GROUP BY task_id, worker_id HAVING count(*) > 1
    """,
    "a worker had a decided task, and the gold made of it": """
        SELECT m.task_id FROM made_gold m, LATERAL (
            SELECT worker_id FROM answer WHERE task_id = m.task_id UNION ALL
            SELECT worker_id FROM passed WHERE task_id = m.task_id UNION ALL
            SELECT worker_id FROM lease WHERE task_id = m.task_id
        ) had WHERE EXISTS (SELECT FROM answer WHERE task_id = m.source_id AND worker_id = had.worker_id)
                 OR EXISTS (SELECT FROM passed WHERE task_id = m.source_id AND worker_id = had.worker_id)
                 OR EXISTS (SELECT FROM lease WHERE task_id = m.source_id AND worker_id = had.worker_id)
    """,
    "a worker has two tasks in hands": """
        SELECT worker_id FROM lease WHERE redo_of IS NULL AND pack_id IS NULL GROUP BY worker_id HAVING count(*) > 1
    """,
    "a worker has two packs, or a task twice": """
        SELECT worker_id FROM lease WHERE pack_id IS NOT NULL
        GROUP BY worker_id HAVING count(DISTINCT pack_id) > 1 OR count(DISTINCT task_id) < count(*)
    """,
    "a lease is not as its pack says": """
        SELECT l.id FROM lease l LEFT JOIN packed k ON k.lease_id = l.id
        WHERE (l.pack_id, l.task_id) IS DISTINCT FROM (k.pack_id, coalesce(k.task_id, l.task_id))
    """,
    "a redo has no lease while it waits, or one after": """
        SELECT 1 FROM (SELECT * FROM redo WHERE outcome IS NULL) r
        FULL JOIN (SELECT * FROM lease WHERE redo_of IS NOT NULL) l
            ON l.id = r.lease_id AND (l.redo_of, l.worker_id, l.task_id, l.batch_id, l.due_at) =
                                     (r.answer_id, r.worker_id, r.task_id, r.batch_id, r.due_at)
        WHERE l.id IS NULL OR r.lease_id IS NULL
    """,
    "a worker's counts are wrong": """
        SELECT p.worker_id FROM participation p WHERE
            p.answers <> (SELECT count(*) FROM answer WHERE worker_id = p.worker_id AND batch_id = p.batch_id)
            OR p.dont_knows <> (SELECT count(*) FROM answer
                                WHERE worker_id = p.worker_id AND batch_id = p.batch_id AND value IS NULL)
    """,
}


_REDONE = "(SELECT count(*) FROM redo WHERE task_id = t.id AND outcome IS NULL AND word IS NOT NULL)"
"""Leases by which answers that there are already are mended."""


async def check_books(database: Database) -> None:
    """Everything that is kept twice agrees, whatever was done before."""
    async with database.reading() as tx:
        for wrong, query in _BROKEN.items():
            found = await tx.rows(query.replace("{sure}", str(Overlap().sure)).replace("{redone}", _REDONE))
            assert not found, f"{wrong}: {found[:3]}"
