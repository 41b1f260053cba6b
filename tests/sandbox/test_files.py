"""Photos, voice messages and documents, both ways."""

import io
from typing import Any

import orjson
import pytest
from PIL import Image

from tests.sandbox.conftest import OTHER_TOKEN, TOKEN, Json, Play, keyboard
from tests.sandbox.test_requests import png

Part = tuple[str, bytes, str]


def ogg(seconds: int) -> bytes:
    """As much of an OGG/Opus file as tells its length."""
    page = b"OggS\x00\x04" + (seconds * 48_000).to_bytes(8, "little") + bytes(13)
    return b"OggS" + bytes(24) + b"OpusHead" + page


async def upload(play: Play, method: str, person: int, *, token: str = TOKEN, **parts: Any) -> Json:
    """Send a file in a form; a part that is text is a field."""
    fields = {name: value for name, value in parts.items() if isinstance(value, str)}
    files = {name: value for name, value in parts.items() if not isinstance(value, str)}
    response = await play.http.post(
        f"{play.base_url}/bot{token}/{method}", data={"chat_id": str(person), **fields}, files=files
    )
    answer = response.json()
    assert answer["ok"], answer
    result: Json = answer["result"]
    return result


async def test_a_photo_comes_in_real_sizes(play: Play) -> None:
    person = await play.person()
    sent = await upload(play, "sendPhoto", person, photo=("a.png", png(1600, 800), "image/png"), caption="<b>x</b>")
    sizes = [(size["width"], size["height"]) for size in sent["photo"]]
    assert sizes == [(90, 45), (320, 160), (800, 400), (1280, 640)]
    assert sent["caption"] == "<b>x</b>"
    for size in sent["photo"]:
        content = await download(play, size["file_id"])
        assert Image.open(io.BytesIO(content)).size == (size["width"], size["height"])
        assert len(content) == size["file_size"]
    shown = (await play.messages(person))[-1]["photo"]
    assert (shown["width"], shown["height"]) == (1280, 640)
    page = await play.http.get(f"{play.base_url}{shown['url']}")
    assert page.headers["content-type"] == "image/jpeg"


async def download(play: Play, file_id: str, token: str = TOKEN) -> bytes:
    path = (await play.ok("getFile", token=token, file_id=file_id))["file_path"]
    response = await play.http.get(f"{play.base_url}/file/bot{token}/{path}")
    assert response.status_code == 200
    return response.content


async def test_a_download_link_is_good_for_an_hour_and_its_own_bot(play: Play) -> None:
    person = await play.person()
    sent = await upload(play, "sendDocument", person, document=("a.txt", b"abc", "text/plain"))
    file_id = sent["document"]["file_id"]
    path = (await play.ok("getFile", file_id=file_id))["file_path"]
    url = f"{play.base_url}/file/bot{TOKEN}/{path}"
    assert (await play.http.get(url)).content == b"abc"
    assert (await play.http.get(f"{play.base_url}/file/bot1:wrong/{path}")).status_code == 401
    assert (await play.http.get(f"{play.base_url}/file/bot{OTHER_TOKEN}/{path}")).status_code == 404
    await play.advance(3601)
    assert (await play.http.get(url)).status_code == 404
    assert await play.refused("getFile", token=OTHER_TOKEN, file_id=file_id) == "400 Bad Request: invalid file_id"


async def test_a_file_id_sends_the_file_again(play: Play) -> None:
    person = await play.person()
    sent = await upload(play, "sendPhoto", person, photo=("a.png", png(), "image/png"))
    again = await play.ok("sendPhoto", chat_id=person, photo=sent["photo"][-1]["file_id"], caption="again")
    assert again["photo"] == sent["photo"]
    wrong = "400 Bad Request: wrong file identifier/HTTP URL specified"
    assert await play.refused("sendPhoto", chat_id=person, photo="AgACAgIAAxNothing") == wrong
    await play.control("POST", f"/users/{person}/messages?bot=second_bot", {"text": "hi"})
    file_id = sent["photo"][-1]["file_id"]
    assert await play.refused("sendPhoto", token=OTHER_TOKEN, chat_id=person, photo=file_id) == wrong
    refusal = await play.refused("sendDocument", chat_id=person, document=file_id)
    assert refusal == "400 Bad Request: type of file mismatch"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({}, "there is no photo in the request"),
        ({"photo": "attach://nothing"}, "file for photo is not attached"),
        ({"photo": "https://example.com/a.png"}, "failed to get HTTP URL content"),
    ],
)
async def test_a_photo_that_is_not_there_is_missed(play: Play, given: Json, complaint: str) -> None:
    person = await play.person()
    assert await play.refused("sendPhoto", chat_id=person, **given) == f"400 Bad Request: {complaint}"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(20, 20)[:60], "IMAGE_PROCESS_FAILED"),
        (png(210, 10), "PHOTO_INVALID_DIMENSIONS"),
        (b"x" * (10 * 2**20 + 1), "file is too big"),
    ],
)
async def test_what_is_no_photo_is_refused(play: Play, content: bytes, complaint: str) -> None:
    person = await play.person()
    response = await play.http.post(
        f"{play.base_url}/bot{TOKEN}/sendPhoto", data={"chat_id": str(person)}, files={"photo": ("a", content)}
    )
    assert response.json()["description"] == f"Bad Request: {complaint}"


async def test_a_caption_has_1024_units(play: Play) -> None:
    person = await play.person()
    sent = await upload(play, "sendPhoto", person, photo=("a.png", png(), "image/png"), caption="x" * 1024)
    refusal = await play.refused(
        "editMessageCaption", chat_id=person, message_id=sent["message_id"], caption="x" * 1025
    )
    assert refusal == "400 Bad Request: message caption is too long"


async def test_captions_and_media_can_be_edited(play: Play) -> None:
    person = await play.person()
    markup = '{"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}'
    sent = await upload(
        play,
        "sendPhoto",
        person,
        photo=("a.png", png(), "image/png"),
        caption="one",
        reply_markup=markup,
        has_spoiler="true",
        show_caption_above_media="true",
    )
    assert sent["has_media_spoiler"]
    assert sent["show_caption_above_media"]
    assert (await play.messages(person))[-1]["spoiler"]
    message = {"chat_id": person, "message_id": sent["message_id"]}
    edited = await play.ok(
        "editMessageCaption", caption="<i>two</i>", parse_mode="HTML", reply_markup=keyboard({"B": "b"}), **message
    )
    assert edited["caption_entities"] == [{"type": "italic", "offset": 0, "length": 3}]
    assert edited["photo"] == sent["photo"]
    refusal = await play.refused("editMessageText", text="x", **message)
    assert refusal == "400 Bad Request: there is no text in the message to edit"
    other = await upload(
        play,
        "editMessageMedia",
        person,
        message_id=str(sent["message_id"]),
        media='{"type": "photo", "media": "attach://new", "caption": "three"}',
        new=("b.png", png(20, 20), "image/png"),
    )
    assert other["photo"][-1]["width"] == 20
    assert other["caption"] == "three"


async def test_a_voice_message_has_its_length(play: Play) -> None:
    person = await play.person()
    sent = await upload(play, "sendVoice", person, voice=("a.ogg", ogg(7), "audio/ogg"))
    assert sent["voice"]["duration"] == 7
    assert (await play.messages(person))[-1]["voice"]["duration"] == 7
    odd = await upload(play, "sendVoice", person, voice=("a.wav", b"RIFF....WAVE", "audio/wav"))
    assert "document" in odd, "what is no OGG, MP3 or M4A goes as a document"


async def test_songs_and_documents_keep_their_names(play: Play) -> None:
    person = await play.person()
    song = await upload(play, "sendAudio", person, audio=("a.mp3", b"ID3", "audio/mpeg"), title="T", duration="3")
    assert song["audio"]["title"] == "T"
    assert song["audio"]["duration"] == 3
    document = await upload(play, "sendDocument", person, document=("a b.csv", b"1,2", "text/csv"))
    assert document["document"]["file_name"] == "a b.csv"
    shown = (await play.messages(person))[-1]["document"]
    assert shown["file_name"] == "a b.csv"
    page = await play.http.get(f"{play.base_url}{shown['url']}")
    assert page.headers["content-disposition"] == "attachment", "the page must not run what somebody sent"
    empty = await play.http.post(
        f"{play.base_url}/bot{TOKEN}/sendDocument", data={"chat_id": str(person)}, files={"document": ("a", b"")}
    )
    assert empty.json()["description"] == "Bad Request: file must be non-empty"


async def test_an_album_is_several_messages_of_one_group(play: Play) -> None:
    person = await play.person()
    photos = [{"type": "photo", "media": f"attach://p{number}", "caption": str(number)} for number in range(2)]
    sent: Any = await upload(
        play,
        "sendMediaGroup",
        person,
        media=orjson.dumps(photos).decode(),
        p0=("0.png", png(), "image/png"),
        p1=("1.png", png(), "image/png"),
    )
    assert [message["caption"] for message in sent] == ["0", "1"]
    assert sent[0]["media_group_id"] == sent[1]["media_group_id"]
    one = [{"type": "photo", "media": sent[0]["photo"][0]["file_id"]}]
    assert (await play.refused("sendMediaGroup", chat_id=person, media=one)).startswith("400 ")
    document = await upload(play, "sendDocument", person, document=("a.txt", b"x", "text/plain"))
    mixed = [*one, {"type": "document", "media": document["document"]["file_id"]}]
    refusal = await play.refused("sendMediaGroup", chat_id=person, media=mixed)
    assert refusal == "400 Bad Request: documents and audio can't be mixed with other media types"
    refusal = await play.refused("sendMediaGroup", chat_id=person, media=["x", "y"])
    assert refusal == "400 Bad Request: can't parse InputMedia: object expected"
    video = [{"type": "video", "media": "x"}] * 2
    assert "the sandbox takes the types" in await play.refused("sendMediaGroup", chat_id=person, media=video)


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("photo", ("a.png", png(), "image/png")),
        ("voice", ("a.ogg", ogg(3), "audio/ogg")),
        ("voice", ("a", b"no sound at all", "application/octet-stream")),
        ("document", ("a.txt", b"abc", "text/plain")),
    ],
)
async def test_a_bot_gets_and_downloads_what_people_send(play: Play, kind: str, part: Part) -> None:
    person = await play.person()
    url = f"{play.base_url}/sandbox/users/{person}/messages"
    response = await play.http.post(url, files={kind: part}, data={"caption": "look"})
    assert response.status_code == 201
    (update,) = await play.updates()
    media = update["message"][kind]
    largest = media[-1] if kind == "photo" else media
    content = await download(play, largest["file_id"])
    assert len(content) == largest["file_size"]
    assert kind == "photo" or content == part[1]
    assert update["message"]["caption"] == "look"


async def test_a_caption_of_a_person_has_its_entities(play: Play) -> None:
    person = await play.person()
    url = f"{play.base_url}/sandbox/users/{person}/messages"
    await play.http.post(url, files={"document": ("a.txt", b"abc")}, data={"caption": " look: #swahili\r\n"})
    await play.http.post(url, files={"document": ("a.txt", b"abc")}, data={"caption": " "})
    first, second = [update["message"] for update in await play.updates()]
    assert first["caption"] == "look: #swahili"
    assert first["caption_entities"] == [{"type": "hashtag", "offset": 6, "length": 8}]
    assert "caption" not in second


async def test_the_phone_number_is_shared(play: Play) -> None:
    person = await play.person(last_name="Juma", phone_number="255700000001")
    await play.control("POST", f"/users/{person}/messages", {"contact": True})
    (update,) = await play.updates()
    assert update["message"]["contact"] == {
        "phone_number": "255700000001",
        "first_name": "Amina",
        "last_name": "Juma",
        "user_id": person,
    }


async def test_what_people_cannot_send_is_explained(play: Play) -> None:
    person = await play.person()
    url = f"{play.base_url}/sandbox/users/{person}/messages"
    for response, complaint in (
        (await play.http.post(url, files={"film": ("a", b"x")}), "one of: photo, voice, document, audio"),
        (await play.http.post(url, files={"photo": ("a", b"x")}), "IMAGE_PROCESS_FAILED"),
        (await play.http.post(url, json={}), "send either"),
        (await play.http.post(url, json={"text": " "}), "needs some text"),
        (await play.http.post(url, json={"txt": "a"}), "txt: Extra inputs are not permitted"),
        (await play.http.post(url, json={"text": "x" * 4097}), "at most 4096 UTF-16 units, and this one has 4097"),
        (
            await play.http.post(url, files={"document": ("a", b"x")}, data={"caption": "x" * 1025}),
            "a caption has at most 1024 UTF-16 units",
        ),
    ):
        assert response.status_code == 400
        assert complaint in response.json()["error"]
