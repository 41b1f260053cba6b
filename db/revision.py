"""Whether a database has the schema that this code goes by: told without Alembic, which takes long to import."""

from pathlib import Path

import asyncpg

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def newest() -> str:
    """The revision of the newest schema. Migrations are called m<revision>_<what>.py."""
    return max(file.name.removeprefix("m").partition("_")[0] for file in _VERSIONS.glob("m*.py"))


async def is_newest(dsn: str) -> bool:
    """Whether a database has the newest schema, neither an older one nor one that is not known here."""
    connection = await asyncpg.connect(dsn)
    try:
        there = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()
    return bool(there == newest())
