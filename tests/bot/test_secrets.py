"""No secret reaches a log, whatever goes wrong."""

from dataclasses import replace

import pytest

from kazi.logs import without_secrets
from tests.bot.chat import SECRET, TOKEN, Chat, eventually, own_language
from tests.bot.conftest import serving
from tests.bot.test_troubles import broken
from tests.bot.test_webhook import free_port, hooked

API_TOKEN = "kazi_AbCdEfGhIjKlMnOpQrStUvWxYz012345"


def assert_clean(lines: list[str], caplog: pytest.LogCaptureFixture) -> None:
    everything = "\n".join(
        [*lines, *(without_secrets(None, "", {"event": r.getMessage()})["event"] for r in caplog.records)]
    )
    for secret in (TOKEN, TOKEN.partition(":")[2], SECRET, API_TOKEN):
        assert secret not in everything


async def test_no_secret_is_logged_while_all_goes_wrong(
    quiet_chat: Chat, logged: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    chat = quiet_chat
    language = own_language()
    batch = await chat.text_batch(language)
    async with serving(chat, chat.settings):
        person = await chat.worker(language)
        await person.begin(batch)
        echo = await person.say(f"my token is {API_TOKEN} and {TOKEN}")
        for status in (500, "drop", 400):
            await chat.fault("editMessageText", status)
            await person.finger("ok:.*", echo)
            await person.settled()
        await chat.fault("getUpdates", "drop")
        await chat.fault("getUpdates", 500, description=f"about {TOKEN}")
        await person.say("/help")
        with broken("m"):
            screen = await person.say("/work")
            await person.finger("m:.*", screen)
            await person.settled()
    async with hooked(chat):
        await person.say("/work")
    assert any("update.failed" in line for line in logged)
    assert any("polling.failed" in line for line in logged)
    assert_clean(logged, caplog)


async def test_no_secret_is_logged_while_telegram_is_away(
    quiet_chat: Chat, logged: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    async with serving(quiet_chat, replace(quiet_chat.settings, telegram_url=nobody)):

        async def complained() -> bool:
            return sum("failed" in line for line in logged) >= 3

        await eventually(complained)
    port = free_port()
    away = replace(quiet_chat.settings, telegram_url=nobody, webhook_url="http://127.0.0.1:1", webhook_port=port)
    async with serving(quiet_chat, away):

        async def complained_again() -> bool:
            return any("webhook.not_set" in line for line in logged)

        await eventually(complained_again)
    assert_clean(logged, caplog)


def test_settings_do_not_show_their_secrets(chat: Chat) -> None:
    for secret in (TOKEN, SECRET):
        assert secret not in repr(chat.settings)
