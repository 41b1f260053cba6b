"""People who invite each other, and work that the invited do."""

from itertools import count
from pathlib import Path

from crowd.bonuses.pot import put_in
from crowd.loop.handing import Given
from crowd.money.holds import release_holds
from crowd.outbox import Notice, take
from crowd.referrals.inviting import PREFIX, Invites, invites_of
from crowd.referrals.paying import look_through_invitations, pay_referrals
from crowd.referrals.terms import set_terms
from crowd.workers.registry import Level, WorkerState, agree, claim_language, set_state, welcome
from db.database import Database
from tests.crowd.scene import Batch, Worker
from tests.database import Clock
from tests.requester.scene import new_person

_seeds = count(1)

REWARD = 500_000
"""Micro-units."""

NEEDED = 10
"""Good answers."""


async def rewarded(database: Database, currency: str = "USD", *, pot: int = 100 * REWARD) -> None:
    """Terms of REWARD for NEEDED answers, and so much more in the pot."""
    async with database.transaction() as tx:
        await set_terms(tx, REWARD, currency, good_answers=NEEDED, by="test")
        await put_in(tx, pot, currency, key=f"for the {next(_seeds)}. time", by="test")


async def invites(database: Database, worker: Worker) -> Invites:
    """How a worker's invitations stand."""
    async with database.transaction() as tx:
        return await invites_of(tx, worker.id)


async def invited(database: Database, inviter: Worker, language: str = "sw", person_id: int | None = None) -> Worker:
    """Somebody who came by a worker's link, and joined."""
    link = PREFIX + (await invites(database, inviter)).code
    person = next(new_person) if person_id is None else person_id
    async with database.transaction() as tx:
        made = await welcome(tx, person, locale="en", country=None, time_zone=None, slug=link)
        await agree(tx, made.id)
        await claim_language(tx, made.id, language, Level.NATIVE)
        await set_state(tx, made.id, WorkerState.ACTIVE)
        return Worker(made.id, person, await tx.value("SELECT pseudonym FROM worker WHERE id = $1", made.id))


async def with_golds(database: Database, folder: Path) -> Batch:
    """A batch with golds enough for whoever comes."""
    return await Batch.post(database, folder, tasks=40, golds=20, overlap={"least": 3, "most": 5})


async def worked(batch: Batch, worker: Worker, clock: Clock, *, answers: int) -> None:
    """So many answers, the golds among them right."""
    for _ in range(answers):
        got = await batch.next(worker, next(_seeds))
        assert isinstance(got, Given), got
        clock.advance(4)
        await batch.accepted(worker, got.lease_id)


async def holds_over(database: Database, clock: Clock) -> None:
    """All that was earned is released."""
    clock.advance(80 * 3600)
    await release_holds(database)


async def notices(database: Database, worker: Worker) -> list[Notice]:
    """What the worker is told, of bonuses."""
    async with database.transaction() as tx:
        rows = await take(tx, 10_000)
    return [each for each in rows if each.person_id == worker.person_id and each.subject == "bonus"]


async def looked(database: Database) -> int:
    """The job has run; how many were paid."""
    return await pay_referrals(database)


async def looked_through(database: Database) -> int:
    """The same, after all that are open were looked at."""
    await look_through_invitations(database)
    return await looked(database)
