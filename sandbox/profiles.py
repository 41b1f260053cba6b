"""A bot's profile as one person sees it."""

from sandbox.bots import BotAccount
from sandbox.errors import bad_request
from sandbox.records import Json, Person


def check_language(language_code: str | None) -> str:
    """A language for which a bot can have texts: two small letters, or '' for everybody else."""
    language = language_code or ""
    if language and not (len(language) == 2 and language.isascii() and language.isalpha() and language.islower()):
        raise bad_request("invalid language code specified")
    return language


def command_key(scope: str, language: str) -> str:
    """The key of a list of commands, such as ``chat:7000000001|sw``."""
    return f"{scope}|{language}"


def seen_by(account: BotAccount, person: Person) -> Json:
    """Name, descriptions, commands and menu button in the person's language, with Telegram's fall-backs."""
    profile = account.record.profile
    language = (person.language_code or "").partition("-")[0].lower()

    def text(texts: dict[str, str], default: str = "") -> str:
        return texts.get(language) or texts.get("") or default

    commands: list[Json] = []
    for scope in (f"chat:{person.id}", "all_private_chats", "default"):
        found = [profile.commands.get(command_key(scope, code)) for code in (language, "")]
        commands = next((one for one in found if one), [])
        if commands:
            break
    buttons = profile.menu_buttons
    return {
        "id": account.id,
        "username": account.bot.username,
        "name": text(profile.names, account.bot.first_name),
        "description": text(profile.descriptions),
        "short_description": text(profile.short_descriptions),
        "commands": commands,
        "menu_button": buttons.get(str(person.id)) or buttons.get("") or {"type": "commands"},
    }
