"""Where a worker's money is to go is kept while they enter it, encrypted."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payout_entry",
        sa.Column("worker_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="what was entered so far, encrypted"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_payout_entry_worker_id")),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_payout_entry")),
        comment="where a worker's money is to go, while they enter it",
    )


def downgrade() -> None:
    op.drop_table("payout_entry")
