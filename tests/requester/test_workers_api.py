"""The workers of a batch, for programs of a requester's and on the command line."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio

from db.database import Database
from tests.database import Clock
from tests.requester.panel import client, served, token
from tests.requester.scene import Item, Worker, batch_file, people, posted, work
from tests.requester.test_commands import Kazi, kazi

__all__ = ["kazi"]


@dataclass(frozen=True)
class Scene:
    address: str
    batch: int
    crew: tuple[Worker, ...]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(database: Database, clock: Clock, tmp_path_factory: Any) -> AsyncIterator[Scene]:
    """Two workers who are right and one who never is."""
    items = [Item(f"i{number}", f"text {number}") for number in range(40)]
    golds = [Item(f"g{number}", f"gold {number}", ("good", "bad", "neither")[number % 3]) for number in range(24)]
    path = batch_file(
        tmp_path_factory.mktemp("batch"), [*items, *golds], name="Workers told", language="sw",
        overlap={"least": 3, "most": 3, "confidence": 0.99},
    )  # fmt: skip
    batch = (await posted(database, path)).batch_id
    crew = await people(database, 3, language="sw")
    right = {gold.text: gold.gold for gold in golds}

    def opinion(worker: Worker, text: str) -> str:
        known = right.get(text) or ("good", "bad", "neither")[int(text.split()[1]) % 3]
        return known if worker is not crew[2] else {"good": "bad", "bad": "neither", "neither": "good"}[known]

    await work(database, clock, batch, crew, opinion)
    async with served(database) as address:
        yield Scene(address, batch, tuple(crew))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(scene: Scene, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client(scene.address, await token(database, "house")) as opened:
        yield opened


async def _workers(api: httpx.AsyncClient, batch: int) -> dict[str, dict[str, Any]]:
    told = (await api.get(f"/batches/{batch}/workers")).json()
    assert told["next"] is None
    return {each["worker"]: each for each in told["workers"]}


async def test_workers_are_told_with_their_accuracy_and_what_it_rests_on(api: httpx.AsyncClient, scene: Scene) -> None:
    found = await _workers(api, scene.batch)
    assert set(found) == {worker.pseudonym for worker in scene.crew}
    first, able, never = (found[worker.pseudonym] for worker in scene.crew)
    assert able["state"] == "cleared"
    assert first["accuracy"]["compared"] == 0, "nobody had answered before"
    assert never["state"] == "paused"
    assert able["accuracy"]["golds"] == able["accuracy"]["right"] > 0
    assert never["accuracy"]["right"] == 0 < never["accuracy"]["golds"]
    assert able["accuracy"]["compared"] > 0
    for each in found.values():
        accuracy = each["accuracy"]
        assert 0 <= accuracy["low"] < accuracy["mean"] < accuracy["high"] <= 1
    assert never["accuracy"]["high"] < 0.5 < able["accuracy"]["low"]


async def test_pages_of_workers_miss_nobody(api: httpx.AsyncClient, scene: Scene, database: Database) -> None:
    every = list(await _workers(api, scene.batch))
    found: list[str] = []
    before: dict[str, str] = {}
    while len(found) < len(every):
        page = (await api.get(f"/batches/{scene.batch}/workers", params={"limit": 1, **before})).json()
        found += [each["worker"] for each in page["workers"]]
        before = {"before": page["next"]}
    assert page["next"] is None
    assert found == every
    assert (await api.get(f"/batches/{scene.batch}/workers", params={"before": "x.1"})).status_code == 422
    async with client(scene.address, await token(database, "stranger", "workers")) as stranger:
        assert (await stranger.get(f"/batches/{scene.batch}/workers")).status_code == 404


async def test_workers_are_shown_on_the_command_line(kazi: Kazi, api: httpx.AsyncClient, scene: Scene) -> None:
    told = (await api.get(f"/batches/{scene.batch}/workers")).json()
    assert json.loads((await kazi("batch", "workers", str(scene.batch), "--json")).stdout) == told
    said = (await kazi("batch", "workers", str(scene.batch))).stdout
    assert all(worker.pseudonym in said for worker in scene.crew)
    assert "cleared" in said
    assert "paused" in said
    assert "--limit 2" in (await kazi("batch", "workers", str(scene.batch), "--limit", "1")).stdout
