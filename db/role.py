"""The role that Kazi's processes connect as: it may do their work, and do nothing to the rules by which money moves.

The tables belong to another role, the one that migrates. This one can neither change a table or a trigger nor empty
one; of the ledger it can add to, but not change a balance, a transfer, what a payout is for, or the audit log.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

ROLE = "kazi_app"

_ADDED_TO = "SELECT, INSERT"
_WHOLE = "SELECT, INSERT, UPDATE, DELETE"

_RIGHTS = {"transfer": _ADDED_TO, "audit": _ADDED_TO, "alembic_version": "SELECT"}
"""Of whole tables; of all others _WHOLE."""

_NOT_TO_BE_SET = {
    "account": {"id", "balance", "reserved", "kept"},
    "payout": {"id", "state", "approved_by", "approved_at", "seconded_by", "file_id", "reference", "ended_at"},
}
"""Columns that a new row does not say: it begins empty, or at the beginning."""

_NOT_TO_BE_CHANGED = {
    "account": {"id", "kind", "owner", "slot", "currency", "balance"},
    "payout": {"id", "worker_id", "currency", "amount", "fee", "method", "details_id", "requested_at"},
    "payout_file": {"id", "key", "method", "currency", "payouts", "total", "name", "made_by", "made_at"},
    "payout_post": {"payout_id", "key", "sent_at"},
}
"""Columns that stay as they are; rows of these tables are not deleted."""


def grant(connection: "Connection") -> None:
    """Give the role what it needs of the tables that are there, and take away what else it had; nothing without it."""
    if ROLE not in connection.exec_driver_sql("SELECT rolname FROM pg_roles").scalars():
        return
    for statement in _statements(connection):
        connection.exec_driver_sql(statement)


_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name, ordinal_position
"""


def _statements(connection: "Connection") -> list[str]:
    columns: dict[str, list[str]] = {}
    for table, column in connection.exec_driver_sql(_COLUMNS):
        columns.setdefault(table, []).append(column)
    said = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLE}",
        f"GRANT USAGE ON SCHEMA public TO {ROLE}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
        *(f"GRANT {_rights(table, names)} ON public.{table} TO {ROLE}" for table, names in columns.items()),
    ]
    (version,) = connection.exec_driver_sql("SELECT current_setting('server_version_num')::int").one()
    if "task" in columns and version >= 170_000:
        said.append(f"GRANT MAINTAIN ON public.task TO {ROLE}")  # its figures are taken anew once a large batch is in
    return said


def _rights(table: str, columns: list[str]) -> str:
    if table not in _NOT_TO_BE_CHANGED:
        return _RIGHTS.get(table, _WHOLE)
    added = [name for name in columns if name not in _NOT_TO_BE_SET.get(table, set())]
    changed = [name for name in columns if name not in _NOT_TO_BE_CHANGED[table]]
    return f"SELECT, INSERT ({', '.join(added)}), UPDATE ({', '.join(changed)})"
