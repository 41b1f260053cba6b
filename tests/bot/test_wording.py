"""Words of the chat that are wrong in a person's language are pointed out by them, on any screen."""

import re

import pytest

from bot.i18n.heard import MARK, listening, mark_of, marked
from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.views.wording import texts_of, which_screen, with_pointer
from crowd.wordings import Wording, end, wordings
from tests.bot.chat import Chat, Person, own_language
from tests.bot.looks import all_screens, faults


async def pointing(chat: Chat, locale: str = "sw") -> tuple[Person, str]:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language, locale=locale)
    await person.say("/language")
    await person.tap("tm:1")
    await person.say("/work")
    await person.begin(batch)
    return person, language


async def noted(chat: Chat, *, ended: bool = False) -> list[Wording]:
    async with chat.onlooker.reading() as tx:
        return await wordings(tx, locale=None, ended=ended, limit=100)


async def test_words_on_a_task_are_pointed_out_with_better_ones_and_reach_staff_by_their_id(chat: Chat) -> None:
    person, _ = await pointing(chat)
    task = await person.screen()
    voice = tongue("sw")
    screen = await person.tap(r"tw:.+", task)
    assert voice.say("Which of these is wrong?") in screen.text
    assert voice.say("Skip") in screen.text, "what stands on buttons too"
    assert task.text not in screen.text
    await person.tap(f"tp:{mark_of('Skip')}", screen)
    told = await person.say("/better Pitisha hii")
    assert "Pitisha hii" in told.text
    (found,) = [each for each in await noted(chat) if each.better == "Pitisha hii"]
    assert (found.locale, found.message, found.said) == ("sw", "Skip", voice.say("Skip"))
    async with chat.onlooker.transaction() as tx:
        assert await end(tx, found.id, by="a keeper (command)")
        assert not await end(tx, found.id, by="a keeper (command)")
    assert found.id in {each.id for each in await noted(chat, ended=True)}
    answered = await person.tap(r"a:\d+:0", task)
    assert answered.has(r"tw:.+"), "the button is on the next screen as well"
    assert await person.answers() == 1


async def test_what_is_said_twice_is_noted_once_and_nothing_is_noted_of_what_is_none(chat: Chat) -> None:
    person, _ = await pointing(chat, "ha")
    before = len(await noted(chat))
    for data in (f"tp:{mark_of('Earnings')}", f"tp:{mark_of('Earnings')}", "tp:?????", "tw:", "tw:nothing", "tm:x"):
        await person.forge(data)
    assert len(await noted(chat)) == before + 1


async def test_without_having_asked_for_it_no_screen_has_the_button(chat: Chat) -> None:
    person = await chat.worker(own_language())
    assert not (await person.say("/earnings")).has(r"tw:.+")
    assert "✏️" in (await person.say("/better words")).text
    await person.say("/language")
    on = await person.tap("tm:1")
    assert on.has("tm:0")
    assert (await person.say("/earnings")).has(r"tw:.+")
    await person.say("/language")
    await person.tap("tm:0")
    assert not (await person.say("/earnings")).has(r"tw:.+")


@pytest.mark.unit
def test_each_text_has_a_mark_of_its_own() -> None:
    marks = marked()
    assert len(marks) > 400
    assert all(len(mark) == MARK and re.fullmatch(r"[\w-]+", mark) for mark in marks)
    assert {mark_of(text) for text in marks.values()} == set(marks)


@pytest.mark.unit
@pytest.mark.parametrize("locale", available())
def test_every_screen_can_have_the_button_and_names_its_words(locale: str) -> None:
    voice = tongue(locale)
    seen: set[str] = set()
    screens = all_screens(voice)
    while True:
        with listening() as heard:
            shown = next(screens, None)
        if shown is None:
            break
        name, screen = shown
        pointed = with_pointer(voice, screen, heard)
        assert faults(pointed) == [] or faults(screen), name
        if pointed is not screen:
            texts = texts_of(pointed.buttons[-1][0].data.split(":")[1])
            assert texts, name
            assert faults(which_screen(voice, texts)) == [], name
            seen |= set(texts)
    assert len(seen) > 100
