"""In a batch of graded pay, what is known to be half right earns half, and what is wrong nothing: told, and mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from crowd.appeals.deciding import decide
from crowd.appeals.settling import settle_voidings
from crowd.appeals.states import Ground, Outcome, VoidingError
from crowd.appeals.voiding import void
from crowd.fairpay.raising import Raised, Reason, raise_price
from crowd.golds.ruling import Ruling, rule
from crowd.golds.suspending import lock_gold, suspend
from crowd.grading.grading import grade_answers
from crowd.grading.mending import mend_grades
from crowd.labels import review
from crowd.loop.handing import Given
from crowd.money.earnings import Line, earnings
from crowd.money.holds import end_holds, release_holds
from db.database import Database, Tx
from tests.crowd.scene import Batch, Worker, check_books, people
from tests.crowd.test_voiding import filed, told
from tests.database import Clock

PRICE = 20_001
"""Odd, so that halves are not whole."""

HALF = 10_000
"""What half of it takes back: the part of a micro-unit is the worker's."""

DAY = 86_400.0
RIGHT, NEAR, WRONG = 0, 1, 2
"""Of three steps, good, bad and neither, where the gold says good."""


async def scene(database: Database, folder: Path, **spec: Any) -> tuple[Batch, Worker]:
    told_ = {"ordered": True, "graded": True, "price": "0.020001", "overlap": {"least": 1, "most": 1}, **spec}
    batch = await Batch.post(database, folder, tasks=30, golds=20, **told_)
    (worker,) = await people(database, 1)
    return batch, worker


async def answered(batch: Batch, worker: Worker, *golds: int, ordinary: int = RIGHT) -> list[int]:
    """Work until so many golds were answered, so; the answers to these."""
    given: list[int] = []
    seed = 0
    while len(given) < len(golds):
        task = await batch.next(worker, seed := seed + 1)
        assert isinstance(task, Given)
        known = (await batch.task(task.task_id))["gold"] is not None
        await batch.accepted(worker, task.lease_id, golds[len(given)] if known else ordinary)
        given += [task.lease_id] if known else []
    return given


async def lines(database: Database, worker: Worker) -> dict[int, Line]:
    async with database.reading() as tx:
        shown: dict[int, Line] = {}
        before = None
        while True:
            page = await earnings(tx, worker.id, before=before)
            shown |= {line.answer_id: line for line in page.lines}
            before = page.more
            if before is None:
                return shown


async def available(database: Database, worker: Worker) -> int:
    async with database.reading() as tx:
        (wallet,) = (await earnings(tx, worker.id)).wallets
        return wallet.available


async def the_next_day(database: Database, clock: Clock) -> int:
    clock.advance(DAY)
    return await grade_answers(database)


@asynccontextmanager
async def of_gold(batch: Batch, answer_id: int) -> AsyncIterator[tuple[Tx, int]]:
    async with batch.database.transaction() as tx:
        task_id = await tx.value("SELECT task_id FROM answer WHERE id = $1", answer_id)
        assert await lock_gold(tx, task_id)
        yield tx, task_id


async def test_half_right_earns_half_and_wrong_nothing_told_the_day_after(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    right, near, wrong = await answered(batch, worker, RIGHT, NEAR, WRONG)
    assert await grade_answers(database) == 0, "with the answer, it would tell which tasks are golds"
    assert await the_next_day(database, clock) == 2
    assert await grade_answers(database) == 0, "once"
    shown = await lines(database, worker)
    assert shown[right].voided is None
    half, nothing = shown[near].voided, shown[wrong].voided
    assert half is not None
    assert nothing is not None
    assert (half.ground, half.reason, half.amount) == (Ground.GRADED, "half", HALF)
    assert shown[near].right == "good"
    assert (nothing.reason, nothing.amount) == ("nothing", PRICE)
    assert {half.appeal_until is None, nothing.appeal_until is None} == {False}
    (notice,) = await told(database, worker, "graded")
    assert (notice["half"], notice["nothing"], notice["amount"]) == (1, 1, HALF + PRICE)
    await check_books(database)
    clock.advance(3 * DAY)
    await release_holds(database)
    assert await available(database, worker) == len(shown) * PRICE - HALF - PRICE
    await check_books(database)


async def test_what_others_say_grades_nobody(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path, overlap={"least": 3, "most": 3})
    others = await people(database, 2)
    for each, said in ((worker, WRONG), (others[0], RIGHT), (others[1], RIGHT)):
        await answered(batch, each, RIGHT, ordinary=said)
    assert await the_next_day(database, clock) == 0


async def test_pay_that_is_not_graded_stays_whole(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path, graded=False)
    await answered(batch, worker, WRONG, NEAR)
    assert await the_next_day(database, clock) == 0


async def test_graded_pay_is_held_until_it_is_graded_whoever_earns_it(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    (near,) = await answered(batch, worker, NEAR)
    async with database.transaction() as tx:
        assert await end_holds(tx, [worker.id], "choice", "en") == 0, "as for who is proven"
    await release_holds(database)
    assert await available(database, worker) == 0
    held = "SELECT extract(epoch FROM due_at - $2)::int FROM hold WHERE answer_id = $1"
    assert await batch.value(held, near, clock.now()) == 72 * 3600
    assert await the_next_day(database, clock) == 1


async def test_what_a_requester_decides_in_review_grades_nobody(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    task = await batch.given(worker)
    while (await batch.task(task.task_id))["gold"] is not None:
        await batch.accepted(worker, task.lease_id)
        task = await batch.given(worker, task.lease_id)
    await batch.accepted(worker, task.lease_id, WRONG)
    async with database.transaction() as tx:
        await review.decide(tx, batch.id, task.task_id, "good", note=None, reviewer="requester 1 (test)")
    assert await the_next_day(database, clock) == 0


async def test_a_ruling_grades_nobody_down_who_had_answered_as_the_file_said(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    right, near = await answered(batch, worker, RIGHT, NEAR)
    for answer_id in (right, near):
        async with of_gold(batch, answer_id) as (tx, task_id):
            await suspend(tx, batch.id, (await lines(database, worker))[right].spec, task_id)
            await rule(tx, batch.id, task_id, Ruling.OTHER, "neither", by="requester 1 (test)")
    assert await the_next_day(database, clock) == 1
    shown = await lines(database, worker)
    assert shown[right].voided is None
    half = shown[near].voided
    assert half is not None
    assert half.reason == "half"


async def test_a_raise_pays_the_difference_for_what_was_graded_too(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path, overlap={"least": 1, "most": 5})
    await answered(batch, worker, NEAR, WRONG, RIGHT)
    await the_next_day(database, clock)
    await check_books(database)
    mine = "SELECT earned + topped_up FROM participation WHERE batch_id = $1 AND worker_id = $2"
    before = await batch.value(mine, batch.id, worker.id)
    for price in (20_400, 30_003):
        async with database.transaction() as tx:
            done = await raise_price(tx, batch.id, Reason(price, 9000, "KE", 1_000_000))
            assert isinstance(done, Raised)
        await check_books(database)
    assert await batch.value(mine, batch.id, worker.id) == pytest.approx(before * 30_003 / PRICE, abs=3)
    clock.advance(3 * DAY)
    await release_holds(database)
    assert await available(database, worker) == pytest.approx(before * 30_003 / PRICE, abs=3)
    await check_books(database)


async def test_a_gold_that_is_suspended_gives_back_what_was_graded_by_it(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    near, wrong = await answered(batch, worker, NEAR, WRONG)
    assert await the_next_day(database, clock) == 2
    async with of_gold(batch, wrong) as (tx, task_id):
        spec = (await lines(database, worker))[wrong].spec
        await suspend(tx, batch.id, spec, task_id)
    assert await mend_grades(database) == 1
    shown = await lines(database, worker)
    assert [shown[each].voided.outcome for each in (near, wrong) if shown[each].voided] == [None, Outcome.MISTAKEN]  # type: ignore[union-attr]
    assert await available(database, worker) == PRICE
    await check_books(database)


@pytest.mark.parametrize(("instead", "mended"), [("bad", 1), ("neither", 0)])
async def test_a_gold_that_is_ruled_otherwise_gives_back_what_is_more_now(
    database: Database, clock: Clock, tmp_path: Path, instead: str, mended: int
) -> None:
    batch, worker = await scene(database, tmp_path)
    (near,) = await answered(batch, worker, NEAR)
    await the_next_day(database, clock)
    async with of_gold(batch, near) as (tx, task_id):
        await tx.run("UPDATE task SET gold = jsonb_build_object('value', $2::text) WHERE id = $1", task_id, instead)
    assert await mend_grades(database) == mended
    await check_books(database)


async def test_a_grade_is_open_to_appeal_and_anybody_of_staff_may_answer(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    won, lost, silent = await answered(batch, worker, NEAR, NEAR, WRONG)
    await the_next_day(database, clock)
    shown = await lines(database, worker)
    numbers = [shown[each].voided.id for each in (won, lost, silent)]  # type: ignore[union-attr]
    for number in numbers:
        assert await filed(batch, worker, number, "It is bad, look again")
    async with database.transaction() as tx:
        await decide(tx, numbers[0], grant=True, reason="You are right.", by="house/amina (panel)")
        await decide(tx, numbers[1], grant=False, reason="It is good.", by="house/amina (panel)")
    clock.advance(4 * DAY)
    await settle_voidings(database)
    await release_holds(database)
    assert await available(database, worker) == len(shown) * PRICE - HALF
    await check_books(database)
    clock.advance(14 * DAY)
    await settle_voidings(database)
    await check_books(database)


async def test_who_does_not_appeal_is_told_once_a_day_that_it_is_too_late(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    await answered(batch, worker, NEAR, WRONG)
    await the_next_day(database, clock)
    clock.advance(14 * DAY)
    await settle_voidings(database)
    (notice,) = await told(database, worker, "appeal")
    assert (notice["outcome"], notice["answers"], notice["amount"]) == (Outcome.UNAPPEALED, 2, HALF + PRICE)
    await check_books(database)


async def test_the_database_refuses_to_say_later_that_a_grade_was_made_by_something_else(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    await answered(batch, worker, NEAR)
    await the_next_day(database, clock)
    with pytest.raises(asyncpg.PostgresError) as raised:
        await batch.run("UPDATE voiding SET graded_by = '\"bad\"' WHERE batch_id = $1", batch.id)
    assert raised.value.sqlstate == "KZ004"


async def test_what_is_half_paid_cannot_be_voided_once_more(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    near, _ = await answered(batch, worker, NEAR, RIGHT)
    await the_next_day(database, clock)
    about = {"reason": "Wrong.", "ground": Ground.OTHER, "by": "house/amina (panel)"}
    with pytest.raises(VoidingError):
        async with database.transaction() as tx:
            await void(tx, worker.id, batch.id, answer_id=near, **about)  # type: ignore[arg-type]
    async with database.transaction() as tx:
        await void(tx, worker.id, batch.id, **about)  # type: ignore[arg-type]
    await check_books(database)
    clock.advance(3 * DAY)
    await release_holds(database)
    assert await available(database, worker) == PRICE - HALF


async def test_two_graders_at_once_grade_once(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    await answered(batch, worker, NEAR, WRONG)
    clock.advance(DAY)
    assert sum(await asyncio.gather(*(grade_answers(database) for _ in range(4)))) == 2
    assert len(await told(database, worker, "graded")) == 1
    await check_books(database)


async def test_time_that_is_not_paid_does_not_count_against_the_floor(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    near, wrong = await answered(batch, worker, NEAR, WRONG)
    await batch.run("UPDATE answer SET ms = 10000 WHERE batch_id = $1", batch.id)
    answers = await batch.value("SELECT count(*)::int FROM answer WHERE batch_id = $1", batch.id)
    mine = "SELECT {} FROM participation WHERE batch_id = $1 AND worker_id = $2"
    await batch.run(f"UPDATE participation SET active_ms = {answers * 10_000} WHERE batch_id = $1", batch.id)
    await the_next_day(database, clock)
    ms, earned = [await batch.value(mine.format(each), batch.id, worker.id) for each in ("active_ms", "earned")]
    assert earned == answers * PRICE - HALF - PRICE
    assert ms == pytest.approx((answers - 1.5) * 10_000, abs=2)
    async with of_gold(batch, wrong) as (tx, task_id):
        await suspend(tx, batch.id, (await lines(database, worker))[near].spec, task_id)
    await mend_grades(database)
    assert await batch.value(mine.format("earned"), batch.id, worker.id) == answers * PRICE - HALF
    assert await batch.value(mine.format("topped_up"), batch.id, worker.id) == 0
    await check_books(database)
