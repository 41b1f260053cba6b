"""Answers that others judge; answers known again by a mark; which columns the items of a batch have."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "batch",
        sa.Column("columns", postgresql.ARRAY(sa.Text()), comment="of the kind's, those that the items have"),
    )
    op.add_column("batch", sa.Column("judges", sa.BigInteger(), comment="the batch whose answers its tasks are"))
    op.create_index(op.f("ix_batch_judges"), "batch", ["judges"], unique=True)
    op.create_table(
        "judged_answer",
        sa.Column("answer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False, comment="of the answer"),
        sa.Column("task_id", sa.BigInteger(), nullable=False, comment="in which others judge it"),
        sa.Column("word", sa.Text(), comment="what they said; null: nothing yet"),
        sa.Column("confidence", sa.Float(), comment="of that, 0..1"),
        sa.Column("judged_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_judged_answer")),
        sa.UniqueConstraint("task_id", name=op.f("uq_judged_answer_task_id")),
        comment="an answer that others are asked about",
    )
    op.create_index(
        op.f("ix_judged_answer_batch_id"), "judged_answer", ["batch_id"], postgresql_where=sa.text("word IS NULL")
    )
    op.create_table(
        "answer_mark",
        sa.Column("batch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("answer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "mark",
            postgresql.BIT(64),
            nullable=False,
            comment="of a picture: nearly the same for those that look the same",
        ),
        sa.PrimaryKeyConstraint("batch_id", "answer_id", name=op.f("pk_answer_mark")),
        comment="by which an answer is known when it is given again",
    )


def downgrade() -> None:
    op.drop_table("answer_mark")
    op.drop_table("judged_answer")
    op.drop_index(op.f("ix_batch_judges"), table_name="batch")
    op.drop_column("batch", "judges")
    op.drop_column("batch", "columns")
