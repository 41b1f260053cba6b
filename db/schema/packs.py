"""Tasks that are handed out many at once, to be answered without a connection."""

from sqlalchemy import BigInteger, Column, Index, SmallInteger, Table, Text

from db.schema.columns import metadata, moment, surrogate

pack = Table(
    "pack",
    metadata,
    surrogate(),
    Column("worker_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("letters", Text, nullable=False, comment="that name the answers, in their order"),
    Column("size", SmallInteger, nullable=False, comment="tasks that were asked for"),
    moment("made_at"),
    Index(None, "worker_id", "id"),
    comment="tasks that went to a worker in one message",
)

packed = Table(
    "packed",
    metadata,
    Column("pack_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", SmallInteger, primary_key=True, autoincrement=False, comment="by which its worker names it"),
    Column("lease_id", BigInteger, nullable=False, unique=True),
    Column("task_id", BigInteger, nullable=False),
    comment="the tasks of packs; an answer has the id of its lease",
)
