"""Invitations are looked at when their invited worker had money released, not all of them each time."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "invitation",
        sa.Column(
            "due",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="money of the invited worker was released since it was looked at",
        ),
    )
    op.create_index(
        "ix_invitation_due",
        "invitation",
        ["invited_id"],
        unique=False,
        postgresql_where=sa.text("due AND terms_id IS NOT NULL AND earned_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_invitation_due",
        table_name="invitation",
        postgresql_where=sa.text("due AND terms_id IS NOT NULL AND earned_at IS NULL"),
    )
    op.drop_column("invitation", "due")
