"""Takes the pictures in docs/ from the running product: a demo of its own, a newcomer in a headless browser."""

import asyncio
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_JOINING = ("agree", "lang:sw", "level:sw:native", "langs:done", "place:ok", "w:", "go:", "a:", "a:")
_ENOUGH = 400
"""Answers of the simulated workers before the panel is pictured."""


async def main() -> None:
    """Start a demo in a folder of its own, walk through it, end it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        demo = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kazi", "demo", "--panel-port", "0", "--sandbox-port", "0",
            env={"PATH": "/usr/sbin:/usr/bin:/bin", "KAZI_DATA": folder, "HOME": folder}, cwd=ROOT,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            address = await _address(demo)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
                await _walk(browser, address)
                await browser.close()
        finally:
            demo.send_signal(signal.SIGINT)
            await demo.wait()


async def _address(demo: asyncio.subprocess.Process) -> str:
    assert demo.stdout is not None
    async for line in demo.stdout:
        found = re.search(r"http://\S+/demo\?key=\S+", line.decode())
        if found:
            return found.group(0)
    raise RuntimeError("the demo ended before it was ready")


async def _walk(browser: Browser, address: str) -> None:
    wide = await browser.new_page(viewport={"width": 1280, "height": 860}, device_scale_factor=1.5)
    await wide.goto(address)
    phone = wide.frame_locator("iframe")
    await phone.locator("[name=first_name]").fill("Neema")
    await phone.locator("[name=language_code]").select_option("sw")
    await phone.locator("#person-go").click()
    await phone.locator("#start").click()
    for step in _JOINING:
        await phone.locator(f'[data-button^="{step}"]').last.click()
        await wide.wait_for_timeout(600)
    await _answers(wide, _ENOUGH)
    await wide.screenshot(path=PICTURES / "panel.png")
    await wide.locator("iframe").screenshot(path=PICTURES / "phone.png")


async def _answers(page: Page, enough: int) -> None:
    for _ in range(300):
        text = await page.locator("body").inner_text()
        if sum(int(number) for number in re.findall(r"Answers\s+(\d+)", text)) >= enough:
            return
        await page.wait_for_timeout(1000)


def chromium() -> str | None:
    """The system's; None for the one that playwright has installed."""
    return next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)


if __name__ == "__main__":
    asyncio.run(main())
