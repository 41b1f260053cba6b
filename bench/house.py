"""The processes of a bench: a durable embedded PostgreSQL, a sandbox, a bot, simulated workers."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import orjson
from pydantic import TypeAdapter

from bench import cpu
from db import embedded
from db.embedded import Embedded
from db.migrate import upgrade
from kazi.demo.processes import Part, Parts, free_port
from sandbox.workers import CrowdSpec, Report

TOKEN = "990000:bench-of-kazi-in-the-sandbox"
_LOOK_EVERY_S = 0.1
_REPORT = TypeAdapter(Report)


@dataclass(frozen=True, slots=True)
class House:
    """All that runs for a bench."""

    folder: Path
    server: Embedded
    parts: Parts
    sandbox: str
    """Address of the sandbox."""
    sandbox_pid: int

    def environment(self) -> dict[str, str]:
        """What commands of Kazi need to know."""
        return {
            "DATABASE_URL": self.server.app_dsn,
            "KAZI_DATA": str(self.folder),
            "KAZI_BOT_TOKEN": TOKEN,
            "KAZI_TELEGRAM_URL": self.sandbox,
        }

    def start_bot(self, *, webhook: bool = False) -> Part:
        """Kazi's bot, by polling or by webhook."""
        environment = self.environment()
        if webhook:
            port = free_port(0)
            environment |= {"KAZI_WEBHOOK_URL": f"http://127.0.0.1:{port}", "KAZI_WEBHOOK_PORT": str(port)}
        return self.parts.start("bot", "kazi", "bot", environment=environment)

    def start_bare_bot(self, items: Path) -> Part:
        """A bot that only answers the tap and edits the message."""
        return self.parts.start("bare bot", "bench.bare_bot", self.sandbox, TOKEN, str(items))

    def start_workers(self, crowd: CrowdSpec) -> Part:
        """Simulated workers, in a process of their own."""
        spec = self.folder / "crowd.json"
        spec.write_text(crowd.model_dump_json())
        return self.parts.start("workers", "sandbox.workers", "--base-url", self.sandbox, "--spec", str(spec))

    def is_polled(self) -> bool:
        """Whether a bot asks the sandbox for updates."""
        with urlopen(f"{self.sandbox}/sandbox/bots", timeout=10) as answer:
            return bool(orjson.loads(answer.read())["bots"][0]["polling"])

    def end(self, part: Part) -> None:
        """Tell a process to end, and wait until it has."""
        self.parts.check(part)
        part.process.terminate()
        try:
            part.process.wait(30)
        except subprocess.TimeoutExpired:
            part.process.kill()
            part.process.wait()
            raise

    def wait_until(self, what: str, happened: Callable[[], bool], *parts: Part, seconds: float) -> None:
        """Wait for something that some processes bring about.

        Raises TimeoutError, and ProcessEndedError when one of them ends first.
        """
        end = time.monotonic() + seconds
        while not happened():
            for part in parts:
                self.parts.check(part)
            if time.monotonic() > end:
                raise TimeoutError(f"waited {seconds:g} seconds in vain: {what}")
            time.sleep(_LOOK_EVERY_S)

    def postgres_cpu(self) -> float:
        """CPU seconds of the database so far."""
        return cpu.of_postgres(self.folder / "postgres")


@contextmanager
def running_house() -> Iterator[House]:
    """A house in a temporary folder, with its sandbox and a migrated database, gone afterwards."""
    with temporary_folder() as folder:
        parts = Parts(folder / "logs")
        server = embedded.start(folder / "postgres")
        try:
            upgrade(server.dsn)
            port = free_port(0)
            part = parts.start("sandbox", "sandbox", "--port", str(port), "--token", f"{TOKEN},kazi_bench_bot,Kazi")
            parts.wait_for_port(part, port)
            yield House(folder, server, parts, f"http://127.0.0.1:{port}", part.process.pid)
        finally:
            parts.stop()
            server.stop()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="kazi-bench-"))
    folder.chmod(0o711)  # the server of a bench run by root belongs to another user
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reports_of(workers: Part) -> list[Report]:
    """What simulated workers saw, after their process has ended."""
    lines = workers.log.read_bytes().splitlines()
    return [_REPORT.validate_json(line) for line in lines if line.startswith(b"{")]
