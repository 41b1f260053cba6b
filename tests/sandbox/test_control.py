"""The control API: people, screens, the clock."""

import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import Settings, running
from tests.sandbox.conftest import BOTS, Play, until


async def test_a_person_has_an_id_that_needs_more_than_32_bits(play: Play) -> None:
    person = await play.control("POST", "/users", {"first_name": "Amina", "language_code": "sw"})
    assert person["id"] > 2**32
    chosen = await play.control("POST", "/users", {"id": 77, "first_name": "Baraka", "language_code": None})
    assert chosen["id"] == 77
    response = await play.http.post(f"{play.base_url}/sandbox/users", json={"id": 77, "first_name": "X"})
    assert response.status_code == 409
    users = (await play.control("GET", "/users"))["users"]
    assert [(user["first_name"], user["link"]["online"]) for user in users] == [("Amina", True), ("Baraka", True)]


async def test_a_new_name_or_language_is_told_with_the_next_message(play: Play) -> None:
    person = await play.person("sw")
    await play.control("PUT", f"/users/{person}", {"language_code": "classic-zh-cn"})
    await play.control("PUT", f"/users/{person}", {"first_name": "Neema", "username": "neema"})
    await play.say(person, "a")
    sender = (await play.updates())[0]["message"]["from"]
    assert sender["language_code"] == "classic-zh-cn"
    assert (sender["first_name"], sender["username"]) == ("Neema", "neema")
    response = await play.http.put(f"{play.base_url}/sandbox/users/{person}", json={"first_name": None})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("verb", "path", "body", "status", "complaint"),
    [
        ("GET", "/users/5/chat", None, 404, "make one with POST /sandbox/users"),
        ("POST", "/users", {"first_name": ""}, 400, "first_name"),
        ("POST", "/users", ["x"], 400, "The body is a JSON object with: id, first_name"),
        ("POST", "/clock", {"advance_s": -1}, 400, "advance_s"),
        ("GET", "/nothing", None, 404, "the control API has"),
        ("GET", "/files/x", None, 404, "there is no such file"),
        ("GET", "/bot?user_id=x", None, 400, "user_id must be a number"),
        ("GET", "/bot?bot=third_bot", None, 404, "there is first_bot, second_bot"),
    ],
)
async def test_a_wrong_request_is_explained(
    play: Play, verb: str, path: str, body: object, status: int, complaint: str
) -> None:
    if "user_id=x" not in path and "bot=" in path:
        path += f"&user_id={await play.person()}"
    response = await play.http.request(verb, f"{play.base_url}/sandbox{path}", json=body)
    assert response.status_code == status
    assert complaint in response.json()["error"]


async def test_a_chat_may_be_waited_for(play: Play) -> None:
    person = await play.person()
    version = (await play.chat(person))["version"]
    waiting = asyncio.create_task(play.chat(person, after=version, wait_s=25))
    await play.control("GET", "/clock")
    await play.ok("sendMessage", chat_id=person, text="new")
    chat = await waiting
    assert chat["version"] > version
    assert chat["messages"][-1]["text"] == "new"
    assert (await play.chat(person, after=version, wait_s=25))["version"] == chat["version"], "newer already"


async def test_waiting_for_a_chat_ends_by_the_clock(play: Play) -> None:
    person = await play.person()
    version = (await play.chat(person))["version"]
    waiting = asyncio.create_task(play.chat(person, after=version, wait_s=25))
    while not waiting.done():
        await play.advance(10)
    assert (await waiting)["version"] == version


async def test_the_newest_messages_may_be_asked_for_alone(play: Play) -> None:
    person = await play.person()
    for text in "abc":
        await play.ok("sendMessage", chat_id=person, text=text)
    assert [message["text"] for message in (await play.chat(person, last=2))["messages"]] == ["b", "c"]


async def test_every_change_of_a_chat_is_an_event(play: Play) -> None:
    person = await play.person()
    async with (
        httpx.AsyncClient(verify=False) as http,
        http.stream("GET", f"{play.base_url}/sandbox/users/{person}/events") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()

        async def event() -> str:
            async with asyncio.timeout(20):
                while not (line := await anext(lines)).startswith("data: "):
                    pass
                return line

        first = await event()
        await play.ok("sendMessage", chat_id=person, text="new")
        assert await event() != first


async def test_the_clock_moves_forward_only_when_told_or_by_itself(play: Play) -> None:
    before = (await play.control("GET", "/clock"))["now"]
    assert (await play.control("GET", "/clock"))["now"] > before
    after = (await play.control("POST", "/clock", {"advance_s": 86_400, "frozen": True}))["now"]
    assert after >= before + 86_400
    assert await play.control("GET", "/clock") == {"now": after, "offset_s": 86_400, "frozen": True}
    person = await play.person()
    assert (await play.messages(person))[0]["date"] == int(after)
    await play.control("POST", "/clock", {"frozen": False})
    assert after < (await play.control("GET", "/clock"))["now"] < after + 3600


async def test_bots_say_how_they_get_their_updates(play: Play) -> None:
    person = await play.person()
    await play.say(person, "a")
    await play.ok("setWebhook", url="http://127.0.0.1:9/hook")
    first, second = (await play.control("GET", "/bots"))["bots"]
    assert first["webhook_url"] == "http://127.0.0.1:9/hook"
    assert first["pending_updates"] == 1
    assert (second["username"], second["polling"], second["webhook_url"]) == ("second_bot", False, "")
    await play.ok("deleteWebhook", drop_pending_updates=True)


async def test_a_blocked_bot_gets_no_texts_until_it_is_unblocked(play: Play) -> None:
    person = await play.person()
    await play.control("PUT", f"/users/{person}/blocked", {"blocked": True})
    assert (await play.chat(person))["blocked"]
    response = await play.http.post(f"{play.base_url}/sandbox/users/{person}/messages", json={"text": "x"})
    assert response.status_code == 409
    assert 'first PUT {"blocked": false}' in response.json()["error"]
    await play.control("PUT", f"/users/{person}/blocked", {"blocked": False})
    await play.say(person, "x")

    async def heard() -> bool:
        return any("message" in update for update in await play.updates())

    await until(heard)


async def test_other_routes_are_served_beside_its_own(http: httpx.AsyncClient) -> None:
    async def hello(_request: Request) -> Response:
        return Response("hello")

    async with running(Settings(BOTS, extra_routes=(Route("/hello", hello),))) as sandbox:
        assert (await http.get(f"{sandbox.base_url}/hello")).text == "hello"


async def test_a_taken_port_is_an_error(base_url: str) -> None:
    with pytest.raises(OSError, match="in use"):
        async with running(Settings(BOTS, port=int(base_url.rpartition(":")[2]))):
            pass


async def test_the_page_with_the_phone_is_never_cached(play: Play) -> None:
    response = await play.http.get(f"{play.base_url}/phone/")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert (await play.http.get(play.base_url, follow_redirects=True)).text == response.text
