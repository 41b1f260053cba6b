"""chat in the chat: the better one by a tap, the reason and the ideal answer by messages, and nothing sent unseen."""

import csv
import re
from collections.abc import Sequence
from typing import Any

from crowd.kinds.pair import first_shown
from crowd.loop.leases import expire_leases
from tests.bot.chat import Chat as Phones
from tests.bot.chat import Person, Screen, own_language
from tests.requester.scene import Item, batch_file, posted

BETTER = r"c:\d+:\d+:better=a"
SEND = r"ok:.*"


def rows(count: int, **more: str) -> list[dict[str, str]]:
    return [{"text": f"Question {at}?", "a": f"left {at}", "b": f"right {at}", **more} for at in range(count)]


async def begun(
    phones: Phones, items: Sequence[dict[str, str]], *, locale: str = "en", **fields: Any
) -> tuple[Person, Screen]:
    """Somebody with the first task of a batch in hands."""
    language, number = own_language(), next(phones.numbers)
    told = {
        "name": f"Chats {number}", "kind": "chat", "options": None, "language": language, "seconds": 3, **fields
    }  # fmt: skip
    path = batch_file(phones.folder / str(number), [Item("x", "x")], overlap={"least": 1, "most": 1}, **told)
    with (path.parent / "items.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text", "a", "b", "gold", "practice"])
        writer.writeheader()
        writer.writerows([{"id": f"i{at}", **row} for at, row in enumerate(items)])
    made = await posted(phones.database, path)
    person = await phones.worker(language, locale=locale)
    return person, await person.begin(made)


async def newest(phones: Phones, person: Person) -> Any:
    """The newest answer of somebody."""
    return await phones.value(
        "SELECT value FROM answer a JOIN worker w ON w.id = a.worker_id WHERE w.person_id = $1 ORDER BY a.id DESC",
        person.id,
    )


def number_of(screen: Screen) -> str:
    """Of the item on a screen."""
    found = re.search(r"Question (\d+)\?", screen.text)
    assert found is not None
    return found[1]


async def test_the_whole_way_by_chat(chat: Phones) -> None:
    person, screen = await begun(chat, rows(4))
    number = number_of(screen)
    head = "🅰️" if first_shown(screen.lease_id) == "a" else "🅱️"
    asked = await person.tap(BETTER)
    assert f"✓ {head} is better" in asked.text
    assert asked.message_id == screen.message_id
    asked = await person.say("It says what is  asked.")
    assert "ideal answer" in asked.text
    assert f"left {number}" in asked.text, "the two can still be read"
    final = await person.say("left, and then left again")
    for part in (f"{head} is better", "It says what is asked.", "left, and then left again", f"Question {number}?"):
        assert part in final.text
    assert await person.answers() == 0
    after = await person.tap(SEND)
    assert "+$0.02" in after.text
    assert await newest(chat, person) == {
        "better": "a", "why": "It says what is asked.", "ideal": "left, and then left again",
    }  # fmt: skip
    assert number_of(after) != number


async def test_a_reply_is_taken_over_word_for_word_by_a_tap(chat: Phones) -> None:
    person, screen = await begun(chat, rows(3))
    number = number_of(screen)
    await person.tap(r"c:\d+:\d+:better=b")
    await person.say("It is on the right side.")
    final = await person.tap(r"c:\d+:\d+:ideal=b")
    assert "as it is" in final.text
    await person.tap(SEND)
    assert await newest(chat, person) == {
        "better": "b", "why": "It is on the right side.", "ideal": f"right {number}",
    }  # fmt: skip


async def test_a_text_too_short_or_too_long_is_refused_with_the_reason_and_the_task_stays(chat: Phones) -> None:
    person, _ = await begun(chat, rows(3), least_why=10, most_why=20, most_ideal=30)
    await person.tap(BETTER)
    refused = await person.say("short")
    assert "Too short: write at least 10 characters." in refused.text
    assert "Why?" in refused.text
    assert "Too long: write at most 20 characters. Yours has 22." in (await person.say("😀" * 11)).text
    assert "ideal answer" in (await person.say("It is long enough.")).text
    refused = await person.say("x" * 31)
    assert "Too long: write at most 30 characters. Yours has 31." in refused.text
    assert refused.has(r"c:\d+:\d+:ideal=a")
    await person.say("fits")
    await person.tap(SEND)
    assert (await newest(chat, person))["ideal"] == "fits"


async def test_two_texts_in_a_row_are_reason_and_answer_and_a_third_changes_nothing(chat: Phones) -> None:
    person, _ = await begun(chat, rows(3))
    await person.tap(BETTER)
    await person.send("It adds up so.")
    await person.send("This is the ideal.")
    final = await person.until(lambda screen: screen.has(SEND))
    assert "It adds up so." in final.text
    assert "This is the ideal." in final.text
    again = await person.say("And one thing more.")
    assert "Tap one of the buttons to answer." in again.text
    assert "one thing more" not in again.text
    await person.tap(SEND)
    assert (await newest(chat, person))["ideal"] == "This is the ideal."


async def test_a_text_before_anything_is_chosen_is_no_reason(chat: Phones) -> None:
    person, _ = await begun(chat, rows(3))
    screen = await person.say("Because.")
    assert "Tap one of the buttons to answer." in screen.text
    assert screen.has(BETTER)
    assert "Why?" in (await person.tap(BETTER)).text


async def test_each_part_can_be_said_again_before_it_is_sent(chat: Phones) -> None:
    person, _ = await begun(chat, rows(3))
    await person.tap(BETTER)
    await person.say("The first reason.")
    await person.say("The first answer.")
    asked = await person.tap(r"c:\d+:\d+:ask=why")
    assert "Why?" in asked.text
    assert "The first reason." in (await person.tap(r"c:\d+:\d+:ask=all")).text
    await person.tap(r"c:\d+:\d+:ask=why")
    final = await person.say("The second reason.")
    assert "The first answer." in final.text
    await person.tap(r"c:\d+:\d+:ask=better")
    await person.tap(r"c:\d+:\d+:better=same")
    await person.tap(SEND)
    assert await newest(chat, person) == {
        "better": "same", "why": "The second reason.", "ideal": "The first answer.",
    }  # fmt: skip


async def test_who_changes_sides_after_taking_a_reply_over_is_asked_for_the_answer_again(chat: Phones) -> None:
    person, first = await begun(chat, rows(3))
    await person.tap(BETTER)
    asked = await person.say("The left one is.")
    await person.tap(r"c:\d+:\d+:ideal=a")
    after = await person.tap(r"c:\d+:\d+:better=both_bad", first)
    assert "ideal answer" in after.text
    assert not after.has(SEND)
    await person.finger(r"c:\d+:\d+:ideal=a", asked)
    assert person.toast is not None
    assert "cannot be the ideal answer" in person.toast
    await person.say("Neither left nor right.")
    await person.tap(SEND)
    assert (await newest(chat, person))["better"] == "both_bad"


async def test_old_buttons_send_nothing_that_is_not_on_the_screen_and_taps_come_twice(chat: Phones) -> None:
    person, first = await begun(chat, rows(3))
    await person.finger(BETTER, first, repeat=3)
    await person.settled()
    await person.say("The reason is good.")
    final = await person.say("The answer is good.")
    await person.finger(r"c:\d+:\d+:better=b", first)
    await person.finger(SEND, final)
    assert await person.answers() == 0, "it was sent as it stood before"
    now = await person.screen()
    assert now.has(SEND)
    await person.finger(SEND, now, repeat=2)
    await person.settled()
    assert await person.answers() == 1
    assert (await newest(chat, person))["better"] == "b"
    await person.finger(BETTER, first)
    assert "counts once" in (person.toast or "")
    screens = [screen for screen in await person.screens() if screen.has(r"c:\d+:\d+:better=both_bad")]
    assert screens[-1].lease_id != final.lease_id


async def test_what_was_said_is_there_when_one_comes_back_and_after_its_time(chat: Phones) -> None:
    person, _ = await begun(chat, rows(1))
    await person.tap(BETTER)
    await person.say("It is the first one.")
    assert "ideal answer" in (await person.say("/work")).text
    chat.clock.advance(24 * 3600)
    await expire_leases(chat.database)
    final = await person.say("It came late.")
    assert "It is the first one." in final.text
    await person.tap(SEND, final)
    assert await newest(chat, person) == {"better": "a", "why": "It is the first one.", "ideal": "It came late."}


async def test_practice_goes_the_same_way_and_says_what_is_right(chat: Phones) -> None:
    gold = '{"better": "a", "ideal": "left, since it is left"}'
    items = [{**rows(1)[0], "gold": gold, "practice": "yes"}, *rows(3)]
    person, _ = await begun(chat, items)
    screen = await person.tap(r"po:\d+")
    task = next(data.split(":")[1] for data in screen.data if data.startswith("pc:"))
    head = "🅰️" if first_shown(f"{task}:1") == "a" else "🅱️"
    assert "Why?" in (await person.tap(r"pc:\d+:1:\d+:better=b")).text
    assert "Too short" in (await person.say("x")).text
    await person.say("It is on the right.")
    final = await person.tap(r"pc:\d+:1:\d+:ideal=b")
    done = await person.tap(r"pok:.*", final)
    assert "Not right:" in done.text
    assert f"The right answer: {head} is better · left, since it is left" in done.text
    assert "practice" in (await person.say("I see")).text.lower()
    await person.tap(r"pn:\d+:1")
    await person.tap(r"pc:\d+:2:\d+:better=a")
    await person.say("It is on the left.")
    await person.say("left it is")
    done = await person.tap(r"pok:.*")
    assert "Right: " in done.text
    assert await person.answers() == 0


async def test_in_arabic_each_line_runs_from_right_to_left_and_texts_run_their_own_way(chat: Phones) -> None:
    person, screen = await begun(chat, rows(3), locale="ar")
    assert re.search("\u200f[🅰🅱]", screen.text)
    await person.tap(BETTER)
    await person.say("لأنها تجيب عن السؤال: 7 + 1 = 8.")
    final = await person.say("The answer is 8 (eight).")
    assert final.html.count("<blockquote>") == 2
    assert "<blockquote>The answer is 8 (eight).</blockquote>" in final.html, "a paragraph of its own"
    await person.tap(SEND)
    assert await newest(chat, person) == {
        "better": "a", "why": "لأنها تجيب عن السؤال: 7 + 1 = 8.", "ideal": "The answer is 8 (eight).",
    }  # fmt: skip
