"""Tails and corrections, beside what can be worked out by hand or by brute force."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.signals.statistics import binomial_tail, by_p, normal_tail, poisson_binomial_tail, student_tail

pytestmark = pytest.mark.unit


@given(st.lists(st.floats(0, 1), max_size=8), st.integers(0, 9))
def test_a_poisson_binomial_tail_is_the_sum_over_all_outcomes(chances: list[float], least: int) -> None:
    brute = sum(
        math.prod(chance if hit else 1 - chance for chance, hit in zip(chances, outcome, strict=True))
        for outcome in itertools.product([False, True], repeat=len(chances))
        if sum(outcome) >= least
    )
    assert poisson_binomial_tail(chances, least) == pytest.approx(brute, abs=1e-12)


@given(st.integers(1, 60), st.integers(0, 61), st.floats(0.01, 0.99))
def test_a_binomial_tail_is_that_of_equal_chances(n: int, k: int, p: float) -> None:
    assert binomial_tail(n, k, p) == pytest.approx(poisson_binomial_tail([p] * n, k), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(("t", "freedom", "tail"), [(2.262, 9, 0.025), (1.812, 10, 0.05), (4.144, 10, 0.001)])
def test_students_tail_is_that_of_the_tables(t: float, freedom: int, tail: float) -> None:
    assert student_tail(t, freedom) == pytest.approx(tail, rel=0.01)


def test_the_normal_tail_is_that_of_the_tables() -> None:
    assert normal_tail(1.959964) == pytest.approx(0.025, rel=1e-5)


def test_holm_stops_at_the_first_that_does_not_stand() -> None:
    assert by_p([0.001, 0.2, 0.004, 0.0036], 4, 0.01) == [0]
    assert by_p([0.001, 0.2, 0.004, 0.0032], 4, 0.01) == [0, 3, 2]
    assert by_p([0.001, 0.2], 100, 0.01) == []
    assert by_p([], 0, 0.01) == []
