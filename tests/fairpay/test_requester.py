"""A requester sees what an hour pays, in the panel, by REST and on the command line, and puts money in once."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from crowd.labels.results import money as plain_money
from db.database import Database
from tests.database import Clock
from tests.fairpay.scene import Crowd, crowd, slow_work
from tests.panel.house import mark_of, panel, visitor
from tests.requester.panel import client, parts, served, token
from tests.requester.scene import Item, batch_file
from tests.serving import serving


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with served(database) as where, client(where, await token(database, "house")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(panel(database)) as address, visitor(address, database, "house", "pay") as opened:
        yield opened


@pytest_asyncio.fixture
async def waiting(database: Database, clock: Clock, tmp_path: Path) -> Crowd:
    """A crowd whose batch waits for money."""
    batch = await slow_work(database, tmp_path, tasks=100, overlap={"least": 3, "most": 3}, price="0.005")
    many = await crowd(database, clock, batch, [36.0] * 5)
    await many.answers(60)
    await many.look()
    return many


def cheap(folder: Path) -> Path:
    return batch_file(folder, [Item(f"i{at}", f"text {at}") for at in range(6)], price="0.001", seconds=20)


async def put_in(page: httpx.AsyncClient, batch: int, amount: str, key: str) -> httpx.Response:
    there = await page.get(f"/batches/{batch}")
    form = {"mark": mark_of(there), "amount": amount, "key": key}
    return await page.post(f"/batches/{batch}/funding", data=form)


async def test_the_check_by_rest_tells_the_hour_and_refuses_what_is_too_little(
    api: httpx.AsyncClient, tmp_path: Path
) -> None:
    good = batch_file(tmp_path / "good", [Item(f"i{at}", f"text {at}") for at in range(6)], seconds=20)
    told = (await api.post("/batches/check", files=parts(good))).json()
    assert told["good"]
    assert told["pay"]["per_hour"] == told["pay"]["slow_per_hour"] == "3.60"
    assert {"country": "KE", "floor": "1.50", "reached": True} in told["pay"]["countries"]
    bad = (await api.post("/batches/check", files=parts(cheap(tmp_path / "bad")))).json()
    assert (bad["good"], bad["pay"]["per_hour"]) == (False, "0.18")
    refused = await api.post("/batches", files=parts(cheap(tmp_path / "bad")))
    assert refused.status_code == 422
    assert "Pay 0.0056 USD for an answer at least" in refused.json()["problems"][0]["mend"]


async def test_money_is_put_in_by_rest_once_for_a_key(api: httpx.AsyncClient, waiting: Crowd) -> None:
    there = f"/batches/{waiting.batch.id}"
    assert (await api.get(there)).json()["fair_price"] is not None
    for _ in range(2):
        done = await api.post(f"{there}/funding", json={"labour": "6"}, headers={"Idempotency-Key": "k1"})
        assert done.status_code == 200, done.text
    assert done.json()["state"] == "open"
    assert done.json()["funded"] == "8.10"
    other = await api.post(f"{there}/funding", json={"labour": "7"}, headers={"Idempotency-Key": "k1"})
    assert (other.status_code, "another sum" in other.text) == (409, True)
    assert (await api.get(there)).json()["funded"] == "8.10"
    await waiting.look()
    assert (await api.get(there)).json()["fair_price"] is None
    for wrong in ({"labour": "0"}, {"labour": "-1"}, {"labour": "much"}, {}):
        refused = await api.post(f"{there}/funding", json=wrong, headers={"Idempotency-Key": "k2"})
        assert refused.status_code in {400, 422}
    assert (await api.post(f"{there}/funding", json={"labour": "1"})).status_code in {400, 422}


async def test_the_page_says_what_is_wrong_and_takes_money_once(page: httpx.AsyncClient, waiting: Crowd) -> None:
    batch = waiting.batch.id
    shown = (await page.get(f"/batches/{batch}")).text
    assert "Paused: answers take longer than this price was meant for." in shown
    assert "underpaid" not in shown
    for nonsense in ("", "much", "-3", "0", "NaN", "Infinity", "1e99"):
        assert (await put_in(page, batch, nonsense, "a")).status_code == 422, nonsense
    assert await waiting.batch.value("SELECT count(*) FROM funding WHERE batch_id = $1", batch) == 0
    await asyncio.gather(*(put_in(page, batch, "6,00", "a") for _ in range(3)))
    assert await waiting.batch.value("SELECT sum(labour)::bigint FROM funding WHERE batch_id = $1", batch) == 6_000_000
    other = await put_in(page, batch, "7", "a")
    assert other.status_code == 422
    assert "another sum" in other.text
    await waiting.look()
    shown = (await page.get(f"/batches/{batch}")).text
    assert "since an answer took" in shown
    assert "Paid on top, to 5 workers" in shown
    assert re.search(r"from \$0\.005 to \$0\.01\d+", shown)


async def test_a_list_says_which_batches_wait_for_money_and_how_much(
    api: httpx.AsyncClient, page: httpx.AsyncClient, waiting: Crowd
) -> None:
    batch = waiting.batch.id
    lacking = await waiting.batch.value("SELECT short_by FROM batch WHERE id = $1", batch)
    found = (await api.get("/batches", params={"waiting": True})).json()["batches"]
    (told,) = [each for each in found if each["id"] == batch]
    assert told["waits_for"] == ["money"]
    assert told["short_by"] == plain_money(lacking)
    assert all(each["waits_for"] for each in found)
    shown = (await page.get("/batches")).text
    counted = re.search(r'href="\?state=waiting">(\d+) batch', shown)
    assert counted
    assert int(counted[1]) == len(found)
    only = (await page.get("/batches?state=waiting")).text
    assert only.count('<li class="card"') == len(found)
    card = only.split(f'id="batch-{batch}"')[1].split("</li>")[0]
    assert "needs money" in card
    assert f'href="/batches/{batch}#pay"' in card
    assert f"needs ${plain_money(lacking)} more" in card
    await put_in(page, batch, "6", "enough")
    await waiting.look()
    assert (await api.get(f"/batches/{batch}")).json()["waits_for"] == []
    assert f'id="batch-{batch}"' not in (await page.get("/batches?state=waiting")).text


async def test_another_requester_cannot_put_money_in(database: Database, waiting: Crowd) -> None:
    async with serving(panel(database)) as address, visitor(address, database, "stranger", "s") as stranger:
        mark = mark_of(await stranger.get("/post"))
        form = {"mark": mark, "amount": "1", "key": "x"}
        assert (await stranger.post(f"/batches/{waiting.batch.id}/funding", data=form)).status_code == 404


async def test_the_panels_check_shows_the_hour_and_refuses_what_is_too_little(
    page: httpx.AsyncClient, tmp_path: Path
) -> None:
    mark = mark_of(await page.get("/post"))
    good = batch_file(tmp_path / "good", [Item(f"i{at}", f"text {at}") for at in range(6)], seconds=20, price="0.01")
    said = (await page.post("/post", data={"mark": mark, "do": "check"}, files=parts(good))).text
    assert "What an hour pays" in said
    assert "if an answer takes" in said
    bad = cheap(tmp_path / "bad")
    refused = await page.post("/post", data={"mark": mark, "do": "post"}, files=parts(bad))
    assert "an hour pays 0.18 USD" in refused.text
    assert refused.status_code == 422


@pytest.mark.parametrize("there", [True, False], ids=["a database", "none yet"])
async def test_the_commands_tell_it_too(dsn: str, tmp_path: Path, waiting: Crowd, *, there: bool) -> None:
    from kazi.main import app

    environment = {"KAZI_DATA": str(tmp_path / "data"), "COLUMNS": "140", "LC_ALL": "C.UTF-8"}
    environment |= {"DATABASE_URL": dsn} if there else {}

    async def kazi(*arguments: str, code: int = 0) -> str:
        done: Any = await asyncio.to_thread(CliRunner().invoke, app, arguments, env=environment)
        assert done.exit_code == code, (done.output, done.exception)
        return str(done.output)

    bad = str(cheap(tmp_path / "bad"))
    assert "an hour pays 0.18 USD" in await kazi("batch", "check", bad, code=1)
    good = str(batch_file(tmp_path / "good", [Item(f"i{at}", f"text {at}") for at in range(6)], seconds=20))
    assert "3.60 USD at 20 s an answer (not measured yet); the floor is 1.00 to 1.50" in await kazi(
        "batch", "check", good
    )
    if not there:
        assert not (tmp_path / "data").exists(), "a check makes no database"
        return
    assert "USD" in await kazi("floors", "list", "--all")
    await kazi("floors", "set", "ke", "usd", "2.25", "--source", "a survey")
    assert "a survey" in await kazi("floors", "list")
    assert json.loads(await kazi("floors", "list", "--json"))[0]["per_hour"] == 2_250_000
    assert "no country XX" in await kazi("floors", "set", "XX", "USD", "1", "--source", "x", code=1)
    assert "is no amount" in await kazi("floors", "set", "KE", "USD", "much", "--source", "x", code=1)
    await kazi("floors", "forget", "KE", "USD")
    assert "None was set" in await kazi("floors", "list")
    batch = str(waiting.batch.id)
    assert "is the fair price" in await kazi("batch", "show", batch)
    lacking = plain_money(await waiting.batch.value("SELECT short_by FROM batch WHERE id = $1", waiting.batch.id))
    asked = f"batch {batch} needs money: {lacking} USD; `kazi batch fund {batch} {lacking}`, or close it"
    assert asked in await kazi("batch", "list")
    assert asked in await kazi("batch", "list", "--waiting")
    await kazi("batch", "fund", batch, "6", "--key", "one")
    assert "open" in await kazi("batch", "fund", batch, "6", "--key", "one")
    assert f"batch {batch} needs" not in await kazi("batch", "list", "--waiting")
    assert await waiting.batch.value("SELECT count(*) FROM funding WHERE batch_id = $1", waiting.batch.id) == 1
    assert "is no amount" in await kazi("batch", "fund", batch, "lots", code=1)
