"""The ledger's triggers move money with the rights of the tables' owner: who adds a transfer need not have them."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# With a path of their own, no table of the caller's takes the place of the ledger's.
_TRIGGERS = ("post_transfers", "same_currency")


def upgrade() -> None:
    for name in _TRIGGERS:
        op.execute(f"ALTER FUNCTION {name}() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp")


def downgrade() -> None:
    for name in _TRIGGERS:
        op.execute(f"ALTER FUNCTION {name}() SECURITY INVOKER RESET search_path")
