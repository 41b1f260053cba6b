"""How calls of the Bot API may come in, and what a wrong one is told."""

import io
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest
from PIL import Image

from tests.sandbox.conftest import OTHER_TOKEN, TOKEN, Json, Play


def png(width: int = 10, height: int = 10) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 120, 40)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("name", ["getMe", "getme", "GETME"])
@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_method_names_go_in_any_case_and_by_get_or_post(play: Play, verb: str, name: str) -> None:
    answer = (await play.http.request(verb, f"{play.base_url}/bot{TOKEN}/{name}")).json()
    assert answer["result"]["username"] == "first_bot"


@pytest.mark.parametrize("how", ["query", "form", "multipart", "json", "json text in json"])
async def test_parameters_come_as_query_form_multipart_or_json(play: Play, how: str) -> None:
    person = await play.person()
    markup = {"inline_keyboard": [[{"text": "Ndiyo", "callback_data": "y"}]]}
    fields = {"chat_id": str(person), "text": "Habari", "reply_markup": orjson.dumps(markup).decode()}
    url = f"{play.base_url}/bot{TOKEN}/sendMessage"
    if how == "query":
        response = await play.http.get(url, params=fields)
    elif how == "form":
        response = await play.http.post(url, data=fields)
    elif how == "multipart":
        response = await play.http.post(url, files={name: (None, value) for name, value in fields.items()})
    elif how == "json":
        response = await play.http.post(url, json={"chat_id": person, "text": "Habari", "reply_markup": markup})
    else:
        response = await play.http.post(url, json=fields)
    assert response.json()["result"]["reply_markup"] == markup
    assert (await play.messages(person))[-1]["buttons"] == [[{"label": "Ndiyo", "data": "y"}]]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("Application/JSON; Charset=UTF-8", b'{"name": "Kazi"}'),
        ("APPLICATION/X-WWW-FORM-URLENCODED", b"name=Kazi"),
        (
            "Multipart/Form-Data; boundary=Xx",
            b'--Xx\r\nContent-Disposition: form-data; name="name"\r\n\r\nKazi\r\n--Xx--\r\n',
        ),
    ],
)
async def test_content_types_go_in_any_case(play: Play, content_type: str, body: bytes) -> None:
    headers = {"content-type": content_type}
    await play.http.post(f"{play.base_url}/bot{TOKEN}/setMyName", content=body, headers=headers)
    assert await play.ok("getMyName") == {"name": "Kazi"}


async def test_the_content_type_of_what_people_send_goes_in_any_case(play: Play) -> None:
    person = await play.person()
    body = (
        b'--Xx\r\nContent-Disposition: form-data; name="document"; filename="a.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nabc\r\n--Xx--\r\n"
    )
    response = await play.http.post(
        f"{play.base_url}/sandbox/users/{person}/messages",
        content=body,
        headers={"content-type": "Multipart/Form-Data; boundary=Xx"},
    )
    assert response.status_code == 201, response.text


@pytest.mark.parametrize("token", ["123456:wrong", "123456", "", "99:first-token"])
async def test_a_wrong_token_is_unauthorized(play: Play, token: str) -> None:
    assert await play.refused("getMe", token=token) == "401 Unauthorized"


async def test_each_bot_has_its_own_token(play: Play) -> None:
    assert (await play.ok("getMe", token=OTHER_TOKEN))["username"] == "second_bot"


async def test_an_unknown_method_is_not_found(play: Play) -> None:
    assert await play.refused("sendMassage") == "404 Not Found: method not found"


async def test_a_method_that_only_telegram_has_fails_loudly(play: Play) -> None:
    refusal = await play.refused("sendPoll", chat_id=1)
    assert refusal.startswith("501 ")
    assert "sendPoll" in refusal


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b"\xff"),
        ("application/x-www-form-urlencoded", b"text=%ff"),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data", b"no boundary"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(play: Play, content_type: str, body: bytes) -> None:
    response = await play.http.post(
        f"{play.base_url}/bot{TOKEN}/getMe", content=body, headers={"content-type": content_type}
    )
    assert response.status_code == 400
    assert response.json()["description"].startswith("Bad Request: ")
    (call,) = await play.calls("getMe")
    assert (call["status"], call["parameters"], call["response"]) == (400, {}, response.json())


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": "somebody", "text": "x"}, "chat not found"),
        ({"chat_id": 12, "text": "x"}, "chat not found"),
        ({"chat_id": "{person}", "text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
        ({"chat_id": "{person}", "text": "x", "reply_markup": "[]"}, "object expected as reply_markup"),
        ({"chat_id": "{person}", "text": "x", "entities": "{}"}, "expected an Array of values in entities"),
        (
            {"chat_id": "{person}", "text": "<b>x", "parse_mode": "Markdown"},
            "the sandbox does not parse the old Markdown; use HTML or MarkdownV2",
        ),
        (
            {"chat_id": "{person}", "text": "x", "reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
    ],
)
async def test_a_wrong_parameter_is_named(play: Play, parameters: Json, complaint: str) -> None:
    person = await play.person()
    known: Json = {name: person if value == "{person}" else value for name, value in parameters.items()}
    assert await play.refused("sendMessage", **known) == f"400 Bad Request: {complaint}"


@pytest.mark.parametrize("message_id", [1, "1", "", None])
async def test_numbers_may_be_text(play: Play, message_id: object) -> None:
    person = await play.person()
    answer = await play.call("editMessageText", chat_id=str(person), message_id=message_id, text=5)
    complaint = "message can't be edited" if message_id else "message identifier is not specified"
    assert answer["description"] == f"Bad Request: {complaint}"


async def test_a_number_that_is_none_is_refused(play: Play) -> None:
    person = await play.person()
    refusal = await play.refused("editMessageText", chat_id=person, message_id="one", text="x")
    assert refusal == "400 Bad Request: invalid message_id specified"


async def test_a_file_is_no_text(play: Play) -> None:
    person = await play.person()
    response = await play.http.post(
        f"{play.base_url}/bot{TOKEN}/sendMessage", data={"chat_id": str(person)}, files={"text": ("a.txt", b"x")}
    )
    assert response.json()["description"] == "Bad Request: text must be text, not a file"


async def test_a_bot_cannot_write_to_somebody_who_never_wrote_to_it(play: Play) -> None:
    person = await play.person()
    assert await play.refused("sendMessage", token=OTHER_TOKEN, chat_id=person, text="Hi") == (
        "400 Bad Request: chat not found"
    )


async def test_a_bot_cannot_write_to_a_bot(play: Play) -> None:
    assert (await play.refused("sendMessage", chat_id=654321, text="Hi")).startswith("403 ")


async def test_both_ways_to_upload_a_file_work(play: Play) -> None:
    person = await play.person()
    url = f"{play.base_url}/bot{TOKEN}/sendPhoto"
    fields = {"chat_id": str(person)}
    attached = await play.http.post(
        url, data={**fields, "photo": "attach://part"}, files={"part": ("a.png", png(), "image/png")}
    )
    named = await play.http.post(url, data=fields, files={"photo": ("a.png", png(), "image/png")})
    for response in (attached, named):
        assert response.json()["result"]["photo"][-1]["width"] == 10


async def test_a_body_that_is_too_large_is_refused(play: Play) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(53):
            yield b"x" * 2**20

    response = await play.http.post(
        f"{play.base_url}/bot{TOKEN}/sendMessage",
        content=parts(),
        headers={"content-type": "application/json"},
    )
    assert response.status_code == 413
    assert [call["status"] for call in await play.calls("sendMessage")] == [413]


async def test_calls_are_recorded_as_they_came_and_as_they_were_answered(play: Play) -> None:
    person = await play.person()
    await play.control("DELETE", "/calls")
    await play.ok("sendMessage", chat_id=person, text="Habari")
    await play.refused("sendMessage", chat_id=person, text="")
    await play.http.post(
        f"{play.base_url}/bot{TOKEN}/sendPhoto", data={"chat_id": "1"}, files={"photo": ("a.png", b"123")}
    )
    sent, empty = await play.calls("sendmessage")
    assert sent["parameters"] == {"chat_id": person, "text": "Habari"}
    assert sent["status"] == 200
    assert sent["response"]["result"]["text"] == "Habari"
    assert empty["response"] == {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}
    (photo,) = await play.calls("sendPhoto")
    assert photo["parameters"] == {"chat_id": "1", "photo": {"file_name": "a.png", "file_size": 3}}
    assert len(await play.calls()) == 3
    await play.control("DELETE", "/calls")
    assert await play.calls() == []


async def test_the_client_may_keep_its_connection(base_url: str) -> None:
    async with httpx.AsyncClient(verify=False, limits=httpx.Limits(max_connections=1)) as one:
        for _ in range(3):
            assert (await one.get(f"{base_url}/bot{TOKEN}/getMe")).json()["ok"]
