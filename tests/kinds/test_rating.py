"""rating: worked by hand, and beside NumPy and krippendorff."""

import itertools
import math
import random
from typing import Any

import krippendorff
import numpy as np
import pytest
from pydantic import ValidationError

from crowd.agreement.computing import Group, figures_of
from crowd.batches.spec import POSTING
from crowd.kinds.base import AnswerError, AnswerTable, ItemError, Json
from crowd.kinds.item import Item
from crowd.kinds.rating import Rating, RatingSpec, deviation, trimmed_mean
from crowd.kinds.scale import most_tolerance, scale_of
from crowd.workers.habits import usual, with_one_more
from crowd.workers.standing import GOOD, Standing
from tests.kinds.sample import spec_of
from tests.kinds.samples.rating import ENDS, SAMPLE

pytestmark = pytest.mark.unit
KIND, ITEM = Rating(), Item("an item")


def spec(**fields: Any) -> RatingSpec:
    made = spec_of(SAMPLE, {"ends": ENDS, **fields})
    assert isinstance(made, RatingSpec)
    return made


def added(made: RatingSpec, *said: int, accuracy: float = 0.8) -> Json:
    evidence: Json = None
    for each in said:
        evidence = KIND.add(made, evidence, each, accuracy)
    return evidence


def every() -> list[RatingSpec]:
    """Of all lengths, with all tolerances that may be."""
    return [spec(steps=steps, tolerance=each) for steps in range(2, 11) for each in range(most_tolerance(steps) + 1)]


def test_a_near_miss_is_worth_what_it_is_on_a_scale_and_within_the_tolerance_it_is_right() -> None:
    assert [KIND.verdict(spec(), 1, said) for said in range(1, 6)] == [1, 0.5625, 0.25, 0.0625, 0]
    assert [KIND.verdict(spec(tolerance=1), 1, said) for said in range(1, 6)] == [1, 1, 0.25, 0.0625, 0]
    assert [KIND.verdict(spec(tolerance=1), 3, said) for said in range(1, 6)] == [0, 1, 1, 1, 0]
    assert [KIND.verdict(spec(steps=2, first=0), 0, said) for said in (0, 1)] == [1, 0]
    for made in every():
        for right in made.numbers:
            worth = [KIND.verdict(made, right, said) for said in made.numbers]
            place = made.numbers.index(right)
            assert worth[place:] == sorted(worth[place:], reverse=True)
            assert worth[: place + 1] == sorted(worth[: place + 1])


def test_what_is_told_of_who_knows_sums_to_one_with_any_tolerance() -> None:
    for made in every():
        for right in made.numbers:
            told = {said: KIND.telling(made, right, said) for said in made.numbers}
            assert math.fsum(told.values()) == pytest.approx(1)
            within = [told[said] for said in made.numbers if abs(said - right) <= made.tolerance]
            assert max(within) == pytest.approx(min(within)), "each that is right, alike"
            assert all(each <= within[0] for each in told.values())


def test_no_blind_guess_earns_more_than_chance_and_none_passes_for_good() -> None:
    for made in every():
        earned = [sum(KIND.verdict(made, right, said) for right in made.numbers) / made.steps for said in made.numbers]
        assert max(earned) == pytest.approx(KIND.chance(made))
        assert KIND.chance(made) < 0.701 < GOOD


def test_a_tolerance_that_makes_most_guesses_right_is_refused() -> None:
    assert [most_tolerance(steps) for steps in range(2, 11)] == [0, 0, 0, 1, 1, 1, 1, 2, 2]
    for steps in range(2, 11):
        with pytest.raises(ValidationError, match="else a guess would mostly be right"):
            spec(steps=steps, tolerance=most_tolerance(steps) + 1)


def test_who_is_always_within_the_tolerance_knows_the_work_and_who_says_the_middle_does_not() -> None:
    made, luck = spec(tolerance=1), random.Random(3)
    near = {right: (right + 1 if right < 5 else 4) for right in made.numbers}
    for said, knows in ((near, True), (dict.fromkeys(made.numbers, 3), False)):
        standing, habits = Standing(0, 0), dict[str, int]()
        for _ in range(30):
            right = luck.choice(made.numbers)
            habit = usual(habits, made.numbers)[said[right]]
            verdict, telling = KIND.verdict(made, right, said[right]), KIND.telling(made, right, said[right])
            standing = standing.after(verdict, habit, telling)
            habits = with_one_more(habits, made.numbers, said[right])
        assert standing.cleared(KIND.chance(made)) == knows
        assert standing.to_be_paused(KIND.chance(made)) != knows


def test_the_label_is_the_step_that_answers_are_nearest_to() -> None:
    made = spec()
    found = KIND.consensus(made, added(made, 2, 4))
    assert (found.label, found.votes) == (3, 2), "which nobody said"
    assert KIND.consensus(made, added(made, 1, 5, 5)).label in {4, 5}
    assert KIND.consensus(made, added(made, 5, 5, 5, 1)).label == 5


def test_a_label_is_as_sure_as_the_steps_that_would_be_right_together() -> None:
    exact, near = spec(), spec(tolerance=1)
    logs = np.array(scale_of(5, 1).logs(0.8))
    chances = np.exp(logs[2] + logs[3])  # steps count from 0, numbers from 1
    chances /= chances.sum()
    found = KIND.consensus(near, added(near, 3, 4))
    place = found.label - 1
    assert found.confidence == pytest.approx(chances[max(0, place - 1) : place + 2].sum())
    alone = KIND.consensus(exact, added(exact, 3, 4))
    assert alone.confidence < found.confidence


def test_a_gold_is_a_number_of_the_scale() -> None:
    assert KIND.read_gold(spec(), ITEM, "4") == 4
    assert KIND.read_gold(spec(first=0), ITEM, "0") == 0
    assert KIND.read_gold(spec(steps=10), ITEM, "١٠") == 10
    for cell in ("0", "6", "4.5", "four", "-1", "★★★", "²", "9" * 5000):
        with pytest.raises(ItemError, match="no number from 1 to 5"):
            KIND.read_gold(spec(), ITEM, cell)
    for said in (0, 6, -1, "4", None):
        with pytest.raises(AnswerError, match="no_such_number"):
            KIND.read_answer(spec(), ITEM, said)


def test_what_no_phone_can_give_and_no_worker_can_understand_is_refused() -> None:
    for wrong in (
        {"steps": 11}, {"steps": 1}, {"first": 2}, {"first": 0, "stars": True}, {"ends": {"low": {"en": "bad"}}},
        {"ends": {"low": {"en": "bad"}, "high": {}}}, {"ends": None},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            spec(**wrong)
    alike = {**spec().model_dump(), "ends": {"low": {"en": "Good", "sw": "mbaya"}, "high": {"en": "good "}}}
    with pytest.raises(ValidationError, match="the same label"):
        RatingSpec.model_validate(alike, context=POSTING)


def test_the_mean_leaves_out_a_fifth_at_either_end() -> None:
    assert trimmed_mean([]) is None
    assert trimmed_mean([(4, 1)]) == pytest.approx(4)
    assert trimmed_mean([(5, 1), (4, 1)]) == pytest.approx(4.5)
    assert trimmed_mean([(5, 4), (1, 1)]) == pytest.approx(5), "one of five who differs moves nothing"
    assert trimmed_mean([(1, 1), (5, 2)]) == pytest.approx((0.4 * 1 + 1 * 5 + 0.4 * 5) / 1.8)
    luck = np.random.default_rng(1)
    for _ in range(50):
        said = luck.integers(1, 11, 5 * int(luck.integers(1, 5)))
        fifth = len(said) // 5
        values, times = np.unique(said, return_counts=True)
        split = list(zip(values.tolist(), times.tolist(), strict=True))
        luck.shuffle(split)
        assert trimmed_mean(split) == pytest.approx(np.sort(said)[fifth : len(said) - fifth].mean())
        assert deviation(split) == pytest.approx(said.std(ddof=1))
    assert deviation([]) is None
    assert deviation([(3, 1)]) is None
    assert deviation([(3, 4)]) == 0


def test_results_have_columns_of_their_own_also_without_an_answer() -> None:
    assert KIND.figures(spec(), ()) == {"mean": None, "spread": None}
    assert KIND.figures(spec(), [(5, 2), (4, 1), (1, 1)]) == {
        "mean": pytest.approx((0.2 * 1 + 4 + 5 + 0.2 * 5) / 2.4),
        "spread": pytest.approx(np.std([5, 5, 4, 1], ddof=1)),
    }


def test_agreement_is_that_of_ranks_by_another_implementation() -> None:
    luck = random.Random(7)
    said = [[min(5, max(1, luck.randrange(1, 6) + luck.choice((0, 0, 1)))) for _ in range(4)] for _ in range(40)]
    groups = [
        Group(each[0], gold=False, said=tuple((value, each.count(value)) for value in set(each))) for each in said
    ]
    expected = krippendorff.alpha(
        reliability_data=np.array(said, dtype=float).T, level_of_measurement="ordinal", value_domain=[1, 2, 3, 4, 5]
    )
    figures = figures_of(spec(), groups)
    assert figures.alpha == pytest.approx(expected)
    assert [option.label for option in figures.options] == [1, 2, 3, 4, 5]
    assert sum(option.tasks for option in figures.options) == 40


def test_habits_of_numbers_outlive_json() -> None:
    habits: dict[str, int] = {}
    for said in (4, 4, 5):
        habits = with_one_more(habits, spec().numbers, said)
    assert habits == {"4": 2, "5": 1}
    assert usual(habits, spec().numbers) == pytest.approx({1: 1 / 8, 2: 1 / 8, 3: 1 / 8, 4: 3 / 8, 5: 2 / 8})


def simulated(luck: random.Random, made: RatingSpec, tasks: int) -> tuple[dict[int, int], AnswerTable]:
    """Of nine workers four see well, and five say anything or nearly so; five answer each task."""
    truth = {task: luck.choice(made.numbers) for task in range(tasks)}
    rows = []
    for task, right in truth.items():
        for worker in luck.sample(range(9), 5):
            seen = right + luck.gauss(0, 0.5 if worker < 4 else 1.8)
            rows.append((task, worker, min(made.numbers[-1], max(made.numbers[0], round(seen)))))
    golds = {task: truth[task] for task in range(20)}
    return truth, AnswerTable(
        [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
        golds, list(range(len(rows))), [0] * len(rows),
    )  # fmt: skip


@pytest.mark.parametrize("fields", [{"steps": 7, "tolerance": 1}, {"steps": 5}, {"steps": 10, "first": 0}])
def test_labels_of_a_fit_are_nearer_to_the_truth_than_means_and_than_any_worker(fields: dict[str, Any]) -> None:
    luck, made = random.Random(11), spec(**fields)
    truth, table = simulated(luck, made, 220)
    fit = KIND.fit(made, table)
    rest = [task for task in truth if task >= 20]
    split: dict[int, list[int]] = {}
    for task, said in zip(table.tasks, table.values, strict=True):
        split.setdefault(task, []).append(said)

    def away(labels: dict[int, float]) -> float:
        return sum(abs(labels[task] - truth[task]) for task in labels) / len(labels)

    by_fit = away({task: fit.labels[task].label for task in rest})
    assert by_fit < away({task: round(sum(said) / len(said)) for task, said in split.items() if task in rest}) - 0.05
    for worker in range(9):
        own = {
            task: said
            for task, whose, said in zip(table.tasks, table.workers, table.values, strict=True)
            if whose == worker
        }
        assert by_fit < away(dict(own))
    assert min(fit.accuracies[worker] for worker in range(4)) > max(fit.accuracies[worker] for worker in range(4, 9))
    right = [abs(fit.labels[task].label - truth[task]) <= made.tolerance for task in rest]
    sure = sum(fit.labels[task].confidence for task in rest) / len(rest)
    assert sure == pytest.approx(sum(right) / len(rest), abs=0.08)
    assert set(fit.levels) == set(range(9))
    more = KIND.add(made, fit.evidence[30], truth[30], 0.9)
    assert KIND.consensus(made, more, fit.likeness).votes == 6


def test_two_steps_are_names() -> None:
    made = spec(steps=2)
    table = AnswerTable([1, 1, 2], [1, 2, 1], [2, 2, 1], {}, [0, 1, 2], [0, 0, 0])
    fit = KIND.fit(made, table)
    assert {task: found.label for task, found in fit.labels.items()} == {1: 2, 2: 1}
    evidence = added(made, 2, 2)
    assert KIND.consensus(made, evidence).label == 2
    for said, likely in ((1, False), (2, True)):
        expected = KIND.expected(made, evidence, said, {1: 0.5, 2: 0.5})
        assert expected is not None
        assert (expected > 0.5) == likely


def test_what_others_said_makes_a_near_answer_nearly_as_probable() -> None:
    made = spec()
    even = dict.fromkeys(made.numbers, 0.2)
    told = [KIND.expected(made, added(made, 4, 4), said, even) or 0.0 for said in made.numbers]
    assert sum(told) == pytest.approx(1)
    assert max(told) == told[3]
    assert all(one < other for one, other in itertools.pairwise(told[:4]))
    assert KIND.expected(made, None, 4, even) is None


def test_what_all_say_is_the_label_however_little_is_known_of_them() -> None:
    for made in every():
        for said in made.numbers:
            for accuracy in (KIND.chance(made) + 0.01, 0.8):
                assert KIND.consensus(made, added(made, said, accuracy=accuracy)).label == said
