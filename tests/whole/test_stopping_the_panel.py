"""The panel is told to end: it ends in order, and the database that it started ends with it."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kazi.demo.processes import free_port
from tests.whole.house import ROOT, end, environment


@pytest.fixture
def place() -> Iterator[Path]:
    """A short path, that the server's own user can enter."""
    with TemporaryDirectory(prefix="kazi-tests-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_panel_told_to_end_leaves_no_database_running(place: Path, number: signal.Signals) -> None:
    port = free_port(0)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kazi", "web",
        cwd=ROOT, env=environment(KAZI_DATA=str(place), KAZI_PANEL_PORT=str(port)), stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(60):
            await _listens(process, port)
        assert (place / "postgres" / "postmaster.pid").exists()
        process.send_signal(number)
        async with asyncio.timeout(30):
            said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()
        assert "Traceback" not in said.decode()
        assert not (place / "postgres" / "postmaster.pid").exists()
    finally:
        await end(process)


async def _listens(process: asyncio.subprocess.Process, port: int) -> None:
    while process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise AssertionError("the panel ended before it listened")
