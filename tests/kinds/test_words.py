"""Words of texts in many scripts, worked by hand; and what holds of any text."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crowd.kinds.words import words_of
from tests.kinds.samples.spans import texts

pytestmark = pytest.mark.unit

LANGUAGES = st.sampled_from(["sw", "fr-CM"])
ANYTHING = st.text(max_size=30) | texts() | st.text("a1'’_.\"·אب\u200c\u200d\u00adเะกំ្ក\u0301東 ", max_size=12)


def cut(text: str, language: str = "sw") -> list[str]:
    return [text[word.start : word.end] for word in words_of(text, language)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't go, ng'ombe!", ["Don't", "go", "ng'ombe"]),
        ("‘Dar-es-Salaam’ (Tanzania)", ["Dar", "es", "Salaam", "Tanzania"]),
        ("1,000.50 for 3kg at 12:30.", ["1,000.50", "for", "3kg", "at", "12", "30"]),
        ("@amina_j #Nairobi u.s.a", ["amina_j", "Nairobi", "u", "s", "a"]),
        ("cafe\u0301 caf\u00e9", ["cafe\u0301", "café"]),
        ("so\u00adgar \u00adthis", ["so\u00adgar", "this"]),
        ("😂 ok 👩\u200d👩\u200d👧 👍🏽", ["ok"]),
        ("می\u200cخواهم بروم.", ["می\u200cخواهم", "بروم"]),
        ("سافرتْ أمينة، إلى نيروبي", ["سافرتْ", "أمينة", "إلى", "نيروبي"]),
        ('צה"ל "שלום"', ['צה"ל', "שלום"]),
        ("नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("ሰላም፡ለዓለም።", ["ሰላም", "ለዓለም"]),
        ("กรุงเทพ 15 น้ำ", ["ก", "รุ", "ง", "เท", "พ", "15", "น้ำ"]),
        ("ຫຼວງພະບາງ", ["ຫຼ", "ວ", "ງ", "ພະ", "ບາ", "ງ"]),
        ("ភ្នំពេញ", ["ភ្នំ", "ពេ", "ញ"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("བོད་ཀྱི་རྒྱལ་ས།", ["བོད", "ཀྱི", "རྒྱལ", "ས"]),
        ("東京へiPhone15を", ["東", "京", "へ", "iPhone15", "を"]),
        ("ｶﾞｷﾞ々𠮷", ["ｶﾞ", "ｷﾞ", "々", "𠮷"]),
        ("서울에서 만나요", ["서울에서", "만나요"]),
        ("… — !", []),
    ],
)
def test_words_are_what_readers_would_say(text: str, words: list[str]) -> None:
    assert cut(text) == words


def test_an_apostrophe_parts_words_where_the_language_elides() -> None:
    assert cut("d’Abidjan à l'Afrique", "fr") == ["d", "Abidjan", "à", "l", "Afrique"]
    assert cut("d’Abidjan", "en") == ["d’Abidjan"]


@given(text=ANYTHING, language=LANGUAGES)
@example(text="เเ", language="sw")
@example(text="ก\u200d", language="sw")
def test_every_letter_and_number_is_in_one_word_and_no_mark_is_torn_from_its_letter(text: str, language: str) -> None:
    words = words_of(text, language)
    held = [place for word in words for place in range(word.start, word.end)]
    assert held == sorted(set(held))
    assert all(word.start < word.end for word in words)
    outside = set(range(len(text))) - set(held)
    assert not [text[place] for place in outside if unicodedata.category(text[place])[0] in "LN"]
    for word in words:
        assert unicodedata.category(text[word.start])[0] in "LN"
        assert unicodedata.category(text[word.end - 1])[0] in "LNM"
        assert text[word.end : word.end + 1] == "" or unicodedata.category(text[word.end])[0] != "M"


@given(text=ANYTHING, language=LANGUAGES, data=st.data())
def test_words_of_a_piece_are_those_of_the_whole_text(text: str, language: str, data: st.DataObject) -> None:
    words = words_of(text, language)
    if not words:
        assert not cut(text.strip(), language)
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = words[first].start
    found = [(word.start + start, word.end + start) for word in words_of(text[start : words[last].end], language)]
    assert found == [tuple(word) for word in words[first : last + 1]]
