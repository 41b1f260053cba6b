"""What processes agree on: what came in, what goes out, whose turn it is, and who changed what."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, LargeBinary, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from db.schema.columns import metadata, moment, surrogate

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
    surrogate(),
    Column("person_id", BigInteger, nullable=False),
    Column("subject", Text, nullable=False, comment="which notice"),
    Column("content", JSONB, nullable=False),
    Column("key", Text, nullable=False, unique=True, comment="said once"),
    moment("due_at"),
    moment("sent_at", null=True),
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
    moment("done_at", null=True),
)

upload = Table(
    "upload",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("file", Text, primary_key=True, comment="in the store of files"),
    Column("view", Text, primary_key=True, comment="of that picture"),
    Column("handle", Text, nullable=False, comment="by which the network sends it again, to this bot alone"),
    Column("identity", Text, nullable=False, comment="by which it is known again in a message"),
    Column("bytes", Integer, comment="of the file"),
    moment("at"),
    comment="what a bot has sent once, and need not send again",
)

uptime = Table(
    "uptime",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    moment("seen_at"),
    comment="when a bot was last there",
)

profile = Table(
    "profile",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", Text, primary_key=True, comment="two letters; empty for all others"),
    Column("digest", LargeBinary, nullable=False, comment="SHA-256 of what was set"),
    moment("at"),
    comment="what a bot has told the network to show of it",
)

duty = Table(
    "duty",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False, comment="a process, by a name it made up"),
    moment("held_until"),
    comment="what only one process may do at a time",
)

audit = Table(
    "audit",
    metadata,
    surrogate(),
    moment("at"),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSONB),
)
