"""`kazi token`: what programs show to the REST API."""

from typing import Annotated

import typer

from db.database import Database
from kazi.connection import run, write_text
from kazi.options import AsJson, Requester

app = typer.Typer(help="Tokens for the REST API.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="what the token is for, in your words", show_default=False)]


@app.command()
def create(
    name: Name,
    requester: Requester = "house",
    member: Annotated[
        bool, typer.Option("--member", help="for one who posts and reviews, and may not do without a pilot")
    ] = False,
) -> None:
    """Make a token and print it. It is shown this once: only a digest of it is kept."""
    from crowd.requesters import create_requester, new_token

    async def work(database: Database) -> str:
        async with database.transaction() as tx:
            whose = await create_requester(tx, requester)
            return await new_token(tx, whose.id, name, owner=not member, actor="command line")

    write_text(run(work))


@app.command("list")
def list_tokens(requester: Requester = "house", as_json: AsJson = False) -> None:
    """List the tokens that open something: their names, not the tokens."""
    from crowd.requesters import Token, live_tokens, requester_named

    async def work(database: Database) -> list[Token]:
        async with database.transaction() as tx:
            owner = await requester_named(tx, requester)
            return await live_tokens(tx, owner.id)

    tokens = run(work)
    if as_json:
        import orjson

        shown = [{"name": token.name, "created_at": token.created_at, "owner": token.owner} for token in tokens]
        write_text(orjson.dumps(shown, option=orjson.OPT_UTC_Z).decode())
        return
    if not tokens:
        write_text("There are none. `kazi token create NAME` makes one.")
    for token in tokens:
        write_text(f"{token.created_at:%Y-%m-%d %H:%M}  {token.name}{'' if token.owner else ' (member)'}")


@app.command()
def revoke(name: Name, requester: Requester = "house") -> None:
    """Make a token useless from now on."""
    from crowd.requesters import requester_named
    from crowd.requesters import revoke as revoke_token

    async def work(database: Database) -> None:
        async with database.transaction() as tx:
            owner = await requester_named(tx, requester)
            await revoke_token(tx, owner.id, name, actor="command line")

    run(work)
    write_text(f"✓ the token “{name}” opens nothing any more")
