"""Agreement, contested tasks and deciding them, as a requester meets them on the panel."""

import asyncio
import csv
import io
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from crowd.loop.answering import DontKnow
from crowd.loop.leases import Way, give_back
from db.database import Database
from tests.browser import PHONE, open_page
from tests.database import Clock
from tests.panel.house import mark_of, panel, token, visitor
from tests.requester.scene import Item, Worker, batch_file, given, people, posted, work
from tests.serving import serving

pytest_plugins = ("tests.browser",)

_batches = count(1)
HOSTILE = "<img src=x onerror=alert(1)>"


@dataclass(frozen=True)
class House:
    address: str
    batch: int
    tasks: dict[str, int]
    """By the requester's own ids."""
    crew: tuple[Worker, ...]


@pytest_asyncio.fixture(loop_scope="session")
async def house(database: Database, clock: Clock, tmp_path: Path) -> AsyncIterator[House]:
    """Three answers to each of eight tasks; i1 splits 2 to 1, i2 three ways; somebody else skipped one."""
    items = [Item(f"i{number}", f"{HOSTILE} number {number}") for number in range(8)]
    path = batch_file(
        tmp_path, items, name=f"Contested {next(_batches)}", overlap={"least": 3, "most": 3, "confidence": 0.5}
    )
    batch = (await posted(database, path, owner="ada")).batch_id
    crew = await people(database, 4)
    task = await given(database, crew[3], batch)
    assert task is not None
    async with database.transaction() as tx:
        await give_back(tx, crew[3].person_id, task.lease_id, Way.SKIPPED, HOSTILE)

    def opinion(worker: Worker, text: str) -> str | DontKnow:
        if text.endswith("2"):
            return ("good", "bad", "neither")[crew.index(worker)]
        return "bad" if text.endswith("1") and worker is crew[0] else "good"

    await work(database, clock, batch, crew[:3], opinion)
    async with database.transaction() as tx:
        tasks = {row["key"]: row["id"] for row in await tx.rows("SELECT key, id FROM task WHERE batch_id = $1", batch)}
    async with serving(panel(database)) as address:
        yield House(address, batch, tasks, tuple(crew))


async def decide(client: httpx.AsyncClient, page: str, **data: str) -> httpx.Response:
    return await client.post(page, data={"mark": mark_of(await client.get(page)), **data})


async def test_agreement_is_told_in_words_and_taken_away_as_files(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "reader") as client:
        base = f"/batches/{house.batch}"
        text = (await client.get(f"{base}/agreement")).text
        figures = (await client.get(f"{base}/agreement.json")).json()
        confusion = (await client.get(f"{base}/confusion.csv")).text
        contested = (await client.get(f"{base}/contested.csv")).text
        for form in ("jsonl", "parquet"):
            assert (await client.get(f"{base}/contested.{form}")).status_code == 200
            assert (await client.get(f"{base}/confusion.{form}")).status_code == 200
        for wrong in ("contested.exe", "confusion.exe"):
            assert (await client.get(f"{base}/{wrong}")).status_code == 404
    assert f"<strong>{figures['alpha']:.2f}</strong>" in text
    assert "Taken from 24 answers to 8 tasks" in text
    assert (figures["batch"], figures["kind"], figures["language"]) == (house.batch, "choice", "sw")
    cells = {(row["label"], row["answer"]): row for row in csv.DictReader(io.StringIO(confusion.lstrip("\ufeff")))}
    good = cells["good", "good"]
    assert float(good["share"]) == pytest.approx(int(good["answers"]) / (3 * int(good["tasks"])))
    listed = list(csv.DictReader(io.StringIO(contested.lstrip("\ufeff"))))
    assert [row["id"] for row in listed[:2]] == ["i2", "i1"]
    assert listed[0]["task"] == str(house.tasks["i2"])


async def test_who_said_what_is_hidden_until_it_is_decided(house: House, database: Database) -> None:
    page = f"/batches/{house.batch}/review/{house.tasks['i2']}"
    names = [worker.pseudonym for worker in house.crew[:3]]
    async with visitor(house.address, database, "ada", "judge") as client:
        before = (await client.get(page)).text
        assert "number 2" in before
        assert not [name for name in names if name in before]
        assert "sure" not in before.replace("measured", ""), "nor what the answers add up to"
        assert HOSTILE not in before
        done = await decide(client, page, choice="=neither", note=f"  because  {HOSTILE} ")
        assert done.status_code == 303
        after = (await client.get(done.headers["location"])).text
        assert "Decided." in after
        assert all(name in after for name in names)
        assert HOSTILE not in after
        assert "because &lt;img" in after
        listed = (await client.get(f"/batches/{house.batch}/review", params={"only": "decided"})).text
        assert "number 2" in listed
        labels = (await client.get(f"/batches/{house.batch}/tasks")).text
        assert labels.count("decided by review") == 1
        result = (await client.get(f"/batches/{house.batch}/results/tasks.jsonl")).text
        assert '"label":"neither","confidence":1.0,"method":"review"' in result


async def test_a_decision_is_undone_by_its_own_page_only(house: House, database: Database) -> None:
    page = f"/batches/{house.batch}/review/{house.tasks['i2']}"
    async with visitor(house.address, database, "ada", "undoer") as client:
        await decide(client, page, choice="none")
        shown = await client.get(page)
        assert "cannot be decided" in shown.text
        found = re.search(r'name="review" value="(\d+)"', shown.text)
        assert found
        data = {"mark": mark_of(shown), "review": found[1]}
        undone = await client.post(f"{page}/undo", data=data)
        assert "Undone." in (await client.get(undone.headers["location"])).text
        await decide(client, page, choice="=good")
        stale = await client.post(f"{page}/undo", data=data)
        assert stale.status_code == 409
        assert "That decision is no more" in stale.text
        assert '<bdi class="label">good</bdi>' in stale.text
        for review in ("", "x", "9" * 40):
            assert (await client.post(f"{page}/undo", data={**data, "review": review})).status_code == 409


async def test_who_comes_second_is_told_and_sees_the_first_decision(house: House, database: Database) -> None:
    page = f"/batches/{house.batch}/review/{house.tasks['i1']}"
    async with (
        visitor(house.address, database, "ada", "first") as one,
        visitor(house.address, database, "ada", "second") as two,
    ):
        form = {"mark": mark_of(await two.get(page)), "choice": "=bad"}
        await decide(one, page, choice="=good", note="sure")
        late = await two.post(page, data=form)
        assert late.status_code == 409
        assert "before you" in late.text
        assert "“sure”" in late.text or "sure</q>" in late.text
    async with database.reading() as tx:
        assert await tx.value("SELECT label FROM task WHERE id = $1", house.tasks["i1"]) == "good"


@pytest.mark.parametrize("data", [{}, {"choice": ""}, {"choice": "=godo"}, {"choice": "good"}, {"choice": "own"}])
async def test_without_a_label_of_the_batch_nothing_is_decided(
    house: House, database: Database, data: dict[str, str]
) -> None:
    page = f"/batches/{house.batch}/review/{house.tasks['i1']}"
    async with visitor(house.address, database, "ada", f"careless {data}") as client:
        refused = await decide(client, page, note="kept \0 note", **data)
        assert refused.status_code == 422
        assert "Choose a label of this batch" in refused.text
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM review WHERE batch_id = $1", house.batch) == 0


async def test_the_tasks_of_others_are_not_there(house: House, database: Database) -> None:
    pages = ("agreement", "agreement.json", "confusion.csv", "contested.csv", "review", f"review/{house.tasks['i1']}")
    async with visitor(house.address, database, "eve", "stranger") as client:
        for page in pages:
            assert (await client.get(f"/batches/{house.batch}/{page}")).status_code == 404, page
        form = {"mark": mark_of(await client.get("/batches")), "choice": "=good"}
        refused = await client.post(f"/batches/{house.batch}/review/{house.tasks['i1']}", data=form)
        assert refused.status_code == 404
    async with visitor(house.address, database, "ada", "lost") as client:
        for task in ("0", "x", "9" * 30, "%C2%B2"):
            assert (await client.get(f"/batches/{house.batch}/review/{task}")).status_code == 404, task
        form = {"mark": "forged", "choice": "=good"}
        forged = await client.post(f"/batches/{house.batch}/review/{house.tasks['i1']}", data=form)
        assert forged.status_code == 403


async def test_written_answers_are_decided_by_one_of_them_or_by_another_text(
    house: House, database: Database, clock: Clock, tmp_path: Path
) -> None:
    path = batch_file(
        tmp_path / "text", [Item("1", "translate"), Item("2", "this")], name="Written", kind="text", options=None,
        dont_know=None,
    )  # fmt: skip
    batch = (await posted(database, path, owner="ada")).batch_id
    crew = await people(database, 2)
    await work(database, clock, batch, crew, lambda worker, text: f"{text} {'ab'[crew.index(worker)] * 9}")
    async with database.reading() as tx:
        one, two = [row["id"] for row in await tx.rows("SELECT id FROM task WHERE batch_id = $1 ORDER BY key", batch)]
    async with visitor(house.address, database, "ada", "writer") as client:
        assert "share of letters" in (await client.get(f"/batches/{batch}/agreement")).text
        page = f"/batches/{batch}/review/{one}"
        assert "translate bbbbbbbbb" in (await client.get(page)).text
        assert (await decide(client, page, choice="own", own=" ")).status_code == 422
        assert (await decide(client, page, choice="own", own=" tafsiri ")).status_code == 303
        assert (await decide(client, f"/batches/{batch}/review/{two}", choice="=this aaaaaaaaa")).status_code == 303
    async with database.reading() as tx:
        labels = await tx.rows("SELECT label FROM task WHERE batch_id = $1 ORDER BY key", batch)
    assert [row["label"] for row in labels] == ["tafsiri", "this aaaaaaaaa"]


async def test_languages_are_told_apart_over_batches(
    house: House, database: Database, clock: Clock, tmp_path: Path
) -> None:
    items = [Item(f"h{number}", f"hausa {number}") for number in range(6)]
    hausa = (await posted(database, batch_file(tmp_path / "ha", items, language="ha"), owner="ada")).batch_id
    crew = await people(database, 2, "ha")
    await work(database, clock, hausa, crew, lambda worker, _: "good" if worker is crew[0] else "bad")
    async with visitor(house.address, database, "ada", "linguist") as client:
        await client.get(f"/batches/{house.batch}/agreement")
        text = (await client.get(f"/batches/{hausa}/agreement")).text
    part = text.partition("Your batches by language")[2]
    assert re.search(r"Hausa.*Swahili", part, re.DOTALL)


async def test_measuring_does_not_keep_others_waiting(
    house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The panel's loop goes on while figures are made: they are another process's work."""
    async with visitor(house.address, database, "ada", "waiter") as client:
        await client.get(f"/batches/{house.batch}/agreement")
        async with database.transaction() as tx:
            await tx.run("DELETE FROM agreement WHERE batch_id = $1", house.batch)
        longest, running = 0.0, True

        async def watch() -> None:
            nonlocal longest
            while running:
                began = time.perf_counter()
                await asyncio.sleep(0.001)
                longest = max(longest, time.perf_counter() - began)

        watching = asyncio.create_task(watch())
        assert (await client.get(f"/batches/{house.batch}/agreement")).status_code == 200
        running = False
        await watching
    assert longest < 0.25, "a shared machine is slow; what is computed here takes far longer than that"


@pytest.mark.parametrize("dark", [False, True])
async def test_a_queue_is_worked_off_on_a_phone(browser: Browser, house: House, database: Database, dark: bool) -> None:
    secret = await token(database, "ada", f"phone {dark}")
    async with open_page(browser, (360, PHONE[1]), dark=dark) as page:
        await page.goto(f"{house.address}/login")
        await page.get_by_label("API token").fill(secret)
        await page.get_by_role("button", name="Log in").click()
        await expect(page.get_by_role("heading", name="Batches", exact=True)).to_be_visible()
        await page.goto(f"{house.address}/batches/{house.batch}/review")
        await page.get_by_role("link", name="Start deciding").click()
        await expect(page.locator(".item")).to_contain_text("number 2")
        small = await page.eval_on_selector_all(
            ".options label, button, .button",
            "all => all.filter(each => each.offsetHeight < 40).map(each => each.outerHTML)",
        )
        assert small == []
        await page.get_by_role("link", name="Leave it for now").click()
        await expect(page.locator(".item")).to_contain_text("number 1")
        await page.get_by_text("It cannot be decided").click()
        await page.get_by_label("Note").fill("a riddle")
        await page.get_by_role("button", name="Decide").click()
        await expect(page.get_by_role("status").last).to_contain_text("Decided.")
        wide: Any = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        await page.get_by_role("link", name="Next task").click()
        await expect(page.locator(".item")).to_contain_text("number 2")
