"""Four eyes are two persons, whichever ways they come: an actor's name on two ways is one."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def _person(column: str) -> str:
    return f"lower(btrim(regexp_replace(split_part({column}, ' (', 1), '^.*/', '')))"


_PAYOUT = f"{_person('seconded_by')} <> {_person('approved_by')}"
_APPEAL = f"{_person('decided_by')} <> {_person('voided_by')}"

# What one person approved twice and was not sent yet waits for a second one again; of what has left or ended it is no
# longer said that there was one. The audit log has who did what.
_UP = (
    "ALTER TABLE payout DISABLE TRIGGER payout_goes_on",
    f"""
    UPDATE payout SET seconded_by = NULL, state = CASE state WHEN 'approved' THEN 'requested' ELSE state END
    WHERE NOT ({_PAYOUT})
    """,  # noqa: S608
    "ALTER TABLE payout ENABLE TRIGGER payout_goes_on",
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_payout_four_eyes"), "payout")
    op.drop_constraint(op.f("ck_voiding_four_eyes"), "voiding")
    for statement in _UP:
        op.execute(statement)
    op.create_check_constraint(op.f("ck_payout_four_eyes"), "payout", _PAYOUT)
    op.create_check_constraint(op.f("ck_voiding_four_eyes"), "voiding", _APPEAL)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_voiding_four_eyes"), "voiding")
    op.drop_constraint(op.f("ck_payout_four_eyes"), "payout")
    op.create_check_constraint(op.f("ck_payout_four_eyes"), "payout", "seconded_by <> approved_by")
    op.create_check_constraint(op.f("ck_voiding_four_eyes"), "voiding", "decided_by <> voided_by")
