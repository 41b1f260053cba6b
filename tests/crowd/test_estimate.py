"""What is told of a worker: the accuracy and its interval, on what they rest, and where they stand with the test."""

import math

import pytest

from crowd.workers.estimate import State, estimate, interval, posterior
from crowd.workers.ladder import Ladder
from crowd.workers.standing import LEAST_CHECKS, LEVELS, Standing

pytestmark = pytest.mark.unit
FREE = Ladder(paused=False, refreshed=False, trial_from=None)
NEW = Standing(0, 0)


def after(verdicts: str) -> Standing:
    standing = NEW
    for verdict in verdicts:
        standing = standing.after(float(verdict == "+"), 0.5)
    return standing


def test_before_any_evidence_all_levels_are_alike_probable() -> None:
    assert posterior(NEW.levels) == pytest.approx([1 / 13] * 13)
    # twelve levels of width 0.1 from -0.25 on; a tenth of 13 levels from the end is 1.3: all of the last, 0.3 of 0.9's
    low, high = interval(posterior(NEW.levels), 0.8)
    assert low == pytest.approx(-0.25 + 0.13)
    assert high == pytest.approx(0.95 - 0.03)
    known = estimate(NEW, FREE, 0.5)
    middles = [*LEVELS[:-1], 0.975]
    assert known.accuracy == pytest.approx(0.5 + sum(middles) / 13 / 2)
    assert (known.golds, known.right, known.compared, known.state) == (0, 0, 0, State.NEW)


def test_a_hand_worked_posterior() -> None:
    # two golds of two options, right: a level s makes each 1 + s times as probable as who guesses
    shares = posterior(after("++").levels)
    weights = [(1 + level) ** 2 for level in LEVELS]
    assert shares == pytest.approx([weight / math.fsum(weights) for weight in weights], rel=0.02)


def test_accuracy_is_never_below_nothing_nor_above_all() -> None:
    for chance in (0.0, 0.1, 0.5):
        for verdicts in ("-" * 60, "+" * 60):
            known = estimate(after(verdicts), FREE, chance)
            assert 0 <= known.low <= known.accuracy <= known.high <= 1


def test_the_interval_narrows_as_evidence_comes() -> None:
    widths = [
        known.high - known.low for known in (estimate(after("++-" * times), FREE, 0.5) for times in (0, 1, 4, 16))
    ]
    assert widths == sorted(widths, reverse=True)


def test_a_state_is_what_the_test_says() -> None:
    assert estimate(after("+-"), FREE, 0.5).state is State.NEW
    assert estimate(after("+-++" * (LEAST_CHECKS // 4)), FREE, 0.5).state is State.WATCHED
    assert estimate(after("+" * 12), FREE, 0.5).state is State.CLEARED
    assert estimate(after("+" * 12), Ladder(paused=True, refreshed=False, trial_from=None), 0.5).state is State.PAUSED


def test_a_retest_counts_anew() -> None:
    known = estimate(after("+" * 12), Ladder(paused=False, refreshed=True, trial_from=9), 0.5)
    assert (known.state, known.golds, known.right, known.compared) == (State.RETEST, 3, None, None)
