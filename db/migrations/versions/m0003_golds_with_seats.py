"""Withdrawn tasks say so; golds have seats like any task; a closed batch can come again; duties."""

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

# Golds are tasks like others now: they have seats, and count their answers.
_SEAT_GOLDS = """
UPDATE task SET
    answers = held.answers, leased = held.leased, seats = held.seats, open = held.seats > 0,
    settled_at = CASE WHEN held.answers >= held.least THEN now() END
FROM (
    SELECT t.id, r.least, said.answers, out.leased,
           greatest(0, CASE WHEN said.answers >= r.least THEN 0 ELSE r.least - said.answers - out.leased END) AS seats
    FROM task t JOIN batch b ON b.id = t.batch_id,
    LATERAL (SELECT (b.spec -> 'overlap' ->> 'least')::int AS least) r,
    LATERAL (SELECT count(*)::int AS answers FROM answer WHERE task_id = t.id) said,
    LATERAL (SELECT count(*)::int AS leased FROM lease WHERE batch_id = t.batch_id AND task_id = t.id) out
    WHERE t.gold IS NOT NULL AND b.state <> 'closed'
) held
WHERE task.id = held.id
"""

_UNSEAT_GOLDS = """
UPDATE task SET open = false, seats = 0, leased = 0, answers = 0, settled_at = NULL, label = NULL, confidence = NULL,
                evidence = NULL
WHERE gold IS NOT NULL
"""

_CURSORS = """
UPDATE participation SET gold_cursor = b.first_task - 1 FROM batch b WHERE b.id = participation.batch_id
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
    op.execute(_rename("answers", "overlap"))
    op.drop_index("ix_task_open", "task")
    op.drop_index("ix_task_gold", "task")
    op.execute(_SEAT_GOLDS)
    op.create_index("ix_task_open", "task", ["batch_id", "id"], postgresql_where=sa.text("open AND gold IS NULL"))
    op.create_index("ix_task_gold", "task", ["batch_id", "id"], postgresql_where=sa.text("open AND gold IS NOT NULL"))
    op.drop_column("participation", "gold_start")
    op.drop_column("participation", "gold_lap")
    op.alter_column("participation", "gold_cursor", comment="golds up to here have been offered")
    op.execute(_CURSORS)
    op.drop_constraint("uq_batch_requester_id_digest", "batch")
    op.create_index(
        "ix_batch_digest",
        "batch",
        ["requester_id", "digest"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.add_column("track", sa.Column("compared", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("batch", sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "batch",
        sa.Column(
            "fitted_answers",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="that the last fit knew of",
        ),
    )
    op.add_column("batch", sa.Column("method", sa.Text(), nullable=True, comment="and its version, of the last fit"))
    op.add_column(
        "batch",
        sa.Column(
            "likeness",
            sa.Float(),
            server_default=sa.text("0"),
            nullable=False,
            comment="of answers to one task, by that fit",
        ),
    )
    op.add_column(
        "participation", sa.Column("accuracy", sa.Float(), nullable=True, comment="0..1, by the last fit of the batch")
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
    op.drop_column("participation", "accuracy")
    op.drop_column("batch", "likeness")
    op.drop_column("batch", "method")
    op.drop_column("batch", "fitted_answers")
    op.drop_column("batch", "fitted_at")
    op.drop_column("track", "compared")
    op.drop_index("ix_batch_digest", "batch")
    op.create_unique_constraint("uq_batch_requester_id_digest", "batch", ["requester_id", "digest"])
    op.drop_index("ix_task_open", "task")
    op.drop_index("ix_task_gold", "task")
    op.execute(_UNSEAT_GOLDS)
    op.create_index("ix_task_open", "task", ["batch_id", "id"], postgresql_where=sa.text("open"))
    op.create_index("ix_task_gold", "task", ["batch_id", "id"], postgresql_where=sa.text("gold IS NOT NULL"))
    op.alter_column("participation", "gold_cursor", comment=None)
    op.add_column(
        "participation", sa.Column("gold_lap", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "participation",
        sa.Column(
            "gold_start",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="where this worker began in the ring of golds",
        ),
    )
    op.alter_column("participation", "gold_start", server_default=None)
    op.drop_column("task", "withdrawn_at")
