"""Haste is one weak term, learned from the batch, and never a reason by itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.workers.haste import MOST, haste
from crowd.workers.standing import LEVELS, PAUSED, Standing

pytestmark = pytest.mark.unit
BAD, GOOD, UNKNOWN = (-3.0, 3.0, 0.0)


def shown(*leaning: float) -> np.ndarray:
    """Of each worker, log likelihoods that lean to bad (below 0) or to good."""
    return np.array([[lean * level for level in LEVELS] for lean in leaning])


def of(hasty: list[float], leaning: tuple[float, ...], answers: int = 100) -> np.ndarray:
    """Workers by the share of their answers that took 1 s; the others took 10 s."""
    worker = np.repeat(np.arange(len(hasty)), answers)
    ms = np.concatenate([np.where(np.arange(answers) < share * answers, 1_000, 10_000) for share in hasty])
    return haste(worker, ms, shown(*leaning), chance=1 / 2)


def test_where_the_bad_are_hasty_haste_counts_a_little_against_one_who_is_not_known() -> None:
    told = of([0.4, 0.4, 0, 0, 0, 0.4, 0], (BAD, BAD, GOOD, GOOD, GOOD, UNKNOWN, UNKNOWN))
    assert 0 < told[5] <= MOST
    assert -MOST <= told[6] < 0


def test_where_the_good_are_as_hasty_it_tells_nothing() -> None:
    told = of([0.3] * 6, (BAD, BAD, GOOD, GOOD, UNKNOWN, UNKNOWN))
    assert told == pytest.approx(0, abs=0.01)


def test_times_that_are_not_known_tell_nothing() -> None:
    assert not haste(np.zeros(5, int), np.zeros(5, int), shown(UNKNOWN), chance=1 / 2).any()


@given(st.lists(st.floats(0, 1), min_size=2, max_size=8), st.integers(1, 400))
def test_it_never_pauses_alone(hasty: list[float], answers: int) -> None:
    told = of(hasty, tuple(BAD if at % 2 else GOOD for at in range(len(hasty))), answers)
    assert (np.abs(told) <= MOST).all()
    for more in told:
        levels = tuple(float(more) if level <= 0.3 else 0.0 for level in LEVELS)
        fast = Standing(0, 0, levels, compared=1000)
        assert fast.evidence(0.5) <= MOST + 1e-9 < PAUSED / 2
        assert not fast.to_be_paused(0.5, fitted=True)
