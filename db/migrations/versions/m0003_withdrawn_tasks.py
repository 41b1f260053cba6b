"""A task that was taken out of the queue says so itself."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What was withdrawn before: reported by two people by the time it was settled, without a label.
_FILL = """
UPDATE task SET withdrawn_at = settled_at
WHERE settled_at IS NOT NULL AND label IS NULL AND gold IS NULL AND (
    SELECT count(DISTINCT worker_id) FROM passed
    WHERE batch_id = task.batch_id AND way = 'reported' AND task_id = task.id AND at <= task.settled_at
) >= 2
"""


def upgrade() -> None:
    op.add_column(
        "task",
        sa.Column(
            "withdrawn_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="taken out of the queue, since workers reported it",
        ),
    )
    op.execute(_FILL)


def downgrade() -> None:
    op.drop_column("task", "withdrawn_at")
