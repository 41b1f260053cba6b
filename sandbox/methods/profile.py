"""What people see of the bot before they write to it, by language."""

from sandbox.errors import bad_request
from sandbox.methods.registry import Call, method
from sandbox.profiles import check_language
from sandbox.records import Json

NAME_LIMIT, SHORT_LIMIT, DESCRIPTION_LIMIT = 64, 120, 512


@method("setMyName")
def set_my_name(call: Call) -> bool:
    """Set the name, or take it back."""
    account = call.account
    _set(call, account.record.profile.names, "name", NAME_LIMIT)
    account.json["first_name"] = account.record.profile.names.get("", account.bot.first_name)
    return True


@method("getMyName")
def get_my_name(call: Call) -> Json:
    """The name in a language."""
    return {"name": _get(call, call.account.record.profile.names) or call.account.bot.first_name}


@method("setMyDescription")
def set_my_description(call: Call) -> bool:
    """Set what an empty chat with the bot shows."""
    _set(call, call.account.record.profile.descriptions, "description", DESCRIPTION_LIMIT)
    return True


@method("getMyDescription")
def get_my_description(call: Call) -> Json:
    """What an empty chat with the bot shows."""
    return {"description": _get(call, call.account.record.profile.descriptions)}


@method("setMyShortDescription")
def set_my_short_description(call: Call) -> bool:
    """Set what the bot's profile and links to it show."""
    _set(call, call.account.record.profile.short_descriptions, "short_description", SHORT_LIMIT)
    return True


@method("getMyShortDescription")
def get_my_short_description(call: Call) -> Json:
    """What the bot's profile and links to it show."""
    return {"short_description": _get(call, call.account.record.profile.short_descriptions)}


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """Set the button beside the text field, for one chat or for all."""
    button = call.args.json_object("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse MenuButton: unsupported type specified")
    call.account.record.profile.menu_buttons[_menu_key(call)] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    """The button beside the text field."""
    buttons = call.account.record.profile.menu_buttons
    return buttons.get(_menu_key(call)) or buttons.get("") or {"type": "commands"}


def _menu_key(call: Call) -> str:
    return str(call.find_chat("chat_id").record.person_id) if call.args.raw.get("chat_id") else ""


def _set(call: Call, texts: dict[str, str], name: str, limit: int) -> None:
    language = check_language(call.args.text("language_code"))
    text = call.args.text(name) or ""
    if len(text) > limit:
        raise bad_request(f"{name} is too long")
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)


def _get(call: Call, texts: dict[str, str]) -> str:
    language = check_language(call.args.text("language_code"))
    return texts.get(language) or texts.get("", "")
