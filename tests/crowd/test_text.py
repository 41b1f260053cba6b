"""text: what people write, tidied, compared and weighed; and nothing that they write can break anything."""

import time
import unicodedata

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.kinds import load_spec
from crowd.kinds.base import AnswerError, Consensus, Json
from crowd.kinds.item import Item
from crowd.kinds.text import Text, TextSpec
from crowd.kinds.written import fold, similarity
from db.database import Database

ITEM = Item("an item")
KIND = Text()
words = st.text(max_size=30)
any_text = st.text(st.characters(exclude_categories=[]), max_size=60)
hostile = st.text(
    st.sampled_from(list("ab \t\r\n\0\x0b\x1b\x85\u00a0\u00ad\u061c\u115f\u200b\u200c\u200d\u200e\u200f\u2028\u2029"))
    | st.sampled_from(list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2800\u3164\ufe0f\ufeff\ufffe"))
    | st.sampled_from(["\ud800", "\udfff", "\ue000", "\U000e0041", "\u0301", "é", "ሰ", "س", "한", "😀", "ﷺ"]),
    max_size=40,
)


def spec(least: int = 1, most: int = 1000) -> TextSpec:
    loaded = load_spec(
        {
            "name": "x", "kind": "text", "language": "sw", "items": "x.csv", "currency": "USD", "price": "0.02",
            "instructions": {"en": "x"}, "least_characters": least, "most_characters": most,
        }
    )  # fmt: skip
    assert isinstance(loaded, TextSpec)
    return loaded


@given(any_text, any_text)
def test_similarity_is_symmetric_and_between_0_and_1(one: str, two: str) -> None:
    assert 0 <= similarity(one, two) <= 1
    assert similarity(one, two) == similarity(two, one)
    assert similarity(one, one) == 1


@given(words)
def test_case_form_and_blanks_make_no_difference(text: str) -> None:
    assert similarity(text, f"  {unicodedata.normalize('NFD', text)}\u200b ") == 1
    assert fold(fold(text)) == fold(text)
    assert similarity("Habari  YAKO", "habari yako") == 1


def test_the_longest_texts_are_compared_in_an_instant() -> None:
    """A worker waits for it, and so do all others of the process."""
    one, two = "nzuri sana " * 272, "mbaya kabisa " * 230
    began = time.process_time()
    similarity(one, two)
    assert time.process_time() - began < 0.25  # a table of 9 million cells takes seconds


@given(any_text | hostile)
def test_whatever_is_said_is_stored_as_plain_words_or_refused(said: str) -> None:
    try:
        text = KIND.read_answer(spec(), ITEM, said)
    except AnswerError:
        return
    assert orjson.loads(orjson.dumps({"said": text})) == {"said": text}
    assert not {unicodedata.category(c) for c in text if c not in "\n\u200c\u200d"} & {"Cc", "Cf", "Cs", "Co"}
    assert any(unicodedata.category(c)[0] in "LNPS" for c in text)
    assert KIND.read_answer(spec(), ITEM, text) == text


@pytest.mark.parametrize("nothing", ["", " \n ", "\u200d\u200c", "\u3164\u3164", "\u2800", "\ufe0f\u0301", "\0\u202e"])
def test_what_cannot_be_seen_is_no_answer(nothing: str) -> None:
    with pytest.raises(AnswerError) as refused:
        KIND.read_answer(spec(), ITEM, nothing)
    assert refused.value.problem == "answer_too_short"


def test_blanks_are_tidied_and_words_left_alone() -> None:
    assert KIND.read_answer(spec(), ITEM, " a\tb \r\n c\rd\x85e ") == "a b\nc d e"
    assert KIND.read_answer(spec(), ITEM, "می\u200cخواهم") == "می\u200cخواهم"
    assert KIND.read_answer(spec(), ITEM, "evil\u202etxt.exe") == "eviltxt.exe"


def test_the_length_is_held_to() -> None:
    with pytest.raises(AnswerError) as refused:
        KIND.read_answer(spec(most=4000 - 1000), ITEM, "x" * 4096)
    assert (refused.value.problem, refused.value.values) == ("answer_too_long", {"most": 3000, "length": 4096})
    with pytest.raises(AnswerError):
        KIND.read_answer(spec(least=5), ITEM, "abcd")
    assert KIND.read_answer(spec(most=3000), ITEM, "x" * 3000) == "x" * 3000


async def test_hostile_texts_go_through_the_database_unchanged(database: Database) -> None:
    every = "".join(map(chr, range(0x3100))) + "\ud800\udfff\ufffe\uffff\U0010ffff" + "ﷺ"
    text = KIND.read_answer(spec(most=3000), ITEM, every[:2900] + every[-6:])
    async with database.transaction() as tx:
        assert await tx.value("SELECT $1::jsonb", {"said": text}) == {"said": text}


def test_the_nearest_to_all_others_is_the_label() -> None:
    evidence = None
    for said in ("habari yako", "habari yaku", "kitu kingine kabisa"):
        evidence = KIND.add(spec(), evidence, said, 0.5)
    result = KIND.consensus(spec(), evidence)
    assert result.label == "habari yako"
    # its neighbours: 1 of 11 characters away, and 16 of the 19 of the third; and its writer's accuracy
    assert result.confidence == pytest.approx((10 / 11 + 3 / 19 + 0.5) / 3)
    assert result.votes == 3


def test_a_good_writer_outweighs_two_poor_ones() -> None:
    """Odds of 0.9 are 9, of 0.3 they are 3/7: what the two have in common is not worth that."""
    evidence = None
    for said, accuracy in (("habari yako", 0.9), ("kitu kingine", 0.3), ("kitu kingina", 0.3)):
        evidence = KIND.add(spec(), evidence, said, accuracy)
    assert KIND.consensus(spec(), evidence).label == "habari yako"


def test_one_text_is_as_sure_as_its_writer() -> None:
    assert KIND.consensus(spec(), KIND.add(spec(), None, "habari", 0.7)) == Consensus("habari", 0.7, 1)
    assert KIND.consensus(spec(), None) == Consensus(None, 0.0, 0)


@given(
    st.lists(st.tuples(st.text("abc", max_size=4), st.floats(0.01, 0.99)), min_size=1, max_size=7),
    st.randoms(use_true_random=False),
)
def test_the_order_of_answers_does_not_matter(said: list[tuple[str, float]], luck: object) -> None:
    shuffled = list(said)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    results = []
    for order in (said, shuffled):
        evidence: Json = []
        for text, accuracy in order:
            evidence = KIND.add(spec(), evidence, text, accuracy)
        assert orjson.loads(orjson.dumps(evidence)) == [list(each) for each in evidence]
        results.append(KIND.consensus(spec(), evidence))
    assert results[0] == results[1]
    assert 0 <= results[0].confidence <= 1 + 1e-9


def test_a_gold_is_matched_by_likeness() -> None:
    assert KIND.verdict(spec(), "Habari yako", "habari yaku") == 1
    assert KIND.verdict(spec(), "Habari yako", "sijui") == 0
    assert KIND.chance(spec()) == 0
