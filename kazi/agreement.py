"""`kazi batch agreement` and `kazi batch contested`: how far workers agree, and where they do not."""

from typing import TYPE_CHECKING

from db.database import Database
from kazi.batch import Id, card_of, owner_of
from kazi.connection import run, write_text
from kazi.options import AsJson, FormatName, Output, Requester, format_named

if TYPE_CHECKING:
    from crowd.agreement.measuring import Agreement
    from crowd.batches.cards import BatchCard


def agreement(batch: Id, requester: Requester = "house", as_json: AsJson = False) -> None:
    """Show how far a batch's workers agree: Krippendorff's alpha, and what was said to the tasks of each label."""

    async def work(database: Database) -> "tuple[BatchCard, Agreement]":
        from crowd.agreement.measuring import agreement_of

        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            card = await card_of(tx, batch, owner)
        return card, await agreement_of(database, batch)

    card, found = run(work)
    if as_json:
        from admin.api.agreement import BatchAgreement

        write_text(BatchAgreement.of(card, found).model_dump_json(indent=2))
        return
    from rich.console import Console

    from kazi.drawings_of_agreement import drawn

    console = Console(soft_wrap=False, highlight=False)
    for part in drawn(card, found):
        console.print(part)


def contested(
    batch: Id,
    format: FormatName = "csv",  # noqa: A002
    output: Output = None,
    requester: Requester = "house",
) -> None:
    """Take away the tasks that divide a batch's workers, the most contested first, a thousand at most."""
    form = format_named(format, output)

    async def work(database: Database) -> tuple[bytes, int]:
        from crowd.agreement.measuring import agreement_of
        from crowd.agreement.tables import contested_table, written
        from crowd.batches.cards import batch_spec

        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            await card_of(tx, batch, owner)
        await agreement_of(database, batch)
        async with database.reading() as tx:
            columns, rows = await contested_table(tx, batch, await batch_spec(tx, batch))
        return written(form, columns, rows), len(rows)

    from kazi.output import written

    data, count = run(work)
    with written(output) as write:
        write(data)
    if output is not None:
        write_text(f"✓ {count:,} contested tasks in {output}")
