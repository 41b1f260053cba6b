"""A bot that was away tells whoever may have tapped in vain, and gives their tasks as much more time."""

from datetime import datetime

from crowd.loop.leases import expire_leases
from tests.bot.chat import Chat, own_language
from tests.bot.conftest import serving

MINUTES = 10


async def due(chat: Chat, person_id: int) -> datetime:
    found: datetime = await chat.value(
        "SELECT due_at FROM lease l JOIN worker w ON w.id = worker_id WHERE person_id = $1", person_id
    )
    return found


async def test_after_ten_minutes_each_chat_is_brought_back_to_its_task(quiet_chat: Chat) -> None:
    chat, language = quiet_chat, own_language()
    batch = await chat.batch(language, 5)
    async with serving(chat, chat.settings):
        person, idle = await chat.worker(language), await chat.worker(language)
        await person.begin(batch)
        before = await person.screen()
    promised = await due(chat, person.id)
    chat.clock.advance(MINUTES * 60)
    await chat.control("POST", "/clock", {"advance_s": 0, "frozen": True})
    await person.touch(r"a:\d+:0", before)
    await chat.control("POST", "/clock", {"advance_s": MINUTES * 60, "frozen": False})
    seen = len(await idle.screens())
    async with serving(chat, chat.settings):
        screen = await person.until(lambda screen: "Kazi was away for about 10 minutes" in screen.text)
        assert await person.answers() == 0, "the tap was lost"
        assert (await due(chat, person.id) - promised).total_seconds() >= MINUTES * 60 - 60
        await expire_leases(chat.database)
        again = await person.tap(r"b:\d+", screen)
        assert again.has(r"a:\d+:0")
        await person.tap(r"a:\d+:0", again)
        assert await person.answers() == 1
    assert len(await idle.screens()) == seen, "who had no task has lost nothing"


async def test_after_a_restart_nobody_is_told_anything(quiet_chat: Chat) -> None:
    chat, language = quiet_chat, own_language()
    batch = await chat.batch(language, 5)
    async with serving(chat, chat.settings):
        person = await chat.worker(language)
        await person.begin(batch)
    chat.clock.advance(100)
    async with serving(chat, chat.settings):
        await person.settled()
    assert not any("was away" in screen.text for screen in await person.screens())
