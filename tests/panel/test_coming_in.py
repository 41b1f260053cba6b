"""Who sees the panel, and who does not."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio
from structlog.testing import capture_logs

from admin.web.attempts import MOST, WITHIN
from admin.web.session import COOKIE, LASTS
from crowd.requesters import revoke
from db.database import Database, connected
from tests.database import Clock
from tests.panel.house import PAGES, mark_of, panel, sign_in, token, visitor
from tests.requester.scene import Item, batch_file, posted, requester
from tests.serving import serving


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(database: Database) -> AsyncIterator[str]:
    async with serving(panel(database)) as where:
        yield where


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def batch(database: Database, tmp_path_factory: Any) -> int:
    path = batch_file(tmp_path_factory.mktemp("batch"), [Item("1", "one"), Item("2", "two")])
    return (await posted(database, path, owner="ada")).batch_id


def _every_page(batch: int) -> list[str]:
    ours = ["/batches", "/workers", "/money", "/post", f"/batches/{batch}/results/tasks.csv"]
    return ours + [f"/batches/{batch}{page}" for page in PAGES]


async def _sees(client: httpx.AsyncClient, path: str) -> bool:
    answer = await client.get(path)
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


async def test_nobody_without_a_token_sees_a_page(address: str, batch: int, database: Database) -> None:
    async with visitor(address, database, "ada", "page walker") as known:
        cookie = known.cookies[COOKIE]
        assert all([await _sees(known, path) for path in _every_page(batch)])
    for forged in ("", "x", ".", cookie[:-1] + ("0" if cookie[-1] != "0" else "1"), "A" + cookie[1:], "é" * 30):
        async with httpx.AsyncClient(
            verify=False, base_url=address, headers={b"cookie": f"{COOKIE}={forged}".encode()}
        ) as stranger:
            for path in _every_page(batch):
                answer = await stranger.get(path)
                assert answer.status_code == 303
                assert answer.headers["location"].startswith("/login?next=")
                assert (await stranger.get(path, headers={"x-kazi-live": "1"})).status_code == 401


async def test_every_route_is_open_to_nobody_but_those_that_must_be(database: Database) -> None:
    async with serving(panel(database)) as where, httpx.AsyncClient(verify=False, base_url=where) as stranger:
        for path in ("/health", "/metrics", "/login", "/static/panel.css", "/static/panel.js", "/static/kazi.svg"):
            assert (await stranger.get(path)).status_code == 200
        for path in ("/logout", "/post", "/batches/1/state"):
            assert (await stranger.post(path)).status_code in {303, 403}


async def test_a_revoked_token_ends_its_session(address: str, database: Database) -> None:
    async with visitor(address, database, "ada", "short-lived") as known:
        assert await _sees(known, "/batches")
        ada = await requester(database, "ada")
        async with database.transaction() as tx:
            await revoke(tx, ada.id, "short-lived")
        assert not await _sees(known, "/batches")


async def test_a_session_ends_by_itself(address: str, database: Database, clock: Clock) -> None:
    async with visitor(address, database, "ada", "forgotten") as known:
        clock.advance(LASTS.total_seconds() - 1)
        assert await _sees(known, "/batches")
        clock.advance(2)
        assert not await _sees(known, "/batches")


async def test_logging_out_forgets_the_session(address: str, database: Database) -> None:
    async with visitor(address, database, "ada", "leaver") as known:
        mark = mark_of(await known.get("/batches"))
        assert (await known.post("/logout", data={"mark": mark})).headers["location"] == "/login"
        assert not await _sees(known, "/batches")


async def test_the_session_is_out_of_reach_of_scripts_and_other_sites(address: str, database: Database) -> None:
    secret = await token(database, "ada", "cookie reader")
    async with httpx.AsyncClient(verify=False, base_url=address) as client:
        said = (await sign_in(client, secret)).headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said
    assert secret not in said


async def test_tokens_cannot_be_tried_at_will(database: Database, clock: Clock) -> None:
    right = await token(database, "ada", "locked out")
    async with serving(panel(database)) as where, httpx.AsyncClient(verify=False, base_url=where) as client:
        for attempt in range(MOST):
            assert (await sign_in(client, f"kazi_guess{attempt}")).status_code == 403
        waiting = await sign_in(client, right)
        assert waiting.status_code == 429
        assert int(waiting.headers["retry-after"]) == WITHIN.total_seconds()
        clock.advance(WITHIN.total_seconds())
        assert (await sign_in(client, right)).status_code == 303


async def test_after_login_one_goes_on_to_pages_of_the_panel_only(address: str, database: Database) -> None:
    secret = await token(database, "ada", "follower")
    wishes = {
        "/money": "/money",
        "//elsewhere.example/": "/batches",
        "https://elsewhere.example/": "/batches",
        "/\\elsewhere.example": "/batches",
        "": "/batches",
        "/\r\nset-cookie: a=b": "/batches",
    }
    for wish, there in wishes.items():
        async with httpx.AsyncClient(verify=False, base_url=address) as client:
            page = await client.get("/login", params={"next": wish})
            entered = await client.post("/login", data={"mark": mark_of(page), "token": secret, "next": wish})
            assert entered.headers["location"] == there


async def test_a_form_from_elsewhere_is_refused(address: str, batch: int, database: Database) -> None:
    path = f"/batches/{batch}/state"
    async with (
        visitor(address, database, "ada", "victim") as ada,
        visitor(address, database, "bo", "attacker") as bo,
    ):
        own, others = mark_of(await ada.get(path, params={"to": "paused"})), mark_of(await bo.get("/batches"))
        for mark in (None, "", others, own[:-1], "ü"):
            data = {"to": "paused"} | ({} if mark is None else {"mark": mark})
            assert (await ada.post(path, data=data)).status_code == 403
        right = {"to": "paused", "mark": own}
        for header in ({"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
            assert (await ada.post(path, data=right, headers=header)).status_code == 403
        async with database.reading() as tx:
            assert await tx.value("SELECT state FROM batch WHERE id = $1", batch) == "open"
        assert (await ada.post(path, data=right, headers={"origin": address})).status_code == 303
        async with database.reading() as tx:
            assert await tx.value("SELECT state FROM batch WHERE id = $1", batch) == "paused"


async def test_a_requester_sees_only_their_own(address: str, batch: int, database: Database) -> None:
    async with visitor(address, database, "cleo", "outsider") as other:
        assert f"/batches/{batch}" not in (await other.get("/batches")).text
        assert f"/batches/{batch}" not in (await other.get("/money")).text
        for page in (*PAGES, "/results/tasks.csv"):
            assert (await other.get(f"/batches/{batch}{page}")).status_code == 404
        data = {"to": "closed", "mark": mark_of(await other.get("/batches"))}
        assert (await other.post(f"/batches/{batch}/state", data=data)).status_code == 404


async def test_the_demos_link_opens_the_demo_and_nothing_else(batch: int, database: Database, address: str) -> None:
    demo = panel(database, demo_phone_url="http://127.0.0.1:1/phone", demo_key="open sesame")
    async with serving(demo) as where, httpx.AsyncClient(verify=False, base_url=where) as client:
        assert (await client.get("/demo", params={"key": "open sesam"})).status_code == 303
        assert (await client.get("/batches")).status_code == 303
        assert (await client.get("/demo", params={"key": "open sesame"})).status_code == 200
        assert f"/batches/{batch}" in (await client.get("/batches")).text
        cookie = client.cookies[COOKIE]
    header = {"cookie": f"{COOKIE}={cookie}"}
    async with httpx.AsyncClient(verify=False, base_url=address, headers=header) as client:
        assert (await client.get("/demo", params={"key": "open sesame"})).status_code == 303
        assert (await client.get("/batches")).status_code == 303, "without a demo, its session opens nothing"
    next_demo = panel(database, demo_key="another key")
    async with serving(next_demo) as where, httpx.AsyncClient(verify=False, base_url=where, headers=header) as client:
        assert (await client.get("/batches")).status_code == 303, "the next demo has a key of its own"


async def test_the_log_holds_no_secret(database: Database, batch: int) -> None:
    secret = await token(database, "ada", "logged")
    demo = panel(database, demo_key="whispered")
    with capture_logs() as lines:
        async with serving(demo) as where, httpx.AsyncClient(verify=False, base_url=where) as client:
            await client.get("/demo", params={"key": "whispered"})
            await client.get("/batches", params={"token": secret})
            await sign_in(client, secret)
            await client.get("/api/v1/batches", headers={"authorization": f"Bearer {secret}"})
            answer = await client.get(f"/batches/{batch}", headers={"x-request-id": "request-of-this-test"})
            assert answer.headers["x-request-id"] == "request-of-this-test"
    said = repr(lines)
    assert len(lines) >= 6
    assert "request" in said
    assert secret not in said
    assert "whispered" not in said


async def test_health_tells_when_the_database_is_away(dsn: str) -> None:
    async with (
        connected(dsn, name="short") as database,
        serving(panel(database)) as where,
        httpx.AsyncClient(verify=False, base_url=where) as client,
    ):
        assert (await client.get("/health")).json() == {"database": "ok"}
        figures = (await client.get("/metrics")).text
        assert 'kazi_panel_requests_total{method="GET",route="/health",status="200"} 1.0' in figures
        assert 'kazi_panel_connections{state="idle"}' in figures
        await database.close()
        assert (await client.get("/health")).status_code == 503
