"""choice: what votes add up to."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.kinds import kind_named, load_spec
from crowd.kinds.base import AnswerError, Consensus, ItemError
from crowd.kinds.choice import Choice, ChoiceSpec
from crowd.kinds.item import Item

pytestmark = pytest.mark.unit
ITEM = Item("an item")
KIND = Choice()


def spec(options: int = 3) -> ChoiceSpec:
    loaded = load_spec(
        {
            "name": "x", "kind": "choice", "language": "sw", "items": "x.csv", "currency": "USD", "price": "0.02",
            "instructions": {"en": "x"},
            "options": [{"value": value, "label": {"en": value}} for value in "abcdefghijklmnopqrst"[:options]],
        }
    )  # fmt: skip
    assert isinstance(loaded, ChoiceSpec)
    return loaded


def consensus(*votes: tuple[str, float], options: int = 3) -> Consensus:
    evidence = None
    for said, accuracy in votes:
        evidence = KIND.add(spec(options), evidence, said, accuracy)
    return KIND.consensus(spec(options), evidence)


@pytest.mark.parametrize(
    ("votes", "percent"),
    [
        ([("a", 0.7), ("a", 0.9)], 97.7),
        ([("a", 0.9), ("b", 0.7)], 76.1),
        ([("a", 0.9), ("b", 0.7), ("a", 0.8)], 96.2),
    ],
)
def test_tolokas_published_examples_are_met(votes: list[tuple[str, float]], percent: float) -> None:
    result = consensus(*votes)
    assert result.label == "a"
    assert result.confidence * 100 == pytest.approx(percent, abs=0.05)
    assert result.votes == len(votes)


def test_a_single_vote_is_as_sure_as_its_worker() -> None:
    for options in (2, 3, 20):
        for accuracy in (0.6, 0.75, 0.99):
            assert consensus(("a", accuracy), options=options).confidence == pytest.approx(accuracy)


def test_no_vote_is_no_label() -> None:
    assert consensus() == Consensus(None, 0.0, 0)


def test_one_good_worker_outweighs_two_poor_ones() -> None:
    assert consensus(("a", 0.95), ("b", 0.6), ("b", 0.6)).label == "a"


def test_among_equals_the_first_option_is_the_label() -> None:
    assert consensus(("c", 0.7), ("b", 0.7)).label == "b"


votes_of_some = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(0.34, 0.99)) | st.tuples(st.sampled_from("ab"), st.just(0.7)),
    min_size=1,
    max_size=20,
)


@given(votes_of_some, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(votes: list[tuple[str, float]], luck: object) -> None:
    shuffled = list(votes)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert consensus(*shuffled) == consensus(*votes)


def test_a_tie_is_the_same_in_every_order() -> None:
    """0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1 in floating point; labels must not hang on that."""
    mine = [("b", 0.35), ("b", 0.61), ("b", 0.97)]
    theirs = [("a", 0.97), ("a", 0.61), ("a", 0.35)]
    assert len({consensus(*order) for order in permutations(mine + theirs)}) == 1
    assert consensus(*mine, *theirs).label == "a"


@given(votes_of_some)
def test_a_confidence_is_a_probability_and_never_below_that_of_a_guess(votes: list[tuple[str, float]]) -> None:
    result = consensus(*votes)
    assert 1 / 3 - 1e-9 <= result.confidence <= 1
    assert result.votes == len(votes)


@given(
    st.none()
    | st.integers().filter(lambda number: not 0 <= number < 3)
    | st.text()
    | st.floats()
    | st.lists(st.integers())
)
def test_what_is_said_is_the_number_of_an_option_or_refused(said: object) -> None:
    with pytest.raises(AnswerError, match="no_such_option"):
        KIND.read_answer(spec(), ITEM, said)
    assert [KIND.read_answer(spec(), ITEM, number) for number in range(3)] == ["a", "b", "c"]


def test_a_gold_is_one_of_the_options() -> None:
    assert KIND.read_gold(spec(), ITEM, "b") == "b"
    with pytest.raises(ItemError, match="none of the options"):
        KIND.read_gold(spec(), ITEM, "B")
    assert KIND.verdict(spec(), "b", "b") == 1
    assert KIND.verdict(spec(), "b", "a") == 0


def test_the_kind_is_found_by_its_name() -> None:
    assert isinstance(kind_named("choice"), Choice)
    assert KIND.chance(spec(4)) == 0.25
