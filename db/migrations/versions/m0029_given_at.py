"""Of tasks that came back it is known since when they were out: late answers count the time of work."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "passed", sa.Column("given_at", sa.DateTime(timezone=True), nullable=True, comment="when it was handed out")
    )


def downgrade() -> None:
    op.drop_column("passed", "given_at")
