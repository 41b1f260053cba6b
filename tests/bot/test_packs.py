"""Packs in the chat: many tasks in one message, answered in writing, at once or in parts, with or without a link."""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.i18n.tongue import tongue
from bot.tasks import face_of
from crowd.media.picture import FULL_BYTES, FULL_SIDE
from crowd.media.sheet import contact_sheet
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.kinds.sample import Sample, samples, spec_of, write_batch
from tests.requester.scene import Item, posted

TEN = [f"sentence number {one}" for one in range(30)]


async def pack_of(person: Person, size: int = 10) -> Screen:
    """A pack of the one batch there is."""
    screen = await person.say("/pack")
    return await person.tap(rf"kt:\d+:{size}", screen)


async def keys(person: Person) -> list[list[str]]:
    """What stands in the place of the phone's keyboard."""
    found: list[list[str]] = (await person.shown())["reply_keyboard"]
    return found


def numbers(screen: Screen) -> list[int]:
    return [int(found) for found in re.findall(r"^\W*(\d+)\. ", screen.text, re.MULTILINE)]


async def test_a_pack_is_answered_in_writing_and_by_keys_and_its_summary_says_what_was_read(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, TEN, dont_know=True)
    person = await chat.worker(language)
    pack = await pack_of(person)
    assert numbers(pack) == list(range(1, 11))
    assert (await keys(person))[2] == ["3A", "3B", "3C", "3?"]
    summary = await person.say("1a 2-B, 3?")
    assert "1A 2B 3?" in summary.text
    assert "Still open: 4 5 6 7 8 9 10" in summary.text
    assert await person.answers() == 3
    by_key = await person.say("4C")
    assert "4C" in by_key.text
    again = await person.say("4a 5a")
    assert "counted once: 4" in again.text
    assert "5A" in again.text
    assert await person.answers() == 5
    unclear = await person.say("6a 7 8ab 99c hello")
    assert await person.answers() == 6
    assert "not counted: 7 8 ab and 99 c hello." in unclear.text
    assert await keys(person), "they stay until all is done"
    done = await person.say("7a\n8b\n9c\n10a")
    assert await person.answers() == 10
    assert "All of it is done" in done.text
    assert not await keys(person)
    more = await person.say("/pack 5")
    assert numbers(more) == [11, 12, 13, 14, 15], "so that none is taken for one of before"
    assert "Answer by number" in pack.text
    assert "Answer by number" not in more.text, "it is known by now"
    assert "waits for: 11 12 13 14 15" in (await person.say("/pack")).text
    await person.say("11a 12a 13a 14a 15a")
    assert numbers(await person.say("/pack")) == [16, 17, 18, 19, 20], "as the one before"
    assert (await person.say("/packs")).has(r"kt:\d+:25")


async def test_a_pack_can_be_seen_again_and_given_back(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, TEN)
    person = await chat.worker(language)
    await pack_of(person, 5)
    await person.say("2a")
    waiting = await person.say("/pack")
    assert "1 3 4 5" in waiting.text
    again = await person.tap(r"ka:\d+", waiting)
    assert numbers(again) == [1, 3, 4, 5]
    screen = await person.tap(r"kr:\d+", waiting)
    assert "4 tasks were given back" in screen.text
    assert not await keys(person)
    assert await chat.value("SELECT count(*) FROM lease l JOIN worker w ON w.id = l.worker_id WHERE person_id = $1",
                            person.id) == 0  # fmt: skip
    late = await person.say("1a")
    assert "1 task was given back. (1)" in late.text
    assert await person.answers() == 1


async def test_the_list_of_work_leads_to_packs(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, TEN)
    person = await chat.worker(language)
    sizes = await person.tap("kp", await person.say("/work"))
    await person.tap(r"kt:\d+:5", sizes)
    waiting = await person.tap("kp", await person.say("/work"))
    assert "waits for: 1 2 3 4 5" in waiting.text


async def test_taking_a_pack_twice_takes_it_once(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, TEN)
    person = await chat.worker(language)
    screen = await person.say("/pack")
    await person.tap(r"kt:\d+:5", screen)
    again = await person.tap(r"kt:\d+:25", screen)
    assert "waits for: 1 2 3 4 5" in again.text
    packs = "SELECT count(*) FROM pack p JOIN worker w ON w.id = worker_id WHERE person_id = $1"
    assert await chat.value(packs, person.id) == 1


async def test_letters_and_digits_of_ones_own_script_are_read(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, TEN)
    person = await chat.worker(language, locale="ar")
    pack = await pack_of(person, 5)
    assert "أ = " in pack.text
    assert (await keys(person))[0] == ["1أ", "1ب", "1ج", "1?"]
    await person.say("١ أ، ٢ ب ٣ج")
    assert await person.answers() == 3
    await person.say("4a")
    assert await person.answers() == 4


@pytest.mark.parametrize("kind", ["rating", "choices"])
async def test_other_kinds_are_answered_by_letters_too(kind: str, chat: Chat) -> None:
    language = own_language()
    options = [{"value": value, "label": {"en": value}} for value in ("red", "green", "blue")]
    of_kinds: dict[str, dict[str, Any]] = {
        "rating": {"options": None, "ends": {"low": {"en": "bad"}, "high": {"en": "good"}}},
        "choices": {"options": options},
    }
    changed = of_kinds[kind]
    await chat.batch(language, TEN, kind=kind, **changed)
    person = await chat.worker(language)
    await pack_of(person, 5)
    said = {"rating": "1a 2e 3c 4z", "choices": "1ac 2b 3d 4ad"}[kind]
    summary = await person.say(said)
    assert "4" in summary.text
    values: dict[str, list[Any]] = {"rating": [1, 5, 3], "choices": [["red", "blue"], ["green"], []]}
    assert await said_by(person) == dict(zip([1, 2, 3], values[kind], strict=True))


async def said_by(person: Person) -> dict[int, Any]:
    """What is recorded of a person, by the numbers of tasks."""
    found = await person.chat.value(
        "SELECT jsonb_object_agg(k.number, a.value) FROM packed k JOIN answer a ON a.id = k.lease_id "
        "JOIN worker w ON w.id = a.worker_id WHERE person_id = $1",
        person.id,
    )
    return {int(number): value for number, value in found.items()}


async def test_of_two_the_letters_name_what_stands_first_and_second_in_the_pack(chat: Chat, tmp_path: Path) -> None:
    language = own_language()
    sample = next(each for each in samples() if each.name == "compare")
    await posted(chat.database, write_batch(tmp_path, sample, tasks=20, golds=0, practice=0, language=language))
    person = await chat.worker(language)
    pack = await pack_of(person)
    first_is_a = {
        int(number): found == "this" for number, found in re.findall(r"(\d+)\. .*\n.*?(this|that) of", pack.text)
    }
    assert set(first_is_a.values()) == {True, False}, "in an order of its own for each"
    await person.say(" ".join(f"{number}a" for number in first_is_a))
    assert await said_by(person) == {number: "a++" if first else "b++" for number, first in first_is_a.items()}


@pytest.mark.parametrize("sample", samples(), ids=lambda kind: kind.name)
async def test_each_kind_that_is_done_in_packs_fits_one_message(sample: Sample, chat: Chat, tmp_path: Path) -> None:
    """Whatever is answered there is what a worker could have said one by one."""
    language = own_language()
    await posted(chat.database, write_batch(tmp_path, sample, tasks=30, golds=0, practice=0, language=language))
    person = await chat.worker(language)
    offered = await person.say("/pack")
    face = face_of(sample.name)
    if not offered.has(r"kt:\d+:25"):
        assert "no work in packs" in offered.text
        assert face.lettered(spec_of(sample, sample.fields()), tongue("en")) is None
        return
    pack = await person.tap(r"kt:\d+:25", offered)
    assert 5 <= len(numbers(pack)) <= 25
    letter = ". words of it that are many" if face.in_writing else "a"
    done = await person.say("\n".join(f"{number}{letter}" for number in numbers(pack)))
    assert "All of it is done" in done.text, done.text
    assert await person.answers() == len(numbers(pack))


async def test_texts_are_written_behind_their_numbers(chat: Chat) -> None:
    language = own_language()
    await chat.text_batch(language, TEN)
    person = await chat.worker(language)
    pack = await pack_of(person, 5)
    assert numbers(pack) == [1, 2, 3, 4, 5]
    assert not await keys(person)
    summary = await person.say("1. a first answer\n2) another\nin two lines\n7. of none\n4: the fourth")
    assert await person.answers() == 2, "the second may or may not end in “7. of none”"
    assert "in two lines" in summary.text
    await person.say("2 another\nin two lines")
    assert await person.answers() == 3
    assert (await said_by(person))[2] == "another\nin two lines"


async def test_a_task_in_hands_that_is_answered_in_writing_is_not_mixed_up_with_a_pack(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, TEN)
    text = await chat.text_batch(language, 3)
    person = await chat.worker(language)
    screen = await person.say("/pack")
    if screen.has(r"k:\d+"):
        screen = await person.tap(
            next(data for data in screen.data if data.startswith("k:") and str(text.batch_id) not in data), screen
        )
    await person.tap(r"kt:\d+:5")
    await person.begin(text)
    echo = await person.say("a text with 1 number in it")
    assert "You wrote" in echo.text
    summary = await person.say("1a 2b")
    assert "1A 2B" in summary.text
    assert await person.answers() == 2
    assert "You wrote" in (await person.say("1a 2b")).text, "that was said, so it is for the task in hands"


async def test_what_a_check_teaches_stands_in_the_summary(chat: Chat) -> None:
    language = own_language()
    golds = [Item(f"g{at}", f"gold {at}", "good") for at in range(20)]
    await chat.batch(language, [*[Item(f"t{at}", f"text {at}") for at in range(20)], *golds])
    person = await chat.worker(language)
    pack = await pack_of(person, 10)
    told = [number for number in numbers(pack) if f"{number}. gold" in pack.text]
    assert told, "the first tasks are mostly checks"
    summary = await person.say(" ".join(f"{number}c" for number in numbers(pack)))
    for number in told:
        assert f"{number}: 💡 That one was a practice check. The right answer: Good" in summary.text
    assert len(numbers(pack)) == 10


async def test_where_nothing_waits_a_message_is_no_answer_to_a_pack(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, TEN)
    person = await chat.worker(language)
    screen = await person.say("1a 2b")
    assert "Tap one of the buttons" in screen.text or "No task is waiting" in screen.text
    await pack_of(person, 5)
    await person.say("1a 2a 3a 4a 5a")
    screen = await person.say("thank you")
    assert "No task is waiting" in screen.text


async def test_pictures_come_as_one_contact_sheet_with_their_numbers(chat: Chat, tmp_path: Path) -> None:
    language = own_language()
    for number in range(12):
        Image.new("RGB", (600, 400), (20 * number, 100, 200 - 10 * number)).save(tmp_path / f"p{number}.png")
    sample = next(each for each in samples() if each.name == "choice")
    path = write_batch(
        tmp_path, sample, tasks=12, golds=0, practice=0, language=language,
        cells=lambda number: {"picture": f"p{number}.png", "text": f"words {number}" if number % 2 else ""},
    )  # fmt: skip
    await posted(chat.database, path)
    person = await chat.worker(language)
    screen = await pack_of(person)
    (sent,) = await chat.calls_to(person, "sendPhoto")
    assert sent["method"].lower() == "sendphoto"
    traffic = await chat.control("GET", f"/users/{person.id}/traffic")
    assert 1000 < traffic["media_bytes"] <= FULL_BYTES
    assert {int(number) for number in re.findall(r"(\d+)\. words", screen.text)} <= set(range(1, 11))
    assert [row[0][:-1] for row in await keys(person)] == [str(number) for number in range(1, 11)]
    await person.say(" ".join(f"{number}a" for number in range(1, 10)))
    again = await person.tap(r"ka:\d+", await person.say("/pack"))
    assert len(await chat.calls_to(person, "sendPhoto")) == 2
    assert [row[0][:-1] for row in await keys(person)] == ["10"], again.text
    await person.say("10b")
    assert await person.answers() == 10


@pytest.mark.unit
def test_a_contact_sheet_of_any_number_is_within_its_bytes() -> None:
    grains = np.random.default_rng(0).integers(0, 256, (800, 1200, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(grains).save(out, "JPEG")
    for number in (1, 2, 5, 17, 25):
        sheet = contact_sheet([(str(at), out.getvalue()) for at in range(number)])
        with Image.open(io.BytesIO(sheet)) as opened:
            assert max(opened.size) <= FULL_SIDE
        assert len(sheet) <= FULL_BYTES
