"""The embedded PostgreSQL: it starts wherever its folder lies, is shared by its users, and opens nothing to others."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from db import embedded
from db.owner import HOME, _others_run
from tests.whole.house import ROOT

_AS_ROOT = os.geteuid() == 0
_USES = """
import os, sys
from pathlib import Path
from db import embedded
server = embedded.start(Path(sys.argv[1]), durable=False)
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that others may pass."""
    with TemporaryDirectory(prefix="kazi-tests-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


async def _one(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        one: int = await connection.fetchval("SELECT 1")
        return one
    finally:
        await connection.close()


def _runs(folder: Path) -> bool:
    return (folder / "postmaster.pid").exists()


@pytest.mark.parametrize(
    "name", ["plain", "two words", "የአማርኛ ሥራ", 'it\'s "quoted", $HOME; `x` \\ %20?#', "long" * 40], ids=range(5)
)
async def test_it_starts_in_a_folder_of_any_name(place: Path, name: str) -> None:
    server = embedded.start(place / name / "data", durable=False)
    try:
        assert await _one(server.dsn) == 1
        for folder in (place / name / "data", server.sockets):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        server.stop()
    assert not _runs(place / name / "data")


async def test_it_runs_until_the_last_of_its_users_has_ended_however_that_ended(place: Path) -> None:
    folder = place / "data"
    mine = embedded.start(folder, durable=False)
    with subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", f"{_USES}\nprint(server.dsn, flush=True)\nsys.stdin.read()", str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline().strip() == mine.dsn
        mine.stop()
        assert await _one(mine.dsn) == 1
        with pytest.raises(embedded.EmbeddedError, match="in use"):
            embedded.forget(folder)
        other.send_signal(signal.SIGKILL)
    again = embedded.start(folder, durable=False)
    assert await _one(again.dsn) == 1
    again.stop()
    assert not _runs(folder)


async def test_it_starts_after_a_crash_though_its_number_is_another_processs_now(place: Path) -> None:
    folder = place / "data"
    server = embedded.start(folder, durable=False)
    said = (folder / "postmaster.pid").read_text().splitlines()
    server.stop()
    (folder / "postmaster.pid").write_text("\n".join([str(os.getpid()), *said[1:]]) + "\n")
    again = embedded.start(folder, durable=False)
    try:
        assert await _one(again.dsn) == 1
    finally:
        again.stop()


async def test_what_was_forgotten_is_gone(place: Path) -> None:
    folder = place / "data"
    embedded.start(folder, durable=False).stop()
    embedded.forget(folder)
    assert not folder.exists()
    embedded.forget(folder)


@pytest.mark.skipif(not _AS_ROOT, reason="only root must hand its server to another user")
async def test_a_closed_folder_of_root_stays_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = {str(folder): folder.stat().st_mode for folder in (closed, *closed.parents)}
    server = embedded.start(closed / "data", durable=False)
    try:
        assert await _one(server.dsn) == 1
        assert {str(folder): folder.stat().st_mode for folder in (closed, *closed.parents)} == before
        assert (closed / "data").resolve().parent == HOME
    finally:
        server.stop()
    kept = (closed / "data").resolve()
    embedded.forget(closed / "data")
    assert not kept.exists()


@pytest.mark.skipif(not _AS_ROOT, reason="only root can become another user")
def test_it_starts_for_a_user_who_is_not_root(place: Path) -> None:
    if not _others_run(Path(sys.executable).resolve()):
        pytest.skip(f"others may not run {sys.executable}")
    place.chmod(0o777)
    ran = subprocess.run(
        [sys.executable, "-c", f"{_USES}\nserver.stop()\nprint(os.geteuid())", str(place / "data")],
        cwd=ROOT, capture_output=True, text=True, check=True, user=65534, group=65534, extra_groups=[],
    )  # fmt: skip
    assert ran.stdout.strip() == "65534"
    assert (place / "data").stat().st_uid == 65534
