"""Findings in the panel: for the house alone, in plain words, decided with a note."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from crowd.fraud.findings import findings, keep
from crowd.signals import signals
from crowd.signals.base import Finding
from db.database import Database
from tests.browser import open_page
from tests.panel.house import mark_of, panel, token, visitor
from tests.requester.scene import Item, Worker, batch_file, given, people, posted
from tests.serving import serving

pytest_plugins = ("tests.browser",)
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}"


@dataclass(frozen=True)
class House:
    address: str
    crew: tuple[Worker, ...]
    ids: dict[str, int]
    """Of the finding of each signal."""


def evidence(crew: list[Worker], tasks: list[int]) -> dict[str, Any]:
    one, two = crew[0].id, crew[1].id
    second = {str(one): 2, str(two): 21}
    rows = [{"task": task, "said": "bad", "chance": 0.124, "second": two, "seconds": 12 + task % 90} for task in tasks]
    written = [{"task": task, "said": HOSTILE, "length": 140, "seconds": 3.2, "phrase": "**"} for task in tasks]
    return {
        "copying": {
            "common": 112, "agreed": 97, "unexpected": 31, "shared": 23, "expected": 8.4, "second": second,
            "rows": rows,
        },
        "burst": {
            "how": "came", "shared": 64, "all": 80, "expected": 21.3,
            "rows": [{"task": task, "said": "bad", "times": 4, "seconds": 90} for task in tasks],
        },
        "invites": {
            "how": "invited", "shared": 31, "all": 40, "expected": 9.7,
            "rows": [{"task": task, "said": "bad", "times": 3, "seconds": 4000} for task in tasks],
        },
        "pace": {
            "how": "even", "answers": 80, "median_ms": 4000, "usual_ms": 6500, "variation": 0.02,
            "times_ms": [4000, 4012, 3990], "rows": [],
        },
        "pattern": {
            "answers": 90, "cycle": ["good", "bad"], "repeated": 88, "against": 41, "against_repeated": 41,
            "expected": 5.2, "rows": [{"task": task, "said": "good"} for task in tasks],
        },
        "pasted": {"answers": 40, "fast": 12, "phrases": 3, "expected": 0.8, "rows": written},
        "echo": {"common": 25, "shared": 14, "expected": 0.5, "second": second, "rows": [
            {"task": task, "said": HOSTILE, "second": one, "seconds": 300} for task in tasks
        ]},
        "rejected": {
            "answers": 30, "rejected": 21, "expected": 3.1,
            "rows": [{"task": task, "said": {"sound": "ab" * 32}, "word": "unclear"} for task in tasks],
        },
        "account": {"workers": 5, "of": 30, "answers": 140, "expected": 2, "rows": []},
        "of_tomorrow": {"strange": 7, "rows": []},
    }  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(database: Database, tmp_path_factory: Any) -> AsyncIterator[House]:
    items = [Item(f"i{number}", f"{HOSTILE} number {number}") for number in range(6)]
    path = batch_file(tmp_path_factory.mktemp("batch"), items, name=HOSTILE)
    batch = (await posted(database, path, owner="ada")).batch_id
    crew = await people(database, 5)
    for worker in crew:
        await given(database, worker, batch)
    async with database.transaction() as tx:
        tasks = [row["id"] for row in await tx.rows("SELECT id FROM task WHERE batch_id = $1 ORDER BY id", batch)]
        said = evidence(crew, tasks[:4])
        many = {"account": 5, "burst": 5, "copying": 2, "echo": 2, "invites": 4}
        found = {
            name: [Finding(tuple(worker.id for worker in crew[: many.get(name, 1)]), 6.2, 23.0, seen)]
            for name, seen in said.items()
        }
        await keep(tx, batch, found, rate=0.005, answers=600, look=1)
        ids = {card.signal: card.id for card in await findings(tx)}
    async with serving(panel(database)) as address:
        yield House(address, tuple(crew), ids)


def test_every_signal_has_its_words(house: House) -> None:
    assert set(signals()) == set(house.ids) - {"of_tomorrow"}


async def test_findings_are_for_the_house_alone(house: House, database: Database) -> None:
    one = house.ids["copying"]
    async with visitor(house.address, database, "ada", "curious") as client:
        mark = mark_of(await client.get("/batches"))
        assert "/findings" not in (await client.get("/batches")).text
        for address in ("/findings", f"/findings/{one}", f"/findings/{2**62}"):
            assert (await client.get(address)).status_code == 404
        form = {"mark": mark, "do": "pause", "note": "mine", "worker": str(house.crew[0].id)}
        assert (await client.post(f"/findings/{one}", data=form)).status_code == 404
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM track WHERE paused_at IS NOT NULL") == 0


async def test_pages_say_what_was_seen_and_hostile_texts_stay_text(house: House, database: Database) -> None:
    async with visitor(house.address, database, "house", "reader") as client:
        listed = (await client.get("/findings")).text
        assert "1 in 1,000,000" in listed
        for signal, finding_id in house.ids.items():
            page = await client.get(f"/findings/{finding_id}")
            assert page.status_code == 200, signal
            assert f'href="/findings/{finding_id}"' in listed
            assert "<script>alert" not in page.text
            assert house.crew[0].pseudonym in page.text
            assert str(house.crew[0].person_id) not in page.text
        copying = (await client.get(f"/findings/{house.ids['copying']}")).text
        assert "112 tasks in common" in copying
        assert "about 8.4 were to be expected" in copying
        for lost in ("x", "9" * 30, "0"):
            assert (await client.get(f"/findings/{lost}")).status_code == 404


async def test_a_form_needs_its_mark_a_note_and_somebody(house: House, database: Database) -> None:
    page = f"/findings/{house.ids['pace']}"
    async with visitor(house.address, database, "house", "hasty") as client:
        mark = mark_of(await client.get(page))
        assert (await client.post(page, data={"do": "dismiss", "note": "no mark"})).status_code == 403
        for said, wrong in (
            ({"note": " "}, "note"),
            ({"note": "so"}, "nobody"),
            ({"note": "so", "worker": "x"}, "nobody"),
        ):
            answer = await client.post(page, data={"mark": mark, "do": "pause", **said})
            assert answer.headers["location"].endswith(f"?refused={wrong}")
        await client.post(page, data={"mark": mark, "do": "dismiss", "note": "a practised worker"})
        again = await client.post(page, data={"mark": mark, "do": "dismiss", "note": "again"})
        assert again.headers["location"].endswith("?refused=decided")
        assert "a practised worker" in (await client.get(page)).text
        assert page in (await client.get("/findings", params={"state": "dismissed"})).text


async def test_a_finding_is_decided_in_the_browser(house: House, browser: Browser, database: Database) -> None:
    secret = await token(database, "house", "browser of findings")
    async with open_page(browser, (360, 740)) as page:
        await page.goto(f"{house.address}/login")
        await page.get_by_label("API token").fill(secret)
        await page.get_by_role("button", name="Log in").click()
        await page.get_by_role("link", name="Findings").click()
        await page.get_by_role("link", name="Two accounts with the same unexpected answers").click()
        await page.get_by_label("Why").fill("same wrong answers, twelve seconds apart")
        await page.get_by_label(house.crew[1].pseudonym).check()
        await page.get_by_role("button", name="Pause those chosen").click()
        await expect(page.locator(".chip.is-paused")).to_have_count(1)
        await page.get_by_label("Why").fill("one phone, two brothers")
        await page.get_by_role("button", name="Dismiss and end the pause").click()
        await expect(page.locator(".chip.is-paused")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
async def test_pages_fit_a_narrow_phone(house: House, browser: Browser, database: Database, locale: str) -> None:
    secret = await token(database, "house", f"narrow {locale}")
    async with open_page(browser, (360, 740), locale=locale) as page:
        await page.goto(f"{house.address}/login")
        await page.locator("input[name=token]").fill(secret)
        await page.locator("form button").click()
        await page.wait_for_url("**/batches")
        for address in ("/findings", *(f"/findings/{each}" for each in house.ids.values())):
            await page.goto(house.address + address)
            wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, address
