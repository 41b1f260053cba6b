"""Golds that workers contradict, as a requester meets and decides them on the panel."""

from pathlib import Path

import pytest

from crowd.golds.ruling import Ruling
from crowd.golds.suspending import suspend_in
from db.database import Database
from tests.crowd.test_suspending import crew_at_work, gold, track
from tests.panel.house import mark_of, panel, visitor
from tests.serving import serving


async def test_a_contradicted_gold_is_seen_and_put_right(database: Database, tmp_path: Path) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    assert await suspend_in(database, batch.id) == 1
    task = await gold(batch)
    page = f"/batches/{batch.id}/golds"
    async with serving(panel(database)) as address, visitor(address, database, "house", "golds judge") as client:
        overview = (await client.get(f"/batches/{batch.id}")).text
        assert "Workers contradict 1 gold" in overview
        listed = await client.get(page)
        assert task["payload"]["text"] in listed.text
        assert all(worker.pseudonym in listed.text for worker in crew)
        mark = mark_of(listed)
        wrong = await client.post(f"{page}/{task['id']}", data={"mark": mark, "choice": ":nonsense"})
        assert "Choose another answer" in (await client.get(wrong.headers["location"])).text
        done = await client.post(f"{page}/{task['id']}", data={"mark": mark, "choice": ":bad"})
        assert done.status_code == 303
        after = (await client.get(done.headers["location"])).text
        assert "put right" in after
        assert "Workers contradict" not in (await client.get(f"/batches/{batch.id}")).text
    assert (await gold(batch))["gold"] == {"value": "bad"}
    assert (await track(batch, crew[0]))["right"] == 12.0


@pytest.mark.parametrize(("choice", "ruling"), [("=right", Ruling.RIGHT), ("=dropped", Ruling.DROPPED)])
async def test_a_gold_can_be_kept_or_left_out(database: Database, tmp_path: Path, choice: str, ruling: Ruling) -> None:
    batch, _ = await crew_at_work(database, tmp_path)
    assert await suspend_in(database, batch.id) == 1
    task = (await gold(batch))["id"]
    page = f"/batches/{batch.id}/golds"
    async with serving(panel(database)) as address, visitor(address, database, "house", f"judge {choice}") as client:
        mark = mark_of(await client.get(page))
        done = await client.post(f"{page}/{task}", data={"mark": mark, "choice": choice})
        assert done.status_code == 303
    assert await batch.value("SELECT ruling FROM suspension WHERE task_id = $1", task) == ruling


async def test_golds_of_others_and_golds_that_nobody_contradicts_are_not_there_to_decide(
    database: Database, tmp_path: Path
) -> None:
    batch, _ = await crew_at_work(database, tmp_path)
    page, task = f"/batches/{batch.id}/golds", (await gold(batch))["id"]
    async with serving(panel(database)) as address:
        async with visitor(address, database, "house", "early judge") as client:
            mark = mark_of(await client.get("/post"))
            answer = await client.post(f"{page}/{task}", data={"mark": mark, "choice": "=right"})
            assert answer.status_code == 404
            assert (await client.post(f"{page}/x", data={"mark": mark, "choice": "=right"})).status_code == 404
        assert await suspend_in(database, batch.id) == 1
        async with visitor(address, database, "somebody else", "stranger") as client:
            mark = mark_of(await client.get("/post"))
            assert (await client.get(page)).status_code == 404
            answer = await client.post(f"{page}/{task}", data={"mark": mark, "choice": "=right"})
            assert answer.status_code == 404
    assert (await gold(batch))["suspended_at"] is not None
