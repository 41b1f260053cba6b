"""Money on hold that staff took back, what its worker says to that, and golds that workers say are wrong."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from db.schema.columns import metadata, moment, person, surrogate

voiding = Table(
    "voiding",
    metadata,
    surrogate(),
    Column("worker_id", BigInteger, ForeignKey("worker.id"), nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="micro-units, of all its answers"),
    Column("answers", Integer, nullable=False),
    Column("reason", Text, nullable=False, comment="as the worker is told"),
    Column("ground", Text, nullable=False, comment="what it rests on; golds: it falls with them"),
    Column("finding_id", BigInteger),
    Column("graded_by", JSONB, comment="graded: what the answer was held against"),
    Column("voided_by", Text, nullable=False),
    moment("voided_at"),
    Column("said", Text, comment="the worker's, in their appeal; null: they said nothing"),
    moment("appealed_at", null=True),
    Column("outcome", Text),
    Column("decision", Text, comment="why, of whoever answered the appeal"),
    Column("decided_by", Text),
    moment("ended_at", null=True),
    moment("settled_at", null=True),
    CheckConstraint("amount > 0 AND answers > 0", name="amount"),
    CheckConstraint("ground IN ('golds', 'finding', 'other', 'graded')", name="ground"),
    CheckConstraint("outcome IN ('granted', 'silence', 'mistaken', 'refused', 'unappealed')", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
    CheckConstraint("outcome IS NOT NULL OR settled_at IS NULL", name="settled"),
    CheckConstraint("outcome NOT IN ('granted', 'refused', 'silence') OR appealed_at IS NOT NULL", name="appealed"),
    CheckConstraint(
        "outcome NOT IN ('granted', 'refused') OR (decided_by IS NOT NULL AND decision IS NOT NULL)", name="decided"
    ),
    CheckConstraint(f"{person('decided_by')} <> {person('voided_by')}", name="four_eyes"),
    CheckConstraint("appealed_at IS NOT NULL OR said IS NULL", name="said"),
    Index(None, "worker_id", "batch_id"),
    Index(None, "batch_id"),
    Index(None, "voided_at", postgresql_where=text("settled_at IS NULL")),
    comment="earned money that was on hold and was taken back; until settled_at it lies on the batch's voided account",
)

voided_answer = Table(
    "voided_answer",
    metadata,
    Column("answer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("voiding_id", BigInteger, ForeignKey("voiding.id"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("purse_id", BigInteger, nullable=False, comment="the escrow account that had paid it"),
    Index(None, "voiding_id"),
)

appeal_entry = Table(
    "appeal_entry",
    metadata,
    Column("worker_id", BigInteger, ForeignKey("worker.id"), primary_key=True, autoincrement=False),
    Column("voiding_id", BigInteger, ForeignKey("voiding.id"), nullable=False),
    Column("said", Text, comment="what they wrote so far"),
    moment("at"),
    comment="an appeal while its worker writes why",
)

contest = Table(
    "contest",
    metadata,
    Column("task_id", BigInteger, primary_key=True, autoincrement=False),
    Column("worker_id", BigInteger, ForeignKey("worker.id"), primary_key=True, autoincrement=False),
    Column("batch_id", BigInteger, nullable=False),
    moment("at"),
    moment("looked_at", null=True),
    moment("answered_at", null=True),
    Index(None, "batch_id", postgresql_where=text("answered_at IS NULL")),
    comment="a worker says that a gold is wrong which counts against them",
)
