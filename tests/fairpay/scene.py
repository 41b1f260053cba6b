"""A crowd in which everybody takes their own time."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crowd.fairpay.looking import look_at_pay
from crowd.loop.answering import Accepted, Then, answer
from crowd.loop.handing import Given
from crowd.upkeep import measure_pace
from db.database import Database
from tests.crowd.scene import Batch, Worker, people, working
from tests.database import Clock


@dataclass
class Crowd:
    """Workers who answer one after the other, each in a time of their own."""

    batch: Batch
    clock: Clock
    workers: list[Worker]
    seconds: dict[int, float]
    """What an answer takes, by worker."""
    luck: random.Random = field(default_factory=lambda: random.Random(7))

    async def one(self, worker: Worker, said: int = 0) -> Accepted | None:
        """One answer of a worker; None where there is nothing for them."""
        got = await self.batch.next(worker)
        if not isinstance(got, Given):
            return None
        self.clock.advance(self.seconds[worker.id] * self.luck.uniform(0.8, 1.25))
        async with working(self.batch.database, worker) as tx:
            done = await answer(tx, worker.person_id, got.lease_id, lambda _: said, self.luck, then=Then.CHOSEN)
        assert isinstance(done, Accepted)
        return done

    async def answers(self, number: int) -> None:
        """So many answers, in turns."""
        for turn in range(number):
            await self.one(self.workers[turn % len(self.workers)])

    async def to_the_end(self, *, every: int = 25) -> int:
        """Until nobody gets anything; pay is looked at every so many answers. How many answers it were."""
        given, idle = 0, 0
        while idle < len(self.workers):
            worker = self.workers[given % len(self.workers) if not idle else (given + idle) % len(self.workers)]
            if await self.one(worker) is None:
                idle += 1
                continue
            given, idle = given + 1, 0
            if given % every == 0:
                await self.look()
        await self.look()
        return given

    async def look(self) -> None:
        await measure_pace(self.batch.database)
        await look_at_pay(self.batch.database)

    async def hours(self) -> dict[int, tuple[int, int]]:
        """Of each worker who answered: micro-units that they got in all, and milliseconds that they were at work."""
        async with self.batch.database.reading() as tx:
            rows = await tx.rows(
                """
                SELECT worker_id, sum(price)::bigint + coalesce((
                    SELECT sum(amount) FROM top_up t WHERE t.worker_id = a.worker_id AND t.batch_id = a.batch_id
                ), 0)::bigint AS got, sum(ms)::bigint AS ms
                FROM answer a WHERE batch_id = $1 GROUP BY worker_id, batch_id
                """,
                self.batch.id,
            )
        return {row["worker_id"]: (row["got"], row["ms"]) for row in rows}


_languages = (f"q{first}{second}" for first in "abcd" for second in "abcdefghijklmnopqrstuvwxyz")


async def slow_work(database: Database, folder: Path, **spec: Any) -> Batch:
    """A batch in a language of its own, so that what earlier ones took tells nothing of it."""
    return await Batch.post(database, folder, language=next(_languages), **spec)


async def crowd(
    database: Database, clock: Clock, batch: Batch, seconds: list[float], countries: list[str | None] | None = None
) -> Crowd:
    """As many workers as there are times; in Kenya where nothing else is said."""
    language = await batch.value("SELECT language FROM batch WHERE id = $1", batch.id)
    found = await people(database, len(seconds), language)
    for worker, country in zip(found, countries or ["KE"] * len(found), strict=True):
        await batch.run("UPDATE worker SET country = $2 WHERE id = $1", worker.id, country)
    return Crowd(batch, clock, found, dict(zip((worker.id for worker in found), seconds, strict=True)))


async def told(batch: Batch) -> list[Any]:
    """The notices of top-ups of a batch, the oldest first."""
    query = (
        "SELECT content FROM outbox o JOIN top_up t ON o.key = 'top_up:' || t.id WHERE t.batch_id = $1 ORDER BY t.id"
    )
    async with batch.database.reading() as tx:
        return [row["content"] for row in await tx.rows(query, batch.id)]
