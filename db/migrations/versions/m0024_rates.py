"""Rates of currencies, only to show what money is about worth elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate",
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), server_default=sa.text("'USD'"), nullable=False),
        sa.Column(
            "nanos",
            sa.BigInteger(),
            nullable=False,
            comment="billionths of a unit of base that a unit of currency is worth",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="where staff have it from"),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.CheckConstraint("nanos > 0", name=op.f("ck_rate_nanos")),
        sa.CheckConstraint("currency <> base", name=op.f("ck_rate_another")),
        sa.PrimaryKeyConstraint("currency", name=op.f("pk_rate")),
        comment="kept by staff, only to show what money is about worth elsewhere: nothing is paid by it",
    )


def downgrade() -> None:
    op.drop_table("rate")
