"""What a replay runs in: a database of its own and, for the chat, a sandbox and a bot."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import orjson

from crowd.replay.way import ReplayError
from db import embedded
from db.migrate import upgrade
from kazi.demo.processes import Part, Parts, ProcessEndedError, free_port

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
            yield Path(folder), server.dsn
        finally:
            server.stop()


@contextmanager
def running_bot(folder: Path, dsn: str) -> Iterator[str]:
    """A sandbox and a bot as processes of their own, logs in the folder: the sandbox's address.

    Raises ProcessEndedError, with its last words, when one of them does not start or stay.
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
        }
        bot = parts.start("bot", "kazi", "bot", environment=environment)
        _wait_for_poll(parts, bot, sandbox)
        try:
            yield sandbox
        except ReplayError:
            parts.check(part)
            parts.check(bot)
            raise
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
