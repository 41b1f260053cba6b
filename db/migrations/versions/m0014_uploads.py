"""What a chat network calls the pictures that it has already."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_HANDLE = "by which the network sends it again, to this bot alone"


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Text(), nullable=False, comment="in the store of files"),
        sa.Column("view", sa.Text(), nullable=False, comment="of that picture"),
        sa.Column(
            "handle", sa.Text(), nullable=False, comment="by which the network sends it again, to this bot alone"
        ),
        sa.Column("identity", sa.Text(), nullable=False, comment="by which it is known again in a message"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "file", "view", name=op.f("pk_upload")),
        comment="what a bot has sent once, and need not send again",
    )


def downgrade() -> None:
    op.drop_table("upload")
