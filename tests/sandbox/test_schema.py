"""What clients send and what the sandbox answers is as the Bot API describes it."""

from typing import Any

import pytest

from tests.bot_api_schema import needs_schema, violations
from tests.sandbox.clients import NAMES, client
from tests.sandbox.conftest import TOKEN, Json, Play, keyboard
from tests.sandbox.scenes import SCENES
from tests.sandbox.test_files import ogg, upload
from tests.sandbox.test_requests import png

pytestmark = needs_schema


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize("name", NAMES)
async def test_every_call_of_the_scenes_keeps_to_the_description(play: Play, name: str) -> None:
    async with client(name, play.http, play.base_url, TOKEN) as one:
        for scene in SCENES:
            await play.updates((await play.updates(-1) or [{"update_id": -1}])[0]["update_id"] + 1)
            await scene(one, play)
    calls = await play.calls()
    assert len(calls) > 40
    assert [wrong for call in calls for wrong in violations(call)] == []


async def test_every_other_answer_keeps_to_the_description(play: Play) -> None:
    person, other = await play.person("sw"), await play.person(None, last_name="B", username="baraka")
    own = (await play.messages(other))[0]["message_id"]
    rows = [["Ndiyo", {"text": "Namba", "request_contact": True}]]
    sent = await play.ok(
        "sendMessage", chat_id=person, text="/start https://a.example @b_b #c", reply_markup=keyboard({"A": "a"})
    )
    message = {"chat_id": person, "message_id": sent["message_id"]}
    await play.ok("sendMessage", chat_id=person, text="k", reply_markup={"keyboard": rows, "resize_keyboard": True})
    await play.ok("sendMessage", chat_id=person, text="r", reply_parameters={"message_id": sent["message_id"]})
    await play.ok("sendMessage", chat_id=person, text="p", link_preview_options={"is_disabled": True})
    await play.ok("editMessageReplyMarkup", **message)
    await play.ok("copyMessage", chat_id=person, from_chat_id=other, message_id=own)
    await play.ok("forwardMessage", chat_id=person, from_chat_id=other, message_id=own)
    await play.ok("pinChatMessage", **message)
    await play.ok("getChat", chat_id=person)
    await play.ok("unpinChatMessage", **message)
    await play.ok("setMessageReaction", **message, reaction=[{"type": "emoji", "emoji": "👍"}])
    await play.ok("sendChatAction", chat_id=person, action="typing")
    await play.ok("deleteMessages", chat_id=person, message_ids=[sent["message_id"]])
    for user_id in (person, 123456):
        await play.ok("getChatMember", chat_id=person, user_id=user_id)
    voice = await upload(play, "sendVoice", person, voice=("v.ogg", ogg(1), "audio/ogg"), caption="c")
    await play.ok(
        "editMessageCaption", chat_id=person, message_id=voice["message_id"], caption="<b>d</b>", parse_mode="HTML"
    )
    await upload(play, "sendAudio", person, audio=("a.mp3", b"ID3", "audio/mpeg"), duration="1")
    photo = await upload(play, "sendPhoto", person, photo=("a.png", png(), "image/png"), has_spoiler="true")
    media = {"type": "photo", "media": photo["photo"][0]["file_id"], "caption": "x"}
    await play.ok("editMessageMedia", chat_id=person, message_id=photo["message_id"], media=media)
    for noun, field in (("Name", "name"), ("Description", "description"), ("ShortDescription", "short_description")):
        await play.ok(f"setMy{noun}", **{field: "x"})
        await play.ok(f"getMy{noun}")
    await play.ok(
        "setMyCommands", commands=[{"command": "a", "description": "b"}], scope={"type": "chat", "chat_id": person}
    )
    await play.ok("getMyCommands", scope={"type": "chat", "chat_id": person})
    await play.ok("deleteMyCommands")
    await play.ok("setChatMenuButton", menu_button={"type": "commands"})
    await play.ok("getChatMenuButton")
    await play.control("POST", f"/users/{person}/messages", {"contact": True})
    await play.http.post(f"{play.base_url}/sandbox/users/{person}/messages", files={"photo": ("a.png", png(100, 100))})
    await play.http.post(f"{play.base_url}/sandbox/users/{person}/messages", files={"document": ("a.txt", b"x")})
    await play.control("PUT", f"/users/{person}/blocked", {"blocked": True})
    await play.ok("getChatMember", chat_id=person, user_id=123456)
    assert {kind for update in await play.updates() for kind in update} == {"update_id", "message", "my_chat_member"}
    await play.ok(
        "setWebhook",
        url="http://127.0.0.1:9/hook",
        allowed_updates=["message"],
        secret_token="a",
        ip_address="127.0.0.1",
    )
    await play.ok("getWebhookInfo")
    await play.refused("getUpdates")
    await play.ok("deleteWebhook", drop_pending_updates=True)
    await play.ok("close")
    await play.ok("logOut")
    calls = await play.calls()
    assert [wrong for call in calls for wrong in violations(call)] == []


MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}


@pytest.mark.parametrize(
    ("method", "parameters", "result", "complaint"),
    [
        ("sendMassage", {}, True, "sendMassage is no method of the Bot API"),
        ("sendMessage", {"text": "x"}, MESSAGE, "sendMessage needs chat_id"),
        ("sendMessage", {"chat_id": 1, "text": "x", "txt": 1}, MESSAGE, "sendMessage has no parameter txt"),
        ("sendMessage", {"chat_id": 1, "text": 5}, MESSAGE, "sendMessage.text is no String: 5"),
        ("sendMessage", {"chat_id": 1, "text": "x"}, True, "sendMessage → result is no Message: True"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x"},
            {**MESSAGE, "x": 1},
            "sendMessage → result (Message) has an unknown field x",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x"},
            {"message_id": 1, "date": 1},
            "sendMessage → result (Message) lacks chat",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": '{"inline_keyboard": [[{"text": 1}]]}'},
            MESSAGE,
            "sendMessage.reply_markup.inline_keyboard[0][0].text is no String: 1",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "disable_notification": "maybe"},
            MESSAGE,
            "sendMessage.disable_notification is no Boolean: 'maybe'",
        ),
        ("getUpdates", {"limit": "x"}, [], "getUpdates.limit is no Integer: 'x'"),
        ("getUpdates", {}, {}, "getUpdates → result is no array: {}"),
        ("sendPhoto", {"chat_id": 1, "photo": {"x": 1}}, MESSAGE, "sendPhoto.photo is no file: {'x': 1}"),
        (
            "sendPhoto",
            {"chat_id": 1, "photo": "attach://a", "b": {"file_name": "b", "file_size": 1}},
            MESSAGE,
            "sendPhoto has no parameter b",
        ),
        ("getChatMember", {"chat_id": 1, "user_id": 1}, {"status": "guest"}, "getChatMember → result is none of"),
        ("getChatMember", {"chat_id": 1, "user_id": 1}, {"status": "kicked", "until_date": 0}, "lacks user"),
    ],
)
def test_what_is_not_as_described_is_told(method: str, parameters: Json, result: Any, complaint: str) -> None:
    call = {"method": method, "parameters": parameters, "status": 200, "response": {"ok": True, "result": result}}
    (wrong,) = violations(call)
    assert complaint in wrong


@pytest.mark.parametrize(
    ("parameters", "result"),
    [
        ({"chat_id": "1", "photo": "attach://a", "a": {"file_name": "a", "file_size": 1}}, MESSAGE),
        ({"chat_id": 1, "photo": {"file_name": "a", "file_size": 1}, "has_spoiler": "True"}, MESSAGE),
        ({"chat_id": 1, "photo": "id", "reply_markup": '{"remove_keyboard": true}'}, MESSAGE),
        ({"chat_id": "@somebody", "photo": "id", "caption_entities": "[]"}, MESSAGE),
    ],
)
def test_what_is_as_described_passes(parameters: Json, result: Json) -> None:
    call = {"method": "SENDPHOTO", "parameters": parameters, "status": 200, "response": {"ok": True, "result": result}}
    assert violations(call) == []


@pytest.mark.parametrize(
    ("status", "response", "right"),
    [
        (400, {"ok": False, "error_code": 400, "description": "x"}, True),
        (429, {"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 1}}, True),
        (0, None, True),
        (400, {"ok": False, "error_code": 500, "description": "x"}, False),
        (400, {"ok": False, "error_code": 400}, False),
        (400, {"ok": False, "error_code": 400, "description": "x", "more": 1}, False),
        (429, {"ok": False, "error_code": 429, "description": "x", "parameters": {"wait": 1}}, False),
        (500, {"ok": True, "result": True}, False),
        (200, "nonsense", False),
    ],
)
def test_refusals_have_their_form(status: int, response: Any, right: bool) -> None:
    call = {"method": "close", "parameters": {}, "status": status, "response": response}
    assert (violations(call) == []) is right
