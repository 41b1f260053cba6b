"""Fair pay: floors of an hour's pay, time and earnings per worker and batch, raises, and what is paid on top."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _batch() -> list[sa.Column[object]]:
    return [
        sa.Column("slow_ms", sa.Integer(), nullable=True, comment="the 75th percentile of it"),
        sa.Column(
            "takes_ms",
            sa.Integer(),
            nullable=True,
            comment="what an answer was expected to take when it was posted, milliseconds",
        ),
        sa.Column(
            "underpays",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="countries whose floor it does not reach: their workers are not offered it; * for no known country",
        ),
        sa.Column(
            "pay_looked",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="answers that the last look at its pay knew of",
        ),
        sa.Column(
            "fair_price",
            sa.BigInteger(),
            nullable=True,
            comment="micro-units: it is paused, since its money does not pay this price",
        ),
        sa.Column("short_by", sa.BigInteger(), nullable=True, comment="micro-units that it lacks for that"),
    ]


_PARTICIPATION = (
    ("active_ms", "of all answers"),
    ("earned", "micro-units: paid answers at the batch's present price"),
    ("topped_up", "micro-units beyond that, so that an hour is not paid below the floor"),
)

# Until now every answer of a batch was paid the same.
_SO_FAR = """
UPDATE participation p SET active_ms = done.ms, earned = done.earned FROM (
    SELECT worker_id, batch_id, sum(ms)::bigint AS ms, sum(price)::bigint AS earned
    FROM answer GROUP BY worker_id, batch_id
) done
WHERE done.worker_id = p.worker_id AND done.batch_id = p.batch_id
"""


def upgrade() -> None:
    for column in _batch():
        op.add_column("batch", column)
    for name, comment in _PARTICIPATION:
        column = sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False, comment=comment)
        op.add_column("participation", column)
    op.execute(_SO_FAR)
    op.create_index("ix_participation_owed", "participation", ["batch_id"], postgresql_where=sa.text("topped_up < 0"))
    op.execute(sa.schema.CreateSequence(sa.Sequence("evening")))
    op.create_table(
        "wage_floor",
        sa.Column("country", sa.Text(), nullable=False, comment="ISO 3166-1 alpha-2; * for all others"),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("per_hour", sa.BigInteger(), nullable=False, comment="micro-units of currency; 0: none"),
        sa.Column("source", sa.Text(), nullable=False, comment="where the figure comes from"),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("per_hour >= 0", name=op.f("ck_wage_floor_per_hour")),
        sa.PrimaryKeyConstraint("country", "currency", name=op.f("pk_wage_floor")),
        comment="what an hour pays at least, as staff set it; else defaults hold",
    )
    op.create_table(
        "pay_raise",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("price_before", sa.BigInteger(), nullable=False, comment="micro-units"),
        sa.Column("price", sa.BigInteger(), nullable=False, comment="micro-units"),
        sa.Column("slow_ms", sa.Integer(), nullable=False, comment="measured 75th percentile of an answer's time"),
        sa.Column("country", sa.Text(), nullable=False, comment="whose floor asked for it"),
        sa.Column("per_hour", sa.BigInteger(), nullable=False, comment="that floor, micro-units"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price > price_before", name=op.f("ck_pay_raise_price")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_raise")),
    )
    op.create_index(op.f("ix_pay_raise_batch_id_id"), "pay_raise", ["batch_id", "id"])
    op.create_table(
        "top_up",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="micro-units"),
        sa.Column(
            "raise_id",
            sa.BigInteger(),
            nullable=True,
            comment="for a raise; null: so that an hour is not paid below the floor",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_top_up_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_top_up")),
        sa.UniqueConstraint("raise_id", "worker_id", name=op.f("uq_top_up_raise_id_worker_id")),
        comment="paid for answers on top of what they earned",
    )
    op.create_index(op.f("ix_top_up_worker_id_id"), "top_up", ["worker_id", "id"])
    op.create_index(op.f("ix_top_up_batch_id"), "top_up", ["batch_id"])
    op.create_table(
        "funding",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="named by whoever puts it in: the same key, once"),
        sa.Column("labour", sa.BigInteger(), nullable=False, comment="micro-units for workers"),
        sa.Column("fee", sa.BigInteger(), nullable=False, comment="micro-units for the house, at most"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("labour > 0 AND fee >= 0", name=op.f("ck_funding_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding")),
        sa.UniqueConstraint("batch_id", "key", name=op.f("uq_funding_batch_id_key")),
        comment="money added to a batch after it was posted",
    )


def downgrade() -> None:
    op.execute(sa.schema.DropSequence(sa.Sequence("evening")))
    op.drop_table("funding")
    op.drop_table("top_up")
    op.drop_table("pay_raise")
    op.drop_table("wage_floor")
    op.drop_index("ix_participation_owed", table_name="participation")
    for name, _ in reversed(_PARTICIPATION):
        op.drop_column("participation", name)
    for column in reversed(_batch()):
        op.drop_column("batch", column.name)
