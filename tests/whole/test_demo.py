"""`kazi demo`, as a newcomer starts it: one address, a phone beside the panel, and all of it ends with Ctrl-C."""

import asyncio
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

import asyncpg
import httpx
import psutil
import pytest
from playwright.async_api import Browser, FrameLocator, Page, expect

from kazi.demo.processes import free_port
from tests.browser import DESK, open_page
from tests.whole.house import ROOT, end, environment

pytest_plugins = ("tests.browser",)

PEOPLE = 6
READY_WITHIN_S = 60
_ANSWERS = re.compile(r"Answers\s+(\d+)")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/demo\?key=\S+")


@dataclass(frozen=True)
class Demo:
    """A demo that is ready."""

    folder: Path
    process: Process
    address: str
    phone: str
    """Address of the sandbox."""

    async def interrupt(self) -> None:
        """Ctrl-C, until it has ended."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout is not None
        said = (await self.process.stdout.read()).decode()
        assert await self.process.wait() == 0, said
        assert "Stopped" in said

    async def answers(self) -> int:
        """How many answers are in its database."""
        host = self.folder / "demo" / "postgres"
        connection = await asyncpg.connect(f"postgresql://postgres@/kazi?host={quote(str(host))}")
        try:
            count: int = await connection.fetchval("SELECT count(*) FROM answer")
            return count
        finally:
            await connection.close()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The data folder of all runs, with a name as people give to folders."""
    with TemporaryDirectory(prefix="kazi tests عرض ") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@asynccontextmanager
async def running_demo(folder: Path, *only: str) -> AsyncIterator[Demo]:
    """`kazi demo` on free ports, with all examples or these alone."""
    panel, phone = free_port(0), free_port(0)
    shown = [word for name in only for word in ("--only", name)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kazi", "demo",
        "--people", str(PEOPLE), *shown, "--panel-port", str(panel), "--sandbox-port", str(phone),
        cwd=ROOT, env=environment(KAZI_DATA=str(folder)), stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            address = await _address(process)
        yield Demo(folder, process, address, f"http://127.0.0.1:{phone}")
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        await end(process)


async def _address(process: Process) -> str:
    assert process.stdout is not None
    said = ""
    while line := (await process.stdout.readline()).decode():
        said += line
        if found := _ADDRESS.search(line):
            return found[0]
    raise AssertionError(f"the demo ended before it was ready:\n{said}")


async def until(happened: Callable[[], Awaitable[bool]], *, seconds: float = 45) -> None:
    """Wait for something that another process does."""
    async with asyncio.timeout(seconds):
        while not await happened():  # noqa: ASYNC110 (nothing here is told of it)
            await asyncio.sleep(0.1)


async def test_a_demo_shows_a_phone_beside_batches_that_fill_ends_with_ctrl_c_and_goes_on_later(folder: Path) -> None:
    async with running_demo(folder) as demo:
        panel = demo.address.partition("/demo")[0]
        async with httpx.AsyncClient(verify=False, base_url=panel, follow_redirects=True, timeout=10) as visitor:
            entered = await visitor.get(demo.address)
            assert entered.status_code == 200
            page = await visitor.get("/batches")
            assert f'<iframe src="{demo.phone}/phone/' in page.text
            assert page.text.count('id="batch-') >= 4
            assert (await visitor.get(f"{demo.phone}/phone/")).status_code == 200

        async def filling() -> bool:
            return await demo.answers() >= 3

        await until(filling, seconds=120)
        async with httpx.AsyncClient(verify=False, base_url=demo.phone) as http:
            person = (await http.get("/sandbox/users")).json()["users"][0]["id"]
            chat = (await http.get(f"/sandbox/users/{person}/chat")).json()["messages"]
        answers = await demo.answers()
        started = _all_of(demo)
        await demo.interrupt()

        assert len(started) >= 5
        _, left = psutil.wait_procs(started, timeout=5)
        assert not left, "all that was started has ended"
        assert not (folder / "demo" / "postgres" / "postmaster.pid").exists()
        for address in (demo.address, demo.phone):
            with socket.create_server(("127.0.0.1", urlsplit(address).port or 0)):
                pass

    async with running_demo(folder, "tweets-sw") as again:
        assert await again.answers() >= answers
        async with httpx.AsyncClient(verify=False, base_url=again.phone) as http:
            now = (await http.get(f"/sandbox/users/{person}/chat")).json()["messages"]
        assert [message["message_id"] for message in now][: len(chat)] == [message["message_id"] for message in chat]
        refused = await _reset(folder)
        assert refused[0] == 1
        assert "in use" in refused[1]
        await again.interrupt()

    assert (await _reset(folder))[0] == 0
    assert not (folder / "demo").exists()


async def test_a_demo_that_is_killed_leaves_nothing_running_that_the_next_one_or_a_reset_cannot_take_over(
    folder: Path,
) -> None:
    async with running_demo(folder, "tweets-ary", "tutor/ary-compare") as demo:
        everything = psutil.Process(demo.process.pid).children(recursive=True)
        parts = [part for part in everything if part.name() != "postgres"]  # the database is the next one's to take
        assert len(parts) >= 4
        demo.process.kill()
        _, left = psutil.wait_procs(parts, timeout=15)
        assert not left
    async with running_demo(folder, "tweets-ary", "tutor/ary-compare") as again:
        again.process.kill()
    assert (await _reset(folder))[0] == 0
    assert not (folder / "demo").exists()


def _all_of(demo: Demo) -> list[psutil.Process]:
    """All processes of a demo: its own, and its server's, which have another parent."""
    postmaster = int((demo.folder / "demo" / "postgres" / "postmaster.pid").read_text().split()[0])
    tops = [psutil.Process(demo.process.pid), psutil.Process(postmaster)]
    return list(dict.fromkeys([*tops, *(child for top in tops for child in top.children(recursive=True))]))


async def _reset(folder: Path) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kazi", "demo", "--reset",
        cwd=ROOT, env=environment(KAZI_DATA=str(folder)), stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_a_newcomer_labels_in_arabic_through_a_gap_in_the_connection_and_the_batch_fills(
    browser: Browser, folder: Path
) -> None:
    async with (
        running_demo(folder, "tweets-ary", "tutor/ary-compare") as demo,
        open_page(browser, DESK, forgive=("Failed to load resource",)) as page,
    ):
        await page.goto(demo.address)
        phone = page.frame_locator("iframe")
        await phone.locator('[name="language_code"]').select_option("ar")
        await phone.locator('[name="first_name"]').fill("ليلى")
        await phone.locator("#person-go").click()
        await phone.locator("#start").click()
        for data in ("agree", "lang:ary", "level:ary:native", "langs:done", "place:ok"):
            await _tap(phone, f'[data-button="{data}"]')
        await expect(phone.locator('[data-button^="w:"]')).to_have_count(2)  # a tap under way would be lost

        await _link(phone, "offline")
        await phone.locator("#entry").fill("/work")
        await phone.locator("#send").click()
        await expect(phone.locator("[data-pending]")).to_have_text("/work")
        await _link(phone, "online")
        await expect(phone.locator("[data-pending]")).to_have_count(0)
        await expect(phone.locator('[data-button^="w:"]')).to_have_count(4)  # what /work answers has come, too

        await _tap(phone, '[data-button^="w:"]')
        await _tap(phone, '[data-button^="go:"]')
        task = phone.locator('[data-button^="a:"]').first
        await expect(task).to_be_visible()
        await expect(phone.locator("html")).to_have_attribute("dir", "rtl")
        before = await _answers(page)
        await task.click()
        await expect(phone.locator(".text").last).to_contain_text("✓")

        async def risen() -> bool:
            return await _answers(page) > before

        await until(risen, seconds=15)


async def _tap(phone: FrameLocator, button: str) -> None:
    await phone.locator(button).last.click()


async def _link(phone: FrameLocator, link: str) -> None:
    await phone.locator("#link").click()
    await phone.locator(f'[data-link-choice="{link}"]').click()
    await expect(phone.locator("html")).to_have_attribute("data-link", link)


async def _answers(page: Page) -> int:
    """The answers of all batches, as the panel shows them now."""
    cards = await page.locator("[id^=batch-]").all_inner_texts()
    return sum(int(found[1]) for card in cards if (found := _ANSWERS.search(card)))
