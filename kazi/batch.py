"""`kazi batch`: check, post and look after batches, and take their results away."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database, Tx
from kazi.connection import fail, read_settings, run, write_text
from kazi.options import AsJson, FormatName, Output, Requester, format_named

if TYPE_CHECKING:
    from crowd.batches.cards import BatchCard
    from crowd.batches.posting import Posted
    from crowd.batchfile import Checked
    from crowd.golds.supply import GoldSupply
    from crowd.pilots.card import Card
    from crowd.sentences import Speaker

    Seen = tuple[BatchCard, GoldSupply, Card | None]

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


File = Annotated[Path, typer.Argument(help="the batch file, YAML; its items lie beside it", show_default=False)]
Id = Annotated[int, typer.Argument(help="the batch, as `kazi batch list` shows it", min=1, show_default=False)]
Reason = Annotated[str | None, typer.Option(help="why, for your own records", show_default=False)]


@app.command()
def check(
    file: File,
    locale: Annotated[
        str | None,
        typer.Option(help="of the phone with the first task; else the batch's", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find all that is wrong with a batch file, quote its cost, and show how its first task will look."""
    from rich.console import Console

    from crowd.pilots.states import pilot_tasks
    from kazi import drawings

    speaker = _speaker()
    checked = _check(file)
    checked.close()
    if as_json:
        _write_checked(checked)
    else:
        console = Console(soft_wrap=True, highlight=False)
        for problem in drawings.problems(checked.problems, checked.errors, checked.warnings, speaker):
            console.print(problem)
        if checked.good and checked.spec and checked.quote:
            console.print(drawings.words(checked.spec))
            phone = drawings.first_task(checked.spec, checked.first, locale or checked.spec.language)
            console.print(phone, soft_wrap=False)
            first = pilot_tasks(checked.tasks)
            console.print(drawings.cost(checked.quote, practice=len(checked.practice), pilot=first))
            console.print("[green]✓[/] it can be posted: `kazi batch post`")
    if not checked.good:
        raise typer.Exit(1)


@app.command()
def post(
    file: File,
    requester: Requester = "house",
    no_pilot: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="hand out all tasks at once; the audit log keeps why", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a batch file and post it: all or nothing. The same file posted twice is one batch."""
    from rich.console import Console

    from crowd.batches.posting import after_post
    from crowd.batches.posting import post as post_batch
    from crowd.requesters import create_requester
    from crowd.sentences import say
    from kazi import drawings
    from kazi.progress import bar

    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    fee_ppm = read_settings().fee_ppm
    speaker = _speaker()
    checked = _check(file)
    try:
        for problem in drawings.problems(checked.problems, checked.errors, checked.warnings, speaker):
            errors.print(problem)
        if not checked.good:
            if as_json:
                _write_checked(checked)
            fail(speaker.put(say("nothing was posted: mend the file first")))

        async def work(database: Database) -> "tuple[Posted, Seen]":
            with bar("posting", checked.tasks + checked.golds) as progress:
                async with database.transaction() as tx:
                    owner = await create_requester(tx, requester)
                    posted = await post_batch(
                        tx, owner.id, checked, fee_ppm=fee_ppm, actor="command line", no_pilot=no_pilot,
                        progress=progress,
                    )  # fmt: skip
            if not posted.already:
                await after_post(database, checked)
            async with database.reading() as tx:
                return posted, await _seen(tx, posted.batch_id, owner.id)

        posted, seen = run(work)
    finally:
        checked.close()
    if as_json:
        from admin.api.models import Batch
        from admin.api.posting import PostedBatch

        write_text(PostedBatch(batch=Batch.of(*seen), already=posted.already).model_dump_json(indent=2))
        return
    what = "was posted before, nothing was changed" if posted.already else "is open for work"
    out = Console(soft_wrap=True, highlight=False)
    out.print(f"[green]✓[/] batch [bold]{posted.batch_id}[/] {what}")
    out.print(drawings.card(*seen[:2]))


@app.command("list")
def list_batches(
    requester: Requester = "house",
    state: Annotated[StateName | None, typer.Option(help="only those in this state", show_default=False)] = None,
    limit: Annotated[int, typer.Option(help="how many, the newest first", min=1, max=1000)] = 50,
    before: Annotated[int | None, typer.Option(help="only those with a smaller id", min=1, show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """List batches, the newest first."""

    async def work(database: Database) -> "list[BatchCard]":
        from crowd.batches.cards import batch_cards

        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            return await batch_cards(tx, requester_id=owner, state=state, before=before, limit=limit + 1)

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
    if not shown:
        console.print("There are none. `kazi batch post FILE` posts one; examples/ has some to start from.")
        return
    console.print(drawings.cards(shown))
    if more:
        console.print(f"There are more: --before {shown[-1].id}", style="dim")


@app.command()
def show(batch: Id, requester: Requester = "house", as_json: AsJson = False) -> None:
    """Show one batch: how far it is, what it cost."""

    async def work(database: Database) -> "Seen":
        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            return await _seen(tx, batch, owner)

    _print(run(work), as_json=as_json)


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


@app.command()
def schema() -> None:
    """Print the JSON Schema of batch files, for your editor."""
    from crowd.batchfile.schema import schema_text

    write_text(schema_text())


def _check(file: Path) -> "Checked":
    from crowd.batchfile import check as check_batch
    from kazi.progress import bar

    with bar("reading", None) as progress:
        return check_batch(file, fee_ppm=read_settings().fee_ppm, progress=progress)


def _write_checked(checked: "Checked") -> None:
    """What a check found, for scripts."""
    from admin.api.models import CheckedBatch
    from bot.tasks import preview

    write_text(CheckedBatch.of(checked, preview).model_dump_json(indent=2))


def _speaker() -> "Speaker":
    """Who says what is wrong with files, in the language of the terminal."""
    from admin.i18n.speaker import speaker_of

    return speaker_of(read_settings().terminal_locale)


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
            return await _seen(tx, batch, owner)

    _print(run(work), as_json=as_json)


async def _seen(tx: Tx, batch: int, owner: int) -> "Seen":
    """All that is told of a batch of that requester. Raises BatchError."""
    from crowd.golds.supply import gold_supply
    from crowd.pilots.releasing import pilot_card

    return await card_of(tx, batch, owner), await gold_supply(tx, batch), await pilot_card(tx, batch)


def _print(seen: "Seen", *, as_json: bool) -> None:
    if as_json:
        from admin.api.models import Batch

        write_text(Batch.of(*seen).model_dump_json(indent=2))
        return
    from rich.console import Console

    from kazi import drawings

    Console(highlight=False).print(drawings.card(*seen[:2]))
