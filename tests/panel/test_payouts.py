"""The house's people pay out in the panel: two look at what is large, a file is made once, answers are taken over."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from crowd.payouts.details import enter
from crowd.payouts.method import Asked
from crowd.payouts.methods import methods
from crowd.payouts.requesting import Payout
from db.database import Database
from tests.crowd.scene import Worker, people, working
from tests.database import Clock
from tests.panel.house import PAYING, mark_of, panel, visitor
from tests.payouts.test_paying_out import asked, earned, wallet
from tests.requester.test_commands import Kazi, kazi
from tests.serving import serving

__all__ = ["kazi"]  # a fixture

PAGE = "/money/payouts"


@pytest.fixture
async def address(database: Database) -> AsyncIterator[str]:
    async with serving(panel(database)) as where:
        yield where


async def requested(database: Database, clock: Clock, folder: Path, how_many: int) -> list[tuple[Worker, Payout]]:
    """Workers who asked for 2.50 each, to accounts of their own."""
    crew = list(await people(database, how_many))
    await earned(database, clock, folder, crew)
    made = []
    for at, worker in enumerate(crew):
        details: dict[str, str] = {Asked.PHONE: f"+2547{worker.id % 10**7:07}{at}", Asked.NAME: "<b>Amina</b>"}
        async with working(database, worker) as tx:
            await enter(tx, PAYING.vault, worker.id, methods()["mobile_money"], details)
        made.append((worker, await asked(database, worker)))
    return made


async def send(client: httpx.AsyncClient, path: str, **data: object) -> httpx.Response:
    mark = mark_of(await client.get(PAGE))
    files = data.pop("files", None)
    return await client.post(f"{PAGE}{path}", data={"mark": mark, **data}, files=files)  # type: ignore[arg-type]


async def test_money_leaves_by_two_people_one_file_and_the_providers_answer(
    database: Database, clock: Clock, tmp_path: Path, address: str
) -> None:
    (first, one), (second, two) = await requested(database, clock, tmp_path, 2)
    async with (
        visitor(address, database, "house", "amina") as amina,
        visitor(address, database, "house", "juma") as juma,
    ):
        page = (await amina.get(PAGE)).text
        assert f'id="payout-{one.id}"' in page
        assert one.masked in page
        chosen = [str(one.id), str(two.id)]
        done = await send(amina, "/approve", payout=chosen)
        assert done.headers["location"].endswith("told=second")
        assert (await send(amina, "/approve", payout=chosen)).headers["location"].endswith("told=second")
        assert "house/amina (panel), wants a second person" in (await juma.get(PAGE)).text
        assert (await send(juma, "/approve", payout=chosen)).headers["location"].endswith("told=approved")

        page = (await amina.get(PAGE)).text
        key = re.search(r'name="key" value="([^"]+)"', page)
        assert key is not None
        asked_for = {"method": "mobile_money", "currency": "USD", "key": key[1]}
        files = await asyncio.gather(send(amina, "/files", **asked_for), send(amina, "/files", **asked_for))
        assert files[0].content == files[1].content
        assert files[0].content.count(b"KAZI-") == 2
        assert files[0].headers["cache-control"] == "no-store"
        assert "attachment" in files[0].headers["content-disposition"]

        page = (await juma.get(PAGE)).text
        number = re.search(r'id="file-(\d+)"', page)
        assert number is not None
        assert (await juma.get(f"{PAGE}/files/{number[1]}")).content == files[0].content
        results = f"/files/{number[1]}/results"
        broken = await send(juma, results, files={"answer": ("a.csv", b"reference,status\nKAZI-1,perhaps\n")})
        assert broken.status_code == 409
        assert "line 2" in broken.text
        assert (await send(juma, results)).status_code == 409, "no file was chosen"
        accepted = f"reference,status\nKAZI-{one.id},ACCP\nKAZI-{two.id},ACSP\n".encode()
        taken = await send(juma, results, files={"answer": ("a.csv", accepted)})
        assert "under way still, so unchanged: 2" in (await juma.get(taken.headers["location"])).text
        answer = f"reference,status,reason\nKAZI-{one.id},paid,\nKAZI-{two.id},failed,<i>No such number</i>\n"
        taken = await send(juma, results, files={"answer": ("a.csv", answer.encode())})
        assert taken.headers["location"].endswith("told=taken&paid=1&failed=1&under_way=0")
    assert (await wallet(database, first)).paid == (await wallet(database, second)).available == 2_500_000


async def test_one_person_on_two_ways_is_no_second_person(
    database: Database, clock: Clock, tmp_path: Path, address: str, kazi: Kazi
) -> None:
    made = await requested(database, clock, tmp_path, 2)
    one, two = (str(payout.id) for _, payout in made)
    limit = {"KAZI_FOUR_EYES": '{"USD": 2}'}
    async with (
        visitor(address, database, "house", "Rehema") as rehema,
        visitor(address, database, "house", "joseph") as joseph,
    ):
        await send(rehema, "/approve", payout=[one])
        for name in ("Rehema", " rehema "):
            said = (await kazi("payouts", "approve", one, "--by", name, **limit)).stdout
            assert f"wait for a second person: {one}" in said
        await kazi("payouts", "approve", two, "--by", "rehema", **limit)
        box = re.search(rf'value="{two}"[^>]*>', (await rehema.get(PAGE)).text)
        assert box is not None
        assert "disabled" in box[0], "approved by them, from the command line"
        again = await send(rehema, "/approve", payout=[two])
        assert again.headers["location"].endswith("told=second")
        await send(joseph, "/approve", payout=[one, two])
        async with database.reading() as tx:
            rows = await tx.rows("SELECT state, seconded_by FROM payout WHERE id = ANY($1)", [int(one), int(two)])
        for each in (one, two):
            await send(joseph, f"/{each}/refuse", reason="the test is over")
    assert [tuple(row) for row in rows] == [("approved", "house/joseph (panel)")] * 2


async def test_one_is_refused_with_the_reason_and_what_is_over_is_said(
    database: Database, clock: Clock, tmp_path: Path, address: str
) -> None:
    ((worker, payout),) = await requested(database, clock, tmp_path, 1)
    async with visitor(address, database, "house", "rahma") as client:
        assert "say why" in (await send(client, f"/{payout.id}/refuse", reason=" ")).text
        assert (await send(client, f"/{payout.id}/refuse", reason="It is another's.")).status_code == 303
        again = await send(client, f"/{payout.id}/refuse", reason="It is another's.")
        assert again.status_code == 409
        assert "waits no more" in again.text
        late = await send(client, "/approve", payout=[str(payout.id)])
        assert late.status_code == 409
        nothing = await send(client, "/files", method="mobile_money", currency="USD", key="x")
        assert nothing.headers["location"].endswith("told=nothing")
        assert (await client.post(f"{PAGE}/approve", data={"payout": str(payout.id)})).status_code == 403
    assert (await wallet(database, worker)).available == 2_500_000


async def test_one_that_cannot_be_sent_is_named_and_refused_and_the_others_go(
    database: Database, clock: Clock, owner: Database, tmp_path: Path, address: str
) -> None:
    (first, one), (_, two) = await requested(database, clock, tmp_path, 2)
    async with owner.transaction() as tx:  # as one may be from before
        await tx.run("ALTER TABLE payout DISABLE TRIGGER payout_goes_on")
        await tx.run("UPDATE payout SET amount = amount - 1 WHERE id = $1", one.id)
    async with (
        visitor(address, database, "house", "grace") as grace,
        visitor(address, database, "house", "otieno") as otieno,
    ):
        for client in (grace, otieno):
            await send(client, "/approve", payout=[str(one.id), str(two.id)])
        wanted = {"method": "mobile_money", "currency": "USD", "key": "one is wrong"}
        refused = await send(grace, "/files", **wanted)
        assert refused.status_code == 409
        assert f"KAZI-{one.id} cannot be sent" in refused.text
        assert f'id="approved-{one.id}"' in refused.text
        async with owner.transaction() as tx:
            await tx.run("UPDATE payout SET amount = amount + 1 WHERE id = $1", one.id)
            await tx.run("ALTER TABLE payout ENABLE TRIGGER payout_goes_on")
        await send(grace, f"/{one.id}/refuse", reason="Please enter it anew.")
        made = await send(grace, "/files", **wanted)
    assert f"KAZI-{two.id}" in made.text
    assert f"KAZI-{one.id}" not in made.text
    assert (await wallet(database, first)).available == 2_500_000


async def test_for_anybody_else_there_is_no_such_page(
    database: Database, clock: Clock, tmp_path: Path, address: str
) -> None:
    ((_, payout),) = await requested(database, clock, tmp_path, 1)
    async with visitor(address, database, "somebody else", "theirs") as client:
        mark = mark_of(await client.get("/money"))
        assert (await client.get(PAGE)).status_code == 404
        assert PAGE not in (await client.get("/money")).text
        for path in ("/approve", f"/{payout.id}/refuse", "/files"):
            answer = await client.post(f"{PAGE}{path}", data={"mark": mark, "payout": str(payout.id), "reason": "x"})
            assert answer.status_code == 404, path
        assert (await client.get(f"{PAGE}/files/1")).status_code == 404
