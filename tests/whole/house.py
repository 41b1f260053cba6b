"""Kazi's processes, as an operator runs them: a sandbox, bots, each a process of its own."""

import asyncio
import contextlib
import multiprocessing
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx

import kazi.main
from kazi.demo.processes import free_port
from tests.database import as_app

TOKEN = "880000:whole-tests-in-the-sandbox"
ROOT = Path(__file__).parent.parent.parent
_SETTINGS = ("KAZI_", "DATABASE_URL")


def environment(**settings: str) -> dict[str, str]:
    """This process's environment, without settings of Kazi but those given."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)} | settings


@dataclass(frozen=True)
class SandboxProcess:
    """A sandbox in a process of its own: nothing that happens to the bot or to the test disturbs it."""

    url: str
    http: httpx.AsyncClient

    async def advance(self, seconds: float) -> None:
        """Move its clock: what waits to be sent again is sent."""
        (await self.http.post("/sandbox/clock", json={"advance_s": seconds})).raise_for_status()

    async def order_fault(self, method: str, *, status: int, retry_after: int, times: int) -> None:
        """Let the next calls of a method fail."""
        fault = {"method": method, "status": status, "retry_after": retry_after, "times": times}
        (await self.http.post("/sandbox/faults", json=fault)).raise_for_status()

    async def slow_down(self, method: str, seconds: float) -> None:
        """Let each call of a method take so much longer; it is carried out, also when its caller is gone by then."""
        fault = {"method": method, "status": 200, "delay_ms": 1000 * seconds, "times": 1_000_000}
        (await self.http.post("/sandbox/faults", json=fault)).raise_for_status()

    async def no_more_faults(self) -> None:
        """All calls succeed again, at once."""
        (await self.http.delete("/sandbox/faults")).raise_for_status()


@asynccontextmanager
async def running_sandbox() -> AsyncIterator[SandboxProcess]:
    """A sandbox on a free port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", "--token", TOKEN, cwd=ROOT, stdout=PIPE
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = (await process.stdout.readline()).decode()
        url = line.split()[-1]
        async with httpx.AsyncClient(verify=False, base_url=url, timeout=60) as http:
            yield SandboxProcess(url, http)
    finally:
        await end(process)


async def end(process: Process) -> None:
    """Kill a process that still runs."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.whole.nursery", __name__])


def begun(arguments: Sequence[str], settings: dict[str, str], log: Path) -> ForkServerProcess:
    """`kazi …` in a process of its own, which need not import everything again; what it writes is added to the log.

    Never from several threads: multiprocessing looks after all its processes whenever one begins, in one thread only.
    """
    process = _nursery.Process(target=_run, args=(list(arguments), settings, str(log)))
    process.start()
    return process


def _run(arguments: list[str], settings: dict[str, str], log: str) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.clear()
    os.environ.update(settings)
    sys.argv = ["kazi", *arguments]
    kazi.main.run()


async def ended(process: ForkServerProcess) -> int:
    """Its exit code, once it has ended."""
    loop, gone = asyncio.get_running_loop(), asyncio.Event()
    if process.exitcode is None:
        loop.add_reader(process.sentinel, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(process.sentinel)
    assert process.exitcode is not None
    return process.exitcode


class Bot:
    """`kazi bot` as a process, to be started, killed and stopped.

    Importing takes a bot seconds; tests that start many of them fork them from one that has done so.
    """

    def __init__(
        self, sandbox: SandboxProcess, dsn: str, log: Path, *, webhook_url: str | None, port: int, **settings: str
    ) -> None:
        self.port = port
        """Where it listens for its webhook."""
        self._log = log
        self._by_webhook = webhook_url is not None
        self._sandbox = sandbox
        self._process: ForkServerProcess | None = None
        if webhook_url is not None:
            settings |= {"KAZI_WEBHOOK_URL": webhook_url, "KAZI_WEBHOOK_PORT": str(port)}
        self._environment = environment(
            KAZI_BOT_TOKEN=TOKEN,
            KAZI_TELEGRAM_URL=sandbox.url,
            DATABASE_URL=as_app(dsn),
            KAZI_CONNECTIONS="4",
            **settings,
        )

    async def start(self) -> None:
        """Start it; returns at once, as a supervisor would."""
        self._process = begun(["bot"], self._environment, self._log)

    async def started(self) -> None:
        """Wait until it takes updates."""
        while self._running().exitcode is None:
            if self._by_webhook:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    return
            elif (await self._sandbox.http.get("/sandbox/bots")).json()["bots"][0]["polling"]:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"the bot ended:\n{self.log()}")

    async def kill(self) -> None:
        """SIGKILL: it can do nothing more, not even say goodbye."""
        process = self._running()
        assert process.exitcode is None, self.log()
        process.kill()
        await self.ended()

    def terminate(self) -> None:
        """SIGTERM: it is to finish what it took."""
        self._running().terminate()

    async def ended(self) -> int:
        """Its exit code, once it has ended."""
        return await ended(self._running())

    async def end(self) -> None:
        """Kill it if it still runs."""
        if self._process is not None and self._process.exitcode is None:
            self._process.kill()
            await self.ended()

    def log(self) -> str:
        """What it wrote, of all its lives."""
        return self._log.read_text(errors="replace")

    def _running(self) -> ForkServerProcess:
        assert self._process is not None
        return self._process


@asynccontextmanager
async def running_bot(
    sandbox: SandboxProcess, dsn: str, log: Path, *, webhook: bool, behind: str | None = None, **settings: str
) -> AsyncIterator[Bot]:
    """A bot that has been started. `behind` is the address of a proxy that it is to be reached by.

    `settings` are further ones.
    """
    port = free_port(0)
    url = (behind or f"http://127.0.0.1:{port}") if webhook else None
    bot = Bot(sandbox, dsn, log, webhook_url=url, port=port, **settings)
    try:
        await bot.start()
        yield bot
    except BaseException as error:
        error.add_note(f"The bot's log ends with:\n{bot.log()[-3000:]}")
        raise
    finally:
        await bot.end()
