"""PostgreSQL for tests: one embedded server for each run of pytest, shared by its processes."""

import fcntl
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from obstore.store import MemoryStore

from crowd.batches import life
from db import embedded
from db.database import Database, connected
from db.files import Files
from db.migrate import upgrade
from db.role import ROLE

_FOLDER = pytest.StashKey[Path]()
_TEMPLATE = "kazi_template"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        """The moment that it shows."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move it."""
        self._now += timedelta(seconds=seconds)


def files_for_tests() -> Files:
    """A store of files in memory: the real thing, but for where it keeps them."""
    return Files(MemoryStore())


@dataclass(frozen=True)
class Server:
    """The server of this run."""

    embedded: embedded.Embedded

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The address of a database with the newest schema and nothing in it; dropped afterwards."""
        name = f"test_{uuid4().hex}"
        try:
            yield self.embedded.create_database(name, template=_TEMPLATE)
        finally:
            self.embedded.drop_database(name)

    @contextmanager
    def bare_database(self) -> Iterator[str]:
        """The address of a database without a schema; dropped afterwards."""
        name = f"test_{uuid4().hex}"
        try:
            yield self.embedded.create_database(name)
        finally:
            self.embedded.drop_database(name)


# The process that begins the run makes the folder and takes it away; xdist's workers are told of it.


def _told(config: pytest.Config) -> dict[str, str] | None:
    """What an xdist worker was told by the process that began the run, which was told nothing."""
    return getattr(config, "workerinput", None)


def pytest_configure(config: pytest.Config) -> None:
    told = _told(config)
    config.stash[_FOLDER] = Path(told["kazi_database"] if told else tempfile.mkdtemp(prefix="kazi-tests-"))
    config.stash[_FOLDER].chmod(0o711)  # the server of a run by root belongs to another user
    if not told:  # a run that is told to end ends as by Ctrl-C: in order
        signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["kazi_database"] = str(node.config.stash[_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, whoever started it: xdist's workers have ended by now, well or badly."""
    folder = config.stash.get(_FOLDER, None)
    if folder is None or _told(config):
        return
    embedded.halt(folder / "data")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one of the run's processes at a time."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> Iterator[Server]:
    """The running server, with a migrated template."""
    folder = pytestconfig.stash[_FOLDER]
    with _alone(folder):
        running = embedded.start(folder / "data", durable=False)
        if not running.has_database(_TEMPLATE):
            _make_template(running)
    yield Server(running)
    with _alone(folder):
        running.stop()


def _make_template(running: embedded.Embedded) -> None:
    making = f"{_TEMPLATE}_{uuid4().hex}"
    dsn = running.create_database(making)
    with ThreadPoolExecutor(1) as thread:  # the tests' own event loop stays out of it
        thread.submit(upgrade, dsn).result()
    running.create_database(_TEMPLATE, template=making)
    running.drop_database(making)


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The clock that the module's database goes by."""
    return Clock()


@pytest.fixture(scope="module")
def dsn(server: Server) -> Iterator[str]:
    """The address of the module's own database."""
    with server.fresh_database() as address:
        yield address


def as_app(dsn: str) -> str:
    """The same address, for the role that Kazi's processes connect as."""
    return dsn.replace("://postgres@", f"://{ROLE}@")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database(dsn: str, clock: Clock) -> AsyncIterator[Database]:
    """A database of the module's own, with the newest schema, as Kazi's own processes may use it."""
    life.forget_specs()  # judges' go by the id of a batch, and these begin anew
    async with connected(as_app(dsn), name="test", clock=clock.now, files=files_for_tests()) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def owner(dsn: str, clock: Clock) -> AsyncIterator[Database]:
    """The same database, for the owner of its tables."""
    async with connected(dsn, name="test owner", clock=clock.now, files=files_for_tests(), connections=2) as opened:
        yield opened
