"""Alembic's way in: it is always handed an open connection by `db.migrate`."""

from alembic import context
from sqlalchemy import text

from db.schema import metadata

connection = context.config.attributes["connection"]
connection.execute(text("SELECT pg_advisory_xact_lock(4051)"))  # one machine migrates, the others wait
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
