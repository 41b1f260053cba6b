"""`kazi floors`: what an hour pays at least, by country, as staff keep it."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.connection import fail, run, write_text
from kazi.options import AsJson
from kazi.speaking import micros_of

if TYPE_CHECKING:
    from crowd.fairpay.floors import Floor

app = typer.Typer(help="What an hour pays at least, by a worker's country.", no_args_is_help=True)

Country = Annotated[
    str, typer.Argument(help="two letters, such as KE; * for all that have none of their own", show_default=False)
]
Currency = Annotated[str, typer.Argument(help="such as USD", show_default=False)]


def _by() -> str:
    return f"{getpass.getuser()} (command)"


@app.command("list")
def list_floors(
    currency: Annotated[str, typer.Option(help="of batches")] = "USD",
    every: Annotated[bool, typer.Option("--all", help="also the defaults, of all countries")] = False,
    as_json: AsJson = False,
) -> None:
    """List the floors that were set, or all that hold."""

    async def work(database: Database) -> "list[Floor]":
        from crowd.fairpay.floors import countries, read_floors

        async with database.reading() as tx:
            floors = await read_floors(tx)
        if every:
            return [floor for each in countries() if (floor := floors.of(each, currency.upper()))]
        return [floor for (_, of), floor in sorted(floors.set.items()) if of == currency.upper()]

    found = run(work)
    if as_json:
        import orjson

        write_text(orjson.dumps(found, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode())
        return
    from rich.console import Console

    from kazi.drawings import floors

    if found:
        Console(soft_wrap=False, highlight=False).print(floors(found))
    else:
        write_text("None was set: the defaults hold. See them by --all.")


@app.command("set")
def set_floor(
    country: Country,
    currency: Currency,
    per_hour: Annotated[str, typer.Argument(help="in units of the currency; 0: none", show_default=False)],
    source: Annotated[str, typer.Option(help="where the figure comes from", show_default=False)],
) -> None:
    """Set what an hour pays at least there. All batches in that currency are looked at again."""
    from crowd.fairpay.floors import FloorError
    from crowd.fairpay.floors import set_floor as set_it

    micros = micros_of(per_hour)

    async def work(database: Database) -> None:
        async with database.transaction() as tx:
            await set_it(tx, country, currency.upper(), micros, source, by=_by())

    try:
        run(work)
    except FloorError as error:
        fail(str(error))
    write_text(f"✓ an hour in {country.upper()} pays {per_hour} {currency.upper()} at least")


@app.command()
def forget(country: Country, currency: Currency) -> None:
    """Go back to the default."""
    from crowd.fairpay.floors import FloorError, forget_floor

    async def work(database: Database) -> bool:
        async with database.transaction() as tx:
            return await forget_floor(tx, country, currency.upper(), by=_by())

    try:
        gone = run(work)
    except FloorError as error:
        fail(str(error))
    write_text("✓ the default holds again" if gone else "None was set there.")
