"""Work is offered to those who have not asked: within their hours, as often as they set, in one silent message.

Who never answers to it hears of it less often, and then no more. Nobody is told who was at work today anyhow, or who
has blocked the bot.
"""

from datetime import datetime, timedelta

import asyncpg

from crowd.loop.offers import Nothing, Offer, offers
from crowd.rhythm.rhythm import EVERY, Offered, Rhythm
from crowd.workers.localtime import local
from db.database import Database, Tx

_MANY = 200
"""Workers looked at in one run, each in a transaction of their own."""

_LATER = timedelta(hours=3)
"""Where there is no work for somebody now, it is looked again."""

LESS_AFTER, NEVER_AFTER = 3, 8
"""So many offers that nobody answered: then weekly, and then none."""

_DUE = """
SELECT w.id FROM worker w LEFT JOIN rhythm r ON r.worker_id = w.id
WHERE w.state = 'active' AND coalesce(r.look_at, w.joined_at + $2::interval) <= $1
  AND coalesce(r.offered, 'daily') <> 'never' AND coalesce(r.unanswered, 0) < $3
ORDER BY coalesce(r.look_at, w.joined_at) LIMIT $4
"""

_WORKER = """
SELECT w.id, w.person_id, w.time_zone, r.offered, r.from_hour, r.to_hour, r.offered_at,
       coalesce(r.unanswered, 0) AS unanswered,
       greatest(w.joined_at, (
           SELECT answered_at FROM answer WHERE worker_id = w.id ORDER BY id DESC LIMIT 1
       )) AS there_at
FROM worker w LEFT JOIN rhythm r ON r.worker_id = w.id
WHERE w.id = $1 AND w.state = 'active' FOR NO KEY UPDATE OF w SKIP LOCKED
"""

_LOOK = """
INSERT INTO rhythm (worker_id, look_at) VALUES ($1, $2) ON CONFLICT (worker_id) DO UPDATE SET look_at = excluded.look_at
"""

_OFFER = """
WITH noted AS (
    INSERT INTO rhythm (worker_id, look_at, offered_at, unanswered) VALUES ($1, $2, $3, $4)
    ON CONFLICT (worker_id) DO UPDATE SET
        look_at = excluded.look_at, offered_at = excluded.offered_at, unanswered = excluded.unanswered
)
INSERT INTO outbox (person_id, subject, content, key, due_at) VALUES ($5, 'offered', $6, $7, $3)
ON CONFLICT (key) DO NOTHING
"""


async def offer_work(database: Database) -> int:
    """Look at those whose time has come; how many are told of work."""
    async with database.reading() as tx:
        due = [row["id"] for row in await tx.rows(_DUE, tx.now, EVERY[Offered.DAILY], NEVER_AFTER, _MANY)]
    told = 0
    for worker_id in due:
        async with database.transaction() as tx:
            row = await tx.row(_WORKER, worker_id)
            told += row is not None and await _look(tx, row)
    return told


async def _look(tx: Tx, row: asyncpg.Record) -> bool:
    rhythm = Rhythm() if row["offered"] is None else Rhythm(Offered(row["offered"]), row["from_hour"], row["to_hour"])
    answered = row["offered_at"] is None or row["there_at"] > row["offered_at"]
    unanswered = 0 if answered else row["unanswered"]
    every = EVERY[Offered.WEEKLY if unanswered >= LESS_AFTER else rhythm.offered]
    last = max(moment for moment in (row["there_at"], row["offered_at"]) if moment is not None)
    if tx.now < last + every:
        await tx.run(_LOOK, row["id"], last + every)
        return False
    if not within(rhythm, tx.now, row["time_zone"]):
        await tx.run(_LOOK, row["id"], opens(rhythm, tx.now, row["time_zone"]))
        return False
    found = await offers(tx, row["id"])
    if isinstance(found, Nothing):
        await tx.run(_LOOK, row["id"], tx.now + _LATER)
        return False
    key = f"offered:{row['id']}:{tx.now:%Y%m%d}"
    await tx.run(
        _OFFER, row["id"], tx.now + every, tx.now, unanswered + 1, row["person_id"], _content(found), key
    )  # fmt: skip
    return True


def _content(found: list[Offer]) -> dict[str, object]:
    """What is told: the first of the batches, and how many more there are."""
    first = found[0]
    return {
        "title": first.spec.title, "name": first.spec.name, "language": first.spec.language, "price": first.price,
        "currency": first.spec.currency, "more": len(found) - 1,
    }  # fmt: skip


def within(rhythm: Rhythm, now: datetime, time_zone: str | None) -> bool:
    """Whether it is in a worker's hours."""
    return rhythm.from_hour <= local(now, time_zone).hour < rhythm.to_hour


def opens(rhythm: Rhythm, now: datetime, time_zone: str | None) -> datetime:
    """When these begin next."""
    there = local(now, time_zone)
    begins = there.replace(hour=rhythm.from_hour, minute=0, second=0, microsecond=0)
    return begins if begins > there else begins + timedelta(days=1)
