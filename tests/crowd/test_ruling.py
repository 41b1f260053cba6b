"""What a person decides about a suspended gold makes verdicts and scores what they would have been."""

from pathlib import Path

import pytest

from crowd.golds.ruling import Ruling, RulingError, rule, suspended_golds
from crowd.golds.suspending import suspend_contradicted, suspend_in
from crowd.labels.fitting import fit_stale
from db.database import Database
from tests.crowd.scene import Batch, check_books
from tests.crowd.test_suspending import crew_at_work, gold, told, track
from tests.requester.scene import OPTIONS

BY = "requester 1 (test)"


async def ruled(batch: Batch, ruling: Ruling, cell: str | None = None) -> None:
    async with batch.database.transaction() as tx:
        await rule(tx, batch.id, (await gold(batch))["id"], ruling, cell, by=BY)


async def test_a_gold_that_was_right_after_all_counts_again(database: Database, tmp_path: Path) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    before = [await track(batch, worker) for worker in crew]
    task = await gold(batch)
    await suspend_contradicted(database)
    await ruled(batch, Ruling.RIGHT)
    after = [await track(batch, worker) for worker in crew]
    assert [(each["golds"], each["right"]) for each in after] == [(each["golds"], each["right"]) for each in before]
    restored = await gold(batch)
    assert (restored["gold"], restored["suspended_at"]) == (task["gold"], None)
    assert (restored["open"], restored["seats"], restored["settled_at"]) == (True, 2, None)
    assert await told(batch, "check_decided") == sorted(worker.person_id for worker in crew)
    assert await suspend_in(database, batch.id) == 0, "a person has ruled on it"
    await check_books(database)


async def test_a_gold_that_is_put_right_gives_the_verdicts_of_its_new_answer(
    database: Database, tmp_path: Path
) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    await suspend_contradicted(database)
    await ruled(batch, Ruling.OTHER, OPTIONS[4 % 3])
    assert (await gold(batch))["gold"] == {"value": OPTIONS[4 % 3]}
    for worker in crew:
        after = await track(batch, worker)
        assert (after["golds"], after["right"]) == (12, 12.0)
    assert await told(batch, "check_decided") == []
    async with database.reading() as tx:
        (shown,) = await suspended_golds(tx, batch.id)
        noted = await tx.value(
            "SELECT detail FROM audit WHERE action = 'gold.rule' AND subject = $1", str(shown.task_id)
        )
    assert (shown.ruling, shown.right, shown.value) == (Ruling.OTHER, OPTIONS[1], OPTIONS[2])
    assert noted["value"] == OPTIONS[1]
    await check_books(database)


async def test_what_cannot_be_decided_is_out_for_good_and_a_decision_can_be_changed(
    database: Database, tmp_path: Path
) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    await suspend_contradicted(database)
    await ruled(batch, Ruling.DROPPED)
    assert (await track(batch, crew[0]))["golds"] == 11
    assert (await gold(batch))["open"] is False
    await ruled(batch, Ruling.OTHER, OPTIONS[1])
    assert (await track(batch, crew[0]))["right"] == 12.0
    await ruled(batch, Ruling.DROPPED)
    assert (await track(batch, crew[0]))["golds"] == 11
    assert (await gold(batch))["suspended_at"] is not None
    await check_books(database)


async def test_the_next_scheduled_fit_knows_of_a_ruling_whatever_answers_came(
    database: Database, tmp_path: Path
) -> None:
    batch, _ = await crew_at_work(database, tmp_path)
    await suspend_contradicted(database)
    await fit_stale(database)
    known = "SELECT (fitted_reviews, fitted_moves)::text FROM batch WHERE id = $1"
    assert await batch.value(known, batch.id) == "(1,1)"
    await ruled(batch, Ruling.OTHER, OPTIONS[1])
    before = await gold(batch)
    await fit_stale(database)
    assert await batch.value(known, batch.id) == "(2,2)"
    assert (await gold(batch))["label"] == OPTIONS[1] != before["label"]
    fitted_at = await batch.value("SELECT fitted_at FROM batch WHERE id = $1", batch.id)
    await fit_stale(database)
    assert await batch.value("SELECT fitted_at FROM batch WHERE id = $1", batch.id) == fitted_at
    await check_books(database)


async def test_only_an_answer_of_the_batch_can_be_right_and_only_of_a_suspended_gold(
    database: Database, tmp_path: Path
) -> None:
    batch, _ = await crew_at_work(database, tmp_path)
    for ruling, cell in ((Ruling.RIGHT, None), (Ruling.OTHER, OPTIONS[1])):
        with pytest.raises(RulingError) as raised:
            await ruled(batch, ruling, cell)
        assert raised.value.trouble == "gone"
    await suspend_contradicted(database)
    for cell in ("nonsense", "", OPTIONS[2]):
        with pytest.raises(RulingError) as raised:
            await ruled(batch, Ruling.OTHER, cell)
        assert raised.value.trouble == "label"
