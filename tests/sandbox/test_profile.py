"""What people see of a bot, by language and scope."""

import pytest

from tests.sandbox.conftest import Json, Play


async def seen(play: Play, person: int) -> Json:
    found: Json = await play.control("GET", "/bot", params={"user_id": person})
    return found


async def test_commands_are_shown_by_scope_and_language(play: Play) -> None:
    swahili, hausa = await play.person("sw"), await play.person("ha")

    def commands(name: str) -> list[Json]:
        return [{"command": name, "description": name.upper()}]

    everywhere = commands("default")
    await play.ok("setMyCommands", commands=everywhere)
    await play.ok("setMyCommands", commands=commands("kiswahili"), language_code="sw")
    assert await play.ok("getMyCommands") == everywhere
    assert await play.ok("getMyCommands", language_code="ha") == []
    assert (await seen(play, swahili))["commands"] == commands("kiswahili")
    assert (await seen(play, hausa))["commands"] == everywhere
    private = {"type": "all_private_chats"}
    await play.ok("setMyCommands", commands=commands("private"), scope=private)
    assert (await seen(play, swahili))["commands"] == commands("private")
    chat = {"type": "chat", "chat_id": swahili}
    await play.ok("setMyCommands", commands=commands("chat"), scope=chat)
    assert (await seen(play, swahili))["commands"] == commands("chat")
    await play.ok("deleteMyCommands", scope=chat)
    await play.ok("deleteMyCommands", scope=private)
    assert (await seen(play, swahili))["commands"] == commands("kiswahili")


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ({"command": "Big", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "x" * 33, "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "ok", "description": ""}, "command description must be non-empty"),
        ({"command": "ok", "description": "x" * 257}, "command description length must not exceed 256"),
        ("ok", "can't parse BotCommand: expected an Object"),
    ],
)
async def test_a_wrong_command_is_refused(play: Play, command: object, complaint: str) -> None:
    assert await play.refused("setMyCommands", commands=[command]) == f"400 Bad Request: {complaint}"


async def test_a_wrong_list_of_commands_is_refused(play: Play) -> None:
    one = {"command": "ok", "description": "x"}
    assert await play.refused("setMyCommands", commands=[one] * 101) == "400 Bad Request: BOT_COMMANDS_TOO_MUCH"
    for language_code in ("SW", "pcm", "classic-zh-cn"):
        refusal = await play.refused("setMyCommands", commands=[one], language_code=language_code)
        assert refusal == "400 Bad Request: invalid language code specified"
    refusal = await play.refused("setMyCommands", commands=[one], scope={"type": "moon"})
    assert refusal == "400 Bad Request: can't parse BotCommandScope: unsupported type specified"
    refusal = await play.refused("setMyCommands", commands=[one], scope={"type": "chat"})
    assert refusal == "400 Bad Request: can't parse BotCommandScope: chat_id is empty"


@pytest.mark.parametrize(
    ("noun", "field", "limit"),
    [("Name", "name", 64), ("Description", "description", 512), ("ShortDescription", "short_description", 120)],
)
async def test_names_and_descriptions_are_by_language(play: Play, noun: str, field: str, limit: int) -> None:
    swahili, hausa = await play.person("sw-KE"), await play.person("ha")
    await play.ok(f"setMy{noun}", **{field: "Hello"})
    await play.ok(f"setMy{noun}", **{field: "Habari"}, language_code="sw")
    assert await play.ok(f"getMy{noun}", language_code="sw") == {field: "Habari"}
    assert await play.ok(f"getMy{noun}", language_code="ha") == {field: "Hello"}
    assert (await seen(play, swahili))[field] == "Habari"
    assert (await seen(play, hausa))[field] == "Hello"
    await play.ok(f"setMy{noun}", language_code="sw")
    assert (await seen(play, swahili))[field] == "Hello"
    refusal = await play.refused(f"setMy{noun}", **{field: "x" * (limit + 1)})
    assert refusal == f"400 Bad Request: {field} is too long"


async def test_the_menu_button_is_by_chat(play: Play) -> None:
    person, other = await play.person(), await play.person()
    app = {"type": "web_app", "text": "Open", "web_app": {"url": "https://example.com/"}}
    await play.ok("setChatMenuButton", chat_id=person, menu_button=app)
    assert await play.ok("getChatMenuButton", chat_id=person) == app
    assert await play.ok("getChatMenuButton", chat_id=other) == {"type": "commands"}
    assert (await seen(play, person))["menu_button"] == app
    assert (await play.refused("setChatMenuButton", menu_button={"type": "door"})).startswith("400 ")


async def test_a_bot_may_close_and_log_out(play: Play) -> None:
    assert await play.ok("close") is True
    assert await play.ok("logOut") is True
