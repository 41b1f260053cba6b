"""All screens in all locales: within Telegram's limits, in one language, with the right plurals and directions."""

import gettext
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from unicodedata import bidirectional

import pytest
from babel.messages.pofile import read_po

from bot.i18n.locales import CATALOGS, available, babel_locale
from bot.i18n.tongue import tongue
from bot.screens import Screen
from crowd.loop.deciding import PAID_DONT_KNOWS
from tests.bot.chat import Chat, own_language
from tests.bot.looks import all_screens, faults, plain, toast_faults, toasts

pytestmark = pytest.mark.unit
LOCALES = available()
TRANSLATED = [locale for locale in LOCALES if locale != "en"]

# Words that a locale shares with English, and those that nobody translates.
SHARED = {
    "fr": {"Instructions", "Mobile money", "{number} minute", "{number} minutes", "second"},
    "ha": {"Data", "Mobile money"},
    "es": {"Ideal"},
    "id": {"Data", "Ideal", "File"},
    "ig": {"Data"},
    "sw": {"Data"},
    "pt_BR": {"Ideal"},
    "fil": {"Account", "File"},
    "so": {"day."},  # the end of another word there
    "tr": {"{amount} bonus, {day}: “{reason}”"},
}
NAMES = re.compile(
    r"Kazi|IBAN|SEPA|KES|NGN|USD|/\w+|⟦\w⟧|\b[A-Z]{2,3}\b|\$|Africa\S*|America\S*|\bx{20,}\b|English|Qab|Kiswahili|Hausa|[Ff]rançais|Naijá",
    re.IGNORECASE,
)


@cache
def screens_of(locale: str) -> list[tuple[str, Screen]]:
    return list(all_screens(tongue(locale)))


@cache
def texts(locale: str) -> list[tuple[str, str]]:
    found = [(name, plain(screen)) for name, screen in screens_of(locale)]
    found += [(name, button.label) for name, screen in screens_of(locale) for row in screen.buttons for button in row]
    return found + [("toast", toast) for toast in toasts(tongue(locale))]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_screen_is_within_telegrams_limits(locale: str) -> None:
    wrong = {name: found for name, screen in screens_of(locale) if (found := faults(screen))}
    assert wrong == {}
    assert [toast for toast in toasts(tongue(locale)) if toast_faults(toast)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_who_is_told_that_answers_are_paid_is_told_which_are_not(locale: str) -> None:
    voice = tongue(locale)
    screens = dict(screens_of(locale))
    for name in ("consent", "instructions", "offer"):
        assert voice.percent(PAID_DONT_KNOWS) in plain(screens[name]), name


@pytest.mark.parametrize("locale", LOCALES)
def test_no_screen_shows_a_placeholder(locale: str) -> None:
    assert [(name, text) for name, text in texts(locale) if re.search(r"[{}]|%\(|None|Level\.|<[a-z/]", text)] == []


@pytest.mark.parametrize("locale", ["am", "ar", "ko"])
def test_no_english_is_left_on_screens_in_other_scripts(locale: str) -> None:
    left = {}
    for name, text in texts(locale):
        if name in {
            "zone",
            "locale",
            "languages",
            "languages chosen",
            "languages of one at work",
            "level",
            "level known",
            "nothing",
        }:
            continue  # names of languages and zones in their own words
        words = re.findall(r"[A-Za-z]{3,}", NAMES.sub("", text))
        if words:
            left[name] = words
    assert left == {}


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_english_text_stands_on_a_screen_in_another_language(locale: str) -> None:
    with (CATALOGS / locale / "LC_MESSAGES" / "kazi.po").open("rb") as file:
        catalog = read_po(file, locale=locale)
    sources: set[str] = set()
    for message in catalog:
        if message.id:
            ids = [str(one) for one in message.id] if isinstance(message.id, tuple) else [str(message.id)]
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            sources |= {one for one in ids if one not in strings}
            same = {one for one in ids if one in strings and re.search("[A-Za-z]{3}", re.sub(r"\{\w+\}", "", one))}
            assert same <= SHARED.get(locale, set())
    parts = {part.strip() for one in sources for part in re.split(r"\{\w+\}", one)}
    shown = "\n".join(text for _, text in texts(locale))
    found = {
        part
        for part in parts
        if len(part) > 3 and part in shown and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", shown)
    }
    assert found <= SHARED.get(locale, set())


@pytest.mark.parametrize("locale", TRANSLATED)
def test_plural_forms_are_those_of_cldr(locale: str) -> None:
    texts_ = gettext.translation("kazi", Path(CATALOGS), [locale])
    rule = babel_locale(locale).plural_form
    order = [tag for tag in ("zero", "one", "two", "few", "many", "other") if tag in {*rule.tags, "other"}]
    chosen: dict[str, set[int]] = {}
    for number in range(200):
        chosen.setdefault(rule(number), set()).add(texts_.plural(number))  # type: ignore[attr-defined]
    assert all(len(forms) == 1 for forms in chosen.values()), chosen
    assert len({next(iter(forms)) for forms in chosen.values()}) == len(chosen)
    assert set(chosen) <= set(order)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("number", [0, 1, 2, 3, 5, 11, 21, 100])
def test_every_count_reads_well(locale: str, number: int) -> None:
    voice = tongue(locale)
    for one, many in (
        ("{number} done", "{number} done"),
        ("{number} left", "{number} left"),
        ("Too short: write at least {number} character.", "Too short: write at least {number} characters."),
    ):
        text = voice.count(one, many, number)
        # Arabic says one and two without a figure
        assert voice.number(number) in text or (locale == "ar" and number in {0, 1, 2})
        assert "{" not in text


def test_amounts_are_isolated_where_screens_run_right_to_left() -> None:
    found = 0
    for name, screen in all_screens(tongue("ar")):
        text = plain(screen)
        for amount in re.finditer(r"[\d.,]+[\s\u200e]*US\$", text):
            before = text[: amount.start()]
            assert before.count("\u2068") > before.count("\u2069"), (name, text)
            found += 1
    assert found > 20


@pytest.mark.parametrize("locale", ["ar", "fa", "ur"])
def test_no_line_of_a_right_to_left_screen_runs_left_to_right_for_want_of_a_word_of_its_own(locale: str) -> None:
    for name, screen in all_screens(tongue(locale), item="a\n\nб", words="c\nd"):
        for line in plain(screen).split("\n"):
            own = re.sub("\u2068[^\u2069]*\u2069", "", line)
            assert own.count("\u2068") == own.count("\u2069") == 0, (name, line)  # none spans lines
            if own != line:
                assert any(bidirectional(c) in {"L", "R", "AL"} for c in own), (name, line)


def test_what_has_its_lines_for_itself_finds_its_own_direction() -> None:
    item = "first line\nالسطر الثاني"
    for locale in ("ar", "en"):
        screens = dict(all_screens(tongue(locale), item=item, words=item, said=item))
        for name in ("choice", "text", "offer", "echo", "choice after"):
            lines = plain(screens[name]).split("\n")
            assert "first line" in lines, name
            assert any(line.startswith("السطر الثاني") for line in lines), name


def test_arrows_point_the_way_a_screen_runs() -> None:
    for locale, done, gave in (("en", "➡️", "→"), ("ar", "⬅️", "←")):
        screens = dict(all_screens(tongue(locale)))
        assert screens["languages chosen"].buttons[-1][0].label.startswith(done)
        assert f"  {gave} " in screens["choice earnings"].text


def test_names_are_listed_as_the_locale_does_each_isolated() -> None:
    assert tongue("en").listed(["a", "b", "<c>"]) == "a, b, and &lt;c&gt;"
    assert tongue("am").listed(["a", "b"]) == "a እና b"
    assert tongue("ar").listed(["a", "b"]) == "\u2068a\u2069 و\u2068b\u2069"


def test_the_mark_before_an_amount_is_the_locales_own() -> None:
    assert "En attente\xa0: " in plain(dict(all_screens(tongue("fr")))["choice earnings"])
    assert "፦ " in plain(dict(all_screens(tongue("am")))["choice earnings"])


def test_times_of_day_are_in_the_locales_words() -> None:
    when = datetime(2030, 1, 7, 10, 24, tzinfo=UTC)
    assert tongue("ko").moment(when, "Africa/Nairobi") == "30. 1. 7. 오후 1:24"
    assert tongue("en").moment(when, "Africa/Nairobi") == "1/7/30, 1:24\u202fPM"


@pytest.mark.parametrize("locale", ["sw", "ar"])
async def test_a_whole_session_in_one_language(chat: Chat, locale: str) -> None:
    language, voice = own_language(), tongue(locale)
    batch = await chat.batch(language, 3)
    person = await chat.worker(language, locale=locale)
    await person.begin(batch)
    await person.tap(r"a:\d+:0")
    await person.tap(r"s:\d+")
    await person.tap(r"b:\d+")
    await person.tap(r"m:\d+")
    await person.tap(r"r:\d+")
    await person.tap(r"b:\d+")
    await person.tap(r"u:\d+")
    for command in ("/earnings", "/languages", "/language", "/help", "/stop"):
        await person.say(command)
    screens = await person.screens()
    english = ["Skip", "done", "left", "Work", "Earnings", "Help", "Back", "Your", "You ", "Recorded", "Which"]
    for screen in screens:
        shown = screen.text + "\n".join(screen.labels)
        assert [word for word in english if re.search(rf"\b{word}\b", shown)] == []
    assert voice.say("Come back") in screens[-1].labels[0]


@pytest.mark.parametrize("locale", LOCALES)
async def test_help_is_all_in_the_workers_language(chat: Chat, locale: str) -> None:
    person = await chat.worker(own_language(), locale=locale)
    screen = await person.say("/help")
    voice = tongue(locale)
    assert voice.say("How Kazi works") in screen.text
    assert voice.percent(PAID_DONT_KNOWS) in screen.text.replace("\u2068", "").replace("\u2069", "")
    for about in ("find work, or go on", "what you earned, task by task", "stop; your money stays yours"):
        assert voice.say(about) in screen.text
    if locale == "ar":
        assert all(line.startswith("\u200f/") for line in screen.text.splitlines() if " – " in line)


async def test_what_is_said_above_a_screen_runs_its_way(chat: Chat) -> None:
    person = await chat.worker(own_language(), locale="ar")
    for sent in ("/start nosuchbatch", "a text that nobody asked for"):
        first = (await person.say(sent)).text.split("\n")[0]
        strong = [bidirectional(letter) for letter in first if bidirectional(letter) in {"L", "R", "AL"}]
        assert strong[0] != "L", first
