"""What the requester sees of a flag, and says about it: panel, REST and the command line."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.i18n.tongue import tongue
from bot.views.notices import notice_screen
from crowd.outbox import Notice
from crowd.parity.flags import parity_of
from crowd.parity.looking import look_at
from db.database import Database
from tests.browser import DESK, open_page
from tests.crowd.scene import Batch
from tests.panel.house import mark_of, panel, token, visitor
from tests.parity.scene import crews_at_work, two_languages
from tests.requester.panel import client
from tests.requester.test_commands import Kazi, kazi
from tests.serving import serving

__all__ = ["kazi"]
pytest_plugins = ("tests.browser",)


@dataclass(frozen=True)
class House:
    address: str
    batch: int
    """With a flag that stands, and is let stand."""
    secret: str


async def flagged(database: Database, folder: Path, owner: str = "ada", **spec: Any) -> Batch:
    batch = await two_languages(database, folder, owner=owner, **spec)
    await crews_at_work(database, batch)
    await look_at(database, batch.id)
    return batch


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(database: Database, tmp_path_factory: Any) -> AsyncIterator[House]:
    long = {"en": "Say what it is. " * 20, "ha": "Faɗi akasin abin da yake " + "a" * 80}
    batch = await flagged(database, tmp_path_factory.mktemp("batch"), instructions=long, name="Feelings in tweets")
    async with serving(panel(database)) as address:
        yield House(address, batch.id, await token(database, "ada", "browser"))


async def test_the_page_shows_the_difference_and_both_texts(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "reader") as page:
        told = (await page.get(f"/batches/{house.batch}")).text
        listed = (await page.get("/batches?state=waiting")).text
    assert "Look at the instructions first: Hausa" in told
    assert "of the same golds right, others 100%" in told
    assert "Chance alone makes so large a difference once in" in told
    assert "They are paid as always" in told
    assert told.count("Faɗi akasin abin da yake") == 2, "beside the others, and where all are"
    assert f'href="/batches/{house.batch}#parity"' in listed


async def test_it_is_ended_by_words_and_once(house: House, database: Database, tmp_path: Path) -> None:
    batch = await flagged(database, tmp_path)
    await batch.run(
        """
        INSERT INTO parity (batch_id, language, measure, here, elsewhere, p, workers, answers, others, raised_at,
                            looked_at)
        SELECT $1, 'ha', more.measure, more.here, more.elsewhere, 0.00001, 7, 40, 7, raised_at, looked_at
        FROM parity, (VALUES ('time', 9000.0, 4500.0), ('skips', 0.25, 0.05)) AS more (measure, here, elsewhere)
        WHERE batch_id = $1
        """,
        batch.id,
    )
    path = f"/batches/{batch.id}/parity"
    said = {"language": "ha", "do": "sound", "reason": "<b>they were</b> new to it"}
    async with visitor(house.address, database, "ada", "ender") as page:
        shown = await page.get(f"/batches/{batch.id}")
        mark = mark_of(shown)
        assert "An answer takes them 9 sec, and others 4.5 sec." in shown.text
        assert "They pass over 25% of the golds they meet, others 5%. That chance alone" in shown.text
        assert (await page.post(path, data={**said, "mark": "forged"})).status_code == 403
        for wrong in ({"reason": " \u200b"}, {"language": "\0en"}, {"language": "xx"}):
            refused = await page.post(path, data={**said, **wrong, "mark": mark})
            assert refused.status_code == 409
        assert (await page.post(path, data={**said, "do": "other", "mark": mark})).status_code == 303
        async with database.reading() as tx:
            assert (await parity_of(tx, batch.id)).flagged == ("ha",)
        assert (await page.post(path, data={**said, "mark": mark})).status_code == 303
        assert (await page.post(path, data={**said, "mark": mark})).status_code == 409
        told = (await page.get(f"/batches/{batch.id}")).text
    assert "It was not the instructions." in told
    assert "&lt;b&gt;they were&lt;/b&gt; new to it" in told
    assert "Look at the instructions first" not in told
    async with visitor(house.address, database, "bo", "stranger") as page:
        mark = mark_of(await page.get("/post"))
        assert (await page.post(path, data={**said, "mark": mark})).status_code == 404
    async with database.reading() as tx:
        row = await tx.row(
            "SELECT actor, detail FROM audit WHERE subject = $1 AND action = 'parity.end'", str(batch.id)
        )
    assert row is not None
    assert (row["actor"], row["detail"]["outcome"]) == ("ada/ender (panel)", "sound")


async def test_rest_tells_of_it_and_ends_it(house: House, database: Database, tmp_path: Path) -> None:
    batch = await flagged(database, tmp_path)
    async with client(house.address, await token(database, "ada", "api")) as api:
        assert (await api.get(f"/batches/{batch.id}")).json()["waits_for"] == ["parity"]
        found = (await api.get(f"/batches/{batch.id}/parity")).json()
        (flag,) = found["flags"]
        assert (flag["language"], flag["measure"], flag["freezes"], flag["elsewhere"]) == ("ha", "accuracy", True, 1.0)
        departs = [(each["language"], each["measure"]) for each in found["compared"] if each["departs"]]
        assert departs == [("ha", "accuracy")]
        path = f"/batches/{batch.id}/parity/ha"
        for wrong in ({"outcome": "faded", "reason": "x"}, {"outcome": "mended"}, {"outcome": "mended", "reason": ""}):
            assert (await api.post(path, json=wrong)).status_code == 422
        assert (await api.post(path, json={"outcome": "mended", "reason": " \n "})).status_code == 409
        assert (await api.post(f"/batches/{batch.id}/parity/en", json={"outcome": "sound", "reason": "x"})).is_error
        ended = (await api.post(path, json={"outcome": "mended", "reason": "told them"})).json()
        assert (ended["flags"][0]["outcome"], ended["flags"][0]["freezes"]) == ("mended", False)
        assert (await api.post(path, json={"outcome": "mended", "reason": "told them"})).status_code == 409
        assert (await api.get(f"/batches/{batch.id}")).json()["waits_for"] == []
    async with client(house.address, await token(database, "bo", "api")) as api:
        assert (await api.get(f"/batches/{batch.id}/parity")).status_code == 404


async def test_the_command_shows_and_ends_it(kazi: Kazi, database: Database, tmp_path: Path) -> None:
    batch = await flagged(database, tmp_path, "house")
    number = str(batch.id)
    shown = (await kazi("batch", "show", number)).stdout
    assert "golds right" in shown
    assert f"kazi batch parity {number}" in " ".join(shown.split())
    assert f"kazi batch parity {number}" in " ".join((await kazi("batch", "list", "--waiting")).stdout.split())
    told = (await kazi("batch", "parity", number)).stdout
    assert "scores of who read it are frozen here" in " ".join(told.split())
    as_json = json.loads((await kazi("batch", "parity", number, "--json")).stdout)
    assert as_json["flags"][0]["language"] == "ha"
    refused = await kazi("batch", "parity", number, "--end", "ha", code=1)
    assert "the audit log keeps it" in refused.output
    done = await kazi("batch", "parity", number, "--end", "ha", "--as", "mended", "--reason", "a new text")
    assert "a new text" in " ".join(done.stdout.split())


def test_who_is_not_paused_any_more_is_told_why() -> None:
    content = {"title": {"ha": "Ji <b>"}, "name": "Feelings"}
    screen = notice_screen(tongue("ha"), Notice(1, 2, "ha", "parity", content, 1, wanted=True))
    assert "“Ji &lt;b&gt;”" in screen.text
    assert len(screen.buttons) == 1


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
@pytest.mark.parametrize("size", [(360, 740), DESK], ids=["phone", "desk"])
async def test_the_card_fits_each_screen(browser: Browser, house: House, size: tuple[int, int], locale: str) -> None:
    async with open_page(browser, size, locale=locale) as page:
        await page.goto(f"{house.address}/login")
        await page.locator("[name=token]").fill(house.secret)
        await page.locator("form button").last.click()
        await page.goto(f"{house.address}/batches/{house.batch}")
        await expect(page.locator("#parity .flagged form button")).to_have_count(2)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
