"""When a task has answers enough."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.batches.spec import Overlap
from crowd.kinds.base import Consensus
from crowd.loop.settling import Progress, least_wanted, progress, reliability, sampled

pytestmark = pytest.mark.unit
RULE = Overlap(least=3, most=5, confidence=0.8)
SURE, UNSURE = 0.9, 0.5


@pytest.mark.parametrize(
    ("confidence", "votes", "answers", "leased", "expected"),
    [
        (SURE, 1, 1, 2, Progress(settled=False, seats=0)),  # three at once from the start
        (SURE, 1, 1, 1, Progress(settled=False, seats=1)),  # one came back
        (SURE, 2, 2, 1, Progress(settled=False, seats=0)),  # sure, but too few
        (SURE, 3, 3, 0, Progress(settled=True, seats=0, sure=True)),
        (UNSURE, 3, 3, 0, Progress(settled=False, seats=1, wanted=0.5)),  # then one at a time
        (UNSURE, 3, 3, 1, Progress(settled=False, seats=0, wanted=0.5)),
        (0.75, 2, 3, 0, Progress(settled=False, seats=1, wanted=0.25)),  # an “I don't know” is no vote
        (UNSURE, 4, 4, 0, Progress(settled=False, seats=1, wanted=0.5)),
        (UNSURE, 5, 5, 0, Progress(settled=True, seats=0)),  # that was the most
        (0.8, 3, 3, 0, Progress(settled=True, seats=0, sure=True)),  # as sure as asked for is enough
    ],
)
def test_hand_worked_cases(confidence: float, votes: int, answers: int, leased: int, expected: Progress) -> None:
    assert progress(RULE, Consensus("a", confidence, votes), answers=answers, leased=leased) == expected


BY_WORTH = Overlap(least=2, most=5)


@pytest.mark.parametrize(
    ("doubt", "best", "settled"),
    [
        (0.05, 1.0, True),  # nobody's answer is worth its price
        (0.07, 1.0, False),
        (0.07, 0.9, True),  # 0.07 * 0.81 < 0.06: not that of the best there is
        (0.20, 0.5, True),
        (0.25, 0.5, False),
    ],
)
def test_without_a_confidence_a_task_is_settled_when_no_answer_is_worth_its_price(
    doubt: float, best: float, settled: bool
) -> None:
    found = progress(BY_WORTH, Consensus("a", 1 - doubt, 3), answers=3, leased=0, best=best)
    assert found.settled is settled
    assert found.wanted == (None if settled else pytest.approx(doubt))


def test_weak_workers_are_asked_only_where_a_task_is_nothing_but_doubt() -> None:
    fitted, now = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, 1, tzinfo=UTC)
    weak, strong = reliability(0.65, 0.5, 0.8), reliability(0.95, 0.5, 0.8)
    assert least_wanted(BY_WORTH, weak, fitted, now) > 0.5
    assert least_wanted(BY_WORTH, strong, fitted, now) < 0.1
    hard = reliability(0.65, 0.5, 0.65)  # where nobody does better, who is usual is asked
    assert least_wanted(BY_WORTH, hard, fitted, now) < 0.25


def test_anybody_is_asked_where_a_confidence_is_stated_or_nothing_is_known_or_nobody_came_for_a_day() -> None:
    fitted, now = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 1, 2, 1, tzinfo=UTC)
    for rule, at, then in ((RULE, fitted, fitted), (BY_WORTH, None, fitted), (BY_WORTH, fitted, now)):
        assert least_wanted(rule, 0.1, at, then) == 0


def test_one_task_in_fifty_gets_full_overlap_and_goes_first_however_sure_it_is() -> None:
    assert sum(sampled(task) for task in range(2**28, 2**28 + 5000)) == 100
    sure = Consensus("a", 0.99, 3)
    found = progress(BY_WORTH, sure, answers=3, leased=0, full=True)
    assert found == Progress(settled=False, seats=1, wanted=1.0, sure=True)
    assert progress(BY_WORTH, sure, answers=5, leased=0, full=True).settled


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
