"""Answering tasks and all that stands beside it."""

from dataclasses import replace

import pytest

from bot.i18n.tongue import tongue
from tests.bot.chat import Chat, own_language
from tests.requester.scene import Item


async def test_an_answer_becomes_the_next_task_in_the_same_message(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 4)
    person = await chat.worker(language)
    first = await person.begin(batch)
    seen = {first.text}
    for done in range(1, 4):
        screen = await person.tap(r"a:\d+:1")
        assert screen.message_id == first.message_id
        assert f"+$0.02 · {done} done" in screen.text
        seen.add(screen.text.split("\n\n")[1])
    assert len(seen) == 4
    last = await person.tap(r"a:\d+:1")
    assert "+$0.02 · 4 done" in last.text
    assert "You have done all the tasks" in last.text
    assert await person.answers() == 4


async def test_a_break_keeps_the_task_and_work_goes_on_with_it(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    await person.tap(r"m:\d+")
    screen = await person.tap("break")
    due = await chat.value("SELECT due_at FROM lease WHERE id = $1", task.lease_id)
    assert f"Your task waits for you until {tongue('en').moment(due, 'Africa/Dar_es_Salaam')}." in screen.text
    assert "\n\nWork for you\n" in screen.text
    assert screen.rows[0] == (("▶️ Back to the task", f"b:{task.lease_id}"),)
    assert (await person.tap("b:.*")).text == task.text
    again = await person.say("/work")
    assert again.lease_id == task.lease_id
    assert again.text == task.text


async def test_who_picks_another_batch_is_told_of_the_task_in_hands(chat: Chat) -> None:
    language = own_language()
    one, other = await chat.batch(language, title={"en": "The one"}), await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(one)
    for forged in (f"w:{other.batch_id}", f"go:{other.batch_id}"):
        await person.tap(r"m:\d+")
        offers = await person.tap("break")
        screen = await person.tap(forged, replace(offers, rows=((("Start", forged),),)))
        assert "Your task in The one is still waiting" in screen.text
        assert (await person.tap(f"b:{task.lease_id}")).text == task.text
    await person.tap(r"m:\d+")
    await person.tap("break")
    await person.tap(f"w:{other.batch_id}")
    screen = await person.tap(f"x:{task.lease_id}:{other.batch_id}")
    assert screen.has(f"go:{other.batch_id}")
    begun = await person.tap(f"go:{other.batch_id}")
    kept = await chat.value("SELECT way FROM passed WHERE lease_id = $1", task.lease_id)
    assert kept == "skipped"
    assert await chat.value("SELECT batch_id FROM lease WHERE id = $1", begun.lease_id) == other.batch_id
    assert (await person.forge(f"x:{task.lease_id}:{one.batch_id}")).lease_id == begun.lease_id  # an old button


async def test_instructions_can_be_read_again_and_lead_back(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    await person.tap(r"m:\d+")
    screen = await person.tap("i:.*")
    assert "Say what it is." in screen.text
    assert (await person.tap("go:.*")).lease_id == task.lease_id


async def test_more_leads_back_to_the_task(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    await person.tap(r"m:\d+")
    assert (await person.tap("b:.*")).rows == task.rows


@pytest.mark.parametrize("reason", ["hard", "unclear", "language", "upsetting", "other"])
async def test_a_skip_costs_nothing_and_its_reason_is_kept(chat: Chat, reason: str) -> None:
    language = own_language()
    batch = await chat.batch(language, 2)
    person = await chat.worker(language)
    task = await person.begin(batch)
    await person.tap(r"s:\d+")
    screen = await person.tap(rf"s:\d+:{reason}")
    assert "Skipped" in screen.text
    assert screen.lease_id != task.lease_id
    kept = await chat.value("SELECT way || ' ' || reason FROM passed WHERE lease_id = $1", task.lease_id)
    assert kept == f"skipped {reason}"


@pytest.mark.parametrize("reason", ["broken", "private", "harmful", "wrong_language", "other"])
async def test_a_broken_item_can_be_reported(chat: Chat, reason: str) -> None:
    language = own_language()
    batch = await chat.batch(language, 2)
    person = await chat.worker(language)
    task = await person.begin(batch)
    await person.tap(r"m:\d+")
    await person.tap(r"r:\d+")
    screen = await person.tap(rf"r:\d+:{reason}")
    assert "Thank you" in screen.text
    kept = await chat.value("SELECT way || ' ' || reason FROM passed WHERE lease_id = $1", task.lease_id)
    assert kept == f"reported {reason}"


async def test_many_skips_in_a_row_are_asked_about(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 12)
    person = await chat.worker(language)
    await person.begin(batch)
    for _ in range(10):
        await person.tap(r"s:\d+")
        screen = await person.tap(r"s:\d+:hard")
    assert "Many skips in a row" in screen.text


async def test_i_dont_know_is_an_answer_where_the_batch_allows_it(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 3)
    person = await chat.worker(language)
    offer = await person.tap(f"w:{batch.batch_id}", await person.say("/work"))
    assert "“I don't know” is paid while it is at most 20% of your answers." in offer.text
    await person.begin(batch)
    screen = await person.tap(r"u:\d+")
    assert "+$0.02 · 1 done" in screen.text
    screen = await person.tap(r"u:\d+")
    assert "not paid, since more than 20% of your answers were “I don't know”" in screen.text
    assert await person.answers() == 2


async def test_i_dont_know_is_no_answer_where_the_batch_does_not_allow_it(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 3, dont_know=False)
    person = await chat.worker(language)
    task = await person.begin(batch)
    assert not task.has(r"u:\d+")
    screen = await person.forge(f"u:{task.lease_id}")
    assert screen.lease_id == task.lease_id
    assert await person.answers() == 0


async def test_who_learns_is_told_what_was_right_and_why(chat: Chat) -> None:
    language = own_language()
    golds = [Item(f"g{one}", f"gold {one}", "good") for one in range(10)]
    batch = await chat.batch(language, [*golds, *(Item(f"i{one}", f"task {one}") for one in range(40))])
    person = await chat.worker(language)
    screen = await person.begin(batch)
    for _ in range(40):
        item = screen.text.split("\n\n")[-1]
        screen = await person.tap(r"a:\d+:1")
        assert ("The right answer: Good" in screen.text) == item.startswith("gold")
        if item.startswith("gold"):
            return
    raise AssertionError("no gold among 40 tasks")
