"""The parity alarm at work: raised by the job, scores stand still, nobody is paused for it, and it ends."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from crowd.batches.cards import batch_card, batch_cards, batch_spec
from crowd.batches.life import BatchError
from crowd.batches.waiting import Need, waiting_batches
from crowd.elsewhere import elsewhere
from crowd.golds.verdicts import judge_gold
from crowd.grading.grading import grade_answers
from crowd.labels.fitting import bring_up_to_date
from crowd.loop.handing import Given
from crowd.parity import looking as looking_at_parity
from crowd.parity.figures import Measure
from crowd.parity.flags import Outcome, Parity, end_flags, parity_of
from crowd.parity.looking import look_at, look_at_parity
from crowd.workers.registry import set_locale
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books
from tests.crowd.test_golds import Golden, is_gold, looking
from tests.database import Clock
from tests.parity.scene import answer_golds, crews_at_work, misled, readers, right, two_languages


async def parity(batch: Batch) -> Parity:
    async with batch.database.reading() as tx:
        return await parity_of(tx, batch.id)


async def track(batch: Batch, worker: Worker) -> dict[str, Any]:
    async with batch.database.reading() as tx:
        row = await tx.row("SELECT * FROM track WHERE worker_id = $1", worker.id)
    assert row is not None
    return dict(row)


async def end(batch: Batch, outcome: Outcome, reason: str = "wrong word", language: str = "ha") -> None:
    async with batch.database.transaction() as tx:
        await end_flags(tx, batch.id, language, outcome, reason, by="house/amina (panel)")


async def actions(batch: Batch) -> list[tuple[str, str]]:
    async with batch.database.reading() as tx:
        rows = await tx.rows(
            "SELECT actor, action FROM audit WHERE subject = $1 AND action LIKE 'parity.%' ORDER BY id", str(batch.id)
        )
    return [(row["actor"], row["action"]) for row in rows]


async def test_a_misleading_translation_is_flagged_and_its_requester_is_asked(
    database: Database, tmp_path: Path
) -> None:
    batch = await two_languages(database, tmp_path)
    await crews_at_work(database, batch)
    await look_at_parity(database)
    found = await parity(batch)
    assert [(flag.language, flag.measure) for flag in found.standing] == [("ha", Measure.ACCURACY)]
    (flag,) = found.standing
    assert (flag.workers, flag.others, flag.answers) == (7, 7, 42)
    assert (flag.elsewhere, flag.here < 0.6, flag.p < 0.001, flag.freezes) == (1.0, True, True, True)
    assert found.look is not None
    assert {each.language for each in found.look.found} == {"en", "ha"}
    async with database.reading() as tx:
        card = await batch_card(tx, batch.id)
        assert card is not None
        assert Need.PARITY in card.needs
        owner = await tx.value("SELECT requester_id FROM batch WHERE id = $1", batch.id)
        assert batch.id in [each.id for each in await batch_cards(tx, requester_id=owner, waiting=True)]
        assert await waiting_batches(tx, owner) >= 1
    assert await actions(batch) == [("kazi", "parity.raise")]
    await look_at(database, batch.id)
    assert await parity(batch) == found, "nothing was answered since"
    await check_books(database)


async def test_alike_languages_and_one_language_raise_nothing(database: Database, tmp_path: Path) -> None:
    batch = await two_languages(database, tmp_path)
    await crews_at_work(database, batch, opinion=right)
    only = await two_languages(database, tmp_path, instructions={"en": "Say what it is."})
    await crews_at_work(database, only)
    await look_at_parity(database)
    assert (await parity(batch)).flags == ()
    assert (await parity(only)).look is None


async def test_while_a_flag_stands_golds_move_no_record_and_pause_nobody(database: Database, tmp_path: Path) -> None:
    batch = await two_languages(database, tmp_path)
    english, hausa = await crews_at_work(database, batch, golds=6)
    await look_at_parity(database)
    before = {worker.id: await track(batch, worker) for worker in (*english, *hausa)}
    newcomer = (await readers(database, 1, "ha"))[0]
    lessons = 0
    for worker in (*hausa, newcomer):
        got = await looking(batch, worker, Golden())
        for _ in range(14):
            assert isinstance(got, Given)
            done = await batch.accepted(worker, got.lease_id, (right(got) + 1) % 3, Golden())
            assert (done.paused, done.step, done.earned) == (False, None, 20_000)
            lessons += done.lesson is not None
            if not isinstance(done.next, Given):
                break
            got = done.next
    assert lessons, "lessons are still told"
    for worker in hausa:
        after = await track(batch, worker)
        same = ("golds", "right", "levels", "evidence", "compared", "paused_at", "refreshed_at")
        assert [after[name] for name in same] == [before[worker.id][name] for name in same]
        assert after["answers"] > before[worker.id]["answers"]
    fresh = await track(batch, newcomer)
    assert (fresh["golds"], fresh["compared"], set(fresh["levels"])) == (0, 0, {0.0})
    verdicts = "SELECT count(*) FROM answer WHERE worker_id = $1 AND verdict IS NOT NULL"
    assert await batch.value(verdicts, newcomer.id) > 0
    await bring_up_to_date(database, batch.id)
    for worker in (*hausa, newcomer):
        after = await track(batch, worker)
        assert after["paused_at"] is None
        assert after["levels"] == (before[worker.id]["levels"] if worker is not newcomer else [0.0] * 13)
    english_after = await track(batch, english[0])
    await answer_golds(batch, english[0], right, 2)
    assert (await track(batch, english[0]))["golds"] > english_after["golds"], "others' golds count as always"
    await check_books(database)


async def test_who_began_in_the_language_stays_frozen_and_who_comes_over_to_it_is_not(
    database: Database, tmp_path: Path
) -> None:
    batch = await two_languages(database, tmp_path)
    english, hausa = await crews_at_work(database, batch)
    await look_at_parity(database)
    async with database.transaction() as tx:
        await set_locale(tx, english[0].id, "ha")
        await set_locale(tx, hausa[0].id, "en")
    for worker, moved in ((english[0], True), (hausa[0], False)):
        golds = (await track(batch, worker))["golds"]
        await answer_golds(batch, worker, right, 2)
        assert ((await track(batch, worker))["golds"] > golds) is moved
    found = await parity(batch)
    await batch.run("UPDATE parity_look SET gold_answers = 0 WHERE batch_id = $1", batch.id)
    await look_at(database, batch.id)
    (flag,) = (await parity(batch)).standing
    assert (flag.workers, flag.others) == (6, 6), "who has read both is left out"
    assert flag.raised_at == found.standing[0].raised_at


async def test_a_pause_that_came_while_the_evidence_was_gathered_is_taken_back_and_told(
    database: Database, tmp_path: Path
) -> None:
    batch = await two_languages(database, tmp_path, language="qpa")
    _, hausa = await crews_at_work(
        database, batch, golds=14, opinion=lambda task: (right(task) + 1) % 3, language="qpa"
    )
    paused = [worker for worker in hausa if (await track(batch, worker))["paused_at"] is not None]
    assert paused
    bad = paused[0]
    await batch.run("UPDATE track SET pause_reason = 'review' WHERE worker_id = $1", bad.id)
    await look_at_parity(database)
    for worker in hausa:
        after = await track(batch, worker)
        assert (after["paused_at"] is not None) is (worker is bad), "what a person decided stays"
        if worker in paused[1:]:
            assert (after["golds"], after["right"], after["evidence"]) == (0, 0.0, 0.0)
            assert isinstance(await looking(batch, worker, Golden()), Given)
    async with database.reading() as tx:
        told = await tx.rows("SELECT person_id, content FROM outbox WHERE subject = 'parity'")
    assert sorted(row["person_id"] for row in told) == sorted(worker.person_id for worker in paused[1:])
    assert told[0]["content"]["name"] == "Feelings"
    await bring_up_to_date(database, batch.id)
    assert (await track(batch, paused[-1]))["paused_at"] is None, "no fit brings it back"
    await check_books(database)


async def test_a_gold_ruled_on_later_moves_no_record_by_a_frozen_answer(database: Database, tmp_path: Path) -> None:
    batch = await two_languages(database, tmp_path)
    await crews_at_work(database, batch)
    await look_at_parity(database)
    (worker,) = await readers(database, 1, "ha")
    got = await looking(batch, worker, Golden())
    while isinstance(got, Given) and not is_gold(got):
        got = (await batch.accepted(worker, got.lease_id, 0, Golden())).next
    assert isinstance(got, Given)
    await batch.accepted(worker, got.lease_id, (right(got) + 1) % 3)
    before = await track(batch, worker)
    async with database.transaction() as tx:
        gold = await tx.value("SELECT gold -> 'value' FROM task WHERE id = $1", got.task_id)
        changed = await judge_gold(tx, batch.id, await batch_spec(tx, batch.id), got.task_id, None, before=gold)
    assert worker.id in {each.worker_id for each in changed if each.better}
    assert await batch.value("SELECT verdict FROM answer WHERE id = $1", got.lease_id) is None
    assert await track(batch, worker) == before


async def test_a_person_ends_it_and_the_same_evidence_raises_it_no_more(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await two_languages(database, tmp_path)
    _, hausa = await crews_at_work(database, batch)
    await look_at_parity(database)
    for wrong in ("", " \n\u200b", "x" * 501):
        with pytest.raises(BatchError):
            await end(batch, Outcome.MENDED, wrong)
    with pytest.raises(BatchError):
        await end(batch, Outcome.FADED)
    with pytest.raises(BatchError):
        await end(batch, Outcome.SOUND, language="en")
    clock.advance(60)
    await end(batch, Outcome.MENDED, "told them in\ntheir group")
    with pytest.raises(BatchError):
        await end(batch, Outcome.MENDED)
    found = await parity(batch)
    assert (found.standing, found.flags[0].outcome, found.flags[0].reason) == (
        (), Outcome.MENDED, "told them in their group",
    )  # fmt: skip
    assert await actions(batch) == [("kazi", "parity.raise"), ("house/amina (panel)", "parity.end")]
    await batch.run("UPDATE parity_look SET gold_answers = 0 WHERE batch_id = $1", batch.id)
    await look_at(database, batch.id)
    assert (await parity(batch)).standing == ()
    golds = (await track(batch, hausa[0]))["golds"]
    clock.advance(60)
    await answer_golds(batch, hausa[0], right, 1)
    assert (await track(batch, hausa[0]))["golds"] == golds + 1, "it counts again"
    for worker in await readers(database, 8, "ha"):
        await answer_golds(batch, worker, misled, 6)
    await batch.run("UPDATE parity_look SET gold_answers = 0, looks = 0 WHERE batch_id = $1", batch.id)
    await look_at(database, batch.id)
    assert (await parity(batch)).flagged == ("ha",), "what was answered since is evidence of its own"


async def test_it_ends_by_itself_when_the_difference_goes_away(database: Database, tmp_path: Path) -> None:
    batch = await two_languages(database, tmp_path)
    english, _ = await crews_at_work(database, batch, golds=4)
    await look_at_parity(database)
    assert (await parity(batch)).flagged == ("ha",)
    for worker in await readers(database, 9, "ha"):
        await answer_golds(batch, worker, right, 12)
    for place, worker in enumerate(english):
        await answer_golds(batch, worker, misled if place < 3 else right, 8)
    await look_at_parity(database)
    (flag,) = (await parity(batch)).flags
    assert (flag.ended_by, flag.outcome) == ("kazi", Outcome.FADED)
    assert await actions(batch) == [("kazi", "parity.raise"), ("kazi", "parity.end")]


async def test_graded_pay_takes_nothing_back_for_what_was_answered_while_it_stood(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await two_languages(database, tmp_path, ordered=True, graded=True)
    _, hausa = await crews_at_work(database, batch, opinion=lambda task: (right(task) + 1) % 3)
    await look_at_parity(database)
    assert (await parity(batch)).flagged == ("ha",)
    await answer_golds(batch, hausa[0], lambda task: (right(task) + 1) % 3, 3)
    taken = "SELECT count(*) FROM voided_answer v JOIN answer a ON a.id = v.answer_id WHERE a.batch_id = $1"
    clock.advance(86_400)
    await grade_answers(database)
    assert await batch.value(taken, batch.id) == 0
    await end(batch, Outcome.SOUND)
    await grade_answers(database)
    assert await batch.value(taken, batch.id) > 0, "what was answered before is graded"
    both = f"{taken} AND EXISTS (SELECT FROM frozen_answer WHERE answer_id = a.id)"
    assert await batch.value("SELECT count(*) FROM frozen_answer WHERE batch_id = $1", batch.id) > 0
    assert await batch.value(both, batch.id) == 0
    await check_books(database)


async def test_of_two_jobs_at_once_one_raises_it(database: Database, tmp_path: Path) -> None:
    batch = await two_languages(database, tmp_path)
    await crews_at_work(database, batch)
    await asyncio.gather(*(look_at(database, batch.id) for _ in range(3)))
    assert len((await parity(batch)).flags) == 1
    assert await batch.value("SELECT looks FROM parity_look WHERE batch_id = $1", batch.id) == 1
    assert await actions(batch) == [("kazi", "parity.raise")]


async def test_a_flag_that_somebody_ends_while_it_is_looked_at_is_let_be(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = await two_languages(database, tmp_path)
    await crews_at_work(database, batch)
    await look_at(database, batch.id)
    work = elsewhere

    async def meanwhile(*arguments: Any) -> Any:
        found = await work(*arguments)
        await end(batch, Outcome.SOUND)
        return found

    monkeypatch.setattr(looking_at_parity, "elsewhere", meanwhile)
    await batch.run("UPDATE parity_look SET gold_answers = 0 WHERE batch_id = $1", batch.id)
    await look_at(database, batch.id)
    assert [flag.outcome for flag in (await parity(batch)).flags] == [Outcome.SOUND]
