"""`kazi report`: money by batch and month, the months of the house, what an hour earned, the trial balance."""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.connection import fail, read_settings, run, write_text
from kazi.options import AsJson, Output, Requester

if TYPE_CHECKING:
    from crowd.reports.report import Report


class PartName(StrEnum):
    """A part of the report."""

    BATCHES = "batches"
    HOUSE = "house"
    PAY = "pay"
    BALANCE = "balance"


Month = Annotated[str | None, typer.Option(help="one month in UTC, as 2026-11; else all", show_default=False)]
BatchAsked = Annotated[int | None, typer.Option("--batch", help="one batch; else all", min=1, show_default=False)]
Part = Annotated[PartName, typer.Option("--table", help="which part --csv writes")]


def report(
    month: Month = None,
    batch: BatchAsked = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="a part of it as CSV")] = False,
    table: Part = PartName.BATCHES,
    output: Output = None,
    requester: Requester = "house",
    as_json: AsJson = False,
) -> None:
    """Report on money: of the house all batches, of another requester their own."""
    from crowd.reports.months import month_named
    from crowd.reports.report import ReportError

    try:
        asked = None if month is None else month_named(month)
    except ValueError:
        fail(f"{month} is no month: write one as 2026-11")

    async def work(database: Database) -> "Report":
        from crowd.reports.report import report
        from crowd.requesters import requester_named

        async with database.transaction() as tx:
            who = await requester_named(tx, requester)
        async with database.reading() as tx:
            return await report(tx, who, month=asked, batch_id=batch)

    try:
        found = run(work)
    except ReportError as error:
        from admin.i18n.speaker import speaker_of

        fail(speaker_of(read_settings().terminal_locale).put(error.sentence))
    if as_csv:
        _write(_csv(found, table), output)
    elif as_json:
        from admin.api.money import MoneyReport

        _write(iter([MoneyReport.of(found).model_dump_json(indent=2).encode(), b"\n"]), output)
    else:
        _draw(found)


def _csv(found: "Report", table: PartName) -> Iterator[bytes]:
    from crowd.exports import format_named
    from crowd.reports.tables import TABLES, TableName, pieces

    return pieces(format_named("csv"), TABLES[TableName(table)], found)


def _write(pieces: Iterator[bytes], output: Output) -> None:
    from kazi.output import written

    with written(output) as write:
        for piece in pieces:
            write(piece)


def _draw(found: "Report") -> None:
    from rich.console import Console

    from kazi.drawings_of_reports import drawn

    if not found.months:
        write_text("Nothing has moved yet.")
        return
    console = Console(soft_wrap=False, highlight=False)
    for part in drawn(found):
        console.print(part)
