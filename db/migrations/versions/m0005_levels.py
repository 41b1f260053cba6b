"""The posterior of a worker's skill by levels; a refresher, and a re-test as the appeal against a pause.

A log likelihood ratio of two points says little of the levels between: those who were paused stay so, and evidence
begins anew for all others. Golds that a worker answered keep standing in `golds` and `right`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ZEROS = "'{0,0,0,0,0,0,0,0,0,0,0,0,0}'"


def _levels(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.ARRAY(sa.Float()), server_default=sa.text(_ZEROS), nullable=False, comment=comment)


def upgrade() -> None:
    op.add_column("track", _levels("levels", "log likelihoods of the levels of skill"))
    op.add_column(
        "track",
        sa.Column(
            "refreshed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when they were shown what they got wrong",
        ),
    )
    op.add_column(
        "track",
        sa.Column("trial_at", sa.DateTime(timezone=True), nullable=True, comment="when their last re-test began"),
    )
    op.add_column(
        "track",
        sa.Column(
            "trial_from",
            sa.Integer(),
            nullable=True,
            comment="golds they had answered when the re-test began that they are in",
        ),
    )
    op.execute("UPDATE track SET evidence = 0")
    op.add_column("participation", _levels("shown", "what answers to this batch have added to track.levels"))
    op.add_column(
        "participation",
        sa.Column(
            "habits",
            JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="how often which answer was given",
        ),
    )


def downgrade() -> None:
    op.drop_column("participation", "habits")
    op.drop_column("participation", "shown")
    op.drop_column("track", "trial_from")
    op.drop_column("track", "trial_at")
    op.drop_column("track", "refreshed_at")
    op.drop_column("track", "levels")
    op.execute("UPDATE track SET evidence = 0")
