"""Workers set when they are offered work, and when a rest is due."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rhythm",
        sa.Column("worker_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("offered", sa.Text(), server_default="daily", nullable=False),
        sa.Column("from_hour", sa.SmallInteger(), server_default=sa.text("9"), nullable=False),
        sa.Column("to_hour", sa.SmallInteger(), server_default=sa.text("19"), nullable=False),
        sa.Column(
            "rest_minutes", sa.SmallInteger(), server_default=sa.text("50"), nullable=False,
            comment="0: none is suggested",
        ),
        sa.Column(
            "day_minutes", sa.SmallInteger(), server_default=sa.text("360"), nullable=False, comment="0: no limit"
        ),
        sa.Column("day_tasks", sa.SmallInteger(), server_default=sa.text("500"), nullable=False, comment="0: no limit"),
        sa.Column("look_at", sa.DateTime(timezone=True), comment="when to see whether there is work for them"),
        sa.Column("offered_at", sa.DateTime(timezone=True)),
        sa.Column(
            "unanswered", sa.SmallInteger(), server_default=sa.text("0"), nullable=False,
            comment="offers one after another",
        ),
        sa.Column("rested_at", sa.DateTime(timezone=True), comment="when a rest was last suggested"),
        sa.Column("enough_on", sa.Date(), comment="the day of theirs on which they were told that it is enough"),
        sa.CheckConstraint("offered IN ('daily', 'weekly', 'never')", name=op.f("ck_rhythm_offered")),
        sa.CheckConstraint(
            "0 <= from_hour AND from_hour < to_hour AND to_hour <= 24", name=op.f("ck_rhythm_hours")
        ),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_rhythm")),
        comment="of workers who set something, or were told something",
    )  # fmt: skip
    op.create_index(op.f("ix_rhythm_look_at"), "rhythm", ["look_at"])


def downgrade() -> None:
    op.drop_table("rhythm")
