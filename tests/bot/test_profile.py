"""What the chat shows of the bot beside the messages, in each language."""

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from tests.bot.chat import Chat, eventually


@pytest.mark.parametrize("locale", [*available(), "de", "pt-br"])
async def test_commands_and_descriptions_are_in_the_persons_language(chat: Chat, locale: str) -> None:
    person = await chat.person(locale)

    async def published() -> bool:
        return len(await chat.calls("setMyShortDescription")) >= len(available())

    await eventually(published)
    seen = await chat.control("GET", "/bot", user_id=person.id)
    voice = tongue(locale)
    assert [one["command"] for one in seen["commands"]] == [
        "work", "practice", "earnings", "payout", "receipt", "languages", "country", "language", "invite", "help",
        "stop", "export", "forget",
    ]  # fmt: skip
    assert seen["commands"][0]["description"] == voice.say("find work, or go on")
    assert seen["description"] == voice.say("Short paid tasks in your language, on your phone. Tap Start.")
    assert seen["short_description"] == voice.say("Short paid tasks")
    assert len(seen["short_description"]) <= 120
    assert all(3 <= len(one["description"]) <= 256 for one in seen["commands"])
