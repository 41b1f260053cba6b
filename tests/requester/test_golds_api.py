"""Golds that workers contradict, and golds made of decided tasks, for programs of a requester's."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from crowd.golds.suspending import suspend_in
from db.database import Database
from tests.crowd.test_making import a_task, settled
from tests.crowd.test_suspending import crew_at_work, gold, track
from tests.requester.panel import client, served, token


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(database: Database) -> AsyncIterator[str]:
    async with served(database) as where:
        yield where


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(address: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client(address, await token(database, "house")) as opened:
        yield opened


async def test_a_contradicted_gold_is_listed_with_its_evidence_and_ruled_on(
    api: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    batch, crew = await crew_at_work(database, tmp_path)
    base, task = f"/batches/{batch.id}/golds", await gold(batch)
    assert (await api.get(f"{base}/contradicted")).json() == {"golds": [], "next": None}
    assert (await api.put(f"{base}/{task['id']}/ruling", json={"ruling": "right"})).status_code == 404
    await suspend_in(database, batch.id)
    (listed,) = (await api.get(f"{base}/contradicted")).json()["golds"]
    assert (listed["gold"], listed["id"], listed["item"]) == (task["id"], "g4", task["payload"])
    assert (listed["value"], listed["instead"], listed["ruling"], listed["made_of"]) == ("neither", "bad", None, None)
    assert listed["wrong"] > 0.95
    assert {each["worker"] for each in listed["answers"]} == {worker.pseudonym for worker in crew}

    for start, there in ((0, 1), (1, 0)):
        page = (await api.get(f"{base}/contradicted", params={"start": start, "limit": 1})).json()
        assert (len(page["golds"]), page["next"]) == (there, None)

    where = f"{base}/{task['id']}/ruling"
    wrong = await api.put(where, json={"ruling": "other", "label": "nonsense"})
    assert wrong.status_code == 422
    assert wrong.json()["detail"].startswith("The answer ")
    assert (await api.put(where, json={"ruling": "whatever"})).status_code == 422
    ruled = await api.put(where, json={"ruling": "other", "label": "bad"})
    assert ruled.status_code == 200
    assert (ruled.json()["ruling"], ruled.json()["right"]) == ("other", "bad")
    assert ruled.json()["ruled_by"].endswith("(API)")
    assert (await track(batch, crew[0]))["right"] == 12.0
    for ruling, right in (("dropped", None), ("right", "neither")):
        again = (await api.put(where, json={"ruling": ruling})).json()
        assert (again["ruling"], again["right"]) == (ruling, right)


async def test_a_decided_task_becomes_a_gold_and_goes_with_its_decision(
    api: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    where = f"/batches/{batch.id}/tasks/{task}"
    early = await api.put(f"{where}/gold", json={})
    assert early.status_code == 409
    assert "decide it first" in early.json()["detail"]
    assert (await api.put(f"{where}/review", json={"label": "good"})).json()["gold"] is None
    refused = await api.put(f"{where}/gold", json={"explanation": {"en": "\u200b"}})
    assert refused.status_code == 422
    unchanged = await api.put(f"{where}/gold", json={"mutated": True})
    assert (unchanged.status_code, "cannot be changed" in unchanged.text) == (422, True)
    made = await api.put(f"{where}/gold", json={"explanation": {"en": "Praise.", "sw": "Ni sifa."}})
    assert made.status_code == 200
    assert (made.json()["standing"], made.json()["answers"]) == (True, 0)
    assert (await api.put(f"{where}/gold", json={})).json() == made.json()
    assert (await batch.task(made.json()["gold"]))["gold"]["explanation"] == {"en": "Praise.", "sw": "Ni sifa."}
    (listed,) = (await api.get(f"/batches/{batch.id}/reviews")).json()["tasks"]
    assert listed["gold"] == made.json()
    undone = (await api.delete(f"{where}/review")).json()
    assert (undone["decision"], undone["gold"]["standing"]) == (None, False)


async def test_golds_and_tasks_of_others_are_not_there(
    api: httpx.AsyncClient, address: str, database: Database, tmp_path: Path
) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    async with client(address, await token(database, "somebody else")) as stranger:
        assert (await stranger.get(f"/batches/{batch.id}/golds/contradicted")).status_code == 404
        ruling = await stranger.put(f"/batches/{batch.id}/golds/{task}/ruling", json={"ruling": "right"})
        assert ruling.status_code == 404
        assert (await stranger.put(f"/batches/{batch.id}/tasks/{task}/gold", json={})).status_code == 404
    assert (await api.put(f"/batches/{batch.id}/tasks/5/gold", json={})).status_code == 404
