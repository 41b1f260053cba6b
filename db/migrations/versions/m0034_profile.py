"""What a chat network shows of a bot beside its chats is set once per language, not at every start."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "profile",
        sa.Column("bot_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("language", sa.Text(), nullable=False, comment="two letters; empty for all others"),
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="SHA-256 of what was set"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "language", name=op.f("pk_profile")),
        comment="what a bot has told the network to show of it",
    )


def downgrade() -> None:
    op.drop_table("profile")
