"""The test that pauses and clears, over 2,000 workers of known skill: how often it errs, and after how many golds."""

import numpy as np
import pytest

from crowd.workers.standing import ABOVE_CHANCE, GOOD, LEVELS, WRONGLY_PAUSED, sides
from tests.crowd.simulated import NEVER, Floats, Ints, careers, replayed

pytestmark = pytest.mark.unit
RUNS = 2000
OPTIONS = (2, 3, 5)
EVIDENCE = {"golds": True, "mixed": False}


def level(accuracy: float, options: int) -> float:
    """Of a worker of that balanced accuracy."""
    return (accuracy - 1 / options) / (1 - 1 / options)


def drawn(options: int, side: int) -> Floats:
    """Evenly from all bad levels (0), or from all good ones (1)."""
    return np.resize([LEVELS[place] for place in sides(1 / options)[side]], RUNS)


def alike(accuracy: float, options: int) -> Floats:
    return np.full(RUNS, level(accuracy, options))


def share(when: Ints) -> float:
    return float((when < NEVER).mean())


def holds(when: Ints, rate: float) -> bool:
    """The true rate may be no more than this: so many are found where it is with a chance of 0.0005 at most."""
    return bool(share(when) <= rate + 3.3 * np.sqrt(rate * (1 - rate) / len(when)))


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("evidence", EVIDENCE)
def test_what_is_simulated_is_what_the_hot_path_does(options: int, evidence: str) -> None:
    made = careers(np.resize(LEVELS, 52), options, 40, seed=7, golds_only=EVIDENCE[evidence])
    for worker in range(52):
        paused, cleared, shown, rates = replayed(made, worker)
        assert (paused, cleared) == (made.paused[worker], made.cleared[worker])
        assert made.evidence[worker] == pytest.approx(shown, abs=0.01)
        if evidence == "mixed":
            assert rates == pytest.approx(made.rates[:, worker])


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("evidence", EVIDENCE)
def test_of_good_workers_no_more_than_the_stated_share_is_paused(options: int, evidence: str) -> None:
    made = careers(drawn(options, 1), options, 60, seed=1, golds_only=EVIDENCE[evidence])
    assert holds(made.paused, WRONGLY_PAUSED)
    able = careers(alike(GOOD + 0.15, options), options, 60, seed=2, golds_only=EVIDENCE[evidence])
    assert holds(able.paused, WRONGLY_PAUSED / 20)


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize(
    ("evidence", "answers", "rate"), [("mixed", 20, 0.07), ("mixed", 60, 0.08), ("golds", 60, 0.12)]
)
def test_the_least_of_the_good_are_paused_as_rarely_as_is_told(
    options: int, evidence: str, answers: int, rate: float
) -> None:
    """The stated share is of all good workers; of those just good enough it is more, by so much (docs/quality.md)."""
    made = careers(alike(GOOD, options), options, answers, seed=3, golds_only=EVIDENCE[evidence])
    assert holds(made.paused, rate)


@pytest.mark.parametrize(
    ("options", "guessing", "just_bad", "golds"), [(2, 0.65, 0.2, 10), (3, 0.92, 0.65, 8), (5, 0.95, 0.73, 8)]
)
def test_most_bad_workers_are_stopped_within_twenty_answers(
    options: int, guessing: float, just_bad: float, golds: float
) -> None:
    """After eight to ten golds in the median. Of two options a guesser is half right: twenty answers tell little."""
    made = careers(alike(1 / options, options), options, 20, seed=4)
    assert share(made.paused) >= guessing
    assert np.median(made.golds(made.paused)) <= golds
    assert share(careers(alike(1 / options + ABOVE_CHANCE, options), options, 20, seed=5).paused) >= just_bad


@pytest.mark.parametrize(("options", "guessing", "just_bad"), [(2, 0.98, 0.5), (3, 0.99, 0.98), (5, 0.99, 0.98)])
def test_golds_alone_stop_nearly_all_bad_workers_by_and_by(options: int, guessing: float, just_bad: float) -> None:
    assert share(careers(alike(1 / options, options), options, 60, seed=6, golds_only=True).paused) >= guessing
    edge = careers(alike(1 / options + ABOVE_CHANCE, options), options, 60, seed=7, golds_only=True)
    assert share(edge.paused) >= just_bad


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("evidence", EVIDENCE)
def test_of_bad_workers_hardly_more_than_the_stated_share_is_ever_cleared(options: int, evidence: str) -> None:
    """A little more, since what a worker says by habit is learned by the way."""
    made = careers(drawn(options, 0), options, 60, seed=8, golds_only=EVIDENCE[evidence])
    assert holds(made.cleared, WRONGLY_PAUSED + 0.01)


@pytest.mark.parametrize(("options", "cleared", "golds"), [(2, 0.97, 3), (3, 0.98, 3), (5, 0.99, 2)])
def test_able_workers_are_cleared_after_a_few_golds(options: int, cleared: float, golds: float) -> None:
    made = careers(alike(GOOD + 0.15, options), options, 60, seed=9)
    assert share(made.cleared) >= cleared
    assert np.median(made.golds(made.cleared)) <= golds
    assert made.gold.sum(0).mean() <= 5
