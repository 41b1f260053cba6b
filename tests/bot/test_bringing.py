"""Answers that are a voice note or a picture: looked at at once, confirmed, counted once, and never lost."""

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from crowd.batches.posting import Posted
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.media.snaps import photo
from tests.media.sounds import beep, voice_note
from tests.requester.scene import posted

ONE_ANSWER = {"overlap": {"least": 1, "most": 1}}


async def batch_of(chat: Chat, language: str, kind: str, rows: list[str], **changed: Any) -> Posted:
    """Post a batch of what is to be said, shown or written down."""
    folder = chat.folder / f"brought{next(chat.numbers)}"
    folder.mkdir(parents=True)
    spec = {
        "name": f"Brought {folder.name}", "kind": kind, "language": language, "items": "items.csv",
        "currency": "USD", "price": "0.02", "seconds": 3, "instructions": {"en": "Do it."}, **ONE_ANSWER, **changed,
    }  # fmt: skip
    (folder / "batch.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
    (folder / "items.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    put_clips(folder)
    return await posted(chat.database, folder / "batch.yaml")


def put_clips(folder: Path) -> None:
    for number in range(2):
        (folder / f"{number}.wav").write_bytes(beep(hertz=300 + 40 * number, ms=1200))


async def begun(chat: Chat, kind: str, **changed: Any) -> Person:
    """Somebody with the first of two tasks in hands."""
    language = own_language()
    rows = ["id,text", "1,Good morning", "2,Good night"]
    person = await chat.worker(language)
    await person.begin(await batch_of(chat, language, kind, rows, **changed))
    return person


async def send(person: Person, sort: str, content: bytes, **more: str) -> Screen:
    """Send a file as a phone does; what the bot says to it."""
    last = (await person.screen()).message_id
    name = {"voice": "voice.ogg", "photo": "photo.jpg", "document": "IMG_1.jpg"}[sort]
    response = await person.chat.http.post(
        f"{person.chat.base_url}/sandbox/users/{person.id}/messages", files={sort: (name, content)}, data=more
    )
    assert response.is_success, response.text
    return await person.until(lambda screen: screen.message_id > last)


async def value(chat: Chat, person: Person) -> Any:
    return await chat.value(
        "SELECT value FROM answer a JOIN worker w ON w.id = a.worker_id WHERE w.person_id = $1 ORDER BY a.id DESC",
        person.id,
    )


async def test_a_voice_note_is_confirmed_kept_and_counted_once(chat: Chat) -> None:
    person = await begun(chat, "speak")
    asked = await person.screen()
    assert "Read this aloud" in asked.text
    note = voice_note(ms=2300)
    echo = await send(person, "voice", note)
    assert "0:02" in echo.text
    assert "Listen to it above" in echo.text
    assert await value(chat, person) is None
    screen = await person.tap("ok:.*", echo)
    assert "+$0.02" in screen.text
    said = await value(chat, person)
    assert said["ms"] == 2300
    assert await chat.database.files.get(said["sound"]) == note
    assert await person.answers() == 1


@pytest.mark.parametrize(
    ("note", "told"),
    [
        (voice_note(ms=600), "Too short: speak for at least 1 second"),
        (voice_note(ms=3500), "Too long: speak for at most 3 seconds"),
        (voice_note(loud=0.0001), "Hardly a voice is heard"),
        (voice_note(loud=0.006), "Too quiet"),
        (voice_note(loud=1.6), "Too loud"),
        (b"OggS" + bytes(30), "cannot be opened"),
    ],
)
async def test_what_nobody_could_use_is_refused_at_once_with_the_reason_and_the_task_stays(
    chat: Chat, note: bytes, told: str
) -> None:
    person = await begun(chat, "speak", most_seconds=3)
    item = (await person.screen()).text.split("\n")[-1]
    screen = await send(person, "voice", note)
    assert told in screen.text
    assert item in screen.text
    assert "Listen to it above" in (await send(person, "voice", voice_note())).text


async def test_it_can_be_recorded_again_and_an_old_echo_does_not_send_the_newer_one(chat: Chat) -> None:
    person = await begun(chat, "speak")
    old = await send(person, "voice", voice_note(ms=1500))
    new = await send(person, "voice", voice_note(ms=4000))
    screen = await person.tap("ok:.*", old)
    assert await person.answers() == 0
    assert "0:04" in screen.text
    await person.tap("ok:.*", new)
    assert (await value(chat, person))["ms"] == 4000


async def test_a_recording_that_was_made_offline_is_taken_when_the_link_is_back(chat: Chat) -> None:
    person = await begun(chat, "speak")
    last = (await person.screen()).message_id
    await chat.control("PUT", f"/users/{person.id}/link", {"online": False})
    await chat.http.post(
        f"{chat.base_url}/sandbox/users/{person.id}/messages", files={"voice": ("voice.ogg", voice_note(ms=2000))}
    )
    await chat.control("PUT", f"/users/{person.id}/link", {"online": True})
    echo = await person.until(lambda screen: screen.message_id > last)
    assert "0:02" in echo.text


async def test_what_no_task_waits_for_is_neither_fetched_nor_kept(chat: Chat) -> None:
    language = own_language()
    person = await chat.worker(language)
    await person.begin(await chat.batch(language))
    before = len(await chat.calls("getFile"))
    screen = await send(person, "voice", voice_note())
    assert "was not taken and is not kept" in screen.text
    assert len(await chat.calls("getFile")) == before


async def test_a_text_where_a_recording_is_wanted_says_so(chat: Chat) -> None:
    person = await begun(chat, "speak")
    screen = await person.say("Good morning")
    assert "hold the microphone and speak" in screen.text


async def test_a_picture_is_confirmed_and_one_that_was_sent_before_is_refused(chat: Chat) -> None:
    person = await begun(chat, "photo")
    echo = await send(person, "photo", photo(1))
    assert "Look at it above" in echo.text
    screen = await person.tap("ok:.*", echo)
    assert "+$0.02" in screen.text
    said = await value(chat, person)
    assert (said["width"], said["height"]) == (800, 600)
    refused = await send(person, "photo", photo(1))
    assert "was sent before" in refused.text
    assert "Look at it above" in (await send(person, "photo", photo(2))).text


async def test_a_picture_that_is_sent_as_a_file_is_one_and_a_file_of_another_sort_is_not(chat: Chat) -> None:
    person = await begun(chat, "photo")
    echo = await send(person, "document", photo(4))
    assert "Look at it above" in echo.text
    assert "+$0.02" in (await person.tap("ok:.*", echo)).text
    assert (await value(chat, person))["picture"]
    assert "cannot be opened" in (await send(person, "document", b"no picture, whatever its name says")).text
    last = (await person.screen()).message_id
    await person.chat.http.post(
        f"{person.chat.base_url}/sandbox/users/{person.id}/messages", files={"document": ("notes.pdf", b"%PDF-1.4")}
    )
    assert "take one with the camera" in (await person.until(lambda screen: screen.message_id > last)).text


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        (photo(3, side=300), "Too small"),
        (photo(3, light=6), "Too dark"),
        (b"", "Blurred"),
    ],
)
async def test_a_picture_on_which_nothing_can_be_seen_is_refused(chat: Chat, picture: bytes, told: str) -> None:
    if not picture:
        out = io.BytesIO()
        Image.linear_gradient("L").resize((900, 900)).convert("RGB").save(out, "JPEG")
        picture = out.getvalue()
    person = await begun(chat, "photo")
    assert told in (await send(person, "photo", picture)).text


async def test_a_clip_is_played_above_the_task_and_written_down(chat: Chat) -> None:
    language = own_language()
    person = await chat.worker(language)
    rows = ["id,sound,text", "1,0.wav,", "2,1.wav,From the radio"]
    await person.begin(await batch_of(chat, language, "transcribe", rows))
    message = [one for one in (await person.shown())["messages"] if one["from_bot"]][-1]
    assert message["voice"]["duration"] == 2
    assert "Listen, and write what you hear" in message["text"]
    first = message["message_id"]
    echo = await person.say("what I heard")
    assert "what I heard" in echo.text
    await person.tap("ok:.*", echo)
    following = [one for one in (await person.shown())["messages"] if one["from_bot"]][-1]
    assert following["voice"]["file_id"] != message["voice"]["file_id"]
    assert following["message_id"] > first
    assert await value(chat, person) == "what I heard"


async def test_a_clip_goes_to_the_network_once_and_stays_where_only_words_change(chat: Chat) -> None:
    language = own_language()
    batch = await batch_of(chat, language, "transcribe", ["id,sound", "1,0.wav"], overlap={"least": 2, "most": 2})
    seen = []
    for _ in range(2):
        person = await chat.worker(language)
        await person.begin(batch)
        before = (await person.screen()).message_id
        await person.tap(r"m:\d+")
        screen = await person.tap(r"b:\d+")
        assert screen.message_id == before
        seen.append([one for one in (await person.shown())["messages"] if one["from_bot"]][-1]["voice"]["file_id"])
    assert seen[0] == seen[1]


async def test_one_failure_of_the_network_is_got_over_and_a_longer_one_is_said(chat: Chat) -> None:
    person = await begun(chat, "speak")
    await chat.fault("getFile", 502)
    assert "Listen to it above" in (await send(person, "voice", voice_note())).text
    await chat.fault("getFile", 502, times=3)
    screen = await send(person, "voice", voice_note(ms=2000))
    assert "did not come through" in screen.text
    assert await person.answers() == 0
    assert "Listen to it above" in (await send(person, "voice", voice_note(ms=2000))).text


async def test_what_is_far_too_long_is_refused_without_being_fetched(chat: Chat) -> None:
    person = await begun(chat, "speak")
    before = len(await chat.calls("getFile"))
    screen = await send(person, "voice", voice_note(), duration="301")
    assert "too large to be taken" in screen.text
    assert len(await chat.calls("getFile")) == before
    await send(person, "voice", voice_note(), duration="299")
    assert len(await chat.calls("getFile")) == before + 1
