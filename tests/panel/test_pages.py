"""What pages say."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from admin import middleware
from crowd.loop.answering import DontKnow
from crowd.loop.leases import Way, give_back
from db.database import Database
from tests.database import Clock
from tests.panel.house import PAGES, mark_of, panel, visitor
from tests.requester.scene import Item, Said, Worker, batch_file, given, people, posted, work
from tests.serving import serving

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{ 7*7 }}{% raw %}"
FEE_PPM = 100_000


@dataclass(frozen=True)
class House:
    """A panel with a batch that people have worked on."""

    address: str
    batch: int
    crew: tuple[Worker, ...]
    said: tuple[Said, ...]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(database: Database, clock: Clock, tmp_path_factory: Any) -> AsyncIterator[House]:
    items = [Item(f"i{number}", f"{HOSTILE} number {number}") for number in range(45)]
    golds = [Item(f"g{number}", f"gold number {number}", "good") for number in range(8)]
    path = batch_file(
        tmp_path_factory.mktemp("batch"),
        [*items, *golds],
        name=HOSTILE[:80],
        instructions={"en": HOSTILE, "ar": "اقرأ"},
        title={"en": "Feelings"},
    )
    batch = (await posted(database, path, owner="ada", fee_ppm=FEE_PPM)).batch_id
    crew = await people(database, 4)

    def opinion(worker: Worker, text: str) -> str | DontKnow:
        if text.endswith("number 44") and worker is crew[0]:
            return DontKnow.DONT_KNOW
        return "good" if text.endswith(("1", "2", "3")) or worker is not crew[1] else "bad"

    said = await work(database, clock, batch, crew[:3], opinion)
    broken = await given(database, crew[3], batch)
    assert broken is None, "everything was answered"
    async with serving(panel(database)) as address:
        yield House(address, batch, tuple(crew), tuple(said))


async def _all_pages(client: httpx.AsyncClient, batch: int) -> dict[str, str]:
    addresses = ["/batches", "/workers", "/money", "/post", *(f"/batches/{batch}{page}" for page in PAGES)]
    pages = {address: await client.get(address) for address in addresses}
    assert {page.status_code for page in pages.values()} == {200}
    return {address: page.text for address, page in pages.items()}


async def test_hostile_names_stay_text(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "hostile") as client:
        for address, text in (await _all_pages(client, house.batch)).items():
            assert "<script>alert" not in text, address
            assert "<img src=x" not in text, address
            assert "49{%" not in text, address
        overview = await client.get(f"/batches/{house.batch}")
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in overview.text


async def test_no_page_has_a_script_or_a_style_of_its_own(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "strict") as client:
        policy = (await client.get("/batches")).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'self'" in policy
        assert "frame-src 'none'" in policy
        for address, text in (await _all_pages(client, house.batch)).items():
            tags = re.findall(r"<[a-z][^>]*>", re.sub(r'="[^"]*"', '=""', text))
            assert not [tag for tag in tags if re.search(r"\s(style|on[a-z]+)=", tag)], address
            assert not re.findall(r"<script(?![^>]*\ssrc=)", text), address
            assert "<style" not in text, address


async def test_pages_say_pseudonyms_only(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "curious") as client:
        pages = await _all_pages(client, house.batch)
    everything = "".join(pages.values())
    worked = {said.pseudonym for said in house.said}
    assert all(pseudonym in pages[f"/batches/{house.batch}/workers"] for pseudonym in worked)
    assert all(pseudonym in pages["/workers"] for pseudonym in worked)
    assert not [worker for worker in house.crew if str(worker.person_id) in everything]


async def test_the_lists_of_labels_go_on_where_they_ended(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "reader") as client:
        found: list[str] = []
        pages, address = 0, f"/batches/{house.batch}/tasks"
        while address:
            text = (await client.get(address)).text
            found += re.findall(r"<bdi>(i\d+)</bdi>", text)
            more = re.search(r'rel="next" href="([^"]+)"', text)
            address = f"/batches/{house.batch}/tasks{more[1]}" if more else ""
            pages += 1
        assert pages == 3
        assert sorted(found) == sorted(f"i{number}" for number in range(45))


async def test_unsure_labels_have_a_list_of_their_own(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "checker") as client:
        every = (await client.get(f"/batches/{house.batch}/tasks")).text
        unsure = (await client.get(f"/batches/{house.batch}/tasks", params={"only": "unsure"})).text
    assert 'class="unsure"' in unsure
    assert 'class="sure"' not in unsure
    async with database.reading() as tx:
        count = await tx.value("SELECT sum(unsure) FROM tally WHERE batch_id = $1", house.batch)
    assert count > 0
    assert every != unsure


async def test_reports_are_shown_with_their_reasons(
    house: House, database: Database, tmp_path: Path, clock: Clock
) -> None:
    path = batch_file(tmp_path, [Item("odd", "<u>an odd one</u>")], name="Reported")
    batch = (await posted(database, path, owner="ada")).batch_id
    one, two = await people(database, 2)
    for worker, reason in ((one, "<b>cut off</b>"), (two, None)):
        task = await given(database, worker, batch)
        assert task is not None
        async with database.transaction() as tx:
            await give_back(tx, worker.person_id, task.lease_id, Way.REPORTED, reason)
    async with visitor(house.address, database, "ada", "reporter") as client:
        text = (await client.get(f"/batches/{batch}/reports")).text
        assert "&lt;b&gt;cut off&lt;/b&gt;" in text
        assert "no reason given" in text
        assert text.count("taken out of the queue") == 2
        assert "&lt;u&gt;an odd one&lt;/u&gt;" in text
        assert "2 reports of broken items" in (await client.get("/batches")).text


async def test_the_reasons_that_the_bot_offers_are_told_in_the_requesters_language(
    house: House, database: Database, tmp_path: Path
) -> None:
    batch = (await posted(database, batch_file(tmp_path, [Item("odd", "x")], name="Told"), owner="ada")).batch_id
    for worker, reason in zip(await people(database, 2), ("wrong_language", "broken"), strict=True):
        task = await given(database, worker, batch)
        assert task is not None
        async with database.transaction() as tx:
            await give_back(tx, worker.person_id, task.lease_id, Way.REPORTED, reason)
    async with visitor(house.address, database, "ada", "told") as client:
        text = (await client.get(f"/batches/{batch}/reports", headers={"accept-language": "sw"})).text
        assert "lugha si sahihi" in text
        assert "kibovu au kitupu" in text
        assert "wrong_language" not in text


async def test_money_adds_up_on_the_page(house: House, database: Database) -> None:
    earned = sum(said.earned for said in house.said)
    async with visitor(house.address, database, "ada", "accountant") as client:
        money, overview = (await client.get("/money")).text, (await client.get(f"/batches/{house.batch}")).text
    shown = f"${earned / 1_000_000:.2f}"
    assert shown in money
    assert re.search(rf"Earned by workers</dt><dd>{re.escape(shown)}</dd>", overview)


async def test_a_batch_with_a_budget_says_what_it_has_come_to(
    house: House, database: Database, clock: Clock, tmp_path: Path
) -> None:
    items = [Item(f"b{number}", f"for a budget {number}") for number in range(6)]
    path = batch_file(tmp_path, items, overlap={"least": 2, "most": 3}, budget="0.32")
    batch = (await posted(database, path, owner="ada")).batch_id
    await work(database, clock, batch, await people(database, 2), lambda *_: "good")
    async with visitor(house.address, database, "ada", "budgeting") as client:
        page, plain = (await client.get(f"/batches/{batch}")).text, (await client.get(f"/batches/{house.batch}")).text
    assert re.search(r"Of a budget of</dt><dd>\$0.32 <small class=\"faint\">75%</small>", page)
    assert re.search(r"With 75% of the budget spent, labels are \d+% sure on average", page)
    assert "budget" not in plain


async def test_the_books_of_the_house_are_for_the_house_alone(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "reader of books") as client:
        theirs = (await client.get("/money")).text
    assert "The books of the house" not in theirs
    assert "The sum is zero" not in theirs
    assert f"money-{house.batch}" in theirs
    async with visitor(house.address, database, "nobody yet", "curious") as client:
        assert "No money yet" in (await client.get("/money")).text
    async with visitor(house.address, database, "house", "bookkeeper") as client:
        assert "The sum is zero, as it must be" in (await client.get("/money")).text


async def test_pausing_and_closing_are_asked_for_and_explained(
    house: House, database: Database, tmp_path: Path
) -> None:
    path = batch_file(tmp_path, [Item("1", "x")], name="Short", overlap={"least": 1, "most": 1, "confidence": 0.9})
    batch = (await posted(database, path, owner="ada", fee_ppm=FEE_PPM)).batch_id
    state = f"/batches/{batch}/state"
    async with visitor(house.address, database, "ada", "changer") as client:
        page = await client.get(state, params={"to": "paused"})
        assert "still count and are paid" in page.text
        mark = mark_of(page)
        data = {"mark": mark, "to": "paused", "reason": "  <i>typo</i>  in\nit "}
        assert (await client.post(state, data=data)).status_code == 303
        assert "&lt;i&gt;typo&lt;/i&gt; in it" in (await client.get(f"/batches/{batch}")).text
        assert "Short" in (await client.get("/batches", params={"state": "paused"})).text
        assert "Short" not in (await client.get("/batches", params={"state": "open"})).text
        await client.post(state, data={"mark": mark, "to": "open"})
        page = await client.get(state, params={"to": "closed"})
        assert "$0.022, is returned to you" in page.text
        assert "1 task is not settled yet" in page.text
        await client.post(state, data={"mark": mark, "to": "closed"})
        closed = (await client.get(f"/batches/{batch}")).text
        assert re.search(r"Returned to you</dt><dd>\$0\.022</dd>", closed)
        assert "/state?to=" not in closed
        refused = await client.post(state, data={"mark": mark, "to": "open"})
        assert refused.status_code == 409
        assert "post a new batch" in refused.text


async def test_results_are_taken_away_from_the_page(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "taker") as client:
        overview = (await client.get(f"/batches/{house.batch}")).text
        for rows, count in (("tasks", 53), ("answers", len(house.said))):
            link = f"/batches/{house.batch}/results/{rows}.jsonl"
            assert link in overview
            assert len((await client.get(link)).text.splitlines()) == count
        assert (await client.get(f"/batches/{house.batch}/results/tasks.exe")).status_code == 404


async def test_fresh_figures_that_are_the_same_cost_nothing(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "poller") as client:
        first = await client.get("/batches")
        again = await client.get("/batches", headers={"if-none-match": first.headers["etag"], "x-kazi-live": "1"})
        assert again.status_code == 304
        assert again.content == b""


@pytest.mark.parametrize("address", ["/batches/0", "/batches/x", f"/batches/{'9' * 30}", "/batches/%C2%B2", "/no/page"])
async def test_what_is_not_there_is_said_kindly(house: House, database: Database, address: str) -> None:
    async with visitor(house.address, database, "ada", f"lost {address}") as client:
        answer = await client.get(address)
    assert answer.status_code == 404
    assert "No such page" in answer.text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "1.2.3", "²", "0"])
async def test_odd_page_addresses_break_nothing(house: House, database: Database, before: str) -> None:
    async with visitor(house.address, database, "ada", f"odd {before}") as client:
        for address in ("/batches", "/workers", "/money", *(f"/batches/{house.batch}{page}" for page in PAGES[:8])):
            answer = await client.get(address, params={"before": before, "state": before, "to": before})
            assert answer.status_code == 200, address


async def test_a_requester_with_nothing_is_told_what_to_do(house: House, database: Database) -> None:
    async with visitor(house.address, database, "newcomer", "first") as client:
        assert "No batch yet" in (await client.get("/batches")).text
        assert "Nobody yet" in (await client.get("/workers")).text
        assert (await client.get("/money")).status_code == 200


async def test_what_is_larger_than_any_form_is_refused(
    house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "LARGEST_UPLOAD", 1_500_000)
    form = {"content-type": "application/x-www-form-urlencoded"}
    upload = {"content-type": "multipart/form-data; boundary=b"}
    async with visitor(house.address, database, "ada", "flooder") as client:
        told = await client.post(f"/batches/{house.batch}/state", content=b"x" * 2_000_000, headers=form)
        assert told.status_code == 413
        untold = await client.post(f"/batches/{house.batch}/state", content=_stream(), headers=form)
        assert untold.status_code == 400
        items = await client.post("/post", content=_stream(), headers=upload)
        assert items.status_code == 413


async def _stream() -> AsyncIterator[bytes]:
    yield b'--b\r\ncontent-disposition: form-data; name="items"; filename="items.csv"\r\n\r\n'
    for _ in range(40):
        yield b"x" * 65536
