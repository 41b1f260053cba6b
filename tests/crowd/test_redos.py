"""“Please fix this”: what judges reject goes back to its worker once, before it is rejected."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from crowd.batches.life import State, set_state
from crowd.kinds.base import AnswerError
from crowd.kinds.judging import GOOD
from crowd.labels.judged import bring_to_judges
from crowd.labels.results import Rows
from crowd.labels.review import decide
from crowd.loop import settling
from crowd.loop.answering import Accepted, answer
from crowd.loop.handing import Dry, Given, held
from crowd.loop.leases import give_back_all
from crowd.loop.recorded import Refused
from crowd.redos import taking
from crowd.redos.ending import end_redos, leave
from crowd.redos.fixing import Fixed
from crowd.redos.states import MOST_WAITING, TO_FIX, Why
from crowd.redos.taking import Over
from crowd.workers.forgetting import forget, leaving
from crowd.workers.registry import WorkerState
from crowd.workers.registry import set_state as set_worker
from db.database import Database
from tests.crowd.scene import check_books, working
from tests.database import Clock
from tests.kinds.test_judged import BAD, JUDGED, TASKS, House
from tests.requester.scene import Worker, people

SPEAK = next(sample for sample in JUDGED if sample.name == "speak")
PHOTO = next(sample for sample in JUDGED if sample.name == "photo")
CHAT = next(sample for sample in JUDGED if sample.name == "chat")
each = pytest.mark.parametrize("sample", JUDGED, ids=lambda sample: sample.name)


@pytest.fixture(autouse=True)
def no_task_gets_full_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one in fifty does, by its id."""
    monkeypatch.setattr(settling, "SAMPLED", 2**62)


@dataclass
class Scene:
    """Somebody brought all, and judges rejected what they brought to the task of `bad`."""

    house: House
    clock: Clock
    one: Worker
    other: Worker
    judges: list[Worker]
    bad: str

    @property
    def database(self) -> Database:
        return self.house.database

    async def value(self, query: str, *arguments: object) -> Any:
        async with self.database.transaction() as tx:
            return await tx.value(query, *arguments)

    async def lease(self) -> int:
        """Of the redo that came last."""
        found: int = await self.value(
            "SELECT lease_id FROM redo WHERE worker_id = $1 ORDER BY lease_id DESC", self.one.id
        )
        return found

    async def take(self, lease_id: int | None = None, worker: Worker | None = None) -> Over | None:
        who = worker or self.one
        async with working(self.database, who) as tx:
            return await taking.take(tx, who.id, lease_id)

    async def held(self) -> Given | None:
        async with self.database.reading() as tx:
            return await held(tx, self.one.id)

    async def say(self, lease_id: int, value: Any = None) -> Accepted | Fixed | Refused:
        self.house.brought += 1
        said = value or self.house.sample.right(self.house.brought)
        async with working(self.database, self.one) as tx:
            return await answer(tx, self.one.person_id, lease_id, lambda _: said, Random(1))

    async def fixed(self) -> int:
        """It is mended; the answer."""
        lease_id = await self.lease()
        assert await self.take(lease_id) is None
        self.clock.advance(20)
        done = await self.say(lease_id)
        assert isinstance(done, Fixed)
        return done.answer_id

    async def judge(self, *, bad: bool) -> None:
        """Judges look at what is there, and what they say comes back."""
        await bring_to_judges(self.database)
        for judge in self.judges:
            await self.house.judge(judge, bad={self.bad} if bad else set())
            self.clock.advance(60)
        await bring_to_judges(self.database)

    async def outcome(self) -> str | None:
        found: str | None = await self.value("SELECT outcome FROM redo WHERE worker_id = $1", self.one.id)
        return found

    async def close(self) -> None:
        async with self.database.transaction() as tx:
            await set_state(tx, self.house.id, State.CLOSED, actor="test")


Rejected = Callable[..., Awaitable[Scene]]


@pytest.fixture
def rejected(database: Database, clock: Clock, tmp_path: Path) -> Rejected:
    async def make(sample: Any = SPEAK, **changed: Any) -> Scene:
        house = await House.post(database, sample, tmp_path / "b", **changed)
        one, other, *judges = await people(database, 5)
        scene = Scene(house, clock, one, other, judges, sample.item(2)["text"])
        assert await house.fill(one) == TASKS
        await scene.judge(bad=True)
        clock.advance(60)
        return scene

    return make


@each
async def test_what_judges_reject_goes_back_is_mended_and_judged_again(sample: Any, rejected: Rejected) -> None:
    scene = await rejected(sample)
    house = scene.house
    assert await house.news(scene.one) == ["redo"]
    content = await scene.value(
        "SELECT content FROM outbox WHERE subject = 'redo' AND person_id = $1", scene.one.person_id
    )
    assert (content["word"], content["payload"]["text"]) == (BAD[sample.name], scene.bad)
    assert await scene.held() is None, "it waits until its worker takes it"
    assert await house.settled() == TASKS - 1, "it is out of the label meanwhile"
    assert await house.next(scene.other) is Dry.DONE, "and nobody else gets it"
    paid = await scene.value("SELECT sum(amount) FROM transfer WHERE reason = 'earn'")
    spent = await scene.value(
        "SELECT active_ms FROM participation WHERE worker_id = $1 AND batch_id = $2", scene.one.id, house.id
    )
    await check_books(scene.database)

    answer_id = await scene.fixed()
    assert await house.settled() == TASKS, "one is enough, until judges say otherwise"
    assert await scene.value("SELECT sum(amount) FROM transfer WHERE reason = 'earn'") == paid, "it is paid once"
    after = await scene.value(
        "SELECT active_ms FROM participation WHERE worker_id = $1 AND batch_id = $2", scene.one.id, house.id
    )
    assert after == spent + 20_000, "the time counts"
    assert await scene.value("SELECT count(*) FROM redo WHERE answer_id = $1 AND before IS NOT NULL", answer_id) == 1
    await check_books(scene.database)

    await scene.judge(bad=False)
    answers = await house.told(Rows.ANSWERS)
    assert [row["judged"] for row in answers] == [GOOD] * TASKS
    assert len(answers) == TASKS
    assert await house.news(scene.one) == ["redo"]
    assert (await house.labels())[None] == 0
    await check_books(scene.database)


async def test_what_is_left_is_rejected_and_opens_for_somebody_else(rejected: Rejected) -> None:
    scene = await rejected()
    lease_id = await scene.lease()
    async with working(scene.database, scene.one) as tx:
        assert await leave(tx, scene.one.id, lease_id)
        assert not await leave(tx, scene.one.id, lease_id), "once"
    await bring_to_judges(scene.database)
    assert await scene.house.rejected()
    assert await scene.take(lease_id) is Over.DECLINED
    assert await scene.say(lease_id) is Refused.WITHDRAWN
    assert await scene.house.next(scene.one) is Dry.DONE
    await check_books(scene.database)
    assert await scene.house.fill(scene.other) == 1
    assert await scene.house.settled() == TASKS
    await check_books(scene.database)


async def test_what_is_not_mended_in_time_is_rejected_and_told(rejected: Rejected) -> None:
    scene = await rejected()
    lease_id = await scene.lease()
    scene.clock.advance((TO_FIX - timedelta(hours=1)).total_seconds())
    assert await end_redos(scene.database) == 0
    scene.clock.advance(3600)
    assert await end_redos(scene.database) == 1
    assert await end_redos(scene.database) == 0
    await bring_to_judges(scene.database)
    assert await scene.house.news(scene.one) == ["redo", "rejected"]
    assert await scene.take(lease_id) is Over.EXPIRED
    assert await scene.say(lease_id) is Refused.OVER, "and it does not come back"
    assert (
        await scene.value(
            "SELECT count(*) FROM passed WHERE worker_id = $1 AND batch_id = $2", scene.one.id, scene.house.id
        )
        == 0
    )
    assert await scene.house.fill(scene.other) == 1
    await check_books(scene.database)


async def test_who_takes_it_late_has_time_to_finish(rejected: Rejected) -> None:
    scene = await rejected()
    lease_id = await scene.lease()
    scene.clock.advance(TO_FIX.total_seconds() - 120)
    for _ in range(3):
        assert await scene.take(lease_id) is None
        scene.clock.advance(50 * 60)
        assert await end_redos(scene.database) == int(_ > 0), "but not for ever"
        if _:
            break
    assert await scene.outcome() == "expired"


async def test_what_is_rejected_once_more_is_rejected(rejected: Rejected) -> None:
    scene = await rejected()
    await scene.fixed()
    await scene.judge(bad=True)
    assert await scene.house.news(scene.one) == ["redo", "rejected"]
    assert await scene.house.fill(scene.other) == 1
    assert await scene.value("SELECT count(*) FROM redo") >= 1
    assert await scene.outcome() == "fixed"
    await check_books(scene.database)


async def test_a_closed_batch_asks_for_nothing_more(rejected: Rejected) -> None:
    scene = await rejected()
    lease_id = await scene.lease()
    assert await scene.take(lease_id) is None
    await scene.close()
    assert await scene.held() is None
    assert await scene.say(lease_id) is Refused.WITHDRAWN
    assert await scene.take(lease_id) is Over.CLOSED
    await bring_to_judges(scene.database)
    assert await scene.outcome() == "withdrawn"
    assert await scene.house.rejected()
    await check_books(scene.database)


async def test_after_the_end_of_a_batch_nothing_goes_back(database: Database, clock: Clock, tmp_path: Path) -> None:
    house = await House.post(database, SPEAK, tmp_path / "b")
    one, *judges = await people(database, 4)
    await house.fill(one)
    scene = Scene(house, clock, one, one, judges, SPEAK.item(2)["text"])
    await bring_to_judges(database)
    await scene.close()
    await scene.judge(bad=True)
    assert await house.news(one) == ["rejected"]
    await check_books(database)


async def test_who_stops_leaves_it_and_who_is_erased_leaves_no_words(rejected: Rejected) -> None:
    scene = await rejected()
    async with working(scene.database, scene.one) as tx:
        assert await give_back_all(tx, scene.one.id) == 1
        await set_worker(tx, scene.one.id, WorkerState.STOPPED)
    await bring_to_judges(scene.database)
    assert await scene.outcome() == "declined"
    assert await scene.house.fill(scene.other) == 1
    await check_books(scene.database)
    async with working(scene.database, scene.one) as tx:
        assert await forget(tx, scene.one.id, scene.one.person_id, (await leaving(tx, scene.one.id)).mark)
    await check_books(scene.database)


async def test_what_was_mended_stays_of_the_erased_and_what_was_before_does_not(rejected: Rejected) -> None:
    scene = await rejected()
    answer_id = await scene.fixed()
    async with working(scene.database, scene.one) as tx:
        assert await forget(tx, scene.one.id, scene.one.person_id, (await leaving(tx, scene.one.id)).mark)
    assert await scene.value("SELECT before IS NULL FROM redo WHERE answer_id = $1", answer_id)
    assert await scene.value("SELECT value IS NOT NULL FROM answer WHERE id = $1", answer_id)


async def test_it_comes_above_the_task_in_hands_which_comes_back_after(rejected: Rejected, tmp_path: Path) -> None:
    scene = await rejected(CHAT)
    elsewhere = await House.post(scene.database, SPEAK, tmp_path / "other")
    task = await elsewhere.next(scene.one)
    assert isinstance(task, Given)
    scene.clock.advance(10)
    lease_id = await scene.lease()
    for _ in range(2):
        assert await scene.take(lease_id) is None
        mine = await scene.held()
        assert mine is not None
        assert mine.lease_id == lease_id
        assert mine.why == Why(BAD["chat"], None)
        assert mine.price == 0
        async with working(scene.database, scene.one) as tx:
            assert await taking.put_aside(tx, scene.one.id, lease_id)
            assert not await taking.put_aside(tx, scene.one.id, task.lease_id)
        back = await scene.held()
        assert back is not None
        assert (back.lease_id, back.why) == (task.lease_id, None)
        scene.clock.advance(10)
    assert await scene.take(lease_id) is None
    assert isinstance(await scene.say(lease_id), Fixed)
    back = await scene.held()
    assert back is not None
    assert back.lease_id == task.lease_id
    await check_books(scene.database)


async def test_two_that_wait_are_mended_one_by_one_and_each_once(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = await House.post(database, SPEAK, tmp_path / "b")
    one, other, *judges = await people(database, 5)
    await house.fill(one)
    scene = Scene(house, clock, one, other, judges, "")
    await bring_to_judges(database)
    for judge in judges:
        await house.judge(judge, bad={SPEAK.item(1)["text"], SPEAK.item(3)["text"]})
        clock.advance(60)
    await bring_to_judges(database)
    async with database.reading() as tx:
        assert await taking.waiting(tx, one.id) == 2
    assert await scene.take() is None
    first = await scene.held()
    assert first is not None
    clock.advance(5)
    assert await scene.take() is None
    second = await scene.held()
    assert second is not None
    assert first.lease_id != second.lease_id
    assert await scene.take() is Over.UNKNOWN
    for lease_id in (second.lease_id, first.lease_id):
        assert isinstance(await scene.say(lease_id), Fixed)
        assert await scene.say(lease_id) is Refused.ANSWERED, "twice tapped counts once"
        await check_books(database)
    assert await house.settled() == TASKS


async def test_what_a_person_finds_good_meanwhile_need_not_be_mended(rejected: Rejected) -> None:
    scene = await rejected()
    lease_id = await scene.lease()
    task = await scene.value(
        "SELECT task_id FROM judged_answer WHERE answer_id = (SELECT answer_id FROM redo WHERE lease_id = $1)", lease_id
    )
    async with scene.database.transaction() as tx:
        await decide(tx, scene.house.judges_id, task, GOOD, note=None, reviewer="house/amina")
    await bring_to_judges(scene.database)
    assert await scene.house.news(scene.one) == ["redo", "restored"]
    assert await scene.take(lease_id) is Over.WITHDRAWN
    assert await scene.house.settled() == TASKS
    await check_books(scene.database)


async def test_what_shows_something_private_does_not_go_back(database: Database, clock: Clock, tmp_path: Path) -> None:
    house = await House.post(database, PHOTO, tmp_path / "b")
    one, *judges = await people(database, 4)
    await house.fill(one)
    await bring_to_judges(database)
    for judge in judges:
        task = await house.next(judge, house.judges_id)
        while isinstance(task, Given):
            async with working(database, judge) as tx:
                given = await answer(tx, judge.person_id, task.lease_id, lambda _: "private", Random(1))
            assert isinstance(given, Accepted)
            task = given.next
        clock.advance(60)
    await bring_to_judges(database)
    assert await house.news(one) == ["rejected"] * TASKS


async def test_who_is_paused_is_rejected_at_once_and_so_is_what_goes_beyond_ten(
    database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await House.post(database, SPEAK, tmp_path / "b")
    one, two, *judges = await people(database, 5)
    everything = {SPEAK.item(number)["text"] for number in range(TASKS)}
    for worker in (one, two):
        for _ in range(TASKS // 2):
            task = await house.next(worker)
            assert isinstance(task, Given)
            await house.bring(worker, task, onward=False)
    async with database.transaction() as tx:
        await tx.run("UPDATE track SET paused_at = $2, pause_reason = 'review' WHERE worker_id = $1", one.id, tx.now)
        await tx.run(
            "INSERT INTO lease (task_id, batch_id, worker_id, price, escrow_id, gold, given_at, due_at, redo_of) "
            "SELECT 0, 0, $1, 0, 0, false, $2, $3, -n FROM generate_series(1, $4) n",
            two.id, tx.now, tx.now + timedelta(days=9), MOST_WAITING - 1,
        )  # fmt: skip
    await bring_to_judges(database)
    for judge in judges:
        await house.judge(judge, bad=everything)
        clock.advance(60)
    await bring_to_judges(database)
    async with database.transaction() as tx:
        await tx.run("DELETE FROM lease WHERE task_id = 0")
    assert await house.news(one) == ["rejected"] * (TASKS // 2)
    assert sorted(await house.news(two)) == ["redo"] + ["rejected"] * (TASKS // 2 - 1)


async def test_the_same_picture_is_refused_and_another_is_known_from_then_on(rejected: Rejected) -> None:
    scene = await rejected(PHOTO)
    lease_id = await scene.lease()
    was = await scene.value(
        "SELECT value FROM answer a JOIN redo r ON r.answer_id = a.id WHERE r.lease_id = $1", lease_id
    )
    assert await scene.take(lease_id) is None
    with pytest.raises(AnswerError, match="seen_before"):
        await scene.say(lease_id, was)
    new = PHOTO.right(91)
    assert isinstance(await scene.say(lease_id, new), Fixed)
    await scene.judge(bad=True)
    task = await scene.house.next(scene.other)
    assert isinstance(task, Given)
    for known in (was, new):
        with pytest.raises(AnswerError, match="seen_before"):
            await scene.house.bring(scene.other, task, value=known)


async def test_nobody_but_its_worker_can_take_it_or_answer_it(rejected: Rejected) -> None:
    scene = await rejected()
    lease_id = await scene.lease()
    assert await scene.take(lease_id, scene.other) is Over.UNKNOWN
    async with working(scene.database, scene.other) as tx:
        assert not await leave(tx, scene.other.id, lease_id)
        said = scene.house.sample.right(99)
        assert await answer(tx, scene.other.person_id, lease_id, lambda _: said, Random(1)) is Refused.UNKNOWN


async def test_while_it_waits_a_task_gets_no_more_answers_than_its_most(rejected: Rejected) -> None:
    scene = await rejected(SPEAK, overlap={"least": 1, "most": 1})
    assert await scene.house.next(scene.other) is Dry.DONE
    await check_books(scene.database)
    await scene.fixed()
    await scene.judge(bad=False)
    assert (await scene.house.labels())[None] == 0
    await check_books(scene.database)


@pytest.mark.parametrize("late", [False, True])
async def test_mended_left_timed_out_judged_and_closed_all_at_once_it_ends_once(
    rejected: Rejected, *, late: bool
) -> None:
    scene = await rejected()
    lease_id = await scene.lease()
    assert await scene.take(lease_id) is None
    if late:
        scene.clock.advance(TO_FIX.total_seconds())

    async def leaves() -> bool:
        async with working(scene.database, scene.one) as tx:
            return await leave(tx, scene.one.id, lease_id)

    fixed, again, left, _, _, _ = await asyncio.gather(
        scene.say(lease_id), scene.say(lease_id), leaves(), end_redos(scene.database),
        bring_to_judges(scene.database), scene.close(),
    )  # fmt: skip
    ways = [isinstance(fixed, Fixed), isinstance(again, Fixed), left]
    outcome = await scene.outcome()
    assert sum(ways) == int(outcome in {"fixed", "declined"})
    await bring_to_judges(scene.database)
    await check_books(scene.database)
