"""The house's people void money on hold in the panel, and answer appeals: another person than the one who voided."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, expect

from crowd.appeals import filing
from crowd.golds.contesting import contest
from crowd.grading.grading import grade_answers
from crowd.money.earnings import Wallet, earnings
from db.database import Database
from tests.browser import open_page
from tests.crowd.scene import Batch, Worker, people, working
from tests.crowd.test_grading import NEAR, WRONG
from tests.crowd.test_grading import answered as graded_answers
from tests.crowd.test_grading import scene as graded_scene
from tests.crowd.test_suspending import crew_at_work, gold
from tests.crowd.test_voiding import answered
from tests.database import Clock
from tests.panel.house import mark_of, panel, token, visitor
from tests.serving import serving

pytest_plugins = ("tests.browser",)
PRICE = 20_000
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}"


@pytest.fixture
async def address(database: Database) -> AsyncIterator[str]:
    async with serving(panel(database)) as where:
        yield where


@dataclass(frozen=True)
class Scene:
    batch: Batch
    worker: Worker

    @property
    def page(self) -> str:
        return f"/workers/{self.worker.id}"


@pytest.fixture
async def scene(database: Database, tmp_path: Path) -> Scene:
    """Somebody who has three answers on hold."""
    batch = await Batch.post(database, tmp_path, tasks=5, name=HOSTILE)
    (worker,) = await people(database, 1)
    await answered(batch, worker, 3)
    return Scene(batch, worker)


async def wallet(scene: Scene) -> Wallet:
    async with scene.batch.database.reading() as tx:
        (found,) = (await earnings(tx, scene.worker.id)).wallets
    return found


async def void(client: httpx.AsyncClient, scene: Scene, **changed: object) -> httpx.Response:
    page = await client.get(scene.page)
    newest = re.search(r'name="up_to" value="(\d+)"', page.text)
    data = {
        "mark": mark_of(page), "batch": scene.batch.id, "up_to": newest[1] if newest else "0", "only": "",
        "ground": "other", "reason": "All the same.", **changed,
    }  # fmt: skip
    return await client.post(f"{scene.page}/void", data=data)


async def filed(scene: Scene, said: str = "") -> int:
    async with working(scene.batch.database, scene.worker) as tx:
        number: int = await tx.value("SELECT max(id) FROM voiding WHERE worker_id = $1", scene.worker.id)
        entry = await filing.begin(tx, scene.worker.id, number)
        if said:
            entry = await filing.write(tx, scene.worker.id, said)
        assert entry is not None
        assert await filing.file(tx, scene.worker.id, entry.mark) is not None
    return number


async def answer(client: httpx.AsyncClient, number: int, do: str, reason: str = "Looked at it.") -> httpx.Response:
    mark = mark_of(await client.get("/money"))
    return await client.post(f"/money/appeals/{number}", data={"mark": mark, "do": do, "reason": reason})


async def test_money_is_voided_and_another_person_answers_the_appeal(
    database: Database, scene: Scene, address: str
) -> None:
    async with (
        visitor(address, database, "house", "amina") as amina,
        visitor(address, database, "house", "juma") as juma,
    ):
        page = (await amina.get(scene.page)).text
        assert "$0.06" in page
        assert HOSTILE not in page
        assert f'href="{scene.page}"' in (await amina.get("/workers")).text
        assert (await void(amina, scene)).headers["location"].endswith("done=1")
        assert (await wallet(scene)).voided == 3 * PRICE
        again = await void(amina, scene)
        assert again.status_code == 409
        assert "on hold any more" in again.text
        assert "All the same." in (await amina.get(scene.page)).text

        number = await filed(scene, said=HOSTILE)
        listed = (await juma.get("/money/appeals")).text
        assert f'id="appeal-{number}"' in listed
        assert "hours left" in listed
        assert HOSTILE not in listed
        assert "for another person" in (await amina.get("/money/appeals")).text
        assert "so another person decides" in (await amina.get(f"/money/appeals/{number}")).text
        one = (await juma.get(f"/money/appeals/{number}")).text
        assert "All the same." in one
        assert "text" in one
        assert HOSTILE not in one
        assert '<span class="chip">1</span>' in (await juma.get("/money")).text

        own = await answer(amina, number, "grant")
        assert own.status_code == 409
        assert "another person must" in own.text
        assert "say why" in (await answer(juma, number, "refuse", " ")).text
        done = await asyncio.gather(answer(juma, number, "grant"), answer(juma, number, "grant"))
        assert sorted(each.status_code for each in done) == [303, 409]
        assert "waits no more" in (await answer(juma, number, "refuse")).text
        assert f'id="appeal-{number}"' in (await juma.get("/money/appeals?only=ended")).text
        assert "Looked at it." in (await juma.get(f"/money/appeals/{number}")).text
        assert "the appeal was granted" in (await amina.get(scene.page)).text
        books = (await amina.get("/money")).text
        assert "Voided, may be given back" in books
    assert (await wallet(scene)).available == 3 * PRICE


async def test_one_answer_is_voided_and_nothing_without_a_reason(
    database: Database, scene: Scene, address: str
) -> None:
    async with visitor(address, database, "house", "rahma") as client:
        page = (await client.get(scene.page)).text
        one = re.findall(r'name="only" value="(\d+)"', page)[0]
        assert (await void(client, scene, reason=" ")).status_code == 409
        assert (await void(client, scene, only="x")).status_code == 404
        assert (await void(client, scene, batch="")).status_code == 404
        assert (await wallet(scene)).voided == 0
        first = await void(client, scene, only=one, ground="nonsense", finding="7")
        assert first.status_code == 409
        assert "send it back first" in first.text
        assert (await void(client, scene, only=one, ground="finding", finding="7")).status_code == 303
    assert (await wallet(scene)).voided == PRICE


async def test_for_anybody_else_there_are_no_such_pages(database: Database, scene: Scene, address: str) -> None:
    async with visitor(address, database, "house", "zawadi") as client:
        await void(client, scene)
        number = await filed(scene)
    async with visitor(address, database, "somebody else", "their own") as client:
        for path in (scene.page, "/money/appeals", f"/money/appeals/{number}"):
            assert (await client.get(path)).status_code == 404, path
        assert "/money/appeals" not in (await client.get("/money")).text
        assert (await answer(client, number, "grant")).status_code == 404
        mark = mark_of(await client.get("/money"))
        data = {"mark": mark, "batch": scene.batch.id, "only": "", "reason": "x", "ground": "other"}
        assert (await client.post(f"{scene.page}/void", data=data)).status_code == 404
    async with visitor(address, database, "house", "tatu") as client:
        for path in ("/workers/0", "/workers/x", "/money/appeals/0", "/money/appeals/x"):
            assert (await client.get(path)).status_code == 404, path
        assert (await client.post(f"{scene.page}/void", data={"batch": "1"})).status_code == 403


async def test_contested_golds_are_taken_out_or_said_to_be_right(
    database: Database, clock: Clock, tmp_path: Path, address: str
) -> None:
    batch, (worker, other, *_) = await crew_at_work(database, tmp_path)
    clock.advance(86_400)
    for each in (worker, other):
        async with working(database, each) as tx:
            found = await tx.value("SELECT id FROM answer WHERE worker_id = $1 AND verdict < 1 LIMIT 1", each.id)
            await contest(tx, each.id, found)
    number, page = (await gold(batch))["id"], f"/batches/{batch.id}/golds"
    async with visitor(address, database, "house", "neema") as client:
        shown = await client.get(page)
        assert "2 workers say it is wrong" in shown.text
        mark = mark_of(shown)
        done = await client.post(f"{page}/{number}/contested", data={"mark": mark, "do": "out"})
        assert done.headers["location"].endswith("done=1")
        shown = await client.get(page)
        assert f'id="gold-{number}"' in shown.text
        assert "say it is wrong" not in shown.text
        again = await client.post(f"{page}/{number}/contested", data={"mark": mark, "do": "right", "why": "so"})
        assert again.headers["location"].endswith("trouble=gone")
        assert "decided meanwhile" in (await client.get(again.headers["location"])).text
        assert (await client.post(f"{page}/x/contested", data={"mark": mark, "do": "out"})).status_code == 404


async def test_an_appeal_is_decided_in_a_browser(
    browser: Browser, database: Database, scene: Scene, address: str
) -> None:
    async with open_page(browser) as page:
        await page.goto(f"{address}/login")
        await page.fill("#token", await token(database, "house", "first in a browser"))
        await page.click("main button")
        await page.goto(f"{address}{scene.page}")
        await page.click("summary:has-text('Void…')")
        form = page.locator(f"#held-{scene.batch.id} form[action$='/void']")
        await form.locator("label:has-text('All that is on hold here')").click()
        await form.locator("label:has-text('Golds answered wrong')").click()
        await form.locator("input[name=reason]").fill("They were all the same.")
        await form.locator("button").click()
        await expect(page.get_by_role("status")).to_contain_text("Voided")
    number = await filed(scene, said="I looked at each.")
    async with open_page(browser) as page:
        await page.goto(f"{address}/login")
        await page.fill("#token", await token(database, "house", "second in a browser"))
        await page.click("main button")
        await page.goto(f"{address}/money/appeals")
        await page.click(f"#appeal-{number} a")
        await expect(page.locator("main")).to_contain_text("I looked at each.")
        await page.fill("#reason", "They are not the same.")
        await page.click("button[value=grant]")
        await expect(page.get_by_role("status")).to_contain_text("Granted")
    assert (await wallet(scene)).available == 3 * PRICE


async def test_graded_pay_is_told_in_words_and_anybody_of_staff_answers_its_appeal(
    address: str, database: Database, clock: Clock, tmp_path: Path, browser: Browser
) -> None:
    batch, worker = await graded_scene(database, tmp_path)
    near, wrong = await graded_answers(batch, worker, NEAR, WRONG)
    clock.advance(86_400)
    assert await grade_answers(database) == 2
    numbers = [
        await batch.value("SELECT voiding_id FROM voided_answer WHERE answer_id = $1", each) for each in (near, wrong)
    ]
    async with working(database, worker) as tx:
        entry = await filing.begin(tx, worker.id, numbers[0])
        assert entry is not None
        await filing.file(tx, worker.id, entry.mark)
    async with open_page(browser) as page:
        await page.goto(f"{address}/login")
        await page.fill("#token", await token(database, "house", "third in a browser"))
        await page.click("main button")
        await page.goto(f"{address}/workers/{worker.id}")
        voided = page.locator(f"#voiding-{numbers[0]}")
        await expect(voided).to_contain_text("Graded pay")
        await expect(voided).to_contain_text("Half right: half of it is paid.")
        await expect(page.locator(f"#voiding-{numbers[1]}")).to_contain_text("Not right: it is not paid.")
        assert await page.locator('input[name="ground"][value="graded"]').count() == 0
        await page.goto(f"{address}/money/appeals/{numbers[0]}")
        await expect(page.get_by_text("Half right: half of it is paid.")).to_be_visible()
        await expect(page.get_by_text("The gold says:")).to_be_visible()
        await expect(page.get_by_role("button", name="Grant")).to_be_visible()
