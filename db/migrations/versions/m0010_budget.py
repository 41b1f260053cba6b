"""A budget: money kept for tasks below their least answers, and a price in doubt for all others."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "batch",
        sa.Column(
            "worth",
            sa.Float(),
            nullable=True,
            comment="with a budget: the price of an answer in doubt, such that the money lasts",
        ),
    )
    op.add_column(
        "account",
        sa.Column(
            "kept",
            sa.BigInteger(),
            nullable=True,
            comment="purses of a batch with a budget: for tasks below their least answers",
        ),
    )
    op.create_check_constraint("kept", "account", "reserved + kept <= balance")


def downgrade() -> None:
    op.drop_constraint("kept", "account", type_="check")
    op.drop_column("account", "kept")
    op.drop_column("batch", "worth")
