"""What the chat network shows of the bot before and beside the chat, per language, and by what name links know it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.i18n.locales import SOURCE, available
from bot.i18n.tongue import tongue
from bot.routes import listed_commands
from bot.telegram import (
    Bot,
    BotCommand,
    GetMe,
    GetMyCommands,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
)
from crowd.profile import forget_told, keep_told, told
from db.database import Database

FOR_ALL_OTHERS = ""
"""The language of those who read one that nothing was set for."""


@dataclass(slots=True)
class Name:
    """What the bot is called in links, once the chat network has told it."""

    of_links: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What is shown in one language."""

    commands: Mapping[str, str]
    description: str
    short_description: str

    @classmethod
    def of(cls, locale: str) -> "Profile":
        """In a locale's words."""
        voice = tongue(locale)
        return cls(
            listed_commands(voice),
            voice.say("Short paid tasks in your language, on your phone. Tap Start."),
            voice.say("Short paid tasks"),
        )

    @property
    def digest(self) -> bytes:
        """By which it is known again."""
        return hashlib.sha256(repr(self).encode()).digest()


def languages() -> dict[str, str]:
    """The locale of each language that the chat network can be told of: it knows those of two letters."""
    codes = {locale.split("_")[0]: locale for locale in available() if locale != SOURCE}
    return {FOR_ALL_OTHERS: SOURCE, **{code: locale for code, locale in codes.items() if len(code) == 2}}


async def publish(bot: Bot, name: Name, database: Database) -> None:
    """Learn the bot's name, and set commands and descriptions where they have changed since they were last set.

    Some hundred calls, the first time; what was set stays set when one of them fails.
    """
    name.of_links = (await bot(GetMe())).username
    known = await _known(bot, database)
    for code, locale in languages().items():
        profile = Profile.of(locale)
        if known.get(code) == profile.digest:
            continue
        await _set(bot, code or None, profile)
        async with database.transaction() as tx:
            await keep_told(tx, bot.id, code, profile.digest)


async def _known(bot: Bot, database: Database) -> Mapping[str, bytes]:
    """What was set, unless the network shows something else than it was told."""
    async with database.reading() as tx:
        known = await told(tx, bot.id)
    shown = {command.command: command.description for command in await bot(GetMyCommands())}
    if known and shown != Profile.of(SOURCE).commands:
        async with database.transaction() as tx:
            await forget_told(tx, bot.id)
        return {}
    return known


async def _set(bot: Bot, code: str | None, profile: Profile) -> None:
    commands = [BotCommand(command=name, description=about) for name, about in profile.commands.items()]
    await bot(SetMyCommands(commands=commands, language_code=code))
    await bot(SetMyDescription(description=profile.description, language_code=code))
    await bot(SetMyShortDescription(short_description=profile.short_description, language_code=code))
