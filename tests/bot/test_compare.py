"""compare in the chat: which of the two comes first is shuffled, and neither data nor words are mixed up by it."""

import csv
import re
from collections.abc import Sequence
from typing import Any

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.screens import Screen
from bot.tasks import face_of, said_in_words
from bot.tasks.base import of_lease
from bot.views.task import task_screen
from crowd.kinds.compare import Compare, CompareSpec
from crowd.kinds.item import LONGEST_TEXT
from crowd.kinds.pair import first_shown
from tests.bot.chat import Chat, Person, own_language
from tests.bot.chat import Screen as Seen
from tests.kinds.sample import spec_of
from tests.kinds.samples.compare import SAMPLE
from tests.requester.scene import Item, batch_file, posted

KIND = Compare()
PAIR = {"a": "one", "b": "other"}
A_FIRST, B_FIRST = 1, 2
"""Leases whose workers see that side first."""

unit = pytest.mark.unit


def spec(degrees: int = 2, **fields: Any) -> CompareSpec:
    made = spec_of(SAMPLE, {"degrees": degrees, **fields})
    assert isinstance(made, CompareSpec)
    return made


def screen(made: CompareSpec, lease: int, item: dict[str, str], locale: str = "en") -> Screen:
    return task_screen(tongue(locale), made, KIND.read_item(made, item), lease)


def labels(shown: Screen) -> list[list[str]]:
    return [[button.label for button in row] for row in shown.buttons]


def said_by(shown: Screen, label: str) -> str:
    """What the button of that label says."""
    data = next(button.data for row in shown.buttons for button in row if button.label == label)
    said = face_of("compare").read_tap(data.split(":", 2)[2])
    assert isinstance(said, str)
    return said


@unit
def test_what_just_fits_is_shown_whole_and_what_is_empty_is_not_kept() -> None:
    item = {"text": "/x " * 400, "a": "/y " * 300 + "😀" * 100, "b": "/z " * 232 + "e end"}
    kept = KIND.read_item(spec(), item)
    assert sum(len(kept[name].encode("utf-16-le")) // 2 for name in kept) == LONGEST_TEXT
    for locale in available():
        text = screen(spec(3), A_FIRST, item, locale).text
        assert text.count("😀") == 100
        assert "end</blockquote>" in text
    assert KIND.read_item(spec(), {"a": "same", "b": "same", "text": " ", "a_from": ""}) == {"a": "same", "b": "same"}


@unit
def test_the_order_is_shuffled_on_the_screen_and_not_in_the_data() -> None:
    item, made = {"text": "How?", "a": "This way.", "b": "That way."}, spec(2)
    one, other = screen(made, A_FIRST, item), screen(made, B_FIRST, item)
    assert one.text.index("This way.") < one.text.index("That way.")
    assert other.text.index("That way.") < other.text.index("This way.")
    for shown in (one, other):
        assert shown.text.index("How?") < shown.text.index("🅰️") < shown.text.index("🅱️")
        assert labels(shown)[:3] == [
            ["🅰️ much", "🅱️ much"], ["🅰️ a little", "🅱️ a little"], ["≈ Same", "👎 Both bad"],
        ]  # fmt: skip
    for first, second, shown in (("a", "b", one), ("b", "a", other)):
        assert said_by(shown, "🅰️ much") == f"{first}++"
        assert said_by(shown, "🅱️ a little") == f"{second}+"
        assert said_by(shown, "≈ Same") == "same"
        assert said_by(shown, "👎 Both bad") == "both_bad"


@unit
def test_who_saw_the_other_order_is_told_in_the_words_of_that() -> None:
    made = spec(2)
    for lease, side in ((A_FIRST, "a"), (B_FIRST, "b")):
        other = "b" if side == "a" else "a"
        assert said_in_words(made, PAIR, f"{side}++", "en", of_lease(lease)) == "🅰️ is much better"
        assert said_in_words(made, PAIR, f"{other}+", "en", of_lease(lease)) == "🅱️ is a little better"
        assert said_in_words(made, PAIR, "same", "en", of_lease(lease)) == "About the same"
        assert said_in_words(made, PAIR, "both_bad", "en", of_lease(lease)) == "Both are bad"
    assert said_in_words(spec(3), PAIR, "a++", "en", of_lease(A_FIRST)) == "🅰️ is clearly better"
    assert said_in_words(spec(1), PAIR, "b", "en", of_lease(A_FIRST)) == "🅱️ is better"


@unit
def test_workers_never_see_what_made_the_two() -> None:
    item = {"a": "this", "b": "that", "a_from": "SECRET-1", "b_from": "SECRET-2"}
    for locale in available():
        shown = screen(spec(3), B_FIRST, item, locale)
        assert "SECRET" not in repr(shown)
    assert "SECRET" not in repr(KIND.payload(KIND.read_item(spec(), item)))


@unit
def test_long_texts_are_folded_both_or_neither() -> None:
    short, long = "A few words.", "word " * 80
    assert screen(spec(), A_FIRST, {"text": short, "a": short, "b": "Others."}).text.count("expandable") == 0
    both = screen(spec(), A_FIRST, {"text": short, "a": short, "b": long}).text
    assert both.count("<blockquote expandable>") == both.count("<blockquote") == 2
    assert screen(spec(), A_FIRST, {"text": long, "a": short, "b": "Others."}).text.count("expandable") == 1
    lines = "\n".join("abcdefghi")
    assert screen(spec(), A_FIRST, {"a": short, "b": lines}).text.count("expandable") == 2


@unit
def test_buttons_are_short_and_stand_in_two_columns_or_as_one_scale_in_every_locale() -> None:
    for locale in available():
        for made in [spec(degrees, tie=tie) for degrees in (1, 2, 3) for tie in (True, False)]:
            rows = labels(screen(made, B_FIRST, {"a": "this", "b": "that"}, locale))[:-1]
            own = [row for row in rows if "🅰️" in row[0] or "🅱️" in row[-1]]
            assert all(len(label) <= 20 for row in rows for label in row)
            if len(own) == made.degrees:
                assert all("🅰️" in row[0] and "🅱️" in row[1] for row in own)
                assert max(len(label) for row in own for label in row) <= 11
            else:
                assert ["🅰️" in row[0] for row in own] == [True] * made.degrees + [False] * made.degrees


ANSWER = re.compile(r"p?a:.*")


async def begun(chat: Chat, rows: Sequence[dict[str, str]]) -> tuple[Person, Seen]:
    """Somebody with the first task of a batch in hands."""
    language, number = own_language(), next(chat.numbers)
    told = {"name": f"Pairs {number}", "kind": "compare", "options": None, "degrees": 2, "language": language}
    path = batch_file(chat.folder / str(number), [Item("x", "x")], overlap={"least": 1, "most": 1}, **told)
    with (path.parent / "items.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text", "a", "b", "gold", "practice"])
        writer.writeheader()
        writer.writerows([{"id": f"i{at}", **row} for at, row in enumerate(rows)])
    made = await posted(chat.database, path)
    person = await chat.worker(language)
    return person, await person.begin(made)


def pairs(count: int, **more: str) -> list[dict[str, str]]:
    return [{"text": f"Question {at}?", "a": f"left {at}", "b": f"right {at}", **more} for at in range(count)]


def first_of(text: str) -> str:
    """The side that stands first in a text."""
    return "a" if text.index("left") < text.index("right") else "b"


async def test_one_tap_answers_for_the_side_that_is_seen_and_the_order_is_known_afterwards(chat: Chat) -> None:
    person, screen = await begun(chat, pairs(40))
    seen: list[str] = []
    while len(set(seen)) < 2:
        seen.append(first_of(screen.text))
        lease = screen.lease_id
        much = next(button for row in screen.rows for button in row if button[0] == "🅰️ much")
        screen = await person.tap(re.escape(much[1]))
        assert await chat.value("SELECT value FROM answer WHERE id = $1", lease) == f"{seen[-1]}++"
        assert first_shown(lease) == seen[-1]
        assert "+$0.02" in screen.text
    assert len(seen) < 20, "one order never came"


async def test_what_was_right_is_told_in_the_order_that_was_seen(chat: Chat) -> None:
    golds = [{**row, "gold": "a++"} for row in pairs(12)]
    rows = golds + [{"text": "Q", "a": f"left x{at}", "b": f"right x{at}"} for at in range(12)]
    person, screen = await begun(chat, rows)
    told = 0
    while not told:
        first = first_of(screen.text)
        letter = "🅰️" if first == "a" else "🅱️"
        screen = await person.tap(rf"a:{screen.lease_id}:b\+\+")
        if "practice check" in screen.text:
            told += 1
            assert f"The right answer: {letter} is much better" in screen.text
            earned = await person.say("/earnings")
            other = "🅱️" if first == "a" else "🅰️"
            assert f"{other} is much better · $0.02" in earned.text
            assert f"The right answer: {letter} is much better" in earned.text


async def test_practice_speaks_of_the_order_of_each_try(chat: Chat) -> None:
    rows = [{**pairs(1)[0], "gold": "b+", "practice": "yes"}, *pairs(3)]
    person, _ = await begun(chat, rows)
    screen = await person.tap(r"po:\d+")
    for attempt in (1, 2):
        task = next(data.split(":")[1] for data in screen.data if ANSWER.fullmatch(data))
        first = first_of(screen.text)
        assert first == first_shown(f"{task}:{attempt}")
        screen = await person.tap(rf"pa:{task}:{attempt}:both_bad")
        assert first_of(screen.text) == first, "the two stand where they stood"
        assert f"The right answer: {'🅰️' if first == 'b' else '🅱️'} is a little better" in screen.text
        screen = await person.tap(rf"pn:{task}:{attempt}")


async def test_a_long_text_comes_whole_and_folded(chat: Chat) -> None:
    long = " ".join(f"word{at}" for at in range(200))
    _, screen = await begun(chat, [{"text": "Which?", "a": f"left {long}", "b": "right is short"}])
    assert screen.html.count("<blockquote expandable>") == 2
    assert long in screen.text
    assert "right is short" in screen.text
