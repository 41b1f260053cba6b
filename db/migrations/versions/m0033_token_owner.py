"""Tokens of owners and of members: only an owner does without a pilot."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "api_token",
        sa.Column(
            "owner", sa.Boolean(), nullable=False, server_default=sa.true(),
            comment="false: a member's, who posts and reviews, and does not do without a pilot",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("api_token", "owner")
