"""Takes the pictures in docs/pictures/kinds/: a task of each kind on a small phone, by way of a real bot.

`python -m scripts.kindpictures [KIND …]`. What a task says is in `scripts/samples/KIND.yaml`; a kind that has no such
file is shown with the item that tests try it with.

- `batch`: the fields of the batch file that are the kind's own.
- `items`: by locale, the cells of the item that is shown to somebody with that locale.
- `answers`: by locale, the right answer, as a gold has it; `acts`: so many taps or messages of it are done, else all.
- `files`: files beside the batch file, each by the path of one of this repository, or as so many milliseconds of sound.
- `brings`: what is sent as the answer, likewise, where it is a recording or a picture.
"""

import asyncio
import csv
import io
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from PIL import Image
from playwright.async_api import Browser, FloatRect, Page, ViewportSize, async_playwright

from bench.batches import post_to
from bench.hands import Hands, Task
from bench.house import House, running_house
from bot.tasks import taken
from crowd.batches.life import State, set_state
from crowd.exports.base import value_text
from crowd.kinds import kind_named, kinds
from crowd.kinds.base import Takes
from db.database import Database, connected
from db.files import open_files
from sandbox.workers import Phone
from sandbox.workers.turns import Sort
from scripts.pictures import FLAGS, PICTURES, ROOT, chromium
from tests.kinds.sample import WithFiles, samples
from tests.media.sounds import voice_note

SAMPLES = Path(__file__).parent / "samples"
_PHONE = ViewportSize(width=360, height=1200)
"""As wide as a small phone, and so high that a task with all its buttons is seen at once."""

_SHARP = 1.25
_LARGEST = 60_000
"""Bytes of a picture, at most; it gets fewer colours until that holds."""

_CLOCK = """() => { for (const time of document.querySelectorAll(".meta time")) time.textContent = "10:24"; }"""
"""So that a picture that is taken again is the same."""


@dataclass(frozen=True)
class Shot:
    """A task that is to be shown."""

    kind: str
    locale: str
    fields: dict[str, Any]
    cells: dict[str, str]
    answer: str | None = None
    acts: int | None = None
    files: dict[str, str | int] = field(default_factory=dict)
    brings: str | int | None = None

    @property
    def picture(self) -> Path:
        """Where it is put."""
        return PICTURES / "kinds" / f"{self.kind}{'' if self.locale == 'en' else f'.{self.locale}'}.png"


def shots_of(kind: str) -> list[Shot]:
    """What is shown of a kind."""
    path = SAMPLES / f"{kind}.yaml"
    if not path.exists():
        sample = next(sample for sample in samples() if sample.name == kind)
        return [Shot(kind, "en", sample.fields(), sample.item(0), value_text(sample.right(0)), 1)]
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Shot(
            kind, locale, told["batch"], cells, told.get("answers", {}).get(locale), told.get("acts"),
            told.get("files", {}), told.get("brings"),
        )
        for locale, cells in told["items"].items()
    ]  # fmt: skip


def main(names: list[str]) -> None:
    """Show these kinds, or all."""
    (PICTURES / "kinds").mkdir(exist_ok=True)
    with running_house() as house:
        house.start_bot()
        asyncio.run(_take_all(house, [shot for kind in names or sorted(kinds()) for shot in shots_of(kind)]))


async def _take_all(house: House, shots: list[Shot]) -> None:
    files = open_files((house.folder / "files").absolute().as_uri())
    async with (
        connected(house.server.dsn, name="pictures", files=files) as database,
        aiohttp.ClientSession() as http,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for shot in shots:
            await _take(house, database, http, browser, shot)
        await browser.close()


async def _take(house: House, database: Database, http: aiohttp.ClientSession, browser: Browser, shot: Shot) -> None:
    batch_id = (await post_to(database, _written(house.folder / shot.picture.stem, shot))).batch_id
    phone = await Phone.buy(http, house.sandbox, first_name="Neema", language_code=shot.locale)
    hands = Hands(phone, database, lambda takes: _brought(shot, takes))
    await hands.join(shot.locale, shot.locale)
    await hands.begin(batch_id)
    task = await hands.task()
    assert task is not None
    first = hands.screen.message_id
    await _begin_answer(hands, task, shot)
    context = await browser.new_context(viewport=_PHONE, device_scale_factor=_SHARP, locale=shot.locale)
    page = await context.new_page()
    await page.goto(f"{house.sandbox}/phone/?user={phone.user_id}")
    data = await seen(page, first, width=_PHONE["width"])
    await context.close()
    shot.picture.write_bytes(small(data))
    print(shot.picture.relative_to(ROOT), shot.picture.stat().st_size)
    async with database.transaction() as tx:
        await set_state(tx, batch_id, State.CLOSED, actor="pictures")


async def _begin_answer(hands: Hands, task: Task, shot: Shot) -> None:
    kind, takes = kind_named(shot.kind), taken(task.spec, task.payload, None)
    if shot.brings is not None and takes is not None:
        await hands.send(*_brought(shot, takes))
    elif shot.answer is not None and kind.has_golds:
        value = kind.read_gold(task.spec, kind.payload(task.payload), shot.answer)
        for turn in task.turns(value)[: shot.acts]:
            await hands.act(task, turn)


def _written(folder: Path, shot: Shot) -> Path:
    """A batch of that task alone."""
    folder.mkdir()
    for name, source in shot.files.items():
        (folder / name).write_bytes(_content(source))
    sample = next((sample for sample in samples() if sample.name == shot.kind), None)
    if not (SAMPLES / f"{shot.kind}.yaml").exists() and isinstance(sample, WithFiles):
        sample.put_files(folder, range(1))
    spec = {
        "name": shot.picture.stem, "kind": shot.kind, "language": shot.locale, "items": "items.csv",
        "currency": "USD", "price": "0.02", "instructions": {shot.locale: "…"}, **shot.fields,
    }  # fmt: skip
    (folder / "batch.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", *shot.cells], ["1", *shot.cells.values()]])
    return folder / "batch.yaml"


def _content(source: str | int) -> bytes:
    return voice_note(ms=source) if isinstance(source, int) else (ROOT / source).read_bytes()


def _brought(shot: Shot, takes: Takes) -> tuple[Sort, bytes, str]:
    assert shot.brings is not None
    name: tuple[Sort, str] = ("voice", "voice.ogg") if takes is Takes.SOUND else ("photo", "photo.jpg")
    return name[0], _content(shot.brings), name[1]


async def seen(page: Page, first: int, *, width: int) -> bytes:
    """The chat from a message on, to its end."""
    await page.locator(f'[data-message-id="{first}"]').wait_for()
    await page.wait_for_function("() => [...document.images].every(each => each.complete)")
    await page.evaluate("() => document.fonts.ready")
    await page.evaluate(_CLOCK)
    rows = page.locator("#messages > .row")
    ids = [await row.get_attribute("data-message-id") for row in await rows.all()]
    top = await rows.nth(ids.index(str(first))).bounding_box()
    bottom = await rows.last.bounding_box()
    assert top is not None
    assert bottom is not None
    y = top["y"] - 6
    clip = FloatRect(x=0, y=y, width=width, height=bottom["y"] + bottom["height"] + 12 - y)
    return await page.screenshot(clip=clip, animations="disabled")


def small(data: bytes) -> bytes:
    """The same picture with so few colours that it is small."""
    with Image.open(io.BytesIO(data)) as opened:
        image = opened.convert("RGB")
    for colours in (128, 96, 64, 48, 32):
        out = io.BytesIO()
        image.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE).save(
            out, "PNG", optimize=True
        )
        if out.tell() <= _LARGEST:
            break
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
