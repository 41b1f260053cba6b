"""The panel as a requester meets it: in a real browser, on a desk and on a phone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from admin.i18n import locales
from crowd.loop.leases import Way, give_back
from db.database import Database
from tests.browser import DESK, PHONE, open_page
from tests.database import Clock
from tests.panel.house import PAGES, panel, token
from tests.requester.scene import Item, batch_file, given, people, posted, work
from tests.serving import serving

pytest_plugins = ("tests.browser",)

LONG = "Mtumiajiwasimujanjaaliyeandikamanenoyotepamojabilanafasihatamoja" * 3


@dataclass(frozen=True)
class House:
    address: str
    batch: int
    secret: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(database: Database, clock: Clock, tmp_path_factory: Any) -> AsyncIterator[House]:
    items = [Item(f"i{number}", f"{LONG} {number}") for number in range(12)]
    path = batch_file(
        tmp_path_factory.mktemp("batch"), items, name=LONG[:80], instructions={"ar": "اقرأ الجملة", "en": LONG}
    )
    batch = (await posted(database, path, owner="ada", fee_ppm=33_333)).batch_id
    crew = await people(database, 4)
    await work(database, clock, batch, crew[:2], lambda _, text: "bad" if text.endswith("7") else "good", most=15)
    task = await given(database, crew[3], batch)
    assert task is not None
    async with database.transaction() as tx:
        await give_back(tx, crew[3].person_id, task.lease_id, Way.REPORTED, LONG)
    secret = await token(database, "ada", "browser")
    async with serving(panel(database)) as address:
        yield House(address, batch, secret)


async def _log_in(page: Page, house: House) -> None:
    await page.goto(f"{house.address}/login")
    await page.get_by_label("API token").fill(house.secret)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", name="Batches", exact=True)).to_be_visible()


async def test_a_batch_fills_before_ones_eyes(
    browser: Browser, house: House, database: Database, clock: Clock, tmp_path: Path
) -> None:
    path = batch_file(tmp_path, [Item(str(number), f"text {number}") for number in range(4)], name="Filling")
    batch = (await posted(database, path, owner="ada")).batch_id
    async with open_page(browser, DESK) as page:
        await _log_in(page, house)
        card = page.locator(f"#batch-{batch}")
        await expect(card).to_contain_text("0 of 4 tasks settled")
        await page.evaluate("window.untouched = true")
        height = await card.evaluate("card => card.offsetHeight")
        await work(database, clock, batch, await people(database, 2), lambda _worker, _text: "good")
        await expect(card).to_contain_text("4 of 4 tasks settled")
        await expect(card.locator("progress")).to_have_js_property("value", 4)
        assert await page.evaluate("window.untouched"), "the page was not loaded anew"
        notice = await card.locator(".notice").evaluate("notice => notice.offsetHeight")
        grown = await card.evaluate("card => card.offsetHeight") - height
        assert grown <= notice + 16, "nothing but the new notice moved"


async def test_what_is_open_stays_open_while_labels_come(
    browser: Browser, house: House, database: Database, clock: Clock, tmp_path: Path
) -> None:
    path = batch_file(tmp_path, [Item(str(number), f"text {number}") for number in range(4)], name="Opened")
    batch = (await posted(database, path, owner="ada")).batch_id
    crew = await people(database, 2)
    await work(database, clock, batch, crew[:1], lambda _worker, _text: "good")
    await work(database, clock, batch, crew[1:], lambda _worker, _text: "good", most=1)
    async with open_page(browser, DESK) as page:
        await _log_in(page, house)
        await page.goto(f"{house.address}/batches/{batch}")
        answers = page.locator("#latest details").first
        item = page.locator("#latest li", has=page.locator("details[open]"))
        await answers.locator("summary").click()
        await expect(item).to_have_count(1)
        text = await item.locator(".text").inner_text()
        await work(database, clock, batch, crew[1:], lambda _worker, _text: "good")
        await expect(page.locator("#latest details")).to_have_count(4)
        await expect(item).to_have_count(1)
        assert await item.locator(".text").inner_text() == text
        await expect(page.locator("#progress")).to_contain_text("4 of 4")


@pytest.mark.parametrize("dark", [False, True])
async def test_the_page_is_usable_at_390_pixels(browser: Browser, house: House, dark: bool) -> None:
    addresses = ["/batches", "/workers", "/money", "/post", *(f"/batches/{house.batch}{page}" for page in PAGES)]
    async with open_page(browser, PHONE, dark=dark) as page:
        await page.goto(f"{house.address}/login")
        assert await _overflow(page) <= 0
        await _log_in(page, house)
        for address in addresses:
            await page.goto(house.address + address)
            assert await _overflow(page) <= 0, address
            small = await page.eval_on_selector_all(
                "button, .button, .places a, input:not([type=hidden])",
                "all => all.filter(each => each.offsetHeight && each.offsetHeight < 40).map(each => each.outerHTML)",
            )
            assert small == [], address
            assert await _pale(page) == [], address


@pytest.mark.parametrize("locale", locales())
async def test_nothing_is_cut_at_360_pixels_in_any_language(browser: Browser, house: House, locale: str) -> None:
    async with open_page(browser, (360, 760), locale=locale) as page:
        await page.goto(f"{house.address}/login")
        await page.locator("[name=token]").fill(house.secret)
        await page.locator("main button").click()
        for address in ("/batches", f"/batches/{house.batch}", "/workers", "/money", "/post"):
            await page.goto(house.address + address)
            assert await _overflow(page) <= 0, address
            cut = await page.eval_on_selector_all(
                ".places span, .share, .button, button, h1, dd",
                "all => all.filter(each => each.scrollWidth > each.clientWidth + 1"
                " && getComputedStyle(each).display !== 'inline').map(each => each.textContent)",
            )
            assert cut == [], address


async def _overflow(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


_PALE = """() => {
    const parse = (colour) => colour.match(/[0-9.]+/g).map(Number);
    const light = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const found = [];
    for (const element of document.querySelectorAll("body *")) {
        const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim());
        if (!text || !element.offsetParent) continue;
        const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) found.push(`${contrast.toFixed(2)} ${element.outerHTML.slice(0, 200)}`);
    }
    return found;
}"""


async def _pale(page: Page) -> list[str]:
    """Texts whose contrast is below WCAG's AA."""
    found: list[str] = await page.evaluate(_PALE)
    return found


async def test_everything_can_be_reached_with_the_keyboard(browser: Browser, house: House) -> None:
    async with open_page(browser, DESK) as page:
        await _log_in(page, house)
        await page.keyboard.press("Tab")
        await expect(page.get_by_text("Skip to the content")).to_be_focused()
        unnamed = await page.eval_on_selector_all(
            "a, button, input:not([type=hidden]), progress, iframe",
            "all => all.filter(each => !(each.textContent.trim() || each.ariaLabel || each.title"
            " || each.labels?.length)).map(each => each.outerHTML)",
        )
        assert unnamed == []


def _broken(folder: Path) -> Path:
    path = batch_file(folder, [Item("1", "one", "no such option"), Item("1", ""), Item("3", "<img src=x>")])
    path.write_text(path.read_text().replace("price: '0.02'", "price: '0.02'\npirce: 3"))
    return path


async def _choose(page: Page, path: Path) -> None:
    await page.get_by_label("Batch file").set_input_files(path)
    await page.get_by_label("Items .csv").set_input_files(path.parent / "items.csv")
    await page.get_by_role("button", name="Check the files").click()


async def test_a_broken_file_shows_every_problem_and_posts_nothing(
    browser: Browser, house: House, database: Database, tmp_path: Path
) -> None:
    async def batches() -> int:
        async with database.reading() as tx:
            return int(await tx.value("SELECT count(*) FROM batch"))

    before = await batches()
    async with open_page(browser, DESK) as page:
        await _log_in(page, house)
        await page.goto(f"{house.address}/post")
        await _choose(page, _broken(tmp_path / "misspelt"))
        problem = page.locator(".problems li", has_text="pirce")
        await expect(problem).to_contain_text("batch.yaml")
        await expect(problem).to_contain_text("line ")
        await expect(problem).to_contain_text("column 1")
        await _choose(page, batch_file(tmp_path / "items", [Item("1", "a", "none"), Item("1", ""), Item("3", "b")]))
        for wrong in ("none", "empty", "“1”"):
            await expect(page.locator(".problems")).to_contain_text(wrong)
        await expect(page.locator(".problems li").filter(has_text="items.csv")).not_to_have_count(0)
        await expect(page.get_by_role("button", name="Post it")).to_have_count(0)
    assert await batches() == before


async def test_a_good_file_is_posted_once_its_price_was_seen(
    browser: Browser, house: House, database: Database, tmp_path: Path
) -> None:
    items = [Item(str(number), f"sentence {number}", "good" if number > 3 else "") for number in range(24)]
    path = batch_file(tmp_path, items, name="Seen and posted", title={"en": "A fine title"})
    async with open_page(browser, DESK) as page:
        await _log_in(page, house)
        for greeting in ("Posted.", "You had posted this very batch before"):
            await page.goto(f"{house.address}/post")
            await _choose(page, path)
            look = page.locator(".look")
            await expect(look).to_contain_text("sentence")
            await expect(look).to_contain_text("A fine title")
            await expect(look.locator(".keys li")).to_have_text(["Good", "Bad", "Neither", "🤷 Sijui", "⏭ Ruka", "⋯"])
            await page.get_by_role("button", name="Post it for US$1.008").click()
            await expect(page.get_by_role("heading", name="Seen and posted")).to_be_visible()
            await expect(page.get_by_role("status").first).to_contain_text(greeting)
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM batch WHERE name = 'Seen and posted'") == 1


async def test_files_that_change_after_the_check_are_not_posted(
    browser: Browser, house: House, database: Database, tmp_path: Path
) -> None:
    path = batch_file(tmp_path, [Item("1", "one")], name="Changed")
    async with open_page(browser, DESK, forgive=("422",)) as page:
        await _log_in(page, house)
        await page.goto(f"{house.address}/post")
        await _choose(page, path)
        await expect(page.get_by_role("button", name="Post it")).to_be_visible()
        await page.evaluate("document.querySelector('[name=digest]').value = '00'")
        await page.get_by_role("button", name="Post it").click()
        await expect(page.get_by_text("not those that were checked")).to_be_visible()
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM batch WHERE name = 'Changed'") == 0


async def test_a_lost_connection_is_told_and_mended(browser: Browser, house: House) -> None:
    async with open_page(browser, PHONE, forgive=("ERR_INTERNET_DISCONNECTED",)) as page:
        await _log_in(page, house)
        await page.context.set_offline(True)
        await expect(page.locator("#stale")).to_be_visible()
        await page.context.set_offline(False)
        await expect(page.locator("#stale")).to_be_hidden()


async def test_the_phone_stands_beside_the_batches(browser: Browser, house: House, database: Database) -> None:
    phone = f"{house.address}/health"  # any page of another origin
    demo = panel(database, demo_phone_url=phone, demo_key="key")
    async with serving(demo) as address:
        async with open_page(browser, DESK, forgive=("frame-ancestors", "chrome-error")) as page:
            await page.goto(f"{address}/demo?key=key")
            await expect(page.locator(".phone iframe")).to_be_in_viewport()
            assert await page.locator(".phone iframe").get_attribute("src") == phone
            await expect(page.locator("#batches")).to_be_in_viewport()
        async with open_page(browser, PHONE, forgive=("frame-ancestors", "chrome-error")) as page:
            await page.goto(f"{address}/demo?key=key")
            await expect(page.locator(".phone")).to_be_hidden()
            await page.get_by_role("link", name="Open the phone").click()
            await expect(page.locator(".phone iframe")).to_be_in_viewport()
            await page.get_by_role("link", name="Back to the batches").click()
            await expect(page.locator(".phone")).to_be_hidden()
