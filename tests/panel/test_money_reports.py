"""Reports on money: the page, its plot and its files, by REST, and on the command line; each sees what is theirs."""

import asyncio
import csv
import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import polars as pl
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from admin.i18n import locales
from admin.web.plot import HEIGHT, WIDTH, nice, plot
from crowd.reports import report as reporting
from db.database import Database, Tx
from tests.browser import DESK, PHONE, open_page
from tests.crowd.test_reports import answer_in, batch_of, go_to
from tests.database import Clock
from tests.panel.house import mark_of, panel, token, visitor
from tests.panel.test_in_a_browser import _overflow, _pale
from tests.requester.panel import client
from tests.requester.scene import people
from tests.requester.test_commands import Kazi, kazi
from tests.serving import serving

pytest_plugins = ("tests.browser",)
__all__ = ["kazi"]

PAGE = "/money/reports"
JULY, AUGUST = date(2031, 7, 1), date(2031, 8, 1)


@dataclass(frozen=True)
class Scene:
    address: str
    hers: int
    his: int
    """Batches of ada and bob."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(database: Database, clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("reports")
    go_to(clock, datetime(2031, 7, 31, 12, tzinfo=UTC))
    hers = await batch_of(database, folder, "ada", tasks=20, name="=1+1 <b>Ada</b>")
    his = await batch_of(database, folder, "bob", name="Bob’s")
    for worker in await people(database, 4):
        await answer_in(hers, clock, worker, 360, 360)
        await answer_in(his, clock, worker, 36)
    go_to(clock, datetime(2031, 8, 2, tzinfo=UTC))
    async with serving(panel(database)) as address:
        yield Scene(address, hers.id, his.id)


async def test_a_requester_sees_their_own_and_the_house_sees_all(scene: Scene, database: Database) -> None:
    async with visitor(scene.address, database, "ada", "own") as ada:
        page = (await ada.get(f"{PAGE}?month=2031-07")).text
        assert f'id="batch-{scene.hers}"' in page
        assert f'id="batch-{scene.his}"' not in page
        assert "&lt;b&gt;Ada" in page
        assert "Trial balance" not in page
        assert 'href="/money/reports"' in (await ada.get("/money")).text
        for table in ("house", "balance"):
            assert (await ada.get(f"{PAGE}/{table}.csv")).status_code == 404
        assert (await ada.get(f"{PAGE}/batches.exe")).status_code == 404
        assert (await ada.get(f"{PAGE}?month=nonsense")).status_code == 200
        rows = list(csv.DictReader(io.StringIO((await ada.get(f"{PAGE}/batches.csv")).text.lstrip("\ufeff"))))
        assert {row["batch"] for row in rows} == {str(scene.hers)}
        assert {row["name"] for row in rows} == {"'=1+1 <b>Ada</b>"}
        july = list(csv.DictReader(io.StringIO((await ada.get(f"{PAGE}/batches.csv?month=2031-07")).text[1:])))
        assert [(row["month"], row["spent"], row["hourly_median"]) for row in july] == [("2031-07", "8.00", "10.00")]
    async with visitor(scene.address, database, "house", "all") as house:
        page = (await house.get(f"{PAGE}?month=2031-07")).text
        assert f'id="batch-{scene.hers}"' in page
        assert f'id="batch-{scene.his}"' in page
        frame = pl.read_parquet(io.BytesIO((await house.get(f"{PAGE}/house.parquet")).content))
        assert frame.filter(month="2031-07")["spent"].to_list() == ["12.00"]
    async with httpx.AsyncClient(verify=False, base_url=scene.address) as nobody:
        assert (await nobody.get(PAGE)).status_code == 303
        assert (await nobody.get(f"{PAGE}/batches.csv")).status_code == 303


async def test_the_plot_and_the_table_beside_it_say_the_same(scene: Scene, database: Database) -> None:
    async with visitor(scene.address, database, "ada", "plot") as ada:
        page = (await ada.get(PAGE)).text
    section = page[page.index('id="months-USD"') : page.index('id="in-month"')]
    bars = re.findall(r"<title>([^:]+): ([^<]+)</title>", section)
    assert bars == [("July 2031", "$8.00"), ("August 2031", "$0.00")]
    (row,) = (row for row in section.split("<tr")[1:] if "July 2031" in row)
    assert re.search(r'data-label="Earned">\$8\.00<', row)


async def test_by_rest_the_report_is_the_same_and_nobody_elses(scene: Scene, database: Database) -> None:
    async with client(scene.address, await token(database, "ada", "rest")) as ada:
        told = (await ada.get("/reports/money", params={"month": "2031-07"})).json()
        assert [(each["batch"], each["amounts"]["spent"]) for each in told["batches"]] == [(scene.hers, "8.00")]
        assert told["batches"][0]["hourly"] == {"workers": 4, "median": "10.00", "p10": "10.00"}
        assert [(each["language"], each["country"], each["hourly"]["workers"]) for each in told["pay"]] == [
            ("sw", None, 4)
        ]
        assert told["house"] == told["balance"] == []
        for table in ("house", "balance"):
            assert (await ada.get(f"/reports/money/{table}")).status_code == 404
        refused = await ada.get("/reports/money", params={"batch": scene.his})
        assert (refused.status_code, refused.json()["detail"]) == (404, f"You have no batch {scene.his}.")
        assert (await ada.get("/reports/money/pay", params={"batch": scene.his})).status_code == 404
        assert (await ada.get("/reports/money", params={"month": "2031-13"})).status_code == 422
        lines = (await ada.get("/reports/money/batches", params={"format": "jsonl"})).text.splitlines()
        assert {json.loads(line)["batch"] for line in lines} == {scene.hers}
    async with client(scene.address, await token(database, "house", "rest")) as house:
        everything = (await house.get("/reports/money")).json()
        assert {scene.hers, scene.his} <= {each["batch"] for each in everything["batches"]}
        assert sum(float(line["balance"]) for line in everything["balance"]) == 0


async def test_on_the_command_line(scene: Scene, kazi: Kazi, tmp_path: Path) -> None:
    said = (await kazi("report")).stdout
    for title in ("The house", "Batches", "What an hour earned", "Trial balance, USD"):
        assert title in said
    path = tmp_path / "report.csv"
    await kazi("report", "--month", "2031-07", "--csv", "--requester", "ada", "-o", str(path))
    (row,) = csv.DictReader(io.StringIO(await asyncio.to_thread(path.read_text, "utf-8-sig")))
    assert (row["batch"], row["spent"], row["funded"]) == (str(scene.hers), "8.00", "22.00")
    told = json.loads((await kazi("report", "--batch", str(scene.his), "--json")).stdout)
    assert {each["batch"] for each in told["batches"]} == {scene.his}
    balance = (await kazi("report", "--csv", "--table", "balance")).stdout
    assert balance.splitlines()[-1].startswith("USD,sum,")
    assert balance.splitlines()[-1].endswith(",0.00")
    assert "write one as 2026-11" in (await kazi("report", "--month", "July", code=1)).output
    assert "you have no batch" in (await kazi("report", "--batch", "999999", code=1)).output
    assert "no requester" in (await kazi("report", "--requester", "nobody", code=1)).output


async def test_what_takes_too_long_is_given_up_with_a_word(
    scene: Scene, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forever(tx: Tx, *_: object) -> None:
        await tx.run("SELECT pg_sleep(60)")

    monkeypatch.setattr(reporting, "LONGEST_S", 0.02)
    monkeypatch.setattr(reporting, "released", forever)
    async with visitor(scene.address, database, "ada", "long") as ada:
        given_up = await ada.get(PAGE)
        assert given_up.status_code == 503
        assert "this takes too long" in given_up.text
        assert (await ada.get(f"{PAGE}/batches.csv")).status_code == 503
    async with client(scene.address, await token(database, "ada", "long too")) as ada:
        assert (await ada.get("/reports/money")).status_code == 503


async def test_the_house_keeps_rates_on_the_page_of_money(scene: Scene, database: Database) -> None:
    async def send(client: httpx.AsyncClient, **data: str) -> httpx.Response:
        return await client.post("/money/rates", data={"mark": mark_of(await client.get("/money")), **data})

    async with visitor(scene.address, database, "house", "rates") as house:
        wrong = await send(house, currency="KES", value="-1", source="<b>the bank</b>")
        assert wrong.status_code == 409
        assert "the dollars that one unit is worth" in wrong.text
        assert (await send(house, currency="kes", value="0.0077", source="<b>the bank</b>")).status_code == 303
        page = (await house.get("/money")).text
        assert "0.0077" in page
        assert "&lt;b&gt;the bank" in page
        assert "house/rates (panel)" in page
    async with visitor(scene.address, database, "ada", "rates") as ada:
        assert "Rates for display" not in (await ada.get("/money")).text
        assert (await send(ada, currency="KES", value="1", source="ada")).status_code == 404


async def test_rates_on_the_command_line(scene: Scene, kazi: Kazi) -> None:
    said = (await kazi("rates", "set", "tzs", "0.0004", "--source", "the central bank", "--by", "juma")).stdout
    assert "1 TZS is about 0.0004 USD" in said
    listed = (await kazi("rates", "list")).stdout
    assert "the central bank" in listed
    assert "juma (command)" in listed
    assert "no currency" in (await kazi("rates", "set", "USD", "1", "--source", "me", code=1)).output


@pytest.mark.parametrize("dark", [False, True])
async def test_the_page_is_usable_at_390_pixels(browser: Browser, scene: Scene, database: Database, dark: bool) -> None:
    await _look(browser, scene, await token(database, "house", f"phone {dark}"), PHONE, "en-GB", dark=dark)


@pytest.mark.parametrize("locale", locales())
async def test_nothing_is_cut_at_360_pixels_in_any_language(
    browser: Browser, scene: Scene, database: Database, locale: str
) -> None:
    await _look(browser, scene, await token(database, "house", f"small {locale}"), (360, 760), locale)


async def test_in_arabic_time_runs_from_right_to_left(browser: Browser, scene: Scene, database: Database) -> None:
    async with open_page(browser, DESK, locale="ar") as page:
        await _enter(page, scene, await token(database, "house", "right to left"))
        places = await page.eval_on_selector_all(
            "#months-USD .bars rect.sure, #months-USD .months li",
            "all => all.map(each => each.getBoundingClientRect()).map(box => box.left + box.width / 2)",
        )
        bars, names = places[: len(places) // 2], places[len(places) // 2 :]
        assert bars == sorted(bars, reverse=True)
        assert names == sorted(names, reverse=True)
        slot = names[0] - names[1]
        assert all(abs(bar - name) < slot / 2 for bar, name in zip(bars, names, strict=True)), "each below its own bars"


async def _enter(page: Page, scene: Scene, secret: str) -> None:
    await page.goto(f"{scene.address}/login")
    await page.locator("[name=token]").fill(secret)
    await page.locator("main button").click()
    await page.goto(f"{scene.address}{PAGE}?month=2031-07")


async def _look(
    browser: Browser, scene: Scene, secret: str, size: tuple[int, int], locale: str, *, dark: bool = False
) -> None:
    async with open_page(browser, size, locale=locale, dark=dark) as page:
        await _enter(page, scene, secret)
        for address in (f"{PAGE}?month=2031-07", "/money"):
            await page.goto(scene.address + address)
            assert await _overflow(page) <= 0, address
            assert await _pale(page) == [], address


@pytest.mark.unit
def test_bars_stand_within_the_plot_and_on_its_scale() -> None:
    drawn = plot("USD", [(JULY, (30, 12)), (AUGUST, (0, -5))])
    assert drawn.top == 30
    assert drawn.months == (JULY, AUGUST)
    assert [bar.height for bar in drawn.bars] == [HEIGHT, 40, 0, 0]
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH and bar.y + bar.height == HEIGHT for bar in drawn.bars)
    assert drawn.bars[0].x + drawn.bars[0].width <= drawn.bars[1].x
    assert plot("USD", []).bars == ()
    assert [nice(most) for most in (0, 1, 7, 9, 10, 11, 99, 101, 2_678_400_000)] == [
        1, 1, 8, 10, 10, 20, 100, 200, 3_000_000_000,
    ]  # fmt: skip
