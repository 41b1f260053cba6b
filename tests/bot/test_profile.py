"""What the chat shows of the bot beside the messages, in each language."""

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.process import telegram
from bot.profile import Name, languages, publish
from bot.telegram import BotCommand, SetMyCommands, TelegramRetryAfter
from crowd.profile import keep_told
from tests.bot.chat import Chat, eventually


@pytest.mark.parametrize("locale", [*available(), "de", "pt-br"])
async def test_commands_and_descriptions_are_in_the_persons_language(chat: Chat, locale: str) -> None:
    person = await chat.person(locale.replace("_", "-"))

    async def published() -> bool:
        return len(await chat.calls("setMyShortDescription")) >= len(languages())

    await eventually(published)
    seen = await chat.control("GET", "/bot", user_id=person.id)
    code = locale.replace("-", "_").split("_", maxsplit=1)[0]
    voice = tongue(locale if len(code) == 2 else "en")  # the chat network knows no others
    assert [one["command"] for one in seen["commands"]] == [
        "work", "pack", "practice", "earnings", "payout", "receipt", "languages", "country", "rhythm", "language",
        "data", "invite", "help", "stop", "export", "forget",
    ]  # fmt: skip
    assert seen["commands"][0]["description"] == voice.say("find work, or go on")
    assert seen["description"] == voice.say("Short paid tasks in your language, on your phone. Tap Start.")
    assert seen["short_description"] == voice.say("Short paid tasks")
    assert len(seen["short_description"]) <= 120
    assert all(3 <= len(one["description"]) <= 256 for one in seen["commands"])


async def test_a_start_sets_only_what_has_changed_since_the_last(chat: Chat) -> None:
    async def sets() -> int:
        return len([call for call in await chat.calls() if call["method"].startswith("setMy")])

    async def all_set() -> bool:
        return await sets() >= 3 * len(languages())

    await eventually(all_set)
    before = await sets()
    async with telegram(chat.settings) as bot:
        await publish(bot, Name(), chat.database)
        assert await sets() == before
        async with chat.database.transaction() as tx:
            await keep_told(tx, bot.id, "ar", b"older words")
        await publish(bot, Name(), chat.database)
        assert await sets() == before + 3
        await bot(SetMyCommands(commands=[BotCommand(command="another", description="somebody else's")]))
        name = Name()
        await publish(bot, name, chat.database)
        assert await sets() == before + 4 + 3 * len(languages()), "a network that forgot is told all of it"
    assert name.of_links == "kazi_bot"


async def test_a_start_goes_on_where_the_last_was_told_to_wait(chat: Chat) -> None:
    async with telegram(chat.settings) as bot:
        async with chat.database.transaction() as tx:
            for code in languages():
                await keep_told(tx, bot.id, code, b"older words")
        await chat.fault("setMyDescription", 429, retry_after=1, delay_ms=20)
        with pytest.raises(TelegramRetryAfter):
            await publish(bot, Name(), chat.database)
        before = len(await chat.calls("setMyShortDescription"))
        await publish(bot, Name(), chat.database)
        assert len(await chat.calls("setMyShortDescription")) == before + len(languages())
        await chat.fault("setMyShortDescription", 429, retry_after=1)
