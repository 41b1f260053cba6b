"""Rests and limits as a worker sets them, in the chat."""

from datetime import timedelta

from crowd.rhythm.resting import EVERY_ANSWERS
from crowd.rhythm.rhythm import Rhythm, rhythm_of, set_rhythm
from tests.bot.chat import Chat, Person, own_language


async def settings(chat: Chat, person: Person) -> Rhythm:
    worker_id = await chat.value("SELECT id FROM worker WHERE person_id = $1", person.id)
    async with chat.database.reading() as tx:
        return await rhythm_of(tx, worker_id)


async def test_everything_is_set_by_taps_and_what_cannot_be_is_passed_over(chat: Chat) -> None:
    person = await chat.worker(own_language())
    screen = await person.say("/rhythm")
    assert "at most once a day, in these hours: 9–19" in screen.text
    for what, value in (
        ("offered", "weekly"), ("hours", "16-22"), ("rest", "25"), ("minutes", "120"), ("tasks", "0")
    ):  # fmt: skip
        choices = await person.tap(f"rh:{what}", screen)
        screen = await person.tap(f"rh:{what}:{value}", choices)
    assert "once a week, in these hours: 16–22" in screen.text
    assert "Enough tasks for a day: no limit" in screen.text
    set_now = await settings(chat, person)
    assert (set_now.offered, set_now.from_hour, set_now.to_hour) == ("weekly", 16, 22)
    assert (set_now.rest_minutes, set_now.day_minutes, set_now.day_tasks) == (25, 120, 0)
    for forged in ("rh:hours:3-99", "rh:rest:7", "rh:rest:-1", "rh:nothing", "rh:offered:always", "rh:a:b:c"):
        await person.forge(forged)
    assert await settings(chat, person) == set_now


async def test_a_rest_is_suggested_once_and_the_task_waits(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 60)
    person = await chat.worker(language)
    await person.begin(batch)
    suggested = []
    for answer in range(1, 3 * EVERY_ANSWERS + 1):
        chat.clock.advance(180)
        screen = await person.tap(r"a:\d+:0")
        if "without a break" in screen.text:
            suggested.append(answer)
            assert screen.has("break")
            screen = await person.tap(r"b:\d+")
            assert screen.has(r"a:\d+:0"), "the next task waits"
    assert suggested == [2 * EVERY_ANSWERS], "after an hour, and not again so soon"
    assert await person.answers() == 3 * EVERY_ANSWERS
    chat.clock.advance(-3 * EVERY_ANSWERS * 180)


async def test_what_is_enough_for_a_day_is_said_once_and_nobody_is_kept_from_going_on(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 60)
    person = await chat.worker(language)
    worker_id = await chat.value("SELECT id FROM worker WHERE person_id = $1", person.id)
    async with chat.database.transaction() as tx:
        await set_rhythm(tx, worker_id, Rhythm(day_tasks=EVERY_ANSWERS, rest_minutes=0))
    await person.begin(batch)
    said = []
    for answer in range(1, 3 * EVERY_ANSWERS + 1):
        screen = await person.tap(r"a:\d+:0")
        if "enough for a day" in screen.text:
            said.append(answer)
            await person.tap(r"b:\d+")
    assert said == [EVERY_ANSWERS]
    assert await person.answers() == 3 * EVERY_ANSWERS


async def test_an_offer_of_work_is_a_silent_message_that_leads_to_work_and_to_the_settings(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, 5)
    person = await chat.worker(language)
    content = {
        "title": {"en": "Sentences"},
        "name": "x",
        "language": "sw",
        "price": 20_000,
        "currency": "USD",
        "more": 2,
    }
    await chat.run(
        "INSERT INTO outbox (person_id, subject, content, key, due_at) VALUES ($1, 'offered', $2, $3, $4)",
        person.id, content, f"offer:{person.id}", chat.clock.now() - timedelta(seconds=1),
    )  # fmt: skip
    screen = await person.until(lambda screen: "There is work for you." in screen.text)
    assert "Sentences · $0.02 a task" in screen.text
    assert "And 2 more." in screen.text
    (call,) = [
        call for call in await chat.calls_to(person, "sendMessage") if "There is work" in call["parameters"]["text"]
    ]
    assert call["parameters"]["disable_notification"] is True
    assert (await person.tap("rh:offered", screen)).has("rh:offered:never")
