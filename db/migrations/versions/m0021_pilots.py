"""A batch first runs a few of its tasks, and the rest once somebody, or Kazi, finds that all is well."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "batch",
        sa.Column(
            "reach",
            sa.BigInteger(),
            nullable=True,
            comment="in its pilot: no ordinary task with a larger id is handed out",
        ),
    )
    op.create_table(
        "pilot",
        sa.Column("batch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tasks", sa.SmallInteger(), nullable=False, comment="ordinary ones, the first of the batch"),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was waived, or released before it was ready"),
        sa.Column("card", postgresql.JSONB(), nullable=True, comment="crowd.pilots.card.Card, as it was at its end"),
        sa.CheckConstraint("state IN ('running', 'ready', 'released', 'waived')", name=op.f("ck_pilot_state")),
        sa.CheckConstraint("(ended_at IS NULL) = (state IN ('running', 'ready'))", name=op.f("ck_pilot_ended")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_pilot")),
        comment="the first tasks of a batch, worked on alone until somebody, or Kazi, finds that all is well",
    )
    op.create_index(op.f("ix_pilot_batch_id"), "pilot", ["batch_id"], postgresql_where=sa.text("state = 'running'"))


def downgrade() -> None:
    op.drop_index(op.f("ix_pilot_batch_id"), table_name="pilot")
    op.drop_table("pilot")
    op.drop_column("batch", "reach")
