"""Two files that are brought to the panel: what is wrong with them, and how the first task will look."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from db.database import Database
from tests.kinds.sample import write_batch
from tests.kinds.samples.grid import SAMPLE
from tests.panel.house import mark_of, panel, visitor
from tests.requester.panel import packed, parts
from tests.requester.scene import Item, batch_file
from tests.serving import serving

PLACE = re.compile(r'<code dir="ltr">(.*?)</code>\s*<span>\D*(\d+)</span>\s*<span>[^<]* (\S+)</span>')


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(panel(database)) as address, visitor(address, database, "ada", "bringer") as known:
        yield known


async def brought(client: httpx.AsyncClient, path: Path, items: str = "items.csv") -> str:
    """The page after these files were brought, the items under that name."""
    files = {**parts(path), "items": (items, parts(path)["items"][1])}
    data = {"mark": mark_of(await client.get("/post")), "do": "check"}
    return (await client.post("/post", data=data, files=files)).text


async def test_equal_problems_are_one_card(client: httpx.AsyncClient, tmp_path: Path) -> None:
    page = await brought(client, batch_file(tmp_path, [Item(f"k{n}", "x", "odd") for n in range(300)]))
    assert page.count("“odd”, which is none of the options") == 1
    assert "and 299 more like these" in page


async def test_at_most_a_hundred_cards_are_shown_and_the_rest_counted(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    page = await brought(client, batch_file(tmp_path, [Item(f"k{n}", "x", f"odd {n}") for n in range(3000)]))
    assert page.count('<p class="place">') == 100
    assert "3,000 errors" in page
    assert "more like these" in page


@pytest.mark.parametrize(
    ("language", "message", "mend"),
    [
        ("en", "is “odd”, which is none of the options “good”", "Mend this cell, or take the row out."),
        ("sw", "ni “odd”, ambayo si mojawapo ya chaguo “good”", "Rekebisha seli hii, au ondoa mstari."),
        ("ar", "القيمة «\u2068odd\u2069» ليست من الخيارات «\u2068good\u2069»", "صحّحوا هذه الخلية، أو احذفوا الصفّ."),
    ],
)
async def test_problems_are_told_in_the_language_of_the_page_at_the_same_places(
    client: httpx.AsyncClient, tmp_path: Path, language: str, message: str, mend: str
) -> None:
    path = batch_file(tmp_path, [Item("k", "x"), Item("l", "y", "odd")], price="1_000")
    client.headers["accept-language"] = language
    try:
        wrong_price = await brought(client, path)
        page = await brought(client, batch_file(tmp_path, [Item("k", "x"), Item("l", "y", "odd")]))
    finally:
        del client.headers["accept-language"]
    assert f"<p>{message}" in page
    assert f'<p class="mend">{mend}</p>' in page
    assert PLACE.findall(page)[0] == ("items.csv", "3", "\u2068gold\u2069" if language == "ar" else "gold")
    assert PLACE.findall(wrong_price)[0] == ("batch.yaml", "23", "8")
    if language != "en":
        assert not re.findall(r"<p>(?:is|has|says|“\w+” is) ", page + wrong_price)


async def test_items_of_another_name_are_those_that_the_batch_file_means(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    path = batch_file(tmp_path, [Item("k", "downloaded twice")])
    assert "downloaded twice" in await brought(client, path, "items (1).csv")
    assert "there is no file “items.csv”" in await brought(client, path, "items.jsonl")


async def test_the_first_task_is_written_in_the_direction_of_its_language(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    arabic = batch_file(tmp_path / "ar", [Item("k", "Kazi جميل")], language="ary")
    assert '<div class="chat" dir="rtl">' in await brought(client, arabic)
    swahili = batch_file(tmp_path / "sw", [Item("k", "habari")])
    assert '<div class="chat" dir="ltr">' in await brought(client, swahili)


async def test_pictures_are_brought_as_an_archive(client: httpx.AsyncClient, tmp_path: Path) -> None:
    path = write_batch(tmp_path / "batch", SAMPLE, tasks=2, golds=0)
    data = {"mark": mark_of(await client.get("/post")), "do": "check"}
    without = await client.post("/post", data=data, files={**parts(path), "files": ("", b"")})
    assert "is not there" in without.text
    files = {**parts(path), "files": packed(path.parent)}
    page = await client.post("/post", data=data, files=files)
    assert page.status_code == 200
    found = re.search(r'name="digest" value="(\w+)"', page.text)
    assert found, page.text[:3000]
    done = await client.post("/post", data={**data, "do": "post", "digest": found[1]}, files=files)
    assert done.status_code == 303
    shown = await client.get(done.headers["location"])
    assert "posted" in shown.text
