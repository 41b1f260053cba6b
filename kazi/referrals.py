"""`kazi referrals`: what invitations pay, as staff set it, and how they stand."""

from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.bonus import By, Currency, by_whom
from kazi.connection import fail, run, write_text
from kazi.options import AsJson
from kazi.speaking import micros_of, spoken

if TYPE_CHECKING:
    from crowd.referrals.overview import Overview

app = typer.Typer(help="What workers get for inviting others.", no_args_is_help=True)


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show the terms, who came, what was paid, and what is earned and waits for something."""

    async def work(database: Database) -> "Overview":
        from crowd.referrals.overview import overview

        async with database.reading() as tx:
            return await overview(tx)

    found = run(work)
    if as_json:
        import orjson

        write_text(orjson.dumps(found, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode())
        return
    from kazi.drawings_of_bonuses import referrals

    write_text("\n".join(referrals(found)))


@app.command("set")
def set_terms(
    amount: Annotated[str, typer.Argument(help="that one invitation pays, as 0.50", show_default=False)],
    currency: Currency,
    answers: Annotated[int, typer.Option(help="good answers that the invited worker gives until then")] = 50,
    by: By = "",
) -> None:
    """Set what an invitation pays from now on. Who came before is paid for by the terms of then."""
    from crowd.bonuses.pot import BonusError
    from crowd.referrals.terms import set_terms as set_them

    micros = micros_of(amount)

    async def work(database: Database) -> None:
        async with database.transaction() as tx:
            await set_them(tx, micros, currency.upper(), good_answers=answers, by=by_whom(by))

    try:
        run(work)
    except BonusError as error:
        fail(spoken(error))
    write_text(f"✓ an invitation pays {amount} {currency.upper()}, for {answers} good answers")


@app.command()
def stop(by: By = "") -> None:
    """From now on invitations pay nothing. Who came before is paid for all the same."""
    from crowd.referrals.terms import stop_terms

    async def work(database: Database) -> bool:
        async with database.transaction() as tx:
            return await stop_terms(tx, by=by_whom(by))

    write_text("✓ invitations pay nothing from now on" if run(work) else "They pay nothing already.")
