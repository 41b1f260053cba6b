"""From webhook to polling and back, and through a Telegram that is away."""

import asyncio

import pytest

from bot import delivery
from tests.bot.chat import Chat, eventually, own_language
from tests.bot.conftest import serving
from tests.bot.test_webhook import hooked


async def test_no_update_is_lost_between_webhook_and_polling(quiet_chat: Chat) -> None:
    chat = quiet_chat
    language = own_language()
    batch = await chat.batch(language, 10)
    async with hooked(chat):
        person = await chat.worker(language)
        await person.begin(batch)
        await person.tap(r"a:\d+:0")
    assert (await chat.control("GET", "/bots"))["bots"][0]["webhook_url"]
    last = (await person.screen()).message_id
    await person.send("/earnings")
    async with serving(chat, chat.settings):
        screen = await person.until(lambda screen: screen.message_id > last)
        assert "Your earnings" in screen.text
        await person.say("/work")
        await person.tap(r"a:\d+:0")
    last = (await person.screen()).message_id
    await person.send("/earnings")
    await person.send("/work")
    async with hooked(chat):
        screen = await person.until(lambda screen: screen.message_id > last and screen.has(r"a:\d+:0"))
        await person.tap(r"a:\d+:0")
    assert await person.answers() == 3


async def test_a_bot_that_starts_while_telegram_is_away_begins_when_it_is_back(quiet_chat: Chat) -> None:
    chat = quiet_chat
    await chat.fault("setWebhook", 502)
    await chat.fault("getMyCommands", 500)
    async with hooked(chat):
        person = await chat.worker(own_language())
        assert await person.say("/help")
    await chat.fault("deleteWebhook", "drop")
    await chat.fault("getUpdates", 502)
    person = await chat.person("en")
    await person.send("/start")
    async with serving(chat, chat.settings):
        await person.until(lambda screen: screen.has("agree"))


async def test_a_stop_does_not_wait_for_telegrams_patience(quiet_chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = quiet_chat
    monkeypatch.setattr(delivery, "LONGEST_FINISH_S", 0.1)
    language = own_language()
    batch = await chat.batch(language)
    async with serving(chat, chat.settings):
        person = await chat.worker(language)
        task = await person.begin(batch)
        await chat.fault("editMessageText", 429, retry_after=50)
        await person.finger(r"a:\d+:0")

        async def refused() -> bool:
            return not (await chat.control("GET", "/faults"))["faults"]

        await eventually(refused)
        asked = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - asked < 20
    async with serving(chat, chat.settings):
        screen = await person.tap(r"a:\d+:0", task)
        assert screen.lease_id != task.lease_id
    assert await person.answers() == 1


async def test_updates_taken_before_a_stop_are_not_shown_twice(quiet_chat: Chat) -> None:
    chat = quiet_chat
    async with serving(chat, chat.settings):
        person = await chat.worker(own_language())
        await person.say("/earnings")
        messages = len(await person.screens())

        async def confirmed() -> bool:
            return bool((await chat.control("GET", "/bots"))["bots"][0]["pending_updates"] == 0)

        await eventually(confirmed)
    async with serving(chat, chat.settings):
        await person.say("/help")
        assert len(await person.screens()) == messages + 1
