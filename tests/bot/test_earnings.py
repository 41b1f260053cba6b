"""/earnings: what is on hold, available and paid, and the tasks behind it."""

import re
from datetime import timedelta

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from crowd.money.holds import release_holds
from tests.bot.chat import Chat, Person, own_language


async def earned(chat: Chat, answers: int, **changed: str) -> Person:
    language = own_language()
    batch = await chat.batch(language, answers + 1, **changed)
    person = await chat.worker(language)
    await person.begin(batch)
    for _ in range(answers):
        await person.tap(r"a:\d+:0")
    return person


async def test_money_is_on_hold_and_then_available(chat: Chat) -> None:
    person = await earned(chat, 2)
    screen = await person.say("/earnings")
    assert "On hold: $0.04\nAvailable: $0.00\nPaid out: $0.00" in screen.text
    assert screen.text.count("on hold until") == 2
    chat.clock.advance(timedelta(hours=73).total_seconds())
    await release_holds(chat.database)
    screen = await person.say("/earnings")
    assert "On hold: $0.00\nAvailable: $0.04\nPaid out: $0.00" in screen.text
    assert "on hold until" not in screen.text


async def test_what_was_paid_out_is_shown(chat: Chat) -> None:
    person = await earned(chat, 1)
    worker = await chat.value("SELECT id FROM worker WHERE person_id = $1", person.id)
    await chat.run(
        "INSERT INTO account (kind, owner, currency) VALUES ('paid', $1, 'USD') ON CONFLICT DO NOTHING", worker
    )
    chat.clock.advance(timedelta(hours=73).total_seconds())
    await release_holds(chat.database)
    await chat.run(
        """
        INSERT INTO transfer (reason, ref, debit, credit, amount, at)
        SELECT 'payout', $1, a.id, p.id, 15000, now() FROM account a, account p
        WHERE a.owner = $1 AND a.kind = 'available' AND p.owner = $1 AND p.kind = 'paid'
        """,
        worker,
    )
    screen = await person.say("/earnings")
    assert "Available: $0.005\nPaid out: $0.015" in screen.text


async def test_each_line_names_the_task_the_answer_and_the_money(chat: Chat) -> None:
    person = await earned(chat, 1, price="0.0305")
    screen = await person.say("/earnings")
    assert re.search(r"• sentence \d+\.\d+\n  → Good · \$0\.0305 · on hold until", screen.text)


async def test_older_pages_show_every_answer_once(chat: Chat) -> None:
    person = await earned(chat, 12)
    screen = await person.say("/earnings")
    seen = re.findall(r"• (.+)", screen.text)
    while screen.has(r"e:\d+"):
        screen = await person.tap(r"e:\d+")
        seen += re.findall(r"• (.+)", screen.text)
    assert len(seen) == len(set(seen)) == 12
    newest = await person.tap("‹ Newest")
    assert re.findall(r"• (.+)", newest.text) == seen[:5]
    assert "‹ Newest" not in newest.labels


async def test_who_has_earned_nothing_is_told_so(chat: Chat) -> None:
    person = await chat.worker(own_language())
    assert "Nothing yet" in (await person.say("/earnings")).text


async def test_earnings_lead_back_to_the_task(chat: Chat) -> None:
    person = await earned(chat, 1)
    task = await person.screen()
    await person.tap(r"m:\d+")
    await person.tap("e")
    assert (await person.tap("work")).lease_id == task.lease_id


@pytest.mark.parametrize("locale", available())
async def test_money_and_dates_are_written_as_the_locale_does(chat: Chat, locale: str) -> None:
    language = own_language()
    batch = await chat.batch(language, 2, price="1234.5", currency="EUR")
    person = await chat.worker(language, locale=locale)
    await person.begin(batch)
    await person.tap(r"a:\d+:0")
    text = (await person.say("/earnings")).text
    wanted = {"en": "€1,234.50", "fr": "1\u202f234,50\xa0€", "ko": "€1,234.50", "sw": "€\xa01,234.50"}
    assert tongue(locale).money(1_234_500_000, "EUR") in text
    assert wanted.get(locale, "") in text
    due = await chat.value(
        "SELECT due_at FROM hold h JOIN worker w ON w.id = h.worker_id WHERE w.person_id = $1", person.id
    )
    assert tongue(locale).moment(due, "Africa/Dar_es_Salaam") in text
