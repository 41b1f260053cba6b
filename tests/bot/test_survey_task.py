"""A survey in the chat: question by question in one message, back and forth, and sent once, as it is shown."""

import asyncio
import csv
import json
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import yaml

from kazi.demo.crowd import MANNERS
from kazi.demo.knowing import known
from sandbox.workers import Character, Knowledge, Limits, Phone, Worker
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.kinds.sample import options
from tests.kinds.samples.survey import question
from tests.requester.scene import Item

ENDS = {"low": {"en": "dirty", "ar": "قذر"}, "high": {"en": "clean", "ar": "نظيف"}}
QUESTIONS = [
    question("often", "choice", options=options(3, ["Daily", "Weekly", "Rarely"])),
    question("buys", "choices", options=options(3, ["Maize", "Beans", "Fish"]), fewest=1),
    question("salt", "text", most_characters=40),
    question("clean", "rating", ends=ENDS),
    question("more", "text", most_characters=40, optional=True),
]
DAILY, WEEKLY, RARELY = (rf"c:\d+:\d+:a0:choice:{number}" for number in range(3))
MAIZE, BEANS, FISH = (rf"c:\d+:\d+:c1:choices:{number}[+-]" for number in range(3))
TICKED = r"c:\d+:\d+:d1:.*"
CLEAN = r"c:\d+:\d+:a3:rating:5"
LEAVE = r"c:\d+:\d+:l4"
SEND = r"ok:.*"


def to(number: int) -> str:
    """The button to a question."""
    return rf"c:\d+:\d+:g{number}"


async def begun(
    chat: Chat, items: int | Sequence[str | Item] = 3, locale: str = "en", **changed: object
) -> tuple[Person, Screen]:
    language = own_language()
    questions = json.loads(json.dumps(QUESTIONS))
    told = {"kind": "survey", "options": None, "questions": questions, **changed}
    batch = await chat.batch(language, items, **told)
    person = await chat.worker(language, locale=locale)
    return person, await person.begin(batch)


async def to_the_end(person: Person) -> Screen:
    """All answers, from the first question."""
    await person.tap(WEEKLY)
    await person.tap(MAIZE)
    await person.tap(TICKED)
    await person.say("two kilos")
    await person.tap(CLEAN)
    return await person.tap(LEAVE)


async def value(chat: Chat, person: Person) -> object:
    """The newest answer of somebody."""
    return await chat.value(
        "SELECT value FROM answer a JOIN worker w ON w.id = a.worker_id WHERE w.person_id = $1 ORDER BY a.id DESC",
        person.id,
    )


async def now(person: Person, screen: Screen) -> Screen:
    """What that message shows once all that was under way is done."""
    await person.settled()
    return next(each for each in await person.screens() if each.message_id == screen.message_id)


async def test_questions_come_one_after_the_other_in_one_message_and_are_sent_together(chat: Chat) -> None:
    person, first = await begun(chat)
    assert "Question 1 of 5\nWhat of often?" in first.text
    assert first.labels[:3] == ["Daily", "Weekly", "Rarely"]
    second = await person.tap(WEEKLY)
    assert second.message_id == first.message_id
    assert "Question 2 of 5" in second.text
    await person.tap(FISH)
    ticked = await person.tap(MAIZE)
    assert [label for label in ticked.labels if label.startswith("☑")] == ["☑ Maize", "☑ Fish"]
    third = await person.tap(TICKED)
    assert third.message_id == first.message_id
    assert "Write your answer as a message." in third.text
    fourth = await person.say("two  kilos <of it>")
    assert "Question 4 of 5" in fourth.text
    assert "5 = clean" in fourth.text
    await person.tap(CLEAN)
    assert await person.answers() == 0
    ended = await person.tap(LEAVE)
    for said in (
        "1. What of often?\nWeekly",
        "2. What of buys?\nMaize · Fish",
        "two kilos <of it>",
        "\n5\n",
        "Left out",
    ):
        assert said in ended.text
    after = await person.tap(SEND)
    assert "+$0.02" in after.text
    assert "Question 1 of 5" in after.text
    assert await value(chat, person) == {
        "often": "v1", "buys": ["v0", "v2"], "salt": "two kilos <of it>", "clean": 5,
    }  # fmt: skip


async def test_any_answer_can_be_changed_before_all_are_sent(chat: Chat) -> None:
    person, _ = await begun(chat)
    ended = await to_the_end(person)
    old = ended
    again = await person.tap(to(0))
    assert "Your answer: Weekly" in again.text
    assert again.has(to(5))
    ended = await person.tap(DAILY)
    assert "What of often?\nDaily" in ended.text
    await person.finger(SEND, old)
    assert person.toast is not None
    assert await person.answers() == 0, "what stood on the old screen was something else"
    assert "two kilos" in (await person.tap(to(2), await now(person, ended))).text
    ended = await person.say("three kilos")
    await person.tap(to(1), ended)
    await person.tap(BEANS)
    ended = await person.tap(to(5))
    assert "Maize · Beans" in ended.text
    await person.tap(SEND, ended)
    assert await value(chat, person) == {"often": "v0", "buys": ["v0", "v1"], "salt": "three kilos", "clean": 5}


async def test_one_goes_back_and_on_again(chat: Chat) -> None:
    person, _ = await begun(chat)
    await person.tap(WEEKLY)
    await person.tap(MAIZE)
    await person.tap(TICKED)
    back = await person.tap(to(1))
    assert "☑ Maize" in back.labels
    back = await person.tap(to(0))
    assert not back.has(to(-1))
    assert "☑ Maize" in (await person.tap(to(1))).labels
    assert "Question 3 of 5" in (await person.tap(to(2))).text
    await person.tap(to(1))
    await person.tap(to(0))
    assert "Question 3 of 5" in (await person.tap(RARELY)).text


async def test_a_late_tap_changes_its_own_question_only(chat: Chat) -> None:
    person, first = await begun(chat)
    second = await person.tap(WEEKLY)
    await person.tap(MAIZE)
    third = await person.tap(TICKED)
    await person.finger(RARELY, first)
    same = await now(person, third)
    assert (same.text, same.labels) == (third.text, third.labels)
    await person.finger(FISH, second)
    await person.say("two kilos")
    await person.tap(CLEAN)
    ended = await person.tap(LEAVE)
    assert "What of often?\nRarely" in ended.text
    assert "Maize · Fish" in ended.text
    await person.tap(SEND)
    assert await value(chat, person) == {"often": "v2", "buys": ["v0", "v2"], "salt": "two kilos", "clean": 5}
    await person.finger(DAILY, first)
    assert "counts once" in (person.toast or "")
    assert await person.answers() == 1
    assert "Question 1 of 5" in (await now(person, ended)).text


async def test_taps_that_are_faster_than_the_screen_or_come_twice_all_count_once(chat: Chat) -> None:
    person, first = await begun(chat)
    await person.finger(WEEKLY, first, repeat=3)
    second = await now(person, first)
    assert "Question 2 of 5" in second.text
    await asyncio.gather(*(person.finger(each, second) for each in (MAIZE, FISH)))
    ticked = await now(person, first)
    await person.finger(TICKED, ticked, repeat=2)
    await person.finger(TICKED, ticked)
    assert "Question 3 of 5" in (await now(person, first)).text


async def test_what_is_ticked_is_taken_only_as_it_stood_on_the_screen(chat: Chat) -> None:
    person, _ = await begun(chat)
    await person.tap(WEEKLY)
    old = await person.tap(MAIZE)
    await person.tap(FISH)
    await person.finger(TICKED, old)
    assert person.toast is not None
    assert "old screen" in person.toast
    assert "Question 2 of 5" in (await person.settled()).text


async def test_a_text_in_the_wrong_moment_is_told_so_and_changes_nothing(chat: Chat) -> None:
    person, _ = await begun(chat)
    told = await person.say("hello")
    assert told.text.startswith("Tap one of the buttons to answer.")
    assert "Question 1 of 5" in told.text
    await person.tap(WEEKLY, told)
    await person.tap(MAIZE)
    await person.tap(TICKED)
    long = await person.say("x" * 41)
    assert "at most 40 characters" in long.text
    assert "Question 3 of 5" in long.text
    await person.say("two kilos")
    await person.tap(CLEAN)
    ended = await person.tap(LEAVE)
    again = await person.say("five kilos")
    assert "Tap one of the buttons" in again.text
    assert "two kilos" in again.text
    assert ended.text in again.text
    await person.tap(SEND, again)
    assert await person.answers() == 1


async def test_what_was_answered_waits_while_one_is_away(chat: Chat) -> None:
    person, _ = await begun(chat)
    await person.tap(WEEKLY)
    await person.tap(MAIZE)
    await person.tap(r"s:\d+")
    assert "☑ Maize" in (await person.tap(r"b:\d+")).labels
    assert "☑ Maize" in (await person.say("/work")).labels
    skipped = await person.tap(r"s:\d+")
    assert skipped.has(r"s:\d+:hard")
    assert "Question 1 of 5" in (await person.tap(r"s:\d+:hard")).text


async def test_practice_goes_the_same_way_and_tells_what_was_right(chat: Chat) -> None:
    items = [
        Item("p0", "practice 0", "often=v0; buys=v0 | v1", "It is said so.", practice=True),
        Item("i0", "sentence"),
    ]
    person, _ = await begun(chat, items)
    screen = await person.tap(r"po:\d+")
    assert "Question 1 of 5" in screen.text
    await person.tap(r"pc:\d+:1:0:a0:choice:0")
    await person.tap(r"pc:\d+:1:0:c1:choices:1\+")
    await person.tap(r"pc:\d+:1:0:d1:.*")
    await person.say("one kilo")
    await person.tap(r"pc:\d+:1:0:a3:rating:2")
    ended = await person.tap(r"pc:\d+:1:0:l4")
    assert "Beans" in ended.text
    done = await person.tap(r"pok:.*")
    assert "1. What of often?\n2. What of buys?" in done.text
    assert "Question 1 of 5" not in done.text
    assert "Not right: 1. Daily · 2. Beans · 3. one kilo · 4. 2" in done.text
    assert "The right answer: 1. Daily · 2. Maize · Beans" in done.text
    assert "It is said so." in done.text


async def test_in_arabic_all_runs_right_to_left(chat: Chat) -> None:
    person, first = await begun(chat, locale="ar", items=["السوق القريب منك"])
    assert first.text.startswith("السوق")
    await person.tap(WEEKLY)
    await person.tap(MAIZE)
    await person.tap(TICKED)
    fourth = await person.say("كيلوغرامان")
    assert "نظيف" in fourth.text
    await person.tap(CLEAN)
    ended = await person.tap(LEAVE)
    assert "كيلوغرامان" in ended.text
    lines = [line for line in ended.text.split("\n") if "What of" in line]
    assert len(lines) == 5
    assert all(line.startswith("\u200f") for line in lines)
    assert "\n\u200f5\n" in ended.text
    await person.tap(SEND)
    assert await value(chat, person) == {"often": "v1", "buys": ["v0"], "salt": "كيلوغرامان", "clean": 5}


async def test_the_demos_workers_fill_in_the_example(chat: Chat) -> None:
    """By the taps and texts that the face says; and who is careless comes to an end as well."""
    folder = Path(__file__).parents[2] / "examples" / "survey"
    with (folder / "items.csv").open(encoding="utf-8", newline="") as file:
        items = [Item(row["id"], row["text"]) for row in csv.DictReader(file)]
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = [json.loads(row["label"]) for row in csv.DictReader(file)]
    told = yaml.safe_load((folder / "batch.yaml").read_text(encoding="utf-8"))
    language = own_language()
    overlap = {"least": 2, "most": 2}
    await chat.batch(
        language, items, kind="survey", options=None, questions=told["questions"], dont_know=None, overlap=overlap
    )
    async with aiohttp.ClientSession() as session:
        for skill in (1.0, 0.3):
            person = await chat.worker(language)
            phone, limits = Phone(session, chat.base_url, person.id), Limits(idle_s=1, nudges=0)
            await Worker(phone, Character(skill=skill), Knowledge(known(folder)), MANNERS, limits).run()
            assert await person.answers() == len(items)
            if skill == 1:
                said = [
                    await chat.value(
                        "SELECT value FROM answer a JOIN worker w ON w.id = a.worker_id JOIN task t ON t.id = a.task_id"
                        " WHERE w.person_id = $1 AND t.key = $2",
                        person.id,
                        item.id,
                    )
                    for item in items
                ]
                assert said == truth
