"""Who takes part: requesters with their tokens, workers with what they read and can."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    false,
    true,
)

from db.schema.columns import metadata, moment, surrogate

requester = Table(
    "requester",
    metadata,
    surrogate(),
    Column("name", Text, nullable=False, unique=True),
    moment("created_at"),
)

api_token = Table(
    "api_token",
    metadata,
    Column("digest", LargeBinary, primary_key=True, comment="SHA-256 of the token; the token itself is not kept"),
    Column("requester_id", BigInteger, ForeignKey("requester.id"), nullable=False),
    Column("name", Text, nullable=False),
    moment("created_at"),
    moment("revoked_at", null=True),
    Column(
        "owner",
        Boolean,
        nullable=False,
        server_default=true(),
        comment="false: a member's, who posts and reviews, and does not do without a pilot",
    ),
)

worker = Table(
    "worker",
    metadata,
    surrogate(),
    Column(
        "person_id",
        BigInteger,
        nullable=False,
        unique=True,
        comment="the person's id in the chat network; less than 0: erased",
    ),
    Column("pseudonym", Text, nullable=False, unique=True, comment="how exports name this worker"),
    Column("locale", Text, nullable=False, comment="of screens; BCP 47"),
    Column("country", Text, comment="ISO 3166-1 alpha-2"),
    Column("time_zone", Text),
    moment("consented_at", null=True),
    Column("consent_version", Integer),
    Column("state", Text, nullable=False, server_default="joining"),
    Column("joined_at", DateTime(timezone=True), comment="when joining was finished"),
    Column("invited_to", BigInteger, comment="the batch of the deep link they came by"),
    moment("created_at"),
    Column(
        "points_out",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="their screens have a button that says that words on them are wrong",
    ),
    Column(
        "saves_data",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="pictures and sounds wait behind a button",
    ),
    Column(
        "chose_saving",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="themselves, whatever is usual in their country",
    ),
    CheckConstraint("state IN ('joining', 'active', 'stopped', 'blocked', 'forgotten')", name="state"),
    CheckConstraint("(state = 'forgotten') = (person_id < 0)", name="forgotten"),
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
    moment("granted_at"),
    moment("expires_at", null=True),
)
