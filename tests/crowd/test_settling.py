"""When a task has answers enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.batch import Overlap
from crowd.kinds.base import Consensus
from crowd.settling import Progress, progress

pytestmark = pytest.mark.unit
RULE = Overlap(least=3, most=5, confidence=0.8)
SURE, UNSURE = 0.9, 0.5


@pytest.mark.parametrize(
    ("confidence", "votes", "answers", "leased", "expected"),
    [
        (SURE, 1, 1, 2, Progress(settled=False, seats=0)),  # three at once from the start
        (SURE, 1, 1, 1, Progress(settled=False, seats=1)),  # one came back
        (SURE, 2, 2, 1, Progress(settled=False, seats=0)),  # sure, but too few
        (SURE, 3, 3, 0, Progress(settled=True, seats=0)),
        (UNSURE, 3, 3, 0, Progress(settled=False, seats=1)),  # then one at a time
        (UNSURE, 3, 3, 1, Progress(settled=False, seats=0)),
        (SURE, 2, 3, 0, Progress(settled=False, seats=1)),  # an “I don't know” is no vote
        (UNSURE, 4, 4, 0, Progress(settled=False, seats=1)),
        (UNSURE, 5, 5, 0, Progress(settled=True, seats=0)),  # that was the most
        (0.8, 3, 3, 0, Progress(settled=True, seats=0)),  # as sure as asked for is enough
    ],
)
def test_hand_worked_cases(confidence: float, votes: int, answers: int, leased: int, expected: Progress) -> None:
    assert progress(RULE, Consensus("a", confidence, votes), answers=answers, leased=leased) == expected


@given(st.integers(1, 20), st.integers(0, 19), st.integers(0, 25), st.integers(0, 20), st.floats(0, 1), st.data())
def test_never_more_than_the_most(
    least: int, more: int, answers: int, leased: int, confidence: float, data: st.DataObject
) -> None:
    rule = Overlap(least=least, most=min(20, least + more), confidence=0.8)
    votes = data.draw(st.integers(0, answers))
    result = progress(rule, Consensus("a", confidence, votes), answers=answers, leased=leased)
    assert result.seats >= 0
    assert result.seats == 0 or answers + leased + result.seats <= rule.most
    assert not (result.settled and result.seats)
    assert result.settled or answers < rule.most
