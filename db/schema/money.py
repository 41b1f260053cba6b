"""The ledger, and money on hold."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, SmallInteger, Table, Text, UniqueConstraint, text

from db.schema.columns import metadata, moment, surrogate

account = Table(
    "account",
    metadata,
    surrogate(),
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
    CheckConstraint(
        "kind IN ('world', 'escrow', 'hold', 'voided', 'available', 'requested', 'paid', 'fee', 'bonus')", name="kind"
    ),
    CheckConstraint("kind = 'world' OR balance >= reserved", name="no_overdraft"),
    CheckConstraint("reserved >= 0", name="reserved"),
    CheckConstraint("reserved + kept <= balance", name="kept"),
    postgresql_with={"fillfactor": "50"},
)

transfer = Table(
    "transfer",
    metadata,
    surrogate(),
    Column("reason", Text, nullable=False),
    Column("ref", BigInteger, nullable=False, comment="what the reason is about; (reason, ref) happens once"),
    Column("debit", BigInteger, nullable=False, comment="the account that gives"),
    Column("credit", BigInteger, nullable=False, comment="the account that gets"),
    Column("amount", BigInteger, nullable=False, comment="micro-units"),
    moment("at"),
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
    moment("due_at"),
    Index(None, "due_at"),
    Index(None, "worker_id"),
    comment="earned and not yet released",
)

rate = Table(
    "rate",
    metadata,
    Column("currency", Text, primary_key=True),
    Column("base", Text, nullable=False, server_default=text("'USD'")),
    Column(
        "nanos", BigInteger, nullable=False, comment="billionths of a unit of base that a unit of currency is worth"
    ),
    Column("source", Text, nullable=False, comment="where staff have it from"),
    moment("set_at"),
    Column("set_by", Text, nullable=False),
    CheckConstraint("nanos > 0", name="nanos"),
    CheckConstraint("currency <> base", name="another"),
    comment="kept by staff, only to show what money is about worth elsewhere: nothing is paid by it",
)
