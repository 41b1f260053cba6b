"""An answer that is put together by several taps: none is lost, none counts twice, and only what is shown is sent."""

import asyncio
from collections.abc import Sequence

from crowd.loop.leases import expire_leases
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.requester.scene import Item

GOOD, BAD, NEITHER = (rf"c:\d+:\d:{number}[+-]" for number in range(3))
SEND = r"ok:.*"


async def begun(chat: Chat, items: int | Sequence[str | Item] = 5, **changed: object) -> tuple[Person, Screen]:
    language = own_language()
    batch = await chat.batch(language, items, **{"kind": "choices", **changed})
    person = await chat.worker(language)
    return person, await person.begin(batch)


async def value(chat: Chat, person: Person) -> object:
    """The newest answer of somebody."""
    return await chat.value(
        "SELECT value FROM answer a JOIN worker w ON w.id = a.worker_id WHERE w.person_id = $1 ORDER BY a.id DESC",
        person.id,
    )


def ticked(screen: Screen) -> list[str]:
    return [label[2:] for label in screen.labels if label.startswith("☑")]


async def test_options_are_ticked_and_unticked_and_what_is_ticked_is_sent(chat: Chat) -> None:
    person, screen = await begun(chat)
    assert screen.labels[:4] == ["☐ Good", "☐ Bad", "☐ Neither", "∅ None of these"]
    screen = await person.tap(GOOD)
    assert ticked(screen) == ["Good"]
    await person.tap(NEITHER)
    screen = await person.tap(GOOD)
    assert ticked(screen) == ["Neither"]
    screen = await person.tap(BAD)
    assert "✅ Send (2)" in screen.labels
    assert await person.answers() == 0
    after = await person.tap(SEND)
    assert "+$0.02" in after.text
    assert ticked(after) == []
    assert await value(chat, person) == ["bad", "neither"]


async def test_none_is_an_answer_where_the_batch_allows_it(chat: Chat) -> None:
    person, _ = await begun(chat)
    await person.tap(SEND)
    assert await value(chat, person) == []
    person, screen = await begun(chat, fewest=1)
    assert not screen.has(SEND)
    assert person is not None


async def test_taps_that_are_faster_than_the_screen_all_count(chat: Chat) -> None:
    person, screen = await begun(chat)
    await asyncio.gather(*(person.finger(each, screen) for each in (GOOD, NEITHER)))
    assert ticked(await person.settled()) == ["Good", "Neither"]


async def test_the_same_tap_twice_ticks_once(chat: Chat) -> None:
    person, screen = await begun(chat)
    await person.finger(GOOD, screen, repeat=3)
    await person.finger(GOOD, screen)
    assert ticked(await person.settled()) == ["Good"]


async def test_only_what_stands_on_the_screen_is_sent(chat: Chat) -> None:
    person, screen = await begun(chat)
    await person.tap(GOOD)
    await person.finger(SEND, screen)  # "None of these", as it stood before
    assert await person.answers() == 0
    assert person.toast is not None
    now = await person.settled()
    assert ticked(now) == ["Good"]
    await person.tap(SEND, now)
    assert await value(chat, person) == ["good"]


async def test_what_is_ticked_is_there_when_one_comes_back(chat: Chat) -> None:
    person, _ = await begun(chat)
    await person.tap(BAD)
    await person.tap(r"s:\d+")
    assert ticked(await person.tap(r"b:\d+")) == ["Bad"]
    assert ticked(await person.say("/work")) == ["Bad"]
    assert ticked(await person.say("some text")) == ["Bad"]


async def test_no_more_than_the_batch_allows_can_be_ticked(chat: Chat) -> None:
    person, _ = await begun(chat, most=2)
    await person.tap(GOOD)
    screen = await person.tap(BAD)
    assert "up to 2" in screen.text
    await person.finger(NEITHER)
    assert person.toast == "Tick at most 2."
    assert ticked(await person.settled()) == ["Good", "Bad"]


async def test_an_old_screen_changes_nothing_of_the_next_task(chat: Chat) -> None:
    person, old = await begun(chat)
    await person.tap(GOOD)
    await person.tap(SEND)
    await person.finger(BAD, old)
    assert person.toast is not None
    assert "counts once" in person.toast
    assert ticked(await person.settled()) == []
    assert await person.answers() == 1


async def test_a_task_whose_time_ran_out_can_still_be_ticked_and_sent(chat: Chat) -> None:
    person, screen = await begun(chat, items=1)
    await person.tap(GOOD)
    chat.clock.advance(24 * 3600)
    await expire_leases(chat.database)
    await person.finger(BAD, screen)
    now = await person.settled()
    assert ticked(now) == ["Good", "Bad"]
    await person.tap(SEND, now)
    assert await value(chat, person) == ["good", "bad"]


async def test_practice_is_ticked_in_the_same_way(chat: Chat) -> None:
    items = [Item("p0", "practice 0", "good | bad", "It is both.", practice=True), Item("i0", "sentence")]
    person, _ = await begun(chat, items)
    await person.tap(r"po:\d+")
    screen = await person.tap(r"pc:\d+:1:0:0\+")
    assert ticked(screen) == ["Good"]
    screen = await person.tap(r"pc:\d+:1:0:1\+")
    done = await person.tap(r"pok:.*")
    assert "Right: Good · Bad" in done.text
    await person.finger(r"pok:.*", screen)
    assert "Right: Good · Bad" in (await person.settled()).text


async def test_an_option_beyond_the_first_page_can_be_ticked(chat: Chat) -> None:
    options = [{"value": str(n), "label": {"en": f"This is the long option {n}"}} for n in range(20)]
    person, screen = await begun(chat, options=options)
    assert len(screen.rows) < 12
    screen = await person.tap(r"v:\d+:1")
    screen = await person.tap(r"c:\d+:1:9\+")
    assert ticked(screen) == ["This is the long option 9"]
    assert screen.has(r"v:\d+:2")
    await person.tap(SEND)
    assert await value(chat, person) == ["9"]
