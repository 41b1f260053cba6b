"""The bot's list of commands, by scope and language."""

import re

from sandbox.errors import bad_request
from sandbox.methods.registry import Call, method
from sandbox.profiles import check_language, command_key
from sandbox.records import Json

COMMANDS_LIMIT = 100
DESCRIPTION_LIMIT = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """Set the list for a scope and language."""
    key = _key(call)
    commands = call.args.json_array("commands")
    if commands is None:
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.account.record.profile.commands[key] = [_command(command) for command in commands]
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """The list for exactly this scope and language."""
    return call.account.record.profile.commands.get(_key(call), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """Forget the list for a scope and language."""
    call.account.record.profile.commands.pop(_key(call), None)
    return True


def _key(call: Call) -> str:
    scope = call.args.json_object("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    ids = []
    for name in _SCOPES[kind]:
        if name not in scope:
            raise bad_request(f"can't parse BotCommandScope: {name} is empty")
        ids.append(str(scope[name]))
    return command_key(":".join([kind, *ids]), check_language(call.args.text("language_code")))


def _command(command: object) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > DESCRIPTION_LIMIT:
        raise bad_request(f"command description length must not exceed {DESCRIPTION_LIMIT}")
    return {"command": name, "description": description}
