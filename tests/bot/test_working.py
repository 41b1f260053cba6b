"""Answering tasks and all that stands beside it."""

from datetime import timedelta

import pytest

from bot.i18n.tongue import tongue
from crowd import batches
from crowd.batches import State
from crowd.leases import expire_leases
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


async def test_a_paused_worker_is_told_and_keeps_the_money(chat: Chat) -> None:
    language = own_language()
    golds = [Item(f"g{one}", f"gold {one}", "good") for one in range(60)]
    rows = [*golds, *(Item(f"i{one}", f"task {one}") for one in range(60))]
    batch = await chat.batch(language, rows, overlap={"least": 20, "most": 20})
    person = await chat.worker(language)
    await person.begin(batch)
    await chat.run(
        "UPDATE track SET golds = 30, evidence = 100 WHERE language = $1", language
    )  # as after many wrong golds; the next one decides
    await chat.run("UPDATE participation SET gold_lap = 0 WHERE batch_id = $1", batch.batch_id)
    paused = False
    for _ in range(40):
        screen = await person.screen()
        if not screen.has(r"a:\d+:1"):
            paused = True
            break
        await person.tap(r"a:\d+:1")
    assert paused
    assert "paused for you" in screen.text
    assert "paused for you" in (await person.say("/work")).text
    assert "$0.02" in (await person.say("/earnings")).text


# Why there is no work


async def test_nothing_is_offered_where_nothing_is_open(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    person = await chat.worker(own_language())
    assert "no work at all right now" in (await person.say("/work")).text


async def test_work_in_other_languages_only_is_named(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    await chat.batch("ha", ["wani abu"])
    person = await chat.worker(own_language())
    screen = await person.say("/work")
    assert "languages that you have not chosen: Hausa" in screen.text
    assert (await person.tap("langs")).has("lang:ha")
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")


async def test_a_missing_skill_is_named(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    language = own_language()
    await chat.batch(language, 1, skills=["medicine"])
    person = await chat.worker(language)
    assert "skills you have not shown yet: medicine" in (await person.say("/work")).text


async def test_who_has_done_all_is_told_so(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    language = own_language()
    batch = await chat.batch(language, 2, overlap={"least": 2, "most": 2})
    person = await chat.worker(language)
    await person.begin(batch)
    await person.tap(r"a:\d+:0")
    await person.tap(r"a:\d+:0")
    assert "You have done all the tasks there are for you" in (await person.say("/work")).text


async def test_who_has_skipped_the_rest_is_not_offered_it_again(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    language = own_language()
    batch = await chat.batch(language, 2, overlap={"least": 2, "most": 2})
    person = await chat.worker(language)
    await person.begin(batch)
    await person.tap(r"a:\d+:0")
    await person.tap(r"s:\d+")
    await person.tap(r"s:\d+:hard")
    screen = await person.say("/work")
    assert not screen.has("w:.*")
    assert "You have done all the tasks there are for you" in screen.text


@pytest.mark.parametrize(
    ("state", "told"), [(State.PAUSED, "The requester has paused this batch"), (State.CLOSED, "This batch is finished")]
)
async def test_a_batch_that_ends_says_so(chat: Chat, state: State, told: str) -> None:
    language = own_language()
    batch = await chat.batch(language, 3)
    person = await chat.worker(language)
    await person.begin(batch)
    async with chat.database.transaction() as tx:
        await batches.set_state(tx, batch.batch_id, state, actor="test")
    screen = await person.tap(r"a:\d+:0")
    if state is State.PAUSED:  # what was under way still counts
        assert told in screen.text
    else:
        assert person.toast == "That task was given back. Here is where you are now."
    assert await person.answers() == int(state is State.PAUSED)
    assert told in (await person.forge(f"go:{batch.batch_id}")).text


async def test_a_batch_out_of_money_says_so(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 3)
    person = await chat.worker(language)
    await person.begin(batch)
    await chat.run(
        "UPDATE account SET reserved = balance WHERE kind = 'escrow' AND owner = $1", batch.batch_id
    )  # as if all of it were promised to others
    screen = await person.tap(r"a:\d+:0")
    assert "used up" in screen.text


async def test_a_late_answer_still_counts_while_the_task_is_open(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 1)
    person = await chat.worker(language)
    task = await person.begin(batch)
    chat.clock.advance(timedelta(minutes=11).total_seconds())
    await expire_leases(chat.database)
    await person.tap(r"a:\d+:0", task)
    assert await person.answers() == 1


async def test_a_task_that_somebody_else_did_meanwhile_is_not_answered_twice(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 1)
    slow, quick = await chat.worker(language), await chat.worker(language)
    task = await slow.begin(batch)
    chat.clock.advance(timedelta(minutes=11).total_seconds())
    await expire_leases(chat.database)
    await quick.begin(batch)
    await quick.tap(r"a:\d+:0")
    await slow.tap(r"a:\d+:0", task)
    assert slow.toast is not None
    assert "Time for that task ran out" in slow.toast
    assert await slow.answers() == 0


# What is written


async def test_a_text_is_echoed_and_counts_once_it_is_confirmed(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    echo = await person.say("my  own   <b>words</b>")
    assert "my own <b>words</b>" in echo.text
    assert await person.answers() == 0
    screen = await person.tap("ok:.*")
    assert "+$0.02" in screen.text
    assert await chat.value("SELECT value #>> '{}' FROM answer WHERE batch_id = $1", batch.batch_id) == (
        "my own <b>words</b>"
    )


async def test_a_text_can_be_written_again_before_it_is_sent(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    await person.say("first words")
    echo = await person.say("better words")
    await person.tap("ok:.*", echo)
    assert await chat.value("SELECT value #>> '{}' FROM answer WHERE batch_id = $1", batch.batch_id) == "better words"


async def test_an_old_echo_does_not_send_newer_words(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    old = await person.say("first words")
    await person.say("better words")
    screen = await person.tap("ok:.*", old)
    assert await person.answers() == 0
    assert "better words" in screen.text
    await person.tap("ok:.*", screen)
    assert await chat.value("SELECT value #>> '{}' FROM answer WHERE batch_id = $1", batch.batch_id) == "better words"


async def test_a_text_confirmed_twice_counts_once(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    echo = await person.say("words")
    await person.finger("ok:.*", echo, repeat=3)
    screen = await person.settled()
    assert await person.answers() == 1
    assert screen.text.startswith(("✓", "sentence"))
    await person.say("more words")
    await person.finger("ok:.*", echo)
    assert person.toast is not None
    assert "counts once" in person.toast
    assert await person.answers() == 1


async def test_a_text_too_short_or_too_long_is_sent_back_with_the_reason(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language, least_characters=5, most_characters=10)
    person = await chat.worker(language)
    task = await person.begin(batch)
    short = await person.say("a b")
    assert "at least 5 characters" in short.text
    assert short.lease_id == task.lease_id
    long = await person.say("x" * 11)
    assert "at most 10 characters. Yours has 11." in long.text
    assert (await person.say("\u200b\u2060" * 20)).text.startswith("⚠️")
    assert await person.answers() == 0


async def test_a_text_where_a_button_is_wanted_is_told_so(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    screen = await person.say("good")
    assert "Tap one of the buttons" in screen.text
    assert screen.lease_id == task.lease_id


async def test_a_written_task_can_be_skipped_at_its_echo(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    echo = await person.say("words")
    await person.tap(r"s:\d+", echo)
    screen = await person.tap(r"s:\d+:hard")
    assert "Skipped" in screen.text
    assert await person.answers() == 0
    await person.tap("ok:.*", echo)
    assert await person.answers() == 0


async def late(chat: Chat) -> None:
    """What was in hands goes back."""
    chat.clock.advance(timedelta(minutes=11).total_seconds())
    await expire_leases(chat.database)


async def test_a_text_that_comes_late_is_echoed_with_its_item_and_still_counts(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language, ["the late one"], dont_know=False)
    person = await chat.worker(language)
    await person.begin(batch)
    await late(chat)
    short = (await person.say("\u200b\u2060")).text
    assert short.startswith("⚠️")
    assert "the late one" in short
    echo = await person.say("late words")
    assert "the late one" in echo.text
    assert "late words" in echo.text
    assert await person.answers() == 0
    await person.tap("ok:.*")
    assert await person.answers() == 1
    assert await chat.value("SELECT value #>> '{}' FROM answer WHERE batch_id = $1", batch.batch_id) == "late words"


async def test_a_text_that_comes_late_is_not_sent_unseen_for_another_task(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language, ["one item", "other item"])
    person = await chat.worker(language)
    task = await person.begin(batch)
    await late(chat)
    other = await person.forge(f"go:{batch.batch_id}")
    shown = other.text.split("\n\n")[0]
    assert shown not in task.text
    assert (await person.say("words for the first")).text.startswith(shown)


async def test_a_text_that_comes_too_late_is_told_so(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language, 1)
    slow, quick = await chat.worker(language), await chat.worker(language)
    await slow.begin(batch)
    await late(chat)
    echo = await slow.say("slow words")
    await quick.begin(batch)
    await quick.say("quick words")
    await quick.tap("ok:.*")
    assert "not sent to anybody" in (await slow.say("slow words again")).text
    await slow.tap("ok:.*", echo)
    assert slow.toast is not None
    assert "Time for that task ran out" in slow.toast
    assert await slow.answers() == 0


async def test_a_text_that_no_task_waits_for_is_told_so(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    assert "not sent to anybody" in (await person.say("hello")).text
    await person.begin(batch)
    await late(chat)
    screen = await person.say("good")  # the task that ran out is not one to write to
    assert "not sent to anybody" in screen.text
    await person.say("/stop")
    assert (await person.say("hello")).has("return")


# Much work


async def test_all_batches_can_be_reached_however_many_there_are(chat: Chat) -> None:
    language = own_language()
    posted = [await chat.batch(language, 1) for _ in range(18)]
    person = await chat.worker(language)
    screen = await person.say("/work")
    seen = [data for data in screen.data if data.startswith("w:")]
    for page in (2, 3):
        screen = await person.tap(f"work:{page}")
        seen += [data for data in screen.data if data.startswith("w:")]
    assert sorted(seen) == sorted(f"w:{batch.batch_id}" for batch in posted)
    assert not screen.has("work:4")
    assert (await person.tap("work:2")).has("work:1")
    for beyond in ("work:99", "work:999999999999999999"):
        assert (await person.forge(beyond)).data == screen.data


# Commands beside the work


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


async def test_more_languages_bring_more_work(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    one, other = own_language(), own_language()
    batch = await chat.batch(other)
    person = await chat.worker(one)
    assert not (await person.say("/work")).has("w:.*")
    await person.say("/languages")
    await person.tap(f"lang:{other}")
    await person.tap(f"level:{other}:good")
    screen = await person.tap("langs:done")
    assert screen.has(f"w:{batch.batch_id}")


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


async def test_a_late_answer_of_one_who_stopped_hands_out_nothing(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    chat.clock.advance(timedelta(minutes=11).total_seconds())
    await expire_leases(chat.database)
    await person.say("/stop")
    await person.tap(r"a:\d+:0", task)
    assert await chat.value("SELECT count(*) FROM lease WHERE batch_id = $1", batch.batch_id) == 0


async def test_help_names_every_command(chat: Chat) -> None:
    person = await chat.worker(own_language())
    for said in ("/help", "/HELP", "/help@kazi_bot", "/nosuchcommand", "/", "/\u3000"):
        screen = await person.say(said)
        for command in ("work", "earnings", "languages", "language", "stop"):
            assert f"/{command}" in screen.text
