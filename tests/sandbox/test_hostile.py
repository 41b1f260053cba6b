"""Whatever a bot or a person sends, the sandbox answers with a refusal and goes on."""

from typing import Any

import pytest

from sandbox import Settings, create_app
from sandbox.gateway import Gateway
from sandbox.methods.registry import METHODS
from sandbox.records import Person
from tests.sandbox.conftest import BOTS, Play, keyboard

PERSON = 7_000_000_001
NASTY: list[Any] = [
    *(
        None,
        True,
        1.5,
        -1,
        1e30,
        "9" * 30,
        "9" * 5000,
        "",
        " ",
        "1",
        "x" * 5000,
    ),
    *([], [[]], [1], ["x"], [None], [{}], [[{}]], [[[]]], {}, {"x": 1}, {"type": []}, {"type": {}}, {"message_id": []}),
    *({"inline_keyboard": 1}, {"inline_keyboard": [[1]]}, {"inline_keyboard": [[{"text": "x", "url": []}]]}),
    *({"keyboard": [[1]]}, {"keyboard": {}}, [{"type": "text_link", "offset": 0, "length": 1, "url": 5}]),
    *([{"type": "pre", "offset": 0, "length": 1, "language": []}], [{"type": [], "offset": 0, "length": 1}]),
    *(
        [{"type": "text_mention", "offset": 0, "length": 1, "user": 5}],
        [{"type": "date_time", "offset": 0, "length": 1}],
    ),
    *({"inline_keyboard": [[{"text": "x", "url": {"a": "b.c"}}]]}, {"inline_keyboard": [[{"text": "x", "pay": []}]]}),
    *({"type": "photo", "media": []}, {"type": "photo", "media": "attach://"}, [{"type": "photo", "media": {}}] * 2),
    *({"type": "chat", "chat_id": []}, [{"command": [], "description": {}}], {"type": "web_app", "text": []}),
]
PARAMETERS = (
    *("chat_id", "from_chat_id", "message_id", "message_ids", "text", "entities", "parse_mode", "reply_markup"),
    *(
        "reply_parameters",
        "reply_to_message_id",
        "link_preview_options",
        "photo",
        "voice",
        "document",
        "audio",
        "duration",
        "caption",
    ),
    *("caption_entities", "media", "action", "callback_query_id", "url", "file_id", "user_id", "commands", "scope"),
    *("language_code", "name", "description", "menu_button", "reaction", "offset", "limit", "allowed_updates"),
    *("max_connections", "secret_token", "performer", "title"),
)


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_no_parameter_makes_a_method_fail_in_itself(method: str) -> None:
    app = create_app(Settings(BOTS))
    gateway, account = Gateway(app.world), app.world.bots[123456]
    person = app.world.add_person(Person(PERSON, "Amina"))
    chat = app.world.open_chat(account, person.record.person.id)
    chat.record.started = True
    sound: dict[str, Any] = {"chat_id": PERSON, "from_chat_id": PERSON, "text": "x", "caption": "x", "message_id": 1}
    failed = []
    for parameter in PARAMETERS:
        for value in NASTY:
            if 1 not in chat.record.messages:
                account.record.next_message_id = 1
                await gateway.perform(account, "sendMessage", {**sound, "reply_markup": keyboard({"A": "a"})})
            performed = await gateway.perform(account, method, {**sound, parameter: value})
            if performed.status == 500:
                failed.append((parameter, value))
    app.close()
    assert failed == []


async def test_people_may_write_anything(play: Play) -> None:
    person = await play.person(first_name="<b>&\u202e🏟")
    texts = ["<script>alert(1)</script>", "\u202e\u200f", "x" * 4096, "/" * 100, "@" * 100, "&amp;", "\x7f"]
    for text in texts:
        await play.say(person, text)
    heard = [update["message"]["text"] for update in await play.updates()]
    assert heard == texts
    shown = await play.messages(person)
    assert shown[1]["html"] == "&lt;script&gt;alert(1)&lt;/script&gt;"
