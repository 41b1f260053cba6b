"""Workers say which words of the chat are wrong in their language."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "worker",
        sa.Column(
            "points_out", sa.Boolean(), nullable=False, server_default=sa.false(),
            comment="their screens have a button that says that words on them are wrong",
        ),
    )  # fmt: skip
    op.create_table(
        "wording",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False, comment="the English text, by which catalogs know it"),
        sa.Column("said", sa.Text(), nullable=False, comment="how the locale said it then"),
        sa.Column("better", sa.Text(), comment="how it ought to be said, by that worker"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text()),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_wording_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_wording_ended")),
        comment="words of the chat that a worker says are wrong in their language",
    )
    op.create_index(
        op.f("ix_wording_worker_id_locale_message"), "wording", ["worker_id", "locale", "message"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("wording")
    op.drop_column("worker", "points_out")
