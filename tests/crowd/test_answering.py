"""An answer is recorded once, checked, added up, paid at the price of its lease, and followed by the next task."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from crowd.batches.life import State, set_state
from crowd.kinds.base import AnswerError
from crowd.loop.answering import Accepted, DontKnow, answer
from crowd.loop.handing import Dry, Given
from crowd.loop.leases import Way, expire_leases
from crowd.loop.recorded import Refused
from db.database import Database
from tests.crowd.scene import Batch, check_books, people, working
from tests.database import Clock

PRICE = 20_000
pytestmark = pytest.mark.usefixtures("books")


@pytest.fixture
async def books(database: Database) -> AsyncIterator[None]:
    """The books are in order after each test."""
    yield
    await check_books(database)


async def test_an_answer_is_recorded_once_paid_and_followed_by_the_next_task(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    clock.advance(2.5)
    done = await batch.accepted(worker, task.lease_id, 1)

    assert (done.earned, done.done, done.paused, done.lesson) == (PRICE, 1, False, None)
    assert isinstance(done.next, Given)
    assert done.next.task_id != task.task_id
    assert done.next.answers == 1
    async with database.transaction() as tx:
        row = await tx.row("SELECT * FROM answer WHERE id = $1", task.lease_id)
        hold = await tx.row("SELECT * FROM hold WHERE answer_id = $1", task.lease_id)
    assert row is not None
    assert hold is not None
    assert (row["value"], row["verdict"], row["price"], row["ms"]) == ("bad", None, PRICE, 2500)
    assert hold["amount"] == PRICE
    assert (hold["due_at"] - clock.now()).total_seconds() == 72 * 3600


async def test_the_same_tap_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    done = await batch.accepted(worker, task.lease_id)
    assert await batch.say(worker, task.lease_id, 0) is Refused.ANSWERED
    assert await batch.say(worker, task.lease_id, 1) is Refused.ANSWERED
    assert await batch.next(worker) == done.next


async def test_the_same_tap_from_two_connections_counts_once(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=12)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    for _ in range(8):
        both = await asyncio.gather(*(batch.say(worker, task.lease_id, 0) for _ in range(4)))
        (done,) = [each for each in both if isinstance(each, Accepted)]
        assert [each for each in both if each is not done] == [Refused.ANSWERED] * 3
        assert isinstance(done.next, Given)
        task = done.next
    assert await batch.value("SELECT count(*) FROM answer WHERE worker_id = $1", worker.id) == 8


async def test_the_lease_of_somebody_else_is_unknown(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3)
    mine, thief = await people(database, 2)
    task = await batch.given(mine)
    assert await batch.say(thief, task.lease_id, 0) is Refused.UNKNOWN
    assert await batch.say(thief, 2**40, 0) is Refused.UNKNOWN
    await batch.accepted(mine, task.lease_id)
    assert await batch.say(thief, task.lease_id, 0) is Refused.UNKNOWN
    assert await batch.pass_on(thief, task.lease_id) is None


async def test_an_answer_that_the_kind_cannot_take_leaves_the_task_in_hands(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    for nonsense in (-1, 3, "good"):
        with pytest.raises(AnswerError):
            await batch.say(worker, task.lease_id, nonsense)
    assert await batch.next(worker) == task


async def test_a_late_answer_that_the_kind_cannot_take_changes_nothing(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=2)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    clock.advance(601)
    await expire_leases(database)
    async with working(database, worker) as tx:  # as a handler does that answers the error and ends the update well
        with pytest.raises(AnswerError):
            await answer(tx, worker.person_id, task.lease_id, lambda _: 3, random.Random(0))
    assert await batch.value("SELECT count(*) FROM lease WHERE id = $1", task.lease_id) == 0
    assert await batch.value("SELECT way FROM passed WHERE lease_id = $1", task.lease_id) == "expired"
    assert (await batch.accepted(worker, task.lease_id)).earned == PRICE


async def test_a_late_answer_is_paid_while_the_task_can_use_it(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=2)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    clock.advance(601)
    await expire_leases(database)
    assert await batch.value("SELECT count(*) FROM lease WHERE id = $1", task.lease_id) == 0
    done = await batch.accepted(worker, task.lease_id)
    assert done.earned == PRICE
    assert await batch.say(worker, task.lease_id, 0) is Refused.ANSWERED


@pytest.mark.parametrize(("pace_ms", "lease_s", "counted_s"), [(None, 600, 24), (None, 60, 24), (7000, 600, 7)])
async def test_a_late_answer_counts_time_at_work_but_none_without_a_connection(
    database: Database, clock: Clock, tmp_path: Path, pace_ms: int | None, lease_s: int, counted_s: int
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, lease_minutes=lease_s / 60)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    clock.advance(lease_s)
    await expire_leases(database)
    clock.advance(3600)
    await batch.run("UPDATE batch SET pace_ms = $2 WHERE id = $1", batch.id, pace_ms)
    await batch.accepted(worker, task.lease_id)
    assert await batch.value("SELECT ms FROM answer WHERE id = $1", task.lease_id) == counted_s * 1000
    await check_books(database)


async def test_a_late_answer_gives_no_second_task_into_the_same_hands(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=4)
    (worker,) = await people(database, 1)
    late = await batch.given(worker)
    clock.advance(601)
    await expire_leases(database)
    present = await batch.given(worker)
    done = await batch.accepted(worker, late.lease_id)
    assert done.next == replace(present, answers=1)


async def test_a_late_answer_is_refused_once_others_have_the_task(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 1, "most": 1, "confidence": 0.9})
    slow, quick = await people(database, 2)
    task = await batch.given(slow)
    clock.advance(601)
    await expire_leases(database)
    taken = await batch.given(quick)
    assert taken.task_id == task.task_id
    assert await batch.say(slow, task.lease_id, 0) is Refused.EXPIRED
    await batch.accepted(quick, taken.lease_id)
    assert await batch.say(slow, task.lease_id, 0) is Refused.EXPIRED


async def test_an_answer_after_the_close_is_told_so(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3)
    expired, out = await people(database, 2)
    lost = await batch.given(expired)
    clock.advance(601)
    await expire_leases(database)
    task = await batch.given(out)
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    assert await batch.say(out, task.lease_id, 0) is Refused.WITHDRAWN
    assert await batch.say(expired, lost.lease_id, 0) is Refused.WITHDRAWN
    assert await batch.next(out) is Dry.CLOSED


async def test_an_answer_to_a_task_that_was_passed_on_is_told_so(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    assert await batch.pass_on(worker, task.lease_id) is not None
    assert await batch.say(worker, task.lease_id, 0) is Refused.WITHDRAWN


async def test_a_pause_keeps_answers_under_way_and_gives_no_next_task(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=4)
    quick, slow, late = await people(database, 3)
    task, other, lapsed = await batch.given(quick), await batch.given(slow), await batch.given(late)
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.PAUSED, actor="test")
    done = await batch.accepted(quick, task.lease_id)
    assert (done.earned, done.next) == (PRICE, Dry.PAUSED_BATCH)
    clock.advance(601)
    await expire_leases(database)
    assert (await batch.accepted(late, lapsed.lease_id)).next is Dry.PAUSED_BATCH
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.OPEN, actor="test")
    assert (await batch.accepted(slow, other.lease_id)).earned == PRICE


async def test_the_price_of_the_lease_is_what_is_paid(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=4)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    await batch.run("UPDATE batch SET price = 7 WHERE id = $1", batch.id)  # as no batch's ever does: a price only rises
    done = await batch.accepted(worker, task.lease_id)
    assert done.earned == PRICE
    assert isinstance(done.next, Given)
    assert done.next.price == PRICE
    await batch.run("UPDATE batch SET price = $2 WHERE id = $1", batch.id, PRICE)


async def test_dont_know_is_recorded_has_no_vote_and_is_paid_up_to_a_share(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=12)
    (worker,) = await people(database, 1)
    task: Given | Dry = await batch.given(worker)
    earned = []
    for said in "??aaa?aaaaa?":
        assert isinstance(task, Given)
        knows = said == "a"
        done = await batch.accepted(worker, task.lease_id, 0 if knows else DontKnow.DONT_KNOW)
        earned.append(done.earned // PRICE)
        after = await batch.task(task.task_id)
        assert (after["answers"], after["evidence"] is not None, after["label"] is not None) == (1, knows, knows)
        task = done.next
    # One is free; after that, a fifth of all answers: the 6th is the third of six, the 12th the fourth of twelve.
    assert earned == [1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0]
    assert await batch.value("SELECT dont_knows FROM participation WHERE batch_id = $1", batch.id) == 4


async def test_dont_know_is_paid_again_once_it_is_a_small_share(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=12)
    (worker,) = await people(database, 1)
    task: Given | Dry = await batch.given(worker)
    earned = []
    for said in "?aaaaaaaa?":
        assert isinstance(task, Given)
        done = await batch.accepted(worker, task.lease_id, 0 if said == "a" else DontKnow.DONT_KNOW)
        earned.append(done.earned // PRICE)
        task = done.next
    assert earned == [1] * 10


async def test_a_task_that_nobody_knows_is_settled_without_a_label(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1)
    for worker in await people(database, 2):
        task = await batch.given(worker)
        await batch.accepted(worker, task.lease_id, DontKnow.DONT_KNOW)
    after = await batch.task(task.task_id)
    assert after["settled_at"] is not None
    assert (after["label"], after["confidence"], after["open"]) == (None, 0.0, False)


async def test_a_task_stops_early_when_it_is_sure(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 2, "most": 5, "confidence": 0.6})
    for worker in await people(database, 2):
        task = await batch.given(worker)
        assert (await batch.task(task.task_id))["settled_at"] is None
        await batch.accepted(worker, task.lease_id, 1)
    after = await batch.task(task.task_id)
    # two newcomers of 0.533 (0.2 above chance) among three: odds (0.533 * 2 / 0.467)^2 : 2
    odds = (0.5333333333333333 * 2 / (1 - 0.5333333333333333)) ** 2
    assert after["label"] == "bad"
    assert after["confidence"] == pytest.approx(odds / (odds + 2))
    assert (after["answers"], after["seats"]) == (2, 0)
    assert after["settled_at"] is not None
    (late,) = await people(database, 1)
    assert await batch.next(late) is Dry.DONE


async def test_a_task_that_stays_unsure_gets_answers_one_by_one_up_to_the_most(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 2, "most": 4, "confidence": 0.999})
    crew = await people(database, 5)
    first, second = await batch.given(crew[0]), await batch.given(crew[1])
    assert await batch.next(crew[2]) is Dry.DONE  # two at once and no more
    await batch.accepted(crew[0], first.lease_id, 0)
    await batch.accepted(crew[1], second.lease_id, 1)
    third = await batch.given(crew[2])
    assert await batch.next(crew[3]) is Dry.DONE  # from then on one at a time
    await batch.accepted(crew[2], third.lease_id, 1)
    fourth = await batch.given(crew[3])
    await batch.accepted(crew[3], fourth.lease_id, 0)
    after = await batch.task(first.task_id)
    assert (after["answers"], after["seats"], after["settled_at"] is not None) == (4, 0, True)
    assert after["label"] == "good"  # equal odds and votes: the first option
    assert await batch.next(crew[4]) is Dry.DONE
    assert await batch.value("SELECT sum(unsure) FROM tally WHERE batch_id = $1", batch.id) == 1


async def test_an_answer_to_a_task_that_was_withdrawn_is_paid_and_gives_it_no_label(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=1, overlap={"least": 4, "most": 4, "confidence": 0.9})
    early, late, *reporters = await people(database, 4)
    task = await batch.given(early)
    await batch.accepted(early, task.lease_id)
    assert (await batch.task(task.task_id))["label"] == "good"
    under_way = await batch.given(late)
    for reporter in reporters:
        await batch.pass_on(reporter, (await batch.given(reporter)).lease_id, Way.REPORTED)
    after = await batch.task(task.task_id)
    assert (after["label"], after["confidence"], after["seats"]) == (None, None, 0)
    assert (await batch.accepted(late, under_way.lease_id)).earned == PRICE
    after = await batch.task(task.task_id)
    assert (after["label"], after["confidence"], after["answers"], after["leased"]) == (None, None, 2, 0)


async def test_the_next_task_is_of_the_workers_own_luck(database: Database, tmp_path: Path) -> None:
    """Workers with the same answers meet golds at different moments: of several, few have the same luck."""
    batch = await Batch.post(database, tmp_path, tasks=60, golds=20, overlap={"least": 8, "most": 8})
    met = []
    for worker in await people(database, 8):
        luck = random.Random(worker.id)
        task: Given | Dry = await batch.given(worker, worker.id)
        golds = []
        for at in range(40):
            assert isinstance(task, Given)
            if task.payload["text"].startswith("gold"):
                golds.append((at, task.task_id))
            task = (await batch.accepted(worker, task.lease_id, 0, luck)).next
        met.append(tuple(golds))
    assert len(set(met)) >= 3
