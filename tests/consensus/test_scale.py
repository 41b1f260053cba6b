"""The fit of classes that are steps of a scale: what must hold of it, and where it is better than that of names."""

import random
import time
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.consensus import ORDINAL_VERSION, VERSION, Consensus, fit
from crowd.consensus.scale import LEANS, SPREADS, Steps, nearest
from crowd.replay.score import calibration_error
from tests.consensus.test_fit import Row, answers

pytestmark = pytest.mark.unit


def fitted(rows: list[Row], classes: int = 3, gold: list[int] | None = None) -> Consensus:
    task, worker, label = zip(*rows, strict=True)
    return fit(task, worker, label, classes=classes, tasks=8, workers=6, gold=gold, ordinal=True)


@given(answers(4), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_answers_changes_nothing(rows: list[Row], luck: random.Random) -> None:
    mixed = luck.sample(rows, len(rows))
    assert np.array_equal(fitted(rows, 4).posterior, fitted(mixed, 4).posterior)


@given(answers(4), st.lists(st.integers(-1, 3), min_size=8, max_size=8))
@settings(max_examples=25)
def test_the_scale_from_its_other_end_gives_the_same_result_from_there(rows: list[Row], gold: list[int]) -> None:
    turned = [(task, worker, 3 - label) for task, worker, label in rows]
    one, other = fitted(rows, 4, gold), fitted(turned, 4, [3 - each if each >= 0 else -1 for each in gold])
    assert np.allclose(one.posterior, other.posterior[:, ::-1], atol=1e-6)
    away = one.posterior @ np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    clear = np.partition(away, 1, axis=1)[:, 1] - away.min(1) > 1e-4
    assert (one.labels == 3 - other.labels)[clear].all()


@given(answers(4))
@settings(max_examples=25)
def test_one_more_who_says_what_the_labels_say_lowers_none_of_them(rows: list[Row]) -> None:
    before = fitted(rows, 4)
    told = sorted({task for task, _, _ in rows})
    after = fitted([*rows, *((task, 5, int(before.labels[task])) for task in told)], 4)
    assert (after.confidence[told] >= before.confidence[told] - 0.02).all()


def test_a_posterior_worked_by_hand_has_its_median() -> None:
    assert nearest(np.array([[0.4, 0.15, 0.1, 0.35], [0.2, 0.0, 0.8, 0.0]])).tolist() == [1, 2]
    assert nearest(np.array([[0.5, 0.0, 0.1, 0.4], [0.2, 0.3, 0.35, 0.15]])).tolist() == [0, 2], "a tie: the likelier"


def test_a_type_sees_what_lies_between_two_middles() -> None:
    """A standard deviation of 0.6 steps: Φ(0.5 / 0.6) = 0.7977 lies below the first middle, Φ(1.5 / 0.6) = 0.9938."""
    place = SPREADS.index(0.6) * 5
    seen = Steps(3).confusion(np.zeros((3, 3)))[place]
    assert seen[0] == pytest.approx(0.97 * np.array([0.7977, 0.1961, 0.0062]) + 0.01, abs=1e-4)
    assert Steps(3).share.sum() == pytest.approx(1)
    assert [lean for lean, _ in LEANS][:3] == [0, -0.5, 0.5]


def test_the_method_has_its_own_name() -> None:
    rows = [(0, 0, 1), (0, 1, 2)]
    assert fitted(rows).version == ORDINAL_VERSION
    assert fit([0], [0], [0], classes=3).version == VERSION
    assert ORDINAL_VERSION != VERSION


@dataclass(frozen=True)
class Crowd:
    """Answers on a scale, and what is true."""

    task: np.ndarray
    worker: np.ndarray
    label: np.ndarray
    truth: np.ndarray
    classes: int

    def fit(self, *, ordinal: bool, golds: int = 20) -> Consensus:
        gold = np.where(np.arange(len(self.truth)) < golds, self.truth, -1)
        return fit(self.task, self.worker, self.label, classes=self.classes, gold=gold, ordinal=ordinal)

    def apart(self, found: Consensus, golds: int = 20) -> tuple[float, float]:
        """Mean distance of labels to the truth, and share that is right."""
        apart = np.abs(found.labels - self.truth)[golds:]
        return float(apart.mean()), float((apart == 0).mean())


def crowd(
    seed: int, *, classes: int = 5, tasks: int = 300, workers: int = 30, each: int = 4, leaning: float = 0.4
) -> Crowd:
    """Workers who see about where an item lies, some too low, some too high; one in five mostly guesses."""
    luck = np.random.default_rng(seed)
    truth = np.clip(np.round(luck.normal((classes - 1) / 2, classes / 4, tasks)), 0, classes - 1).astype(int)
    spread, lean = np.exp(luck.normal(np.log(0.12 * classes), 0.5, workers)), luck.normal(0, leaning, workers)
    blind = np.where(luck.random(workers) < 0.2, 0.7, 0.1)
    task = np.repeat(np.arange(tasks), each)
    worker = np.concatenate([luck.permutation(workers)[:each] for _ in range(tasks)])
    seen = np.round(truth[task] + lean[worker] + luck.normal(0, 1, len(task)) * spread[worker])
    guess = luck.integers(classes, size=len(task))
    said = np.where(luck.random(len(task)) < blind[worker], guess, np.clip(seen, 0, classes - 1))
    return Crowd(task, worker, said.astype(int), truth, classes)


@pytest.mark.parametrize("classes", [3, 5, 7, 10])
def test_on_a_scale_labels_are_nearer_to_the_truth_than_those_of_names(classes: int) -> None:
    scale, names = [], []
    for seed in range(4):
        made = crowd(seed, classes=classes)
        scale.append(made.apart(made.fit(ordinal=True)))
        names.append(made.apart(made.fit(ordinal=False)))
    (near, right), (far, as_often) = np.mean(scale, 0), np.mean(names, 0)
    assert near < far * (0.97 if classes == 3 else 0.9)
    assert right > as_often


def test_the_median_is_nearer_to_the_truth_than_the_likeliest_and_right_as_often() -> None:
    median, mode = [], []
    for seed in range(6):
        made = crowd(seed, each=3)
        found = made.fit(ordinal=True)
        median.append(made.apart(found))
        apart = np.abs(found.posterior.argmax(1) - made.truth)[20:]
        mode.append((apart.mean(), (apart == 0).mean()))
    assert np.mean(median, 0)[0] < np.mean(mode, 0)[0]
    assert np.mean(median, 0)[1] > np.mean(mode, 0)[1] - 0.005


@pytest.mark.parametrize("seed", range(3))
def test_where_the_scale_means_nothing_labels_are_hardly_worse_than_those_of_names(seed: int) -> None:
    made = crowd(seed)
    names = np.random.default_rng(seed).permutation(5)
    mixed = Crowd(made.task, made.worker, names[made.label], names[made.truth], 5)
    assert mixed.apart(mixed.fit(ordinal=True))[1] >= mixed.apart(mixed.fit(ordinal=False))[1] - 0.03


def test_workers_are_told_apart_by_how_near_they_come() -> None:
    made = crowd(5, tasks=500, each=6)
    rank = np.arange(5)
    credit = 1 - np.abs(rank[:, None] - rank) / 4
    found = made.fit(ordinal=True).balanced_accuracy(credit)
    earned = 1 - np.abs(made.label - made.truth[made.task]) / 4
    real = np.bincount(made.worker, earned, 30) / np.bincount(made.worker, minlength=30)
    assert np.corrcoef(found, real)[0, 1] > 0.9
    assert np.abs(found - real).mean() < 0.06


def test_with_golds_a_confidence_means_what_it_says() -> None:
    errors = []
    for seed in range(4):
        made = crowd(seed, tasks=500)
        found = made.fit(ordinal=True, golds=50)
        right = (found.labels == made.truth)[50:].astype(float)
        errors.append(calibration_error(list(zip(found.confidence[50:].tolist(), right.tolist(), strict=True))))
    assert np.mean(errors) <= 0.08


def test_twenty_five_thousand_answers_take_about_a_second_of_work() -> None:
    made = crowd(1, tasks=6250, workers=200)
    began = time.process_time()
    made.fit(ordinal=True)
    assert time.process_time() - began < 2.5  # a third of that where nothing else runs
