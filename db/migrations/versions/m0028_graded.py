"""Graded pay: what is known to be half right earns half, and what is wrong nothing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "voiding", sa.Column("graded_by", JSONB(), nullable=True, comment="graded: what the answer was held against")
    )
    op.drop_constraint(op.f("ck_voiding_ground"), "voiding")
    op.create_check_constraint(
        op.f("ck_voiding_ground"), "voiding", "ground IN ('golds', 'finding', 'other', 'graded')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_voiding_ground"), "voiding")
    op.create_check_constraint(op.f("ck_voiding_ground"), "voiding", "ground IN ('golds', 'finding', 'other')")
    op.drop_column("voiding", "graded_by")
