"""`kazi batch fund`: more money for a batch that runs."""

from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.batch import Id, card_of, owner_of, print_seen, seen_of
from kazi.connection import read_settings, run
from kazi.options import AsJson, Requester
from kazi.speaking import micros_of

if TYPE_CHECKING:
    from kazi.batch import Seen


def fund(
    batch: Id,
    amount: Annotated[str, typer.Argument(help="for workers, in units of its currency", show_default=False)],
    key: Annotated[
        str, typer.Option(help="names this sum: sent again by it, nothing more is put in", show_default=False)
    ] = "",
    requester: Requester = "house",
    as_json: AsJson = False,
) -> None:
    """Put more money into a batch; the fee comes on top. One that waits for it goes on."""
    import secrets

    labour = micros_of(amount)
    fee_ppm = read_settings().fee_ppm

    async def work(database: Database) -> "Seen":
        from crowd.fairpay.adding import add_money

        owner = await owner_of(database, requester)
        async with database.transaction() as tx:
            await card_of(tx, batch, owner)
            await add_money(tx, batch, labour, key=key or secrets.token_hex(8), fee_ppm=fee_ppm, by="command line")
            return await seen_of(tx, batch, owner)

    print_seen(run(work), as_json=as_json)
