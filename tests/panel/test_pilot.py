"""The pilot of a batch in the panel: what it found, and going on."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from crowd.batches.cards import batch_cards
from crowd.batches.life import State, set_state
from crowd.batches.waiting import Need
from crowd.loop.leases import Way, give_back
from crowd.pilots.releasing import look_at_pilots
from db.database import Database
from kazi.drawings import needs
from kazi.drawings_of_pilots import pilot_word
from tests.browser import DESK, PHONE, open_page
from tests.database import Clock
from tests.panel.house import mark_of, panel, token, visitor
from tests.requester.panel import parts
from tests.requester.scene import Item, Worker, batch_file, given, people, posted, work
from tests.serving import serving

pytest_plugins = ("tests.browser",)


@dataclass(frozen=True)
class House:
    address: str
    batch: int
    """Its pilot waits for a person."""
    secret: str


def items(about: str, tasks: int = 70) -> list[Item]:
    return [
        *(Item(f"i{n}", f"{about} {n}") for n in range(tasks)),
        *(Item(f"g{n}", f"{about} gold {n}", "good") for n in range(20)),
    ]


def opinion(worker: Worker, text: str) -> str:
    number = int(text.rsplit(maxsplit=1)[-1])
    return "good" if "gold" in text else ("good", "bad", "neither")[(number + worker.id % 2) % 3]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(database: Database, clock: Clock, tmp_path_factory: Any) -> AsyncIterator[House]:
    path = batch_file(tmp_path_factory.mktemp("batch"), items("waits"), name="Feelings in tweets")
    batch = (await posted(database, path, owner="ada", no_pilot=None)).batch_id
    crew = await people(database, 7)
    async with database.transaction() as tx:
        for place, worker in enumerate(crew):
            country = "KE" if place < 4 else "TZ"
            await tx.run("UPDATE worker SET country = $2 WHERE id = $1", worker.id, country)
    for worker in crew:
        for _ in range(3):
            task = await given(database, worker, batch)
            assert task is not None
            async with database.transaction() as tx:
                await give_back(tx, worker.person_id, task.lease_id, Way.SKIPPED, "unclear")
    for most in (6, 8, 9, 6, 10, 7, 99):
        await work(database, clock, batch, crew, opinion, most=most)
        crew = [*crew[1:], crew[0]]
    await look_at_pilots(database)
    async with serving(panel(database)) as address:
        yield House(address, batch, await token(database, "ada", "browser"))


async def test_the_card_says_what_is_not_well_and_what_to_mend(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "reader") as client:
        page = (await client.get(f"/batches/{house.batch}")).text
        listed = (await client.get("/batches")).text
    assert "Not all is well" in page
    said = re.findall(r'<li class="is-(green|red|grey)">.*?<span class="name">(.*?)</span>', page, re.DOTALL)
    lights = {name: light for light, name in said}
    assert lights == {
        "Workers": "green", "Agreement": "red", "Golds right": "green", "Skipped": "red", "Reported": "green",
        "“I don’t know”": "green", "Pay an hour": "green",
    }  # fmt: skip
    assert "look at the instructions, the items and the price" in page
    assert "at most 15%" in page
    assert "Kenya" in page
    assert "pilot waits for you" in listed


async def test_a_list_says_which_pilots_wait_for_their_requester(
    house: House, database: Database, tmp_path: Path
) -> None:
    other = (await posted(database, batch_file(tmp_path, items("goes")), owner="ada", no_pilot=None)).batch_id
    async with visitor(house.address, database, "ada", "lister") as client:
        assert "1 batch waits for you" in (await client.get("/batches")).text
        only = (await client.get("/batches?state=waiting")).text
    assert f'href="/batches/{house.batch}#pilot"' in only
    assert f'id="batch-{other}"' not in only
    async with visitor(house.address, database, "bo", "other lister") as client:
        for page in ("/batches", "/batches?state=waiting"):
            told = (await client.get(page)).text
            assert "for you</a>" not in told.replace('aria-current="page">Waiting for you</a>', "")
            assert f'id="batch-{house.batch}"' not in told
    async with database.reading() as tx:
        ada = await tx.value("SELECT requester_id FROM batch WHERE id = $1", house.batch)
        (card,) = await batch_cards(tx, requester_id=ada, waiting=True)
    assert card.needs == (Need.PILOT,)
    assert str(pilot_word(card)) == "waits for you"
    (line,) = needs([card])
    assert f"`kazi batch pilot {house.batch}`" in str(line)


async def test_it_is_released_with_a_confirmation_and_once(database: Database, house: House, tmp_path: Path) -> None:
    path = batch_file(tmp_path, items("released"), name="Released")
    batch = (await posted(database, path, owner="ada", no_pilot=None)).batch_id
    release = f"/batches/{batch}/release"
    async with visitor(house.address, database, "ada", "releaser") as client:
        assert "Hand out all tasks…" in (await client.get(f"/batches/{batch}")).text
        page = await client.get(release)
        assert "0 of its 25 tasks are done" in page.text
        mark = mark_of(page)
        assert (await client.post(release, data={"mark": "forged"})).status_code == 403
        refused = await client.post(release, data={"mark": mark, "reason": " \u200b "})
        assert refused.status_code == 409
        for _ in range(2):
            done = await client.post(release, data={"mark": mark, "reason": "<b>known</b>"})
            assert done.status_code == 303
        after = (await client.get(f"/batches/{batch}")).text
        assert "&lt;b&gt;known&lt;/b&gt;" in after
        assert "Hand out all tasks…" not in after
        assert (await client.get(release)).status_code == 303, "nothing is left to be asked"
    async with visitor(house.address, database, "bo", "stranger") as client:
        assert (await client.get(release)).status_code == 404
    async with database.reading() as tx:
        noted = await tx.rows("SELECT FROM audit WHERE subject = $1 AND action = 'batch.released'", str(batch))
    assert len(noted) == 1


async def test_a_closed_batch_says_that_its_pilot_was_not_released(
    database: Database, house: House, tmp_path: Path
) -> None:
    batch = (
        await posted(database, batch_file(tmp_path, items("closed")), owner="ada", no_pilot=None)
    ).batch_id  # fmt: skip
    async with database.transaction() as tx:
        await set_state(tx, batch, State.CLOSED, actor="test")
    async with visitor(house.address, database, "ada", "closer") as client:
        page = (await client.get(f"/batches/{batch}")).text
    assert "closed before its pilot was released" in page
    assert "Hand out all tasks…" not in page


async def _bring(client: httpx.AsyncClient, path: Path, **more: str) -> httpx.Response:
    data = {"mark": mark_of(await client.get("/post")), "do": "check", **more}
    return await client.post("/post", data=data, files={"files": ("", b""), **parts(path)})


async def test_the_check_says_that_a_pilot_comes_and_it_can_be_waived(
    database: Database, house: House, tmp_path: Path
) -> None:
    async with visitor(house.address, database, "ada", "poster") as client:
        small = batch_file(tmp_path / "small", items("small", 30))
        assert "A pilot of" not in (await _bring(client, small)).text
        path = batch_file(tmp_path / "large", items("large"))
        page = (await _bring(client, path)).text
        assert "A pilot of 25 tasks comes first" in page
        digest = page.split('name="digest" value="', 1)[1].split('"', 1)[0]
        kept = await _bring(client, path, do="post", digest="another", no_pilot="seen <before>")
        assert 'value="seen &lt;before&gt;"' in kept.text, "what was written is not lost"
        done = await _bring(client, path, do="post", digest=digest, no_pilot=" seen before ")
        assert done.status_code == 303
        page = (await client.get(done.headers["location"])).text
    assert "There is none, for the reason given:" in page
    assert "seen before" in page


async def test_a_member_is_not_asked_for_what_only_an_owner_may(
    database: Database, house: House, tmp_path: Path
) -> None:
    path = batch_file(tmp_path, items("a member's"))
    async with visitor(house.address, database, "ada", "member", member=True) as client:
        page = (await _bring(client, path)).text
        assert "A pilot of 25 tasks comes first" in page
        assert "Without a pilot" not in page
        digest = page.split('name="digest" value="', 1)[1].split('"', 1)[0]
        refused = await _bring(client, path, do="post", digest=digest, no_pilot="in a hurry")
        assert (refused.status_code, "Nothing was posted" in refused.text) == (403, True)
        done = await _bring(client, path, do="post", digest=digest)
        batch = done.headers["location"].split("?")[0]
        page = (await client.get(f"{batch}/release")).text
        assert "Only a token of an owner" in page
        assert 'name="reason"' not in page
        mark = mark_of(await client.get("/post"))
        refused = await client.post(f"{batch}/release", data={"mark": mark, "reason": "in a hurry"})
        assert (refused.status_code, "Nothing was changed" in refused.text) == (409, True)


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_the_card_fits_each_screen(browser: Browser, house: House, size: tuple[int, int], locale: str) -> None:
    async with open_page(browser, size, locale=locale) as page:
        await page.goto(f"{house.address}/login")
        await page.locator("[name=token]").fill(house.secret)
        await page.locator("form button").last.click()
        await page.goto(f"{house.address}/batches/{house.batch}")
        await expect(page.locator("#pilot .lights li")).to_have_count(7)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.locator("#pilot .button").click()
        await expect(page.locator("form input[name=reason]")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
