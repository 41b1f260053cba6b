"""Who decides about a finding or an appeal sees its pictures, whoever's batch it is; other requesters do not."""

import random
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pytest

from crowd.appeals import filing
from crowd.appeals.states import Ground
from crowd.appeals.voiding import void
from crowd.fraud.findings import findings, keep
from crowd.loop.answering import answer
from crowd.signals.base import Finding
from db.database import Database
from tests.crowd.scene import Batch, people, working
from tests.kinds.sample import samples, write_batch
from tests.panel.house import panel, visitor
from tests.requester.scene import posted
from tests.serving import serving


@dataclass(frozen=True)
class Scene:
    address: str
    batch: int
    """Of pictures, and of a requester of its own."""
    finding: int
    appeal: int


@pytest.fixture
async def scene(database: Database, tmp_path: Path) -> AsyncIterator[Scene]:
    sample = next(each for each in samples() if each.name == "point")
    path = write_batch(tmp_path / "batch", sample, tasks=4, golds=0, practice=0)
    batch = Batch(database, (await posted(database, path, owner="ada")).batch_id)
    (worker,) = await people(database, 1)
    task = await batch.given(worker)
    async with working(database, worker) as tx:
        form = sample.said(task.spec, task.payload, [0.5, 0.5])
        await answer(tx, worker.person_id, task.lease_id, lambda _: form, random.Random(0))
    async with database.transaction() as tx:
        voiding = await void(tx, worker.id, batch.id, reason="a test", ground=Ground.OTHER, by="house/amina (panel)")
        said = {"picture": task.payload["picture"][0]}
        seen = {"answers": 30, "rejected": 21, "expected": 3.1, "rows": [{"task": task.task_id, "said": said}]}
        await keep(tx, batch.id, {"rejected": [Finding((worker.id,), 6.2, 23.0, seen)]}, rate=0.005, answers=60, look=1)
        (finding,) = [card.id for card in await findings(tx) if card.batch_id == batch.id]
    async with working(database, worker) as tx:
        entry = await filing.begin(tx, worker.id, voiding)
        assert entry is not None
        assert await filing.file(tx, worker.id, entry.mark) is not None
    async with serving(panel(database)) as address:
        yield Scene(address, batch.id, finding, voiding)


async def pictures(client: httpx.AsyncClient, page: str) -> set[str]:
    shown = await client.get(page)
    assert shown.status_code == 200
    return {unescape(each) for each in re.findall(r'(?:src|href)="([^"]*/pictures/[^"]*)"', shown.text)}


async def test_staff_see_the_pictures_of_a_requesters_batch_on_findings_and_appeals(
    database: Database, scene: Scene
) -> None:
    async with visitor(scene.address, database, "house", "staff") as staff:
        for page in (f"/findings/{scene.finding}", f"/money/appeals/{scene.appeal}"):
            found = await pictures(staff, page)
            assert len(found) == 2, "small, and in full"
            for address in found:
                assert address.startswith(f"/batches/{scene.batch}/pictures/")
                got = await staff.get(address)
                assert (got.status_code, got.headers["content-type"]) == (200, "image/jpeg")
        assert (await staff.get(f"/batches/{scene.batch}")).status_code == 404, "its other pages are its requester's"


async def test_a_requester_sees_the_pictures_of_no_other(database: Database, scene: Scene) -> None:
    async with visitor(scene.address, database, "house", "staff who looks") as staff:
        found = await pictures(staff, f"/findings/{scene.finding}")
    async with (
        visitor(scene.address, database, "ada", "owner") as ada,
        visitor(scene.address, database, "bo", "stranger") as bo,
        httpx.AsyncClient(verify=False, base_url=scene.address) as nobody,
    ):
        for address in found:
            assert (await ada.get(address)).status_code == 200
            assert (await bo.get(address)).status_code == 404
            assert (await nobody.get(address)).status_code in {303, 401, 404}
        for page in (f"/findings/{scene.finding}", f"/money/appeals/{scene.appeal}"):
            assert (await ada.get(page)).status_code == 404
