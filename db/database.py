"""Connections and transactions: the one place where they begin and end."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson

from db.files import Files, no_files

Clock = Callable[[], datetime]

LOCK_LIMIT_S = 5
"""Seconds that a statement waits for a lock at most: whoever waits longer gives way, and is tried again."""

# An update is opened in one round trip: begin, note it in the inbox, lock its worker. The count of rows tells
# what happened, a bit each: one for an update that is new, two for a worker who is known and locked now, four for one
# who points out words, eight for one who saves data.
# The inbox insert waits for a twin that is still under way, so a twin never slips through.
_OPEN_UPDATE = """
PREPARE open_update (bigint, bigint, bigint) AS
WITH fresh AS (
    INSERT INTO inbox (bot_id, update_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1
), locked AS (
    SELECT points_out, saves_data FROM worker WHERE person_id = $3 FOR UPDATE
)
SELECT FROM fresh UNION ALL SELECT FROM locked UNION ALL SELECT FROM locked
UNION ALL SELECT FROM locked, generate_series(1, 4) WHERE points_out
UNION ALL SELECT FROM locked, generate_series(1, 8) WHERE saves_data
"""


def utc_now() -> datetime:
    """The clock of real life."""
    return datetime.now(UTC)


class RolledBackError(Exception):
    """A transaction was to be committed, but an error in it had been passed over: nothing of it is there."""


@dataclass(frozen=True, slots=True)
class Tx:
    """One open transaction and the moment at which it began."""

    connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
    now: datetime
    files: Files
    """Beside the database, and not part of the transaction: what is kept there stays."""

    async def rows(self, query: str, *arguments: Any) -> list[asyncpg.Record]:
        """All rows of a query."""
        found: list[asyncpg.Record] = await self.connection.fetch(query, *arguments)
        return found

    async def row(self, query: str, *arguments: Any) -> asyncpg.Record | None:
        """The first row of a query, or None."""
        return await self.connection.fetchrow(query, *arguments)

    async def value(self, query: str, *arguments: Any) -> Any:
        """The first column of the first row, or None."""
        return await self.connection.fetchval(query, *arguments)

    async def run(self, query: str, *arguments: Any) -> int:
        """Run a statement; the number of rows that it touched."""
        status: str = await self.connection.execute(query, *arguments)
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0


@dataclass(frozen=True, slots=True)
class UpdateTx(Tx):
    """The transaction of one update from a chat."""

    bot_id: int
    person_id: int
    seen: bool
    """This very update was committed before: nothing may change again, only the screen is drawn anew."""
    known: bool
    """The person is a worker, and the worker's row is locked until the end of the transaction."""
    points_out: bool
    """A worker whose screens have a button that says that words on them are wrong."""
    saves_data: bool
    """A worker whose pictures and sounds wait behind a button."""


class Database:
    """A pool of connections to PostgreSQL, the store of files beside it, and the clock that its transactions go by."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", clock: Clock, files: Files) -> None:
        self._pool = pool
        self.clock = clock
        self.files = files

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Commit at the end, roll back on any error."""
        async with self._pool.acquire() as connection:
            await connection.execute("BEGIN")
            async with _ending(connection):
                yield Tx(connection, self.clock(), self.files)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """One unchanging view of the data; writing fails."""
        async with self._pool.acquire() as connection:
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            async with _ending(connection):
                yield Tx(connection, self.clock(), self.files)

    @asynccontextmanager
    async def update(self, bot_id: int, update_id: int, person_id: int) -> AsyncIterator[UpdateTx]:
        """The transaction in which one update from a chat is handled, once."""
        async with self._pool.acquire() as connection:
            opening = f"BEGIN; EXECUTE open_update({bot_id:d}, {update_id:d}, {person_id:d})"
            try:
                status = await connection.execute(opening)
            except BaseException as error:
                await _roll_back(connection, error)
                raise
            rows = int(status.removeprefix("SELECT "))
            async with _ending(connection):
                yield UpdateTx(
                    connection, self.clock(), self.files, bot_id, person_id,
                    seen=not rows & 1, known=bool(rows & 2), points_out=bool(rows & 4),
                    saves_data=bool(rows & 8),
                )  # fmt: skip

    async def close(self) -> None:
        """Close all connections once they are idle."""
        await self._pool.close()


@asynccontextmanager
async def _ending(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> AsyncIterator[None]:
    try:
        yield
        ended = await connection.execute("COMMIT")
    except BaseException as error:
        await _roll_back(connection, error)
        raise
    if ended != "COMMIT":
        raise RolledBackError("a statement of this transaction failed, so all of it was rolled back")


async def _roll_back(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", cause: BaseException) -> None:
    """End the transaction. Raises ConnectionError when there is no connection any more, whatever asyncpg made of it."""
    with suppress(asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
        if not connection.is_closed():
            await connection.execute("ROLLBACK")
            return
    if isinstance(cause, Exception):
        raise ConnectionError("the connection to the database was lost in a transaction") from cause


@asynccontextmanager
async def connected(
    dsn: str,
    *,
    name: str,
    clock: Clock = utc_now,
    connections: int = 10,
    statement_limit_s: float = 30,
    files: Files | None = None,
) -> AsyncIterator[Database]:
    """Open a pool. `name` is what the server's own views show of this process. Without `files`, none can be kept."""
    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=connections,
        init=_prepare_connection,
        reset=_nothing_to_reset,
        command_timeout=statement_limit_s + 5,  # for a server that is gone without a word
        server_settings={
            "application_name": f"kazi {name}",
            "lock_timeout": str(LOCK_LIMIT_S * 1000),
            "statement_timeout": str(int(statement_limit_s * 1000)),
            "idle_in_transaction_session_timeout": "60000",
            "jit": "off",
            "plan_cache_mode": "force_generic_plan",
            "timezone": "UTC",
        },
    )
    try:
        yield Database(pool, clock, files or no_files())
    finally:
        await pool.close()


async def _prepare_connection(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda data: orjson.loads(data[1:]),
    )
    await connection.execute(_OPEN_UPDATE)


async def _nothing_to_reset(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Transactions end where they began and set nothing: asyncpg's own reset would cost a round trip."""
