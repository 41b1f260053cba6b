"""Tasks are handed out in packs."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pack",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("letters", sa.Text(), nullable=False, comment="that name the answers, in their order"),
        sa.Column("size", sa.SmallInteger(), nullable=False, comment="tasks that were asked for"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        comment="tasks that went to a worker in one message",
    )
    op.create_index(op.f("ix_pack_worker_id_id"), "pack", ["worker_id", "id"])
    op.create_table(
        "packed",
        sa.Column("pack_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "number", sa.SmallInteger(), autoincrement=False, nullable=False, comment="by which its worker names it"
        ),
        sa.Column("lease_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pack_id", "number", name=op.f("pk_packed")),
        sa.UniqueConstraint("lease_id", name=op.f("uq_packed_lease_id")),
        comment="the tasks of packs; an answer has the id of its lease",
    )
    op.add_column(
        "lease", sa.Column("pack_id", sa.BigInteger(), comment="it went out with others, and is not in hands")
    )


def downgrade() -> None:
    op.drop_column("lease", "pack_id")
    op.drop_table("packed")
    op.drop_table("pack")
