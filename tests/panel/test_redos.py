"""The house's people send an answer back in the panel, and see what became of it, before they void its money."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, expect

from crowd.redos import taking
from crowd.redos.ending import leave
from db.database import Database
from tests.browser import open_page
from tests.crowd.scene import Batch, check_books, people, working
from tests.crowd.test_voiding import answered
from tests.panel.house import mark_of, panel, token, visitor
from tests.panel.test_appeals import HOSTILE, Scene, void, wallet
from tests.serving import serving

pytest_plugins = ("tests.browser",)
PRICE = 20_000


@pytest.fixture
async def address(database: Database) -> AsyncIterator[str]:
    async with serving(panel(database)) as where:
        yield where


@pytest.fixture
async def scene(database: Database, tmp_path: Path) -> Scene:
    """Somebody who has three answers on hold."""
    batch = await Batch.post(database, tmp_path, tasks=5, name=HOSTILE)
    (worker,) = await people(database, 1)
    await answered(batch, worker, 3)
    return Scene(batch, worker)


def offered(page: str) -> list[str]:
    """The answers that can be sent back."""
    return re.findall(r'name="answer" value="(\d+)"', page)


async def send_back(client: httpx.AsyncClient, scene: Scene, answer: str, reason: str = HOSTILE) -> httpx.Response:
    mark = mark_of(await client.get(scene.page))
    return await client.post(f"{scene.page}/redo", data={"mark": mark, "answer": answer, "reason": reason})


async def test_an_answer_goes_back_with_a_reason_and_the_page_shows_how_it_stands(
    database: Database, scene: Scene, address: str
) -> None:
    async with visitor(address, database, "house", "amina") as client:
        page = (await client.get(scene.page)).text
        newest, *others = offered(page)
        assert len(others) == 2
        assert "Sent back" not in page
        refused = await void(client, scene, only=newest)
        assert refused.status_code == 409
        assert "send it back first" in refused.text
        assert "say what is to be fixed" in (await send_back(client, scene, newest, " ")).text

        done = await send_back(client, scene, newest)
        assert done.headers["location"].endswith("sent=1")
        page = (await client.get(done.headers["location"])).text
        assert "Sent back. The worker is asked to fix it" in page
        assert f'id="redo-of-{newest}"' in page
        assert "waits for the worker" in page
        assert re.search(r"Due: <time [^>]*>[^<]*2030", page), "a day, not how long ago"
        assert HOSTILE not in page
        assert offered(page) == others
        assert "goes back once" in (await send_back(client, scene, newest)).text
        assert "was sent back" in (await void(client, scene, only=newest)).text
        assert (await wallet(scene)).voided == 0

        lease_id = await scene.batch.value("SELECT lease_id FROM redo WHERE answer_id = $1", int(newest))
        async with working(database, scene.worker) as tx:
            assert await taking.take(tx, scene.worker.id, lease_id) is None
        await scene.batch.say(scene.worker, lease_id, 2)
        page = (await client.get(scene.page)).text
        assert "Before:" in page
        assert '<span class="chip">fixed</span>' in page
        assert (await void(client, scene, only=newest)).status_code == 303
        assert (await wallet(scene)).voided == PRICE

        await send_back(client, scene, others[0])
        lease_id = await scene.batch.value("SELECT lease_id FROM redo WHERE answer_id = $1", int(others[0]))
        async with working(database, scene.worker) as tx:
            assert await leave(tx, scene.worker.id, lease_id)
        assert "left as it was" in (await client.get(scene.page)).text
        assert (await void(client, scene, only=others[0])).status_code == 303
    await check_books(database)


async def test_nobody_else_sends_anything_back(database: Database, scene: Scene, address: str) -> None:
    async with visitor(address, database, "house", "juma") as client:
        (one, *_) = offered((await client.get(scene.page)).text)
        for answer in ("x", ""):
            assert (await send_back(client, scene, answer)).status_code == 404
        assert "on hold any more" in (await send_back(client, scene, "99999999")).text
    async with visitor(address, database, "somebody else", "their own") as client:
        mark = mark_of(await client.get("/money"))
        data = {"mark": mark, "answer": one, "reason": "x"}
        assert (await client.post(f"{scene.page}/redo", data=data)).status_code == 404
    assert await scene.batch.value("SELECT count(*) FROM redo WHERE worker_id = $1", scene.worker.id) == 0


async def test_it_is_sent_back_in_a_browser(database: Database, scene: Scene, address: str, browser: Browser) -> None:
    async with open_page(browser) as page:
        await page.goto(f"{address}/login")
        await page.fill("#token", await token(database, "house", "in a browser"))
        await page.click("main button")
        await page.goto(f"{address}{scene.page}")
        await page.click("summary:has-text('Send one back…')")
        form = page.locator(f"#held-{scene.batch.id} form[action$='/redo']")
        await form.locator("label:has(input[name=answer])").first.click()
        await form.locator("input[name=reason]").fill("It is the other one.")
        await form.locator("button").click()
        await expect(page.get_by_role("status")).to_contain_text("Sent back")
        await expect(page.locator("#redos-title")).to_be_visible()
