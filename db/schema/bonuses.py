"""What workers are paid beside their answers: the pots it comes from, bonuses, and who invited whom on what terms."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from db.schema.columns import metadata, moment, surrogate

pot_funding = Table(
    "pot_funding",
    metadata,
    surrogate(),
    Column("currency", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True, comment="named by whoever puts it in: the same key, once"),
    Column("amount", BigInteger, nullable=False, comment="micro-units put into the pot; below 0: taken out again"),
    Column("by", Text, nullable=False),
    moment("at"),
    CheckConstraint("amount <> 0", name="amount"),
)

bonus = Table(
    "bonus",
    metadata,
    surrogate(),
    Column("worker_id", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="micro-units"),
    Column("reason", Text, comment="as the worker reads it; null: for an invitation"),
    Column("key", Text, unique=True, comment="named by whoever pays it: the same key, once"),
    Column("invited_id", BigInteger, unique=True, comment="for whose good answers it is; once for each of them"),
    Column("by", Text, nullable=False),
    moment("at"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("(reason IS NULL) = (key IS NULL) AND (key IS NULL) = (invited_id IS NOT NULL)", name="what_for"),
    Index(None, "worker_id", "id"),
    comment="paid to a worker out of a pot",
)

invite_link = Table(
    "invite_link",
    metadata,
    Column("worker_id", BigInteger, ForeignKey("worker.id"), primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False, unique=True, comment="in deep links, after ref_"),
    moment("made_at"),
)

referral_terms = Table(
    "referral_terms",
    metadata,
    surrogate(),
    Column("currency", Text, nullable=False),
    Column("per_invited", BigInteger, nullable=False, comment="micro-units that one invitation pays"),
    Column("good_answers", Integer, nullable=False, comment="that an invited worker gives until then"),
    Column("active", Boolean, nullable=False, server_default=text("true"), comment="new invitations are on them"),
    Column("set_by", Text, nullable=False),
    moment("set_at"),
    Column("ended_by", Text),
    moment("ended_at", null=True),
    CheckConstraint("per_invited > 0 AND good_answers > 0", name="amount"),
    CheckConstraint("active = (ended_at IS NULL)", name="ended"),
    Index("ix_referral_terms_active", "active", unique=True, postgresql_where=text("active")),
    comment="what invitations pay; they never change, others take their place",
)

invitation = Table(
    "invitation",
    metadata,
    Column("invited_id", BigInteger, ForeignKey("worker.id"), primary_key=True, autoincrement=False),
    Column("inviter_id", BigInteger, nullable=False, comment="a worker; a key check would wait for what they do"),
    Column("terms_id", BigInteger, ForeignKey("referral_terms.id"), comment="that held when they came; null: none did"),
    moment("at"),
    moment("earned_at", null=True),
    moment("paid_at", null=True),
    Column(
        "due",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="money of the invited worker was released since it was looked at",
    ),
    CheckConstraint("invited_id <> inviter_id", name="another"),
    CheckConstraint("paid_at IS NULL OR earned_at IS NOT NULL", name="earned"),
    Index(None, "inviter_id"),
    Index("ix_invitation_open", "invited_id", postgresql_where=text("terms_id IS NOT NULL AND earned_at IS NULL")),
    Index(
        "ix_invitation_due",
        "invited_id",
        postgresql_where=text("due AND terms_id IS NOT NULL AND earned_at IS NULL"),
    ),
    Index("ix_invitation_earned", "earned_at", postgresql_where=text("earned_at IS NOT NULL AND paid_at IS NULL")),
    comment="who brought a worker, by their link",
)
