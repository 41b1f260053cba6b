"""Contested tasks are decided by people; how far workers agree is kept as last measured."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "batch",
        sa.Column(
            "fitted_reviews",
            sa.Integer,
            nullable=False,
            server_default=sa.text("0"),
            comment="made or undone, as answers",
        ),
    )
    op.add_column(
        "task",
        sa.Column(
            "reviewed_at",
            sa.DateTime(timezone=True),
            comment="the label is a reviewer's; none: it cannot be decided",
        ),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("task_id", sa.BigInteger, nullable=False),
        sa.Column("batch_id", sa.BigInteger, nullable=False),
        sa.Column("label", JSONB, comment="null: it cannot be decided"),
        sa.Column("note", sa.Text),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label_before", JSONB),
        sa.Column("confidence_before", sa.Float),
        sa.Column("settled", sa.Boolean, nullable=False, comment="whether the task was settled before"),
        sa.Column("undone_by", sa.Text),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        comment="what somebody decided about a contested task",
    )
    op.create_index(
        "ix_review_task_id", "review", ["task_id"], unique=True, postgresql_where=sa.text("undone_at IS NULL")
    )
    op.create_index("ix_review_batch_id_id", "review", ["batch_id", "id"])
    op.create_table(
        "agreement",
        sa.Column("batch_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("answers", sa.Integer, nullable=False, comment="that it was measured on"),
        sa.Column("fitted_answers", sa.Integer, nullable=False, comment="that the fit knew of which made its labels"),
        sa.Column("reviews", sa.Integer, nullable=False, comment="made or undone, that it knows of"),
        sa.Column("closed", sa.Boolean, nullable=False, comment="whether the batch was"),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", JSONB, nullable=False, comment="crowd.agreement.figures.Figures"),
        sa.Column("contested", ARRAY(sa.BigInteger), nullable=False, comment="ids of tasks, the most contested first"),
        sa.PrimaryKeyConstraint("batch_id", name="pk_agreement"),
        comment="how far the workers of a batch agree, as last measured",
    )


def downgrade() -> None:
    op.drop_table("agreement")
    op.drop_table("review")
    op.drop_column("task", "reviewed_at")
    op.drop_column("batch", "fitted_reviews")
