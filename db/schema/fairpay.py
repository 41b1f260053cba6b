"""Fair pay: the floors of an hour's pay, raises of a price, what was paid on top, and money that was added."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Sequence, Table, Text, UniqueConstraint

from db.schema.columns import metadata, moment, surrogate

wage_floor = Table(
    "wage_floor",
    metadata,
    Column("country", Text, primary_key=True, comment="ISO 3166-1 alpha-2; * for all others"),
    Column("currency", Text, primary_key=True),
    Column("per_hour", BigInteger, nullable=False, comment="micro-units of currency; 0: none"),
    Column("source", Text, nullable=False, comment="where the figure comes from"),
    Column("set_by", Text, nullable=False),
    moment("set_at"),
    CheckConstraint("per_hour >= 0", name="per_hour"),
    comment="what an hour pays at least, as staff set it; else defaults hold",
)

pay_raise = Table(
    "pay_raise",
    metadata,
    surrogate(),
    Column("batch_id", BigInteger, nullable=False),
    Column("price_before", BigInteger, nullable=False, comment="micro-units"),
    Column("price", BigInteger, nullable=False, comment="micro-units"),
    Column("slow_ms", Integer, nullable=False, comment="measured 75th percentile of an answer's time"),
    Column("country", Text, nullable=False, comment="whose floor asked for it"),
    Column("per_hour", BigInteger, nullable=False, comment="that floor, micro-units"),
    moment("at"),
    CheckConstraint("price > price_before", name="price"),
    Index(None, "batch_id", "id"),
)

top_up = Table(
    "top_up",
    metadata,
    surrogate(),
    Column("batch_id", BigInteger, nullable=False),
    Column("worker_id", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="micro-units"),
    Column("raise_id", BigInteger, comment="for a raise; null: so that an hour is not paid below the floor"),
    moment("at"),
    CheckConstraint("amount > 0", name="amount"),
    Index(None, "worker_id", "id"),
    Index(None, "batch_id"),
    UniqueConstraint("raise_id", "worker_id"),
    comment="paid for answers on top of what they earned",
)

funding = Table(
    "funding",
    metadata,
    surrogate(),
    Column("batch_id", BigInteger, nullable=False),
    Column("key", Text, nullable=False, comment="named by whoever puts it in: the same key, once"),
    Column("labour", BigInteger, nullable=False, comment="micro-units for workers"),
    Column("fee", BigInteger, nullable=False, comment="micro-units for the house, at most"),
    Column("by", Text, nullable=False),
    moment("at"),
    UniqueConstraint("batch_id", "key"),
    CheckConstraint("labour > 0 AND fee >= 0", name="amount"),
    comment="money added to a batch after it was posted",
)

evening = Sequence("evening", metadata=metadata)
"""Numbers the moves of money between the purses of a batch."""
