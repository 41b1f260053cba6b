"""Payouts are posted to a provider, one by one."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payout_post",
        sa.Column("payout_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="names the payout to the provider, each time"),
        sa.Column("sealed", sa.LargeBinary(), nullable=True, comment="what is posted, encrypted; null: it has ended"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column(
            "unsure",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="the provider may have taken a try",
        ),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True, comment="what became of the last try, for staff"),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_post_payout_id")),
        sa.PrimaryKeyConstraint("payout_id", name=op.f("pk_payout_post")),
        sa.UniqueConstraint("key", name=op.f("uq_payout_post_key")),
        comment="payouts that are posted to a provider",
    )
    op.create_index(
        op.f("ix_payout_post_due_at"),
        "payout_post",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("payout_post")
