"""Graded pay: what is known to be half right earns half, and what is wrong nothing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# What was voided, and why, never changes: neither does what it was held against.
_GOES_ON = """
CREATE OR REPLACE FUNCTION voiding_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.worker_id, OLD.batch_id, OLD.currency, OLD.amount, OLD.answers, OLD.reason, OLD.ground,
        {old} OLD.finding_id, OLD.voided_by, OLD.voided_at)
       IS DISTINCT FROM (NEW.worker_id, NEW.batch_id, NEW.currency, NEW.amount, NEW.answers, NEW.reason, NEW.ground,
        {new} NEW.finding_id, NEW.voided_by, NEW.voided_at) THEN
        RAISE EXCEPTION 'what was voided does not change' USING ERRCODE = 'KZ004';
    END IF;
    IF OLD.settled_at IS NOT NULL
       OR (OLD.appealed_at IS NOT NULL
           AND (OLD.appealed_at, OLD.said) IS DISTINCT FROM (NEW.appealed_at, NEW.said))
       OR (OLD.outcome IS NOT NULL AND OLD.outcome IS DISTINCT FROM NEW.outcome
           AND (OLD.outcome, NEW.outcome) IS DISTINCT FROM ('refused', 'mistaken')) THEN
        RAISE EXCEPTION 'a voiding that is over stays so' USING ERRCODE = 'KZ004';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.add_column(
        "voiding", sa.Column("graded_by", JSONB(), nullable=True, comment="graded: what the answer was held against")
    )
    op.drop_constraint(op.f("ck_voiding_ground"), "voiding")
    op.create_check_constraint(
        op.f("ck_voiding_ground"), "voiding", "ground IN ('golds', 'finding', 'other', 'graded')"
    )
    op.execute(_GOES_ON.format(old="OLD.graded_by,", new="NEW.graded_by,"))


def downgrade() -> None:
    op.execute(_GOES_ON.format(old="", new=""))
    op.drop_constraint(op.f("ck_voiding_ground"), "voiding")
    op.create_check_constraint(op.f("ck_voiding_ground"), "voiding", "ground IN ('golds', 'finding', 'other')")
    op.drop_column("voiding", "graded_by")
