"""/forget: two taps, and who it was is gone; what was earned and not paid out is told before."""

import asyncio

from crowd.payouts.queue import refuse
from tests.bot.chat import Chat, Person, eventually, own_language
from tests.bot.test_payout import ask, enter, last_payout, rich


async def worker_id(person: Person) -> int:
    found: int = await person.chat.value("SELECT id FROM worker WHERE person_id = $1", person.id)
    return found


async def state_of(chat: Chat, worker: int) -> str:
    found: str = await chat.value("SELECT state FROM worker WHERE id = $1", worker)
    return found


async def test_two_taps_erase_and_the_person_may_come_back_as_somebody_new(chat: Chat) -> None:
    person = await chat.worker(own_language())
    was = await worker_id(person)
    screen = await person.say("/forget")
    assert "It cannot be undone" in screen.text
    assert "You would lose" not in screen.text
    screen = await person.tap("fc")
    assert await state_of(chat, was) == "active"
    gone = await person.tap("fy:.*")
    assert gone.message_id == screen.message_id
    assert "You are erased" in gone.text
    assert not gone.data
    assert await state_of(chat, was) == "forgotten"
    assert await chat.value("SELECT count(*) FROM worker WHERE person_id = $1", person.id) == 0
    assert (await person.say("/earnings")).has("start")
    assert (await person.say("/start")).has("agree")
    assert await worker_id(person) != was


async def test_money_that_would_be_lost_is_named_first_and_payout_offered(chat: Chat) -> None:
    person = await rich(chat)
    was = await worker_id(person)
    screen = await person.say("/forget")
    assert "You would lose $2.50" in screen.text
    assert "/payout" in screen.text
    assert screen.has("out")
    screen = await person.tap("fc")
    assert "You would lose $2.50" in screen.text
    await person.tap("fy:.*")
    assert await state_of(chat, was) == "forgotten"
    left = await chat.value(
        "SELECT coalesce(sum(balance), 0)::bigint FROM account WHERE owner = $1 AND kind IN ('hold', 'available')", was
    )
    assert left == 0


async def test_while_a_payout_is_under_way_nobody_is_erased_also_by_an_old_button(chat: Chat) -> None:
    person = await rich(chat)
    await enter(person)
    await person.say("/forget")
    old = await person.tap("fc")
    await ask(person)
    screen = await person.say("/forget")
    assert "A payout is under way" in screen.text
    assert not screen.has("fc")
    assert "A payout is under way" in (await person.forge("fc")).text
    await person.finger("fy:.*", old)
    await person.settled()
    assert await person.state() == "active"
    async with chat.database.transaction() as tx:
        await refuse(tx, await last_payout(person), "the test goes on", by="house/amina")
    assert (await person.say("/forget")).has("fc")


async def test_what_was_on_an_old_screen_is_asked_anew(chat: Chat) -> None:
    person = await rich(chat, answers=1)
    await person.say("/forget")
    old = await person.tap("fc")
    chat.clock.advance(20 * 60)
    screen = await person.tap("fy:.*", old)
    chat.clock.advance(-20 * 60)
    assert "please look once more" in screen.text
    assert await person.state() == "active"
    for nonsense in ("fy", "fy:", "fy:x:1", f"fy:0000000000000000:{2**62}"):
        await person.forge(nonsense)
    assert await person.state() == "active"


async def test_taps_at_once_and_twice_erase_once_and_an_old_button_not_the_one_who_came_back(chat: Chat) -> None:
    person = await chat.worker(own_language())
    await person.say("/forget")
    confirm = await person.tap("fc")
    await asyncio.gather(*(person.finger("fy:.*", confirm, duplicate_update=True) for _ in range(3)))

    async def gone() -> bool:
        return await person.state() is None

    await eventually(gone)
    await person.send("/start")
    await person.until(lambda screen: screen.has("agree"))
    await person.finger("fy:.*", confirm)
    await person.settled()
    assert await person.state() == "joining"


async def test_who_changes_their_mind_or_is_nobody_loses_nothing(chat: Chat) -> None:
    person = await chat.worker(own_language())
    await person.say("/forget")
    await person.tap("fc")
    await person.tap("work")
    assert await person.state() == "active"
    stranger = await chat.person()
    assert (await stranger.say("/forget")).has("start")
    stopped = await chat.worker(own_language())
    await stopped.say("/stop")
    await stopped.say("/forget")
    await stopped.tap("fc")
    assert "You are erased" in (await stopped.tap("fy:.*")).text
