"""/export: the files come by themselves, once, whatever happens on the way."""

import io
import json
import zipfile

from tests.bot.chat import Chat, eventually, own_language
from tests.bot.test_payout import rich
from tests.bot.test_receipt import documents, fetched


async def test_all_that_is_kept_comes_as_a_file_and_once_an_hour(chat: Chat) -> None:
    person = await rich(chat)
    screen = await person.say("/export")
    assert "is being put together" in screen.text

    async def came() -> bool:
        return bool(await documents(person))

    await eventually(came)
    (message,) = await documents(person)
    assert message["document"]["file_name"] == "kazi-my-data-1.zip"
    assert "All that Kazi keeps about you" in message["text"]
    with zipfile.ZipFile(io.BytesIO(await fetched(chat, message))) as archive:
        assert len(json.loads(archive.read("answers-0001.json"))) == 5
        assert json.loads(archive.read("profile.json"))["telegram_id"] == person.id
    last = await person.say("/export")
    assert "You asked for it at" in last.text
    await person.settled()
    assert len(await documents(person)) == 1


async def test_a_bad_moment_of_the_network_only_delays_it_and_others_need_not_wait(chat: Chat) -> None:
    person = await chat.worker(own_language())
    await person.say("/stop")
    await chat.fault("sendDocument", 502, times=2)
    await person.say("/export")

    async def came() -> bool:
        chat.clock.advance(5)
        return bool(await documents(person))

    async def noted() -> bool:
        sent = "SELECT count(*) FROM outbox WHERE person_id = $1 AND subject = 'export' AND sent_at IS NOT NULL"
        return bool(await chat.value(sent, person.id) == 1)

    await eventually(came)
    await eventually(noted)
    assert len(await documents(person)) == 1


async def test_who_blocks_the_bot_meanwhile_gets_nothing_and_a_stranger_joins_first(chat: Chat) -> None:
    person = await chat.worker(own_language())
    await chat.fault("sendDocument", 502, times=1)
    await person.say("/export")
    await person.block(True)

    async def given_up() -> bool:
        chat.clock.advance(5)
        failed = await chat.value(
            "SELECT failed IS NOT NULL FROM outbox WHERE person_id = $1 AND subject = 'export'", person.id
        )
        return bool(failed)

    await eventually(given_up)
    assert not await documents(person)
    stranger = await chat.person()
    assert (await stranger.say("/export")).has("start")
