"""`kazi batch check` and `kazi batch post`: what is wrong with a batch file, what it costs, and putting it to work."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.batch import seen_of
from kazi.connection import fail, has_database, read_settings, run, write_text
from kazi.options import AsJson, Requester
from kazi.speaking import speaker

if TYPE_CHECKING:
    from crowd.batches.posting import Posted
    from crowd.batchfile import Checked
    from kazi.batch import Seen

File = Annotated[Path, typer.Argument(help="the batch file, YAML; its items lie beside it", show_default=False)]


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

    told = speaker()
    checked = _with_pay(_check(file))
    checked.close()
    if as_json:
        _write_checked(checked)
    else:
        console = Console(soft_wrap=True, highlight=False)
        for problem in drawings.problems(checked.problems, checked.errors, checked.warnings, told):
            console.print(problem)
        if checked.good and checked.spec and checked.quote:
            console.print(drawings.words(checked.spec))
            phone = drawings.first_task(checked.spec, checked.first, locale or checked.spec.language)
            console.print(phone, soft_wrap=False)
            first = pilot_tasks(checked.tasks)
            console.print(drawings.cost(checked.quote, checked.pay, practice=len(checked.practice), pilot=first))
            console.print("[green]✓[/] it can be posted: `kazi batch post`")
    if not checked.good:
        raise typer.Exit(1)


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
    told = speaker()
    checked = _with_pay(_check(file), requester)
    try:
        for problem in drawings.problems(checked.problems, checked.errors, checked.warnings, told):
            errors.print(problem)
        if not checked.good:
            if as_json:
                _write_checked(checked)
            fail(told.put(say("nothing was posted: mend the file first")))

        async def work(database: Database) -> "tuple[Posted, Seen]":
            with bar("posting", checked.tasks + checked.golds) as progress:
                async with database.transaction() as tx:
                    owner = await create_requester(tx, requester)
                    posted = await post_batch(
                        tx, owner.id, checked, fee_ppm=fee_ppm, actor="command line", no_pilot=no_pilot, owner=True,
                        progress=progress,
                    )  # fmt: skip
            if not posted.already:
                await after_post(database, checked)
            async with database.reading() as tx:
                return posted, await seen_of(tx, posted.batch_id, owner.id)

        posted, seen = run(work)
    finally:
        checked.close()
    if as_json:
        from admin.api.models import Batch
        from admin.api.posting import PostedBatch

        write_text(PostedBatch(batch=Batch.of(*seen[:3]), already=posted.already).model_dump_json(indent=2))
        return
    what = "was posted before, nothing was changed" if posted.already else "is open for work"
    out = Console(soft_wrap=True, highlight=False)
    out.print(f"[green]✓[/] batch [bold]{posted.batch_id}[/] {what}")
    out.print(drawings.card(*seen[:2]))


def schema() -> None:
    """Print the JSON Schema of batch files, for your editor."""
    from crowd.batchfile.schema import schema_text

    write_text(schema_text())


def _check(file: Path) -> "Checked":
    from crowd.batchfile import check as check_batch
    from kazi.progress import bar

    with bar("reading", None) as progress:
        return check_batch(file, fee_ppm=read_settings().fee_ppm, progress=progress)


def _with_pay(checked: "Checked", requester: str | None = None) -> "Checked":
    """With what an hour of it pays: as the database knows it, if there is one, and what `requester` posted before."""
    from crowd.fairpay.checking import with_pay, with_pay_by_default
    from crowd.requesters import find_requester

    async def work(database: Database) -> "Checked":
        async with database.reading() as tx:
            owner = None if requester is None else await find_requester(tx, requester)
            return await with_pay(tx, checked, None if owner is None else owner.id)

    return run(work) if has_database() else with_pay_by_default(checked)


def _write_checked(checked: "Checked") -> None:
    """What a check found, for scripts."""
    from admin.api.models import CheckedBatch
    from bot.tasks import preview

    write_text(CheckedBatch.of(checked, preview).model_dump_json(indent=2))
