"""Spoken instructions in the chat: offered with what they cost, sent on a tap only, and to the network once."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from crowd.batches.posting import Posted
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.media.sounds import voice_note
from tests.requester.scene import Item, batch_file, posted

ITEMS = [Item(f"i{number}", f"sentence {number}") for number in range(5)]
_tones = count(300, 7)


async def spoken_batch(
    chat: Chat, language: str, *locales: str, items: Sequence[Item] = ITEMS, protected: bool = False
) -> Posted:
    """A batch with a sound of its own for each of these; the n-th has n seconds and a half."""
    sounds = {locale: f"{locale}.ogg" for locale in locales}
    told = {"name": "Batch", "seconds": 3, "overlap": {"least": 1, "most": 1}, "protected": protected}
    path = batch_file(chat.folder / language, items, language=language, spoken_instructions=sounds, **told)
    for at, name in enumerate(sounds.values(), 1):
        (path.parent / name).write_bytes(voice_note(ms=1000 * at + 500, hertz=next(_tones)))
    return await posted(chat.database, path)


async def messages(person: Person) -> list[dict[str, Any]]:
    return [one for one in (await person.shown())["messages"] if one["from_bot"]]


async def heard(person: Person, screen: Screen) -> dict[str, Any]:
    """The message that comes when “Listen” is tapped on a screen."""
    await person.tap(r"hear:.*", screen)
    found = (await messages(person))[-1]
    assert found["message_id"] > screen.message_id
    return found


async def looked_at(person: Person, batch: Posted) -> Screen:
    """The instructions, before the batch begins."""
    return await person.tap(f"w:{batch.batch_id}", await person.say("/work"))


async def test_it_is_sent_on_a_tap_as_a_message_of_its_own_and_the_instructions_stay(chat: Chat) -> None:
    language = own_language()
    batch = await spoken_batch(chat, language, "en")
    person = await chat.worker(language)
    screen = await looked_at(person, batch)
    assert "🔊 Spoken: 2 seconds" in screen.text
    (label,) = [label for label in screen.labels if "Listen" in label]
    assert label.startswith("🔊 Listen, ")
    assert label.endswith("kB")
    assert len(label) <= 20
    assert await chat.calls_to(person, "sendVoice") == [], "nothing is sent by itself"
    note = await heard(person, screen)
    assert note["voice"]["duration"] == 2
    assert "Batch" in note["text"]
    assert [one["message_id"] for one in await messages(person)][-2:] == [screen.message_id, note["message_id"]]
    back = await person.tap(f"w:{batch.batch_id}")
    assert "Say what it is." in back.text
    assert (await person.tap(f"go:{batch.batch_id}")).has(r"a:\d+:0")


async def test_tapped_twice_or_by_two_it_goes_to_the_network_once(chat: Chat) -> None:
    language = own_language()
    batch = await spoken_batch(chat, language, "en")
    one, other = await chat.worker(language), await chat.worker(language)
    screen = await looked_at(one, batch)
    first, again = await heard(one, screen), await heard(one, screen)
    assert again["message_id"] > first["message_id"]
    theirs = await heard(other, await looked_at(other, batch))
    assert first["voice"]["file_id"] == again["voice"]["file_id"] == theirs["voice"]["file_id"]
    sent = [*await chat.calls_to(one, "sendVoice"), *await chat.calls_to(other, "sendVoice")]
    assert [call["parameters"]["voice"].startswith("attach:") for call in sent] == [True, False, False]


async def test_from_a_task_it_leads_back_to_the_task(chat: Chat) -> None:
    language = own_language()
    person = await chat.worker(language)
    task = await person.begin(await spoken_batch(chat, language, "en"))
    await person.tap(r"m:\d+")
    screen = await person.tap(r"i:\d+")
    note = await heard(person, screen)
    assert [button["data"] for row in note["buttons"] for button in row] == [f"b:{task.lease_id}"]
    again = await person.tap(r"b:\d+")
    assert again.lease_id == task.lease_id
    assert (await person.tap(r"a:\d+:0")).text.startswith("✓")
    assert await person.answers() == 1


async def test_from_practice_it_leads_back_to_practice(chat: Chat) -> None:
    language = own_language()
    items = [Item("p", "practice", "good", "It is said so.", practice=True), Item("i", "sentence")]
    batch = await spoken_batch(chat, language, "en", items=items)
    person = await chat.worker(language)
    await person.begin(batch)
    screen = await person.tap(f"pi:{batch.batch_id}")
    await heard(person, screen)
    assert "practice task" in (await person.tap(f"p:{batch.batch_id}")).text


async def test_who_reads_another_language_is_told_which_it_is_in(chat: Chat) -> None:
    language = own_language()
    batch = await spoken_batch(chat, language, "sw", "pt-BR")
    stranger = await chat.worker(language, locale="en")
    screen = await looked_at(stranger, batch)
    assert "Spoken in this language: Swahili, 2 seconds" in screen.text
    assert "🌐 Swahili" in (await heard(stranger, screen))["text"]
    brazilian = await chat.worker(language, locale="pt_BR")
    note = await heard(brazilian, await looked_at(brazilian, batch))
    assert note["voice"]["duration"] == 3
    assert "🌐" not in note["text"]


async def test_right_to_left_numbers_keep_their_place_and_pairs_of_marks_are_whole(chat: Chat) -> None:
    language = own_language()
    batch = await spoken_batch(chat, language, "en")
    person = await chat.worker(language, locale="ar")
    screen = await looked_at(person, batch)
    assert screen.has(r"hear:\d+")
    note = await heard(person, screen)
    for text in (screen.text, note["text"], *screen.labels):
        assert text.count("\u2068") == text.count("\u2069")
    assert note["text"].startswith("\u200f📖")
    assert "\u2068Batch" in note["text"]


async def test_a_batch_without_any_offers_none_and_others_cannot_be_asked_for(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    screen = await looked_at(person, batch)
    assert not screen.has(r"hear:.*")
    assert "🔊" not in screen.text
    hidden = await spoken_batch(chat, own_language(), "en")
    theirs = (f"hear:{hidden.batch_id}", f"hear:{hidden.batch_id}:p")
    for data in (f"hear:{batch.batch_id}", *theirs, "hear", "hear:x:p:1"):
        assert (await person.forge(data)).has(f"w:{batch.batch_id}"), data
    assert await chat.calls_to(person, "sendVoice") == []


async def test_a_stale_button_shows_where_its_worker_is(chat: Chat) -> None:
    language = own_language()
    batch = await spoken_batch(chat, language, "en")
    person = await chat.worker(language)
    screen = await looked_at(person, batch)
    await chat.run("UPDATE batch SET state = 'paused' WHERE id = $1", batch.batch_id)
    shown = await person.tap(r"hear:.*", screen)
    assert not shown.has(r"hear:.*")
    assert await chat.calls_to(person, "sendVoice") == []


async def test_a_sound_that_is_gone_is_said_to_be_and_can_be_tried_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(name: str) -> bytes:
        raise FileNotFoundError(name)

    language = own_language()
    batch = await spoken_batch(chat, language, "en", protected=True)
    person = await chat.worker(language)
    screen = await looked_at(person, batch)
    get = chat.database.files.get
    monkeypatch.setattr(chat.database.files, "get", away)
    await person.tap(r"hear:.*", screen)
    sorry = await person.screen()
    assert "cannot be played just now" in sorry.text
    assert sorry.has(f"w:{batch.batch_id}")
    monkeypatch.setattr(chat.database.files, "get", get)
    assert (await heard(person, sorry))["voice"]
    (sent,) = await chat.calls_to(person, "sendVoice")
    assert sent["parameters"]["protect_content"] in {True, "true"}
