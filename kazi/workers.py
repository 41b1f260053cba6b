"""`kazi batch workers`: who worked on a batch, and what is known of how right they are."""

from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.batch import Id, card_of, owner_of
from kazi.connection import run, write_text
from kazi.options import AsJson, Requester

if TYPE_CHECKING:
    from crowd.workers.cards import BatchWorkerCard


def workers(
    batch: Id,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="the busiest so many")] = 50,
    requester: Requester = "house",
    as_json: AsJson = False,
) -> None:
    """Show a batch's workers by pseudonym, the busiest first: how right they likely are, and on what that rests."""

    async def work(database: Database) -> "tuple[BatchWorkerCard, ...]":
        from crowd.workers.cards import batch_worker_cards

        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            await card_of(tx, batch, owner)
            return await batch_worker_cards(tx, batch, limit=limit + 1)

    found = run(work)
    if as_json:
        from admin.api.workers import WorkerPage

        write_text(WorkerPage.of(found, limit).model_dump_json(indent=2))
        return
    from rich.console import Console

    from kazi.drawings import workers as drawn

    Console(soft_wrap=False, highlight=False).print(drawn(found[:limit]))
    if len(found) > limit:
        write_text(f"… and more: --limit {2 * limit}")
