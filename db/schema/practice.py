"""Practice: tasks to learn on, and what workers did there."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from db.schema.columns import metadata, moment, surrogate

practice_task = Table(
    "practice_task",
    metadata,
    surrogate(),
    Column("batch_id", BigInteger, ForeignKey("batch.id"), nullable=False),
    Column("place", SmallInteger, nullable=False, comment="from 1, in the order of the requester's file"),
    Column("key", Text, nullable=False, comment="the requester's own id"),
    Column("payload", JSONB, nullable=False),
    Column("gold", JSONB, nullable=False, comment="the right answer and its explanation per locale"),
    Index(None, "batch_id", "place", unique=True),
    comment="never handed out as a task; its answers are neither paid nor counted",
)

practised = Table(
    "practised",
    metadata,
    Column("worker_id", BigInteger, ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True),
    Column("task_id", BigInteger, ForeignKey("practice_task.id"), primary_key=True),
    Column("tries", SmallInteger, nullable=False),
    Column("said", JSONB, comment="at the last try; null: I don't know"),
    Column("right", Boolean, nullable=False, comment="at the last try"),
    moment("at"),
    CheckConstraint("tries BETWEEN 1 AND 2", name="tries"),
    comment="what a worker did in practice, since they last began anew",
)

practising = Table(
    "practising",
    metadata,
    Column("worker_id", BigInteger, ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True),
    Column("task_id", BigInteger, ForeignKey("practice_task.id"), nullable=False),
    Column("attempt", SmallInteger, nullable=False, comment="the try it was shown for, 1 or 2"),
    moment("shown_at"),
    comment="the practice task in a worker's hands",
)
