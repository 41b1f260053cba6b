"""What a replay runs in: a database of its own and, for the chat, a sandbox and a bot."""

import asyncio
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from urllib.request import urlopen

import orjson

from db import embedded
from db.migrate import upgrade
from kazi.demo.processes import LOOK_EVERY_S, Part, Parts, ProcessEndedError, free_port

T = TypeVar("T")

_TOKEN = "777001:replay-of-kazi-in-the-sandbox"  # noqa: S105 (good for nothing but the sandbox)
_START_S = 60


@contextmanager
def running_database() -> Iterator[tuple[Path, str]]:
    """An embedded PostgreSQL with Kazi's tables, forgotten afterwards: its folder, and the database's address."""
    with TemporaryDirectory(prefix="kazi-replay-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the server may run as another user
        server = embedded.start(Path(folder) / "postgres", durable=False)
        try:
            upgrade(server.dsn)
            yield Path(folder), server.app_dsn
        finally:
            server.stop()


@dataclass(frozen=True, slots=True)
class House:
    """A sandbox and a bot that run."""

    sandbox: str
    """Its address."""
    parts: Parts

    async def meanwhile(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives. Raises ProcessEndedError, with its last words, as soon as one of the two is no more."""
        doing = asyncio.ensure_future(work)
        try:
            while not doing.done():
                await asyncio.wait({doing}, timeout=LOOK_EVERY_S)
                self.parts.check_all()
        except BaseException:
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)
            raise
        return doing.result()


@contextmanager
def running_bot(folder: Path, dsn: str) -> Iterator[House]:
    """A sandbox and a bot as processes of their own, their logs in the folder.

    Raises ProcessEndedError when one of them does not start.
    """
    parts = Parts(folder / "logs")
    try:
        port = free_port(0)
        sandbox = f"http://127.0.0.1:{port}"
        part = parts.start("sandbox", "sandbox", "--port", str(port), "--token", f"{_TOKEN},kazi_replay_bot,Kazi")
        parts.wait_for_port(part, port)
        environment = {
            "DATABASE_URL": dsn,
            "KAZI_DATA": str(folder),
            "KAZI_BOT_TOKEN": _TOKEN,
            "KAZI_TELEGRAM_URL": sandbox,
            "KAZI_CONNECTIONS": "16",
        }
        _wait_for_poll(parts, parts.start("bot", "kazi", "bot", environment=environment), sandbox)
        yield House(sandbox, parts)
    finally:
        parts.stop()


def _wait_for_poll(parts: Parts, bot: Part, sandbox: str) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        parts.check(bot)
        with urlopen(f"{sandbox}/sandbox/bots", timeout=10) as answer:  # noqa: S310 (our own)
            if orjson.loads(answer.read())["bots"][0]["polling"]:
                return
        time.sleep(0.05)
    raise ProcessEndedError(f"{bot.name} asks for no updates within {_START_S} s:\n{bot.last_words()}")
