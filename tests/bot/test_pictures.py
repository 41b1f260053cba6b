"""Tasks with pictures: small first, whole on a tap, sent to the network once, and never in the way of a text."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from crowd.batches.posting import Posted
from crowd.exports.base import value_text
from tests.bot.chat import Chat, Person, own_language
from tests.kinds.samples.grid import SAMPLE
from tests.requester.scene import posted

MARK = r"c:\d+:\d+:{}\+"
SEND = r"ok:.*"


def _folder(folder: Path, numbers: range) -> Path:
    folder.mkdir(parents=True)
    SAMPLE.put_files(folder, numbers)
    return folder


async def batch_of(chat: Chat, language: str, pictures: int = 3, *, same: bool = False, **changed: Any) -> Posted:
    """Post a batch of pictures that nobody has seen before."""
    number = next(chat.numbers)
    numbers = range(100 * number, 100 * number + pictures)
    folder = _folder(chat.folder / f"pictures{number}", numbers)
    spec = {
        "name": f"Spots {number}", "kind": "grid", "language": language, "items": "items.csv",
        "currency": "USD", "price": "0.02", "instructions": {"en": "Mark the spots."},
        "overlap": {"least": 1, "most": 1}, **SAMPLE.fields(), **changed,
    }  # fmt: skip
    (folder / "batch.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
    first = numbers[0]
    rows = [f"{each},{SAMPLE.item(first if same else each)['picture']},{SAMPLE.item(each)['text']}" for each in numbers]
    (folder / "items.csv").write_text("\n".join(["id,picture,text", *rows]) + "\n", encoding="utf-8")
    return await posted(chat.database, folder / "batch.yaml")


async def begun(chat: Chat, pictures: int = 3, **changed: Any) -> Person:
    """Somebody with the first task of a batch of pictures in hands."""
    language = own_language()
    batch = await batch_of(chat, language, pictures, **changed)
    person = await chat.worker(language)
    await person.begin(batch)
    return person


async def newest(person: Person) -> dict[str, Any]:
    """The newest message, as the phone has it."""
    found: dict[str, Any] = [one for one in (await person.shown())["messages"] if one["from_bot"]][-1]
    return found


async def picture_of(chat: Chat, person: Person) -> Image.Image:
    """What the phone shows, with its bytes in `info`."""
    file_id = (await newest(person))["photo"]["file_id"]
    response = await chat.http.get(f"{chat.base_url}/sandbox/files/{file_id}")
    assert response.is_success, response.text
    image = Image.open(io.BytesIO(response.content))
    image.info["bytes"] = len(response.content)
    return image


async def media_bytes(chat: Chat, person: Person) -> int:
    """Bytes of pictures since it was last asked."""
    traffic = await chat.control("GET", f"/users/{person.id}/traffic")
    await chat.control("DELETE", f"/users/{person.id}/traffic")
    found: int = traffic["media_bytes"]
    return found


async def value(chat: Chat, person: Person) -> Any:
    return await chat.value(
        "SELECT value FROM answer a JOIN worker w ON w.id = a.worker_id WHERE w.person_id = $1 ORDER BY a.id DESC",
        person.id,
    )


async def test_cells_are_marked_below_the_picture_and_it_stays_one_message(chat: Chat) -> None:
    person = await begun(chat)
    screen = await person.screen()
    assert "Where are red spots?" in screen.text
    assert [len(row) for row in screen.rows[:3]] == [3, 3, 3]
    message_id = screen.message_id
    await person.tap(MARK.format(0))
    screen = await person.tap(MARK.format(4))
    assert "A1 B2" in screen.text
    screen = await person.tap(SEND)
    assert "+$0.02" in screen.text
    assert await value(chat, person) == ["A1", "B2"]
    screen = await person.tap(SEND)
    assert await value(chat, person) == []
    assert screen.message_id == message_id
    assert len(await person.screens()) == 2  # the list of work, which became the task, and nothing else


async def test_the_first_view_is_small_and_the_larger_one_a_tap_away(chat: Chat) -> None:
    person = await begun(chat)
    first = await picture_of(chat, person)
    assert first.info["bytes"] <= 40_000
    assert first.size == (240, 240)
    assert not first.getexif()
    before = (await newest(person))["photo"]["file_id"]
    screen = await person.tap(r"v:\d+:100")
    assert (await newest(person))["photo"]["file_id"] != before
    screen = await person.tap(MARK.format(2))
    assert screen.has(r"v:\d+:0")  # one who marks stays with the larger picture
    await person.tap(r"v:\d+:0")
    assert (await newest(person))["photo"]["file_id"] == before


async def test_a_picture_goes_to_the_network_once_and_to_a_phone_once(chat: Chat) -> None:
    language = own_language()
    batch = await batch_of(chat, language, 1, overlap={"least": 2, "most": 2})
    for uploads in (1, 0):
        person = await chat.worker(language)
        await media_bytes(chat, person)
        before = len(await sent_files(chat))
        await person.begin(batch)
        assert len(await sent_files(chat)) - before == uploads
        assert await media_bytes(chat, person) > 0
        await person.tap(MARK.format(1))
        await person.tap(r"s:\d+")
        await person.tap(r"b:\d+")
        assert await media_bytes(chat, person) == 0
        assert len(await chat.calls_to(person, "editMessageCaption")) == 3  # a picture that stays does not flicker


async def test_a_picture_that_many_see_at_once_goes_to_the_network_once(chat: Chat) -> None:
    language = own_language()
    batch = await batch_of(chat, language, 20, same=True)
    people = [await chat.worker(language) for _ in range(5)]
    before = len(await sent_files(chat))
    await asyncio.gather(*(person.begin(batch) for person in people))
    assert len(await sent_files(chat)) - before == 1
    for person in people:
        assert (await newest(person))["photo"]


async def sent_files(chat: Chat) -> list[Any]:
    """Calls that carried a picture's bytes."""
    calls = [*await chat.calls("sendPhoto"), *await chat.calls("editMessageMedia")]
    return [call for call in calls if "attach://" in str(call["parameters"])]


async def test_a_name_that_the_network_forgot_is_sent_anew(chat: Chat) -> None:
    language = own_language()
    batch = await batch_of(chat, language, 1, overlap={"least": 2, "most": 2})
    person = await chat.worker(language)
    await person.begin(batch)
    await chat.fault(
        "editMessageMedia", 400, description="Bad Request: wrong remote file identifier specified", times=1
    )
    person = await chat.worker(language)
    before = len(await sent_files(chat))
    await person.begin(batch)
    assert len(await sent_files(chat)) - before == 1
    assert (await newest(person))["photo"]


async def test_a_text_after_a_picture_takes_its_place(chat: Chat) -> None:
    person = await begun(chat, 1)
    picture = await person.screen()
    screen = await person.tap(SEND)
    assert "+$0.02" in screen.text
    shown = (await person.shown())["messages"]
    assert picture.message_id not in [one["message_id"] for one in shown]
    assert not [one for one in shown if one.get("photo")]


async def test_a_protected_batch_cannot_be_forwarded_and_a_veiled_one_is_veiled(chat: Chat) -> None:
    person = await begun(chat, protected=True, spoiler=True)
    first = await person.screen()
    assert (await newest(person))["spoiler"]
    sent = await chat.calls_to(person, "sendPhoto")
    assert sent[-1]["parameters"]["protect_content"] in {True, "true"}
    await person.tap(SEND)
    assert (await person.screen()).message_id == first.message_id  # what is protected already stays


async def test_a_picture_that_is_gone_is_said_to_be_and_loses_nothing(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(name: str) -> bytes:
        raise FileNotFoundError(name)

    get = chat.database.files.get
    monkeypatch.setattr(chat.database.files, "get", away)
    person = await begun(chat)
    screen = await person.screen()
    assert "cannot be shown just now" in screen.text
    assert screen.has(r"s:\d+")
    monkeypatch.setattr(chat.database.files, "get", get)
    await person.tap(r"b:\d+")
    assert (await newest(person))["photo"]


async def test_practice_shows_the_picture_with_what_was_right(chat: Chat) -> None:
    language = own_language()
    batch = await batch_of(chat, language, 2)
    await chat.run(
        "INSERT INTO practice_task (batch_id, place, key, payload, gold)"
        " SELECT batch_id, 1, 'p', payload, $2 FROM task WHERE batch_id = $1 LIMIT 1",
        batch.batch_id, {"value": ["B2"], "explanation": {"en": "It is in the middle."}},
    )  # fmt: skip
    person = await chat.worker(language)
    await person.begin(batch)
    await person.tap(r"po:\d+")
    assert (await newest(person))["photo"]
    await person.tap(r"pc:\d+:1:0:4\+")
    screen = await person.tap(r"pok:.*")
    assert "Right: B2" in screen.text
    assert "It is in the middle." in screen.text
    assert (await newest(person))["photo"]
    assert value_text(["B2"]) == '["B2"]'
