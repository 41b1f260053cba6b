"""Findings: raised once while open, decided by a person, never by themselves; and the way from answers to them."""

import asyncio
from pathlib import Path

import pytest

from crowd.fraud import findings as kept
from crowd.fraud.findings import FindingCard, FindingError, FindingState, dismiss, finding, findings, keep, pause
from crowd.fraud.signalling import LEAST_ANSWERS, look_at, look_for_signals, rate_of_look
from crowd.loop.handing import Dry
from crowd.loop.offers import Nothing, NoWork, offers
from crowd.signals.base import RATE, Finding
from crowd.workers.cards import batch_worker_cards
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people

SIGNAL = "copying"


def seen(*workers: Worker, weight: float = 10.0) -> dict[str, list[Finding]]:
    ids = tuple(sorted(worker.id for worker in workers))
    return {SIGNAL: [Finding(ids, 5.0, weight, {"shared": weight, "rows": []})]}


async def raise_it(batch: Batch, look: int, *workers: Worker, weight: float = 10.0) -> bool:
    async with batch.database.transaction() as tx:
        return await keep(tx, batch.id, seen(*workers, weight=weight), rate=0.001, answers=100 * look, look=look)


async def of(batch: Batch, state: FindingState | None = None) -> list[FindingCard]:
    async with batch.database.transaction() as tx:
        return [card for card in await findings(tx, state=state, limit=1000) if card.batch_id == batch.id]


async def decided(batch: Batch, card: FindingCard, *workers: Worker, note: str = "looked at it") -> None:
    async with batch.database.transaction() as tx:
        if workers:
            await pause(tx, card.id, [worker.id for worker in workers], note, actor="test")
        else:
            await dismiss(tx, card.id, note, actor="test")


async def told(batch: Batch, worker: Worker) -> list[str]:
    async with batch.database.transaction() as tx:
        rows = await tx.rows("SELECT subject FROM outbox WHERE person_id = $1 ORDER BY id", worker.person_id)
    return [row["subject"] for row in rows]


async def test_a_subject_is_raised_once_while_it_is_open_and_grows_with_its_evidence(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path)
    pair = await people(database, 2)
    assert await raise_it(batch, 1, *pair)
    assert await raise_it(batch, 2, *pair, weight=8)
    assert [card.evidence["shared"] for card in await of(batch)] == [10]
    assert await raise_it(batch, 3, *pair, weight=12)
    assert [card.evidence["shared"] for card in await of(batch)] == [12]


async def test_of_two_looks_at_once_one_is_kept(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path)
    pair = await people(database, 2)
    done = await asyncio.gather(*(raise_it(batch, 1, *pair) for _ in range(4)))
    assert sorted(done) == [False, False, False, True]
    assert len(await of(batch)) == 1


async def test_a_look_that_breaks_off_leaves_nothing_and_is_done_again(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path)
    pair = await people(database, 2)

    async def breaks_off() -> None:
        async with database.transaction() as tx:
            await keep(tx, batch.id, seen(*pair), rate=0.001, answers=100, look=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await breaks_off()
    assert await of(batch) == []
    assert await raise_it(batch, 1, *pair)
    assert len(await of(batch)) == 1


async def test_what_was_dismissed_comes_again_only_when_there_is_more_by_half(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path)
    pair = await people(database, 2)
    await raise_it(batch, 1, *pair)
    await decided(batch, (await of(batch))[0])
    await raise_it(batch, 2, *pair, weight=14)
    assert await of(batch, FindingState.OPEN) == []
    await raise_it(batch, 3, *pair, weight=15)
    assert len(await of(batch, FindingState.OPEN)) == 1
    assert len(await of(batch, FindingState.DISMISSED)) == 1


async def test_a_pause_stops_that_work_for_those_chosen_until_it_is_dismissed(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, language="qaa")
    one, other = await people(database, 2, "qaa")
    task = await batch.given(one)
    await batch.given(other)
    await raise_it(batch, 1, one, other)
    (card,) = await of(batch)
    async with database.reading() as tx:
        before = await tx.rows("SELECT * FROM transfer ORDER BY id")
    await decided(batch, card, one)
    done = await batch.accepted(one, task.lease_id)
    assert done.earned == task.price, "what is in hands is still taken, and paid"
    assert done.next is Dry.IN_REVIEW
    async with database.transaction() as tx:
        found = await offers(tx, one.id)
        assert isinstance(found, Nothing)
        assert NoWork.IN_REVIEW in found.reasons
        assert NoWork.PAUSED not in found.reasons
        assert not isinstance(await offers(tx, other.id), Nothing), "who was not chosen works on"
        assert len(await tx.rows("SELECT FROM transfer")) == len(before) + 1, "the answer's, and no other"
    assert (await told(batch, one), await told(batch, other)) == (["review"], [])
    (card,) = await of(batch, FindingState.PAUSED)
    assert card.paused == (one.id,)
    await decided(batch, card, note="two friends; asked them")
    await batch.given(one)
    assert await told(batch, one) == ["review", "reviewed"]
    async with database.reading() as tx:
        actions = await tx.rows("SELECT action, detail FROM audit WHERE subject = $1 ORDER BY id", str(card.id))
    assert [row["action"] for row in actions if row["action"].startswith("finding.")] == [
        "finding.pause", "finding.dismiss",
    ]  # fmt: skip
    await check_books(database)


async def test_a_pause_by_golds_stays_what_it_is(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, language="qab")
    one, other = await people(database, 2, "qab")
    await batch.given(one)
    await batch.run("UPDATE track SET paused_at = now(), pause_reason = 'evidence' WHERE worker_id = $1", one.id)
    await raise_it(batch, 1, one, other)
    (card,) = await of(batch)
    await decided(batch, card, one)
    await decided(batch, (await of(batch))[0])
    reason = await batch.value("SELECT pause_reason FROM track WHERE worker_id = $1", one.id)
    assert reason == "evidence"
    assert await told(batch, one) == []


async def test_a_pause_ends_with_the_last_finding_that_asks_for_it(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, language="qac")
    one, other, third = await people(database, 3, "qac")
    await batch.given(one)
    await raise_it(batch, 1, one, other)
    await raise_it(batch, 2, one, third)
    first, second = await of(batch)
    await decided(batch, first, one)
    await decided(batch, second, one)
    await decided(batch, first)
    assert await batch.value("SELECT pause_reason FROM track WHERE worker_id = $1", one.id) == "review"
    await decided(batch, second)
    assert await batch.value("SELECT pause_reason FROM track WHERE worker_id = $1", one.id) is None


async def test_two_people_who_decide_at_once_do_not_undo_each_other(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, language="qad")
    pair = await people(database, 2, "qad")
    await batch.given(pair[0])
    await raise_it(batch, 1, *pair)
    (card,) = await of(batch)
    done = await asyncio.gather(*(decided(batch, card) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(each, FindingError) for each in done) == 2
    with pytest.raises(FindingError, match="decided"):
        await decided(batch, card, pair[0])
    assert await batch.value("SELECT pause_reason FROM track WHERE worker_id = $1", pair[0].id) is None


async def test_nothing_is_decided_without_a_note_and_nobody_else_is_paused(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path)
    one, other, stranger = await people(database, 3)
    await raise_it(batch, 1, one, other)
    (card,) = await of(batch)
    with pytest.raises(FindingError, match="note"):
        await decided(batch, card, note=" \n")
    with pytest.raises(FindingError, match="nobody"):
        await decided(batch, card, stranger)
    async with database.reading() as tx:
        assert await finding(tx, 2**62) is None
    assert [each.state for each in await of(batch)] == [FindingState.OPEN]


async def test_answers_that_were_copied_become_a_finding_and_pause_nobody(database: Database, tmp_path: Path) -> None:
    """A crowd of seven; two of them give the same wrong answers, mostly. The look runs in a process of its own."""
    batch = await Batch.post(database, tmp_path, tasks=100, overlap={"least": 7, "most": 7, "confidence": 0.999})
    crew = await people(database, 7)
    for place, worker in enumerate(crew):
        got: object = await batch.given(worker)
        while got is not None and not isinstance(got, Dry):
            number = int(got.payload["text"].split()[-1])  # type: ignore[attr-defined]
            wrong = number % 3 == 0 if place < 2 else (number * 7 + place * 5) % 11 == 0
            said = 1 + number % 2 if wrong else 0
            got = (await batch.accepted(worker, got.lease_id, said)).next  # type: ignore[attr-defined]
    async with database.transaction() as tx:
        await tx.run("UPDATE track SET paused_at = NULL")
    assert await look_for_signals(database) >= 1
    cards = [card for card in await of(batch) if card.signal == SIGNAL]
    assert [card.workers for card in cards] == [tuple(sorted(worker.id for worker in crew[:2]))]
    assert cards[0].rate == rate_of_look(1)
    assert cards[0].evidence["common"] == 100
    async with database.reading() as tx:
        tasks = await kept.shown_tasks(tx, cards[0])
        who = await kept.concerned(tx, cards[0])
        listed = {card.worker_id: card.estimate for card in await batch_worker_cards(tx, batch.id)}
        assert not await tx.rows(
            "SELECT FROM track WHERE paused_at IS NOT NULL AND worker_id = ANY($1)", list(cards[0].workers)
        )
    assert set(tasks) == {row["task"] for row in cards[0].evidence["rows"]}
    assert [worker.answers for worker in who] == [100, 100]
    assert [worker.estimate for worker in who] == [listed[worker.id] for worker in who], "one figure on all pages"
    assert await look_for_signals(database) == 0, "no new answers, no new look"
    await look_at(database, batch.id)
    assert len([card for card in await of(batch) if card.signal == SIGNAL]) == 1


async def test_small_batches_are_left_alone_and_all_looks_together_keep_the_rate(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=LEAST_ANSWERS - 1, overlap={"least": 1, "most": 1})
    (worker,) = await people(database, 1)
    got: object = await batch.given(worker)
    while not isinstance(got, Dry):
        got = (await batch.accepted(worker, got.lease_id)).next  # type: ignore[attr-defined]
    await look_for_signals(database)
    assert await batch.value("SELECT count(*) FROM signal_look WHERE batch_id = $1", batch.id) == 0
    assert 0.9 * RATE < sum(rate_of_look(look) for look in range(1, 100)) < RATE
