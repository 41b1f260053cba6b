"""A real browser for tests of pages.

A test module says `pytest_plugins = ("tests.browser",)` and gets the fixture `browser`; `open_page` gives it a page
that fails the test when the page's own code does.

PYTEST_DONT_REWRITE: a test module imports this before it names it as a plugin.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

PHONE = (390, 844)
DESK = (1280, 900)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--use-fake-ui-for-media-stream",
)


# The headless shell, where it is installed, draws the same pages for half the CPU.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, or else the one that playwright has installed (`scripts/browser`), started once."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        await started.close()


@asynccontextmanager
async def open_page(
    browser: Browser,
    size: tuple[int, int] = PHONE,
    *,
    dark: bool = False,
    locale: str = "en-GB",
    forgive: tuple[str, ...] = (),
) -> AsyncIterator[Page]:
    """A page of its own, with empty storage; `size` is in CSS pixels.

    On leaving, fails with whatever the page reported as an error on its console or raised, unless that contains
    one of `forgive` (a page that outlives its server cannot help "Failed to load resource").
    """
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale=locale,
    )
    errors: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    try:
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", heard)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    finally:
        with suppress(TimeoutError):  # a page that will not close is no fault of what it showed
            async with asyncio.timeout(20):
                await context.close()
    errors = [error for error in errors if not any(part in error for part in forgive)]
    if errors:
        pytest.fail("the page reported: " + "; ".join(errors))
