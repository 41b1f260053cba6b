"""Money that leaves: where it is to go, what was asked for, and the files by which it is sent."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)

from db.schema.columns import metadata, moment, person, surrogate

payout_details = Table(
    "payout_details",
    metadata,
    surrogate(),
    Column("worker_id", BigInteger, ForeignKey("worker.id"), nullable=False),
    Column("method", Text, nullable=False),
    Column("sealed", LargeBinary, comment="what was entered, encrypted; null: erased"),
    Column("masked", Text, nullable=False, comment="as screens show it"),
    Column(
        "print",
        LargeBinary,
        comment="keyed: the same for the same account, and tells nothing of it; null: erased",
    ),
    moment("entered_at"),
    moment("usable_at"),
    moment("replaced_at", null=True),
    Index(None, "worker_id", unique=True, postgresql_where=text("replaced_at IS NULL")),
    Index(None, "print"),
    comment="where a worker's money is to go; the last ones are in use, others are kept for what was sent by them",
)

payout_entry = Table(
    "payout_entry",
    metadata,
    Column("worker_id", BigInteger, ForeignKey("worker.id"), primary_key=True, autoincrement=False),
    Column("method", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False, comment="what was entered so far, encrypted"),
    moment("at"),
    comment="where a worker's money is to go, while they enter it",
)

payout_file = Table(
    "payout_file",
    metadata,
    surrogate(),
    Column(
        "key", Text, nullable=False, unique=True, comment="named by whoever asked for it: the same key, the same file"
    ),
    Column("method", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("payouts", Integer, nullable=False),
    Column("total", BigInteger, nullable=False, comment="micro-units, without fees"),
    Column("name", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False, comment="the file, encrypted"),
    Column("made_by", Text, nullable=False),
    moment("made_at"),
)

payout = Table(
    "payout",
    metadata,
    surrogate(),
    Column("worker_id", BigInteger, ForeignKey("worker.id"), nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="micro-units taken from the worker's money"),
    Column("fee", BigInteger, nullable=False, comment="of it, kept for sending the rest"),
    Column("method", Text, nullable=False),
    Column("details_id", BigInteger, ForeignKey("payout_details.id"), nullable=False),
    Column("state", Text, nullable=False, server_default="requested"),
    moment("requested_at"),
    Column("approved_by", Text),
    moment("approved_at", null=True),
    Column("seconded_by", Text, comment="above a limit, another person than the one who approved"),
    Column("file_id", BigInteger, ForeignKey("payout_file.id")),
    Column("reference", Text, comment="the provider's"),
    Column("reason", Text, comment="why it failed or was refused, as the worker is told"),
    moment("ended_at", null=True),
    CheckConstraint("amount > fee AND fee >= 0", name="amount"),
    CheckConstraint(
        "state IN ('requested', 'approved', 'sent', 'paid', 'failed', 'refused', 'cancelled')", name="state"
    ),
    CheckConstraint("(state IN ('paid', 'failed', 'refused', 'cancelled')) = (ended_at IS NOT NULL)", name="ended"),
    CheckConstraint("state NOT IN ('failed', 'refused') OR reason IS NOT NULL", name="reason"),
    CheckConstraint(f"{person('seconded_by')} <> {person('approved_by')}", name="four_eyes"),
    Index("ix_payout_open", "worker_id", "currency", unique=True, postgresql_where=text("ended_at IS NULL")),
    Index(None, "state", "method", "currency", postgresql_where=text("ended_at IS NULL")),
    Index(None, "worker_id", "id"),
    Index(None, "file_id"),
)

payout_post = Table(
    "payout_post",
    metadata,
    Column("payout_id", BigInteger, ForeignKey("payout.id"), primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True, comment="names the payout to the provider, each time"),
    Column("sealed", LargeBinary, comment="what is posted, encrypted; null: it has ended"),
    moment("sent_at"),
    moment("due_at", null=True),
    moment("taken_until", null=True),
    Column("tries", SmallInteger, nullable=False),
    Column(
        "unsure", Boolean, nullable=False, server_default=text("false"), comment="the provider may have taken a try"
    ),
    moment("accepted_at", null=True),
    Column("trouble", Text, comment="what became of the last try, for staff"),
    Index(None, "due_at", postgresql_where=text("due_at IS NOT NULL")),
    comment="payouts that are posted to a provider",
)
