"""Signals of fraud: when a batch was looked at, and what was found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signal_look",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False, comment="that the last look knew of"),
        sa.Column("looks", sa.SmallInteger(), nullable=False, comment="each has a share of the rate of false alarms"),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_signal_look")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column(
            "workers",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=False,
            comment="whom it concerns, the smallest id first",
        ),
        sa.Column("strength", sa.Float(), nullable=False, comment="odds against an honest crowd, as a power of ten"),
        sa.Column("weight", sa.Float(), nullable=False, comment="on how many answers it rests"),
        sa.Column("rate", sa.Float(), nullable=False, comment="of false alarms that this look allowed"),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column(
            "paused",
            postgresql.ARRAY(sa.BigInteger()),
            server_default="{}",
            nullable=False,
            comment="of the workers, by this finding",
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="of whoever decided"),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'paused', 'dismissed')", name=op.f("ck_finding_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        comment="what a signal found, for a person to look at",
    )
    op.create_index(
        "ix_finding_open",
        "finding",
        ["signal", "kind", "language", "workers"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_finding_state_id"), "finding", ["state", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("finding")
    op.drop_table("signal_look")
