"""Golds made of decided tasks, audits, and fits that know how many golds were ruled on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_FITTED = "golds suspended and ruled on, that the last fit knew of"
_AUDIT = "the task was drawn at random, and decided without a look at what was said"
_MET = "answers that the decided task had or could still get; task.answers of the gold begins with them"
_WRONG = "how probable it was that the gold was wrong, 0..1"


def upgrade() -> None:
    op.add_column(
        "batch", sa.Column("fitted_moves", sa.Integer(), nullable=False, server_default=sa.text("0"), comment=_FITTED)
    )
    op.add_column(
        "review", sa.Column("audit", sa.Boolean(), nullable=False, server_default=sa.text("false"), comment=_AUDIT)
    )
    op.create_table(
        "made_gold",
        sa.Column("task_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="the gold"),
        sa.Column("source_id", sa.BigInteger(), nullable=False, comment="the decided task that it repeats"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("met", sa.SmallInteger(), nullable=False, comment=_MET),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_made_gold")),
        comment="a gold made of a task of its own batch that somebody decided",
    )
    op.create_index(op.f("ix_made_gold_source_id"), "made_gold", ["source_id"], unique=True)
    op.alter_column("suspension", "instead", existing_type=JSONB(), nullable=True)
    op.alter_column(
        "suspension", "wrong", existing_type=sa.Float(), nullable=True, existing_comment=_WRONG,
        comment=f"{_WRONG}; null: the decision that it was made of was undone",
    )  # fmt: skip


def downgrade() -> None:
    op.execute("DELETE FROM suspension WHERE wrong IS NULL")
    op.alter_column("suspension", "wrong", existing_type=sa.Float(), nullable=False, comment=_WRONG)
    op.alter_column("suspension", "instead", existing_type=JSONB(), nullable=False)
    op.drop_table("made_gold")
    op.drop_column("review", "audit")
    op.drop_column("batch", "fitted_moves")
