"""What a fit says of workers: later answers judge the early ones anew, and nothing counts twice."""

from pathlib import Path

import pytest

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerTable, Fit
from crowd.labels import fitting
from crowd.labels.fitprocess import fitted
from crowd.labels.fitting import bring_up_to_date
from crowd.loop.handing import Dry, Given
from crowd.workers.standing import PAUSED
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people
from tests.crowd.test_golds import Sober, is_gold

RIGHT, WRONG = 0, 1


async def works(batch: Batch, worker: Worker, *, wrong: bool, most: int = 1000, golds: bool = False) -> int:
    """Answer so many tasks: of the right ones odd tasks are `neither`, so that no one label is the usual one."""
    luck, done = None if golds else Sober(), 0
    got = await batch.next(worker) if golds else await sober_next(batch, worker)
    while isinstance(got, Given) and done < most:
        right = RIGHT if is_gold(got) or got.task_id % 2 else 2
        said = await batch.accepted(worker, got.lease_id, (right + wrong) % 3, luck)
        got, done = said.next, done + 1
    return done


async def sober_next(batch: Batch, worker: Worker) -> Given | Dry:
    from tests.crowd.test_golds import looking

    return await looking(batch, worker, Sober())


async def shown(batch: Batch, worker: Worker) -> tuple[list[float], list[float], float, bool]:
    async with batch.database.reading() as tx:
        row = await tx.row(
            """
            SELECT p.shown, r.levels, r.evidence, r.paused_at IS NOT NULL AS paused
            FROM participation p JOIN track r USING (worker_id) WHERE p.worker_id = $1 AND p.batch_id = $2
            """,
            worker.id, batch.id,
        )  # fmt: skip
    assert row is not None
    return row["shown"], row["levels"], row["evidence"], row["paused"]


async def test_who_came_first_is_judged_by_those_who_came_later(database: Database, tmp_path: Path) -> None:
    """Nobody had answered before them, so the hot path knew nothing; the fit does, and pauses."""
    batch = await Batch.post(database, tmp_path, tasks=24, overlap={"least": 6, "most": 6})
    bad, *good = await people(database, 5)
    await works(batch, bad, wrong=True)
    assert (await shown(batch, bad))[2] == 0
    for worker in good:
        await works(batch, worker, wrong=False)
    await bring_up_to_date(database, batch.id)
    here, everywhere, evidence, paused = await shown(batch, bad)
    assert here == pytest.approx(everywhere)
    assert evidence > PAUSED
    assert paused
    assert not any([(await shown(batch, worker))[3] for worker in good])
    assert await batch.next(bad) is Dry.PAUSED_WORKER
    await check_books(database)


async def test_whose_early_answers_were_judged_by_wrong_others_is_not_paused(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=24, golds=12, overlap={"least": 12, "most": 12})
    wrong_one, wrong_two, honest, *good = await people(database, 7)
    for worker in (wrong_one, wrong_two):
        await works(batch, worker, wrong=True)
    await works(batch, honest, wrong=False, golds=True)
    _, _, accused, paused = await shown(batch, honest)
    assert not paused, "their golds were right"
    for worker in good:
        await works(batch, worker, wrong=False)
    await bring_up_to_date(database, batch.id)
    _, _, evidence, paused = await shown(batch, honest)
    assert not paused
    assert evidence < min(accused, 0)


async def test_an_answer_during_a_fit_counts_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=24, overlap={"least": 6, "most": 6})
    one, two, three = await people(database, 3)
    for worker in (one, two):
        await works(batch, worker, wrong=False)
    await works(batch, three, wrong=False, most=10)
    told: list[Fit] = []

    async def meanwhile(spec: BatchSpec, table: AnswerTable) -> Fit:
        before = (await shown(batch, three))[0]
        await works(batch, three, wrong=True, most=1)
        step.extend(new - old for new, old in zip((await shown(batch, three))[0], before, strict=True))
        told.append(await fitted(spec, table))
        return told[0]

    step: list[float] = []
    monkeypatch.setattr(fitting, "fitted", meanwhile)
    await bring_up_to_date(database, batch.id)
    here, everywhere, _, _ = await shown(batch, three)
    assert any(step)
    assert here == pytest.approx([level + more for level, more in zip(told[0].levels[three.id], step, strict=True)])
    assert here == pytest.approx(everywhere)


async def test_of_two_fits_at_once_the_evidence_counts_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=24, overlap={"least": 6, "most": 6})
    crew = await people(database, 3)
    for worker in crew:
        await works(batch, worker, wrong=worker is crew[0], most=20)

    async def overtaken(spec: BatchSpec, table: AnswerTable) -> Fit:
        monkeypatch.setattr(fitting, "fitted", fitted)
        await bring_up_to_date(database, batch.id)
        return await fitted(spec, table)

    monkeypatch.setattr(fitting, "fitted", overtaken)
    await bring_up_to_date(database, batch.id)
    once = [await shown(batch, worker) for worker in crew]
    await batch.run("UPDATE batch SET fitted_answers = 0 WHERE id = $1", batch.id)
    await bring_up_to_date(database, batch.id)
    for worker, before in zip(crew, once, strict=True):
        here, everywhere, evidence, _ = await shown(batch, worker)
        assert here == pytest.approx(before[0])
        assert everywhere == pytest.approx(here)
        assert evidence == pytest.approx(before[2])
