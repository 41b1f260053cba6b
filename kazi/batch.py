"""`kazi batch`: look after batches, and take their results away."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database, Tx
from kazi.connection import run, write_text
from kazi.options import AsJson, FormatName, Output, Requester, format_named

if TYPE_CHECKING:
    from crowd.batches.cards import BatchCard
    from crowd.golds.supply import GoldSupply
    from crowd.parity.flags import Parity
    from crowd.pilots.card import Card

    Seen = tuple[BatchCard, GoldSupply, Card | None, Parity]

app = typer.Typer(help="Post batches, look after them, take their results.", no_args_is_help=True)


class StateName(StrEnum):
    """A batch's state."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class RowsName(StrEnum):
    """What a row of results is about."""

    TASKS = "tasks"
    ANSWERS = "answers"


Id = Annotated[int, typer.Argument(help="the batch, as `kazi batch list` shows it", min=1, show_default=False)]
Reason = Annotated[str | None, typer.Option(help="why, for your own records", show_default=False)]


@app.command("list")
def list_batches(
    requester: Requester = "house",
    state: Annotated[StateName | None, typer.Option(help="only those in this state", show_default=False)] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="only those that wait for you")] = False,
    limit: Annotated[int, typer.Option(help="how many, the newest first", min=1, max=1000)] = 50,
    before: Annotated[int | None, typer.Option(help="only those with a smaller id", min=1, show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """List batches, the newest first."""

    async def work(database: Database) -> "list[BatchCard]":
        from crowd.batches.cards import batch_cards

        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            return await batch_cards(
                tx, requester_id=owner, state=state, waiting=waiting, before=before, limit=limit + 1
            )

    found = run(work)
    shown, more = found[:limit], len(found) > limit
    if as_json:
        from admin.api.models import Batch, BatchPage

        page = BatchPage(batches=[Batch.of(card) for card in shown], next=shown[-1].id if more else None)
        write_text(page.model_dump_json(indent=2))
        return
    from rich.console import Console

    from kazi import drawings

    console = Console(highlight=False)
    if not shown and waiting:
        console.print("None waits for you.")
        return
    if not shown:
        console.print("There are none. `kazi batch post FILE` posts one; examples/ has some to start from.")
        return
    console.print(drawings.cards(shown))
    for line in drawings.needs(shown):
        console.print(line, soft_wrap=True)
    if more:
        console.print(f"There are more: --before {shown[-1].id}", style="dim")


@app.command()
def show(batch: Id, requester: Requester = "house", as_json: AsJson = False) -> None:
    """Show one batch: how far it is, what it cost."""

    async def work(database: Database) -> "Seen":
        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            return await seen_of(tx, batch, owner)

    print_seen(run(work), as_json=as_json)


@app.command()
def pause(batch: Id, reason: Reason = None, requester: Requester = "house", as_json: AsJson = False) -> None:
    """Hand out no more tasks for now. Answers that are under way still count."""
    _change(batch, "paused", reason, requester, as_json=as_json)


@app.command()
def resume(batch: Id, reason: Reason = None, requester: Requester = "house", as_json: AsJson = False) -> None:
    """Hand out tasks again."""
    _change(batch, "open", reason, requester, as_json=as_json)


@app.command()
def close(batch: Id, reason: Reason = None, requester: Requester = "house", as_json: AsJson = False) -> None:
    """End a batch for good, and give back what is left of its money."""
    _change(batch, "closed", reason, requester, as_json=as_json)


@app.command()
def results(
    batch: Id,
    format: FormatName = "csv",  # noqa: A002
    rows: Annotated[RowsName, typer.Option(help="a row for each task, or for each answer")] = RowsName.TASKS,
    output: Output = None,
    requester: Requester = "house",
) -> None:
    """Take away the results, at any time: what is not settled yet has its label so far."""
    form = format_named(format, output)

    async def work(database: Database) -> int:
        from contextlib import aclosing

        from crowd.batchfile import Progress
        from crowd.labels.fitting import bring_up_to_date
        from crowd.labels.results import Rows, export
        from kazi.output import written
        from kazi.progress import bar

        owner, count = await owner_of(database, requester), 0
        async with database.reading() as tx:
            await card_of(tx, batch, owner)
        await bring_up_to_date(database, batch)
        async with database.reading() as tx:
            card = await card_of(tx, batch, owner)
            total = card.tasks + card.golds if rows is RowsName.TASKS else card.answers
            with written(output) as write, bar("writing", total) as progress:
                async with aclosing(export(tx, batch, Rows(rows), form)) as parts:
                    async for part in parts:
                        write(part.data)
                        count = part.rows
                        progress(Progress(count, 0))
        return count

    count = run(work)
    if output is not None:
        write_text(f"✓ {count:,} {rows} in {output}")


async def owner_of(database: Database, requester: str) -> int:
    """The id of the requester of that name. Raises RequesterError."""
    from crowd.requesters import requester_named

    async with database.transaction() as tx:
        return (await requester_named(tx, requester)).id


async def card_of(tx: Tx, batch: int, owner: int) -> "BatchCard":
    """A batch of that requester. Raises BatchError."""
    from crowd.batches.cards import batch_card
    from crowd.batches.life import BatchError

    card = await batch_card(tx, batch, requester_id=owner)
    if card is None:
        raise BatchError(f"there is no batch {batch} of this requester: `kazi batch list` shows those there are")
    return card


def _change(batch: int, state: str, reason: str | None, requester: str, *, as_json: bool) -> None:
    async def work(database: Database) -> "Seen":
        from crowd.batches.life import State, set_state

        owner = await owner_of(database, requester)
        async with database.transaction() as tx:
            await card_of(tx, batch, owner)
            await set_state(tx, batch, State(state), actor="command line", reason=reason)
            return await seen_of(tx, batch, owner)

    print_seen(run(work), as_json=as_json)


async def seen_of(tx: Tx, batch: int, owner: int) -> "Seen":
    """All that is told of a batch of that requester. Raises BatchError."""
    from crowd.golds.supply import gold_supply
    from crowd.parity.flags import parity_of
    from crowd.pilots.releasing import pilot_card

    card = await card_of(tx, batch, owner)
    return card, await gold_supply(tx, batch), await pilot_card(tx, batch), await parity_of(tx, batch)


def print_seen(seen: "Seen", *, as_json: bool) -> None:
    """Say all that is told of a batch."""
    if as_json:
        from admin.api.models import Batch

        write_text(Batch.of(*seen[:3]).model_dump_json(indent=2))
        return
    from rich.console import Console

    from kazi import drawings
    from kazi.drawings_of_parity import parity_line

    card, supply, _, parity = seen
    console = Console(highlight=False)
    console.print(drawings.card(card, supply))
    line = parity_line(parity, card.id)
    if line is not None:
        console.print(line)
