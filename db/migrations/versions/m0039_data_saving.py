"""What reaches phones is counted, and workers save data."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "worker",
        sa.Column(
            "saves_data", sa.Boolean(), nullable=False, server_default=sa.false(),
            comment="pictures and sounds wait behind a button",
        ),
    )  # fmt: skip
    op.add_column(
        "worker",
        sa.Column(
            "chose_saving", sa.Boolean(), nullable=False, server_default=sa.false(),
            comment="themselves, whatever is usual in their country",
        ),
    )  # fmt: skip
    op.create_table(
        "data_use",
        sa.Column("worker_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="in the worker's time zone"),
        sa.Column("screens", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False, comment="about, with pictures and sounds"),
        sa.Column("media_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", "day", name=op.f("pk_data_use")),
        comment="what a worker's phone was sent in a day",
    )
    op.create_index(op.f("ix_data_use_day"), "data_use", ["day"])
    op.create_table(
        "batch_weight",
        sa.Column("batch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("screens", sa.Integer(), nullable=False, comment="of tasks"),
        sa.Column("bytes", sa.BigInteger(), nullable=False, comment="of their screens, about, with media"),
        sa.Column("media_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_batch_weight")),
        comment="what the screens of a batch's tasks weigh",
    )
    op.add_column("upload", sa.Column("bytes", sa.Integer(), comment="of the file"))


def downgrade() -> None:
    op.drop_column("upload", "bytes")
    op.drop_table("batch_weight")
    op.drop_table("data_use")
    op.drop_column("worker", "chose_saving")
    op.drop_column("worker", "saves_data")
