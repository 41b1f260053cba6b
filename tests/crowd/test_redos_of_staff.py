"""“Please fix this”, asked by staff: before the money of one answer is voided for a reason of their own."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from crowd.appeals.states import Ground, VoidingError
from crowd.batches.life import State, set_state
from crowd.fairpay.raising import Raised, Reason, raise_price
from crowd.kinds.judging import GOOD
from crowd.labels.fitting import fit_stale
from crowd.labels.judged import bring_to_judges
from crowd.loop.answering import DontKnow
from crowd.loop.handing import Given
from crowd.loop.leases import expire_leases
from crowd.loop.recorded import Refused
from crowd.owndata.sections import SECTIONS
from crowd.redos import taking
from crowd.redos.asking import send_back
from crowd.redos.ending import end_redos, leave
from crowd.redos.fixing import Fixed
from crowd.redos.overview import redos_of, sendable
from crowd.redos.states import TO_FIX, Outcome, RedoError
from crowd.redos.taking import Over
from crowd.sentences import SentenceError
from crowd.upkeep import move_fronts
from crowd.workers.forgetting import forget, leaving
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.crowd.test_redos import SPEAK, Scene
from tests.crowd.test_voiding import AMINA, answered, told, voided, wallet
from tests.database import Clock
from tests.kinds.test_judged import AT_ONCE, BAD, House

NEITHER = 2

_OTHERS = """
SELECT h.answer_id FROM hold h JOIN answer a ON a.id = h.answer_id JOIN task t ON t.id = a.task_id
WHERE h.worker_id = $1 AND h.answer_id <> $2 AND t.gold IS NULL
"""


async def sent_back(batch: Batch, worker: Worker, answer_id: int, reason: str = " It is\nneither. ") -> int:
    """The lease by which its worker has it again."""
    async with batch.database.transaction() as tx:
        await send_back(tx, worker.id, answer_id, reason=reason, by=AMINA)
    found: int = await batch.value("SELECT lease_id FROM redo WHERE answer_id = $1", answer_id)
    return found


async def taken(batch: Batch, worker: Worker, lease_id: int) -> Over | None:
    async with working(batch.database, worker) as tx:
        return await taking.take(tx, worker.id, lease_id)


async def refusal(doing: Awaitable[Any], error: type[SentenceError] = RedoError) -> str:
    with pytest.raises(error) as caught:
        await doing
    return str(caught.value.sentence)


async def test_an_answer_goes_back_with_the_reason_and_what_is_said_then_takes_its_place(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path)
    one, two = await people(database, 2)
    first, *_ = await answered(batch, one, 3)
    hands = await batch.given(one)
    lease_id = await sent_back(batch, one, first)
    await check_books(database)
    (notice,) = await told(database, one, "redo")
    assert (notice["reason"], notice["word"], notice["lease"]) == ("It is neither.", None, lease_id)
    actor = await batch.value("SELECT actor FROM audit WHERE action = 'answer.redo' AND subject = $1", str(first))
    assert actor == AMINA
    assert (await batch.given(one)).lease_id == hands.lease_id, "it waits until it is taken"

    assert await taken(batch, one, lease_id) is None
    clock.advance(7)
    given = await batch.given(one)
    assert (given.lease_id, given.why is not None) == (lease_id, True)
    assert await batch.say(one, lease_id, NEITHER) == Fixed(first)
    assert await batch.say(one, lease_id, 1) is Refused.ANSWERED
    assert (await batch.given(one)).lease_id == hands.lease_id
    row = await batch.task(await batch.value("SELECT task_id FROM answer WHERE id = $1", first))
    assert await batch.value("SELECT value FROM answer WHERE id = $1", first) == "neither"
    assert row["label"] == "neither", "the label is that of what is said now"
    assert await wallet(database, one) == (3, 0, 0)
    await check_books(database)

    await batch.accepted(one, hands.lease_id)
    for task in [await batch.given(two)]:
        assert isinstance(task, Given)
        await batch.accepted(two, task.lease_id, NEITHER)
    await check_books(database)
    async with database.reading() as tx:
        (redo,) = await redos_of(tx, one.id)
    assert (redo.said, redo.before, redo.outcome, redo.asked_by) == ("neither", "good", Outcome.FIXED, AMINA)


async def test_what_is_answered_anew_by_i_dont_know_and_back_is_counted_so(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path)
    (worker,) = await people(database, 1)
    first, second = await answered(batch, worker, 2)
    hands = await batch.given(worker)
    unknown = (await batch.accepted(worker, hands.lease_id, DontKnow.DONT_KNOW), hands.lease_id)[1]
    for answer_id, said in ((first, DontKnow.DONT_KNOW), (unknown, NEITHER), (second, 0)):
        lease_id = await sent_back(batch, worker, answer_id)
        assert await taken(batch, worker, lease_id) is None
        clock.advance(3)
        assert await batch.say(worker, lease_id, said) == Fixed(answer_id)
        await check_books(database)


async def test_the_money_of_one_answer_is_voided_only_after_it_went_back(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path)
    (worker,) = await people(database, 1)
    one, two, three, four = await answered(batch, worker, 4)
    assert "send it back first" in await refusal(voided(batch, worker, answer_id=one), VoidingError)
    lease_id = await sent_back(batch, worker, one)
    assert "was sent back" in await refusal(voided(batch, worker, answer_id=one), VoidingError)
    async with working(database, worker) as tx:
        assert await leave(tx, worker.id, lease_id)
    await voided(batch, worker, answer_id=one)
    await sent_back(batch, worker, two)
    clock.advance(TO_FIX.total_seconds())
    assert await expire_leases(database) >= 0
    assert await end_redos(database) == 1
    assert [each["word"] for each in await told(database, worker, "redo_over")] == [None]
    await voided(batch, worker, answer_id=two)
    await voided(batch, worker, answer_id=three, ground=Ground.GOLDS)
    assert await wallet(database, worker) == (1, 0, 3)
    await check_books(database)
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    await voided(batch, worker, answer_id=four)
    await check_books(database)


async def test_what_is_voided_is_not_to_be_mended_any_more(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path)
    (worker,) = await people(database, 1)
    one, _ = await answered(batch, worker, 2)
    lease_id = await sent_back(batch, worker, one)
    await voided(batch, worker)
    assert await taken(batch, worker, lease_id) is Over.WITHDRAWN
    await check_books(database)


async def test_what_cannot_go_back_says_why(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=12, golds=4, overlap={"least": 1, "most": 1})
    worker, other = await people(database, 2)
    answers = await answered(batch, worker, 8)
    gold = await batch.value(
        "SELECT min(a.id) FROM answer a JOIN task t ON t.id = a.task_id WHERE a.worker_id = $1 AND t.gold IS NOT NULL",
        worker.id,
    )
    plain = await batch.value(
        "SELECT min(a.id) FROM answer a JOIN task t ON t.id = a.task_id WHERE a.worker_id = $1 AND t.gold IS NULL",
        worker.id,
    )
    assert gold is not None
    assert "is a gold" in await refusal(sent_back(batch, worker, gold))
    await voided(batch, worker, answer_id=gold)
    assert "say what is to be fixed" in await refusal(sent_back(batch, worker, plain, " \n"))
    assert "on hold any more" in await refusal(sent_back(batch, other, plain))
    assert "on hold any more" in await refusal(sent_back(batch, worker, 2**40))
    await sent_back(batch, worker, plain)
    assert "goes back once" in await refusal(sent_back(batch, worker, plain))
    async with database.transaction() as tx:
        assert plain not in await sendable(tx, answers)
        assert gold not in await sendable(tx, answers)
        await set_state(tx, batch.id, State.CLOSED, actor="test")
        left = await tx.rows(_OTHERS, worker.id, plain)
        assert await sendable(tx, answers) == frozenset()
    assert left
    assert "cannot be sent back" in await refusal(sent_back(batch, worker, left[0]["answer_id"]))
    await check_books(database)


async def test_of_two_who_send_it_back_at_once_one_does(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path)
    (worker,) = await people(database, 1)
    one, _ = await answered(batch, worker, 2)
    done = await asyncio.gather(*(sent_back(batch, worker, one) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["RedoError"] * 3 + ["int"]
    assert len(await told(database, worker, "redo")) == 1
    await check_books(database)


async def test_a_raise_a_front_and_a_closing_leave_it_unpaid_and_out_of_the_way(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=8, overlap={"least": 1, "most": 4})
    (worker,) = await people(database, 1)
    one, *_ = await answered(batch, worker, 6)
    lease_id = await sent_back(batch, worker, one)
    async with database.transaction() as tx:
        assert isinstance(await raise_price(tx, batch.id, Reason(30_000, 10_000, "KE", 1)), Raised)
    assert await batch.value("SELECT price FROM lease WHERE id = $1", lease_id) == 0
    await move_fronts(database)
    mended = await batch.value("SELECT task_id FROM lease WHERE id = $1", lease_id)
    assert await batch.value("SELECT front FROM batch WHERE id = $1", batch.id) > mended
    await check_books(database)
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    assert await batch.say(worker, lease_id, 0) is Refused.WITHDRAWN
    assert await batch.value("SELECT count(*) FROM passed WHERE lease_id = $1", lease_id) == 0
    await check_books(database)


async def test_with_a_budget_what_is_kept_for_other_tasks_stays(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=6, overlap={"least": 2, "most": 4}, budget="0.40")
    one, two = await people(database, 2)
    first, *_ = await answered(batch, one, 3)
    lease_id = await sent_back(batch, one, first)
    await check_books(database)
    await answered(batch, two, 3)
    await check_books(database)
    assert await taken(batch, one, lease_id) is None
    clock.advance(3)
    assert await batch.say(one, lease_id, NEITHER) == Fixed(first)
    await check_books(database)


async def test_a_fit_comes_again_for_what_was_mended(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3, overlap={"least": 1, "most": 1})
    (worker,) = await people(database, 1)
    first, *_ = await answered(batch, worker, 3)
    task = await batch.value("SELECT task_id FROM answer WHERE id = $1", first)
    await fit_stale(database)
    lease_id = await sent_back(batch, worker, first)
    assert await taken(batch, worker, lease_id) is None
    assert await batch.say(worker, lease_id, NEITHER) == Fixed(first)
    assert (await batch.task(task))["label"] == "neither"
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    assert await fit_stale(database) == 1
    assert (await batch.task(task))["label"] == "neither"
    assert await fit_stale(database) == 0
    await check_books(database)


async def test_what_staff_sent_back_and_judges_reject_is_asked_for_once(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = await House.post(database, SPEAK, tmp_path / "b")
    one, other, *judges = await people(database, 5)
    await house.fill(one)
    bad = SPEAK.item(2)["text"]
    scene, batch = Scene(house, clock, one, other, judges, bad), Batch(database, house.id)
    await bring_to_judges(database)
    query = (
        "SELECT id FROM answer WHERE task_id = (SELECT id FROM task WHERE batch_id = $1 AND payload ->> 'text' = $2)"
    )
    answer_id = await scene.value(query, house.id, bad)
    lease_id = await sent_back(batch, one, answer_id)
    await check_books(database)
    await scene.judge(bad=True)
    assert await house.news(one) == ["redo"]
    assert await scene.value("SELECT word FROM redo WHERE answer_id = $1", answer_id) == BAD["speak"]
    await check_books(database)
    assert await scene.take(lease_id) is None
    assert isinstance(await scene.say(lease_id), Fixed)
    await check_books(database)
    await scene.judge(bad=False)
    assert await scene.value("SELECT word FROM judged_answer WHERE answer_id = $1", answer_id) == GOOD
    assert await house.settled() == 6
    await check_books(database)


async def test_where_the_batch_says_so_nothing_goes_back(database: Database, clock: Clock, tmp_path: Path) -> None:
    house = await House.post(database, SPEAK, tmp_path / "b", judging=AT_ONCE)
    (one,) = await people(database, 1)
    await house.fill(one)
    batch = Batch(database, house.id)
    answer_id = await batch.value("SELECT min(id) FROM answer WHERE batch_id = $1", house.id)
    assert "cannot be sent back" in await refusal(sent_back(batch, one, answer_id))
    await voided(batch, one, answer_id=answer_id)
    await check_books(database)


async def test_an_export_has_what_was_said_and_an_erased_worker_leaves_none_of_it(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path)
    (worker,) = await people(database, 1)
    one, two = await answered(batch, worker, 2)
    for answer_id in (one, two):
        lease_id = await sent_back(batch, worker, answer_id)
        assert await taken(batch, worker, lease_id) is None
        if answer_id == one:
            assert isinstance(await batch.say(worker, lease_id, NEITHER), Fixed)
    query = next(section.query for section in SECTIONS if section.name == "sent_back")
    async with database.reading() as tx:
        rows = await tx.rows(query, worker.id)
    assert [(row["reason"], row["said_before"], row["outcome"]) for row in rows] == [
        ("It is neither.", "good", "fixed"), ("It is neither.", None, None),
    ]  # fmt: skip
    async with working(database, worker) as tx:
        assert await forget(tx, worker.id, worker.person_id, (await leaving(tx, worker.id)).mark)
    async with database.reading() as tx:
        rows = await tx.rows(query, worker.id)
    assert [(row["reason"], row["said_before"], row["outcome"]) for row in rows] == [
        ("", None, "fixed"), ("", None, "declined"),
    ]  # fmt: skip
    await check_books(database)
