"""A provider says later what became of a payout, signed and of now; where it says nothing, staff ask."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import httpx
import orjson
import pytest

from admin.provider import LARGEST, PATH
from crowd.payouts.requesting import Payout
from db.database import Database
from kazi.payoutposting import Posting
from tests.crowd.scene import Worker
from tests.database import Clock
from tests.panel import house
from tests.panel.house import mark_of, panel, visitor
from tests.payouts.provider import SECRET, FakeProvider
from tests.payouts.test_paying_out import EARNED, VAULT, wallet
from tests.payouts.test_posting import SIGNER, ordered, provider, state, who_pays, worker
from tests.requester.test_commands import Kazi, kazi
from tests.serving import serving

__all__ = ["kazi", "provider", "who_pays", "worker"]  # fixtures

LATE_H = 24


@pytest.fixture
async def client(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setattr(house, "PAYING", replace(house.PAYING, signer=SIGNER, patience_h=LATE_H))
    async with serving(panel(database)) as address, httpx.AsyncClient(verify=False, base_url=address) as opened:
        yield opened


@pytest.fixture
async def accepted(database: Database, worker: Worker, provider: FakeProvider) -> tuple[Payout, str]:
    """A payout that the provider has, and its key."""
    payout = await ordered(database, worker)
    provider.answers = [(202, {"status": "accepted"})]
    await Posting(provider.url, SIGNER, VAULT).post_due(database)
    return payout, provider.posts[-1][0]


def message(key: object, status: str = "paid", **more: object) -> bytes:
    return orjson.dumps({"type": "payout.result", "data": {"key": key, "status": status, **more}})


async def send(client: httpx.AsyncClient, clock: Clock, body: bytes, **changed: str) -> httpx.Response:
    headers = SIGNER.headers("msg_1", clock.now(), body) | {
        name.replace("_", "-"): text for name, text in changed.items()
    }
    return await client.post(PATH, content=body, headers=headers)


async def test_a_signed_word_is_taken_once_and_answered_the_same_again(
    database: Database, clock: Clock, client: httpx.AsyncClient, worker: Worker, accepted: tuple[Payout, str]
) -> None:
    _, key = accepted
    body = message(key, reference="R1")
    answers = [await send(client, clock, body) for _ in range(2)]
    assert [(each.status_code, each.json()) for each in answers] == [
        (200, {"result": "taken"}), (200, {"result": "known"}),
    ]  # fmt: skip
    assert (await send(client, clock, message(key, "failed", reason="no"))).status_code == 409
    assert (await wallet(database, worker)).paid == EARNED


async def test_what_is_not_signed_not_of_now_or_not_a_result_is_not_heard(
    database: Database, clock: Clock, client: httpx.AsyncClient, provider: FakeProvider, accepted: tuple[Payout, str]
) -> None:
    payout, key = accepted
    body = message(key)
    good = SIGNER.headers("msg_1", clock.now(), body)
    assert (await client.post(PATH, content=body)).status_code == 401
    assert (await send(client, clock, body, webhook_signature="v1,AAAA")).status_code == 401
    assert (await client.post(PATH, content=body + b" ", headers=good)).status_code == 401
    clock.advance(301)
    replayed = await client.post(PATH, content=body, headers=good)
    assert replayed.status_code == 401
    assert "five minutes" in replayed.text
    ours = provider.posts[-1][1]
    assert (await send(client, clock, ours)).status_code == 400, "our own message, sent back"
    for wrong in (b"", b"[]", b"{", message(5), message("a\0"), message(key, "perhaps"), b'{"type":"payout.result"}'):
        assert (await send(client, clock, wrong)).status_code == 400, wrong
    assert (await send(client, clock, message("payout_of_nobody"))).status_code == 404
    assert (await send(client, clock, b" " * (LARGEST + 1))).status_code == 413
    assert (await client.get(PATH)).status_code in {404, 405}
    assert await state(database, payout) == "sent"
    async with serving(panel(database)) as address, httpx.AsyncClient(verify=False, base_url=address) as same:
        assert (await send(same, clock, body)).status_code == 200
    assert await state(database, payout) == "paid"


async def test_without_a_provider_nobody_is_heard(database: Database, clock: Clock) -> None:
    async with serving(panel(database)) as address, httpx.AsyncClient(verify=False, base_url=address) as client:
        assert (await send(client, clock, message("payout_x"))).status_code == 404


async def test_staff_are_shown_what_is_late_and_say_how_it_ended(
    database: Database, clock: Clock, client: httpx.AsyncClient, worker: Worker, accepted: tuple[Payout, str]
) -> None:
    payout, key = accepted
    page = "/money/payouts"
    async with visitor(str(client.base_url), database, "house", f"amina {payout.id}") as amina:
        assert key not in (await amina.get(page)).text
        clock.advance(LATE_H * 3600)
        shown = await amina.get(page)
        assert key in shown.text
        form: Mapping[str, str] = {"mark": mark_of(shown), "said": " ", "end": "failed"}
        settle = f"{page}/{payout.id}/settle"
        assert (await amina.post(settle, data=form)).status_code == 409
        assert (await amina.post(settle, data={**form, "end": "perhaps"})).status_code == 404
        done = await amina.post(settle, data={**form, "said": "R9", "end": "paid"})
        assert done.headers["location"].endswith("paid=1&failed=0")
        assert key not in (await amina.get(page)).text
    assert (await wallet(database, worker)).paid == EARNED


async def test_the_same_by_command(
    kazi: Kazi, database: Database, owner: Database, clock: Clock, worker: Worker, accepted: tuple[Payout, str]
) -> None:
    payout, key = accepted
    long_ago = clock.now().astimezone(UTC).replace(year=2020)
    async with owner.transaction() as tx:
        await tx.run("UPDATE payout_post SET sent_at = $1, taken_until = NULL", long_ago)
    assert key in (await kazi("payouts", "late")).stdout
    assert [each["id"] for each in json.loads((await kazi("payouts", "late", "--json")).stdout)] == [payout.id]
    assert "paid or failed" in (await kazi("payouts", "settle", str(payout.id), "lost", code=1)).output
    assert "say why" in (await kazi("payouts", "settle", str(payout.id), "failed", code=1)).output
    await kazi("payouts", "settle", str(payout.id), "failed", "No such account", "--by", "amina")
    assert "None is late" in (await kazi("payouts", "late")).stdout
    assert (await wallet(database, worker)).available == EARNED


SET_UP = {
    "KAZI_PAYOUT_WEBHOOK_URL": "https://pays.example/", "KAZI_PAYOUT_WEBHOOK_SECRET": SECRET,
    "KAZI_PAYOUT_WEBHOOK_LABEL": "M-Wallet", "KAZI_PAYOUT_WEBHOOK_LEAST": '{"USD": 1}',
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"KAZI_PAYOUT_WEBHOOK_URL": "http://pays.example/"}, "https"),
        ({"KAZI_PAYOUT_WEBHOOK_SECRET": "short"}, "KAZI_PAYOUT_WEBHOOK_SECRET"),
        ({"KAZI_PAYOUT_WEBHOOK_SECRET": None}, "KAZI_PAYOUT_WEBHOOK_SECRET is not"),
        ({"KAZI_PAYOUT_WEBHOOK_LABEL": None}, "KAZI_PAYOUT_WEBHOOK_LABEL is not"),
        ({"KAZI_PAYOUT_WEBHOOK_LEAST": None}, "KAZI_PAYOUT_WEBHOOK_LEAST is not"),
        ({"KAZI_PAYOUT_WEBHOOK_PATTERN": "("}, "KAZI_PAYOUT_WEBHOOK_PATTERN"),
        ({"KAZI_PAYOUT_WEBHOOK_PATTERN": "A+", "KAZI_PAYOUT_WEBHOOK_EXAMPLE": "B"}, "EXAMPLE is not as"),
    ],
)
async def test_settings_that_cannot_be_right_are_named(
    kazi: Kazi, tmp_path: Path, changed: dict[str, str | None], said: str
) -> None:
    command = ("payouts", "file", "manual", "USD", "--key", "k")
    assert said in (await kazi(*command, code=1, **{**SET_UP, **changed})).output
