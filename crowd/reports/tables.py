"""The parts of a report as rows, for any format of exports. Money is a decimal number, in units of the currency."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from crowd.exports.base import Column, Format, Row, Type
from crowd.labels.results import money
from crowd.reports.hourly import Hourly
from crowd.reports.ledger import Told
from crowd.reports.months import name_of
from crowd.reports.report import Report

_BLOCK = 2000


def _columns(names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Type.TEXT) for name in names.split())


_TOLD = _columns("funded spent released fee returned on_hold left")
_HOURLY = (Column("workers", Type.INTEGER), *_columns("hourly_median hourly_p10"))
"""Empty where there are too few workers to be shown."""


@dataclass(frozen=True, slots=True)
class Table:
    """One part of a report."""

    columns: tuple[Column, ...]
    rows_of: Callable[[Report], Iterator[Row]]


def _told(told: Told) -> tuple[str, ...]:
    every = (told.funded, told.spent, told.released, told.fee, told.returned, told.on_hold, told.left)
    return tuple(money(each) for each in every)


def _hourly(pay: Hourly) -> tuple[int, str | None, str | None]:
    return pay.workers, *(None if each is None else money(each) for each in (pay.median, pay.p10))  # type: ignore[return-value]


def _batches(report: Report) -> Iterator[Row]:
    for each in report.batches:
        about = (name_of(each.month), each.batch_id, each.batch, each.language, each.currency)
        yield (*about, *_told(each.told), *_hourly(each.hourly))


def _house(report: Report) -> Iterator[Row]:
    for each in report.house:
        paid = (money(micros) for micros in (each.paid, each.payout_fees, each.owed))
        yield (name_of(each.month), each.currency, *_told(each.batches), *paid)


def _pay(report: Report) -> Iterator[Row]:
    for each in report.groups:
        about = (each.language or "others", each.country or ("" if each.language else "others"))
        yield (name_of(each.month), each.currency, *about, *_hourly(each.hourly))


def _balance(report: Report) -> Iterator[Row]:
    for trial in report.trials:
        for line in trial.lines:
            yield line.currency, line.kind, line.accounts, money(line.balance)
        yield trial.currency, "sum", sum(line.accounts for line in trial.lines), money(trial.total)


class TableName(StrEnum):
    """The parts of a report."""

    BATCHES = "batches"
    """A row for each batch and month."""
    HOUSE = "house"
    """A row for each month and currency of the whole house."""
    PAY = "pay"
    """What an hour earned: a row for each month, currency, language of batches and country of workers."""
    BALANCE = "balance"
    """The trial balance of the moment: a row for each currency and kind of account, and their sum."""


TABLES = {
    TableName.BATCHES: Table(
        (Column("month", Type.TEXT), Column("batch", Type.INTEGER), *_columns("name language currency"), *_TOLD,
         *_HOURLY), _batches
    ),
    TableName.HOUSE: Table((*_columns("month currency"), *_TOLD, *_columns("paid payout_fees owed")), _house),
    TableName.PAY: Table((*_columns("month currency language country"), *_HOURLY), _pay),
    TableName.BALANCE: Table(
        (*_columns("currency kind"), Column("accounts", Type.INTEGER), Column("balance", Type.TEXT)), _balance
    ),
}  # fmt: skip
"""By name. Those of the house are empty for others."""

OF_THE_HOUSE = frozenset({TableName.HOUSE, TableName.BALANCE})
"""Tables for the house alone."""


def pieces(form: Format, table: Table, report: Report) -> Iterator[bytes]:
    """A table as a file, piece by piece."""
    writer = form.writer(table.columns)
    try:
        yield writer.begin()
        rows = list(table.rows_of(report))
        for start in range(0, len(rows), _BLOCK):
            yield writer.rows(rows[start : start + _BLOCK])
        yield writer.end()
    finally:
        writer.close()


def written(form: Format, table: Table, report: Report) -> bytes:
    """The whole file at once."""
    return b"".join(pieces(form, table, report))
