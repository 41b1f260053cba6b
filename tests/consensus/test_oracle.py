"""Without its priors, the expert that learns freely is the Dawid and Skene of others."""

import numpy as np
import pytest

from crowd.consensus import experts
from crowd.consensus.answers import Answers, collect
from crowd.consensus.experts import Kind, fit_expert

ROUNDS = 40
NO_PRIOR = Kind(learned=False, strength=1e-12)


def crowd(seed: int, *, classes: int, tasks: int = 120, workers: int = 12, each: int = 7) -> Answers:
    """Workers of differing quality, with a liking of their own for one wrong class."""
    luck = np.random.default_rng(seed)
    truth = luck.integers(classes, size=tasks)
    skill, liking = luck.uniform(0.5, 0.95, workers), luck.integers(classes, size=workers)
    task = np.repeat(np.arange(tasks), each)
    worker = np.concatenate([luck.permutation(workers)[:each] for _ in range(tasks)])
    knows = luck.random(len(task)) < skill[worker]
    blind = np.where(luck.random(len(task)) < 0.5, liking[worker], luck.integers(classes, size=len(task)))
    return collect(task, worker, np.where(knows, truth[task], blind), classes=classes)


@pytest.mark.parametrize(("seed", "classes"), [(1, 2), (2, 3), (3, 5)])
def test_without_priors_posteriors_are_crowd_kits_to_four_digits(
    monkeypatch: pytest.MonkeyPatch, seed: int, classes: int
) -> None:
    aggregation = pytest.importorskip("crowdkit.aggregation", reason="crowd-kit is no part of the set-up for tests")
    pandas = pytest.importorskip("pandas")
    monkeypatch.setattr(experts, "CLASS_EVIDENCE", 0.0)
    monkeypatch.setattr(experts, "ITERATIONS", ROUNDS)
    monkeypatch.setattr(experts, "TOLERANCE", 0.0)
    answers = crowd(seed, classes=classes)
    ours = fit_expert(answers, np.full(answers.tasks, -1), NO_PRIOR)
    said = pandas.DataFrame({"task": answers.task, "worker": answers.worker, "label": answers.label})
    theirs = aggregation.DawidSkene(n_iter=ROUNDS, tol=-1.0).fit_predict_proba(said)
    expected = theirs.sort_index()[list(range(classes))].to_numpy()
    assert np.abs(ours.posterior - expected).max() < 5e-5
