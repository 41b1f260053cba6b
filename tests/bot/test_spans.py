"""Words of a text are marked by tapping the first, the last, and a label: quick, double and late taps do no harm."""

import asyncio
from collections.abc import Sequence

from tests.bot.chat import Chat, Person, Screen, own_language
from tests.bot.test_stepping import value
from tests.requester.scene import Item

TEXT = "Amina Juma went to Dar-es-Salaam, then Nairobi."  # 1 Amina 2 Juma 3 went 4 to 5 Dar 6 es 7 Salaam 8 then 9 …
ARABIC = "سافرت أمينة جمعة إلى نيروبي"
LABELS = [
    {"value": "person", "label": {"en": "Person", "ar": "شخص"}},
    {"value": "place", "label": {"en": "Place", "ar": "مكان"}},
]
SEND = r"ok:.*"


def on(*steps: str) -> list[str]:
    """The buttons of steps, on any page."""
    return [rf"c:\d+:\d:{step}" for step in steps]


async def begun(chat: Chat, items: Sequence[str | Item] = (TEXT, TEXT), locale: str = "en") -> tuple[Person, Screen]:
    language = own_language()
    batch = await chat.batch(language, items, kind="spans", options=LABELS)
    person = await chat.worker(language, locale=locale)
    return person, await person.begin(batch)


async def tapped(person: Person, *steps: str) -> Screen:
    screen = await person.screen()
    for step in on(*steps):
        screen = await person.tap(step)
    return screen


async def marked(chat: Chat, person: Person) -> list[tuple[str, str]]:
    """What the newest answer marks."""
    spans = await value(chat, person)
    assert isinstance(spans, list)
    assert all(span["text"] == TEXT[span["start"] : span["end"]] for span in spans if span["text"] in TEXT)
    return [(span["text"], span["label"]) for span in spans]


async def test_two_spans_are_marked_one_is_removed_and_the_rest_is_sent(chat: Chat) -> None:
    person, screen = await begun(chat)
    assert screen.labels[:3] == ["Amina¹", "Juma²", "went³"]
    assert "Salaam⁷, then⁸ Nairobi⁹." in screen.text
    screen = await tapped(person, "f1", "t2")
    assert [label for label in screen.labels if label.startswith("●")] == ["●Amina¹", "●Juma²"]
    assert not screen.has(SEND)
    screen = await tapped(person, "l0", "f5", "t7", "l1", "f9", "l1")
    assert "Amina¹ Juma² [Person] went³ to⁴ Dar⁵-es⁶-Salaam⁷ [Place]" in screen.text
    assert "✅ Send (3)" in screen.labels
    screen = await person.tap("✖es⁶")
    assert "✅ Send (2)" in screen.labels
    assert await person.answers() == 0
    after = await person.tap(SEND)
    assert "+$0.02" in after.text
    assert "Amina¹ Juma² went³" in after.text, "the next task begins with nothing marked"
    assert await marked(chat, person) == [("Amina Juma", "person"), ("Nairobi", "place")]


async def test_nothing_to_mark_is_an_answer(chat: Chat) -> None:
    person, screen = await begun(chat)
    assert "∅ Nothing to mark" in screen.labels
    await person.tap(SEND)
    assert await marked(chat, person) == []


async def test_taps_that_are_faster_than_the_screen_mark_the_first_and_the_last_word(chat: Chat) -> None:
    person, screen = await begun(chat)
    first, last, label = on("f1", "f2", "l0")
    await person.finger(first, screen)
    await person.finger(last, screen)  # as it stood before the first word was tapped
    screen = await person.until(lambda shown: "●Juma²" in shown.labels)
    assert "●Amina¹" in screen.labels
    await asyncio.gather(*(person.finger(label, screen) for _ in range(2)))
    screen = await person.settled()
    assert "Amina¹ Juma² [Person] went³" in screen.text
    await person.tap(SEND, screen)
    assert await marked(chat, person) == [("Amina Juma", "person")]


async def test_every_tap_twice_marks_the_same(chat: Chat) -> None:
    person, _ = await begun(chat)
    for step in on("f5", "t7", "l1", "f1", "l0", "d1"):
        screen = await person.until(lambda shown, step=step: shown.has(step))
        await person.finger(step, screen, repeat=2)
        await person.finger(step, screen)
    await person.tap(SEND, await person.settled())
    assert await marked(chat, person) == [("Dar-es-Salaam", "place")]


async def test_what_is_begun_can_be_given_up_and_is_never_sent(chat: Chat) -> None:
    person, old = await begun(chat)
    await tapped(person, "f1")
    await person.finger(SEND, old)  # "Nothing to mark", as it stood before
    assert await person.answers() == 0
    screen = await person.settled()
    assert "●Amina¹" in screen.labels
    screen = await person.tap(on("x0")[0], screen)
    assert "∅ Nothing to mark" in screen.labels


async def test_a_span_over_another_takes_its_place_and_says_so_before(chat: Chat) -> None:
    person, _ = await begun(chat)
    screen = await tapped(person, "f2", "l1", "f1", "t2")
    assert "takes the place of what is marked there" in screen.text
    await tapped(person, "l0")
    await person.tap(SEND)
    assert await marked(chat, person) == [("Amina Juma", "person")]


async def test_what_is_marked_is_there_when_one_comes_back_and_on_other_pages(chat: Chat) -> None:
    person, screen = await begun(chat, [" ".join(f"word{number}" for number in range(1, 41))] * 2)
    assert not screen.has(on("f16")[0])
    await tapped(person, "f3")
    screen = await person.tap(r"v:\d+:1")
    assert screen.has(on("t16")[0])
    screen = await tapped(person, "t16", "l1")
    await person.tap(r"s:\d+")
    screen = await person.tap(r"b:\d+")
    assert "✅ Send (1)" in screen.labels
    await person.tap(SEND)
    assert [text.split() for text, _ in await marked(chat, person)] == [[f"word{number}" for number in range(3, 17)]]


async def test_words_are_marked_in_arabic(chat: Chat) -> None:
    person, screen = await begun(chat, [ARABIC, ARABIC], locale="ar")
    assert screen.labels[:3] == ["سافرت¹", "أمينة²", "جمعة³"]
    screen = await tapped(person, "f2", "t3", "l0", "f5", "l1")
    assert "أمينة² جمعة³ \u2068[شخص]\u2069 إلى⁴ نيروبي⁵ \u2068[مكان]\u2069" in screen.text
    screen = await tapped(person, "d5")
    await person.tap(SEND, screen)
    assert await value(chat, person) == [
        {"start": 6, "end": 16, "label": "person", "text": "أمينة جمعة", "first": 2, "last": 3}
    ]


async def test_practice_says_what_was_right_by_its_words(chat: Chat) -> None:
    items = [Item("p0", TEXT, "Amina Juma = person", "A name.", practice=True), Item("i0", "A text")]
    person, _ = await begun(chat, items)
    await person.tap(r"po:\d+")
    await person.tap(r"pc:\d+:1:0:f2")
    await person.tap(r"pc:\d+:1:0:l0")
    done = await person.tap(r"pok:.*")
    assert "Not right: Juma = Person" in done.text
    assert "The right answer: Amina Juma = Person" in done.text
