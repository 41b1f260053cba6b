"""The house's people pay a bonus in the panel: once, out of what the pot holds, and nobody else can."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from crowd.bonuses.pot import pots, put_in
from db.database import Database
from tests.bonuses.scene import invited, rewarded
from tests.bonuses.test_bonuses import available
from tests.crowd.scene import check_books, people
from tests.panel.house import mark_of, panel, visitor
from tests.serving import serving


@pytest.fixture
async def address(database: Database) -> AsyncIterator[str]:
    async with serving(panel(database)) as where:
        yield where


async def fill(database: Database, amount: int, currency: str) -> None:
    async with database.transaction() as tx:
        await put_in(tx, amount, currency, key=currency, by="test")


def key_of(page: httpx.Response) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


async def test_a_bonus_sent_twice_is_paid_once_and_shown(database: Database, address: str) -> None:
    (worker,) = await people(database, 1)
    path = f"/workers/{worker.pseudonym}/bonus"
    async with visitor(address, database, "house", "amina") as client:
        empty = await client.get(path)
        assert "kazi bonus fund" in empty.text
        await fill(database, 10_000_000, "USD")
        page = await client.get(path)
        assert "$10.00 left" in page.text
        form = {
            "mark": mark_of(page),
            "key": key_of(page),
            "amount": "2,50",
            "currency": "USD",
            "reason": "<b>Thanks</b>",
        }
        for _ in range(2):
            done = await asyncio.gather(client.post(path, data=form), client.post(path, data=form))
            assert {each.headers["location"] for each in done} == {f"{path}?told=paid"}
        shown = (await client.get(f"{path}?told=paid")).text
        assert "&lt;b&gt;Thanks&lt;/b&gt;" in shown
        assert "house/amina (panel)" in shown
        money = (await client.get("/money")).text
        assert "Pots for bonuses" in money
    assert await available(database, worker) == {"USD": 2_500_000}
    await check_books(database)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"amount": "999999"}, "does not hold that much"),
        ({"amount": "much"}, "no amount"),
        ({"amount": "-1"}, "say how much"),
        ({"reason": " "}, "say what it is for"),
        ({"currency": ""}, "no currency"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    database: Database, address: str, change: dict[str, str], why: str
) -> None:
    (worker,) = await people(database, 1)
    await fill(database, 10_000_000, "KES")
    path = f"/workers/{worker.pseudonym}/bonus"
    async with visitor(address, database, "house", f"juma {why}") as client:
        page = await client.get(path)
        form = {"mark": mark_of(page), "key": key_of(page), "amount": "1", "currency": "KES", "reason": "Well done"}
        refused = await client.post(path, data=form | change)
        assert refused.status_code == 409
        assert why in refused.text
        assert key_of(refused) == form["key"]
        assert "reason" in change or "Well done" in refused.text
    assert await available(database, worker) == {}


async def test_staff_see_that_an_empty_pot_keeps_inviters_waiting(database: Database, address: str) -> None:
    (inviter,) = await people(database, 1)
    await rewarded(database, "SEK", pot=1)
    friend = await invited(database, inviter)
    async with database.transaction() as tx:
        await tx.run("UPDATE invitation SET earned_at = $2 WHERE invited_id = $1", friend.id, tx.now)
    async with visitor(address, database, "house", "zuri") as client:
        assert "1 invitation is earned, and waits for money in the pot: SEK0.50." in (await client.get("/money")).text
    async with visitor(address, database, "ada", "zuri") as client:
        assert "waits for money" not in (await client.get("/money")).text


async def test_others_have_no_such_page(database: Database, address: str) -> None:
    (worker,) = await people(database, 1)
    path = f"/workers/{worker.pseudonym}/bonus"
    async with visitor(address, database, "ada", "t") as client:
        assert (await client.get(path)).status_code == 404
        mark = mark_of(await client.get("/post"))
        form = {"mark": mark, "key": "k", "amount": "1", "currency": "KES", "reason": "x"}
        assert (await client.post(path, data=form)).status_code == 404
        async with database.reading() as tx:
            before = await pots(tx)
        assert (await client.post(path, data=form | {"mark": "forged"})).status_code == 403
    async with visitor(address, database, "house", "rahma") as client:
        assert (await client.get("/workers/w_nobody/bonus")).status_code == 404
    async with database.reading() as tx:
        assert await pots(tx) == before
