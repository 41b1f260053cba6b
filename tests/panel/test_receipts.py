"""Anybody checks a receipt in the panel, without a login; of what is not genuine nothing is repeated."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from admin.app import create_panel
from admin.settings import PanelSettings
from admin.web.receipts import MOST_CHECKS
from bot.tasks import preview
from crowd.receipts.keys import KnownKeys, SigningKey, new_key
from crowd.receipts.receipt import LARGEST, receipt
from db.database import Database
from tests.database import Clock
from tests.panel.house import SECRET
from tests.receipts.test_statement import a_statement
from tests.serving import serving

PAGE = "/receipts/check"
KEY, FORMER = SigningKey(new_key()), SigningKey(new_key())
HOSTILE = "<script>alert(1)</script>\"'{{ 7*7 }}"
FILE = receipt(KEY, a_statement(), f"What people read {HOSTILE}")


@pytest.fixture
async def client(database: Database, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    clock.advance(3600)
    settings = PanelSettings(SECRET, preview, receipt_keys=KnownKeys([KEY.public, FORMER.public]))
    async with (
        serving(create_panel(database, settings)) as address,
        httpx.AsyncClient(verify=False, base_url=address, timeout=30) as opened,
    ):
        yield opened


async def upload(client: httpx.AsyncClient, file: bytes, name: str = "receipt.txt") -> httpx.Response:
    return await client.post(PAGE, files={"file": (name, file, "text/plain")})


async def test_a_genuine_one_is_called_so_and_read_out(client: httpx.AsyncClient) -> None:
    page = await client.get(PAGE)
    assert page.status_code == 200
    assert KEY.public.text in page.text
    assert "/receipts/check" in (await client.get("/login")).text
    pasted = await client.post(PAGE, data={"text": FILE.decode().replace("\n", "\r\n")})
    for shown in (await upload(client, FILE), pasted):
        assert shown.status_code == 200
        assert "Genuine" in shown.text
        assert "w_0123456789ab" in shown.text
        assert "70,000" in shown.text
        assert "$10,000,000.00" in shown.text, "earned"
        assert "KAZI-1000000000" in shown.text
        assert "•••• 5678" in shown.text
        assert "<script>alert" not in shown.text
    assert "Genuine" in (await upload(client, receipt(FORMER, a_statement(), "before"))).text
    told = await client.get("/receipts/keys")
    assert told.text.splitlines() == [f"{key.public.name} {key.public.text}" for key in (KEY, FORMER)]


async def test_what_is_not_genuine_says_nothing_more(client: httpx.AsyncClient) -> None:
    changed = FILE.replace(b"70000", b"90000")
    assert changed != FILE
    stranger = receipt(SigningKey(new_key()), a_statement(), "another house's")
    for file, verdict in ((changed, "Not genuine"), (stranger, "Key unknown"), (FILE[:-40], "no whole receipt")):
        shown = await upload(client, file)
        assert shown.status_code == 200
        assert verdict in shown.text
        assert "w_0123456789ab" not in shown.text
    for nothing in (await client.post(PAGE, data={}), await client.post(PAGE, data={"text": " \r\n"})):
        assert "Choose a file" in nothing.text


async def test_a_genuine_statement_of_hostile_words_stays_text(client: httpx.AsyncClient) -> None:
    said = a_statement()
    said = replace(said, pseudonym=HOSTILE, payouts=(replace(said.payouts[0], method=HOSTILE, masked=HOSTILE),))
    shown = (await upload(client, receipt(KEY, said, "x"))).text
    assert "Genuine" in shown
    assert "<script>alert" not in shown
    assert "{{ 7*7 }}" in shown


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\x00" * 5000,
        b"\xff\xd8\xff" * 1000,
        HOSTILE.encode(),
        FILE * 3,
        b"A" * (LARGEST + 1),
        b"KAZI RECEIPT 1\n" * 4000,
    ],
    ids=["empty", "zeros", "picture", "script", "thrice", "large", "lines"],
)
async def test_hostile_uploads_are_no_receipt(client: httpx.AsyncClient, file: bytes) -> None:
    shown = await upload(client, file, name="../../<script>alert(1)</script>.txt")
    assert shown.status_code == 200
    assert "no whole receipt" in shown.text or "Choose a file" in shown.text
    assert "<script>alert" not in shown.text


async def test_requests_that_are_no_form_are_refused_in_order(client: httpx.AsyncClient) -> None:
    multipart = {"content-type": "multipart/form-data; boundary=x"}
    for content, headers in ((b"--x\r\nnonsense", multipart), (b"{}", {"content-type": "application/json"})):
        assert (await client.post(PAGE, content=content, headers=headers)).status_code in {200, 400}
    many = await client.post(PAGE, files=[("file", (f"{n}.txt", FILE)) for n in range(5)])
    assert many.status_code == 400
    assert (await client.post(PAGE, data={"text": "A" * 300_000})).status_code in {200, 400}
    assert (await client.post(PAGE, content=b"A" * 2_000_000)).status_code == 413


async def test_who_checks_too_many_waits(client: httpx.AsyncClient, clock: Clock) -> None:
    for _ in range(MOST_CHECKS):
        assert (await client.post(PAGE, data={"text": "x"})).status_code == 200
    late = await upload(client, FILE)
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0
    assert "Genuine" not in late.text
    clock.advance(1000)
    assert "Genuine" in (await upload(client, FILE)).text
