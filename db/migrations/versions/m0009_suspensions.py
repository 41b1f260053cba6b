"""Golds that trusted workers contradict are suspended until a person decides."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "task",
        sa.Column(
            "suspended_at",
            sa.DateTime(timezone=True),
            comment="the gold is not handed out and has no verdicts, since workers contradict it",
        ),
    )
    op.add_column(
        "batch",
        sa.Column(
            "golds_checked",
            sa.Integer,
            nullable=False,
            server_default=sa.text("0"),
            comment="answers to golds that the last look for contradicted ones knew of; 0 after a fit",
        ),
    )
    op.create_index(
        "ix_answer_wrong", "answer", ["batch_id", "task_id"], postgresql_where=sa.text("verdict < 1::double precision")
    )
    op.create_table(
        "suspension",
        sa.Column("task_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("batch_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gold", JSONB, nullable=False, comment="as it was"),
        sa.Column("instead", JSONB, nullable=False, comment="what most of those who can tell said"),
        sa.Column("wrong", sa.Float, nullable=False, comment="how probable it was that the gold was wrong, 0..1"),
        sa.Column("settled", sa.Boolean, nullable=False, comment="whether the task was settled before"),
        sa.Column("ruling", sa.Text),
        sa.Column("ruled_by", sa.Text),
        sa.Column("ruled_at", sa.DateTime(timezone=True)),
        sa.Column(
            "moves",
            sa.Integer,
            nullable=False,
            server_default=sa.text("1"),
            comment="how often it was suspended or ruled on; fits count them",
        ),
        sa.CheckConstraint("ruling IN ('right', 'other', 'dropped')", name="ruling"),
        sa.PrimaryKeyConstraint("task_id", name="pk_suspension"),
        comment="a gold that workers contradicted, and what somebody decided about it",
    )
    op.create_index("ix_suspension_batch_id_at", "suspension", ["batch_id", "at"])


def downgrade() -> None:
    op.drop_table("suspension")
    op.drop_index("ix_answer_wrong", "answer")
    op.drop_column("batch", "golds_checked")
    op.drop_column("task", "suspended_at")
