"""ROVER: texts put together word by word."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crowd.kinds import load_spec
from crowd.kinds.base import Consensus, Json
from crowd.kinds.item import Item
from crowd.kinds.rover import MOST_CELLS, by_characters, combined
from crowd.kinds.text import Text, TextSpec
from crowd.kinds.written import fold, similarity

pytestmark = pytest.mark.unit
ITEM = Item("an item")
KIND = Text()


def spec() -> TextSpec:
    loaded = load_spec(
        {
            "name": "x", "kind": "text", "language": "sw", "items": "x.csv", "currency": "USD", "price": "0.02",
            "instructions": {"en": "x"}, "combine": "words",
        }
    )  # fmt: skip
    assert isinstance(loaded, TextSpec)
    return loaded


def put(*texts: str, weights: tuple[float, ...] = ()) -> str | None:
    found = combined(list(zip(texts, weights or [1.0] * len(texts), strict=True)), fold)
    return None if found is None else found.text


def consensus(*said: tuple[str, float]) -> Consensus:
    evidence: Json = None
    for text, accuracy in said:
        evidence = KIND.add(spec(), evidence, text, accuracy)
    return KIND.consensus(spec(), evidence)


def test_a_network_worked_by_hand() -> None:
    """Slots: the 3 | cat 2, hat 1 | sat 2, sits 1 | on 2, nothing 1 | a 1, the 2 | mat 3. Nobody wrote it like this."""
    found = combined([("the cat sat on a mat", 1), ("the hat sat on the mat", 1), ("the cat sits the mat", 1)], fold)
    assert found is not None
    assert found.text == "the cat sat on the mat"
    assert found.agreement == pytest.approx((3 + 2 + 2 + 2 + 2 + 3) / 18)


def test_words_that_most_left_out_are_left_out_and_those_that_most_put_in_are_put_in() -> None:
    assert put("a big dog", "a dog", "a dog") == "a dog"
    assert put("a dog", "a big dog", "a big dog") == "a big dog"
    assert put("one two", "zero one two", "zero one two three", "one two three") == "one two", "ties are the first's"
    assert put("one two", "zero one two three", "zero one two three") == "zero one two three"


def test_weights_decide_and_among_equals_the_first() -> None:
    assert put("red car", "blue car", weights=(1, 3)) == "blue car"
    assert put("red car", "blue car") == "red car"
    assert put("a b", "a c", "a c", weights=(5, 1, 1)) == "a b"


def test_words_are_compared_by_their_form_and_written_as_most_wrote_them() -> None:
    assert put("habari Yako", "Habari yako", "Habari yako") == "Habari yako"


def test_lines_stay_lines() -> None:
    assert put("moja mbili\ntatu", "moja mbili\ntatu", "moja\ntatu") == "moja mbili\ntatu"


def test_scripts_without_spaces_are_cut_into_characters() -> None:
    assert by_characters(["今日は雨です"])
    assert by_characters(["ສະບາຍດີ", "สวัสดี"])
    assert not by_characters(["오늘은 비가 와요", "habari", "ሰላም ነው"])
    assert put("今日は雨です", "今日は雪です", "今日も雨です") == "今日は雨です"


def test_what_is_too_long_to_be_put_together_stays_whole() -> None:
    long = " ".join(f"w{number}" for number in range(int((MOST_CELLS / 2) ** 0.5) + 1))
    assert put(long, long) is None
    assert consensus((long[:3000], 0.5), (long[:3000], 0.5)).label == long[:3000]


words = st.lists(st.sampled_from(["a", "b", "c", "D", "e\n"]), min_size=1, max_size=6).map(
    lambda each: " ".join(each).replace("\n ", "\n").strip()
)
answers = st.lists(st.tuples(words, st.sampled_from([0.3, 0.5, 0.8, 0.95])), min_size=1, max_size=6)


@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(said: list[tuple[str, float]], luck: random.Random) -> None:
    assert consensus(*luck.sample(said, len(said))) == consensus(*said)


@given(st.text(min_size=1, max_size=30), st.integers(1, 5))
@example("a\n\nb", 3)
def test_answers_that_are_all_the_same_come_back_as_they_are(text: str, times: int) -> None:
    try:
        said = KIND.read_answer(spec(), ITEM, text)
    except ValueError:
        return
    assert consensus(*[(said, 0.6)] * times).label == said


@given(answers)
def test_each_word_of_the_result_was_said_by_somebody_and_a_confidence_is_one(said: list[tuple[str, float]]) -> None:
    found = consensus(*said)
    assert set(found.label.split()) <= {word for text, _ in said for word in text.split()}
    assert 0 <= found.confidence <= 1


@given(answers)
def test_who_most_agree_with_get_what_they_said(said: list[tuple[str, float]]) -> None:
    text = said[0][0]
    more = [*said, *[(text, 0.99)] * (len(said) + 1)]
    assert consensus(*more).label == text


def test_it_is_never_further_from_the_truth_than_the_worst_and_nearer_than_most() -> None:
    luck = random.Random(6)
    vocabulary = [f"{first}{second}" for first in ("ba", "ki", "lo", "mu", "se", "ta") for second in "abdgiklmnostuz"]
    nearer = 0
    for _ in range(150):
        truth = [luck.choice(vocabulary) for _ in range(9)]
        said = [
            " ".join(
                luck.choice(vocabulary) if luck.random() < 0.25 else word for word in truth if luck.random() > 0.05
            )
            for _ in range(5)
        ]
        found = similarity(consensus(*((text, 0.7) for text in said)).label, " ".join(truth))
        each = sorted(similarity(text, " ".join(truth)) for text in said)
        assert found >= each[0]
        nearer += found >= each[3]
    assert nearer > 120
