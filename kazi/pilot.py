"""`kazi batch pilot`: what the first tasks of a batch have shown, and going on with the others."""

from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.batch import Id, card_of, owner_of
from kazi.connection import read_settings, run, write_text
from kazi.options import AsJson, Requester

if TYPE_CHECKING:
    from crowd.batches.cards import BatchCard
    from crowd.pilots.card import Card


def pilot(
    batch: Id,
    release: Annotated[bool, typer.Option("--release", help="hand out all tasks from now on")] = False,
    reason: Annotated[
        str | None, typer.Option(help="why; needed while the pilot is still running", show_default=False)
    ] = None,
    requester: Requester = "house",
    as_json: AsJson = False,
) -> None:
    """Show what the pilot of a batch has found, or end it with --release."""

    async def work(database: Database) -> "tuple[BatchCard, Card | None]":
        from crowd.pilots.releasing import pilot_card
        from crowd.pilots.releasing import release as release_batch

        owner = await owner_of(database, requester)
        async with database.transaction() as tx:
            await card_of(tx, batch, owner)
            if release:
                await release_batch(tx, batch, actor="command line", owner=True, reason=reason)
            return await card_of(tx, batch, owner), await pilot_card(tx, batch)

    shown, found = run(work)
    if as_json:
        from admin.api.pilot import BatchPilot

        told = None if shown.pilot is None else BatchPilot.of(shown.pilot, found)
        write_text("null" if told is None else told.model_dump_json(indent=2))
        return
    from rich.console import Console

    from admin.i18n.speaker import speaker_of
    from kazi.drawings_of_pilots import drawn

    console = Console(soft_wrap=False, highlight=False)
    for part in drawn(shown, found, speaker_of(read_settings().terminal_locale)):
        console.print(part)
