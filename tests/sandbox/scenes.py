"""Scenes between a bot and a person, which every client must be able to play."""

import pytest

from tests.sandbox.clients import Client, Refusal
from tests.sandbox.conftest import Play
from tests.sandbox.test_files import ogg
from tests.sandbox.test_requests import png


async def introduction(client: Client, play: Play) -> None:
    """The bot says who it is."""
    assert await client.me() == "first_bot"
    commands = {"start": "Anza", "help": "Msaada"}
    assert await client.introduce(commands, "Kazi kwa simu", "sw") == commands
    person = await play.person("sw")
    seen = await play.control("GET", "/bot", params={"user_id": person})
    assert seen["description"] == "Kazi kwa simu"
    assert await client.webhook_url() == ""


async def question(client: Client, play: Play) -> None:
    """A person writes, gets a question, taps, and sees the answer and the next question."""
    person = await play.person("sw")
    await play.say(person, "Habari")
    (event,) = await client.updates(0)
    assert event.text == "Habari"
    message_id = await client.send(person, "<b>Ndiyo</b> &amp; <i>hapana</i>?", {"Ndiyo": "y", "Hapana": "n"})
    shown = (await play.messages(person))[-1]
    assert shown["html"] == "<b>Ndiyo</b> &amp; <i>hapana</i>?"
    assert shown["buttons"] == [[{"label": "Ndiyo", "data": "y"}, {"label": "Hapana", "data": "n"}]]
    tapping = play.begin_tap(person, message_id, label="Hapana")
    (tap,) = await client.updates(event.update_id + 1)
    assert tap.data == "n"
    assert tap.query_id
    await client.answer(tap.query_id, "Asante", alert=True)
    result = await tapping
    assert (result["text"], result["alert"]) == ("Asante", True)
    await client.edit(person, message_id, "Swali la <u>pili</u>", {"A": "a"})
    assert (await play.messages(person))[-1]["html"] == "Swali la <u>pili</u>"
    await client.edit(person, message_id, "Mwisho")
    assert (await play.messages(person))[-1]["buttons"] == []
    forwarded = await client.forward(person, message_id)
    await client.delete(person, forwarded)
    assert await client.first_name(person) == "Amina"


async def pictures(client: Client, play: Play) -> None:
    """Photos are uploaded, sent again by id, and downloaded; a voice message comes in."""
    person = await play.person("sw")
    file_id = await client.photo(person, png(400, 300), "moja")
    assert await client.photo(person, file_id, "mbili") == file_id
    assert [message["text"] for message in (await play.messages(person))[-2:]] == ["moja", "mbili"]
    content = await client.download(file_id)
    shown = (await play.messages(person))[-1]["photo"]
    assert len(content) == shown["bytes"]
    assert await client.album(person, [png(10, 10), png(20, 20)]) == 2
    assert await client.download(await client.document(person, b"a,b\n1,2\n", "data.csv")) == b"a,b\n1,2\n"
    url = f"{play.base_url}/sandbox/users/{person}/messages"
    await play.http.post(url, files={"voice": ("v.ogg", ogg(2), "audio/ogg")})
    (event,) = await client.updates(0)
    assert event.file_id
    assert await client.download(event.file_id) == ogg(2)


async def refusals(client: Client, play: Play) -> None:
    """What Telegram refuses reaches the bot in Telegram's words, whatever its client adds to them."""
    person = await play.person("sw")
    message_id = await client.send(person, "x", {"A": "a"})
    for text, call in (
        ("chat not found", client.send(12345, "x")),
        ("message text is empty", client.send(person, "<b> </b>")),
        ("can't parse entities: Can't find end tag corresponding to start tag \"b\"", client.send(person, "<b>x")),
        ("BUTTON_DATA_INVALID", client.send(person, "x", {"A": "x" * 65})),
        ("message is not modified", client.edit(person, message_id, "x", {"A": "a"})),
        ("message to edit not found", client.edit(person, 999, "x")),
        ("message to delete not found", client.delete(person, 999)),
        ("query is too old", client.answer("1", "x")),
        ("wrong file identifier/HTTP URL specified", client.photo(person, "AgACnothing", "x")),
    ):
        with pytest.raises(Refusal) as refused:
            await call
        assert text.lower() in refused.value.text.lower()
    await play.control("PUT", f"/users/{person}/blocked", {"blocked": True})
    with pytest.raises(Refusal) as refused:
        await client.send(person, "x")
    assert "bot was blocked by the user" in refused.value.text


async def patience(client: Client, play: Play) -> None:
    """Told to wait, the client knows for how long."""
    person = await play.person("sw")
    await play.fault("sendMessage", 429, retry_after=3)
    with pytest.raises(Refusal) as refused:
        await client.send(person, "x")
    assert refused.value.retry_after == 3
    await client.send(person, "x")


SCENES = (introduction, question, pictures, refusals, patience)
