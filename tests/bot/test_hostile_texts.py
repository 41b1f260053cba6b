"""No text of anybody breaks a screen."""

import re
from bisect import bisect_left
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.i18n.tongue import tongue
from bot.screens import Screen
from bot.views.task import echo_screen
from crowd.kinds import kind_named
from crowd.kinds.base import AnswerError, ItemError
from crowd.kinds.item import Item, read_text
from tests.bot.chat import Chat, own_language
from tests.bot.looks import all_screens, faults, isolated, plain, spec
from tests.bot.looks import given as task_in_hands

NASTY = st.sampled_from(
    [
        "<b>", "</b>", "<a href='x'>", "<!--", "&lt;", "&amp;amp;", "&#0;", "&", "<", ">", '"', "{number}", "{}", "%s",
        "\u202e", "\u202d", "\u2066", "\u2067", "\u2068", "\u2069", "\u200f", "\u200b", "\u200d", "\ufeff", "\u2028",
        "\ud800", "\udfff", "\x00", "\x1b[0m", "\r\n", "\n\n\n", "\t",
        "🤷🏿‍♀️", "👩‍👩‍👧‍👧", "🇰🇪", "e" + "\u0301" * 30, "مرحبا", "שלום",
        "ﷺ", "한국어", "አማርኛ", "/work", "@admin", "https://t.me/x", "#tag", "*_`[", "-- ", "x" * 500, "😀" * 300,
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(NASTY, st.text(max_size=20)), max_size=30).map("".join)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(st.text(alphabet=st.characters(), max_size=200) | TEXTS, st.sampled_from(["en", "ar"]))
@settings(max_examples=300, deadline=None)
def test_a_foreign_text_stays_in_its_place(text: str, locale: str) -> None:
    shown = plain_of(tongue(locale).foreign(text))
    assert isolated(shown)
    shown.encode()


@pytest.mark.parametrize("text", ["/stop", "say /stop", "</b>", "(/start)", "a\n/stop"])
@pytest.mark.parametrize("way", ["foreign", "block"])
def test_no_command_stands_in_a_foreign_text(text: str, way: str) -> None:
    shown = getattr(tongue("en"), way)(text)
    assert re.search(r"/[A-Za-z]", shown) is None
    assert plain_of(shown) == f"({text})".replace("/", "/\u2060")


@pytest.mark.parametrize("text", ["https://t.me/x", "and/or", "3/4", "/ /", "/ሰላም"])
def test_what_no_phone_takes_for_a_command_is_left_as_it_is(text: str) -> None:
    assert tongue("en").foreign(text) == text


def plain_of(markup: str) -> str:
    return plain(Screen("(" + markup + ")"))


def item_of(text: str) -> str | None:
    try:
        return str(read_text({"text": text})["text"])
    except ItemError:
        return None


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(["en", "ar", "fr"]))
@quick
def test_no_screen_breaks_whatever_it_shows(item: str, words: str, said: str, name: str, locale: str) -> None:
    item = item_of(item) or "item"
    words = words.replace("\x00", "").encode("utf-8", "ignore").decode() + "."
    wrong = {
        screen_name: found
        for screen_name, screen in all_screens(
            tongue(locale), item=item + ".", words=words, said=written(said) or ".", name=name[:64] + "."
        )
        if (found := faults(screen))
    }
    assert wrong == {}


def written(said: str) -> str | None:
    try:
        return str(kind_named("text").read_answer(spec("text"), Item("an item"), said))
    except AnswerError:
        return None


@given(TEXTS | st.text(max_size=4096))
@quick
def test_what_a_worker_writes_is_echoed_whole_or_refused(said: str) -> None:
    kept = written(said)
    if kept is not None:
        screen = echo_screen(tongue("ar"), task_in_hands("text"), kept)
        assert faults(screen) == []
        assert kept.split("\n")[0] in plain(screen).replace("/\u2060", "/")


def longest(character: str, taken: Callable[[str], str | None]) -> str:
    """The longest text of that character which is taken."""
    text = character * 3000
    refused = bisect_left(range(1, len(text) + 1), True, key=lambda length: taken(text[:length] + ".") is None)
    return next(kept for length in range(refused + 1, 0, -1) if (kept := taken(text[:length])))


@pytest.mark.parametrize("locale", ["en", "ar", "am"])
@pytest.mark.parametrize("character", ["x", "&", "<", "ح", "한", "😀", "👩‍👧", "\n.", "ﷺ"])
def test_the_longest_texts_fit(character: str, locale: str) -> None:
    item = longest(character, item_of)
    said = longest(character, written)
    screens = all_screens(tongue(locale), item=item, words=(character * 2000)[:2000], said=said, name=character * 10)
    assert {name: found for name, screen in screens if (found := faults(screen))} == {}


HOSTILE = [
    "<b>not bold</b> & <script>",
    "\u202eright to left",
    "x" * 4096,
    "😀" * 2000,
    "\u2068\u2068\u2068open",
    "&lt;&amp;",
    "مرحبا <i>",
    "\u200b",
    "/unknown <b>",
    "e" + "\u0301" * 200,
]


async def test_hostile_items_are_shown_as_they_are_and_can_be_answered(chat: Chat) -> None:
    language = own_language()
    items = [text for text in HOSTILE if len(text) < 500 and text.strip("\u200b")] + ["x" * 3000, "😀" * 1500]
    batch = await chat.batch(language, items, name="<i>&amp;", instructions={"en": "<u>&amp;" + "y" * 1900})
    person = await chat.worker(language, locale="ar")
    await person.begin(batch)
    for _ in items:
        screen = await person.screen()
        assert isolated(screen.text)
        await person.tap(r"a:\d+:0")
    assert await person.answers() == len(items)
    screen = await person.say("/earnings")
    assert isolated(screen.text)
    assert "not bold" in screen.text or screen.has(r"e:\d+")


async def test_hostile_answers_are_echoed_and_kept_as_they_are(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language, len(HOSTILE), most_characters=3000)
    person = await chat.worker(language)
    await person.begin(batch)
    sent = 0
    for text in HOSTILE:
        screen = await person.say(text)
        assert isolated(screen.text)
        if screen.has("ok:.*"):
            await person.tap("ok:.*")
            sent += 1
    assert await person.answers() == sent
    assert sent >= 6
    assert isolated((await person.say("/earnings")).text)
    assert await chat.value("SELECT count(*) FROM inbox WHERE failed IS NOT NULL") == 0
    kept = "<b>not bold</b> & <script>"
    assert await chat.value("SELECT count(*) FROM answer WHERE value #>> '{}' = $1", kept) == 1


async def test_a_hostile_name_does_not_break_the_greeting(chat: Chat) -> None:
    for name in ("</b>&<a>", "\u202eeman", "😀" * 30, "{name}", "محمد"):
        person = await chat.person("ar", name)
        screen = await person.say("/start")
        assert isolated(screen.text)
        assert screen.has("agree")
