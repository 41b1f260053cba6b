"""What every command begins with: settings, a database, and sentences for what commonly goes wrong."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import typer

from db.database import Database

if TYPE_CHECKING:
    from kazi.settings import Settings

T = TypeVar("T")


def read_settings() -> "Settings":
    """The settings, or the end of the command with a sentence on the variable that is wrong."""
    from pydantic import ValidationError

    from kazi.settings import Settings

    try:
        return Settings()
    except ValidationError as failure:
        wrong = failure.errors()[0]
        name = str(wrong["loc"][0]) if wrong["loc"] else "settings"
        variable = name if name.isupper() else f"KAZI_{name.upper()}"
        fail(f"{variable} in the environment: {wrong['msg']}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """How a database is reached: by who does the work, and by who owns its tables."""

    app: str
    owner: str


@asynccontextmanager
async def addresses(settings: "Settings") -> AsyncIterator[Addresses]:
    """DATABASE_URL for both, or the two roles of the embedded server, which runs meanwhile."""
    if settings.database_url:
        yield Addresses(settings.database_url, settings.database_url)
        return
    from db.embedded import EmbeddedError, start

    try:
        embedded = await asyncio.to_thread(start, settings.data / "postgres")
    except (OSError, EmbeddedError) as error:
        fail(f"the embedded database in {settings.data} cannot be used: {error}; see KAZI_DATA, or set DATABASE_URL")
    try:
        yield Addresses(embedded.app_dsn, embedded.dsn)
    finally:
        await asyncio.to_thread(embedded.stop)


def has_database() -> bool:
    """Whether there is a database already: one of yours, or the embedded one with what was done so far."""
    settings = read_settings()
    return bool(settings.database_url) or (settings.data / "postgres").is_dir()


@asynccontextmanager
async def opened(settings: "Settings", *, name: str, connections: int = 4) -> AsyncIterator[Database]:
    """The database, ready for work. An embedded one is brought to the newest schema; for one of yours, `kazi migrate`.

    `name` is what the server's own views show of this process.
    """
    from db.database import connected
    from db.files import FilesError, open_files
    from db.revision import is_newest

    try:
        files = open_files(settings.files_address)
    except FilesError as error:
        fail(f"{error}; see KAZI_FILES and KAZI_DATA")
    async with addresses(settings) as found:
        if not await is_newest(found.owner):
            if settings.database_url:
                fail("the database's tables are not those of this version of Kazi: run `kazi migrate` first")
            from db.migrate import upgrade_in_loop

            await upgrade_in_loop(found.owner)
        async with connected(found.app, name=name, connections=connections, files=files) as database:
            yield database


def run(work: Callable[[Database], Awaitable[T]]) -> T:
    """Do the work of a command with a database. What commonly goes wrong ends the command with a sentence."""
    settings = read_settings()

    async def all_of_it() -> T:
        async with opened(settings, name="command") as database:
            return await work(database)

    return telling(all_of_it)


def telling(work: Callable[[], Awaitable[T]], run_it: Callable[[Coroutine[Any, Any, T]], T] = asyncio.run) -> T:
    """Do the work; what commonly goes wrong with databases, batches and requesters ends the command with a sentence."""
    import asyncpg

    from crowd.batches.life import BatchError
    from crowd.requesters import RequesterError
    from db.files import FilesError

    async def awaited() -> T:
        return await work()

    try:
        return run_it(awaited())
    except FilesError as failure:
        fail(f"{failure}; see KAZI_FILES and KAZI_DATA")
    except (BatchError, RequesterError) as failure:
        fail(str(failure))
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as failure:
        fail(f"{failure}: see DATABASE_URL")
    except (
        asyncpg.CannotConnectNowError,
        asyncpg.ClientConfigurationError,
        ConnectionError,
        socket.gaierror,
        TimeoutError,
    ) as failure:
        fail(f"no database answers ({failure}): see DATABASE_URL, or leave it out to use the embedded server")


def fail(sentence: str) -> NoReturn:
    """End the command: say why on standard error, exit code 1."""
    complain(sentence)
    raise typer.Exit(1)


def complain(sentence: str) -> None:
    """Say on standard error what is wrong."""
    from rich.console import Console
    from rich.text import Text

    Console(stderr=True, soft_wrap=True).print(Text.assemble(("✗ ", "bold red"), sentence))


def write_text(text: str) -> None:
    """To standard output as it is, for scripts."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
