"""When workers are offered work, and when a rest is due."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Index, SmallInteger, Table, Text, text

from db.schema.columns import metadata

rhythm = Table(
    "rhythm",
    metadata,
    Column("worker_id", BigInteger, primary_key=True, autoincrement=False),
    Column("offered", Text, nullable=False, server_default="daily"),
    Column("from_hour", SmallInteger, nullable=False, server_default=text("9")),
    Column("to_hour", SmallInteger, nullable=False, server_default=text("19")),
    Column("rest_minutes", SmallInteger, nullable=False, server_default=text("50"), comment="0: none is suggested"),
    Column("day_minutes", SmallInteger, nullable=False, server_default=text("360"), comment="0: no limit"),
    Column("day_tasks", SmallInteger, nullable=False, server_default=text("500"), comment="0: no limit"),
    Column("look_at", DateTime(timezone=True), comment="when to see whether there is work for them"),
    Column("offered_at", DateTime(timezone=True)),
    Column("unanswered", SmallInteger, nullable=False, server_default=text("0"), comment="offers one after another"),
    Column("rested_at", DateTime(timezone=True), comment="when a rest was last suggested"),
    Column("enough_on", Date, comment="the day of theirs on which they were told that it is enough"),
    CheckConstraint("offered IN ('daily', 'weekly', 'never')", name="offered"),
    CheckConstraint("0 <= from_hour AND from_hour < to_hour AND to_hour <= 24", name="hours"),
    Index(None, "look_at"),
    comment="of workers who set something, or were told something",
)
