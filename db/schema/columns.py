"""Where all tables are known, and the columns that many of them have."""

from sqlalchemy import ARRAY, BigInteger, Column, DateTime, Float, Identity, Integer, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def surrogate() -> Column[int]:
    """A key that the database numbers."""
    return Column("id", BigInteger, Identity(), primary_key=True)


def moment(name: str, *, null: bool = False) -> Column[object]:
    """A point in time."""
    return Column(name, DateTime(timezone=True), nullable=null)


def person(column: str) -> str:
    """SQL for who an actor is, whichever way they came: `house/amina (panel)` is `amina (command)`."""
    return f"lower(btrim(regexp_replace(split_part({column}, ' (', 1), '^.*/', '')))"


def count(name: str) -> Column[int]:
    """A number that begins at 0."""
    return Column(name, Integer, nullable=False, server_default=text("0"))


def levels(name: str, comment: str) -> Column[object]:
    """A number for each level of skill, beginning at 0."""
    zeros = "'{0,0,0,0,0,0,0,0,0,0,0,0,0}'"
    return Column(name, ARRAY(Float), nullable=False, server_default=text(zeros), comment=comment)
