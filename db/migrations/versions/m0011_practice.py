"""Practice tasks of batches, and what workers did in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False, comment="from 1, in the order of the requester's file"),
        sa.Column("key", sa.Text(), nullable=False, comment="the requester's own id"),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("gold", JSONB(), nullable=False, comment="the right answer and its explanation per locale"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_practice_task_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_task")),
        comment="never handed out as a task; its answers are neither paid nor counted",
    )
    op.create_index(op.f("ix_practice_task_batch_id_place"), "practice_task", ["batch_id", "place"], unique=True)
    op.create_table(
        "practised",
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("said", JSONB(), nullable=True, comment="at the last try; null: I don't know"),
        sa.Column("right", sa.Boolean(), nullable=False, comment="at the last try"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tries BETWEEN 1 AND 2", name=op.f("ck_practised_tries")),
        sa.ForeignKeyConstraint(["task_id"], ["practice_task.id"], name=op.f("fk_practised_task_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_practised_worker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("worker_id", "task_id", name=op.f("pk_practised")),
        comment="what a worker did in practice, since they last began anew",
    )
    op.create_table(
        "practising",
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False, comment="the try it was shown for, 1 or 2"),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["practice_task.id"], name=op.f("fk_practising_task_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_practising_worker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_practising")),
        comment="the practice task in a worker's hands",
    )


def downgrade() -> None:
    op.drop_table("practising")
    op.drop_table("practised")
    op.drop_table("practice_task")
