"""Krippendorff's alpha: published examples worked by hand, the package of that name, and what must always hold."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.agreement.alpha import DRAWS, Alpha, alpha
from crowd.agreement.computing import Group, figures_of
from crowd.batches.spec import BatchSpec
from crowd.kinds import load_spec
from crowd.kinds.base import Difference, Json
from crowd.kinds.differences import interval, nominal, ordinal

pytestmark = pytest.mark.unit

# Krippendorff 2011, “Computing Krippendorff's Alpha-Reliability”, part C: twelve units, four observers, missing data.
PUBLISHED = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)

# The same, part A: two observers, two values.
BINARY = ((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0))

Differ = Callable[[Sequence[int], Sequence[tuple[int, int]]], Difference]

LEVELS: dict[str, Differ] = {
    "nominal": lambda _values, _counts: nominal,
    "ordinal": ordinal,
    "interval": lambda _values, _counts: interval,
}


def of(observers: Sequence[Sequence[Any]], level: str = "nominal") -> Alpha:
    """Alpha of a table of observers and units, None where somebody said nothing."""
    values = sorted({value for said in observers for value in said if value is not None})
    units = list(zip(*observers, strict=True))
    counted = [[unit.count(value) for value in values] for unit in units]
    said = np.array(counted, dtype=np.int64).reshape(len(units), len(values))
    paired = said[said.sum(1) >= 2]
    differ = LEVELS[level](values, list(zip(values, (int(count) for count in paired.sum(0)), strict=True)))
    distance = np.array([[differ(one, other) for other in values] for one in values]).reshape(len(values), len(values))
    return alpha(said, np.ones(len(said), dtype=np.int64), distance)


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_example_of_four_observers_is_met(level: str, published: float) -> None:
    found = of(PUBLISHED, level)
    assert found.value == pytest.approx(published, abs=0.0005)
    assert (found.tasks, found.answers) == (11, 40), "a unit with one value has nothing to be compared with"


def test_the_published_example_of_two_observers_is_met() -> None:
    assert of(BINARY).value == pytest.approx(0.095, abs=0.0005)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(12))
def test_it_is_what_the_package_of_that_name_says_to_four_digits(level: str, seed: int) -> None:
    luck = np.random.default_rng(seed)
    observers, units, classes = int(luck.integers(2, 9)), int(luck.integers(3, 60)), int(luck.integers(2, 7))
    truth = luck.integers(0, classes, units)
    said = np.where(luck.random((observers, units)) < 0.6, truth, luck.integers(0, classes, (observers, units)))
    table = np.where(luck.random((observers, units)) < 0.3, np.nan, said.astype(float))
    known: Any = level
    expected = krippendorff.alpha(reliability_data=table, level_of_measurement=known)
    found = of([[None if np.isnan(value) else int(value) for value in row] for row in table], level)
    assert found.value == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    "observers",
    [((), ()), ((1,), (None,)), ((None, None), (1, 2)), ((1, 1, 1), (1, 1, 1)), ((2,), (2,))],
    ids=["no tasks", "one answer", "never two", "all the same", "one task, one word"],
)
def test_where_nothing_can_be_said_nothing_is(observers: tuple[tuple[int | None, ...], ...]) -> None:
    found = of(observers)
    assert (found.value, found.low, found.high) == (None, None, None)


def test_full_agreement_is_one_and_full_disagreement_is_below_nothing() -> None:
    assert of(((1, 2, 1, 2), (1, 2, 1, 2))).value == 1
    worst = of(((1, 2, 1, 2), (2, 1, 2, 1))).value
    assert worst is not None
    assert worst < 0


@given(
    st.lists(st.lists(st.sampled_from("abc") | st.none(), min_size=3, max_size=3), min_size=2, max_size=30),
    st.permutations("abc"),
)
@settings(max_examples=60)
def test_neither_the_order_of_tasks_and_answers_nor_the_names_of_options_matter(
    units: list[list[str | None]], names: list[str]
) -> None:
    renamed = dict(zip("abc", names, strict=True))
    turned = [[None if value is None else renamed[value] for value in reversed(unit)] for unit in reversed(units)]
    first, second = of(list(zip(*units, strict=True))), of(list(zip(*turned, strict=True)))
    assert first.value == pytest.approx(second.value, abs=1e-9)
    assert (first.tasks, first.answers) == (second.tasks, second.answers)


def test_tasks_that_are_alike_count_as_often_as_there_are() -> None:
    distance = 1 - np.eye(3)
    rows = np.array([[3, 0, 0], [2, 1, 0], [0, 1, 2]])
    times = np.array([40, 25, 7])
    once = alpha(np.repeat(rows, times, axis=0), np.ones(72, dtype=np.int64), distance)
    assert alpha(rows, times, distance).value == pytest.approx(once.value)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Of 200 batches drawn from a large one, the intervals of nineteen in twenty hold its alpha, give or take."""
    luck = np.random.default_rng(7)
    truth = luck.integers(0, 3, 60_000)
    answers = np.where(luck.random((3, 60_000)) < 0.75, truth, luck.integers(0, 3, (3, 60_000)))
    said = np.stack([(answers == option).sum(0) for option in range(3)], axis=1)
    distance = 1 - np.eye(3)
    real = alpha(said, np.ones(60_000, dtype=np.int64), distance).value
    assert real is not None
    held = 0
    for _ in range(200):
        found = alpha(said[luck.integers(0, 60_000, 150)], np.ones(150, dtype=np.int64), distance)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= real <= found.high
    assert 178 <= held <= 200


def test_few_tasks_have_no_interval_and_the_same_answers_the_same_one() -> None:
    few = of((("a", "b", "a"), ("a", "b", "b")))
    assert few.value is not None
    assert (few.low, few.high) == (None, None)
    assert of(PUBLISHED) == of(PUBLISHED)


def test_a_million_answers_in_a_thousand_different_ways_take_less_than_two_seconds() -> None:
    luck = np.random.default_rng(3)
    rows = luck.multinomial(4, np.full(20, 0.05), size=1000)
    began = time.perf_counter()
    found = alpha(rows, np.full(1000, 250), 1 - np.eye(20))
    assert time.perf_counter() - began < 2
    assert (found.tasks, found.answers) == (250_000, 1_000_000)
    assert DRAWS == 1000


CHOICE = {
    "name": "n", "kind": "choice", "language": "sw", "items": "items.csv", "currency": "USD", "price": "0.02",
    "instructions": {"en": "x"}, "options": [{"value": each, "label": {"en": each}} for each in ("yes", "no", "so")],
}  # fmt: skip


def _spec(**changed: Json) -> BatchSpec:
    return load_spec({name: value for name, value in {**CHOICE, **changed}.items() if value is not None})


def test_the_confusion_matrix_says_what_was_said_where_worked_by_hand() -> None:
    figures = figures_of(
        _spec(),
        [
            Group("yes", gold=False, said=(("yes", 2), ("no", 1)), tasks=3),
            Group("yes", gold=True, said=(("yes", 1), (None, 1)), tasks=2),
            Group("no", gold=False, said=(("no", 1), ("so", 1)), tasks=1),
            Group("no", gold=False, said=(("no", 1),), tasks=50),
            Group(None, gold=False, said=(("so", 2),), tasks=1),
        ],
    )
    yes, no, so = figures.options
    assert (yes.tasks, yes.answers, yes.dont_know, yes.right) == (5, 11, 2, 8 / 11)
    assert [each.times for each in yes.said] == [8, 3, 0]
    assert yes.mistaken_for is not None
    assert (yes.mistaken_for.value, yes.mistaken_for.times) == ("no", 3)
    assert (no.tasks, no.answers, no.right) == (1, 2, 0.5), "a task with one answer says nothing of its label"
    assert (so.tasks, so.right, so.mistaken_for) == (0, None, None)
    assert (figures.tasks, figures.answers) == (5, 13), "golds are no part of alpha"


@pytest.mark.parametrize("seed", range(4))
def test_an_ordered_batch_has_the_ordinal_alpha_of_the_package_of_that_name(seed: int) -> None:
    luck = np.random.default_rng(seed)
    steps = ("never", "rarely", "sometimes", "often", "always")
    spec = _spec(ordered=True, options=[{"value": each, "label": {"en": each}} for each in steps])
    truth = luck.integers(0, 5, 40)
    table = np.clip(truth + np.round(luck.normal(0, 0.8, (4, 40))), 0, 4)
    table[luck.random((4, 40)) < 0.3] = np.nan
    groups = [
        Group(None, gold=False, said=tuple(Counter(steps[int(each)] for each in unit if not np.isnan(each)).items()))
        for unit in table.T
    ]
    found = figures_of(spec, groups).alpha
    assert found == pytest.approx(krippendorff.alpha(table, level_of_measurement="ordinal"), abs=5e-5)
    assert found != pytest.approx(krippendorff.alpha(table, level_of_measurement="nominal"), abs=0.01)


def test_i_dont_know_is_no_answer() -> None:
    said = [
        Group("yes", gold=False, said=(("yes", 2),), tasks=4),
        Group("no", gold=False, said=(("no", 1), ("yes", 1))),
    ]
    unsaid = [Group(each.label, gold=False, said=(*each.said, (None, 3)), tasks=each.tasks) for each in said]
    assert figures_of(_spec(), unsaid).alpha == figures_of(_spec(), said).alpha


def test_written_answers_differ_by_the_letters_that_are_to_be_changed() -> None:
    spec = _spec(kind="text", options=None)

    def agreement(*tasks: Sequence[str]) -> float:
        groups = [Group(None, gold=False, said=tuple(Counter(said).items())) for said in tasks]
        found = figures_of(spec, groups)
        assert found.options == ()
        assert found.alpha is not None
        return found.alpha

    near = agreement(("habari gani", "habari ganí"), ("kwa heri", "kwaheri"))
    far = agreement(("habari gani", "kwa heri"), ("kwaheri", "habari ganí"))
    assert agreement(("Habari  GANI", "habari gani"), ("kwa heri", "Kwa heri")) == 1, "case and spaces are no matter"
    assert 0.7 < near < 1
    assert far < 0
