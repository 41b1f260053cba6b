"""What workers say of the words of the chat."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Table, Text, text

from db.schema.columns import metadata, moment, surrogate

wording = Table(
    "wording",
    metadata,
    surrogate(),
    Column("worker_id", BigInteger, ForeignKey("worker.id"), nullable=False),
    Column("locale", Text, nullable=False),
    Column("message", Text, nullable=False, comment="the English text, by which catalogs know it"),
    Column("said", Text, nullable=False, comment="how the locale said it then"),
    Column("better", Text, comment="how it ought to be said, by that worker"),
    moment("at"),
    moment("ended_at", null=True),
    Column("ended_by", Text),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    Index(None, "worker_id", "locale", "message", unique=True, postgresql_where=text("ended_at IS NULL")),
    comment="words of the chat that a worker says are wrong in their language",
)
