"""Whether, and how much, one more answer to a task is wanted; what a fit knows of the crowd."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FILL = """
UPDATE task SET wanted = 1 - coalesce(task.confidence, 0) FROM batch b
WHERE b.id = task.batch_id AND b.state <> 'closed' AND task.gold IS NULL AND task.settled_at IS NULL
  AND task.answers >= (b.spec -> 'overlap' ->> 'least')::int
"""


def upgrade() -> None:
    op.add_column(
        "task",
        sa.Column(
            "wanted",
            sa.Float(),
            nullable=True,
            comment="how much one more answer is, 0..1; none before the least answers, when settled, and of golds",
        ),
    )
    op.add_column(
        "task", sa.Column("early", JSONB(), nullable=True, comment="of the sample: the label when it was sure")
    )
    op.add_column(
        "batch",
        sa.Column(
            "usual", sa.Float(), nullable=True, comment="accuracy of a worker of whom nothing is known, by the last fit"
        ),
    )
    op.add_column(
        "batch",
        sa.Column(
            "best",
            sa.Float(),
            nullable=False,
            server_default=sa.text("1"),
            comment="reliability of the best who work on it, by the last fit",
        ),
    )
    op.add_column(
        "tally",
        sa.Column(
            "saved",
            sa.Integer(),
            nullable=False,
            server_default=sa.text("0"),
            comment="answers that were not asked for, since labels were sure",
        ),
    )
    op.execute(_FILL)
    op.drop_index("ix_task_open", "task")
    op.create_index(
        "ix_task_open", "task", ["batch_id", "id"], postgresql_where=sa.text("open AND gold IS NULL AND wanted IS NULL")
    )
    op.create_index(
        "ix_task_wanted",
        "task",
        ["batch_id", sa.text("wanted DESC")],
        postgresql_where=sa.text("open AND wanted IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_task_wanted", "task")
    op.drop_index("ix_task_open", "task")
    op.create_index("ix_task_open", "task", ["batch_id", "id"], postgresql_where=sa.text("open AND gold IS NULL"))
    op.drop_column("tally", "saved")
    op.drop_column("batch", "best")
    op.drop_column("batch", "usual")
    op.drop_column("task", "early")
    op.drop_column("task", "wanted")
