"""An answer goes back to its worker once, to be mended, before it is rejected or its money voided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Batches that are there have no money for judges to look at an answer twice.
_AS_IT_WAS = """
UPDATE batch SET spec = jsonb_set(spec, '{judging,redo}', 'false') WHERE jsonb_typeof(spec -> 'judging') = 'object'
"""

# Tasks of which a seat was kept for a redo: it is given to somebody else when judges' word is taken again.
_NO_MORE = (
    """
    UPDATE judged_answer SET judged_at = NULL FROM redo
    WHERE redo.answer_id = judged_answer.answer_id AND redo.outcome IS NULL AND redo.word IS NOT NULL
    """,
    """
    UPDATE task SET leased = leased - sums.leases FROM (
        SELECT task_id, count(*) AS leases FROM redo WHERE outcome IS NULL AND word IS NOT NULL GROUP BY task_id
    ) sums WHERE task.id = sums.task_id
    """,
    "DELETE FROM lease WHERE redo_of IS NOT NULL",
    "UPDATE batch SET spec = spec #- '{judging,redo}' WHERE jsonb_typeof(spec -> 'judging') = 'object'",
    "DELETE FROM outbox WHERE subject IN ('redo', 'redo_over') AND sent_at IS NULL",
)


def upgrade() -> None:
    op.create_table(
        "redo",
        sa.Column(
            "answer_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="it goes back once, whatever comes",
        ),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("lease_id", sa.BigInteger(), nullable=False, comment="by which its worker has the task again"),
        sa.Column(
            "word",
            sa.Text(),
            nullable=True,
            comment="what judges found: the answer is out of the label, and its lease counts as one",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="what somebody of staff said, as the worker reads it"),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column(
            "before",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="once fixed: the answer as it was; null: I don't know",
        ),
        sa.CheckConstraint("outcome IN ('fixed', 'declined', 'expired', 'withdrawn')", name=op.f("ck_redo_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_redo_ended")),
        sa.CheckConstraint("word IS NOT NULL OR reason IS NOT NULL OR outcome IS NOT NULL", name=op.f("ck_redo_why")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_redo")),
        sa.UniqueConstraint("lease_id", name=op.f("uq_redo_lease_id")),
        comment="an answer that went back to its worker, to be mended before it is rejected or voided",
    )
    op.create_index(op.f("ix_redo_worker_id_answer_id"), "redo", ["worker_id", "answer_id"], unique=False)
    op.create_index("ix_redo_fixed", "redo", ["batch_id"], unique=False, postgresql_where=sa.text("outcome = 'fixed'"))
    op.add_column(
        "lease",
        sa.Column(
            "redo_of", sa.BigInteger(), nullable=True, comment="the answer that is to be mended: it is not paid again"
        ),
    )
    op.add_column(
        "lease",
        sa.Column(
            "waiting",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="of such a one: not in hands before its worker takes it",
        ),
    )
    op.create_check_constraint(op.f("ck_lease_redo_of"), "lease", "redo_of IS NULL OR price = 0")
    op.create_check_constraint(op.f("ck_lease_waiting"), "lease", "redo_of IS NOT NULL OR NOT waiting")
    op.execute(_AS_IT_WAS)


def downgrade() -> None:
    for statement in _NO_MORE:
        op.execute(statement)
    op.drop_constraint(op.f("ck_lease_waiting"), "lease")
    op.drop_constraint(op.f("ck_lease_redo_of"), "lease")
    op.drop_column("lease", "waiting")
    op.drop_column("lease", "redo_of")
    op.drop_table("redo")
