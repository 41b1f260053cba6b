"""A task that was taken out of the queue says so itself; golds given out are counted; a closed batch can come again."""

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

_COUNT = """
UPDATE tally SET golds_given = gold_answers + (
    SELECT count(*) FROM lease l JOIN account a ON a.id = l.escrow_id
    WHERE l.batch_id = tally.batch_id AND l.gold AND a.slot = tally.slot
)
"""


def _rename(old: str, new: str) -> str:
    """In what requesters said of their batches."""
    return f"UPDATE batch SET spec = (spec - '{old}') || jsonb_build_object('{new}', spec -> '{old}')"  # noqa: S608


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
    op.add_column("tally", sa.Column("golds_given", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.execute(_COUNT)
    op.execute(_rename("answers", "overlap"))
    op.drop_constraint("uq_batch_requester_id_digest", "batch")
    op.create_index(
        "ix_batch_digest",
        "batch",
        ["requester_id", "digest"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "duty",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False, comment="a process, by a name it made up"),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duty")),
        comment="what only one process may do at a time",
    )


def downgrade() -> None:
    op.execute(_rename("overlap", "answers"))
    op.drop_table("duty")
    op.drop_index("ix_batch_digest", "batch")
    op.create_unique_constraint("uq_batch_requester_id_digest", "batch", ["requester_id", "digest"])
    op.drop_column("tally", "golds_given")
    op.drop_column("task", "withdrawn_at")
