"""Voice messages of bots and of people, as the Bot API has them."""

import io
import subprocess
import sys
import wave

import httpx
import numpy as np
import pytest
import soundfile

from tests.sandbox.conftest import TOKEN, Json, Play, keyboard
from tests.sandbox.test_files import Part, download, ogg, upload
from tests.sandbox.test_requests import png

VOICE: Part = ("a.ogg", ogg(7), "audio/ogg")


def wav(seconds: float = 1.0, rate: int = 16_000, channels: int = 1) -> bytes:
    """A tone, on the first channel only."""
    out = io.BytesIO()
    samples = np.zeros((int(seconds * rate), channels))
    samples[:, 0] = np.sin(np.arange(len(samples)) * 2 * np.pi * 440 / rate)
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 12_000).astype("<i2").tobytes())
    return out.getvalue()


def note(seconds: float = 1.0) -> bytes:
    """The same as OGG/Opus."""
    out = io.BytesIO()
    samples, rate = soundfile.read(io.BytesIO(wav(seconds)))
    soundfile.write(out, samples, rate, format="OGG", subtype="OPUS")
    return out.getvalue()


async def test_a_voice_message_has_all_that_a_message_can_have(play: Play) -> None:
    person = await play.person()
    asked = (await play.messages(person))[-1]["message_id"]
    sent = await upload(
        play,
        "sendVoice",
        person,
        voice=VOICE,
        caption="<b>Say</b> it",
        parse_mode="HTML",
        protect_content="true",
        reply_parameters=f'{{"message_id": {asked}}}',
        reply_markup='{"inline_keyboard": [[{"text": "Done", "callback_data": "d"}]]}',
        show_caption_above_media="true",
    )
    voice = sent["voice"]
    assert (voice["duration"], voice["mime_type"], voice["file_size"]) == (7, "audio/ogg", len(VOICE[1]))
    assert "file_name" not in voice
    assert (sent["caption"], sent["caption_entities"]) == ("Say it", [{"type": "bold", "offset": 0, "length": 3}])
    assert sent["has_protected_content"]
    assert sent["reply_to_message"]["message_id"] == asked
    assert "show_caption_above_media" not in sent
    shown = (await play.messages(person))[-1]
    assert (shown["html"], shown["voice"]["duration"], shown["reply_to"]) == ("<b>Say</b> it", 7, asked)
    assert shown["buttons"] == [[{"label": "Done", "data": "d"}]]
    refusal = await play.refused(
        "sendVoice", chat_id=person, voice=voice["file_id"], reply_parameters={"message_id": 99}
    )
    assert refusal == "400 Bad Request: message to be replied not found"


async def test_a_voice_message_is_sent_again_by_its_id(play: Play) -> None:
    person = await play.person()
    first = await upload(play, "sendVoice", person, voice="attach://v", v=VOICE)
    again = await play.ok("sendVoice", chat_id=person, voice=first["voice"]["file_id"], caption="again")
    assert again["voice"] == first["voice"]
    copied = await play.ok("copyMessage", chat_id=person, from_chat_id=person, message_id=again["message_id"])
    assert copied["message_id"] > again["message_id"]
    assert (await play.messages(person))[-1]["text"] == "again"
    refusal = await play.refused("sendAudio", chat_id=person, audio=first["voice"]["file_id"])
    assert refusal == "400 Bad Request: type of file mismatch"


async def test_its_caption_and_its_keyboard_can_be_edited(play: Play) -> None:
    person = await play.person()
    sent = await upload(play, "sendVoice", person, voice=VOICE, caption="one")
    message = {"chat_id": person, "message_id": sent["message_id"]}
    edited = await play.ok("editMessageCaption", caption="<i>two</i>", parse_mode="HTML", **message)
    assert (edited["caption"], edited["voice"]) == ("two", sent["voice"])
    assert "is not modified" in await play.refused(
        "editMessageCaption", caption="<i>two</i>", parse_mode="HTML", **message
    )
    edited = await play.ok("editMessageReplyMarkup", reply_markup=keyboard({"A": "a"}), **message)
    assert (edited["caption"], edited["reply_markup"]) == ("two", keyboard({"A": "a"}))
    edited = await play.ok("editMessageCaption", **message)
    assert "caption" not in edited
    assert "reply_markup" not in edited, "a keyboard that is not given again goes"


async def test_it_becomes_neither_a_text_nor_another_file(play: Play) -> None:
    person = await play.person()
    sent = await upload(play, "sendVoice", person, voice=VOICE, caption="one")
    photo = await upload(play, "sendPhoto", person, photo=("a.png", png(), "image/png"))
    message = {"chat_id": person, "message_id": sent["message_id"]}
    refusal = await play.refused("editMessageText", text="x", **message)
    assert refusal == "400 Bad Request: there is no text in the message to edit"
    media = {"type": "photo", "media": photo["photo"][-1]["file_id"]}
    refusal = await play.refused("editMessageMedia", media=media, **message)
    assert refusal == "400 Bad Request: there is no media in the message to edit"
    voice = {"type": "voice", "media": sent["voice"]["file_id"]}
    refusal = await play.refused("editMessageMedia", media=voice, chat_id=person, message_id=photo["message_id"])
    assert refusal.startswith("400 Bad Request: can't parse InputMedia:"), "and nothing becomes a voice message"
    assert (await play.messages(person))[-2]["text"] == "one"


async def test_a_text_can_become_a_photo(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="x")
    edited = await upload(
        play,
        "editMessageMedia",
        person,
        message_id=str(sent["message_id"]),
        media='{"type": "photo", "media": "attach://p"}',
        p=("a.png", png(), "image/png"),
    )
    assert "photo" in edited
    assert "text" not in edited


@pytest.mark.parametrize(
    ("part", "mime_type", "ending"),
    [
        (("blob", ogg(2), "audio/ogg;codecs=opus"), "audio/ogg", "oga"),
        (("v.ogg", ogg(2), "application/octet-stream"), "audio/ogg", "oga"),
        (("v.mp3", b"ID3" + bytes(50), "audio/mpeg"), "audio/mpeg", "mp3"),
        (("v.m4a", bytes(4) + b"ftypM4A " + bytes(50), "audio/x-m4a"), "audio/mp4", "m4a"),
    ],
)
async def test_a_persons_voice_message_is_downloaded_as_it_was_sent(
    play: Play, part: Part, mime_type: str, ending: str
) -> None:
    person = await play.person()
    response = await play.http.post(f"{play.base_url}/sandbox/users/{person}/messages", files={"voice": part})
    assert response.status_code == 201
    (update,) = await play.updates()
    voice: Json = update["message"]["voice"]
    assert (voice["mime_type"], voice["file_size"]) == (mime_type, len(part[1]))
    file = await play.ok("getFile", file_id=voice["file_id"])
    assert file["file_path"].startswith("voice/file_")
    assert file["file_path"].endswith(f".{ending}")
    assert await download(play, voice["file_id"], TOKEN) == part[1]


async def send_voice(play: Play, person: int, content: bytes, **fields: str) -> httpx.Response:
    url = f"{play.base_url}/sandbox/users/{person}/messages"
    return await play.http.post(url, files={"voice": ("voice.wav", content, "audio/wav")}, data=fields)


@pytest.mark.parametrize(
    ("rate", "channels", "becomes"), [(8_000, 1, 24_000), (24_000, 2, 24_000), (44_100, 2, 48_000), (48_000, 1, 48_000)]
)
async def test_a_wav_becomes_what_a_real_phone_sends(play: Play, rate: int, channels: int, becomes: int) -> None:
    person = await play.person()
    sent = await send_voice(play, person, wav(1.6, rate, channels), caption="look", duration="77")
    assert sent.status_code == 201
    (update,) = await play.updates()
    voice = update["message"]["voice"]
    assert (voice["duration"], voice["mime_type"], update["message"]["caption"]) == (2, "audio/ogg", "look")
    content = await download(play, voice["file_id"])
    about = soundfile.info(io.BytesIO(content))
    assert (about.format, about.subtype, about.channels, about.samplerate) == ("OGG", "OPUS", 1, becomes)
    samples, _ = soundfile.read(io.BytesIO(content))
    assert len(samples) / becomes == pytest.approx(1.6, abs=0.05)
    spectrum = np.abs(np.fft.rfft(samples))
    assert spectrum.argmax() * becomes / len(samples) == pytest.approx(440, abs=2), "at the same pitch"
    traffic = await play.traffic(person)
    assert len(content) < traffic["up_bytes"] < len(content) + 500, "a phone pays for what it sends"
    assert traffic["media_bytes"] == 0


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (wav()[:30], "cannot be read"),
        (wav()[:12] + b"\xff" * 400, "cannot be read"),
        (wav(0.0), "holds no sound"),
        (wav(0.1, 4_000), "8000 to 192000 samples a second, and this one has 4000"),
    ],
)
async def test_a_damaged_wav_is_refused_with_what_is_wrong(play: Play, content: bytes, complaint: str) -> None:
    person = await play.person()
    response = await send_voice(play, person, content)
    assert (response.status_code, complaint in response.json()["error"]) == (400, True), response.text
    assert await play.updates() == []


async def test_what_an_offline_phone_sends_costs_nothing_to_look_at(play: Play) -> None:
    person = await play.person()
    await play.link(person, online=False)
    await send_voice(play, person, wav())
    shown = (await play.messages(person))[-1]
    assert shown["pending"]
    await play.http.get(f"{play.base_url}{shown['voice']['url']}", params={"user_id": person})
    assert (await play.traffic(person))["media_bytes"] == 0


def test_a_sandbox_without_voices_does_not_load_what_makes_them() -> None:
    told = "import sys, sandbox.server; sys.exit('soundfile' in sys.modules or 'soxr' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
