"""`kazi batch files`: the recordings and pictures that workers brought."""

from pathlib import Path
from typing import Annotated

import typer

from db.database import Database
from kazi.batch import Id, card_of, owner_of
from kazi.connection import fail, run, write_text
from kazi.options import Requester


def files(
    batch: Id,
    output: Annotated[Path, typer.Option("--output", "-o", help="the .zip to write")],
    requester: Requester = "house",
) -> None:
    """Write the recordings or pictures of a batch into a .zip, with a table of what each is."""

    async def work(database: Database) -> int | None:
        from crowd.labels.brought import brings_files, pack

        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            card = await card_of(tx, batch, owner)
            return await pack(tx, batch, output) if brings_files(card.kind) else None

    count = run(work)
    if count is None:
        fail("the answers of this batch are no files: `kazi batch results` has them")
    write_text(f"✓ {count:,} files in {output}")
