"""/payout: from what is available to a payout asked for, by taps and messages."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.views.notices import notice_screen
from crowd.bonuses.paying import pay_bonus
from crowd.bonuses.pot import put_in
from crowd.money.holds import release_holds
from crowd.outbox import Notice
from crowd.payouts.queue import approve, refuse
from crowd.payouts.states import OWN, PayoutState
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.bot.looks import isolated, plain
from tests.bot.payout_looks import MASKED, news

NUMBER = "0712 345 678"
KEPT = "+255712345678"


async def rich(chat: Chat, locale: str = "en", *, answers: int = 5) -> Person:
    """Somebody in Tanzania who has half a dollar available for each answer."""
    language = own_language()
    batch = await chat.batch(language, answers + 1, price="0.50")
    person = await chat.worker(language, locale=locale)
    await person.begin(batch)
    for _ in range(answers):
        await person.tap(r"a:\d+:0")
    await chat.run(
        "UPDATE hold SET due_at = $2 WHERE worker_id = (SELECT id FROM worker WHERE person_id = $1)",
        person.id, chat.clock.now(),
    )  # fmt: skip
    await release_holds(chat.database)
    return person


async def enter(person: Person, number: str = NUMBER, name: str = "Amina Juma") -> Screen:
    """From /payout to details that are kept."""
    await person.say("/payout")
    await person.tap("od")
    await person.tap("od:mobile_money")
    await person.say(number)
    await person.say(name)
    return await person.tap("oc:.*")


async def ask(person: Person) -> Screen:
    await person.say("/payout")
    await person.tap("oa:USD")
    return await person.tap("oy:.*")


async def payouts(person: Person) -> list[tuple[str, int]]:
    async with person.chat.onlooker.reading() as tx:
        rows = await tx.rows(
            "SELECT p.state, p.amount FROM payout p JOIN worker w ON w.id = p.worker_id WHERE w.person_id = $1 "
            "ORDER BY p.id",
            person.id,
        )
    return [(row["state"], row["amount"]) for row in rows]


async def last_payout(person: Person) -> int:
    number: int = await person.chat.value(
        "SELECT max(p.id) FROM payout p JOIN worker w ON w.id = p.worker_id WHERE w.person_id = $1", person.id
    )
    return number


@contextmanager
def later(chat: Chat, by: timedelta) -> Iterator[None]:
    """Then, and now again: screens older than some hours are not changed any more."""
    chat.clock.advance(by.total_seconds())
    yield
    chat.clock.advance(-by.total_seconds())


@pytest.mark.parametrize("locale", ["en", "ar"])
async def test_from_what_was_earned_to_a_payout_asked_for(chat: Chat, locale: str) -> None:
    person, voice = await rich(chat, locale), tongue(locale)
    await person.say("/earnings")
    screen = await person.tap("out")
    assert voice.money(2_500_000, "USD") in screen.text
    assert not screen.has("oa:USD"), "nobody knows where it is to go"
    assert (await person.tap("od")).has("od:mobile_money")
    await person.tap("od:mobile_money")
    screen = await person.say(NUMBER)
    assert screen.data == ["or", "ox"]
    check = await person.say("Amina <Juma>")
    assert KEPT in check.text
    assert "Amina <Juma>" in check.text
    kept = await person.tap("oc:.*")
    assert kept.message_id == check.message_id, "only what is masked stays"
    assert "•••• 5678" in kept.text
    everything = "".join(one.text for one in await person.screens())
    assert KEPT not in everything
    assert "Amina <" not in everything
    confirm = await person.tap("oa:USD")
    assert "•••• 5678" in confirm.text
    done = await person.tap("oy:.*")
    assert await payouts(person) == [("requested", 2_500_000)]
    assert done.has(r"ot:\d+")
    assert not done.has("oa:USD")
    assert all(isolated(one.text) for one in await person.screens())


async def test_the_screens_say_what_is_too_little_to_be_sent_and_stays(chat: Chat) -> None:
    person = await rich(chat, answers=1)
    async with chat.database.transaction() as tx:
        worker = await tx.value("SELECT id FROM worker WHERE person_id = $1", person.id)
        await put_in(tx, 9_000_000, "USD", key="finer", by="test")
        await pay_bonus(tx, worker, 2_005_000, "USD", "a test", key="finer", by="test")
    text = (await enter(person)).text
    assert "To be paid out: $2.50" in text
    stays = "$0.005 stays available: nobody can send so little."
    assert stays in text
    await person.say("/payout")
    assert stays in (await person.tap("oa:USD")).text
    await person.tap("oy:.*")
    assert await payouts(person) == [("requested", 2_500_000)]


async def test_every_screen_on_the_way_says_what_there_is(chat: Chat) -> None:
    person = await rich(chat, answers=1)
    text = (await person.say("/payout")).text
    assert "Available: $0.50" in text
    assert "say where your money is to go" in text
    text = (await enter(person)).text
    assert "Smallest payout: $1.00" in text
    assert "Fee" not in text, "there is none"
    assert "Once $0.50 more is available" in text
    assert "Your money goes to: Mobile money •••• 5678" in text
    newcomer = await chat.worker(own_language())
    assert "Nothing can be paid out yet" in (await newcomer.say("/payout")).text


async def test_a_number_that_cannot_be_right_is_asked_for_again(chat: Chat) -> None:
    person = await rich(chat)
    await person.say("/payout")
    await person.tap("od")
    await person.tap("od:mobile_money")
    for wrong in ("0712", "Amina", "+255 000"):
        screen = await person.say(wrong)
        assert "no mobile phone number of your country (Tanzania)" in screen.text
        assert "Which phone number" in screen.text
    assert "In whose name" in (await person.say(NUMBER)).text
    assert "no name" in (await person.say("7")).text
    assert KEPT in (await person.say("Amina")).text


async def test_a_text_is_the_next_field_before_it_could_be_an_answer_and_commands_leave_it_open(chat: Chat) -> None:
    language = own_language()
    writer = await chat.worker(language)
    await writer.begin(await chat.text_batch(language))
    await writer.say("/payout")
    await writer.tap("od")
    await writer.tap("od:mobile_money")
    assert (await writer.say("/work")).has(r"m:\d+")
    assert "In whose name" in (await writer.say(NUMBER)).text
    assert "In whose name" in (await writer.say("/payout")).text, "where one is"
    await writer.tap("ox")
    assert (await writer.say("my own words")).has("ok:.*")


async def test_a_phone_number_by_the_phones_own_button_is_not_taken(chat: Chat) -> None:
    person = await rich(chat)
    await person.say("/payout")
    await person.tap("od")
    last = await person.tap("od:mobile_money")
    await chat.control("POST", f"/users/{person.id}/messages", {"contact": True})
    screen = await person.until(lambda one: one.message_id > last.message_id)
    assert "was not taken and is not kept" in screen.text
    assert "Which phone number" in screen.text


async def test_what_was_mistyped_is_entered_anew_and_an_old_screen_confirms_nothing(chat: Chat) -> None:
    person = await rich(chat)
    await person.say("/payout")
    await person.tap("od")
    await person.tap("od:mobile_money")
    await person.say("0722 000 111")
    old = await person.say("Amina")
    await person.tap("or")
    await person.say(NUMBER)
    await person.say("Amina")
    await person.tap("oc:.*", old)
    shown = await chat.value(
        "SELECT count(*) FROM payout_details d JOIN worker w ON w.id = d.worker_id WHERE w.person_id = $1", person.id
    )
    assert shown == 0
    assert "•••• 5678" in (await person.tap("oc:.*", await person.screen())).text


async def test_a_change_says_before_and_after_that_payouts_rest_and_until_when(chat: Chat) -> None:
    person = await rich(chat)
    assert "rest" not in (await enter(person)).text
    await person.say("/payout")
    assert "payouts rest for 24 hours" in (await person.tap("od")).text
    await person.tap("od:mobile_money")
    await person.say("0722 000 111")
    assert "payouts rest for 24 hours" in (await person.say("Amina")).text
    screen = await person.tap("oc:.*")
    until = tongue("en").moment(chat.clock.now() + timedelta(hours=24), "Africa/Dar_es_Salaam")
    assert f"payouts rest until {until}" in screen.text
    told = await person.until(lambda one: "Where your money goes was changed" in one.text)
    assert "Mobile money •••• 0111" in told.text
    assert "If it was not you" in told.text
    assert told.message_id != screen.message_id, "no screen replaces it"
    assert told.data == ["od"]
    assert not screen.has("oa:USD")
    assert "Nothing was asked for" in (await person.forge("oa:USD")).text
    with later(chat, timedelta(hours=24)):
        assert (await person.say("/payout")).has("oa:USD")


async def test_it_can_be_taken_back_until_it_is_approved(chat: Chat) -> None:
    person = await rich(chat)
    await enter(person)
    asked = await ask(person)
    screen = await person.tap(r"ot:\d+")
    assert "Taken back: $2.50 is available again" in screen.text
    assert screen.has("oa:USD")
    await person.finger(r"ot:\d+", asked)
    assert await payouts(person) == [("cancelled", 2_500_000)]
    await ask(person)
    async with chat.database.transaction() as tx:  # it waits for a second person
        assert await approve(tx, [await last_payout(person)], by="house/amina", four_eyes={"USD": 0}) == (
            [],
            [await last_payout(person)],
        )
    assert "Taken back: $2.50 is available again" in (await person.tap(r"ot:\d+")).text
    asked = await ask(person)
    async with chat.database.transaction() as tx:
        await approve(tx, [await last_payout(person)], by="house/amina", four_eyes={"USD": 10**9})
    told = await person.until(lambda one: "Your payout of $2.50 is approved" in one.text)
    assert told.data == ["out"]
    screen = await person.tap(r"ot:\d+", asked)
    assert "cannot be taken back any more" in screen.text
    assert "looked at; it is sent next" in screen.text
    assert [state for state, _ in await payouts(person)] == ["cancelled", "cancelled", "approved"]


async def test_two_taps_at_once_ask_once_and_old_buttons_ask_for_nothing(chat: Chat) -> None:
    person = await rich(chat)
    await enter(person)
    await person.say("/payout")
    confirm = await person.tap("oa:USD")
    await asyncio.gather(*(person.finger("oy:.*", confirm) for _ in range(3)))
    screen = await person.settled()
    assert await payouts(person) == [("requested", 2_500_000)]
    assert "Under way" in screen.text
    async with chat.database.transaction() as tx:
        await refuse(tx, await last_payout(person), "not <yours> /stop", by="house/amina")
    await person.until(lambda one: "was not sent" in one.text)
    await chat.run(
        "UPDATE hold SET due_at = $2 WHERE worker_id = (SELECT id FROM worker WHERE person_id = $1)",
        person.id, chat.clock.now(),
    )  # fmt: skip
    screen = await person.say("/payout")
    assert "not sent; the money is available again" in screen.text
    assert "The reason: “not <yours> /\u2060stop”" in screen.text
    assert "Something has changed" in (await person.forge("oy:USD:990000:1")).text
    for nonsense in ("oy", "oy:USD", "oa", "oa:EUR", "ot", "ot:1", "oc", "oc:1", "or", "od:nothing"):
        await person.forge(nonsense)
    assert [state for state, _ in await payouts(person)] == ["refused"]


async def test_an_update_that_comes_twice_asks_once_and_shows_the_question_that_is_open(chat: Chat) -> None:
    person = await rich(chat)
    await person.say("/payout")
    await person.tap("od")
    await person.finger("od:mobile_money", duplicate_update=True)
    assert "Which phone number" in (await person.settled()).text
    await person.say(NUMBER)
    await person.say("Amina")
    await person.finger("oc:.*", duplicate_update=True)
    await person.settled()
    await person.say("/payout")
    await person.tap("oa:USD")
    await person.finger("oy:.*", duplicate_update=True)
    await person.settled()
    assert await payouts(person) == [("requested", 2_500_000)]


async def test_who_has_no_country_is_asked_for_it_first(chat: Chat) -> None:
    person = await rich(chat)
    await chat.run("UPDATE worker SET country = NULL WHERE person_id = $1", person.id)
    await person.say("/payout")
    screen = await person.tap("od")
    assert "Choose it, and send /payout again" in screen.text
    assert "Which country are you in?" in screen.text


async def test_who_stopped_gets_their_money_and_who_has_not_joined_joins_first(chat: Chat) -> None:
    person = await rich(chat)
    await person.say("/stop")
    await enter(person)
    await ask(person)
    assert await payouts(person) == [("requested", 2_500_000)]
    stranger = await chat.person()
    assert (await stranger.say("/payout")).has("start")
    assert (await stranger.say("/start")).has("agree")
    assert (await stranger.say("/payout")).has("agree")


@pytest.mark.unit
@pytest.mark.parametrize("locale", available())
@pytest.mark.parametrize("state", sorted(set(PayoutState) - OWN))
def test_a_notice_names_the_amount_and_where_it_goes_or_why_it_does_not(locale: str, state: PayoutState) -> None:
    voice = tongue(locale)
    failed = state in {PayoutState.FAILED, PayoutState.REFUSED}
    content = news(state, "No <such> number" if failed else None)
    screen = notice_screen(voice, Notice(1, 2, locale, "payout", content, 1, True))
    text = plain(screen).replace("\u2068", "").replace("\u2069", "")
    assert voice.money(2_500_000, "USD") in text
    assert state is PayoutState.APPROVED or MASKED in text
    assert ("No <such> number" in text) == failed
    assert [button.data for row in screen.buttons for button in row] == ["out"]


@pytest.mark.unit
def test_each_state_has_words_of_its_own() -> None:
    texts = {
        plain(notice_screen(tongue("en"), Notice(1, 2, "en", "payout", news(state, "why"), 1, True)))
        for state in set(PayoutState) - OWN
    }
    assert len(texts) == len(set(PayoutState) - OWN)
