"""Spoken instructions in the panel: brought with a batch, listed and played for each language, and those missing."""

import re
from pathlib import Path

from db.database import Database
from tests.database import Clock
from tests.media.sounds import beep
from tests.panel.house import mark_of, panel, visitor
from tests.requester.panel import packed, parts
from tests.requester.scene import Item, batch_file, people, posted, work
from tests.serving import serving

ITEMS = [Item(f"i{n}", f"text {n}") for n in range(20)]


def spoken(folder: Path) -> Path:
    path = batch_file(folder, ITEMS, spoken_instructions={"sw": "sounds/sw.wav", "pt-MZ": "pt.wav"})
    (folder / "sounds").mkdir()
    (folder / "sounds" / "sw.wav").write_bytes(beep(ms=12_300))
    (folder / "pt.wav").write_bytes(beep(ms=3000, hertz=600))
    return path


async def test_they_are_played_for_each_language_and_languages_without_are_named(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = (await posted(database, spoken(tmp_path), owner="ada")).batch_id
    crew = await people(database, 5)
    async with database.transaction() as tx:
        for worker, locale in zip(crew, ("fr", "fr", "en", "pt_BR", "sw"), strict=True):
            await tx.run("UPDATE worker SET locale = $2 WHERE id = $1", worker.id, locale)
    for worker in crew:
        await work(database, clock, batch, [worker], lambda *_: "good", most=1)
    async with serving(panel(database)) as address:
        async with visitor(address, database, "ada", "reads") as client:
            page = (await client.get(f"/batches/{batch}")).text
            found = re.findall(r'<audio class="sound" aria-label="([^"]*)" src="([^"]*)"', page)
            assert [language for language, _ in found] == ["Swahili", "Portuguese"]
            assert re.search(r"Swahili <small[^>]*>12\.3 sec, \d+\skB<", page)
            for _, source in found:
                played = await client.get(source)
                assert played.headers["content-type"] == "audio/ogg"
                assert played.content.startswith(b"OggS")
            assert "languages that it has no instructions in: French (2), Brazilian Portuguese (1)" in page
            assert "no spoken instructions in: French (2), English (1)" in page
        async with visitor(address, database, "bob", "looks") as other:
            assert (await other.get(found[0][1])).status_code == 404


async def test_a_batch_without_any_says_nothing_of_them(database: Database, tmp_path: Path) -> None:
    batch = (await posted(database, batch_file(tmp_path, ITEMS), owner="ada")).batch_id
    async with serving(panel(database)) as address, visitor(address, database, "ada", "sees") as client:
        page = (await client.get(f"/batches/{batch}")).text
    assert "Spoken instructions" not in page
    assert "<audio" not in page


async def test_they_are_brought_in_an_archive_checked_and_posted(database: Database, tmp_path: Path) -> None:
    path = spoken(tmp_path)
    async with serving(panel(database)) as address, visitor(address, database, "ada", "brings") as client:
        data = {"mark": mark_of(await client.get("/post")), "do": "check"}
        lacking = (await client.post("/post", data=data, files=parts(path))).text
        assert "“sounds/sw.wav” is not there" in lacking
        files = {**parts(path), "files": packed(tmp_path, "*.wav")}
        checked = (await client.post("/post", data=data, files=files)).text
        assert re.search(r"🔊 Swahili: <bdi dir=\"ltr\">sounds/sw.wav</bdi>, 12\.3 sec, \d+\skB", checked)
        digest = re.search(r'name="digest" value="([0-9a-f]+)"', checked)
        assert digest
        done = await client.post("/post", data={**data, "do": "post", "digest": digest[1]}, files=files)
        assert done.status_code == 303
        assert "Spoken instructions" in (await client.get(done.headers["location"])).text
