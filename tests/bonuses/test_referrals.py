"""The first good answers of somebody new pay who invited them: once, out of a pot that holds it."""

import asyncio
from pathlib import Path

import pytest

from crowd.bonuses.pot import BonusError, put_in
from crowd.fraud.findings import dismiss, keep
from crowd.money.earnings import earnings
from crowd.payouts.details import enter
from crowd.payouts.methods import methods
from crowd.referrals.inviting import PREFIX
from crowd.referrals.overview import overview
from crowd.referrals.paying import LEAST_CHECKS, MOST_PAID, WITHIN, Held, Hindrance, held
from crowd.referrals.terms import set_terms, stop_terms
from crowd.signals.base import Finding
from crowd.workers.registry import WorkerState, set_state, welcome
from db.database import Database
from tests.bonuses.scene import (
    NEEDED,
    REWARD,
    holds_over,
    invited,
    invites,
    looked,
    looked_through,
    notices,
    rewarded,
    with_golds,
    worked,
)
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.database import Clock
from tests.payouts.test_paying_out import OTHER, PHONE, VAULT


async def got(database: Database, worker: Worker) -> int:
    """What a worker got for invitations, micro-units of all currencies."""
    return sum(micros for _, micros in (await invites(database, worker)).sums)


async def waiting(database: Database) -> dict[Hindrance | None, int]:
    async with database.reading() as tx:
        return {each.hindrance: each.invitations for each in await held(tx)}


async def earned(database: Database, *pairs: tuple[Worker, Worker]) -> None:
    """These invited workers have done what it takes: the rest is about paying."""
    async with database.transaction() as tx:
        for inviter, worker in pairs:
            await tx.run(
                "UPDATE invitation SET earned_at = $3 WHERE inviter_id = $1 AND invited_id = $2",
                inviter.id, worker.id, tx.now,
            )  # fmt: skip


@pytest.fixture
async def batch(database: Database, tmp_path: Path) -> Batch:
    return await with_golds(database, tmp_path)


async def test_good_answers_whose_holds_are_over_pay_the_inviter_once(
    database: Database, clock: Clock, batch: Batch
) -> None:
    await rewarded(database)
    (inviter,) = await people(database, 1)
    friend = await invited(database, inviter)
    await worked(batch, friend, clock, answers=NEEDED - 1)
    await holds_over(database, clock)
    assert await looked(database) == 0, "one is missing"
    await worked(batch, friend, clock, answers=2 * NEEDED)
    assert await looked(database) == 0, "they are on hold"
    stands = await invites(database, inviter)
    assert (stands.came, stands.under_way, stands.earned, stands.paid) == (1, 1, 0, 0)
    await holds_over(database, clock)
    assert sum(await asyncio.gather(*(looked(database) for _ in range(4)))) == 1
    assert await looked(database) == 0
    stands = await invites(database, inviter)
    assert (stands.came, stands.under_way, stands.earned, stands.paid) == (1, 0, 0, 1)
    assert stands.sums == (("USD", REWARD),)
    (told,) = await notices(database, inviter)
    assert told.content == {"amount": REWARD, "currency": "USD", "reason": None}, "nothing tells who it was"
    assert await notices(database, friend) == []
    async with database.reading() as tx:
        (line,) = (await earnings(tx, inviter.id)).bonuses
    assert (line.reason, line.amount) == (None, REWARD)
    await check_books(database)


@pytest.mark.parametrize(
    "shown",
    [
        "UPDATE answer SET verdict = 0.3 WHERE worker_id = $1 AND verdict = 1",
        "UPDATE answer SET verdict = NULL WHERE worker_id = $1",
        "UPDATE track SET evidence = 0 WHERE worker_id = $1",
        "UPDATE answer SET price = 0 WHERE worker_id = $1",
        "UPDATE answer SET value = NULL WHERE worker_id = $1",
    ],
)
async def test_answers_that_checks_do_not_bear_out_earn_nothing(
    database: Database, clock: Clock, batch: Batch, shown: str
) -> None:
    await rewarded(database)
    (inviter,) = await people(database, 1)
    friend = await invited(database, inviter)
    await worked(batch, friend, clock, answers=2 * NEEDED)
    await holds_over(database, clock)
    async with database.transaction() as tx:
        golds = await tx.value("SELECT count(verdict) FROM answer WHERE worker_id = $1", friend.id)
        assert golds >= LEAST_CHECKS
        before = await tx.rows("SELECT * FROM answer WHERE worker_id = $1", friend.id)
        await tx.run(shown, friend.id)
    await looked(database)
    assert (await invites(database, inviter)).under_way == 1
    async with database.transaction() as tx:  # as it was, for the books
        await tx.run("UPDATE track SET evidence = -5 WHERE worker_id = $1", friend.id)
        for row in before:
            await tx.run(
                "UPDATE answer SET verdict = $2, price = $3, value = $4 WHERE id = $1",
                row["id"], row["verdict"], row["price"], row["value"],
            )  # fmt: skip
    await looked_through(database)
    assert (await invites(database, inviter)).paid == 1


async def test_without_golds_nothing_is_known_to_be_good(database: Database, clock: Clock, tmp_path: Path) -> None:
    await rewarded(database)
    batch = await Batch.post(database, tmp_path, tasks=2 * NEEDED)
    (inviter,) = await people(database, 1)
    friend = await invited(database, inviter)
    await worked(batch, friend, clock, answers=2 * NEEDED)
    await holds_over(database, clock)
    await looked(database)
    assert (await invites(database, inviter)).under_way == 1


async def test_work_in_which_somebody_is_paused_does_not_count(database: Database, clock: Clock, batch: Batch) -> None:
    await rewarded(database)
    (inviter,) = await people(database, 1)
    friend = await invited(database, inviter)
    await worked(batch, friend, clock, answers=2 * NEEDED)
    await holds_over(database, clock)
    await batch.run("UPDATE track SET paused_at = now(), pause_reason = 'evidence' WHERE worker_id = $1", friend.id)
    await looked(database)
    assert (await invites(database, inviter)).under_way == 1
    await batch.run("UPDATE track SET paused_at = NULL, pause_reason = NULL WHERE worker_id = $1", friend.id)
    await looked_through(database)
    assert await got(database, inviter) == REWARD


async def test_an_empty_pot_is_waited_for_and_nothing_is_paid_by_halves(database: Database) -> None:
    await rewarded(database, "EUR", pot=2 * REWARD - 1)
    (inviter,) = await people(database, 1)
    friends = [await invited(database, inviter) for _ in range(3)]
    await earned(database, *((inviter, friend) for friend in friends))
    assert await looked(database) == 1
    async with database.reading() as tx:
        assert Held(Hindrance.POT, "EUR", 2, 2 * REWARD) in await held(tx)
    assert (await invites(database, inviter)).earned == 2
    async with database.transaction() as tx:
        await put_in(tx, 1 + REWARD, "EUR", key="more", by="test")
    assert sum(await asyncio.gather(*(looked(database) for _ in range(3)))) == 2
    assert await got(database, inviter) == 3 * REWARD
    await check_books(database)


async def test_only_somebody_new_is_invited_and_by_the_first_link_alone(database: Database) -> None:
    await rewarded(database)
    first, second, old = await people(database, 3)
    link = {each.id: PREFIX + (await invites(database, each)).code for each in (first, second)}
    assert len(set(link.values())) == 2
    friend = await invited(database, first)
    for person, slug in (
        (friend.person_id, link[second.id]), (first.person_id, link[first.id]), (old.person_id, link[first.id]),
        (9_999_001, PREFIX), (9_999_002, PREFIX + "nobodys2"), (9_999_003, PREFIX + "'; --"),
    ):  # fmt: skip
        async with database.transaction() as tx:
            await welcome(tx, person, locale="en", country=None, time_zone=None, slug=slug)
    assert ((await invites(database, first)).came, (await invites(database, second)).came) == (1, 0)


async def test_two_links_at_the_same_moment_are_one_invitation(database: Database) -> None:
    await rewarded(database)
    first, second = await people(database, 2)
    await asyncio.gather(
        *(invited(database, each, person_id=9_998_000 + at) for at in range(5) for each in (first, second))
    )
    assert (await invites(database, first)).came + (await invites(database, second)).came == 5


async def test_the_terms_of_the_day_somebody_came_are_kept(database: Database) -> None:
    await rewarded(database, "CHF")
    (inviter,) = await people(database, 1)
    before = await invited(database, inviter)
    async with database.transaction() as tx:
        await set_terms(tx, 3 * REWARD, "CHF", by="test")
    dearer = await invited(database, inviter)
    async with database.transaction() as tx:
        assert await stop_terms(tx, by="test")
        assert not await stop_terms(tx, by="test")
    for_nothing = await invited(database, inviter)
    stands = await invites(database, inviter)
    assert (stands.terms, stands.came, stands.under_way) == (None, 3, 2)
    await earned(database, (inviter, before), (inviter, dearer))
    await looked(database)
    assert (await invites(database, inviter)).sums == (("CHF", 4 * REWARD),)
    async with database.reading() as tx:
        found = await overview(tx)
        assert await tx.value("SELECT terms_id FROM invitation WHERE invited_id = $1", for_nothing.id) is None
    assert found.terms is None
    assert ("CHF", 4 * REWARD) in found.sums
    await check_books(database)


async def test_who_stopped_or_blocked_the_bot_is_paid_when_they_are_back(database: Database) -> None:
    await rewarded(database)
    (inviter,) = await people(database, 1)
    friend = await invited(database, inviter)
    await earned(database, (inviter, friend))
    for state in (WorkerState.STOPPED, WorkerState.BLOCKED):
        async with database.transaction() as tx:
            await set_state(tx, inviter.id, state)
        await looked(database)
        assert (await waiting(database))[Hindrance.AWAY] == 1
    async with database.transaction() as tx:
        await set_state(tx, inviter.id, WorkerState.ACTIVE)
    await looked(database)
    assert await got(database, inviter) == REWARD


@pytest.mark.parametrize("whose", ["inviter", "friend"])
async def test_a_finding_of_fraud_is_decided_first(database: Database, batch: Batch, whose: str) -> None:
    await rewarded(database)
    inviter, bystander = await people(database, 2)
    friend = await invited(database, inviter)
    await earned(database, (inviter, friend))
    who = {"inviter": inviter, "friend": friend}[whose]
    async with database.transaction() as tx:
        finding = Finding(tuple(sorted((who.id, bystander.id))), 5.0, 10.0, {"rows": []})
        assert await keep(tx, batch.id, {"copying": [finding]}, rate=0.01, answers=100, look=1)
        number = await tx.value("SELECT max(id) FROM finding")
    await looked(database)
    assert (await waiting(database))[Hindrance.FINDING] == 1
    async with database.transaction() as tx:
        await dismiss(tx, number, "a family", actor="test")
    await looked(database)
    assert await got(database, inviter) == REWARD


async def test_an_account_of_the_inviter_or_of_another_invited_one_is_nobody_new(database: Database) -> None:
    await rewarded(database)
    (inviter,) = await people(database, 1)
    own, same, other = [await invited(database, inviter) for _ in range(3)]
    for worker, details in ((inviter, PHONE), (own, PHONE), (same, OTHER), (other, OTHER)):
        async with working(database, worker) as tx:
            await enter(tx, VAULT, worker.id, methods()["mobile_money"], details)
    await earned(database, (inviter, own), (inviter, same), (inviter, other))
    await looked(database)
    assert (await waiting(database))[Hindrance.ACCOUNT] == 3
    assert await got(database, inviter) == 0


async def test_an_inviter_is_paid_for_so_many_in_a_month_and_for_the_rest_later(
    database: Database, clock: Clock
) -> None:
    await rewarded(database)
    (inviter,) = await people(database, 1)
    friends = [await invited(database, inviter) for _ in range(MOST_PAID + 2)]
    await earned(database, *((inviter, friend) for friend in friends))
    await asyncio.gather(*(looked(database) for _ in range(3)))
    await looked(database)
    assert await got(database, inviter) == MOST_PAID * REWARD
    assert (await waiting(database))[Hindrance.MANY] == 2
    clock.advance(WITHIN.total_seconds() + 1)
    await looked(database)
    assert await got(database, inviter) == (MOST_PAID + 2) * REWARD
    await check_books(database)


@pytest.mark.parametrize(
    ("change", "why"),
    [({"per_invited": 0}, "how much"), ({"good_answers": 0}, "good answers"), ({"currency": "us"}, "no currency")],
)
async def test_terms_that_are_none_are_refused(database: Database, change: dict[str, object], why: str) -> None:
    with pytest.raises(BonusError, match=why):
        async with database.transaction() as tx:
            await set_terms(tx, **{"per_invited": 1, "currency": "USD", "by": "test"} | change)  # type: ignore[arg-type]
