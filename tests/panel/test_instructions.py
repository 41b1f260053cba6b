"""A requester sees in which languages the workers of a batch miss its instructions."""

from pathlib import Path

from crowd.batches.cards import batch_spec
from crowd.batches.instructed import without_instructions
from db.database import Database
from tests.database import Clock
from tests.panel.house import panel, visitor
from tests.requester.scene import Item, batch_file, people, posted, work
from tests.serving import serving


async def test_languages_of_workers_without_instructions_are_named_with_how_many_there_are(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    instructions = {"en": "Say what it is.", "pt-MZ": "Diga o que \u00e9."}
    path = batch_file(tmp_path, [Item(f"i{n}", f"text {n}") for n in range(20)], instructions=instructions)
    batch = (await posted(database, path, owner="ada")).batch_id
    crew = await people(database, 6)
    async with database.transaction() as tx:
        for worker, locale in zip(crew, ("fr", "fr", "ha", "pt_BR", "en", "sw"), strict=True):
            await tx.run("UPDATE worker SET locale = $2 WHERE id = $1", worker.id, locale)
    async with database.reading() as tx:
        spec = await batch_spec(tx, batch)
        assert spec.language == "sw", "which all who work on it read"
        assert await without_instructions(tx, batch, spec) == {}, "nobody works on it yet"
    for worker in crew:
        await work(database, clock, batch, [worker], lambda *_: "good", most=1)
    async with database.reading() as tx:
        assert await without_instructions(tx, batch, spec) == {"fr": 2, "ha": 1}
    async with serving(panel(database)) as address, visitor(address, database, "ada", "reads") as client:
        page = (await client.get(f"/batches/{batch}")).text
    assert "languages that it has no instructions in: French (2), Hausa (1)" in page
