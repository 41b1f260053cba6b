"""Updates by webhook: order, retries, replies."""

import asyncio
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from tests.sandbox.conftest import Json, Play, keyboard, until
from tests.sandbox.receiver import Answer, accept, receiving


def texts(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates if "message" in update]


async def test_updates_go_to_the_webhook_with_the_secret(play: Play) -> None:
    person = await play.person()
    await play.say(person, "before")
    async with receiving(accept) as receiver:
        await play.ok("setWebhook", url=receiver.url, secret_token="s3cret", max_connections=5)
        await play.say(person, "after")
        assert texts(await receiver.count(2)) == ["before", "after"]
        assert receiver.headers[0]["x-telegram-bot-api-secret-token"] == "s3cret"
        assert receiver.headers[0]["content-type"] == "application/json"

        async def delivered() -> bool:
            info = await play.ok("getWebhookInfo")
            return bool(info["pending_update_count"] == 0 and info["max_connections"] == 5)

        await until(delivered)
        assert receiver.connections == 1, "a connection is used again"
        await play.ok("deleteWebhook")
        assert (await play.ok("getWebhookInfo"))["url"] == ""


async def test_a_refused_update_comes_again_at_once_then_after_2_4_8_seconds(play: Play) -> None:
    person = await play.person()
    await play.freeze()

    async def refuse(_update: Json) -> Answer:
        return Answer(500)

    async with receiving(refuse) as receiver:
        await play.ok("setWebhook", url=receiver.url)
        await play.say(person, "a")
        await receiver.count(2)
        for number, pause_s in enumerate((2, 4, 8), start=3):
            await settle(play, receiver.updates)
            await play.advance(pause_s - 0.01)
            await settle(play, receiver.updates)
            assert len(receiver.updates) == number - 1, f"not before {pause_s} s"
            await play.advance(0.01)
            await receiver.count(number)
        info = await play.ok("getWebhookInfo")
        assert info["last_error_message"] == "Wrong response from the webhook: 500 Whatever"
        assert info["pending_update_count"] == 1
        await play.ok("deleteWebhook", drop_pending_updates=True)
        assert await play.updates() == []


async def settle(play: Play, updates: list[Json]) -> None:
    """Let the sandbox do what it can do without time passing."""
    for _ in range(5):
        await play.control("GET", "/clock")
    assert updates


async def test_a_webhook_that_names_a_time_is_obeyed(play: Play) -> None:
    person = await play.person()
    await play.freeze()

    async def later(_update: Json) -> Answer:
        return Answer(503, headers=("Retry-After: 30",))

    async with receiving(later) as receiver:
        await play.ok("setWebhook", url=receiver.url)
        await play.say(person, "a")
        await receiver.count(1)
        await settle(play, receiver.updates)
        await play.advance(29)
        await settle(play, receiver.updates)
        assert len(receiver.updates) == 1
        await play.advance(1)
        await receiver.count(2)
        await play.ok("deleteWebhook")


async def test_what_is_behind_a_refused_update_waits_but_other_queues_go_on(play: Play) -> None:
    person, other = await play.person(), await play.person()
    await play.freeze()
    accepting = asyncio.Event()

    async def answer(update: Json) -> Answer:
        stuck = update.get("message", {}).get("text") == "stuck"
        return Answer(500 if stuck and not accepting.is_set() else 200)

    sent = await play.ok("sendMessage", chat_id=person, text="?", reply_markup=keyboard({"A": "a"}))
    async with receiving(answer) as receiver:
        await play.ok("setWebhook", url=receiver.url)
        await play.say(person, "stuck")
        await play.say(person, "behind")
        await play.say(other, "elsewhere")
        tapping = play.begin_tap(person, sent["message_id"], data="a")

        async def others_arrived() -> bool:
            return "elsewhere" in texts(receiver.updates) and any("callback_query" in u for u in receiver.updates)

        await until(others_arrived)
        assert "behind" not in texts(receiver.updates)
        accepting.set()
        await settle(play, receiver.updates)
        await play.advance(3)

        async def all_arrived() -> bool:
            return "behind" in texts(receiver.updates)

        await until(all_arrived)
        query = next(u["callback_query"] for u in receiver.updates if "callback_query" in u)
        await play.ok("answerCallbackQuery", callback_query_id=query["id"])
        await tapping
        await play.ok("deleteWebhook")


async def test_no_more_connections_are_used_than_allowed(play: Play) -> None:
    people = [await play.person() for _ in range(4)]
    going_on = asyncio.Event()
    under_way = most = 0

    async def answer(_update: Json) -> Answer:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await going_on.wait()
        under_way -= 1
        return Answer()

    async with receiving(answer) as receiver:
        await play.ok("setWebhook", url=receiver.url, max_connections=2)
        for person in people:
            await play.say(person, "a")
        await receiver.count(2)
        await settle(play, receiver.updates)
        assert most == 2
        going_on.set()
        await receiver.count(4)
        assert most == 2
        await play.ok("deleteWebhook")


@pytest.mark.parametrize("how", ["json", "form", "multipart"])
async def test_a_call_in_the_webhooks_answer_is_performed(play: Play, how: str) -> None:
    person = await play.person()

    async def answer(update: Json) -> Answer:
        call = {"method": "SendMessage", "chat_id": update["message"]["chat"]["id"], "text": "Karibu & <3"}
        if how == "json":
            return Answer(body=orjson.dumps(call))
        if how == "form":
            return Answer(body=urlencode(call).encode(), content_type="application/x-www-form-urlencoded")
        parts = "".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in call.items()
        )
        return Answer(body=f"{parts}--x--\r\n".encode(), content_type="multipart/form-data; boundary=x")

    async with receiving(answer) as receiver:
        await play.ok("setWebhook", url=receiver.url)
        await play.say(person, "Habari")

        async def greeted() -> bool:
            return "Karibu & <3" in await play.texts(person)

        await until(greeted)
        (call,) = await play.calls("sendMessage")
        assert call["via"] == "webhook"
        await play.ok("deleteWebhook")


@pytest.mark.parametrize("method", ["getMe", "setWebhook", "deleteWebhook", "close", "logOut", ""])
async def test_some_calls_in_the_webhooks_answer_are_ignored(play: Play, method: str) -> None:
    person = await play.person()

    async def answer(_update: Json) -> Answer:
        return Answer(body=orjson.dumps({"method": method, "url": ""}))

    async with receiving(answer) as receiver:
        await play.ok("setWebhook", url=receiver.url)
        await play.control("DELETE", "/calls")
        await play.say(person, "a")
        await play.say(person, "b")
        await receiver.count(2)
        assert [call for call in await play.calls() if call["via"] == "webhook"] == []
        await play.ok("deleteWebhook")


@pytest.mark.parametrize(
    "answer",
    [Answer(0), Answer(200, b"{", headers=()), Answer(200, b"nonsense", "text/plain"), Answer(204)],
)
async def test_odd_answers_of_the_webhook_do_no_harm(play: Play, answer: Answer) -> None:
    person = await play.person()
    odd = [answer]

    async def once_odd(_update: Json) -> Answer:
        return odd.pop() if odd else Answer()

    async with receiving(once_odd) as receiver:
        await play.ok("setWebhook", url=receiver.url)
        await play.say(person, "a")

        async def delivered() -> bool:
            return bool((await play.ok("getWebhookInfo"))["pending_update_count"] == 0)

        await until(delivered)
        assert len(receiver.updates) == (2 if answer.status == 0 else 1)
        await play.ok("deleteWebhook")


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 200 OK\r\nConnection: close\r\n"])
@pytest.mark.parametrize("calls_back", [False, True])
async def test_an_answer_may_end_with_the_connection(play: Play, head: bytes, *, calls_back: bool) -> None:
    person = await play.person()
    call = {"method": "sendMessage", "chat_id": person, "text": "Karibu"}
    asked = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        length = int((await reader.readuntil(b"\r\n\r\n")).lower().partition(b"content-length: ")[2].split()[0])
        await reader.readexactly(length)
        body = orjson.dumps(call) if calls_back else b""
        writer.write(head + b"Content-Type: application/json\r\n\r\n" + body)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        await play.ok("setWebhook", url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        await play.say(person, "a")

        async def delivered() -> bool:
            return bool((await play.ok("getWebhookInfo"))["pending_update_count"] == 0)

        await until(delivered)
        assert "last_error_message" not in await play.ok("getWebhookInfo")
        assert (asked, (await play.texts(person))[-1]) == (1, "Karibu" if calls_back else "a")
        await play.ok("deleteWebhook")


@pytest.mark.parametrize(
    "raw", [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", b"HTTP/1.1 200 OK\r\nContent-Le", b""]
)
async def test_half_an_answer_is_none(play: Play, raw: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.read(2**16)
        writer.write(raw)
        writer.close()

    person = await play.person()
    await play.freeze()
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        await play.ok("setWebhook", url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        await play.say(person, "a")

        async def complained() -> bool:
            return "last_error_message" in await play.ok("getWebhookInfo")

        await until(complained)
        assert (await play.ok("getWebhookInfo"))["last_error_message"] == "Webhook connection closed"
        await play.ok("deleteWebhook")


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"this is no HTTP\r\n\r\n", "Wrong response from the webhook: "),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 1_100_000, "the answer is too long"),
    ],
)
async def test_a_webhook_that_talks_nonsense_is_told_off(play: Play, raw: bytes, complaint: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)

    person = await play.person()
    await play.freeze()
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        await play.ok("setWebhook", url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        await play.say(person, "a")

        async def complained() -> bool:
            return complaint in (await play.ok("getWebhookInfo")).get("last_error_message", "")

        await until(complained)
        await play.ok("deleteWebhook")


async def test_a_webhook_that_is_away_is_tried_again_and_said_so(play: Play) -> None:
    person = await play.person()
    async with receiving(accept) as receiver:
        url = receiver.url
    await play.ok("setWebhook", url=url)
    await play.say(person, "a")

    async def failed() -> bool:
        return "last_error_message" in await play.ok("getWebhookInfo")

    await until(failed)
    assert (await play.ok("getWebhookInfo"))["pending_update_count"] == 1
    await play.ok("deleteWebhook")
    assert texts(await play.updates()) == ["a"]


async def test_a_webhook_that_does_not_answer_is_given_60_seconds(play: Play) -> None:
    person = await play.person()
    await play.freeze()
    never = asyncio.Event()
    silent = [True]

    async def answer(_update: Json) -> Answer:
        if silent.pop() if silent else False:
            await never.wait()
        return Answer()

    async with receiving(answer) as receiver:
        await play.ok("setWebhook", url=receiver.url)
        await play.say(person, "a")
        await receiver.count(1)
        await play.advance(60)
        await receiver.count(2)
        assert (await play.ok("getWebhookInfo"))["last_error_message"] == "Read timeout expired"
        never.set()
        await play.ok("deleteWebhook")


async def test_a_duplicate_update_is_delivered_twice(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="?", reply_markup=keyboard({"A": "a"}))

    async def answer(update: Json) -> Answer:
        call = {"method": "answerCallbackQuery", "callback_query_id": update["callback_query"]["id"]}
        return Answer(body=orjson.dumps(call))

    async with receiving(answer) as receiver:
        await play.ok("setWebhook", url=receiver.url)
        await play.begin_tap(person, sent["message_id"], data="a", duplicate_update=True)
        first, second = await receiver.count(2)
        assert first == second
        await play.ok("deleteWebhook")


@pytest.mark.parametrize(("wanted", "used"), [(-5, 1), (0, 1), (1, 1), (100, 100), (1000, 100), (None, 40), ("", 40)])
async def test_a_webhook_has_1_to_100_connections(play: Play, wanted: Any, used: int) -> None:
    await play.ok("setWebhook", url="http://127.0.0.1:9/hook", max_connections=wanted)
    assert (await play.ok("getWebhookInfo"))["max_connections"] == used


async def test_the_same_webhook_set_again_changes_nothing(play: Play) -> None:
    person = await play.person()
    going_on = asyncio.Event()

    async def answer(_update: Json) -> Answer:
        await going_on.wait()
        return Answer()

    async with receiving(answer) as receiver:
        await play.ok("setWebhook", url=receiver.url)
        await play.say(person, "a")
        await receiver.count(1)
        await play.ok("setWebhook", url=receiver.url)
        going_on.set()

        async def delivered() -> bool:
            return bool((await play.ok("getWebhookInfo"))["pending_update_count"] == 0)

        await until(delivered)
        assert len(receiver.updates) == 1
        await play.ok("deleteWebhook")


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"url": "http://example.com/"}, "An HTTPS URL must be provided"),
        ({"url": "ftp://127.0.0.1/"}, "invalid webhook URL"),
        ({"url": "http://127.0.0.1:99999/"}, "invalid webhook URL"),
        ({"url": "https://127.0.0.1/", "secret_token": "a b"}, "secret token contains illegal symbols"),
        ({"url": "https://127.0.0.1/", "secret_token": "a\r\nX: y"}, "secret token contains illegal symbols"),
    ],
)
async def test_a_wrong_webhook_is_refused(play: Play, parameters: dict[str, Any], complaint: str) -> None:
    assert complaint in await play.refused("setWebhook", **parameters)
    assert (await play.ok("getWebhookInfo"))["url"] == ""
