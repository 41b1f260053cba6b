"""The pilot of a batch as a requester meets it by REST and on the command line."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from crowd.requesters import new_token
from db.database import Database
from tests.database import Clock
from tests.requester.panel import client, parts, served, token
from tests.requester.scene import Item, batch_file, people, requester, work
from tests.requester.test_commands import Kazi, kazi

__all__ = ["kazi"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with served(database) as address, client(address, await token(database, "house")) as opened:
        yield opened


def large(folder: Path, about: str, tasks: int = 70) -> Path:
    items = [Item(f"k{n}", f"{about} {n}") for n in range(tasks)]
    return batch_file(folder, [*items, *(Item(f"g{n}", f"{about} gold {n}", "good") for n in range(10))])


async def test_a_large_batch_is_posted_with_a_pilot_and_released_once(
    api: httpx.AsyncClient, database: Database, clock: Clock, tmp_path: Path
) -> None:
    path = large(tmp_path, "by rest")
    assert (await api.post("/batches/check", files=parts(path))).json()["pilot_tasks"] == 25
    posted = (await api.post("/batches", files=parts(path))).json()["batch"]
    assert (posted["pilot"]["state"], posted["pilot"]["tasks"], posted["pilot"]["card"]["done"]) == ("running", 25, 0)
    batch = f"/batches/{posted['id']}"
    listed = (await api.get("/batches")).json()["batches"][0]["pilot"]
    assert (listed["state"], listed["card"]) == ("running", None)
    await work(database, clock, posted["id"], await people(database, 2), lambda *_: "good")
    shown = (await api.get(batch)).json()["pilot"]["card"]
    assert (shown["done"], shown["median_ms"], shown["per_hour"]) == (25, 2500, "28.80")
    marks = {mark["about"]: mark for mark in shown["marks"]}
    assert (marks["workers"]["value"], marks["workers"]["light"]) == (2, "red")
    assert "send the link" in marks["workers"]["advice"]
    assert (marks["skips"]["limit"], marks["skips"]["light"], marks["skips"]["advice"]) == (0.15, "green", None)
    assert marks["pay"]["light"] == "green"
    refused = await api.post(f"{batch}/release")
    assert refused.status_code == 409
    assert "still running" in refused.json()["detail"]
    released = (await api.post(f"{batch}/release", json={"reason": "in a hurry"})).json()["pilot"]
    owner = await requester(database)
    assert (released["state"], released["ended_by"]) == ("released", f"requester {owner.id} (API)")
    assert (released["reason"], released["card"]) == ("in a hurry", shown)
    again = await api.post(f"{batch}/release")
    assert (again.status_code, again.json()["pilot"]) == (200, released)


async def test_a_pilot_is_waived_for_a_reason(api: httpx.AsyncClient, database: Database, tmp_path: Path) -> None:
    path = large(tmp_path, "waived")
    for nothing in ("", " \n", "x" * 501):
        refused = await api.post("/batches", files=parts(path), data={"waive_pilot": nothing})
        assert refused.status_code == 422
        assert "waive_pilot" in refused.json()["detail"]
    as_a_file = {**parts(path), "waive_pilot": ("why.txt", b"why")}
    assert (await api.post("/batches", files=as_a_file)).status_code == 422
    said = await api.post("/batches", files=parts(path), data={"waive_pilot": "the second of a series"})
    pilot = said.json()["batch"]["pilot"]
    assert (pilot["state"], pilot["reason"], pilot["card"]) == ("waived", "the second of a series", None)
    async with database.reading() as tx:
        detail = await tx.value("SELECT detail FROM audit WHERE action = 'batch.pilot_waived' ORDER BY id DESC LIMIT 1")
    assert detail == {"reason": "the second of a series"}


async def test_a_member_neither_waives_a_pilot_nor_ends_it_early(
    api: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        token = await new_token(tx, (await requester(database)).id, "a member", owner=False)
    as_member = {"Authorization": f"Bearer {token}"}
    path = large(tmp_path, "member")
    why = {"waive_pilot": "in a hurry"}
    before = {each["id"] for each in (await api.get("/batches")).json()["batches"]}
    refused = await api.post("/batches", files=parts(path), data=why, headers=as_member)
    assert refused.status_code == 409, refused.text
    assert "an owner" in refused.json()["detail"]
    assert {each["id"] for each in (await api.get("/batches")).json()["batches"]} == before, "nothing was posted"
    posted = (await api.post("/batches", files=parts(path), headers=as_member)).json()["batch"]
    assert posted["pilot"]["state"] == "running"
    batch = f"/batches/{posted['id']}"
    refused = await api.post(f"{batch}/release", json={"reason": "in a hurry"}, headers=as_member)
    assert (refused.status_code, "an owner" in refused.json()["detail"]) == (409, True)
    released = await api.post(f"{batch}/release", json={"reason": "in a hurry"})
    assert released.json()["pilot"]["state"] == "released", "an owner's token does"


async def test_only_who_owns_a_batch_releases_it(api: httpx.AsyncClient, database: Database, tmp_path: Path) -> None:
    batch = (await api.post("/batches", files=parts(large(tmp_path, "own")))).json()["batch"]["id"]
    async with client(str(api.base_url).removesuffix("/api/v1/"), await token(database, "stranger")) as stranger:
        assert (await stranger.post(f"/batches/{batch}/release", json={"reason": "x"})).status_code == 404
    await api.post(f"/batches/{batch}/close")
    late = await api.post(f"/batches/{batch}/release", json={"reason": "x"})
    assert (late.status_code, "closed" in late.json()["detail"]) == (409, True)


async def test_the_command_checks_posts_shows_and_releases(
    kazi: Kazi, database: Database, clock: Clock, tmp_path: Path
) -> None:
    path = str(large(tmp_path, "by command"))
    assert "25 tasks come first" in (await kazi("batch", "check", path)).stdout
    posted = json.loads((await kazi("batch", "post", path, "--json")).stdout)["batch"]
    number = str(posted["id"])
    assert posted["pilot"]["state"] == "running"
    assert "kazi batch pilot" in (await kazi("batch", "show", number)).stdout
    assert "running" in (await kazi("batch", "list")).stdout
    await work(database, clock, posted["id"], await people(database, 2), lambda *_: "good")
    shown = (await kazi("batch", "pilot", number)).stdout
    for piece in ("25 of 25", "2.5 s", "28.80 USD", "✗  workers", "at least 3", "send the link to more"):
        assert piece in shown, shown
    told: dict[str, Any] = json.loads((await kazi("batch", "pilot", number, "--json")).stdout)
    assert told["card"]["done"] == 25
    refused = await kazi("batch", "pilot", number, "--release", code=1)
    assert "still running" in refused.stderr
    released = (await kazi("batch", "pilot", number, "--release", "--reason", "all known")).stdout
    assert "released by command line" in released
    assert "all known" in released
    assert (await kazi("batch", "pilot", number, "--release")).stdout == (await kazi("batch", "pilot", number)).stdout


async def test_the_command_posts_without_a_pilot_for_a_reason(kazi: Kazi, tmp_path: Path) -> None:
    path = str(large(tmp_path, "no pilot"))
    assert "why no pilot" in (await kazi("batch", "post", path, "--no-pilot", " ", code=1)).stderr
    said = (await kazi("batch", "post", path, "--no-pilot", "seen before")).stdout
    assert "waived by command line" in said
    assert "seen before" in said


async def test_a_small_batch_has_none(kazi: Kazi, tmp_path: Path) -> None:
    path = str(large(tmp_path, "small", tasks=60))
    assert "come first" not in (await kazi("batch", "check", path)).stdout
    posted = json.loads((await kazi("batch", "post", path, "--json")).stdout)["batch"]
    assert posted["pilot"] is None
    assert "has no pilot" in (await kazi("batch", "pilot", str(posted["id"]))).stdout
    assert (await kazi("batch", "pilot", str(posted["id"]), "--json")).stdout == "null\n"


@pytest.mark.parametrize("command", ["show", "pilot"])
async def test_no_batch_is_no_pilot(kazi: Kazi, command: str) -> None:
    assert "no batch 999999" in (await kazi("batch", command, "999999", code=1)).stderr
