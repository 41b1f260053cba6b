"""Reports on money on a terminal."""

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from crowd.money.rates import Rate
from crowd.reports.hourly import Hourly
from crowd.reports.ledger import Told
from crowd.reports.months import name_of
from crowd.reports.report import Report
from kazi.drawings import money

_TOLD = ("put in", "earned", "released", "fee", "returned", "on hold", "left")
_HOURLY = ("workers", "hour, median", "lowest tenth")


def drawn(report: Report) -> Iterator[Table]:
    """The parts that there are, one after the other."""
    if report.house:
        yield _table("The house", ("month", "", *_TOLD, "paid", "owed"), 2, [
            (name_of(each.month), each.currency, *_told(each.batches), money(each.paid), money(each.owed))
            for each in report.house
        ])  # fmt: skip
    if report.batches:
        yield _table("Batches", ("month", "batch", "", *_TOLD, *_HOURLY), 3, [
            (name_of(each.month), f"{each.batch_id} {each.batch}", each.currency, *_told(each.told),
             *_hourly(each.hourly))
            for each in report.batches
        ])  # fmt: skip
    if report.groups:
        yield _table("What an hour earned", ("month", "language", "country", "", *_HOURLY), 4, [
            (name_of(each.month), each.language or "others", each.country or "", each.currency, *_hourly(each.hourly))
            for each in report.groups
        ])  # fmt: skip
    for trial in report.trials:
        rows = [(line.kind, money(line.balance)) for line in trial.lines]
        yield _table(f"Trial balance, {trial.currency}", ("accounts", "balance"), 1, [
            *rows, ("sum", money(trial.total))
        ])  # fmt: skip


def _table(title: str, names: tuple[str, ...], words: int, rows: list[tuple[str, ...]]) -> Table:
    """The first so many columns are words, the others numbers."""
    table = Table(box=None, title=f"\n{title}", title_justify="left", header_style="bold", pad_edge=False)
    for number, name in enumerate(names):
        table.add_column(name, justify="left" if number < words else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _told(told: Told) -> tuple[str, ...]:
    every = (told.funded, told.spent, told.released, told.fee, told.returned, told.on_hold, told.left)
    return tuple(money(each) for each in every)


def _hourly(pay: Hourly) -> tuple[str, str, str]:
    median, p10 = ("–" if each is None else money(each) for each in (pay.median, pay.p10))
    return f"{pay.workers:,}", median, p10


def rates(found: Sequence[Rate]) -> Table:
    """A line each."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("currency", "USD", "since", "from", "set by"):
        table.add_column(name, justify="right" if name == "USD" else "left", overflow="fold")
    for each in found:
        cells = (each.currency, f"{each.value:f}", f"{each.set_at:%Y-%m-%d}", each.source, each.set_by)
        table.add_row(*(Text(cell) for cell in cells))
    return table
