"""What the chat network shows of the bot before and beside the chat, per language, and by what name links know it."""

from dataclasses import dataclass

from bot.i18n.locales import SOURCE, available
from bot.i18n.tongue import tongue
from bot.routes import listed_commands
from bot.telegram import Bot, BotCommand, GetMe, SetMyCommands, SetMyDescription, SetMyShortDescription


@dataclass(slots=True)
class Name:
    """What the bot is called in links, once the chat network has told it."""

    of_links: str | None = None


async def publish(bot: Bot, name: Name) -> None:
    """Learn the bot's name, and set commands and descriptions in every locale.

    Setting what is set already changes nothing.
    """
    name.of_links = (await bot(GetMe())).username
    for locale in available():
        voice = tongue(locale)
        code = None if locale == SOURCE else locale.split("_")[0]
        if code is not None and len(code) != 2:
            continue  # the chat network knows languages by two letters only
        commands = [BotCommand(command=name, description=about) for name, about in listed_commands(voice).items()]
        description = voice.say("Short paid tasks in your language, on your phone. Tap Start.")
        await bot(SetMyCommands(commands=commands, language_code=code))
        await bot(SetMyDescription(description=description, language_code=code))
        await bot(SetMyShortDescription(short_description=voice.say("Short paid tasks"), language_code=code))
