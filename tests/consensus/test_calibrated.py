"""The confidence of labels is meant: crowds drawn as the models say, of which the truth is known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from crowd.consensus import fit
from crowd.consensus.experts import SKILLS, even, skilled
from crowd.replay.score import calibration_error

pytestmark = pytest.mark.unit
CROWDS, TASKS, WORKERS = 4, 1000, 100
Confusions = Callable[[np.random.Generator, int], NDArray[np.float64]]


def powers(luck: np.random.Generator, classes: int) -> NDArray[np.float64]:
    """Of WORKERS, each a power of the even confusion, all skills alike frequent: adversaries, guessers and experts."""
    return skilled(even(classes))[luck.choice(len(SKILLS), WORKERS)]


def knowing(luck: np.random.Generator, classes: int) -> NDArray[np.float64]:
    """They know the answer with a chance that is even over 0..1, or else guess."""
    level = luck.random(WORKERS)[:, None, None]
    return np.asarray(level * np.eye(classes) + (1 - level) / classes)


_ERROR = {(5, 3): 0.08, (5, 5): 0.06}
"""Calibration errors that are told in docs/quality.md, by classes and overlap."""


@dataclass(frozen=True)
class Told:
    """Labels that are no golds, over some crowds."""

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]

    @property
    def error(self) -> float:
        return calibration_error(list(zip(self.confidence.tolist(), self.right.astype(float).tolist(), strict=True)))

    def surer(self, than: float) -> tuple[float, float, float]:
        """Of labels at least so sure: the share that is right, how sure they are in the mean, and the share's error."""
        these = self.confidence >= than
        share = float(self.right[these].mean())
        return share, float(self.confidence[these].mean()), float(np.sqrt(share * (1 - share) / max(these.sum(), 1)))


def told(confusions: Confusions, classes: int, *, overlap: int, golds: int) -> Told:
    confidence, right = [], []
    for seed in range(CROWDS):
        luck = np.random.default_rng(seed)
        truth = luck.integers(0, classes, TASKS)
        task = np.repeat(np.arange(TASKS), overlap)
        worker = luck.random((TASKS, WORKERS)).argsort(1)[:, :overlap].ravel()
        chances = confusions(luck, classes)[worker, truth[task]].cumsum(1)
        label = np.minimum((chances < luck.random((len(task), 1))).sum(1), classes - 1)
        gold = np.where(np.arange(TASKS) < golds, truth, -1)
        found = fit(task, worker, label, classes=classes, gold=gold)
        confidence.append(found.confidence[golds:])
        right.append((found.labels == truth)[golds:])
    return Told(np.concatenate(confidence), np.concatenate(right))


@pytest.mark.parametrize("golds", [20, 50])
@pytest.mark.parametrize(("classes", "overlap"), [(2, 3), (2, 5), (3, 3), (3, 5), (5, 3), (5, 5)])
@pytest.mark.parametrize("confusions", [powers, knowing])
def test_with_golds_a_confidence_is_meant(confusions: Confusions, classes: int, overlap: int, golds: int) -> None:
    """Least so with few answers among many labels: there a label's own answers made its workers look good."""
    found = told(confusions, classes, overlap=overlap, golds=golds)
    assert found.error <= _ERROR.get((classes, overlap), 0.045)
    for sure in (0.8, 0.9, 0.95):
        if (found.confidence >= sure).sum() < 100:
            continue
        share, mean, error = found.surer(sure)
        assert share >= sure - 3.3 * error, "of labels that are so sure, so many are right"
        assert abs(share - mean) <= 0.035 + 3.3 * error


@pytest.mark.parametrize(("classes", "overlap"), [(2, 5), (3, 3), (5, 3), (5, 9)])
@pytest.mark.parametrize("confusions", [powers, knowing])
def test_without_golds_labels_are_rather_surer_than_they_say(
    confusions: Confusions, classes: int, overlap: int
) -> None:
    """Nothing tells then how alike answers are, and real ones are alike: these crowds, whose are not, look unsure."""
    found = told(confusions, classes, overlap=overlap, golds=0)
    assert found.error <= 0.12
    assert found.confidence.mean() <= found.right.mean() + 0.01
    for sure in (0.8, 0.9, 0.95):
        share, _, error = found.surer(sure)
        assert share >= sure + 0.01 - 3.3 * error
