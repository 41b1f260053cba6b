"""Those who read one language's instructions are held against others, on the same golds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "participation",
        sa.Column(
            "read_in", sa.Text(), comment="the language of the instructions that they began with; null: not known"
        ),
    )
    op.create_table(
        "parity_look",
        sa.Column("batch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gold_answers", sa.Integer(), nullable=False, comment="that the last look knew of"),
        sa.Column("looks", sa.SmallInteger(), nullable=False, comment="each has a share of the rate of false alarms"),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="crowd.parity.figures.Look"
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_parity_look")),
        comment="the last look at a batch",
    )
    op.create_table(
        "parity",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False, comment="of the instructions"),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("here", sa.Float(), nullable=False, comment="of those who read them: see crowd.parity.figures"),
        sa.Column("elsewhere", sa.Float(), nullable=False, comment="of the others, on the same golds"),
        sa.Column("p", sa.Float(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False, comment="workers who read another language"),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("reason", sa.Text(), comment="why, by who ended it"),
        sa.CheckConstraint("measure IN ('accuracy', 'time', 'skips')", name=op.f("ck_parity_measure")),
        sa.CheckConstraint("outcome IN ('faded', 'mended', 'sound')", name=op.f("ck_parity_outcome")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (outcome IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_parity_ended"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parity")),
        comment="a flag: those who read these instructions did worse on the same golds than others, beyond chance",
    )
    op.create_index(
        op.f("ix_parity_batch_id_language_measure"), "parity", ["batch_id", "language", "measure"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "frozen_answer",
        sa.Column("batch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("answer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "answer_id", name=op.f("pk_frozen_answer")),
        comment="answers that say nothing of their worker, since a flag stood on what they had read",
    )
    op.create_index(op.f("ix_frozen_answer_batch_id_worker_id"), "frozen_answer", ["batch_id", "worker_id"])


def downgrade() -> None:
    op.drop_table("frozen_answer")
    op.drop_table("parity")
    op.drop_table("parity_look")
    op.drop_column("participation", "read_in")
