"""Those whom one worker invited: who make the same mistakes are found, friends who work honestly are left alone."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from crowd.signals import signals
from crowd.signals.base import RATE, Finding, Table
from tests.signals.crowds import Crowd

pytestmark = pytest.mark.unit


def invited(table: Table, by: dict[int, int]) -> Table:
    """The same crowd, in which these workers were invited by those."""
    people = {worker: replace(person, invited_by=by.get(worker)) for worker, person in table.people.items()}
    return replace(table, people=people)


def look(table: Table, by: dict[int, int]) -> list[Finding]:
    return signals()["invites"].look(invited(table, by), RATE)


def crowd_of(seed: int, **different: Any) -> Crowd:
    return Crowd(np.random.default_rng(seed), **different)


@pytest.mark.parametrize("different", [{"hard": 0.3}, {"skilled": (3, 2)}, {"options": 2}])
def test_friends_who_work_honestly_are_left_alone(different: dict[str, Any]) -> None:
    """Trees drawn at random: half of the crowd came by the link of one of five."""
    alarms = 0
    for seed in range(100):
        crowd = crowd_of(seed, **different)
        by = {worker: int(crowd.luck.integers(1, 6)) for worker in range(6, 25) if crowd.luck.random() < 0.6}
        alarms += bool(look(crowd.table(), by))
    assert alarms <= 4


def with_accounts_of_one_person(seed: int) -> Table:
    """Workers 1 to 4 give what one person says, who has no idea in most cases."""
    crowd = crowd_of(seed)
    script = crowd.luck.integers(crowd.options, size=crowd.tasks)
    crowd.said[:4] = np.where(crowd.luck.random((4, crowd.tasks)) < 0.8, script, crowd.said[:4])
    return crowd.table()


def test_accounts_of_one_person_that_invite_each_other_are_found() -> None:
    for by in ({2: 1, 3: 1, 4: 1, 9: 8}, {1: 99, 2: 99, 3: 99, 4: 99}):
        found = [look(with_accounts_of_one_person(seed), by) for seed in range(20)]
        assert sum(any(set(each.workers) == {1, 2, 3, 4} for each in findings) for findings in found) >= 18


def test_the_same_mistakes_without_an_invitation_are_none_of_its_business() -> None:
    table = with_accounts_of_one_person(1)
    assert look(table, {}) == []
    assert look(table, {2: 1, 20: 19}) == [], "two are a pair"
    assert look(table, dict.fromkeys(range(2, 25), 1)) == [], "there are no outsiders"
