"""Where data is dear, pictures and sounds wait behind a button with their size, come smaller, and all is counted."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from crowd.datasaving.saving import DEAR
from crowd.media.picture import SMALL_BYTES
from crowd.workers.registry import set_country
from tests.bot.chat import Chat, Person, own_language
from tests.kinds.sample import samples, write_batch
from tests.requester.scene import posted


async def picture_batch(chat: Chat, folder: Path, language: str, kind: str = "grid", tasks: int = 6) -> int:
    grains = np.random.default_rng(0).integers(0, 256, (900, 1200, 3), dtype=np.uint8)
    for number in range(tasks):
        Image.fromarray(np.roll(grains, number, axis=0)).save(folder / f"grains{number}.png")
    sample = next(each for each in samples() if each.name == kind)
    path = write_batch(
        folder, sample, tasks=tasks, golds=0, practice=0, cells=lambda number: {"picture": f"grains{number}.png"},
        language=language,
    )  # fmt: skip
    return (await posted(chat.database, path)).batch_id


async def media_of(chat: Chat, person: Person) -> int:
    found: int = (await chat.control("GET", f"/users/{person.id}/traffic"))["media_bytes"]
    return found


async def begin(person: Person, batch_id: int) -> Any:
    screen = await person.say("/work")
    await person.tap(f"w:{batch_id}", screen)
    return await person.tap(f"go:{batch_id}")


async def saving(chat: Chat, person: Person, *, saves: bool) -> None:
    await person.say("/data")
    await person.forge(f"ds:{'on' if saves else 'off'}")
    assert await is_saving(chat, person) is saves


async def is_saving(chat: Chat, person: Person) -> bool:
    found: bool = await chat.value("SELECT saves_data FROM worker WHERE person_id = $1", person.id)
    return found


async def test_a_picture_waits_behind_a_button_that_says_its_size_and_is_that_large(chat: Chat, tmp_path: Path) -> None:
    language = own_language()
    batch_id = await picture_batch(chat, tmp_path, language)
    person = await chat.worker(language)
    await saving(chat, person, saves=True)
    screen = await begin(person, batch_id)
    assert await media_of(chat, person) == 0
    assert not screen.has(r"[ac]:.*"), "nobody answers what they have not seen"
    label = next(label for label in screen.labels if label.startswith("🖼"))
    told = int(re.search(r"(\d+)\skB", label)[1])  # type: ignore[index]
    shown = await person.tap(r"v:\d+:0")
    assert shown.has(r"c:.*")
    size = await media_of(chat, person)
    assert size <= SMALL_BYTES
    assert round(size / 1000) == told
    ticked = await person.tap(r"c:\d+:0:.*")
    assert ticked.has(r"ok:.*")
    assert await media_of(chat, person) == size, "it stays on the screen"
    after = await person.tap(r"ok:.*")
    assert any(label.startswith("🖼") for label in after.labels), "the next one waits again"
    assert await media_of(chat, person) == size


async def test_without_saving_a_picture_comes_with_its_task(chat: Chat, tmp_path: Path) -> None:
    language = own_language()
    batch_id = await picture_batch(chat, tmp_path, language)
    person = await chat.worker(language)
    await saving(chat, person, saves=False)
    screen = await begin(person, batch_id)
    assert screen.has(r"c:.*")
    assert await media_of(chat, person) > SMALL_BYTES


async def test_saving_is_on_where_data_is_dear_until_the_worker_says_otherwise(chat: Chat) -> None:
    person = await chat.worker(own_language())
    assert "TZ" in DEAR
    worker_id = await chat.value("SELECT id FROM worker WHERE person_id = $1", person.id)
    await chat.run("UPDATE worker SET chose_saving = false WHERE id = $1", worker_id)
    async with chat.database.transaction() as tx:
        await set_country(tx, worker_id, "TZ")
    assert await is_saving(chat, person)
    async with chat.database.transaction() as tx:
        await set_country(tx, worker_id, "FI")
    assert not await is_saving(chat, person)
    await saving(chat, person, saves=False)
    async with chat.database.transaction() as tx:
        await set_country(tx, worker_id, "MW")
    assert not await is_saving(chat, person), "they have chosen"
