"""`kazi batch golds`: what a batch has for the golds of the next."""

from db.database import Database
from kazi.batch import Id, card_of, owner_of
from kazi.connection import run, write_text
from kazi.options import FormatName, Output, Requester, format_named


def golds(
    batch: Id,
    format: FormatName = "jsonl",  # noqa: A002
    output: Output = None,
    requester: Requester = "house",
) -> None:
    """Write the golds of a batch, and its tasks that somebody decided, as items for the next batch.

    Golds that workers contradict are left out until somebody decides about them. Write an explanation for each that
    has none.
    """
    form = format_named(format, output)

    async def work(database: Database) -> tuple[bytes, int]:
        from crowd.agreement.tables import written
        from crowd.batches.cards import batch_spec
        from crowd.golds.next_batch import next_golds

        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            await card_of(tx, batch, owner)
            columns, rows = await next_golds(tx, batch, await batch_spec(tx, batch))
        return written(form, columns, rows), len(rows)

    from kazi.output import written

    data, count = run(work)
    with written(output) as write:
        write(data)
    if output is not None:
        write_text(f"✓ {count:,} golds in {output}")
