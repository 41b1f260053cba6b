"""Money on hold is voided for a reason, waits where it can be given back, and ends with its worker or its batch."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from crowd.appeals import filing
from crowd.appeals.deciding import decide
from crowd.appeals.states import Ground, VoidingError
from crowd.appeals.voiding import held_answers, held_money, void, voidings_of
from crowd.loop.handing import Given
from crowd.money.earnings import Earnings, earnings
from crowd.money.holds import release_holds
from crowd.workers.cards import batch_worker_cards
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.database import Clock

PRICE = 20_000
AMINA, JUMA = "house/amina (panel)", "house/juma (panel)"
DAY = 86_400.0


async def answered(batch: Batch, worker: Worker, times: int) -> list[int]:
    """The answers given."""
    task: Given | object = await batch.given(worker)
    given = []
    for _ in range(times):
        assert isinstance(task, Given)
        given.append(task.lease_id)
        task = (await batch.accepted(worker, task.lease_id)).next
    return given


async def voided(batch: Batch, worker: Worker, *, by: str = AMINA, **more: Any) -> int:
    async with batch.database.transaction() as tx:
        told = {"reason": "  All the same\nanswer. ", "ground": Ground.OTHER, **more}
        return await void(tx, worker.id, batch.id, by=by, **told)


async def filed(batch: Batch, worker: Worker, voiding_id: int, said: str = "") -> bool:
    async with working(batch.database, worker) as tx:
        entry = await filing.begin(tx, worker.id, voiding_id)
        if entry is not None and said:
            entry = await filing.write(tx, worker.id, said)
        return entry is not None and await filing.file(tx, worker.id, entry.mark) is not None


async def decided(batch: Batch, voiding_id: int, *, grant: bool, by: str = JUMA, reason: str = "Looked at it.") -> None:
    async with batch.database.transaction() as tx:
        await decide(tx, voiding_id, grant=grant, reason=reason, by=by)


async def seen(database: Database, worker: Worker) -> Earnings:
    async with database.reading() as tx:
        return await earnings(tx, worker.id)


async def wallet(database: Database, worker: Worker) -> tuple[int, int, int]:
    """Held, available and voided, in answers."""
    (found,) = (await seen(database, worker)).wallets
    return found.held // PRICE, found.available // PRICE, found.voided // PRICE


async def balance(batch: Batch, kind: str) -> int:
    query = "SELECT coalesce(sum(balance), 0)::bigint FROM account WHERE kind = $1 AND owner = $2"
    return int(await batch.value(query, kind, batch.id)) // PRICE


async def told(database: Database, worker: Worker, subject: str) -> list[dict[str, Any]]:
    async with database.reading() as tx:
        rows = await tx.rows(
            "SELECT content FROM outbox WHERE person_id = $1 AND subject = $2 ORDER BY id", worker.person_id, subject
        )
    return [row["content"] for row in rows]


async def outcome(batch: Batch, voiding_id: int) -> str | None:
    found: str | None = await batch.value("SELECT outcome FROM voiding WHERE id = $1", voiding_id)
    return found


async def scene(database: Database, folder: Path, answers: int = 4, **spec: Any) -> tuple[Batch, Worker]:
    batch = await Batch.post(database, folder, tasks=10, **spec)
    (worker,) = await people(database, 1)
    await answered(batch, worker, answers)
    return batch, worker


async def refusal(doing: Awaitable[Any]) -> str:
    with pytest.raises(VoidingError) as error:
        await doing
    return str(error.value.sentence)


# Voiding


async def test_what_is_on_hold_is_voided_and_its_worker_told_why(database: Database, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    async with database.reading() as tx:
        (held,) = await held_money(tx, worker.id)
        shown = await held_answers(tx, worker.id, batch.id)
    assert (held.batch_id, held.answers, held.amount) == (batch.id, 4, 4 * PRICE)
    assert [each.amount for each in shown] == [PRICE] * 4
    number = await voided(batch, worker, up_to=held.newest)
    assert await wallet(database, worker) == (0, 0, 4)
    assert await balance(batch, "voided") == 4
    (notice,) = await told(database, worker, "voided")
    assert (notice["reason"], notice["amount"], notice["answers"]) == ("All the same answer.", 4 * PRICE, 4)
    lines = (await seen(database, worker)).lines
    assert {line.voided.id for line in lines if line.voided} == {number}
    assert {line.voided.reason for line in lines if line.voided} == {"All the same answer."}
    assert all(line.held_until is None for line in lines)
    assert "nothing of that is on hold" in await refusal(voided(batch, worker))
    assert await batch.value("SELECT actor FROM audit WHERE action = 'money.void' ORDER BY id DESC LIMIT 1") == AMINA
    await check_books(database)


async def test_one_answer_alone_is_voided_and_the_others_are_released(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path, 0)
    one, *_ = await answered(batch, worker, 3)
    await voided(batch, worker, answer_id=one, ground=Ground.FINDING)
    assert await wallet(database, worker) == (2, 0, 1)
    clock.advance(72 * 3600)
    await release_holds(database)
    assert await wallet(database, worker) == (0, 2, 1)
    assert "nothing of that is on hold" in await refusal(voided(batch, worker))
    assert "nothing of that is on hold" in await refusal(voided(batch, worker, answer_id=one))
    async with database.reading() as tx:
        (card,) = await batch_worker_cards(tx, batch.id)
    assert card.earned == 2 * PRICE
    await check_books(database)


async def test_what_came_after_the_page_was_looked_at_is_not_voided(database: Database, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path, 0)
    first = await answered(batch, worker, 2)
    await answered(batch, worker, 3)
    await voided(batch, worker, up_to=first[-1])
    assert await wallet(database, worker) == (3, 0, 2)


async def test_without_a_reason_nothing_is_voided(database: Database, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    assert "say why" in await refusal(voided(batch, worker, reason=" \n\0 "))
    assert await wallet(database, worker) == (4, 0, 0)


async def test_another_workers_answer_or_anothers_batch_is_not_touched(database: Database, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    other, somebody = await scene(database, tmp_path / "other")
    (theirs,) = [each.id for each in await _held(database, somebody, other)][:1]
    assert "nothing of that" in await refusal(voided(batch, worker, answer_id=theirs))
    assert "nothing of that" in await refusal(voided(other, worker))
    assert await wallet(database, somebody) == (4, 0, 0)


async def _held(database: Database, worker: Worker, batch: Batch) -> Any:
    async with database.reading() as tx:
        return await held_answers(tx, worker.id, batch.id)


async def test_many_at_once_void_and_release_and_each_answer_moves_once(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=10, overlap={"least": 8, "most": 8})
    crew = await people(database, 6)
    for worker in crew:
        await answered(batch, worker, 5)
    clock.advance(72 * 3600)

    async def attempt(worker: Worker) -> int:
        try:
            return await voided(batch, worker)
        except VoidingError:
            return 0

    await asyncio.gather(
        *(attempt(worker) for worker in crew for _ in range(2)), *(release_holds(database) for _ in range(3))
    )
    await release_holds(database)
    for worker in crew:
        held, available, taken = await wallet(database, worker)
        assert (held, available + taken) == (0, 5)
    await check_books(database)


async def test_the_database_refuses_a_second_voiding_and_a_change_of_one(database: Database, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    number = await voided(batch, worker)
    for change in (
        "UPDATE voiding SET reason = 'another' WHERE id = $1",
        "UPDATE voiding SET amount = amount + 1 WHERE id = $1",
        "DELETE FROM voiding WHERE id = $1",
        "UPDATE voided_answer SET amount = 1 WHERE voiding_id = $1",
        """
        INSERT INTO transfer (reason, ref, debit, credit, amount, at) SELECT reason, ref, debit, credit, amount, at
        FROM transfer WHERE reason = 'void' AND ref IN (SELECT answer_id FROM voided_answer WHERE voiding_id = $1)
        """,
        "UPDATE voiding SET outcome = 'granted', ended_at = now(), decided_by = 'x', decision = 'x' WHERE id = $1",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await batch.run(change, number)
    await decided_later(batch, worker, number)
    with pytest.raises(asyncpg.PostgresError):
        await batch.run("UPDATE voiding SET outcome = 'refused', settled_at = NULL WHERE id = $1", number)


async def decided_later(batch: Batch, worker: Worker, number: int) -> None:
    assert await filed(batch, worker, number)
    await decided(batch, number, grant=True)


async def test_staff_see_what_was_voided_and_what_became_of_it(database: Database, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    await voided(batch, worker, ground=Ground.FINDING, finding_id=7)
    async with database.reading() as tx:
        (found,) = await voidings_of(tx, worker.id)
    assert (found.ground, found.outcome, found.voided_by) == (Ground.FINDING, None, AMINA)
