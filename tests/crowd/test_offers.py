"""What work there is, and where there is none, the true reason."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crowd.batches.life import BatchError, State, set_state
from crowd.loop import offers as offering
from crowd.loop.handing import Dry, Given
from crowd.loop.leases import Way, expire_leases
from crowd.loop.offers import Nothing, NoWork, Offer, offers
from db.database import Database, connected
from tests.crowd.scene import Batch, Worker, people
from tests.database import Clock, Server


@pytest.fixture
async def empty(server: Server, clock: Clock) -> AsyncIterator[Database]:
    """A house without batches."""
    with server.fresh_database() as address:
        async with connected(address, name="test", clock=clock.now) as opened:
            yield opened


async def found(database: Database, worker: Worker) -> list[Offer] | Nothing:
    async with database.reading() as tx:
        return await offers(tx, worker.id)


async def empty_purses(batch: Batch) -> None:
    """As if staff had taken the money back."""
    async with batch.database.transaction() as tx:
        await tx.run(
            """
            INSERT INTO transfer (reason, ref, debit, credit, amount, at)
            SELECT 'void', e.id, e.id, w.id, e.balance, $2 FROM account e, account w
            WHERE e.kind = 'escrow' AND e.owner = $1 AND e.balance > 0
              AND w.kind = 'world' AND w.currency = e.currency
            """,
            batch.id, tx.now,
        )  # fmt: skip


async def test_no_batch_at_all(empty: Database) -> None:
    (worker,) = await people(empty, 1)
    assert await found(empty, worker) == Nothing((NoWork.NOTHING_OPEN,), (), ())


NO_GOLD = 2
"""A seed whose first draw gives no gold."""


async def test_what_was_passed_is_not_left(empty: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(empty, tmp_path, tasks=3, golds=5)
    (worker,) = await people(empty, 1)
    for left, way in ((2, Way.SKIPPED), (1, Way.REPORTED)):
        await batch.pass_on(worker, (await batch.given(worker, NO_GOLD)).lease_id, way)
        got = await found(empty, worker)
        assert isinstance(got, list)
        assert [offer.left for offer in got] == [left]
    await batch.given(worker, NO_GOLD)
    clock.advance(601)
    await expire_leases(empty)
    assert await found(empty, worker) == Nothing((NoWork.ALL_DONE,), (), ())


async def test_only_the_newest_of_a_workers_history_is_looked_at(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "_READABLE", offering._READABLE.replace(f"LIMIT {offering._NEWEST}", "LIMIT 2"))
    old = await Batch.post(empty, tmp_path, tasks=5)
    new = await Batch.post(empty, tmp_path, tasks=5)
    (worker,) = await people(empty, 1)
    for batch, most in ((old, 1), (new, 2)):
        await batch.pass_on(worker, (await batch.given(worker)).lease_id)
        for _ in range(most):
            task = (await batch.accepted(worker, (await batch.given(worker)).lease_id)).next
        assert isinstance(task, Given)
        await batch.pass_on(worker, task.lease_id)
    got = await found(empty, worker)
    assert isinstance(got, list)
    assert {offer.batch_id: offer.left for offer in got} == {old.id: 5, new.id: 1}


async def test_a_batch_without_work_is_no_reason_to_wait_or_learn(empty: Database, tmp_path: Path) -> None:
    (worker,) = await people(empty, 1)
    nurse = await Batch.post(empty, tmp_path, skills=["nurse"])
    poor = await Batch.post(empty, tmp_path, language="ha")
    await nurse.run("UPDATE tally SET settled = 10 WHERE batch_id = $1 AND slot = 0", nurse.id)
    await empty_purses(poor)
    assert await found(empty, worker) == Nothing((NoWork.ALL_DONE,), (), ())
    await nurse.run("UPDATE tally SET settled = 9 WHERE batch_id = $1 AND slot = 0", nurse.id)
    assert await found(empty, worker) == Nothing((NoWork.SKILL,), (), ("nurse",))
    await empty_purses(nurse)
    assert await found(empty, worker) == Nothing((NoWork.NO_MONEY,), (), ())


async def test_nobody_has_done_all_while_there_is_more(empty: Database, tmp_path: Path) -> None:
    (worker,) = await people(empty, 1)
    done = await Batch.post(empty, tmp_path, tasks=1)
    await done.accepted(worker, (await done.given(worker)).lease_id)
    assert await found(empty, worker) == Nothing((NoWork.ALL_DONE,), (), ())
    poor = await Batch.post(empty, tmp_path)
    await empty_purses(poor)
    assert await found(empty, worker) == Nothing((NoWork.NO_MONEY,), (), ())
    await Batch.post(empty, tmp_path, skills=["nurse"])
    assert await found(empty, worker) == Nothing((NoWork.SKILL, NoWork.NO_MONEY), (), ("nurse",))


async def test_a_batch_that_nobody_measured_yet_comes_before_the_measured(empty: Database, tmp_path: Path) -> None:
    (worker,) = await people(empty, 1)
    cheap = await Batch.post(empty, tmp_path, price="0.01")
    dear = await Batch.post(empty, tmp_path, price="0.03")
    new = await Batch.post(empty, tmp_path, price="0.005")
    await dear.run("UPDATE batch SET pace_ms = 2000 WHERE id = ANY($1)", [cheap.id, dear.id])
    got = await found(empty, worker)
    assert isinstance(got, list)
    assert [offer.batch_id for offer in got] == [new.id, dear.id, cheap.id]


async def test_the_best_paid_hour_comes_first(empty: Database, tmp_path: Path) -> None:
    (worker,) = await people(empty, 1)
    cheap = await Batch.post(empty, tmp_path, price="0.01")
    dear = await Batch.post(empty, tmp_path, price="0.03")
    quick = await Batch.post(empty, tmp_path, price="0.02")
    await quick.run("UPDATE batch SET pace_ms = CASE id WHEN $1 THEN 2000 ELSE 10000 END", quick.id)
    got = await found(empty, worker)
    assert isinstance(got, list)
    assert [(offer.batch_id, offer.price, offer.per_hour, offer.left) for offer in got] == [
        (quick.id, 20_000, 36_000_000, 10), (dear.id, 30_000, 10_800_000, 10), (cheap.id, 10_000, 3_600_000, 10),
    ]  # fmt: skip


async def test_work_in_other_languages_or_with_skills_is_named(empty: Database, clock: Clock, tmp_path: Path) -> None:
    (worker,) = await people(empty, 1)
    hausa = await Batch.post(empty, tmp_path, language="ha")
    nurse = await Batch.post(empty, tmp_path, skills=["nurse", "swahili-2"])
    assert await found(empty, worker) == Nothing(
        (NoWork.SKILL, NoWork.LANGUAGE), ("ha",), ("nurse", "swahili-2")
    )  # fmt: skip
    assert await hausa.next(worker) is Dry.NOT_ALLOWED
    assert await nurse.next(worker) is Dry.NOT_ALLOWED
    async with empty.transaction() as tx:
        await tx.run(
            "INSERT INTO skill (worker_id, name, granted_at, expires_at) "
            "VALUES ($1, 'nurse', $2, NULL), ($1, 'swahili-2', $2, $2::timestamptz + interval '1 h')",
            worker.id, tx.now,
        )  # fmt: skip
    assert isinstance(await found(empty, worker), list)
    task = await nurse.given(worker)
    await nurse.pass_on(worker, task.lease_id)
    clock.advance(3600)
    assert await nurse.next(worker) is Dry.NOT_ALLOWED
    assert await found(empty, worker) == Nothing((NoWork.SKILL, NoWork.LANGUAGE), ("ha",), ("swahili-2",))


async def test_who_did_them_all_is_told_so(empty: Database, tmp_path: Path) -> None:
    batch = await Batch.post(empty, tmp_path, tasks=3)
    (worker,) = await people(empty, 1)
    task: Given | Dry = await batch.given(worker)
    left = []
    while isinstance(task, Given):
        got = await found(empty, worker)
        assert isinstance(got, list)
        left.append((got[0].left, got[0].mine))
        task = (await batch.accepted(worker, task.lease_id)).next
    assert (task, left) == (Dry.DONE, [(3, 0), (2, 1), (1, 2)])
    assert await found(empty, worker) == Nothing((NoWork.ALL_DONE,), (), ())


async def test_a_batch_that_had_nothing_is_offered_again_after_a_while(
    empty: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(empty, tmp_path, tasks=1, overlap={"least": 1, "most": 1})
    holder, worker = await people(empty, 2)
    task = await batch.given(holder)
    assert isinstance(await found(empty, worker), list)
    assert await batch.next(worker) is Dry.DONE
    assert await found(empty, worker) == Nothing((NoWork.ALL_DONE,), (), ())
    await batch.pass_on(holder, task.lease_id)
    clock.advance(11)
    assert isinstance(await found(empty, worker), list)
    await batch.given(worker)


async def test_paused_and_closed_batches_are_not_offered(empty: Database, tmp_path: Path) -> None:
    batch = await Batch.post(empty, tmp_path)
    (worker,) = await people(empty, 1)
    for state, dry in ((State.PAUSED, Dry.PAUSED_BATCH), (State.CLOSED, Dry.CLOSED)):
        async with empty.transaction() as tx:
            await set_state(tx, batch.id, state, actor="test")
            await set_state(tx, batch.id, state, actor="test")
        assert await found(empty, worker) == Nothing((NoWork.NOTHING_OPEN,), (), ())
        assert await batch.next(worker) is dry
    assert await Batch(empty, 10**6).next(worker) is Dry.CLOSED
    async with empty.transaction() as tx:
        with pytest.raises(BatchError, match="cannot become open"):
            await set_state(tx, batch.id, State.OPEN, actor="test")
        with pytest.raises(BatchError, match="no batch"):
            await set_state(tx, 10**6, State.CLOSED, actor="test")


async def test_a_batch_whose_money_is_used_up_says_so(empty: Database, tmp_path: Path) -> None:
    batch = await Batch.post(empty, tmp_path, tasks=2, overlap={"least": 1, "most": 1})
    (worker,) = await people(empty, 1)
    await empty_purses(batch)
    assert await found(empty, worker) == Nothing((NoWork.NO_MONEY,), (), ())
