"""Whether those who read the instructions of one language do as well on the same golds as others."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Float, Index, Integer, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from db.schema.columns import metadata, moment, surrogate

parity_look = Table(
    "parity_look",
    metadata,
    Column("batch_id", BigInteger, primary_key=True, autoincrement=False),
    Column("gold_answers", Integer, nullable=False, comment="that the last look knew of"),
    Column("looks", SmallInteger, nullable=False, comment="each has a share of the rate of false alarms"),
    moment("looked_at"),
    Column("figures", JSONB, nullable=False, comment="crowd.parity.figures.Look"),
    comment="the last look at a batch",
)

parity = Table(
    "parity",
    metadata,
    surrogate(),
    Column("batch_id", BigInteger, nullable=False),
    Column("language", Text, nullable=False, comment="of the instructions"),
    Column("measure", Text, nullable=False),
    Column("here", Float, nullable=False, comment="of those who read them: see crowd.parity.figures"),
    Column("elsewhere", Float, nullable=False, comment="of the others, on the same golds"),
    Column("p", Float, nullable=False),
    Column("workers", Integer, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("others", Integer, nullable=False, comment="workers who read another language"),
    moment("raised_at"),
    moment("looked_at"),
    moment("ended_at", null=True),
    Column("ended_by", Text),
    Column("outcome", Text),
    Column("reason", Text, comment="why, by who ended it"),
    CheckConstraint("measure IN ('accuracy', 'time', 'skips')", name="measure"),
    CheckConstraint("outcome IN ('faded', 'mended', 'sound')", name="outcome"),
    CheckConstraint("(ended_at IS NULL) = (outcome IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    Index(None, "batch_id", "language", "measure", unique=True, postgresql_where=text("ended_at IS NULL")),
    comment="a flag: those who read these instructions did worse on the same golds than others, beyond chance",
)

frozen_answer = Table(
    "frozen_answer",
    metadata,
    Column("batch_id", BigInteger, primary_key=True, autoincrement=False),
    Column("answer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("worker_id", BigInteger, nullable=False),
    Index(None, "batch_id", "worker_id"),
    comment="answers that say nothing of their worker, since a flag stood on what they had read",
)
