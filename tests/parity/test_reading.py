"""Which of a requester's languages a person reads: the same in the chat and in what is noted of them."""

import pytest

from bot.i18n.tongue import tongue
from crowd.batches.reading import reads


@pytest.mark.parametrize(
    ("locale", "codes", "language", "read"),
    [
        ("ha", "en ha", "sw", "ha"),
        ("pt_BR", "en pt-BR pt", "sw", "pt-BR"),
        ("pt_BR", "en pt", "sw", "pt"),
        ("zh_Hans", "en zh-Hant", "sw", "zh-Hant"),
        ("fr", "en sw ha", "sw", "sw"),
        ("fr", "ha en", "sw", "en"),
        ("fr", "ha", "sw", "ha"),
        ("fr", "ha yo", "sw", None),
    ],
)
def test_a_person_reads_their_own_else_the_batch_s_else_english(
    locale: str, codes: str, language: str, read: str | None
) -> None:
    texts = dict.fromkeys(codes.split(), "…")
    assert reads(locale, texts, language) == read
    shown = tongue(locale).picked(texts, language)
    assert shown == (read or shown)


def test_a_language_near_to_the_locale_is_shown_where_there_is_nothing_better() -> None:
    assert reads("fr", {"ha": "", "wo": ""}, "sw") is None
    assert tongue("fr").picked({"ha": "", "wo": ""}, "sw") == "wo"
