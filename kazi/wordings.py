"""`kazi wordings`: words of the chat that workers say are wrong in their language, for who keeps the catalogs."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.connection import fail, run, write_text
from kazi.options import AsJson

if TYPE_CHECKING:
    from crowd.wordings import Wording

app = typer.Typer(help="Words of the chat that workers say are wrong in their language.", no_args_is_help=True)


@app.command("list")
def list_wordings(
    locale: Annotated[str | None, typer.Option(help="of this one only, such as sw", show_default=False)] = None,
    ended: Annotated[bool, typer.Option("--ended", help="those that were seen to, not those that wait")] = False,
    as_json: AsJson = False,
) -> None:
    """List them, by locale and by the English text that catalogs know them by."""
    from crowd.wordings import wordings

    async def work(database: Database) -> "list[Wording]":
        async with database.reading() as tx:
            return await wordings(tx, locale=locale, ended=ended, limit=10_000)

    found = run(work)
    if as_json:
        import orjson

        write_text(orjson.dumps(found, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode())
        return
    if not found:
        write_text("There are none.")
    for each in found:
        write_text(f"{each.id}  {each.locale}  {each.at:%Y-%m-%d}  {each.message!r}")
        write_text(f"    said    {each.said!r}")
        if each.better is not None:
            write_text(f"    better  {each.better!r}")


@app.command()
def done(
    numbers: Annotated[list[int], typer.Argument(help="their ids, as `kazi wordings list` shows them")],
    by: Annotated[str, typer.Option(help="who has seen to them, as the audit log names them")] = "",
) -> None:
    """They were seen to: the catalog was mended, or is right."""
    from crowd.wordings import end

    async def work(database: Database) -> list[int]:
        async with database.transaction() as tx:
            who = f"{by or getpass.getuser()} (command)"
            return [number for number in numbers if not await end(tx, number, by=who)]

    missing = run(work)
    if missing:
        fail(f"does not wait: {', '.join(map(str, missing))}")
    write_text(f"✓ {len(numbers)} seen to")
