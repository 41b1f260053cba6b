"""The same promises where Telegram comes to the bot."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.webhook import LARGEST_BODY, PATH
from tests.bot.chat import SECRET, Chat, eventually, own_language
from tests.bot.conftest import serving


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@asynccontextmanager
async def hooked(chat: Chat) -> AsyncIterator[str]:
    """The bot runs by webhook; its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with serving(chat, replace(chat.settings, webhook_url=url, webhook_port=port)):

        async def is_set() -> bool:
            return bool((await chat.control("GET", "/bots"))["bots"][0]["webhook_url"] == url + PATH)

        await eventually(is_set)
        yield url + PATH


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(quiet_chat: Chat) -> AsyncIterator[str]:
    async with hooked(quiet_chat) as url:
        yield url


@pytest.fixture
def chat(quiet_chat: Chat, address: str) -> Chat:
    return quiet_chat


async def test_a_newcomer_gets_to_a_paid_answer(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.person("sw")
    await person.say("/start")
    await person.tap("agree")
    await person.tap(f"lang:{language}")
    await person.tap(f"level:{language}:native")
    await person.tap("langs:done")
    await person.tap("place:ok")
    await person.tap(f"w:{batch.batch_id}")
    first = await person.tap(f"go:{batch.batch_id}")
    screen = await person.tap(r"a:\d+:0")
    assert screen.message_id == first.message_id
    assert await person.answers() == 1


async def test_the_tap_is_acknowledged_in_the_reply(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    before = len(await chat.calls("answerCallbackQuery"))
    await person.tap(r"a:\d+:0")
    calls = (await chat.calls("answerCallbackQuery"))[before:]
    assert [call["via"] for call in calls] == ["webhook"]
    await person.finger(r"a:\d+:0", repeat=4)
    await person.settled()
    assert await person.answers() == 2


async def test_an_update_that_comes_twice_counts_once(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    await person.finger(r"a:\d+:0", duplicate_update=True)
    screen = await person.settled()
    assert await person.answers() == 1
    assert screen.has(r"a:\d+:0")


async def test_an_update_comes_again_when_the_database_was_away(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 8)
    person = await chat.worker(language)
    await person.begin(batch)
    for _ in range(3):
        tapping = asyncio.create_task(person.finger(r"a:\d+:0"))
        for _ in range(3):
            await chat.end_connections()
            await asyncio.sleep(0)
        assert (await tapping)["answered"]
        await person.settled()
        await person.say("/work")
    assert await person.answers() == 3
    assert await chat.value("SELECT count(*) FROM inbox WHERE failed IS NOT NULL") == 0


@pytest.mark.parametrize("told", [{}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}])
async def test_whoever_does_not_know_the_secret_is_refused(chat: Chat, address: str, told: dict[str, str]) -> None:
    person = await chat.worker(own_language())
    update = {
        "update_id": 2**40,
        "message": {
            "message_id": 1,
            "date": 1,
            "chat": {"id": person.id, "type": "private"},
            "from": {"id": person.id, "is_bot": False, "first_name": "x"},
            "text": "/stop",
        },
    }
    response = await chat.http.post(address, json=update, headers=told)
    assert response.status_code == 401
    assert await person.state() == "active"
    assert await chat.value("SELECT count(*) FROM inbox WHERE update_id = $1", 2**40) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id": "x"}', b'{"update_id": 1, "message": 5}'])
async def test_what_is_no_update_is_accepted_and_forgotten(chat: Chat, address: str, body: bytes) -> None:
    response = await chat.http.post(address, content=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
    assert response.status_code == 200


async def test_other_paths_methods_and_huge_bodies_are_refused(chat: Chat, address: str) -> None:
    known = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    assert (await chat.http.get(address, headers=known)).status_code == 404
    assert (await chat.http.post(address + "x", headers=known)).status_code == 404
    huge = b"x" * (LARGEST_BODY + 1)
    assert (await chat.http.post(address, content=huge, headers=known)).status_code == 413
