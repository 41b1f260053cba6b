"""What a session costs a phone, and that every call is as the Bot API says."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.kinds import FIRST_BYTES, variants
from tests.bot.chat import Chat, own_language
from tests.bot_api_schema import needs_schema, violations
from tests.kinds.sample import Sample, write_batch
from tests.requester.scene import posted

TASKS = 50
MOST_BYTES = 450
MOST_BYTES_IN_A_PACK = 120
OPTIONS = [
    {"value": value, "label": {"sw": label}}
    for value, label in (("pos", "Chanya 🙂"), ("neu", "Wastani 😐"), ("neg", "Hasi 🙁"))
]


async def test_fifty_tasks_are_one_message_and_few_bytes(chat: Chat) -> None:
    language = own_language()
    items = [f"Sentence number {one} of a session that is counted, {'x' * one}" for one in range(TASKS + 1)]
    batch = await chat.batch(language, items, options=OPTIONS)
    person = await chat.worker(language, locale="sw")
    await person.begin(batch)
    await chat.control("DELETE", f"/users/{person.id}/traffic")
    own = 0
    for _ in range(TASKS):
        screen = await person.tap(r"a:\d+:1")
        own += len(next(line for line in screen.text.split("\n") if line.startswith("Sentence")).encode())
    await person.settled()
    traffic = await chat.control("GET", f"/users/{person.id}/traffic")
    help_bytes = 1500  # the message that settled() asks for
    assert traffic["messages"] == 1  # the help
    assert traffic["edits"] == TASKS
    assert (traffic["down_bytes"] - help_bytes - own) / TASKS <= MOST_BYTES


@pytest.mark.parametrize("locale", ["en", "sw", "ar"])
@pytest.mark.parametrize("size", [10, 25])
async def test_a_task_of_a_pack_costs_a_quarter_of_what_it_costs_by_taps(chat: Chat, size: int, locale: str) -> None:
    language = own_language()
    items = [f"Sentence number {one} of a pack that is counted, {'x' * one}" for one in range(2 * size)]
    await chat.batch(language, items, options=OPTIONS)
    person = await chat.worker(language, locale=locale)
    await person.tap(rf"kt:\d+:{size}", await person.say("/pack"))
    await person.say(" ".join(f"{number}a" for number in range(1, size + 1)))
    await chat.control("DELETE", f"/users/{person.id}/traffic")
    pack = await person.say("/pack")  # as the one before
    shown = [line for line in pack.text.split("\n") if "Sentence" in line]
    assert len(shown) == size
    own = sum(len(line[line.index("Sentence") :].encode()) for line in shown)
    await person.say(" ".join(f"{number}a" for number in range(size + 1, 2 * size + 1)))
    traffic = await chat.control("GET", f"/users/{person.id}/traffic")
    assert (traffic["down_bytes"] - own) / size <= MOST_BYTES_IN_A_PACK


@pytest.mark.parametrize("sample", [kind for kind, pictures in variants() if pictures], ids=lambda kind: kind.name)
async def test_the_first_view_of_any_picture_is_small_and_costs_nothing_when_it_was_seen(
    sample: Sample, chat: Chat, tmp_path: Path
) -> None:
    language, folder = own_language(), tmp_path / "batch"
    folder.mkdir()
    grains = np.random.default_rng(0).integers(0, 256, (1500, 2000, 3), dtype=np.uint8)  # nothing is larger as a JPEG
    Image.fromarray(grains).save(folder / "grains.png")
    path = write_batch(
        folder, sample, tasks=2, golds=0, practice=0, cells=lambda _: {"picture": "grains.png"}, language=language
    )
    batch = await posted(chat.database, path)
    person = await chat.worker(language)
    media = [await media_since(chat, person.id)]
    await person.begin(batch)
    media.append(await media_since(chat, person.id))
    for taps in ((r"m:\d+", r"b:\d+"), (r"s:\d+", r"s:\d+:hard")):
        for tap in taps:
            screen = await person.tap(tap)
        assert screen.has(r"s:\d+"), "a task is shown again, or the other one"
        media.append(await media_since(chat, person.id))
    assert media[0] == 0
    assert 10_000 < media[1] <= FIRST_BYTES
    assert media[2:] == [0, 0]


async def media_since(chat: Chat, person: int) -> int:
    """Bytes of pictures since it was last asked."""
    traffic = await chat.control("GET", f"/users/{person}/traffic")
    await chat.control("DELETE", f"/users/{person}/traffic")
    found: int = traffic["media_bytes"]
    return found


@needs_schema
async def test_every_call_of_a_session_is_as_the_bot_api_says(chat: Chat) -> None:
    language = own_language()
    choice, text = await chat.batch(language, 8), await chat.text_batch(language, 3)
    person = await chat.person("ar")
    await person.say("/start")
    for wanted in ("agree", f"lang:{language}", f"level:{language}:native", "langs:done"):
        await person.tap(wanted)
    await person.say("Egypt")
    await person.tap("place:ok")
    await person.tap(f"w:{choice.batch_id}")
    await person.tap("go:.*")
    for letter in ("a:.*:0", "u:.*", "m:.*", "b:.*", r"s:\d+", "s:.*:hard", "m:.*", r"r:\d+", "r:.*:other"):
        await person.tap(letter)
    await person.finger(r"a:\d+:0", repeat=2)
    await person.settled()
    for said in ("/earnings", "/language", "/languages", "/help", "/work"):
        await person.say(said)
    await person.tap(r"m:\d+")
    await person.tap("break")
    await person.tap(f"w:{choice.batch_id}")
    for _ in range(10):
        if not (await person.screen()).has(r"a:\d+:0"):
            break
        await person.tap(r"a:\d+:0")
    await person.say("/work")
    await person.tap(f"w:{text.batch_id}")
    await person.tap("go:.*")
    await person.say("كلمات")
    await person.tap("ok:.*")
    await person.say("/stop")
    await person.tap("return")
    wrong = [f"{call['method']}: {what}" for call in await chat.calls() for what in violations(call)]
    assert wrong == []
    assert len(await chat.calls()) > 60
