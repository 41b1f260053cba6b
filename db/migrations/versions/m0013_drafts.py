"""Drafts of practice tasks too."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ABOUT = "the lease that it answers, or the practice task"
_BEFORE = "what was said in a chat and not yet confirmed"
_NOW = "what was said in a chat and not yet sent"


def upgrade() -> None:
    op.add_column("draft", sa.Column("about", sa.Text(), nullable=True, comment=_ABOUT))
    op.execute("UPDATE draft SET about = 'lease:' || lease_id")
    op.alter_column("draft", "about", existing_type=sa.Text(), existing_comment=_ABOUT, nullable=False)
    op.drop_column("draft", "lease_id")
    op.create_table_comment("draft", _NOW, existing_comment=_BEFORE)


def downgrade() -> None:
    op.add_column("draft", sa.Column("lease_id", sa.BigInteger(), nullable=True))
    op.execute("DELETE FROM draft WHERE about NOT LIKE 'lease:%'")
    op.execute("UPDATE draft SET lease_id = split_part(about, ':', 2)::bigint")
    op.alter_column("draft", "lease_id", existing_type=sa.BigInteger(), nullable=False)
    op.drop_column("draft", "about")
    op.create_table_comment("draft", _BEFORE, existing_comment=_NOW)
