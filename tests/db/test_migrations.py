"""Migrations go up and down one by one, and end where the schema says."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, inspect, text

from db.migrate import configuration, downgrade, engine_of, upgrade, upgrade_in_loop
from db.revision import is_newest, newest
from db.schema import metadata
from tests.database import Server

REVISIONS = [
    script.revision for script in reversed(list(ScriptDirectory.from_config(configuration()).walk_revisions()))
]
TRIGGERS = {
    ("account", "append_only"),
    ("account", "identity_stays"),
    ("account", "only_transfers_move_money"),
    ("account", "opens_empty"),
    ("bonus", "append_only"),
    ("payout", "append_only"),
    ("payout", "payout_goes_on"),
    ("pot_funding", "append_only"),
    ("transfer", "append_only"),
    ("transfer", "post_transfers"),
    ("transfer", "same_currency"),
    ("voided_answer", "append_only"),
    ("voiding", "append_only"),
    ("voiding", "voiding_goes_on"),
}


@pytest.fixture
def bare(server: Server) -> Iterator[str]:
    with server.bare_database() as address:
        yield address


async def look(dsn: str) -> tuple[str | None, dict[str, object], set[tuple[str, str]], set[str]]:
    """The revision, the tables with their columns, the triggers and the functions of a database."""
    engine = engine_of(dsn)

    def see(connection: Connection) -> tuple[str | None, dict[str, object], set[tuple[str, str]], set[str]]:
        inspector = inspect(connection)
        tables: dict[str, object] = {
            table: (
                sorted(
                    (column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)
                ),
                sorted(str(index["name"]) for index in inspector.get_indexes(table)),
            )
            for table in inspector.get_table_names()
            if table != "alembic_version"
        }
        triggers = connection.execute(
            text("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        )
        functions = connection.execute(text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
        revision = MigrationContext.configure(connection).get_current_revision()
        return revision, tables, {(row[0], row[1]) for row in triggers}, {row[0] for row in functions}

    async with engine.connect() as connection:
        seen = await connection.run_sync(see)
    await engine.dispose()
    return seen


def test_each_migration_goes_up_and_down_and_up_again(bare: str) -> None:
    on_the_way = []
    for revision in REVISIONS:
        upgrade(bare, revision)
        seen = asyncio.run(look(bare))
        assert seen[0] == revision
        on_the_way.append(seen)
    for revision, before in zip(reversed(REVISIONS[:-1]), reversed(on_the_way[:-1]), strict=True):
        downgrade(bare, revision)
        assert asyncio.run(look(bare)) == before
    downgrade(bare, "base")
    assert asyncio.run(look(bare)) == (None, {}, set(), set())
    upgrade(bare)
    assert asyncio.run(look(bare)) == on_the_way[-1]
    assert on_the_way[-1][2] == TRIGGERS


def test_an_upgrade_at_every_start_changes_nothing(bare: str) -> None:
    upgrade(bare)
    before = asyncio.run(look(bare))
    upgrade(bare)
    assert asyncio.run(look(bare)) == before


def test_machines_that_start_at_once_migrate_one_after_another(bare: str) -> None:
    command = [sys.executable, "-c", "import sys; from db.migrate import upgrade; upgrade(sys.argv[1])", bare]
    started = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in started] == [0, 0]
    assert asyncio.run(look(bare))[0] == REVISIONS[-1]


async def test_an_upgrade_runs_within_a_loop(bare: str) -> None:
    await upgrade_in_loop(bare, REVISIONS[0])
    assert (await look(bare))[0] == REVISIONS[0]


async def test_the_schema_is_what_the_migrations_make(dsn: str) -> None:
    engine = engine_of(dsn)

    def differences(connection: Connection) -> object:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, metadata)

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_checks_and_storage_are_what_the_schema_says(dsn: str) -> None:
    """What Alembic does not compare: check constraints, conditions of indexes, fill factors."""
    engine = engine_of(dsn)
    async with engine.connect() as connection:
        checks = {
            (row[0], row[1])
            for row in await connection.execute(
                text(
                    "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND conrelid > 0 "
                    "AND connamespace = 'public'::regnamespace"
                )
            )
        }
        partial = {row[0] for row in await connection.execute(
            text("SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL")
        )}  # fmt: skip
        filled = {row[0]: row[1] for row in await connection.execute(
            text("SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r' "
                 "AND relnamespace = 'public'::regnamespace")
        )}  # fmt: skip
    await engine.dispose()
    assert checks == {
        (table.name, f"ck_{table.name}_{str(constraint.name).removeprefix(f'ck_{table.name}_')}")
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert partial == {
        index.name
        for table in metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
    }
    assert filled == {
        table.name: [f"{name}={value}" for name, value in table.dialect_options["postgresql"]["with"].items()]
        for table in metadata.sorted_tables
        if table.dialect_options["postgresql"]["with"]
    }


_APPROVED_TWICE = """
WITH w AS (
    INSERT INTO worker (person_id, pseudonym, locale, created_at) VALUES (1, 'w_1', 'en', now()) RETURNING id
), d AS (
    INSERT INTO payout_details (worker_id, method, masked, entered_at, usable_at)
    SELECT id, 'manual', '', now(), now() FROM w RETURNING id, worker_id
)
INSERT INTO payout (worker_id, currency, amount, fee, method, details_id, state, requested_at, approved_by, seconded_by,
                    ended_at)
SELECT worker_id, said.currency, 1, 0, 'manual', d.id, said.state, now(), 'house/amina (panel)', said.seconded_by,
       CASE said.state WHEN 'paid' THEN now() END
FROM d, (VALUES ('EUR', 'approved', 'amina (command)'), ('KES', 'paid', 'amina (command)'),
                ('USD', 'approved', 'juma (command)'), ('XOF', 'requested', NULL)) said (currency, state, seconded_by)
"""


async def test_what_one_person_approved_twice_waits_for_a_second_again(bare: str) -> None:
    await upgrade_in_loop(bare, "0028")
    engine = engine_of(bare)
    async with engine.begin() as connection:
        await connection.execute(text(_APPROVED_TWICE))
    await upgrade_in_loop(bare)
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT currency, state, seconded_by FROM payout ORDER BY currency"))
        assert [tuple(row) for row in rows] == [
            ("EUR", "requested", None), ("KES", "paid", None), ("USD", "approved", "juma (command)"),
            ("XOF", "requested", None),
        ]  # fmt: skip
    await engine.dispose()


def test_the_newest_revision_is_told_by_the_names_of_files() -> None:
    assert newest() == REVISIONS[-1]


async def test_a_database_is_of_this_version_or_not(bare: str) -> None:
    assert not await is_newest(bare)
    await upgrade_in_loop(bare, REVISIONS[-2])
    assert not await is_newest(bare)
    await upgrade_in_loop(bare)
    assert await is_newest(bare)
