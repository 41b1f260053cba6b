"""Audits, and golds made of decided tasks, as a requester meets them on the panel."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from crowd.batches.life import State, set_state
from db.database import Database
from tests.browser import PHONE, open_page
from tests.crowd.scene import Batch
from tests.crowd.test_making import a_task, decided, made, settled
from tests.panel.house import mark_of, panel, token, visitor
from tests.serving import serving

pytest_plugins = ("tests.browser",)


async def sent(client: httpx.AsyncClient, page: str, to: str = "", **data: str) -> httpx.Response:
    """What a form of the page leads to."""
    answer = await client.post(page + to, data={"mark": mark_of(await client.get(page)), **data})
    assert answer.status_code == 303, answer.text
    return await client.get(answer.headers["location"])


async def golds_of(batch: Batch) -> int:
    found: int = await batch.value("SELECT count(*) FROM task WHERE batch_id = $1 AND gold IS NOT NULL", batch.id)
    return found


async def test_an_audit_shows_neither_label_nor_split_and_counts_what_it_confirms(
    database: Database, tmp_path: Path
) -> None:
    batch, crew = await settled(database, tmp_path)
    base = f"/batches/{batch.id}/review"
    async with serving(panel(database)) as address, visitor(address, database, "house", "auditor") as client:
        assert "20 tasks are a good start" in (await client.get(base, params={"only": "audit"})).text
        for number, choice in enumerate(("=good", "=bad", "=good")):
            drawn = (await client.get(f"{base}/audit")).headers["location"]
            blind = (await client.get(drawn)).text
            assert 'class="answers"' not in blind
            assert not [worker for worker in crew if worker.pseudonym in blind]
            page, _, query = drawn.partition("?")
            refused = await client.post(page, data={"mark": mark_of(await client.get(page)), "audit": "1"})
            assert refused.status_code == 422
            assert 'class="answers"' not in refused.text
            after = await sent(client, page, choice=choice, audit="1")
            assert query == "audit=1"
            assert "Who said what" in after.text
            assert f"{base}/audit" in after.text, number
        found = (await client.get(base, params={"only": "audit"})).text
        assert "Confirmed: 2 of 3 labels" in found
        for _ in range(2):
            await sent(client, (await client.get(f"{base}/audit")).headers["location"], choice="none", audit="1")
        assert (await client.get(f"{base}/audit")).headers["location"] == f"{base}?only=audit"
        assert "no settled task that nobody has decided" in (await client.get(f"{base}?only=audit")).text


async def test_who_decides_makes_a_gold_of_it_at_once_or_later(database: Database, tmp_path: Path) -> None:
    batch, _ = await settled(database, tmp_path)
    one, two, three = [await a_task(batch, place) for place in range(3)]
    base = f"/batches/{batch.id}/review"
    async with serving(panel(database)) as address, visitor(address, database, "house", "maker") as client:
        at_once = await sent(
            client, f"{base}/{one}", choice="=good", gold="1", explanation_en=" Praise. ", explanation_sw=""
        )
        assert "It is a gold for workers who began this batch later" in at_once.text
        before = await sent(client, f"{base}/{two}", choice="=bad")
        assert await golds_of(batch) == 1
        stale = await sent(client, f"{base}/{two}", "/gold", review="1")
        assert "the decision is no more" in stale.text
        review = re.search(r'name="review" value="(\d+)"', before.text)
        assert review
        later = await sent(client, f"{base}/{two}", "/gold", explanation_sw="Ni hasi.", review=review[1])
        assert "It is a gold from now on" in later.text
        assert "Undoing takes the gold out" in later.text
        assert "It is a gold" not in (await sent(client, f"{base}/{three}", choice="none", gold="1")).text
        listed = (await client.get(base, params={"only": "decided"})).text
        assert listed.count('<span class="chip">gold</span>') == 2
        undone = await sent(client, f"{base}/{two}", "/undo", review=review[1])
        assert "Undone." in undone.text
    explained = await batch.value(
        "SELECT jsonb_agg(gold -> 'explanation' ORDER BY id DESC) FROM task WHERE batch_id = $1 AND gold IS NOT NULL",
        batch.id,
    )
    assert explained == [{"en": "Praise."}, {"sw": "Ni hasi."}]


@pytest.mark.parametrize(
    ("hindrance", "told"), [("closed", "the batch is closed"), ("full", "all the answers"), ("gone", "is no more")]
)
async def test_what_is_in_the_way_of_a_gold_is_told_and_the_decision_stands(
    database: Database, tmp_path: Path, hindrance: str, told: str
) -> None:
    """The page is stale: what it offers is not there any more."""
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    page = f"/batches/{batch.id}/review/{task}"
    async with serving(panel(database)) as address, visitor(address, database, "house", f"late {hindrance}") as client:
        mark = mark_of(await client.get(page))
        if hindrance == "closed":
            async with database.transaction() as tx:
                await set_state(tx, batch.id, State.CLOSED, actor="test")
        elif hindrance == "full":
            await batch.run("UPDATE task SET answers = 5 WHERE id = $1", task)
        where, data = (f"{page}/gold", {}) if hindrance == "gone" else (page, {"choice": "=bad", "gold": "1"})
        answer = await client.post(where, data={"mark": mark, **data})
        text = (await client.get(answer.headers["location"])).text
        assert "No gold was made" in text
        assert told in text
    if hindrance != "gone":
        assert (await batch.task(task))["label"] == "bad"
    assert await golds_of(batch) == 0


async def test_a_gold_of_a_decided_task_that_workers_contradict_leads_to_the_decision(
    database: Database, tmp_path: Path
) -> None:
    batch, _ = await settled(database, tmp_path)
    task = await a_task(batch)
    await decided(batch, task)
    number = (await made(batch, task)).task_id
    await batch.run(
        "INSERT INTO suspension (task_id, batch_id, at, gold, instead, wrong, settled) "
        "SELECT id, batch_id, now(), gold, '\"bad\"', 0.97, false FROM task WHERE id = $1", number,
    )  # fmt: skip
    async with serving(panel(database)) as address, visitor(address, database, "house", "gold judge") as client:
        text = (await client.get(f"/batches/{batch.id}/golds")).text
    assert "It was decided:" in text
    assert f'href="/batches/{batch.id}/review/{task}"' in text


@pytest.mark.parametrize("locale", ["en-GB", "ar", "am"])
async def test_an_audit_and_its_golds_fit_a_phone(
    browser: Browser, database: Database, tmp_path: Path, locale: str
) -> None:
    batch, _ = await settled(database, tmp_path)
    secret = await token(database, "house", f"phone {locale}")
    async with (
        serving(panel(database)) as address,
        open_page(browser, (360, PHONE[1]), locale=locale) as page,
    ):
        await page.goto(f"{address}/login")
        await page.locator("[name=token]").fill(secret)
        await page.locator("form button").click()
        await expect(page.locator("h1")).to_be_visible()
        await page.goto(f"{address}/batches/{batch.id}/review?only=audit")
        await page.locator(".button.primary").click()
        await page.locator(".options label").first.click()
        await page.locator(".as-gold summary").click()
        await page.locator("[name=gold]").check()
        await page.locator("[name=explanation_en]").fill("Praise.")
        wide: Any = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        small = await page.eval_on_selector_all(
            ".options label, button, .button, textarea",
            "all => all.filter(each => each.offsetHeight < 40).map(each => each.outerHTML)",
        )
        assert small == []
        await page.locator(".button.primary").click()
        await expect(page.get_by_role("status").last).to_be_visible()
        await expect(page.locator("#gold-title")).to_be_visible()
    assert await golds_of(batch) == 1
