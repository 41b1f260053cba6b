"""When a worker finished joining: who stops or blocks before that comes back to joining."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Whoever is at work, or ever was, had joined by then; nobody noted when.
_FILL = """
UPDATE worker SET joined_at = consented_at
WHERE consented_at IS NOT NULL AND (
    state = 'active' OR EXISTS (SELECT FROM participation WHERE worker_id = worker.id)
)
"""


def upgrade() -> None:
    op.add_column(
        "worker",
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True, comment="when joining was finished"),
    )
    op.execute(_FILL)


def downgrade() -> None:
    op.drop_column("worker", "joined_at")
