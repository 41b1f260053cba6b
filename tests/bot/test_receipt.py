"""/receipt: a file that can be shown to others, and is told genuine by them."""

import re

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.screens import length_of
from bot.views.receipt import periods_screen, receipt_screen, receipt_text
from crowd.receipts.desk import ReceiptDesk
from crowd.receipts.keys import KnownKeys, SigningKey, new_key
from crowd.receipts.period import ALL, latest_months, month
from crowd.receipts.receipt import Checked, Verdict, check
from crowd.receipts.statement import MOST_PAYOUTS
from scripts.catalogs.buttons import WIDEST, width
from tests.bot.chat import Chat, Json, Person, eventually, own_language
from tests.bot.test_payout import NUMBER, ask, enter, rich
from tests.receipts.test_statement import a_statement


async def documents(person: Person) -> list[Json]:
    return [one for one in (await person.shown())["messages"] if one["from_bot"] and "document" in one]


async def fetched(chat: Chat, message: Json) -> bytes:
    answer = await chat.http.get(f"{chat.base_url}{message['document']['url']}")
    assert answer.is_success
    return answer.content


async def got(person: Person, wanted: str) -> Json:
    """The document that comes for a tap."""
    before = len(await documents(person))
    await person.finger(wanted)

    async def came() -> bool:
        return len(await documents(person)) > before

    await eventually(came)
    return (await documents(person))[-1]


def told(chat: Chat, file: bytes) -> Checked:
    return check(chat.settings.receipts.known, file)


@pytest.mark.parametrize("locale", ["en", "ar", "am"])
async def test_from_the_command_to_a_file_that_others_can_check(chat: Chat, locale: str) -> None:
    person, voice = await rich(chat, locale), tongue(locale)
    await enter(person)
    await ask(person)
    screen = await person.say("/receipt")
    now = chat.clock.now()
    assert f"rc:{now:%Y-%m}" in screen.data
    message = await got(person, "rc:all")
    assert message["document"]["file_name"] == f"kazi-receipt-all-{now:%Y%m%d}.txt"
    assert message["document"]["mime_type"] == "text/plain"
    assert message["document"]["bytes"] < 20_000
    assert not message["buttons"]
    assert (await person.screen()).message_id == message["message_id"] > screen.message_id
    file = await fetched(chat, message)
    checked = told(chat, file)
    assert checked.verdict is Verdict.GENUINE
    assert checked.statement is not None
    (money,) = checked.statement.money
    assert (money.moves.earned, money.closing.asked_for, money.closing.available) == (2_500_000, 2_500_000, 0)
    text = file.decode()
    assert voice.money(2_500_000, "USD") in text
    assert checked.statement.pseudonym in text
    assert str(chat.settings.receipts.page) in text
    for secret in (NUMBER.replace(" ", "")[1:], "Amina", str(person.id)):
        assert secret not in text
    assert told(chat, file.replace(b"2500000", b"9500000")).verdict is Verdict.NOT_GENUINE


async def test_a_month_has_what_moved_in_it_and_the_screen_that_was_tapped_stays(chat: Chat) -> None:
    person = await rich(chat, answers=1)
    screen = await person.say("/receipt")
    this, last = screen.data[0], screen.data[1]
    found = told(chat, await fetched(chat, await got(person, last))).statement
    assert found is not None
    assert (found.answers, found.money, found.as_of) == (0, (), None)
    await person.finger(this, screen)
    await person.settled()
    found = told(chat, await fetched(chat, (await documents(person))[-1])).statement
    assert found is not None
    assert (found.answers, found.money[0].moves.earned) == (1, 500_000)
    assert screen.message_id in {one.message_id for one in await person.screens()}


async def test_a_tap_that_comes_twice_and_old_or_foreign_buttons_do_no_harm(chat: Chat) -> None:
    person = await rich(chat, answers=1)
    screen = await person.say("/receipt")
    await person.finger("rc:all", duplicate_update=True)
    await person.settled()
    assert len(await documents(person)) == 1, "the update that came again shows where one is"
    for nonsense in ("rc", "rc:", "rc:2030-99", "rc:all:all:all"):
        await person.finger(nonsense if nonsense in screen.data else "rc:all", screen)
        await person.forge(nonsense)
    stranger = await chat.person()
    assert (await stranger.say("/receipt")).has("start")
    joined = await chat.worker(own_language())
    await joined.say("/stop")
    await joined.say("/receipt")
    message = await got(joined, "rc:all")
    found = told(chat, await fetched(chat, message)).statement
    assert found is not None
    assert found.money == ()


async def test_when_the_network_has_a_bad_moment_the_file_comes_after_it(chat: Chat) -> None:
    person = await rich(chat, answers=1)
    await person.say("/receipt")
    await chat.fault("sendDocument", 500, times=2)
    message = await got(person, "rc:all")
    assert told(chat, await fetched(chat, message)).verdict is Verdict.GENUINE


async def test_who_was_offline_asks_by_a_text_and_has_it_when_they_are_back(chat: Chat) -> None:
    person = await rich(chat, answers=1)
    await person.online(False)
    await person.send("/receipt all")
    await person.online(True)

    async def came() -> bool:
        return bool(await documents(person))

    await eventually(came)


@pytest.mark.unit
@pytest.mark.parametrize("locale", available())
def test_the_longest_is_small_and_readable_in_each_language(locale: str) -> None:
    key = SigningKey(new_key())
    desk, voice, said = ReceiptDesk(key, KnownKeys([key.public]), None), tongue(locale), a_statement(MOST_PAYOUTS)
    screen = receipt_screen(voice, desk, said, ALL)
    assert screen.document is not None
    assert len(screen.document.content) < 20_000
    assert check(desk.known, screen.document.content).statement == said
    assert length_of(screen.text) <= screen.longest == 1024
    text = receipt_text(voice, said, month(2030, 1), "https://kazi.example/?a=1&b=2")
    assert "https://kazi.example/?a=1&b=2" in text
    assert not re.search(r"</?b>|&amp;|&lt;", text)
    for row in periods_screen(voice, latest_months(said.issued_at, 3)).buttons:
        assert all(width(button.label) <= WIDEST for button in row), row
