"""What reaches phones is counted, about right, and told by day, by week and by task."""

import re

import pytest

from crowd.datasaving.usage import LEAST_SCREENS
from tests.bot.chat import Chat, own_language
from tests.bot.conftest import serving


async def test_what_was_sent_is_told_by_day_and_week_and_by_task(quiet_chat: Chat) -> None:
    chat, language = quiet_chat, own_language()
    batch = await chat.batch(language, LEAST_SCREENS + 10)
    async with serving(chat, chat.settings):
        person = await chat.worker(language)
        await person.begin(batch)
        for _ in range(LEAST_SCREENS):
            await person.tap(r"a:\d+:0")
        await person.settled()
    traffic = await chat.control("GET", f"/users/{person.id}/traffic")
    counted = await chat.value(
        "SELECT sum(bytes)::bigint FROM data_use d JOIN worker w ON w.id = worker_id WHERE person_id = $1", person.id
    )
    assert counted == pytest.approx(traffic["down_bytes"], rel=0.2)
    async with serving(chat, chat.settings):
        data = await person.say("/data")
        said = re.search(r"about (\d+)\skB", data.text)
        assert said is not None
        assert int(said[1]) == round(counted / 1000)
        await person.say("/work")
        work = await person.tap("break", await person.tap(r"m:\d+"))
        assert re.search(r"📶 1\skB", work.text)
