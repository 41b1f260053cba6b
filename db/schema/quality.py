"""What is known of workers and labels, and what people decided about them."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import BIT, JSONB

from db.schema.columns import count, levels, metadata, moment, surrogate

track = Table(
    "track",
    metadata,
    Column("worker_id", BigInteger, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    count("answers"),
    count("golds"),
    Column("right", Float, nullable=False, server_default=text("0"), comment="sum of verdicts"),
    Column(
        "evidence",
        Float,
        nullable=False,
        server_default=text("0"),
        comment="log likelihood ratio, bad : good",
    ),
    levels("levels", "log likelihoods of the levels of skill"),
    count("compared"),
    moment("paused_at", null=True),
    Column("pause_reason", Text),
    Column("refreshed_at", DateTime(timezone=True), comment="when they were shown what they got wrong"),
    Column("trial_at", DateTime(timezone=True), comment="when their last re-test began"),
    Column("trial_from", Integer, comment="golds they had answered when the re-test began that they are in"),
    postgresql_with={"fillfactor": "70"},
    comment="what golds and answers have shown of a worker, per kind and language",
)

agreement = Table(
    "agreement",
    metadata,
    Column("batch_id", BigInteger, primary_key=True, autoincrement=False),
    Column("answers", Integer, nullable=False, comment="that it was measured on"),
    Column("fitted_answers", Integer, nullable=False, comment="that the fit knew of which made its labels"),
    Column("reviews", Integer, nullable=False, comment="made or undone, that it knows of"),
    Column("closed", Boolean, nullable=False, comment="whether the batch was"),
    moment("measured_at"),
    Column("figures", JSONB, nullable=False, comment="crowd.agreement.figures.Figures"),
    Column("contested", ARRAY(BigInteger), nullable=False, comment="ids of tasks, the most contested first"),
    comment="how far the workers of a batch agree, as last measured",
)

review = Table(
    "review",
    metadata,
    surrogate(),
    Column("task_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("label", JSONB, comment="null: it cannot be decided"),
    Column("note", Text),
    Column("reviewer", Text, nullable=False),
    moment("at"),
    Column("label_before", JSONB),
    Column("confidence_before", Float),
    Column("settled", Boolean, nullable=False, comment="whether the task was settled before"),
    Column(
        "audit",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="the task was drawn at random, and decided without a look at what was said",
    ),
    Column("undone_by", Text),
    moment("undone_at", null=True),
    Index(None, "task_id", unique=True, postgresql_where=text("undone_at IS NULL")),
    Index(None, "batch_id", "id"),
    comment="what somebody decided about a contested task",
)

made_gold = Table(
    "made_gold",
    metadata,
    Column("task_id", BigInteger, primary_key=True, autoincrement=False, comment="the gold"),
    Column("source_id", BigInteger, nullable=False, comment="the decided task that it repeats"),
    Column("batch_id", BigInteger, nullable=False),
    Column(
        "met",
        SmallInteger,
        nullable=False,
        comment="answers that the decided task had or could still get; task.answers of the gold begins with them",
    ),
    Column("made_by", Text, nullable=False),
    moment("made_at"),
    Index(None, "source_id", unique=True),
    comment="a gold made of a task of its own batch that somebody decided",
)

suspension = Table(
    "suspension",
    metadata,
    Column("task_id", BigInteger, primary_key=True, autoincrement=False),
    Column("batch_id", BigInteger, nullable=False),
    moment("at"),
    Column("gold", JSONB, nullable=False, comment="as it was"),
    Column("instead", JSONB, comment="what most of those who can tell said"),
    Column(
        "wrong",
        Float,
        comment="how probable it was that the gold was wrong, 0..1; null: the decision that it was made of was undone",
    ),
    Column("settled", Boolean, nullable=False, comment="whether the task was settled before"),
    Column("ruling", Text),
    Column("ruled_by", Text),
    moment("ruled_at", null=True),
    Column(
        "moves",
        Integer,
        nullable=False,
        server_default=text("1"),
        comment="how often it was suspended or ruled on; fits count them",
    ),
    CheckConstraint("ruling IN ('right', 'other', 'dropped')", name="ruling"),
    Index(None, "batch_id", "at"),
    comment="a gold that workers contradicted, and what somebody decided about it",
)

signal_look = Table(
    "signal_look",
    metadata,
    Column("batch_id", BigInteger, primary_key=True),
    Column("answers", Integer, nullable=False, comment="that the last look knew of"),
    Column("looks", SmallInteger, nullable=False, comment="each has a share of the rate of false alarms"),
    moment("looked_at"),
)

finding = Table(
    "finding",
    metadata,
    surrogate(),
    Column("batch_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("signal", Text, nullable=False),
    Column("workers", ARRAY(BigInteger), nullable=False, comment="whom it concerns, the smallest id first"),
    Column("strength", Float, nullable=False, comment="odds against an honest crowd, as a power of ten"),
    Column("weight", Float, nullable=False, comment="on how many answers it rests"),
    Column("rate", Float, nullable=False, comment="of false alarms that this look allowed"),
    Column("evidence", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("paused", ARRAY(BigInteger), nullable=False, server_default="{}", comment="of the workers, by this finding"),
    Column("note", Text, comment="of whoever decided"),
    moment("raised_at"),
    moment("changed_at"),
    moment("decided_at", null=True),
    CheckConstraint("state IN ('open', 'paused', 'dismissed')", name="state"),
    Index(
        "ix_finding_open", "signal", "kind", "language", "workers", unique=True, postgresql_where=text("state = 'open'")
    ),
    Index(None, "state", "id"),
    comment="what a signal found, for a person to look at",
)

judged_answer = Table(
    "judged_answer",
    metadata,
    Column("answer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("batch_id", BigInteger, nullable=False, comment="of the answer"),
    Column("task_id", BigInteger, nullable=False, unique=True, comment="in which others judge it"),
    Column("word", Text, comment="what they said; null: nothing yet"),
    Column("confidence", Float, comment="of that, 0..1"),
    moment("judged_at", null=True),
    Index(None, "batch_id", postgresql_where=text("judged_at IS NULL")),
    comment="an answer that others are asked about",
)

answer_mark = Table(
    "answer_mark",
    metadata,
    Column("batch_id", BigInteger, primary_key=True, autoincrement=False),
    Column("answer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("mark", BIT(64), nullable=False, comment="of a picture: nearly the same for those that look the same"),
    comment="by which an answer is known when it is given again",
)
