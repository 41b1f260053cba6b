"""Answers that went back to their worker once, to be mended."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from db.schema.columns import metadata, moment

redo = Table(
    "redo",
    metadata,
    Column("answer_id", BigInteger, primary_key=True, autoincrement=False, comment="it goes back once, whatever comes"),
    Column("worker_id", BigInteger, nullable=False),
    Column("task_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("lease_id", BigInteger, nullable=False, unique=True, comment="by which its worker has the task again"),
    Column("word", Text, comment="what judges found: the answer is out of the label, and its lease counts as one"),
    Column("reason", Text, comment="what somebody of staff said, as the worker reads it"),
    Column("asked_by", Text, nullable=False),
    moment("asked_at"),
    moment("due_at"),
    moment("ended_at", null=True),
    Column("outcome", Text),
    Column("before", JSONB, comment="once fixed: the answer as it was; null: I don't know"),
    CheckConstraint("outcome IN ('fixed', 'declined', 'expired', 'withdrawn')", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
    CheckConstraint("word IS NOT NULL OR reason IS NOT NULL OR outcome IS NOT NULL", name="why"),
    Index(None, "worker_id", "answer_id"),
    Index("ix_redo_fixed", "batch_id", postgresql_where=text("outcome = 'fixed'")),
    comment="an answer that went back to its worker, to be mended before it is rejected or voided",
)
