"""Answering tasks and all that stands beside it."""

import pytest

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
    assert "Your task waits for you" in screen.text
    again = await person.say("/work")
    assert again.lease_id == task.lease_id
    assert again.text == task.text


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
    await person.begin(batch)
    screen = await person.tap(r"u:\d+")
    assert "+$0.02 · 1 done" in screen.text
    screen = await person.tap(r"u:\d+")
    assert "not paid" in screen.text
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
