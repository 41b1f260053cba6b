"""Every table of Kazi, as SQLAlchemy metadata: what migrations are held against.

Hot tables (task, lease, answer, hold, transfer, participation, tally) carry no foreign keys: a key check is a
lock on the parent row, and all workers of a batch share its row. `crowd` writes each of them in one place,
under the worker's row lock. The ledger's own rules (append only, balances, no overdraft) are triggers and
constraints, in `db/migrations`.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", BigInteger, Identity(), primary_key=True)


def _time(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=null)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def _levels(name: str, comment: str) -> Column[object]:
    zeros = "'{0,0,0,0,0,0,0,0,0,0,0,0,0}'"
    return Column(name, ARRAY(Float), nullable=False, server_default=text(zeros), comment=comment)


# People

requester = Table(
    "requester",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    _time("created_at"),
)

api_token = Table(
    "api_token",
    metadata,
    Column("digest", LargeBinary, primary_key=True, comment="SHA-256 of the token; the token itself is not kept"),
    Column("requester_id", BigInteger, ForeignKey("requester.id"), nullable=False),
    Column("name", Text, nullable=False),
    _time("created_at"),
    _time("revoked_at", null=True),
)

worker = Table(
    "worker",
    metadata,
    _id(),
    Column("person_id", BigInteger, nullable=False, unique=True, comment="the person's id in the chat network"),
    Column("pseudonym", Text, nullable=False, unique=True, comment="how exports name this worker"),
    Column("locale", Text, nullable=False, comment="of screens; BCP 47"),
    Column("country", Text, comment="ISO 3166-1 alpha-2"),
    Column("time_zone", Text),
    _time("consented_at", null=True),
    Column("consent_version", Integer),
    Column("state", Text, nullable=False, server_default="joining"),
    Column("joined_at", DateTime(timezone=True), comment="when joining was finished"),
    Column("invited_to", BigInteger, comment="the batch of the deep link they came by"),
    _time("created_at"),
    CheckConstraint("state IN ('joining', 'active', 'stopped', 'blocked')", name="state"),
)

worker_language = Table(
    "worker_language",
    metadata,
    Column("worker_id", BigInteger, ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True),
    Column("language", Text, primary_key=True),
    Column("level", Text, nullable=False),
    CheckConstraint("level IN ('basic', 'good', 'native')", name="level"),
)

skill = Table(
    "skill",
    metadata,
    Column("worker_id", BigInteger, ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    _time("granted_at"),
    _time("expires_at", null=True),
)

draft = Table(
    "draft",
    metadata,
    Column("bot_id", BigInteger, primary_key=True),
    Column("person_id", BigInteger, primary_key=True),
    Column("lease_id", BigInteger, nullable=False),
    Column("said", JSONB, nullable=False),
    _time("said_at"),
    comment="what was said in a chat and not yet confirmed",
)

# Work

batch = Table(
    "batch",
    metadata,
    _id(),
    Column("requester_id", BigInteger, ForeignKey("requester.id"), nullable=False),
    Column(
        "digest",
        LargeBinary,
        nullable=False,
        comment="SHA-256 of what was posted; the same file posts once",
    ),
    Column("slug", Text, nullable=False, unique=True, comment="in deep links"),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("spec", JSONB, nullable=False, comment="the batch file, validated; never changes"),
    Column("currency", Text, nullable=False),
    Column("price", BigInteger, nullable=False, comment="micro-units of currency for one answer"),
    Column("skills", ARRAY(Text), nullable=False, server_default="{}"),
    Column("state", Text, nullable=False, server_default="open"),
    Column("state_reason", Text),
    Column("tasks", Integer, nullable=False),
    Column("golds", Integer, nullable=False),
    Column("first_task", BigInteger, nullable=False),
    Column("last_task", BigInteger, nullable=False),
    Column("front", BigInteger, nullable=False, comment="no open task has a smaller id"),
    Column("purses", SmallInteger, nullable=False, comment="over how many accounts the escrow is spread"),
    _time("fitted_at", null=True),
    Column("fitted_answers", Integer, nullable=False, server_default=text("0"), comment="that the last fit knew of"),
    Column("method", Text, comment="and its version, of the last fit"),
    Column("likeness", Float, nullable=False, server_default=text("0"), comment="of answers to one task, by that fit"),
    Column("usual", Float, comment="accuracy of a worker of whom nothing is known, by the last fit"),
    Column(
        "best",
        Float,
        nullable=False,
        server_default=text("1"),
        comment="reliability of the best who work on it, by the last fit",
    ),
    Column("fitted_reviews", Integer, nullable=False, server_default=text("0"), comment="made or undone, as answers"),
    Column(
        "golds_checked",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="answers to golds that the last look for contradicted ones knew of; 0 after a fit",
    ),
    Column("worth", Float, comment="with a budget: the price of an answer in doubt, such that the money lasts"),
    Column("pace_ms", Integer, comment="measured median time of an answer, milliseconds"),
    _time("created_at"),
    _time("closed_at", null=True),
    CheckConstraint("state IN ('open', 'paused', 'closed')", name="state"),
    CheckConstraint("price > 0", name="price"),
    Index("ix_batch_digest", "requester_id", "digest", unique=True, postgresql_where=text("state <> 'closed'")),
    Index(None, "language", "id", postgresql_where=text("state = 'open'")),
)

task = Table(
    "task",
    metadata,
    Column("id", BigInteger, primary_key=True, comment="in the random order that import fixed"),
    Column("batch_id", BigInteger, nullable=False),
    Column("key", Text, nullable=False, comment="the requester's own id"),
    Column("payload", JSONB, nullable=False),
    Column("gold", JSONB, comment="the right answer and its explanation per locale"),
    Column("open", Boolean, nullable=False, comment="seats > 0; a column of its own keeps most updates HOT"),
    Column("seats", SmallInteger, nullable=False, comment="how many more leases may be given now"),
    Column("leased", SmallInteger, nullable=False, server_default=text("0")),
    Column("answers", SmallInteger, nullable=False, server_default=text("0")),
    Column("evidence", JSONB, comment="what the kind has added up so far"),
    Column("label", JSONB, comment="the consensus"),
    Column("confidence", Float, comment="0..1"),
    Column(
        "wanted",
        Float,
        comment="how much one more answer is, 0..1; none before the least answers, when settled, and of golds",
    ),
    Column("early", JSONB, comment="of the sample: the label when it was sure"),
    _time("settled_at", null=True),
    Column("withdrawn_at", DateTime(timezone=True), comment="taken out of the queue, since workers reported it"),
    Column("reviewed_at", DateTime(timezone=True), comment="the label is a reviewer's; none: it cannot be decided"),
    Column(
        "suspended_at",
        DateTime(timezone=True),
        comment="the gold is not handed out and has no verdicts, since workers contradict it",
    ),
    CheckConstraint("seats >= 0 AND leased >= 0 AND open = (seats > 0)", name="seats"),
    Index("ix_task_open", "batch_id", "id", postgresql_where=text("open AND gold IS NULL AND wanted IS NULL")),
    Index("ix_task_wanted", "batch_id", text("wanted DESC"), postgresql_where=text("open AND wanted IS NOT NULL")),
    Index("ix_task_gold", "batch_id", "id", postgresql_where=text("open AND gold IS NOT NULL")),
    postgresql_with={"fillfactor": "85"},
)

lease = Table(
    "lease",
    metadata,
    _id(),
    Column("task_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("worker_id", BigInteger, nullable=False),
    Column("price", BigInteger, nullable=False, comment="micro-units, frozen here"),
    Column("escrow_id", BigInteger, nullable=False, comment="the account that keeps price reserved"),
    Column("gold", Boolean, nullable=False),
    _time("given_at"),
    _time("due_at"),
    Index(None, "worker_id"),
    Index(None, "batch_id", "task_id"),
    Index(None, "due_at"),
)

answer = Table(
    "answer",
    metadata,
    Column("id", BigInteger, primary_key=True, comment="the id of the lease that it answers"),
    Column("task_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("worker_id", BigInteger, nullable=False),
    Column("value", JSONB, comment="null: I don't know"),
    Column("verdict", Float, comment="golds: 0 wrong .. 1 right"),
    Column("price", BigInteger, nullable=False, comment="micro-units paid"),
    Column("ms", Integer, nullable=False, comment="from shown to answered, milliseconds"),
    _time("answered_at"),
    Index(None, "task_id", "worker_id", unique=True),
    Index(None, "worker_id", "id"),
    Index("ix_answer_wrong", "batch_id", "task_id", postgresql_where=text("verdict < 1::double precision")),
)

passed = Table(
    "passed",
    metadata,
    Column("lease_id", BigInteger, primary_key=True),
    Column("task_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("worker_id", BigInteger, nullable=False),
    Column("way", Text, nullable=False),
    Column("reason", Text),
    Column("price", BigInteger, nullable=False),
    _time("at"),
    CheckConstraint("way IN ('skipped', 'reported', 'expired', 'withdrawn')", name="way"),
    Index(None, "worker_id", "task_id"),
    Index(None, "batch_id", "way"),
)

participation = Table(
    "participation",
    metadata,
    Column("worker_id", BigInteger, primary_key=True),
    Column("batch_id", BigInteger, primary_key=True),
    Column("cursor", BigInteger, nullable=False, comment="tasks up to here have been offered"),
    Column("lap", SmallInteger, nullable=False, server_default=text("0"), comment="1: came to the end once"),
    Column("gold_cursor", BigInteger, nullable=False, comment="golds up to here have been offered"),
    Column("hold_id", BigInteger, nullable=False, comment="the account of the worker's held money"),
    Column("escrow_id", BigInteger, nullable=False, comment="the purse of the batch that this worker draws on"),
    Column("accuracy", Float, comment="0..1, by the last fit of the batch"),
    _levels("shown", "what answers to this batch have added to track.levels"),
    Column("habits", JSONB, nullable=False, server_default=text("'{}'"), comment="how often which answer was given"),
    _count("answers"),
    _count("dont_knows"),
    _count("skips_in_a_row"),
    _time("dry_at", null=True),
    _time("joined_at"),
    Index(None, "batch_id", "joined_at"),
    postgresql_with={"fillfactor": "70"},
)

track = Table(
    "track",
    metadata,
    Column("worker_id", BigInteger, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    _count("answers"),
    _count("golds"),
    Column("right", Float, nullable=False, server_default=text("0"), comment="sum of verdicts"),
    Column(
        "evidence",
        Float,
        nullable=False,
        server_default=text("0"),
        comment="log likelihood ratio, bad : good",
    ),
    _levels("levels", "log likelihoods of the levels of skill"),
    _count("compared"),
    _time("paused_at", null=True),
    Column("pause_reason", Text),
    Column("refreshed_at", DateTime(timezone=True), comment="when they were shown what they got wrong"),
    Column("trial_at", DateTime(timezone=True), comment="when their last re-test began"),
    Column("trial_from", Integer, comment="golds they had answered when the re-test began that they are in"),
    postgresql_with={"fillfactor": "70"},
    comment="what golds and answers have shown of a worker, per kind and language",
)

tally = Table(
    "tally",
    metadata,
    Column("batch_id", BigInteger, primary_key=True),
    Column("slot", SmallInteger, primary_key=True, comment="spreads counting over rows; sum them"),
    _count("answers"),
    _count("gold_answers"),
    _count("settled"),
    _count("unsure"),
    Column(
        "saved",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="answers that were not asked for, since labels were sure",
    ),
    _count("reported"),
    postgresql_with={"fillfactor": "50"},
)

review = Table(
    "review",
    metadata,
    _id(),
    Column("task_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("label", JSONB, comment="null: it cannot be decided"),
    Column("note", Text),
    Column("reviewer", Text, nullable=False),
    _time("at"),
    Column("label_before", JSONB),
    Column("confidence_before", Float),
    Column("settled", Boolean, nullable=False, comment="whether the task was settled before"),
    Column("undone_by", Text),
    _time("undone_at", null=True),
    Index(None, "task_id", unique=True, postgresql_where=text("undone_at IS NULL")),
    Index(None, "batch_id", "id"),
    comment="what somebody decided about a contested task",
)

suspension = Table(
    "suspension",
    metadata,
    Column("task_id", BigInteger, primary_key=True, autoincrement=False),
    Column("batch_id", BigInteger, nullable=False),
    _time("at"),
    Column("gold", JSONB, nullable=False, comment="as it was"),
    Column("instead", JSONB, nullable=False, comment="what most of those who can tell said"),
    Column("wrong", Float, nullable=False, comment="how probable it was that the gold was wrong, 0..1"),
    Column("settled", Boolean, nullable=False, comment="whether the task was settled before"),
    Column("ruling", Text),
    Column("ruled_by", Text),
    _time("ruled_at", null=True),
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

agreement = Table(
    "agreement",
    metadata,
    Column("batch_id", BigInteger, primary_key=True, autoincrement=False),
    Column("answers", Integer, nullable=False, comment="that it was measured on"),
    Column("fitted_answers", Integer, nullable=False, comment="that the fit knew of which made its labels"),
    Column("reviews", Integer, nullable=False, comment="made or undone, that it knows of"),
    Column("closed", Boolean, nullable=False, comment="whether the batch was"),
    _time("measured_at"),
    Column("figures", JSONB, nullable=False, comment="crowd.agreement.figures.Figures"),
    Column("contested", ARRAY(BigInteger), nullable=False, comment="ids of tasks, the most contested first"),
    comment="how far the workers of a batch agree, as last measured",
)

# Practice

practice_task = Table(
    "practice_task",
    metadata,
    _id(),
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
    _time("at"),
    CheckConstraint("tries BETWEEN 1 AND 2", name="tries"),
    comment="what a worker did in practice, since they last began anew",
)

practising = Table(
    "practising",
    metadata,
    Column("worker_id", BigInteger, ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True),
    Column("task_id", BigInteger, ForeignKey("practice_task.id"), nullable=False),
    Column("attempt", SmallInteger, nullable=False, comment="the try it was shown for, 1 or 2"),
    _time("shown_at"),
    comment="the practice task in a worker's hands",
)

# Signals of fraud

signal_look = Table(
    "signal_look",
    metadata,
    Column("batch_id", BigInteger, primary_key=True),
    Column("answers", Integer, nullable=False, comment="that the last look knew of"),
    Column("looks", SmallInteger, nullable=False, comment="each has a share of the rate of false alarms"),
    _time("looked_at"),
)

finding = Table(
    "finding",
    metadata,
    _id(),
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
    _time("raised_at"),
    _time("changed_at"),
    _time("decided_at", null=True),
    CheckConstraint("state IN ('open', 'paused', 'dismissed')", name="state"),
    Index(
        "ix_finding_open", "signal", "kind", "language", "workers", unique=True, postgresql_where=text("state = 'open'")
    ),
    Index(None, "state", "id"),
    comment="what a signal found, for a person to look at",
)

# Money

account = Table(
    "account",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    Column("owner", BigInteger, nullable=False, comment="worker or batch, 0 for the house"),
    Column("slot", SmallInteger, nullable=False, server_default=text("0")),
    Column("currency", Text, nullable=False),
    Column(
        "balance",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="micro-units; kept by the ledger",
    ),
    Column("reserved", BigInteger, nullable=False, server_default=text("0"), comment="promised to leases"),
    Column("kept", BigInteger, comment="purses of a batch with a budget: for tasks below their least answers"),
    UniqueConstraint("kind", "owner", "currency", "slot"),
    CheckConstraint("kind IN ('world', 'escrow', 'hold', 'available', 'paid', 'fee')", name="kind"),
    CheckConstraint("kind = 'world' OR balance >= reserved", name="no_overdraft"),
    CheckConstraint("reserved >= 0", name="reserved"),
    CheckConstraint("reserved + kept <= balance", name="kept"),
    postgresql_with={"fillfactor": "50"},
)

transfer = Table(
    "transfer",
    metadata,
    _id(),
    Column("reason", Text, nullable=False),
    Column("ref", BigInteger, nullable=False, comment="what the reason is about; (reason, ref) happens once"),
    Column("debit", BigInteger, nullable=False, comment="the account that gives"),
    Column("credit", BigInteger, nullable=False, comment="the account that gets"),
    Column("amount", BigInteger, nullable=False, comment="micro-units"),
    _time("at"),
    UniqueConstraint("reason", "ref"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("debit <> credit", name="two_sides"),
    Index(None, "debit", "id"),
    Index(None, "credit", "id"),
)

hold = Table(
    "hold",
    metadata,
    Column("answer_id", BigInteger, primary_key=True),
    Column("worker_id", BigInteger, nullable=False),
    Column("account_id", BigInteger, nullable=False, comment="the hold account the money is in"),
    Column("amount", BigInteger, nullable=False),
    _time("due_at"),
    Index(None, "due_at"),
    comment="earned and not yet released",
)

# Coordination

inbox = Table(
    "inbox",
    metadata,
    Column("bot_id", BigInteger, primary_key=True),
    Column("update_id", BigInteger, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("failed", Text, comment="what went wrong, when a handler raised"),
    Index(None, "at"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("person_id", BigInteger, nullable=False),
    Column("subject", Text, nullable=False, comment="which notice"),
    Column("content", JSONB, nullable=False),
    Column("key", Text, nullable=False, unique=True, comment="said once"),
    _time("due_at"),
    _time("sent_at", null=True),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("failed", Text),
    Index(None, "due_at", postgresql_where=text("sent_at IS NULL AND failed IS NULL")),
    Index(None, "sent_at", postgresql_where=text("sent_at IS NOT NULL")),
)

job_slot = Table(
    "job_slot",
    metadata,
    Column("job", Text, primary_key=True),
    Column("slot", DateTime(timezone=True), primary_key=True),
    _time("done_at", null=True),
)

duty = Table(
    "duty",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False, comment="a process, by a name it made up"),
    _time("held_until"),
    comment="what only one process may do at a time",
)

audit = Table(
    "audit",
    metadata,
    _id(),
    _time("at"),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSONB),
)
