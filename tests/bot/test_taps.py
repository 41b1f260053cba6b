"""Taps that come twice, late, from the wrong one, or from nobody's button."""

import asyncio
from typing import Any

import pytest

from bot.incoming import read
from tests.bot.chat import Chat, Person, eventually, own_language
from tests.requester.scene import Item


async def at_work(chat: Chat, tasks: int = 6) -> Person:
    language = own_language()
    batch = await chat.batch(language, tasks)
    person = await chat.worker(language)
    await person.begin(batch)
    return person


async def test_a_tap_that_comes_many_times_counts_once(chat: Chat) -> None:
    person = await at_work(chat)
    told = await person.finger(r"a:\d+:0", repeat=5)
    assert all(one["answered"] for one in told["answers"])
    assert sum("counts once" in (one["text"] or "") for one in told["answers"]) == 4
    screen = await person.settled()
    assert await person.answers() == 1
    assert screen.has(r"a:\d+:0")


@pytest.mark.parametrize("again", [{"repeat": 4}, {"duplicate_update": True}])
async def test_what_was_earned_stays_to_be_read_after_a_double_tap(chat: Chat, again: dict[str, Any]) -> None:
    person = await at_work(chat, 2)
    await person.finger(r"a:\d+:0", **again)
    task = await person.settled()
    assert task.text.startswith("✓ +$0.02 · 1 done\n\nsentence")
    assert task.has(r"a:\d+:0")
    await person.finger(r"a:\d+:0", task, **again)
    await person.settled()
    shown = next(one for one in await person.screens() if one.message_id == task.message_id)
    assert shown.text.startswith("✓ +$0.02 · 2 done\n\n")
    assert "You have done all" in shown.text
    assert await person.answers() == 2


async def test_what_a_check_taught_stays_to_be_read_after_a_double_tap(chat: Chat) -> None:
    language = own_language()
    golds = [Item(f"g{one}", f"gold {one}", "good") for one in range(10)]
    batch = await chat.batch(language, [*golds, *(Item(f"i{one}", f"task {one}") for one in range(40))])
    person = await chat.worker(language)
    screen = await person.begin(batch)
    for _ in range(40):
        taught = screen.text.split("\n\n")[-1].startswith("gold")
        await person.finger(r"a:\d+:1", screen, repeat=3)
        await person.settled()
        screen = next(one for one in await person.screens() if one.message_id == screen.message_id)
        assert ("The right answer: Good" in screen.text) == taught
        if taught:
            return
    raise AssertionError("no gold among 40 tasks")


async def test_an_update_that_comes_twice_counts_once(chat: Chat) -> None:
    person = await at_work(chat)
    for done in range(1, 4):
        await person.finger(r"a:\d+:0", duplicate_update=True)
        await person.settled()
        screen = await person.say("/work")
        assert screen.has(r"a:\d+:0")
        assert await person.answers() == done


async def test_a_tap_on_an_old_message_changes_nothing_and_shows_the_present(chat: Chat) -> None:
    person = await at_work(chat)
    old = await person.screen()
    await person.say("/work")
    await person.tap(r"a:\d+:0")
    now = await person.screen()
    await person.tap(r"m:\d+")
    screen = await person.tap(r"a:\d+:0", old)
    assert person.toast == "✓ Already recorded. It counts once."
    assert screen.message_id == old.message_id
    assert screen.lease_id == now.lease_id
    assert await person.answers() == 1


async def test_every_button_of_every_old_screen_leads_somewhere(chat: Chat) -> None:
    person = await at_work(chat)
    await person.say("/languages")
    await person.say("/language")
    await person.say("/help")
    await person.say("/earnings")
    old = await person.screens()
    for screen in old:
        for data in screen.data:
            if data.startswith(("l:", "level:")):
                continue
            told = await person.finger(data, screen)
            assert told["answered"], data
    await person.settled()
    assert await failures(chat) == 0
    assert (await person.say("/work")).has(r"a:\d+:0")


async def failures(chat: Chat) -> int:
    found: int = await chat.value("SELECT count(*) FROM inbox WHERE failed IS NOT NULL")
    return found


async def test_nobody_answers_anothers_task(chat: Chat) -> None:
    one, other = await at_work(chat), await at_work(chat)
    lease_id = (await one.screen()).lease_id
    for data in (f"a:{lease_id}:0", f"u:{lease_id}", f"s:{lease_id}:hard", f"r:{lease_id}:broken", f"ok:{lease_id}"):
        await other.forge(data)
    assert await one.answers() + await other.answers() == 0
    assert await chat.value("SELECT count(*) FROM lease WHERE id = $1", lease_id) == 1


_HOSTILE = [
    ":",
    "::::",
    "a",
    "a:",
    "a::",
    "a:1",
    "a:-1:0",
    "a:0:0",
    "a:99999999999999999999999999:0",
    "a:999999999999999999:0",
    "a:1:99999999999999999999999999999999999999999999999",
    "a:٣:٣",
    "a:²:²",
    "a:1:0:0:0",
    "ok:1",
    "ok:1:1:1",
    "s:1:nosuch",
    "r:1:",
    "m:x",
    "w:999999999999999999",
    "go:999999999999999999",
    "go:2147483648",
    "go:",
    "i:1",
    "e:999999999999999999",
    "e:-5",
    "lang:",
    "lang:" + "x" * 59,
    "lang:\u202e☃",
    "level:xx:native",
    "level:sw:nosuch",
    "level:" + "y" * 50 + ":none",
    "level:::::",
    "country:ZZ",
    "country:" + "Z" * 56,
    "zone:Mars/Phobos",
    "zone:../../etc/passwd",
    "l:" + "x" * 62,
    "l:☃",
    "l:work:sw",
    "l::",
    "place",
    "langs:x",
    "return",
    "agree",
    "start:☃",
    "nosuch",
    "💥" * 16,
    "\x00\x01",
    "'; DROP TABLE worker; --",
    "<b>",
]


async def test_no_data_of_a_tap_breaks_anything(chat: Chat) -> None:
    before = await failures(chat)
    stranger, newcomer, idle, worker = [await chat.person("en") for _ in range(2)] + [
        await chat.worker(own_language()),
        await at_work(chat),
    ]
    await stranger.say("hi")
    await newcomer.say("/start")
    for person in (stranger, newcomer, idle, worker):
        for data in _HOSTILE:
            assert await forged(person, data), data
        await person.settled()
    assert await failures(chat) == before
    assert (await worker.say("/work")).has(r"a:\d+:0")
    refused = [call for call in await chat.calls() if call["status"] == 400 and "not modified" not in str(call)]
    assert refused == []


async def forged(person: Person, data: str) -> bool:
    message_id = (await person.screen()).message_id
    body = {"message_id": message_id, "data": data, "forged": True}
    told = await person.chat.control("POST", f"/users/{person.id}/taps", body)
    return bool(told["answered"])


async def test_the_screen_comes_anew_when_its_message_was_deleted(chat: Chat) -> None:
    person = await at_work(chat)
    old = await person.screen()
    hold = await chat.calls_to(person, "editMessageText")
    # deleted while the edit is on its way
    await chat.fault("editMessageText", 200, delay_ms=400)
    body = {"message_id": old.message_id, "data": old.find(r"a:\d+:0")}
    tap = asyncio.create_task(chat.control("POST", f"/users/{person.id}/taps", body))

    async def recorded() -> bool:
        return await person.answers() == 1

    await eventually(recorded)
    await chat.control("DELETE", f"/users/{person.id}/messages/{old.message_id}")
    await tap
    screen = await person.until(lambda screen: screen.message_id > old.message_id)
    assert screen.has(r"a:\d+:0")
    assert len(await chat.calls_to(person, "editMessageText")) == len(hold) + 1


async def test_who_deletes_everything_gets_the_task_again(chat: Chat) -> None:
    person = await at_work(chat)
    for message in (await person.shown())["messages"]:
        await chat.control("DELETE", f"/users/{person.id}/messages/{message['message_id']}")
    assert (await person.say("/work")).has(r"a:\d+:0")


async def test_a_screen_that_would_not_change_is_no_failure(chat: Chat) -> None:
    person = await at_work(chat)
    task = await person.say("/work")
    for _ in range(3):
        assert await forged(person, f"b:{task.lease_id}")
    screen = await person.settled()
    assert screen.text == task.text
    assert len([one for one in await person.screens() if one.text == task.text]) <= 2


async def test_a_screen_from_long_ago_is_left_and_the_next_comes_below(chat: Chat) -> None:
    person = await at_work(chat)
    task = await person.screen()
    chat.clock.advance(7 * 3600)
    await person.finger(r"a:\d+:0")
    screen = await person.until(lambda screen: screen.message_id > task.message_id)
    assert screen.has(r"a:\d+:0")
    chat.clock.advance(-7 * 3600)


async def test_who_blocks_is_marked_and_who_comes_back_goes_on(chat: Chat) -> None:
    person = await at_work(chat)
    task = await person.screen()
    await person.block(True)

    async def state_is(wanted: str) -> bool:
        return await person.state() == wanted

    await eventually(lambda: state_is("blocked"))
    await person.block(False)
    await eventually(lambda: state_is("active"))
    screen = await person.tap(r"a:\d+:0", task)
    assert await person.answers() == 1
    assert screen.has(r"a:\d+:0")


async def test_who_stopped_and_blocks_stays_stopped(chat: Chat) -> None:
    person = await at_work(chat)
    await person.say("/stop")
    await person.block(True)
    await person.block(False)
    await person.say("/help")
    assert await person.state() == "stopped"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("https://t.me/x", "Tap one of the buttons"),
        ("a file", "What you sent was not taken and is not kept."),
        ("a phone number", "Your phone number was not taken and is not kept."),
    ],
)
async def test_what_is_no_text_is_answered_too(chat: Chat, written: str, told: str) -> None:
    person = await at_work(chat)
    last = (await person.screen()).message_id
    if written == "a phone number":
        await chat.control("POST", f"/users/{person.id}/messages", {"contact": True})
    elif written == "a file":
        files = {"document": ("notes.txt", b"hello", "text/plain")}
        response = await chat.http.post(f"{chat.base_url}/sandbox/users/{person.id}/messages", files=files)
        assert response.is_success
    else:
        await person.send(written)
    screen = await person.until(lambda screen: screen.message_id > last)
    assert told in screen.text
    assert screen.has(r"a:\d+:0")


async def test_what_is_said_in_a_group_is_nobodys_business(chat: Chat) -> None:
    said = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": -5, "type": "group", "title": "x"},
        "from": {"id": 5, "is_bot": False, "first_name": "x"},
        "text": "/start",
    }
    assert read({"update_id": 1, "message": said}) is None
