"""Telegram fails, the database goes away, a handler raises: nothing is lost, and the right screen comes in the end."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from bot import routes
from bot.routes import Call, Handler
from bot.screens import Reaction
from tests.bot.chat import Chat, Person, eventually, own_language


async def at_work(chat: Chat, tasks: int = 5, locale: str = "en") -> Person:
    language = own_language()
    batch = await chat.batch(language, tasks)
    person = await chat.worker(language, locale=locale)
    await person.begin(batch)
    return person


@pytest.fixture(autouse=True)
async def _no_faults_left(chat: Chat) -> AsyncIterator[None]:
    yield
    assert (await chat.control("GET", "/faults"))["faults"] == []


async def test_a_wait_asked_for_at_an_edit_is_obeyed(chat: Chat) -> None:
    person = await at_work(chat)
    await chat.fault("editMessageText", 429, retry_after=1)
    screen = await person.tap(r"a:\d+:0")
    assert "1 done" in screen.text
    refused, shown = (await chat.calls_to(person, "editMessageText"))[-2:]
    assert (refused["status"], shown["status"]) == (429, 200)
    assert shown["at"] - refused["at"] >= 1


async def test_a_wait_asked_for_at_an_acknowledgement_is_obeyed(chat: Chat) -> None:
    person = await at_work(chat)
    await chat.fault("answerCallbackQuery", 429, retry_after=1)
    screen = await person.tap(r"a:\d+:0")
    assert "1 done" in screen.text
    refused, told = (await chat.calls("answerCallbackQuery"))[-2:]
    assert (refused["status"], told["status"]) == (429, 200)
    assert told["at"] - refused["at"] >= 1


async def test_a_wait_for_one_chat_does_not_hold_up_another(chat: Chat) -> None:
    one, other = await at_work(chat), await at_work(chat)
    await chat.fault("editMessageText", 429, retry_after=3)
    waiting = asyncio.create_task(one.tap(r"a:\d+:0"))

    async def used_up() -> bool:
        return not (await chat.control("GET", "/faults"))["faults"]

    async with asyncio.timeout(2.5):
        await eventually(used_up)
        await other.tap(r"a:\d+:0")
    assert not waiting.done()
    assert "1 done" in (await waiting).text


async def test_a_wait_too_long_is_let_go_and_the_next_tap_shows_the_screen(chat: Chat) -> None:
    person = await at_work(chat)
    task = await person.screen()
    await chat.fault("editMessageText", 429, retry_after=3600)
    await person.finger(r"a:\d+:0")
    await person.settled()
    assert await person.answers() == 1
    screen = await person.tap(r"a:\d+:0", task)
    assert person.toast is not None
    assert "counts once" in person.toast
    assert screen.has(r"a:\d+:0")
    assert screen.lease_id != task.lease_id


@pytest.mark.parametrize("status", [500, 502, "drop"])
@pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
async def test_a_call_that_fails_is_made_again(chat: Chat, method: str, status: int | str) -> None:
    person = await at_work(chat)
    await chat.fault(method, status)
    screen = await person.tap(r"a:\d+:0")
    assert "1 done" in screen.text
    assert await person.answers() == 1


async def test_a_tap_that_cannot_be_acknowledged_still_gets_its_screen(chat: Chat) -> None:
    person = await at_work(chat)
    screen = await person.screen()
    await chat.fault("answerCallbackQuery", 400, description="Bad Request: something new")
    body = {"message_id": screen.message_id, "data": screen.find(r"a:\d+:0")}
    tapping = asyncio.create_task(chat.control("POST", f"/users/{person.id}/taps", body))
    assert "1 done" in (await person.until(lambda screen: "1 done" in screen.text)).text
    tapping.cancel()


async def test_an_answer_of_telegram_that_was_lost_changes_nothing(chat: Chat) -> None:
    person = await at_work(chat)
    await chat.fault("editMessageText", "drop", kind="after")
    screen = await person.tap(r"a:\d+:0")
    screen = await person.settled()
    assert "1 done" in screen.text
    assert await person.answers() == 1


async def test_a_new_message_that_fails_is_sent_again(chat: Chat) -> None:
    person = await at_work(chat)
    await chat.fault("sendMessage", 500)
    assert (await person.say("/work")).has(r"a:\d+:0")


async def test_updates_come_again_when_their_delivery_failed(chat: Chat) -> None:
    person = await at_work(chat)
    await chat.fault("getUpdates", "drop", kind="after")
    await person.say("/earnings")
    await chat.fault("getUpdates", 500)
    await chat.fault("getUpdates", 429, retry_after=1)
    assert await person.say("/work")
    await person.finger(r"a:\d+:0")
    await person.settled()
    assert await person.answers() == 1


# A handler that raises


@contextmanager
def broken(verb: str) -> Iterator[None]:
    """The handler of that verb raises, after it has written."""

    async def raises(call: Call) -> Reaction:
        await call.tx.run("UPDATE worker SET country = 'XX' WHERE person_id = $1", call.person_id)
        raise ZeroDivisionError

    routes.handler_of_tap("work")  # loaded
    kept: Handler = routes._taps[verb]
    routes._taps[verb] = raises
    try:
        yield
    finally:
        routes._taps[verb] = kept


async def test_a_handler_that_raises_is_recorded_and_the_worker_told_in_their_language(chat: Chat) -> None:
    person = await at_work(chat, locale="fr")
    await person.change(language_code="ko")
    task = await person.screen()
    with broken("a"):
        await person.finger(r"a:\d+:0")
        screen = await person.until(lambda screen: screen.message_id > task.message_id)
    assert "Réessayer" in screen.labels[0]
    failed = await chat.value("SELECT failed FROM inbox WHERE failed IS NOT NULL")
    assert failed == "ZeroDivisionError"
    assert await chat.value("SELECT country FROM worker WHERE person_id = $1", person.id) == "TZ"
    assert (await person.tap("work", screen)).lease_id == task.lease_id
    await person.tap(r"a:\d+:0")
    assert await person.answers() == 1


# The database goes away


async def test_an_answer_counts_once_when_connections_end_again_and_again(chat: Chat) -> None:
    person = await at_work(chat, 12)
    for _ in range(5):
        tapping = asyncio.create_task(person.finger(r"a:\d+:0"))
        for _ in range(3):
            await chat.end_connections()
            await asyncio.sleep(0)
        assert (await tapping)["answered"]
        await person.settled()
        await person.say("/work")
    assert await person.answers() == 5
    assert await chat.value("SELECT count(*) FROM inbox WHERE failed NOT IN ('ZeroDivisionError')") == 0


async def test_an_update_comes_again_when_its_connection_ends_in_the_middle(chat: Chat) -> None:
    person = await at_work(chat)
    tries = 0

    async def cut(call: Call) -> Reaction:
        nonlocal tries
        tries += 1
        if tries == 1:
            await call.tx.run("SELECT pg_terminate_backend(pg_backend_pid())")
        return await kept(call)

    routes.handler_of_tap("work")
    kept = routes._taps["a"]
    routes._taps["a"] = cut
    try:
        screen = await person.tap(r"a:\d+:0")
    finally:
        routes._taps["a"] = kept
    assert tries == 2
    assert "1 done" in screen.text
    assert await person.answers() == 1


async def test_an_update_is_tried_again_when_the_database_was_too_slow_for_it(chat: Chat) -> None:
    person = await at_work(chat)
    tries = 0

    async def slow(call: Call) -> Reaction:
        nonlocal tries
        tries += 1
        if tries == 1:
            await call.tx.run("SET LOCAL statement_timeout = 1")
            await call.tx.run("SELECT pg_sleep(30)")
        return await kept(call)

    routes.handler_of_tap("work")
    kept = routes._taps["a"]
    routes._taps["a"] = slow
    try:
        screen = await person.tap(r"a:\d+:0")
    finally:
        routes._taps["a"] = kept
    assert tries == 2
    assert "1 done" in screen.text
    assert await person.answers() == 1
