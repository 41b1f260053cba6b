"""Accuracy, calibration and the plain vote, by hand-worked cases."""

import math

from hypothesis import given
from hypothesis import strategies as st

from crowd.replay.score import Labelled, accuracy, calibration_error, rightness, vote

TRUTH = {"a": frozenset({"x"}), "b": frozenset({"x", "y"}), "c": frozenset({"z"})}


def test_accuracy_is_over_tasks_of_known_truth_and_any_right_label_is_right() -> None:
    labels = {"a": Labelled("x", 0.9), "b": Labelled("y", 0.6), "c": Labelled(None, 0.0), "d": Labelled("x", 1.0)}
    assert accuracy(labels, TRUTH) == 2 / 3
    assert sorted(rightness(labels, TRUTH)) == [(0.0, 0.0), (0.6, 1.0), (0.9, 1.0)]
    assert math.isnan(accuracy({}, TRUTH))


def test_a_tied_vote_shares_what_is_right() -> None:
    assert vote({"a": ["x", "y"], "c": ["z", "z", "x"]}, TRUTH) == (0.5 + 1) / 2
    assert vote({"a": ["y", "x", "w", "w", "x"]}, TRUTH) == 0.5
    assert math.isnan(vote({"d": ["x"]}, TRUTH))


def test_calibration_error_is_the_gap_between_what_is_said_and_what_is_so() -> None:
    assert calibration_error([(0.8, 1.0)] * 8 + [(0.8, 0.0)] * 2, bins=1) < 1e-12
    assert abs(calibration_error([(0.9, 1.0), (0.9, 0.0)], bins=1) - 0.4) < 1e-12
    # Two bins of two: gaps of 0.2 - 0.5 and of 0.9 - 1.
    assert abs(calibration_error([(0.2, 1.0), (0.9, 1.0), (0.2, 0.0), (0.9, 1.0)], bins=2) - 0.2) < 1e-12
    assert calibration_error([]) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=1, max_size=60))
def test_calibration_error_is_a_share(pairs: list[tuple[float, float]]) -> None:
    assert 0 <= calibration_error(pairs) <= 1
