"""A bot that ends while it sends somebody's data leaves the rest to the next one."""

from tests.bot.chat import Chat, eventually, own_language
from tests.bot.conftest import serving
from tests.bot.test_receipt import documents


async def test_what_was_not_sent_when_the_bot_stopped_is_sent_when_it_runs_again(quiet_chat: Chat) -> None:
    chat = quiet_chat
    async with serving(chat, chat.settings):
        person = await chat.worker(own_language())
        await chat.fault("sendDocument", 429, retry_after=1)
        await chat.fault("sendDocument", 502, delay_ms=6_000)
        await person.say("/export")

        async def hangs() -> bool:
            chat.clock.advance(2)
            return len(await chat.calls_to(person, "sendDocument")) > 1

        await eventually(hangs)
    assert not await documents(person)
    async with serving(chat, chat.settings):

        async def came() -> bool:
            chat.clock.advance(1)
            return bool(await documents(person))

        await eventually(came)
    assert len(await documents(person)) == 1
