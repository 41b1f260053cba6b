"""What is held of one worker is found at once, to be released when they are proven."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_hold_worker_id"), "hold", ["worker_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_hold_worker_id"), table_name="hold")
