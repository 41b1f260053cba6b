"""The fit of a whole batch: what must hold of it whoever answers what, and what it finds in crowds that are known."""

import random
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.consensus import fit
from crowd.replay.score import calibration_error

pytestmark = pytest.mark.unit

Row = tuple[int, int, int]
"""Task, worker, label."""


@st.composite
def answers(draw: st.DrawFn, classes: int = 3) -> list[Row]:
    """A few workers, each of whom answers some of a few tasks once."""
    cells = draw(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 4)), min_size=1, max_size=30))
    return [(task, worker, draw(st.integers(0, classes - 1))) for task, worker in sorted(cells)]


def posterior(rows: list[Row], classes: int = 3, gold: list[int] | None = None) -> np.ndarray:
    task, worker, label = zip(*rows, strict=True)
    return fit(task, worker, label, classes=classes, tasks=8, workers=6, gold=gold).posterior


@given(answers(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_answers_changes_nothing(rows: list[Row], luck: random.Random) -> None:
    mixed = luck.sample(rows, len(rows))
    assert np.array_equal(posterior(rows), posterior(mixed))


@given(answers(), st.permutations(range(3)))
@settings(max_examples=40)
def test_other_names_for_the_classes_give_the_same_result_under_those_names(rows: list[Row], names: list[int]) -> None:
    renamed = [(task, worker, names[label]) for task, worker, label in rows]
    assert np.allclose(posterior(rows), posterior(renamed)[:, names], atol=1e-6)


@given(answers(), st.lists(st.integers(-1, 2), min_size=8, max_size=8))
@settings(max_examples=40)
def test_a_posterior_is_one_and_golds_are_what_they_are(rows: list[Row], gold: list[int]) -> None:
    found = posterior(rows, gold=gold)
    assert np.allclose(found.sum(1), 1)
    for task, known in enumerate(gold):
        if known >= 0:
            assert found[task, known] == 1


def test_a_task_without_an_answer_is_left_to_the_classes_shares() -> None:
    found = posterior([(0, 0, 1), (0, 1, 1)])
    assert np.allclose(found[7], found[6])
    assert found[0].argmax() == 1


def test_wrong_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        fit([0, 1], [0], [0], classes=2)
    with pytest.raises(ValueError, match=r"0\.\.1"):
        fit([0], [0], [2], classes=2)
    with pytest.raises(ValueError, match="gold"):
        fit([0], [0], [1], classes=2, gold=[0, 1])


@dataclass(frozen=True)
class Crowd:
    """Answers of workers whose accuracies are known, to tasks whose classes are known."""

    rows: list[Row]
    truth: list[int]
    classes: int

    @property
    def vote(self) -> float:
        counts = np.zeros((len(self.truth), self.classes))
        for task, _, label in self.rows:
            counts[task, label] += 1
        best = counts == counts.max(1, keepdims=True)
        return float(np.mean([best[task, right] / best[task].sum() for task, right in enumerate(self.truth)]))

    def fitted(self, golds: int = 0) -> tuple[float, float]:
        """Accuracy and calibration error, golds left out."""
        task, worker, label = zip(*self.rows, strict=True)
        gold = [right if number < golds else -1 for number, right in enumerate(self.truth)]
        found = fit(task, worker, label, classes=self.classes, gold=gold)
        right = (found.labels == np.array(self.truth))[golds:]
        pairs = list(zip(found.confidence[golds:].tolist(), right.astype(float).tolist(), strict=True))
        return float(right.mean()), calibration_error(pairs)


def crowd(accuracies: list[float], *, tasks: int, per_task: int, classes: int, seed: int) -> Crowd:
    luck = random.Random(seed)
    truth = [luck.randrange(classes) for _ in range(tasks)]
    rows = []
    for task, right in enumerate(truth):
        for worker in luck.sample(range(len(accuracies)), per_task):
            wrong = luck.choice([label for label in range(classes) if label != right])
            rows.append((task, worker, right if luck.random() < accuracies[worker] else wrong))
    return Crowd(rows, truth, classes)


CROWDS = {
    "good and guessing": ([0.9] * 10 + [1 / 3] * 10, 3),
    "all alike": ([0.75] * 20, 2),
    "adversaries among them": ([0.85] * 14 + [0.1] * 4, 2),
    "one expert among guessers": ([0.97] + [0.4] * 11, 4),
}


@pytest.mark.parametrize("name", CROWDS)
def test_labels_are_never_much_worse_than_a_vote_and_often_better(name: str) -> None:
    accuracies, classes = CROWDS[name]
    made = crowd(accuracies, tasks=400, per_task=5, classes=classes, seed=3)
    accuracy, _ = made.fitted(golds=20)
    assert accuracy >= made.vote - 0.01
    if name != "all alike":
        assert accuracy >= made.vote + 0.02


@pytest.mark.parametrize("name", CROWDS)
def test_with_golds_a_confidence_means_what_it_says(name: str) -> None:
    accuracies, classes = CROWDS[name]
    _, error = crowd(accuracies, tasks=600, per_task=4, classes=classes, seed=5).fitted(golds=50)
    assert error <= 0.09


def test_few_answers_of_many_workers_are_a_vote() -> None:
    made = crowd([0.8] * 300, tasks=100, per_task=3, classes=5, seed=7)
    accuracy, _ = made.fitted()
    assert accuracy >= made.vote - 0.01
