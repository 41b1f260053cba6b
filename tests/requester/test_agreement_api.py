"""Agreement, contested tasks and decisions, for programs of a requester's and on the command line."""

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import polars as pl
import pytest
import pytest_asyncio

from db.database import Database
from tests.database import Clock
from tests.requester.panel import client, served, token
from tests.requester.scene import Item, Worker, batch_file, people, posted, work
from tests.requester.test_commands import Kazi, kazi

__all__ = ["kazi"]

_batches = count(1)


@dataclass(frozen=True)
class Scene:
    batch: int
    crew: tuple[Worker, ...]


@pytest_asyncio.fixture(loop_scope="session")
async def scene(database: Database, clock: Clock, tmp_path: Path) -> Scene:
    """Ten tasks with two answers each; they differ on k3 and k7."""
    items = [Item(f"k{number}", f"=text {number}") for number in range(10)]
    overlap = {"least": 2, "most": 2, "confidence": 0.4}
    batch = (
        await posted(database, batch_file(tmp_path, items, name=f"Odd {next(_batches)}", overlap=overlap))
    ).batch_id
    crew = await people(database, 2)

    def opinion(worker: Worker, text: str) -> str:
        number = int(text[-1])
        return "bad" if number in {3, 7} and worker is crew[0] else ("good", "neither")[number % 2]

    await work(database, clock, batch, crew, opinion)
    return Scene(batch, tuple(crew))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(database: Database) -> AsyncIterator[str]:
    async with served(database) as where:
        yield where


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(address: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client(address, await token(database, "house")) as opened:
        yield opened


async def test_a_contested_task_is_found_decided_and_undone(api: httpx.AsyncClient, scene: Scene) -> None:
    base = f"/batches/{scene.batch}"
    page = (await api.get(f"{base}/contested", params={"limit": 1})).json()
    assert (page["total"], page["next"], len(page["tasks"])) == (2, 1, 1)
    rest = (await api.get(f"{base}/contested", params={"start": page["next"]})).json()
    assert (len(rest["tasks"]), rest["next"]) == (1, None)
    both = {task["id"]: task for task in (*page["tasks"], *rest["tasks"])}
    assert set(both) == {"k3", "k7"}
    task = both["k3"]
    assert task["item"] == {"text": "=text 3"}
    assert sorted(each["value"] for each in task["split"]) == ["bad", "neither"]
    assert {each["worker"] for each in task["answers"]} == {worker.pseudonym for worker in scene.crew}

    review = f"{base}/tasks/{task['task']}/review"
    made = await api.put(review, json={"label": "good", "note": "seen"})
    assert made.status_code == 200
    decision = made.json()["decision"]
    assert (decision["label"], decision["note"], made.json()["confidence"]) == ("good", "seen", 1)
    assert decision["reviewer"].endswith("(API)")
    assert (await api.put(review, json={"label": "good", "note": "seen"})).json()["decision"] == decision
    again = await api.put(review, json={"label": None})
    assert again.status_code == 409
    assert "meanwhile" in again.json()["detail"]
    assert [each["id"] for each in (await api.get(f"{base}/reviews")).json()["tasks"]] == ["k3"]
    assert (await api.get(f"{base}/contested")).json()["total"] == 1

    undone = await api.delete(review)
    assert undone.json()["decision"] is None
    assert undone.json()["label"] == task["label"]
    assert (await api.delete(review)).status_code == 409
    assert (await api.put(review, json={"label": None})).json()["label"] is None


async def test_agreement_is_told_with_the_matrix_behind_it(api: httpx.AsyncClient, scene: Scene) -> None:
    said = (await api.get(f"/batches/{scene.batch}/agreement")).json()
    assert (said["tasks"], said["answers"], said["of_answers"], said["sampled"]) == (10, 20, 20, False)
    # By hand: 8 pairs that agree, 2 that do not; of 20 answers 10 are good, 8 neither, 2 bad.
    expected = 1 - (2 * 2) / ((20 * 20 - 10 * 10 - 8 * 8 - 2 * 2) / 19)
    assert said["alpha"] == pytest.approx(expected)
    assert sum(each["times"] for option in said["options"] for each in option["said"]) == 20


async def test_an_audit_draws_settled_tasks_without_their_labels_and_counts_what_it_confirms(
    api: httpx.AsyncClient, scene: Scene
) -> None:
    base, decisions = f"/batches/{scene.batch}", list[bool]()
    for _ in range(10):
        said = (await api.get(f"{base}/audit")).json()
        assert (said["tasks"], said["confirmed"]) == (len(decisions), sum(decisions))
        assert said["drawn"].keys() == {"task", "id", "item"}
        number, label = int(said["drawn"]["id"][1:]), None
        if number not in {3, 7}:  # of which two workers said two things: they cannot be decided
            decisions.append(len(decisions) != 0)
            label = ("good", "neither")[number % 2] if decisions[-1] else "bad"
        where = f"{base}/tasks/{said['drawn']['task']}/review"
        assert (await api.put(where, json={"label": label, "audit": True})).status_code == 200
    assert (await api.get(f"{base}/audit")).json() == {"tasks": 8, "confirmed": 7, "drawn": None}


async def test_what_cannot_be_decided_so_is_refused_with_its_reason(api: httpx.AsyncClient, scene: Scene) -> None:
    base = f"/batches/{scene.batch}"
    task = (await api.get(f"{base}/contested")).json()["tasks"][0]["task"]
    wrong = await api.put(f"{base}/tasks/{task}/review", json={"label": "goood"})
    assert wrong.status_code == 422
    assert "did you mean" in wrong.json()["detail"]
    assert (await api.put(f"{base}/tasks/{task}/review", json={})).status_code == 422
    assert (await api.put(f"{base}/tasks/{task}/review", json={"label": "good", "nots": "x"})).status_code == 422
    assert (await api.put(f"{base}/tasks/{2**62}/review", json={"label": "good"})).status_code == 404
    odd = await api.put(f"{base}/tasks/{task}/review", json={"label": "go\x00od", "note": "n\x00"})
    assert (odd.status_code, odd.json()["label"], odd.json()["decision"]["note"]) == (200, "good", "n")


async def test_the_batches_of_others_are_not_there(
    address: str, api: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    base = f"/batches/{scene.batch}"
    task = (await api.get(f"{base}/contested")).json()["tasks"][0]["task"]
    async with client(address, await token(database, "stranger", str(scene.batch))) as stranger:
        for path in ("agreement", "contested", "reviews", "audit"):
            assert (await stranger.get(f"{base}/{path}")).status_code == 404
        assert (await stranger.put(f"{base}/tasks/{task}/review", json={"label": "good"})).status_code == 404
        assert (await stranger.delete(f"{base}/tasks/{task}/review")).status_code == 404


async def test_agreement_is_shown_on_the_command_line(kazi: Kazi, api: httpx.AsyncClient, scene: Scene) -> None:
    told = (await api.get(f"/batches/{scene.batch}/agreement")).json()
    said = (await kazi("batch", "agreement", str(scene.batch))).stdout
    assert f"alpha {told['alpha']:.3f}" in said
    assert "don't know" in said
    assert json.loads((await kazi("batch", "agreement", str(scene.batch), "--json")).stdout) == told
    assert "there is no batch 999999" in (await kazi("batch", "agreement", "999999", code=1)).stderr


async def test_contested_tasks_are_taken_away_on_the_command_line(kazi: Kazi, scene: Scene, tmp_path: Path) -> None:
    said = (await kazi("batch", "contested", str(scene.batch))).stdout
    rows = list(csv.DictReader(io.StringIO(said.lstrip("\ufeff"))))
    assert {row["id"] for row in rows} == {"k3", "k7"}
    assert {row["item_text"][:2] for row in rows} == {"'="}, "no spreadsheet runs it"
    path = tmp_path / "contested.parquet"
    assert (
        "2 contested tasks"
        in (await kazi("batch", "contested", str(scene.batch), "-f", "parquet", "-o", str(path))).stdout
    )
    assert set(pl.read_parquet(path)["id"]) == {"k3", "k7"}
    assert "no format" in (await kazi("batch", "contested", str(scene.batch), "-f", "exe", code=1)).stderr
