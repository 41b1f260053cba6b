"""Stopping, coming back, another language on the way, and help."""

from bot.i18n.tongue import tongue
from tests.bot.chat import Chat, own_language


async def test_another_language_of_screens_mid_way_keeps_the_task(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    await person.say("/language")
    screen = await person.tap("العربية")
    assert screen.lease_id == task.lease_id
    assert "⏭ " + tongue("ar").say("Skip") in screen.labels
    assert tongue("ar").say("find work, or go on") in (await person.say("/help")).text


async def test_who_stops_gets_nothing_until_they_come_back(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    stopped = await person.say("/stop")
    assert "You have stopped" in stopped.text
    assert await person.state() == "stopped"
    assert await chat.value("SELECT count(*) FROM lease WHERE batch_id = $1", batch.batch_id) == 0
    for data in ("work", f"w:{batch.batch_id}", f"go:{batch.batch_id}", "break", "place:ok", "agree", "langs:done"):
        screen = await person.forge(data)
        assert screen.has("return"), data
    assert (await person.say("hello")).has("return")
    assert (await person.say("/work")).has("return")
    await person.tap(r"a:\d+:0", task)
    assert await person.answers() == 0
    assert await chat.value("SELECT count(*) FROM lease WHERE batch_id = $1", batch.batch_id) == 0
    assert "Your earnings" in (await person.say("/earnings")).text
    await person.say("/work")
    screen = await person.tap("return")
    assert screen.has(f"w:{batch.batch_id}")
    assert await person.state() == "active"


async def test_start_brings_back_who_stopped(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    await person.say("/stop")
    assert (await person.say("/start")).has(f"w:{batch.batch_id}")
    assert await person.state() == "active"


async def test_help_names_every_command(chat: Chat) -> None:
    person = await chat.worker(own_language())
    for said in ("/help", "/HELP", "/help@kazi_bot", "/nosuchcommand", "/", "/\u3000"):
        screen = await person.say(said)
        for command in ("work", "earnings", "languages", "language", "stop"):
            assert f"/{command}" in screen.text
