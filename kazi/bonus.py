"""`kazi bonus`: the pots that bonuses and invitations are paid from, and bonuses, as staff pay them."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.connection import fail, run, write_text
from kazi.options import AsJson
from kazi.speaking import micros_of, spoken

if TYPE_CHECKING:
    from crowd.bonuses.pot import Pot

app = typer.Typer(help="Pots that bonuses and invitations are paid from, and bonuses.", no_args_is_help=True)

Amount = Annotated[str, typer.Argument(help="in units of the currency, as 12.50", show_default=False)]
Currency = Annotated[str, typer.Argument(help="such as USD", show_default=False)]
Key = Annotated[str, typer.Option(help="names this sum: sent again by it, nothing more moves", show_default=False)]
By = Annotated[str, typer.Option(help="who does it, as the audit log names them")]


def by_whom(name: str) -> str:
    """Whom the audit log names."""
    return f"{name or getpass.getuser()} (command)"


@app.command("list")
def list_pots(as_json: AsJson = False) -> None:
    """List the pots: what was put in, paid, and is left."""

    async def work(database: Database) -> "list[Pot]":
        from crowd.bonuses.pot import pots

        async with database.reading() as tx:
            return await pots(tx)

    found = run(work)
    if as_json:
        import orjson

        write_text(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    from rich.console import Console

    from kazi.drawings_of_bonuses import pots_table

    if found:
        Console(soft_wrap=False, highlight=False).print(pots_table(found))
    else:
        write_text("There is no pot yet: `kazi bonus fund` makes one.")


@app.command()
def fund(
    amount: Amount,
    currency: Currency,
    key: Key,
    out: Annotated[bool, typer.Option("--out", help="take it out of the pot again")] = False,
    by: By = "",
) -> None:
    """Put money into a pot. Nothing is paid that no pot holds."""
    from crowd.bonuses.pot import BonusError, put_in

    micros = micros_of(amount)
    if micros <= 0:
        fail("say how much, as 12.50; to take money out: --out")

    async def work(database: Database) -> bool:
        async with database.transaction() as tx:
            return await put_in(tx, -micros if out else micros, currency.upper(), key=key, by=by_whom(by))

    try:
        done = run(work)
    except BonusError as error:
        fail(spoken(error))
    if done:
        write_text(f"✓ {amount} {currency.upper()} {'taken out of' if out else 'put into'} the pot")
    else:
        write_text(f"Done before, by the key {key}: nothing moved.")


@app.command()
def pay(
    worker: Annotated[str, typer.Argument(help="by pseudonym, such as w_0123456789ab", show_default=False)],
    amount: Amount,
    currency: Currency,
    reason: Annotated[str, typer.Option(help="what it is for, as the worker reads it", show_default=False)],
    key: Key,
    by: By = "",
) -> None:
    """Pay a worker a bonus out of the pot. They are told at once, with the reason."""
    from crowd.bonuses.paying import pay_bonus, worker_named
    from crowd.bonuses.pot import BonusError

    micros = micros_of(amount)

    async def work(database: Database) -> bool | None:
        async with database.transaction() as tx:
            who = await worker_named(tx, worker)
            return (
                None
                if who is None
                else await pay_bonus(tx, who, micros, currency.upper(), reason, key=key, by=by_whom(by))
            )

    try:
        done = run(work)
    except BonusError as error:
        fail(spoken(error))
    if done is None:
        fail(f"there is no worker {worker}")
    write_text(
        f"✓ {worker} has {amount} {currency.upper()} more" if done else f"Paid before, by the key {key}: nothing moved."
    )
