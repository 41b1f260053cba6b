"""Practice in the chat: offered truthfully, explained, tried twice, begun anew; and never mixed up with paid work."""

from collections.abc import Sequence

import aiohttp

from crowd.batches.posting import Posted
from kazi.demo.crowd import MANNERS
from sandbox.workers import Character, Knowledge, Limits, Phone, Worker
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.requester.scene import Item

PRACTICE = [
    Item("p0", "practice 0", "good", "It is said so.", practice=True),
    Item("p1", "practice 1", "bad", "It is not.", practice=True),
    Item("p2", "practice 2", "good", practice=True),
]
WORK = [Item(f"i{at}", f"sentence {at}") for at in range(4)]
GOOD, BAD = r"pa:\d+:\d:0", r"pa:\d+:\d:1"


async def offered(chat: Chat, **changed: object) -> tuple[Person, Posted, Screen]:
    """Somebody before their first task of a batch, and the screen that they then see."""
    language = own_language()
    batch = await chat.batch(language, [*PRACTICE, *WORK], **changed)
    person = await chat.worker(language)
    return person, batch, await person.begin(batch)


async def done(person: Person, answers: Sequence[str]) -> Screen:
    """The screen after so many answers, each followed by “Next”."""
    screen = await person.screen()
    for each in answers:
        await person.tap(each)
        screen = await person.tap(r"pn:.*")
    return screen


async def paid_tasks(chat: Chat, person: Person) -> int:
    """How many tasks were handed to somebody."""
    found: int = await chat.value(
        "SELECT (SELECT count(*) FROM lease l WHERE l.worker_id = w.id)"
        " + (SELECT count(*) FROM answer a WHERE a.worker_id = w.id) FROM worker w WHERE w.person_id = $1",
        person.id,
    )
    return found


async def test_practice_is_offered_before_the_first_task_and_free_to_skip(chat: Chat) -> None:
    person, batch, screen = await offered(chat)
    assert "There are 3 practice tasks" in screen.text
    assert "about 1 minute and is not paid" in screen.text
    assert "free to skip" in screen.text
    task = await person.tap(f"go:{batch.batch_id}:paid")
    assert task.text.startswith("sentence")
    assert (await person.tap(r"a:\d+:0")).text.startswith("✓")
    assert (await person.say("/work")).text.startswith("sentence")  # it is offered once


async def test_a_batch_without_practice_begins_at_once(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    assert (await person.begin(batch)).has(r"a:\d+:0")


async def test_a_practice_task_looks_like_a_task_and_each_answer_is_explained(chat: Chat) -> None:
    person, batch, _ = await offered(chat)
    screen = await person.tap(f"po:{batch.batch_id}")
    assert "Practice, not paid: 1 of 3" in screen.text
    assert "practice 0" in screen.text
    assert screen.labels[:4] == ["Good", "Bad", "Neither", "🤷 Don't know"]
    wrong = await person.tap(BAD)
    assert "Not right: Bad" in wrong.text
    assert "The right answer: Good" in wrong.text
    assert "It is said so." in wrong.text
    assert "Practice, not paid: 1 of 3" in wrong.text
    assert "Practice, not paid: 2 of 3" in (await person.tap(r"pn:.*")).text
    right = await person.tap(BAD)
    assert "Right: Bad" in right.text
    assert "It is not." in right.text
    await person.tap(r"pn:.*")
    assert "Not right: I don't know" in (await person.tap(r"pu:.*")).text


async def test_wrong_ones_come_round_once_more_and_the_end_says_how_it_went(chat: Chat) -> None:
    person, batch, _ = await offered(chat)
    await person.tap(f"po:{batch.batch_id}")
    again = await done(person, [BAD, BAD, BAD])
    assert "second try: 1 of 2" in again.text
    assert "practice 0" in again.text
    end = await done(person, [GOOD, BAD])
    assert "Right at the first try: 1 of 3" in end.text
    assert "Right at the second try: 1 of 2" in end.text
    assert (await person.tap(f"go:{batch.batch_id}:paid")).text.startswith("sentence")


async def test_practice_costs_nothing_and_counts_nowhere(chat: Chat) -> None:
    person, batch, _ = await offered(chat)
    await person.tap(f"po:{batch.batch_id}")
    await done(person, [BAD, GOOD, BAD, BAD, GOOD, BAD])
    assert await paid_tasks(chat, person) == 0
    assert await chat.value("SELECT count(*) FROM task WHERE batch_id = $1", batch.batch_id) == len(WORK)
    assert not await chat.value(
        "SELECT EXISTS (SELECT FROM track r JOIN worker w ON w.id = r.worker_id WHERE w.person_id = $1)", person.id
    )
    assert "sentence" in (await person.tap(f"go:{batch.batch_id}:paid")).text


async def test_practice_can_be_begun_anew(chat: Chat) -> None:
    person, batch, _ = await offered(chat)
    await person.tap(f"po:{batch.batch_id}")
    end = await done(person, [GOOD, BAD, GOOD])
    assert "Right at the first try: 3 of 3" in end.text
    anew = await person.tap(r"pr:.*")
    assert "Practice, not paid: 1 of 3" in anew.text
    await person.tap(BAD)
    screen = await person.forge(end.find(r"pr:.*"))  # an old button forgets nothing
    assert "Not right: Bad" in screen.text


async def test_paid_work_waits_where_a_share_of_the_practice_must_be_right(chat: Chat) -> None:
    person, batch, screen = await offered(chat, practice_pass=0.6)
    assert "Paid work opens when 2 of 3 are right" in screen.text
    assert not screen.has("go:.*")
    refused = await person.forge(f"go:{batch.batch_id}:paid")
    assert "Paid work opens when 2 of 3 are right" in refused.text
    await person.tap(f"p:{batch.batch_id}", await person.say("/practice"))
    await person.tap(f"po:{batch.batch_id}")
    failed = await done(person, [BAD, GOOD, GOOD, BAD, GOOD])
    assert "Please practise again" in failed.text
    assert not failed.has("go:.*")
    assert await paid_tasks(chat, person) == 0


async def test_after_failing_one_begins_anew_until_it_is_enough(chat: Chat) -> None:
    person, batch, _ = await offered(chat, practice_pass=1)
    await person.tap(f"po:{batch.batch_id}")
    failed = await done(person, [GOOD, BAD, BAD, BAD])
    assert "Please practise again" in failed.text
    assert not failed.has("go:.*")
    await person.tap(r"pr:.*")
    passed = await done(person, [GOOD, BAD, BAD, GOOD])
    assert "paid work is open" in passed.text
    assert (await person.tap(f"go:{batch.batch_id}:paid")).text.startswith("sentence")


async def test_practice_goes_on_where_it_was_left(chat: Chat) -> None:
    person, batch, _ = await offered(chat)
    await person.tap(f"po:{batch.batch_id}")
    await person.tap(GOOD)
    left = await person.tap("pl")
    assert "Work for you" in left.text or left.has(f"w:{batch.batch_id}")
    listed = await person.say("/practice")
    half = await person.tap(f"p:{batch.batch_id}", listed)
    assert "Done so far: 1 of 3" in half.text
    assert "Practice, not paid: 2 of 3" in (await person.tap(f"po:{batch.batch_id}")).text
    assert "Practice, not paid: 2 of 3" in (await person.say("/work")).text


async def test_practice_lists_only_what_one_may_work_on(chat: Chat) -> None:
    mine, other = own_language(), own_language()
    batch = await chat.batch(mine, [*PRACTICE, *WORK])
    await chat.batch(other, [*PRACTICE, *WORK])
    await chat.batch(mine)
    person = await chat.worker(mine)
    listed = await person.say("/practice")
    assert [data for data in listed.data if data.startswith("p:")] == [f"p:{batch.batch_id}"]
    stranger = await chat.worker(own_language())
    assert "no practice for you right now" in (await stranger.say("/practice")).text
    await stranger.forge(f"po:{batch.batch_id}")
    assert not any(data.startswith("pa:") for data in (await stranger.screen()).data)


_TRIES = "SELECT tries FROM practised p JOIN worker w ON w.id = p.worker_id WHERE w.person_id = $1"


async def test_double_taps_and_old_buttons_answer_once(chat: Chat) -> None:
    person, batch, _ = await offered(chat)
    first = await person.tap(f"po:{batch.batch_id}")
    await person.finger(BAD, repeat=3)
    verdict = await person.settled()
    assert "Not right: Bad" in verdict.text
    await person.forge(first.find(GOOD))  # the same task once more, out of turn
    assert await chat.value(_TRIES, person.id) == 1
    await person.finger(r"pn:.*", verdict, repeat=3)
    assert "Practice, not paid: 2 of 3" in (await person.say("/work")).text


async def test_a_tap_told_twice_shows_the_same_screen(chat: Chat) -> None:
    person, batch, _ = await offered(chat)
    await person.tap(f"po:{batch.batch_id}")
    await person.finger(GOOD, duplicate_update=True)
    assert "Right: Good" in (await person.settled()).text


async def test_a_written_answer_goes_to_the_practice_task_in_hands_and_needs_no_confirmation(chat: Chat) -> None:
    language = own_language()
    rows = [
        Item("p0", "habari", "how are you", "A greeting.", practice=True),
        Item("i0", "asante"), Item("i1", "karibu"),
    ]  # fmt: skip
    batch = await chat.text_batch(language, rows, least_characters=3)
    person = await chat.worker(language)
    await person.begin(batch)
    assert "Write your answer as a message" in (await person.tap(f"po:{batch.batch_id}")).text
    assert "at least 3 characters" in (await person.say("a")).text
    wrong = await person.say("good night")
    assert "Not right: good night" in wrong.text
    assert "The right answer: how are you" in wrong.text
    assert "No task is waiting" in (await person.say("too late")).text
    again = await person.tap(r"pn:.*")
    assert "second try: 1 of 1" in again.text
    assert "Right: How are you" in (await person.say("How are you")).text
    assert "Right at the second try: 1 of 1" in (await person.tap(r"pn:.*")).text
    await person.tap(f"go:{batch.batch_id}:paid")
    echo = await person.say("thank you")
    assert echo.has("ok:.*")
    await person.tap("ok:.*")
    assert await person.answers() == 1


async def test_a_text_is_for_the_task_that_came_last(chat: Chat) -> None:
    language = own_language()
    rows = [Item("p0", "habari", "how are you", practice=True), Item("i0", "asante"), Item("i1", "karibu")]
    batch = await chat.text_batch(language, rows)
    person = await chat.worker(language)
    await person.begin(batch)
    paid = await person.tap(f"go:{batch.batch_id}:paid")
    assert "practice" not in paid.text.lower()
    listed = await person.say("/practice")
    await person.tap(f"p:{batch.batch_id}", listed)
    await person.tap(f"po:{batch.batch_id}")
    assert "Not right: some words" in (await person.say("some words")).text
    back = await person.tap("pl")
    assert back.lease_id == paid.lease_id
    assert (await person.say("some words")).has(f"ok:{paid.lease_id}:.*")
    assert await person.answers() == 0


async def test_explanations_are_in_the_workers_language_or_the_nearest_there_is(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, [*PRACTICE, *WORK])
    person = await chat.worker(language, locale="sw")
    await person.begin(batch)
    await person.tap(f"po:{batch.batch_id}")
    verdict = await person.tap(GOOD)
    assert "Sahihi" in verdict.text
    assert "It is said so." in verdict.text


async def test_the_demos_workers_find_their_way_through_practice_that_is_needed(chat: Chat) -> None:
    person, batch, _ = await offered(chat, practice_pass=1)
    known = {item.text: (item.gold or "good").title() for item in (*PRACTICE, *WORK)}
    async with aiohttp.ClientSession() as session:
        phone = Phone(session, chat.base_url, person.id)
        limits = Limits(idle_s=1, nudges=0)
        await Worker(phone, Character(skill=0.7), Knowledge(known, ("Good", "Bad", "Neither")), MANNERS, limits).run()
    assert await chat.value(
        "SELECT count(*) FROM practised p JOIN practice_task t ON t.id = p.task_id WHERE t.batch_id = $1",
        batch.batch_id,
    ) == len(PRACTICE)
    assert await person.answers() == len(WORK)


async def test_nobody_is_stopped_by_a_pause_from_practising(chat: Chat) -> None:
    person, batch, _ = await offered(chat)
    await person.tap(f"go:{batch.batch_id}:paid")
    await chat.run(
        "UPDATE track SET paused_at = now(), pause_reason = 'golds' FROM worker w"
        " WHERE w.id = track.worker_id AND w.person_id = $1",
        person.id,
    )
    await person.tap(f"p:{batch.batch_id}", await person.say("/practice"))
    assert "Practice, not paid: 1 of 3" in (await person.tap(f"po:{batch.batch_id}")).text
    assert "Right: Good" in (await person.tap(GOOD)).text


async def test_a_text_is_for_paid_work_again_once_that_went_on_after_practice_was_left_lying(chat: Chat) -> None:
    language = own_language()
    rows = [Item("p0", "habari", "how are you", practice=True), *WORK]
    batch = await chat.text_batch(language, rows)
    person = await chat.worker(language)
    await person.begin(batch)
    await person.tap(f"go:{batch.batch_id}:paid")
    echo = await person.say("paid words")
    await person.tap(f"p:{batch.batch_id}", await person.say("/practice"))
    await person.tap(f"po:{batch.batch_id}")
    chat.clock.advance(1)
    await person.finger("ok:.*", echo)
    assert await person.answers() == 1
    assert (await person.say("more paid words")).has("ok:.*")
    assert not await chat.value(
        "SELECT count(*) FROM practised p JOIN worker w ON w.id = p.worker_id WHERE w.person_id = $1", person.id
    )
