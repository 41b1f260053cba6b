"""Which screens a phone's language gets, and what languages are called."""

import pytest

from bot.i18n.locales import available, negotiate, own_name
from bot.i18n.tongue import tongue
from tests.bot.chat import Chat, own_language


@pytest.mark.unit
@pytest.mark.parametrize(
    ("code", "locale"),
    [
        ("pt-MZ", "pt_BR"), ("pt-br", "pt_BR"), ("pt", "pt_BR"), ("zh", "zh_Hans"), ("zh-TW", "zh_Hans"), ("tl", "fil"),
        ("in", "id"), ("qu-PE", "es"), ("pa-PK", "ur"), ("pa", "pa"), ("fa-AF", "fa"), ("prs", "fa"), ("rn", "rw"),
        ("en-KE", "en"), ("sr", "en"), ("", "en"), (None, "en"), ("classic-zh-cn", "en"), ("x", "en"), ("😀", "en"),
        ("-", "en"), ("_", "en"), ("a" * 500, "en"),
    ],
)  # fmt: skip
def test_a_phones_language_gets_the_nearest_screens(code: str | None, locale: str) -> None:
    assert negotiate(code) == locale


@pytest.mark.unit
@pytest.mark.parametrize("locale", available())
def test_each_locale_is_its_own_nearest_however_it_is_written(locale: str) -> None:
    for code in (locale, locale.replace("_", "-"), locale.replace("_", "-").lower(), locale.upper()):
        assert negotiate(code) == locale


@pytest.mark.unit
def test_languages_that_cldr_does_not_know_have_names_of_their_own() -> None:
    assert [own_name(code) for code in ("ach", "kri", "ary", "sw")] == ["Lwo", "Krio", "الدارجة", "Kiswahili"]
    assert tongue("sw").language("ach") == "Kiakoli"


@pytest.mark.unit
def test_requesters_words_are_picked_by_locale_then_by_the_batch_then_english() -> None:
    texts = {"fr": "f", "en": "e", "pt-MZ": "p", "ha": "h"}
    assert tongue("pt_BR").picked(texts, "ha") == "pt-MZ"
    assert tongue("sw").picked(texts, "ha") == "ha"
    assert tongue("sw").picked(texts, "yo") == "en"
    assert tongue("sw").picked({"fr": "f"}, "yo") == "fr"


async def test_instructions_in_no_language_of_the_worker_say_so(chat: Chat) -> None:
    language = own_language()
    foreign = await chat.batch(language, 2, instructions={"fr": "Dites ce que c’est."}, title={"en": "Foreign"})
    own = await chat.batch(language, 2, instructions={"sw": "Sema ni nini.", "fr": "Dites."}, title={"en": "Own"})
    person = await chat.worker(language, locale="sw")
    notice = tongue("sw").say("There are no instructions in your language yet. These are in: {language}", language="x")
    screen = await person.say("/work")
    shown = await person.tap(f"w:{foreign.batch_id}", screen)
    assert "Dites ce que c’est." in shown.text
    assert notice.split("x")[0].strip()[:20] in shown.text
    assert "Kifaransa" in shown.text
    screen = await person.say("/work")
    shown = await person.tap(f"w:{own.batch_id}", screen)
    assert "Sema ni nini." in shown.text
    assert "Kifaransa" not in shown.text
