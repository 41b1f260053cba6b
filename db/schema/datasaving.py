"""What reaches phones, counted."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, Table

from db.schema.columns import metadata

data_use = Table(
    "data_use",
    metadata,
    Column("worker_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True, comment="in the worker's time zone"),
    Column("screens", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False, comment="about, with pictures and sounds"),
    Column("media_bytes", BigInteger, nullable=False),
    Index(None, "day"),
    comment="what a worker's phone was sent in a day",
)

batch_weight = Table(
    "batch_weight",
    metadata,
    Column("batch_id", BigInteger, primary_key=True, autoincrement=False),
    Column("screens", Integer, nullable=False, comment="of tasks"),
    Column("bytes", BigInteger, nullable=False, comment="of their screens, about, with media"),
    Column("media_bytes", BigInteger, nullable=False),
    comment="what the screens of a batch's tasks weigh",
)
