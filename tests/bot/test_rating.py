"""A rating is one tap, on a scale whose ends are said above."""

import pytest

from bot.i18n.tongue import tongue
from bot.tasks import body_of
from bot.tasks.base import of_lease
from tests.bot.chat import Chat, own_language
from tests.kinds.sample import spec_of
from tests.kinds.samples.rating import ENDS, SAMPLE
from tests.requester.scene import Item


async def test_one_tap_rates_and_brings_the_next(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 3, kind="rating", options=None, ends=ENDS)
    person = await chat.worker(language)
    first = await person.begin(batch)
    assert first.labels[:5] == ["1", "2", "3", "4", "5"]
    assert first.text.endswith("1 = bad\n5 = very good")
    screen = await person.tap("4")
    assert "+$0.02" in screen.text
    assert await chat.value("SELECT value FROM answer WHERE id = $1", first.lease_id) == 4
    await person.finger("5", first)
    assert "counts once" in (person.toast or "")
    await person.forge(f"a:{screen.lease_id}:9")
    assert person.toast == "That is not one of the answers to this task."
    assert await person.answers() == 1


async def test_practice_says_what_was_right_and_takes_what_is_near_enough(chat: Chat) -> None:
    language = own_language()
    items = [
        Item("p0", "practice 0", "4", "It is fine.", practice=True),
        Item("p1", "practice 1", "4", practice=True),
        Item("i0", "sentence"),
    ]
    batch = await chat.batch(language, items, kind="rating", options=None, ends=ENDS, tolerance=1, stars=True)
    person = await chat.worker(language)
    await person.begin(batch)
    await person.tap(r"po:\d+")
    screen = await person.tap("★★★")
    assert "Right: ★★★" in screen.text
    assert "The right answer: ★★★★" in screen.text
    await person.tap(r"pn:.*")
    assert "Not right: ★" in (await person.tap("★")).text


@pytest.mark.unit
@pytest.mark.parametrize(
    ("fields", "labels"),
    [
        ({}, ["1 2 3 4 5"]),
        ({"steps": 6, "first": 0}, ["0 1 2 3 4 5"]),
        ({"steps": 7}, ["1 2 3 4", "5 6 7"]),
        ({"steps": 10}, ["1 2 3 4 5", "6 7 8 9 10"]),
        ({"stars": True}, ["★ ★★ ★★★", "★★★★ ★★★★★"]),
        ({"stars": True, "steps": 4}, ["★ ★★ ★★★ ★★★★"]),
        ({"stars": True, "steps": 10}, ["1★ 2★ 3★ 4★ 5★", "6★ 7★ 8★ 9★ 10★"]),
    ],
)
def test_steps_stand_in_one_row_or_two(fields: dict[str, object], labels: list[str]) -> None:
    spec = spec_of(SAMPLE, {"ends": ENDS, **fields})
    body = body_of(tongue("en"), spec, {"text": "x"}, of_lease(1))
    assert [" ".join(button.label for button in row) for row in body.rows] == labels


@pytest.mark.unit
def test_numbers_are_those_of_the_locale() -> None:
    spec = spec_of(SAMPLE, {"ends": ENDS})
    body = body_of(tongue("ar"), spec, {"text": "x"}, of_lease(1))
    assert body.rows[0][0].label == tongue("ar").number(1)
    assert "very good" in body.text
