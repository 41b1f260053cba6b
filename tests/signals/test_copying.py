"""Copied answers are found, and an honest crowd is left alone: simulated crowds of which all is known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.signals import signals
from crowd.signals.base import RATE, Finding, Table
from tests.signals.crowds import Crowd

pytestmark = pytest.mark.unit

CROWDS = 100
FEW = 50


def look(table: Table) -> list[Finding]:
    return signals()["copying"].look(table, RATE)


def accused(crowds: int, **different: Any) -> int:
    """In how many crowds somebody is named."""
    return sum(bool(look(Crowd(np.random.default_rng(seed), **different).table())) for seed in range(crowds))


@pytest.mark.parametrize(
    "different",
    [
        {"workers": 10, "hard": 0.4},
        {"workers": 10, "options": 2, "hard": 0.3},
        {"workers": 8, "overlap": 3, "hard": 0.3},
        {"workers": 10, "skilled": (3, 2)},
    ],
    ids=["hard tasks", "two options", "few answers", "very different skills"],
)
def test_an_honest_crowd_that_shares_errors_of_hard_tasks_raises_at_most_the_stated_rate(
    different: dict[str, Any],
) -> None:
    """More than four of 100 would be a rate above 1 % with 99.5 %."""
    assert accused(CROWDS, **different) <= 4


def test_of_two_who_share_wrong_answers_in_a_fifth_of_100_tasks_nine_in_ten_are_found() -> None:
    found = 0
    for seed in range(FEW):
        crowd = Crowd(np.random.default_rng(10_000 + seed), options=4, workers=30)
        crowd.together([0, 1], 100)
        crowd.shares_errors(0, 1, 0.2)
        named = [finding.workers for finding in look(crowd.table())]
        found += (1, 2) in named
        assert all(workers == (1, 2) for workers in named), "and nobody else"
    assert found >= 0.9 * FEW


def test_one_who_says_what_another_says_is_found_even_where_the_two_outvote_the_third() -> None:
    found = 0
    for seed in range(30):
        crowd = Crowd(np.random.default_rng(seed), overlap=3, golds=40, skilled=(8, 3))
        crowd.together([0, 1], 150)
        crowd.copies(0, 1, 1.0)
        found += (1, 2) in [finding.workers for finding in look(crowd.table())]
    assert found >= 18


def test_two_experts_among_poor_workers_agree_and_are_not_accused() -> None:
    named = 0
    for seed in range(FEW):
        crowd = Crowd(np.random.default_rng(seed), workers=10, hard=0)
        right = crowd.luck.random((crowd.workers, crowd.tasks)) < np.where(np.arange(10) < 2, 0.92, 0.6)[:, None]
        wrong = (crowd.truth + crowd.luck.integers(1, 3, size=right.shape)) % 3
        crowd.said = np.where(right, crowd.truth, wrong)
        crowd.together([0, 1], 100)
        named += any({1, 2} <= set(finding.workers) for finding in look(crowd.table()))
    assert named <= 2


def test_the_evidence_names_the_tasks_the_answers_and_who_came_later() -> None:
    crowd = Crowd(np.random.default_rng(4), options=4)
    crowd.together([0, 1], 100)
    crowd.copies(1, 0, 1.0)
    crowd.starts[1] = crowd.starts[0] + 86_400
    (finding,) = look(crowd.table())
    seen = finding.evidence
    assert finding.workers == (1, 2)
    assert finding.strength > 4
    assert seen["common"] == seen["agreed"] == 100
    assert seen["shared"] == finding.weight > 2 * seen["expected"]
    assert seen["second"] == {"1": 0, "2": seen["shared"]}
    for row in seen["rows"]:
        assert row["said"] == f"o{crowd.said[0, row['task'] - 1]}"
        assert row["second"] == 2
        assert 0 < row["chance"] < 1


@settings(max_examples=20)
@given(st.integers(0, 1000), st.permutations(range(6)))
def test_nothing_depends_on_the_order_of_rows_or_on_names(seed: int, names: list[int]) -> None:
    crowd = Crowd(np.random.default_rng(seed % 7), workers=6, tasks=120)
    crowd.together([0, 1], 100)
    crowd.copies(0, 1, 1.0)
    table = crowd.table()
    order = np.random.default_rng(seed).permutation(len(table.tasks))
    mixed = replace(
        table,
        tasks=[table.tasks[at] for at in order],
        workers=[names[table.workers[at] - 1] + 1 for at in order],
        values=[table.values[at] for at in order],
        ms=[table.ms[at] for at in order],
        at=[table.at[at] for at in order],
        people={names[worker - 1] + 1: person for worker, person in table.people.items()},
    )
    renamed = [tuple(sorted(names[worker - 1] + 1 for worker in each.workers)) for each in look(table)]
    assert sorted(renamed) == sorted(each.workers for each in look(mixed))


@pytest.mark.parametrize("answers", [0, 1, 30])
def test_a_handful_of_answers_is_no_evidence(answers: int) -> None:
    table = Crowd(np.random.default_rng(0)).table()
    some = replace(
        table,
        tasks=table.tasks[:answers],
        workers=table.workers[:answers],
        values=table.values[:answers],
        ms=table.ms[:answers],
        at=table.at[:answers],
    )
    assert [name for name, signal in signals().items() if signal.look(some, RATE)] == []
