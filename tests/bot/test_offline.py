"""A phone without a connection keeps texts and loses taps."""

import asyncio

from tests.bot.chat import Chat, eventually, own_language


async def test_a_tap_made_offline_is_lost_and_one_later_brings_the_right_screen(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    await person.online(False)
    told = await person.finger(r"a:\d+:0")
    assert not told["answered"]
    await person.online(True)
    assert await person.answers() == 0
    screen = await person.tap(r"a:\d+:0", task)
    assert "1 done" in screen.text
    assert await person.answers() == 1


async def test_texts_written_offline_are_sent_later_in_order(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    last = (await person.screen()).message_id
    await person.online(False)
    for text in ("first words", "second words", "third words"):
        await person.send(text)
    await person.online(True)
    screen = await person.until(lambda screen: screen.message_id > last and "third words" in screen.text)
    echoes = [one.text for one in await person.screens() if one.message_id > last]
    assert ["first" in echoes[0], "second" in echoes[1], "third" in echoes[2]] == [True] * 3
    await person.tap("ok:.*", screen)
    assert await chat.value("SELECT value #>> '{}' FROM answer WHERE batch_id = $1", batch.batch_id) == "third words"


async def test_who_lost_the_connection_after_a_tap_is_paid_and_finds_the_next_task(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    await chat.fault("answerCallbackQuery", 200, delay_ms=200)
    tapping = asyncio.create_task(person.finger(r"a:\d+:0"))

    async def recorded() -> bool:
        return await person.answers() == 1

    await eventually(recorded)
    await person.online(False)
    assert not (await tapping)["answered"]
    await person.online(True)
    screen = await person.say("/work")
    assert screen.lease_id != task.lease_id
    assert await person.answers() == 1
