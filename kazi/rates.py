"""`kazi rates`: what currencies are about worth, only to be shown to workers beside their money."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.connection import fail, read_settings, run, write_text

if TYPE_CHECKING:
    from crowd.money.rates import Rate

app = typer.Typer(help="Rates of currencies, only for display: nothing is paid by them.", no_args_is_help=True)


@app.command("set")
def set_one(
    currency: Annotated[str, typer.Argument(help="as KES", show_default=False)],
    value: Annotated[str, typer.Argument(help="the dollars that one unit is worth, as 0.0077", show_default=False)],
    source: Annotated[str, typer.Option(help="where the rate is from")],
    by: Annotated[str, typer.Option(help="who says so, as the audit log names them")] = "",
) -> None:
    """Keep what a unit of a currency is worth. After 30 days amounts say of when it is, after 90 it is not shown."""
    from crowd.money.rates import RateError, set_rate

    async def work(database: Database) -> "Rate":
        async with database.transaction() as tx:
            return await set_rate(tx, currency, value, source, by=f"{by or getpass.getuser()} (command)")

    try:
        made = run(work)
    except RateError as error:
        from admin.i18n.speaker import speaker_of

        fail(speaker_of(read_settings().terminal_locale).put(error.sentence))
    write_text(f"✓ 1 {made.currency} is about {made.value:f} USD")


@app.command("list")
def list_rates() -> None:
    """List the rates, with where and of when they are."""

    async def work(database: Database) -> "list[Rate]":
        from crowd.money.rates import rates

        async with database.reading() as tx:
            return await rates(tx)

    found = run(work)
    if not found:
        write_text("There are none: workers see amounts in the currency of their wallets alone.")
        return
    from rich.console import Console

    from kazi.drawings_of_reports import rates as drawn

    Console(soft_wrap=False, highlight=False).print(drawn(found))
