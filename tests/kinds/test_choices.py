"""choices: worked by hand."""

import itertools
import math
import random
from typing import Any

import pytest

from crowd.kinds.base import AnswerError, AnswerTable, ItemError, Json
from crowd.kinds.choices import Choices, ChoicesSpec
from crowd.kinds.item import Item
from tests.kinds.sample import options, spec_of
from tests.kinds.samples.choices import SAMPLE

pytestmark = pytest.mark.unit
KIND, ITEM = Choices(), Item("an item")


def spec(count: int = 4, **fields: Any) -> ChoicesSpec:
    made = spec_of(SAMPLE, {"options": options(count), **fields})
    assert isinstance(made, ChoicesSpec)
    return made


def sets(made: ChoicesSpec) -> list[list[str]]:
    """All answers there are."""
    return [list(each) for size in made.sizes for each in itertools.combinations(made.values, size)]


def added(made: ChoicesSpec, *said: list[str], accuracy: float = 0.8) -> Json:
    evidence: Json = None
    for each in said:
        evidence = KIND.add(made, evidence, each, accuracy)
    return evidence


def test_a_verdict_is_what_two_sets_share() -> None:
    made = spec()
    assert KIND.verdict(made, ["v0", "v1"], ["v0", "v1"]) == 1
    assert KIND.verdict(made, ["v0", "v1"], ["v0"]) == 1 / 2
    assert KIND.verdict(made, ["v0", "v1"], ["v1", "v2", "v3"]) == 1 / 4
    assert KIND.verdict(made, ["v0"], ["v1"]) == 0
    assert KIND.verdict(made, [], []) == 1
    assert KIND.verdict(made, [], ["v1"]) == 0


def test_what_is_told_of_who_knows_and_of_who_guesses_sums_to_one() -> None:
    for made in (spec(), spec(2), spec(5, fewest=1, most=3)):
        every = sets(made)
        assert math.fsum(KIND.blindly(made, said) for said in every) == pytest.approx(1)
        for right in every:
            assert math.fsum(KIND.telling(made, right, said) for said in every) <= 1 + 1e-9


def test_no_blind_guess_earns_more_than_chance() -> None:
    made = spec(4, fewest=1)
    sizes = {size: 1 / size for size in range(1, 5)}
    for said in sets(made):
        mean = 0.0
        for size, weight in sizes.items():
            rights = [list(each) for each in itertools.combinations(made.values, size)]
            mean += weight * sum(KIND.verdict(made, right, said) for right in rights) / len(rights)
        assert mean / sum(sizes.values()) <= KIND.chance(made) + 1e-9
    assert KIND.chance(made) == pytest.approx(4 / 4 / (1 + 1 / 2 + 1 / 3 + 1 / 4))  # by ticking all of them


def test_each_option_is_voted_on_by_itself() -> None:
    made = spec()
    found = KIND.consensus(made, added(made, ["v0", "v1"], ["v1", "v2"], ["v0", "v1", "v3"]))
    assert found.label == ["v0", "v1"]
    alone = KIND.consensus(made, added(made, ["v0", "v1"]))
    right = KIND.of_each(made, 0.8)
    assert alone.confidence == pytest.approx(right**4)
    assert KIND.accuracy(made, right) == pytest.approx(0.8)


def test_a_label_has_as_many_options_as_an_answer_may_have() -> None:
    made = spec(fewest=1, most=2)
    split = added(made, ["v0"], ["v1"], ["v2"])
    assert len(KIND.consensus(made, split).label) == 1
    rich = added(made, ["v0", "v1"], ["v1", "v2"], ["v0", "v2"])
    assert len(KIND.consensus(made, rich).label) == 2


def test_a_gold_is_a_list_by_strokes_or_json() -> None:
    made = spec(fewest=0, most=3)
    assert KIND.read_gold(made, ITEM, "v2 | v0") == ["v0", "v2"]
    assert KIND.read_gold(made, ITEM, '["v2","v0","v2"]') == ["v0", "v2"]
    assert KIND.read_gold(made, ITEM, "[]") == []
    for cell in ("v9", "v0 | v9", "[v0]", '["v0", 1]', "v0 | v1 | v2 | v3", '{"v0": 1}'):
        with pytest.raises(ItemError):
            KIND.read_gold(made, ITEM, cell)
    with pytest.raises(ItemError):
        KIND.read_gold(spec(fewest=1), ITEM, "[]")


def test_steps_and_answers_out_of_bounds_are_refused_with_a_name() -> None:
    made = spec(fewest=1, most=2)
    for said, problem in (([9, True], "no_such_option"), ([-1, True], "no_such_option"), ([2, True], "too_many")):
        with pytest.raises(AnswerError) as raised:
            KIND.step(made, ITEM, [0, 1], said)
        assert raised.value.problem == problem
    with pytest.raises(AnswerError) as raised:
        KIND.read_answer(made, ITEM, [])
    assert raised.value.problem == "too_few"


def test_a_fit_finds_who_ticks_anything_and_is_better_than_counting() -> None:
    luck, made = random.Random(5), spec(6)
    skill = {worker: 0.95 if worker < 4 else 0.5 for worker in range(9)}
    truth = {task: [value for value in made.values if luck.random() < 0.3] for task in range(200)}
    rows = [
        (task, worker, [value for value in made.values if (value in right) == (luck.random() < skill[worker])])
        for task, right in truth.items()
        for worker in sorted(luck.sample(range(9), 5))
    ]
    table = AnswerTable(
        [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
        {task: truth[task] for task in range(20)}, list(range(len(rows))), [0] * len(rows),
    )  # fmt: skip
    fit = KIND.fit(made, table)
    rest = [task for task in truth if task >= 20]
    counted = {
        task: KIND.consensus(made, added(made, *[row[2] for row in rows if row[0] == task])).label for task in rest
    }
    by_fit, by_count = (
        sum(KIND.verdict(made, truth[task], label) for task, label in labels.items()) / len(rest)
        for labels in ({task: fit.labels[task].label for task in rest}, counted)
    )
    assert by_fit > by_count + 0.05
    assert min(fit.accuracies[worker] for worker in range(4)) > max(fit.accuracies[worker] for worker in range(4, 9))
    exact = [fit.labels[task].label == truth[task] for task in rest]
    sure = sum(fit.labels[task].confidence for task in rest) / len(rest)
    assert sure == pytest.approx(sum(exact) / len(rest), abs=0.1)
    more = KIND.add(made, fit.evidence[30], truth[30], 0.9)
    assert KIND.consensus(made, more, fit.likeness).votes == 6


def test_a_fit_of_answers_that_tick_nothing_says_so() -> None:
    made = spec(3)
    fit = KIND.fit(made, AnswerTable([1, 1, 2], [1, 2, 1], [[], [], []], {}, [0, 1, 2], [0, 0, 0]))
    assert {label.votes: label.label for label in fit.labels.values()} == {2: [], 1: []}
