"""Bring a database to the newest schema, or to a given revision."""

import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db.role import grant

_MIGRATIONS = Path(__file__).parent / "migrations"


def configuration() -> Config:
    """Alembic's settings; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


async def _with_connection(dsn: str, work: str, revision: str) -> None:
    engine = engine_of(dsn)

    def run(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        {"up": command.upgrade, "down": command.downgrade}[work](config, revision)
        grant(connection)

    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def engine_of(dsn: str) -> AsyncEngine:
    """SQLAlchemy's way to a database. asyncpg reads the address, which may say more than SQLAlchemy would take."""
    return create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn), poolclass=pool.NullPool
    )


async def upgrade_in_loop(dsn: str, revision: str = "head") -> None:
    """`upgrade`, from within a running event loop."""
    await _with_connection(dsn, "up", revision)


def upgrade(dsn: str, revision: str = "head") -> None:
    """Apply what is missing. Safe to call at every start, also from several machines at once."""
    asyncio.run(_with_connection(dsn, "up", revision))


def downgrade(dsn: str, revision: str) -> None:
    """Go back to an earlier revision."""
    asyncio.run(_with_connection(dsn, "down", revision))
