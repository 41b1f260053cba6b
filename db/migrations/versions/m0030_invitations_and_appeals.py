"""Invitations are looked at when their worker had money released; what the erased wrote in appeals can be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# The only change that is let through at any time: the words of somebody who is erased go.
_WORDS_GO = """
        IF NEW.said IS NULL AND OLD.said IS NOT NULL AND to_jsonb(OLD) - 'said' = to_jsonb(NEW) - 'said'
           AND EXISTS (SELECT FROM worker WHERE id = OLD.worker_id AND state = 'forgotten') THEN
            RETURN NEW;
        END IF;
"""
_VOIDING_GOES_ON = """
    CREATE OR REPLACE FUNCTION voiding_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {words_go}
        IF (OLD.worker_id, OLD.batch_id, OLD.currency, OLD.amount, OLD.answers, OLD.reason, OLD.ground,
            OLD.finding_id, {of_old}OLD.voided_by, OLD.voided_at)
           IS DISTINCT FROM (NEW.worker_id, NEW.batch_id, NEW.currency, NEW.amount, NEW.answers, NEW.reason, NEW.ground,
            NEW.finding_id, {of_new}NEW.voided_by, NEW.voided_at) THEN
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
_SAID_IN_AUDIT = """
    UPDATE audit SET detail = detail - 'said'
        WHERE action = 'appeal.file' AND actor = 'worker ' || erased AND detail ? 'said';
"""
_FORGET_IN_AUDIT = """
CREATE OR REPLACE FUNCTION forget_in_audit(erased bigint) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    UPDATE audit SET detail = detail - 'reason' WHERE action = 'payout.refuse' AND detail ? 'reason'
        AND subject IN (SELECT id::text FROM payout WHERE worker_id = erased);
    UPDATE audit SET detail = detail - 'masked' WHERE actor = 'worker ' || erased AND detail ? 'masked';
    {said}
$$
"""


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
    op.execute(_VOIDING_GOES_ON.format(words_go=_WORDS_GO, of_old="OLD.graded_by, ", of_new="NEW.graded_by, "))
    op.execute(_FORGET_IN_AUDIT.format(said=_SAID_IN_AUDIT))


def downgrade() -> None:
    op.execute(_FORGET_IN_AUDIT.format(said=""))
    op.execute(_VOIDING_GOES_ON.format(words_go="", of_old="", of_new=""))
    op.drop_index(
        "ix_invitation_due",
        table_name="invitation",
        postgresql_where=sa.text("due AND terms_id IS NOT NULL AND earned_at IS NULL"),
    )
    op.drop_column("invitation", "due")
