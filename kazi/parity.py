"""`kazi batch parity`: workers by the language they read the instructions in, and what is said of a flag."""

import getpass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.batch import Id, card_of, owner_of
from kazi.connection import run, write_text
from kazi.options import AsJson, Requester

if TYPE_CHECKING:
    from crowd.parity.flags import Parity


class Said(StrEnum):
    """What was done, or found."""

    MENDED = "mended"
    SOUND = "sound"


def parity(
    batch: Id,
    end: Annotated[str | None, typer.Option(help="end the flags on this language", show_default=False)] = None,
    outcome: Annotated[
        Said, typer.Option("--as", help="the instructions were mended elsewhere, or are sound")
    ] = Said.MENDED,
    reason: Annotated[str, typer.Option(help="what was done or found; needed to end flags")] = "",
    requester: Requester = "house",
    as_json: AsJson = False,
) -> None:
    """Show how workers do on the same golds by the language they read, or end a flag with --end."""

    async def work(database: Database) -> "Parity":
        from crowd.parity.flags import Outcome, end_flags, parity_of

        owner = await owner_of(database, requester)
        async with database.transaction() as tx:
            await card_of(tx, batch, owner)
            if end is not None:
                await end_flags(tx, batch, end, Outcome(outcome), reason, by=f"{getpass.getuser()} (command)")
            return await parity_of(tx, batch)

    found = run(work)
    if as_json:
        from admin.api.parity import BatchParity

        write_text(BatchParity.of(found).model_dump_json(indent=2))
        return
    from rich.console import Console

    from kazi.drawings_of_parity import drawn

    console = Console(soft_wrap=False, highlight=False)
    for part in drawn(batch, found):
        console.print(part)
