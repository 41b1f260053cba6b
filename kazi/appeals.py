"""`kazi appeals`: workers whose money was voided, as staff answer them."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.connection import fail, read_settings, run, write_text
from kazi.options import AsJson

if TYPE_CHECKING:
    from crowd.appeals.deciding import Appeal

app = typer.Typer(help="Appeals: what waits and until when, and what is decided.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="its id, as `kazi appeals list` shows it", show_default=False)]
Reason = Annotated[str, typer.Argument(help="why, as the worker is told", show_default=False)]
By = Annotated[str, typer.Option(help="who decides, as the audit log names them")]


@app.command("list")
def list_appeals(
    ended: Annotated[bool, typer.Option("--ended", help="those that were decided, not those for you")] = False,
    as_json: AsJson = False,
) -> None:
    """List the appeals that wait, the one that is due first, first."""
    from crowd.appeals.deciding import Standing, appeals

    async def work(database: Database) -> "list[Appeal]":
        async with database.reading() as tx:
            return await appeals(tx, Standing.ENDED if ended else Standing.OPEN, limit=1000)

    found = run(work)
    if as_json:
        import orjson

        write_text(orjson.dumps(found, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode())
        return
    from rich.console import Console

    from kazi.drawings_of_appeals import queue

    if found:
        Console(soft_wrap=False, highlight=False).print(queue(found))
    else:
        write_text("None waits." if not ended else "None was decided.")


@app.command()
def grant(appeal: Number, reason: Reason, by: By = "") -> None:
    """The money is the worker's: they have it at once, and are told why."""
    _decide(appeal, reason, by, granted=True)
    write_text(f"✓ granted: {appeal}")


@app.command()
def refuse(appeal: Number, reason: Reason, by: By = "") -> None:
    """Turn an appeal down: its worker is told why."""
    _decide(appeal, reason, by, granted=False)
    write_text(f"✓ turned down: {appeal}")


def _decide(appeal: int, reason: str, by: str, *, granted: bool) -> None:
    from admin.i18n.speaker import speaker_of
    from crowd.appeals.deciding import decide
    from crowd.appeals.states import VoidingError

    async def work(database: Database) -> None:
        async with database.transaction() as tx:
            await decide(tx, appeal, grant=granted, reason=reason, by=f"{by or getpass.getuser()} (command)")

    try:
        run(work)
    except VoidingError as error:
        fail(speaker_of(read_settings().terminal_locale).put(error.sentence))
