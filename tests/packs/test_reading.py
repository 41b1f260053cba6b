"""What is written about a pack is read as it was meant, or asked about again: never as anything else."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.locales import available
from crowd.packs.letters import LATIN, letters_of, places
from crowd.packs.reading import LONGEST, Said, Slot, read, write

pytestmark = pytest.mark.unit


def numbered(slots: Sequence[Slot], letters: str = LATIN) -> dict[int, Slot]:
    return {number: replace(slot, letters=letters) for number, slot in enumerate(slots, 1)}


THREE = numbered([Slot(3, dont_know=True)] * 3)
THREE_IN_ARABIC = numbered([Slot(3, dont_know=True)] * 3, letters_of("ar"))
DIGITS = {
    "latin": "0123456789", "arabic": "٠١٢٣٤٥٦٧٨٩", "persian": "۰۱۲۳۴۵۶۷۸۹", "devanagari": "०१२३४५६७८९",
    "bengali": "০১২৩৪৫৬৭৮৯", "burmese": "၀၁၂၃၄၅၆၇၈၉", "khmer": "០១២៣៤៥៦៧៨៩", "wide": "０１２３４５６７８９",
}  # fmt: skip
WITHIN = ("", " ", "-", " - ", ":", ": ", ".", ". ", ")", ") ", "=", "\t", " – ", "\u200f ", "،", "→")
AFTER = (" ", ", ", "\n", "; ", "،", " / ", ".\n", "\r\n\r\n", "。")


@pytest.mark.parametrize(
    "text",
    [
        "1a 2c 3?",
        "1-a, 2-c, 3-?",
        "1A2C3?",
        "1) a\n2) c\n3) ?",
        "3? 2c 1a",
        "  1 a ;2 c;3؟ ",
        "1a 1a 2c 3???",
        "1.a.2.c.3.?",
    ],
)
def test_usual_ways_to_write_an_answer_are_read(text: str) -> None:
    assert read(text, THREE) == Said({1: (0,), 2: (2,), 3: None})


def test_arabic_digits_and_letters_are_read() -> None:
    assert read("١ أ ٢ ج ٣ ؟", THREE_IN_ARABIC) == Said({1: (0,), 2: (2,), 3: None})
    assert read("١ا، ٢ب", THREE_IN_ARABIC) == Said({1: (0,), 2: (1,)}), "without its hamza"
    assert read("1a 2b", THREE_IN_ARABIC) == Said({1: (0,), 2: (1,)}), "Latin letters of a Latin keyboard"


@pytest.mark.parametrize(
    ("text", "answers", "unclear"),
    [
        ("1a 1b 2c", {2: (2,)}, 2),
        ("1a 1b 1a", {}, 3),
        ("1ab", {}, 1),
        ("1 a b", {}, 1),
        ("1 2 a", {}, 1),
        ("12a", {}, 1),
        ("01a", {}, 1),
        ("a 1b", {1: (1,)}, 1),
        ("1z 2a", {2: (0,)}, 1),
        ("1", {}, 1),
        ("1 2 3", {}, 1),
        ("4a 1a", {1: (0,)}, 1),
        ("hello", {}, 1),
        ("1a? 2b", {2: (1,)}, 1),
        ("1!a", {}, 1),
        ("1 yes 2 b", {2: (1,)}, 1),
        ("", {}, 0),
        (" ,\n. ", {}, 0),
        ("99999999999999999999a", {}, 1),
    ],
)
def test_what_could_be_read_in_two_ways_is_asked_about(
    text: str, answers: dict[int, tuple[int, ...]], unclear: int
) -> None:
    said = read(text, THREE)
    assert said.answers == answers
    assert len(said.unclear) == unclear, said


def test_several_answers_are_taken_where_several_may_be_chosen() -> None:
    several = numbered([Slot(4, several=True)] * 2)
    for text in ("1ac 2b", "1 a c, 2b", "1: a, c; 2: b", "1 c-a 2 b"):
        assert read(text, several) == Said({1: (0, 2), 2: (1,)}), text
    assert read("1aa 2b", several).answers == {2: (1,)}
    assert read("1? 2b", several).answers == {2: (1,)}, "not to know is no answer there"
    none = numbered([Slot(4, several=True, alone=3)])
    assert read("1d", none) == Said({1: (3,)})
    assert read("1ad", none).answers == {}, "none of these, and one of these"


def test_letters_that_look_like_others_are_not_taken_for_them() -> None:
    shown = letters_of("ru")
    assert places(shown, 4)["а"] == places(shown, 4)["a"] == 0
    assert "b" not in places(shown, 4), "it looks like the third"
    assert "c" in places(shown, 4)
    assert "c" not in places(shown, 20), "it looks like the nineteenth or so"
    assert read("1с", THREE).answers == {}, "a Cyrillic letter that looks like a Latin one"


@pytest.mark.parametrize("locale", available())
def test_each_locale_has_letters_that_are_told_apart(locale: str) -> None:
    shown = letters_of(locale)
    assert len(shown) >= 14
    assert len(set(shown)) == len(shown)
    assert all(letter.isalpha() and letter == letter.casefold() for letter in shown)
    slots = numbered([Slot(len(shown))] * 5, shown)
    for place in range(len(shown)):
        assert read(write({3: (place,)}, slots), slots) == Said({3: (place,)})


def test_a_thousand_ways_to_write_an_answer_are_read_as_meant() -> None:
    ways = 0
    for locale, digits, within, after in itertools.product(("en", "ar", "hi", "ru", "ko"), DIGITS, WITHIN, AFTER):
        letters = letters_of(locale)
        meant: dict[int, tuple[int, ...] | None] = {1: (0,), 2: None, 12: (3,)}
        number = str.maketrans("0123456789", DIGITS[digits])
        pieces = [
            f"{str(at).translate(number)}{within}{'?' if chosen is None else letters[chosen[0]]}"
            for at, chosen in meant.items()
        ]
        assert read(after.join(pieces), numbered([Slot(4, dont_know=True)] * 12, letters)) == Said(meant), pieces
        ways += 1
    assert ways > 1000


LOCALES = st.sampled_from(available())
SLOTS = st.dictionaries(
    st.integers(1, 120),
    st.builds(
        Slot, st.integers(1, 8), st.booleans(), st.booleans(), LOCALES.map(letters_of), st.one_of(st.none(), st.just(0))
    ),
    min_size=1,
    max_size=25,
)
PIECES = st.sampled_from(
    [*"abcdeABC?؟ \n,.-:;()", "1", "2", "12", "٣", "৪", "أ", "ب", "क", "а", "в", "с", "가", "x", "ß", "\u200f"]
)


@given(SLOTS, st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=30).map("".join)))
def test_what_is_accepted_formats_back_to_the_same(slots: dict[int, Slot], text: str) -> None:
    said = read(text, slots)
    assert read(write(said.answers, slots), slots) == Said(said.answers)
    for number, chosen in said.answers.items():
        slot = slots[number]
        if chosen is None:
            assert slot.dont_know
        else:
            assert chosen == tuple(sorted(set(chosen)))
            assert chosen[-1] < slot.answers
            assert len(chosen) == 1 or (slot.several and slot.alone not in chosen)


@given(st.data(), SLOTS)
def test_what_is_meant_is_never_read_as_something_else(data: st.DataObject, slots: dict[int, Slot]) -> None:
    """However answers are written and damaged, a number is read as meant, or not at all."""
    meant: dict[int, tuple[int, ...] | None] = {}
    for number, slot in slots.items():
        most = slot.answers if slot.several else 1
        chosen = data.draw(st.sets(st.integers(0, slot.answers - 1), min_size=1, max_size=most))
        meant[number] = tuple(sorted(chosen - {slot.alone} if len(chosen) > 1 else chosen))
    within, after = data.draw(st.sampled_from(WITHIN)), data.draw(st.sampled_from(AFTER))
    pieces = [
        f"{number}{within}{''.join(slots[number].letters[place] for place in meant[number] or ())}" for number in meant
    ]
    order = data.draw(st.permutations(pieces))
    noise = data.draw(st.sampled_from(["", "ok ", "😀 ", "!! "]))
    said = read(noise + after.join(order), slots)
    assert said.answers == meant
    assert len(said.unclear) == (noise != "")


def test_what_is_too_long_says_so() -> None:
    said = read("1a " + " " * LONGEST + "2b", THREE)
    assert said.answers == {1: (0,)}
    assert said.unclear
