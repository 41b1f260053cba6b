"""Answers that come after their time: kept where they can be, and always told the truth."""

from datetime import timedelta

from crowd.loop.leases import expire_leases
from tests.bot.chat import Chat, Person, own_language


async def test_a_late_answer_still_counts_while_the_task_is_open(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 1)
    person = await chat.worker(language)
    task = await person.begin(batch)
    chat.clock.advance(timedelta(minutes=11).total_seconds())
    await expire_leases(chat.database)
    await person.tap(r"a:\d+:0", task)
    assert await person.answers() == 1


async def test_a_task_that_somebody_else_did_meanwhile_is_not_answered_twice(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 1)
    slow, quick = await chat.worker(language), await chat.worker(language)
    task = await slow.begin(batch)
    chat.clock.advance(timedelta(minutes=11).total_seconds())
    await expire_leases(chat.database)
    await quick.begin(batch)
    await quick.tap(r"a:\d+:0")
    await slow.tap(r"a:\d+:0", task)
    assert slow.toast is not None
    assert "Time for that task ran out" in slow.toast
    assert await slow.answers() == 0


# What is written


async def late(chat: Chat, person: Person) -> None:
    """What was in hands goes back, and its worker has been told."""
    chat.clock.advance(timedelta(minutes=11).total_seconds())
    await expire_leases(chat.database)
    await person.until(lambda screen: screen.text.startswith("⌛"))


async def test_a_text_that_comes_late_is_echoed_with_its_item_and_still_counts(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language, ["the late one"], dont_know=False)
    person = await chat.worker(language)
    await person.begin(batch)
    await late(chat, person)
    short = (await person.say("\u200b\u2060")).text
    assert short.startswith("⚠️")
    assert "the late one" in short
    echo = await person.say("late words")
    assert "the late one" in echo.text
    assert "late words" in echo.text
    assert await person.answers() == 0
    await person.tap("ok:.*", echo)
    assert await person.answers() == 1
    assert await chat.value("SELECT value #>> '{}' FROM answer WHERE batch_id = $1", batch.batch_id) == "late words"


async def test_a_text_that_comes_late_is_not_sent_unseen_for_another_task(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language, ["one item", "other item"])
    person = await chat.worker(language)
    task = await person.begin(batch)
    await late(chat, person)
    other = await person.forge(f"go:{batch.batch_id}")
    shown = other.text.split("\n\n")[0]
    assert shown not in task.text
    assert (await person.say("words for the first")).text.startswith(shown)


async def test_a_text_that_comes_too_late_is_told_so(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language, 1)
    slow, quick = await chat.worker(language), await chat.worker(language)
    await slow.begin(batch)
    await late(chat, slow)
    echo = await slow.say("slow words")
    await quick.begin(batch)
    await quick.say("quick words")
    await quick.tap("ok:.*")
    assert "not sent to anybody" in (await slow.say("slow words again")).text
    await slow.tap("ok:.*", echo)
    assert slow.toast is not None
    assert "Time for that task ran out" in slow.toast
    assert await slow.answers() == 0


async def test_a_late_answer_of_one_who_stopped_hands_out_nothing(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    chat.clock.advance(timedelta(minutes=11).total_seconds())
    await expire_leases(chat.database)
    await person.say("/stop")
    await person.tap(r"a:\d+:0", task)
    assert await chat.value("SELECT count(*) FROM lease WHERE batch_id = $1", batch.batch_id) == 0


async def test_a_text_that_no_task_waits_for_is_told_so(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    assert "not sent to anybody" in (await person.say("hello")).text
    await person.begin(batch)
    await late(chat, person)
    screen = await person.say("good")  # the task that ran out is not one to write to
    assert "not sent to anybody" in screen.text
    await person.say("/stop")
    assert (await person.say("hello")).has("return")


# Much work
