"""Every kind on a small phone, in three scripts: all of it can be seen and tapped."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.bot.chat import Chat, own_language
from tests.browser import open_page
from tests.kinds.sample import Sample, samples, write_batch
from tests.requester.scene import posted

pytest_plugins = ("tests.browser",)

SMALL = (360, 640)
each = pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)


@each
@pytest.mark.parametrize("locale", ["en", "ar", "am"])
async def test_a_task_fits_a_small_phone(
    sample: Sample, locale: str, chat: Chat, browser: Browser, tmp_path: Path
) -> None:
    language = own_language()
    path = write_batch(tmp_path / "batch", sample, tasks=2, golds=0, practice=0, language=language)
    batch = await posted(chat.database, path)
    person = await chat.worker(language, locale=locale)
    await person.begin(batch)
    async with open_page(browser, SMALL) as page:
        await page.goto(f"{chat.base_url}/phone/?user={person.id}")
        last = page.locator("[data-message-id]").last
        await expect(last.locator("[data-button]").last).to_be_visible()
        await page.screenshot(path=tmp_path / f"{sample.name}-{locale}.png")
        assert await cut(page) == []


async def cut(page: Page) -> list[str]:
    """What is wider than its place: buttons whose label is cut, or the page itself."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll("[data-button]"), document.documentElement]
            .filter(each => each.scrollWidth > each.clientWidth + 1)
            .map(each => each.textContent.slice(0, 80))"""
    )
    return found
