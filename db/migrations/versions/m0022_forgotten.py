"""A worker can be erased: what they did stays, and is nobody's."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_STATES = "state IN ('joining', 'active', 'stopped', 'blocked')"
_WITH_FORGOTTEN = "state IN ('joining', 'active', 'stopped', 'blocked', 'forgotten')"


# The audit log is only added to by those who work with it: of a person it forgets these details, and no more.
_FORGET = """
CREATE FUNCTION forget_in_audit(erased bigint) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    UPDATE audit SET detail = detail - 'reason' WHERE action = 'payout.refuse' AND detail ? 'reason'
        AND subject IN (SELECT id::text FROM payout WHERE worker_id = erased);
    UPDATE audit SET detail = detail - 'masked' WHERE actor = 'worker ' || erased AND detail ? 'masked';
$$
"""


def upgrade() -> None:
    op.execute(_FORGET)
    op.drop_constraint(op.f("ck_worker_state"), "worker")
    op.create_check_constraint(op.f("ck_worker_state"), "worker", _WITH_FORGOTTEN)
    op.create_check_constraint(op.f("ck_worker_forgotten"), "worker", "(state = 'forgotten') = (person_id < 0)")
    op.alter_column(
        "worker",
        "person_id",
        existing_type=sa.BigInteger(),
        existing_nullable=False,
        comment="the person's id in the chat network; less than 0: erased",
        existing_comment="the person's id in the chat network",
    )
    op.alter_column(
        "payout_details",
        "print",
        nullable=True,
        existing_type=sa.LargeBinary(),
        comment="keyed: the same for the same account, and tells nothing of it; null: erased",
        existing_comment="keyed: the same for the same account, and tells nothing of it",
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_in_audit(bigint)")
    op.execute("UPDATE payout_details SET print = uuid_send(gen_random_uuid()) WHERE print IS NULL")
    op.alter_column(
        "payout_details",
        "print",
        nullable=False,
        existing_type=sa.LargeBinary(),
        comment="keyed: the same for the same account, and tells nothing of it",
        existing_comment="keyed: the same for the same account, and tells nothing of it; null: erased",
    )
    op.alter_column(
        "worker",
        "person_id",
        existing_type=sa.BigInteger(),
        existing_nullable=False,
        comment="the person's id in the chat network",
        existing_comment="the person's id in the chat network; less than 0: erased",
    )
    op.drop_constraint(op.f("ck_worker_forgotten"), "worker")
    op.execute("UPDATE worker SET state = 'stopped' WHERE state = 'forgotten'")
    op.drop_constraint(op.f("ck_worker_state"), "worker")
    op.create_check_constraint(op.f("ck_worker_state"), "worker", _STATES)
