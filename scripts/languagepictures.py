"""Takes the pictures in docs/pictures/languages/: a task and the earnings in each script, by way of a real bot.

`python -m scripts.languagepictures [LOCALE …]`. What the task says is taken from the bot's own catalogs.
"""

import asyncio
import csv
import sys
from pathlib import Path

import aiohttp
import yaml
from playwright.async_api import Browser, ViewportSize, async_playwright

from bench.batches import post_to
from bench.hands import Hands
from bench.house import House, running_house
from bot.i18n.tongue import tongue
from db.database import Database, connected
from sandbox.workers import Phone
from scripts.kindpictures import seen, small
from scripts.pictures import FLAGS, PICTURES, ROOT, chromium

LOCALES = "ar fa ur am hi mr ne bn pa gu ta te si my km lo th ko zh_Hans".split()  # noqa: SIM905
_PHONE = ViewportSize(width=360, height=1600)
_SHARP = 1.25


def main(names: list[str]) -> None:
    """Show these locales, or all that are not in Latin or Cyrillic letters."""
    (PICTURES / "languages").mkdir(exist_ok=True)
    with running_house() as house:
        house.start_bot()
        asyncio.run(_take_all(house, names or LOCALES))


async def _take_all(house: House, locales: list[str]) -> None:
    async with (
        connected(house.server.dsn, name="pictures") as database,
        aiohttp.ClientSession() as http,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for locale in locales:
            await _take(house, database, http, browser, locale)
        await browser.close()


async def _take(house: House, database: Database, http: aiohttp.ClientSession, browser: Browser, locale: str) -> None:
    code = locale.replace("_", "-")
    batch_id = (await post_to(database, _written(house.folder / locale, locale))).batch_id
    phone = await Phone.buy(http, house.sandbox, first_name="Neema", language_code=code)
    hands = Hands(phone, database, lambda _: ("photo", b"", ""))
    await hands.join(code, locale)
    await hands.begin(batch_id)
    task = await hands.task()
    assert task is not None
    first = hands.screen.message_id
    await hands.act(task, task.turns("yes")[0])
    await phone.send("/earnings")
    context = await browser.new_context(viewport=_PHONE, device_scale_factor=_SHARP, locale=code)
    page = await context.new_page()
    await page.goto(f"{house.sandbox}/phone/?user={phone.user_id}")
    await page.locator(".row:not(.mine)").nth(1).wait_for()
    await page.evaluate("code => { document.documentElement.lang = code }", code)  # its words may be in another's
    data = await seen(page, first, width=_PHONE["width"])
    await context.close()
    picture = PICTURES / "languages" / f"{locale}.png"
    picture.write_bytes(small(data))
    print(picture.relative_to(ROOT), picture.stat().st_size)


def _written(folder: Path, locale: str) -> Path:
    """A batch of two tasks."""
    folder.mkdir()
    voice, code = tongue(locale), locale.replace("_", "-")
    spec = {
        "name": locale, "title": {code: voice.say("Short paid tasks")}, "kind": "choice", "language": code,
        "items": "items.csv", "currency": "USD", "price": "0.05", "dont_know": True,
        "instructions": {code: voice.say("Is that right?")}, "overlap": {"least": 1, "most": 1},
        "options": [
            {"value": "yes", "label": {code: voice.say("Yes")}},
            {"value": "no", "label": {code: voice.say("No, go back")}},
        ],
    }  # fmt: skip
    (folder / "batch.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    texts = (
        voice.say("You may skip any task, stop at any time, and keep what you earned."),
        voice.say("Some tasks are checks whose answer we know. You are told what they showed, and why."),
    )
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "text"], *([str(at), text] for at, text in enumerate(texts))])
    return folder / "batch.yaml"


if __name__ == "__main__":
    main(sys.argv[1:])
