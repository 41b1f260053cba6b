"""The posterior of a worker's skill is meant: the interval that is told holds the truth as often as it says."""

import numpy as np
import pytest

from crowd.consensus import fit
from crowd.workers.estimate import interval, posterior
from crowd.workers.judging import judged, levels
from crowd.workers.standing import LEVELS
from tests.crowd.simulated import Floats, said

pytestmark = pytest.mark.unit
WORKERS = 2000
NOMINAL = (0.5, 0.8, 0.9, 0.95)


def skills(luck: np.random.Generator, count: int = WORKERS) -> Floats:
    """From the prior: levels alike probable, each for the skills half a step around it, and none above 1."""
    level = luck.choice(LEVELS, count)
    return level + luck.uniform(-0.05, np.where(level == 1, 0, 0.05))


def covered(shown: Floats, skill: Floats) -> Floats:
    """For each of NOMINAL the share of workers whose interval holds their skill."""
    likely = [posterior(each) for each in shown.tolist()]
    ends = np.array([[interval(shares, within) for within in NOMINAL] for shares in likely])
    return np.asarray(((ends[:, :, 0] <= skill[:, None]) & (skill[:, None] <= ends[:, :, 1])).mean(0))


def after_golds(golds: int, options: int, seed: int, *, uneven: float | None = None) -> Floats:
    """Coverage after so many golds, whose labels take turns; habits are even, or Dirichlet with that strength."""
    luck = np.random.default_rng(seed)
    skill = skills(luck)
    even = np.full((WORKERS, options), 1 / options)
    habit = even if uneven is None else luck.dirichlet([uneven] * options, WORKERS)
    worker, when = np.repeat(np.arange(WORKERS), golds), np.tile(np.arange(golds), WORKERS)
    truth = (when + luck.integers(0, options, WORKERS)[worker]) % options
    label = said(luck, truth, skill[worker], habit[worker])
    every = np.ones(len(worker), dtype=np.bool_)
    shown = judged(worker, label, when, (label == truth).astype(float), every, workers=WORKERS, classes=options)
    return covered(shown, skill)


def slack(share: Floats | float) -> Floats:
    """Off by more than that only with a chance of 0.001."""
    return np.asarray(3.3 * np.sqrt(np.asarray(share) * (1 - np.asarray(share)) / WORKERS))


@pytest.mark.parametrize("options", [2, 3, 5])
@pytest.mark.parametrize("golds", [5, 20])
def test_after_some_golds_an_interval_covers_the_skill_at_its_nominal_rate(options: int, golds: int) -> None:
    nominal = np.array(NOMINAL)
    assert np.all(np.abs(after_golds(golds, options, seed=golds) - nominal) <= slack(nominal) + 0.01)


@pytest.mark.parametrize("options", [2, 3, 5])
def test_after_many_golds_an_interval_is_rather_too_wide_since_what_they_show_fades(options: int) -> None:
    """The model leaves room for a worker who changes; of one who does not, it tells a little less than is known."""
    nominal, found = np.array(NOMINAL), after_golds(100, options, seed=100)
    assert np.all(found >= nominal - slack(nominal))
    assert np.all(found <= np.array([0.62, 0.9, 0.965, 0.99]) + slack(nominal))


@pytest.mark.parametrize(("options", "least"), [(2, 0.9), (3, 0.87), (5, 0.83)])
def test_with_what_others_say_an_interval_holds_the_skill_about_as_often_as_it_says(options: int, least: float) -> None:
    """Ten crowds of 200, a fit of each, thirty answers of everybody and one gold in twenty: of 90 %, so many at least.

    With many options skill is told somewhat too high, since others are never taken for certain (`SUREST`, `ALIKE`):
    an error in favour of the worker.
    """
    crowds = [_fitted_crowd(options, np.random.default_rng(seed)) for seed in range(10)]
    shown, skill = (np.concatenate(parts) for parts in zip(*crowds, strict=True))
    found = covered(shown, skill)
    assert found[NOMINAL.index(0.9)] >= least - slack(least)
    assert np.all(found <= np.array(NOMINAL) + 0.06), "nor is it far too wide"
    middle = np.array([np.dot(posterior(each), LEVELS) for each in shown.tolist()])
    assert np.corrcoef(middle, skill)[0, 1] >= 0.85
    assert 0 <= (middle - skill).mean() <= 0.08


def _fitted_crowd(options: int, luck: np.random.Generator) -> tuple[Floats, Floats]:
    """Log likelihoods of levels after a fit, and the skills that were drawn."""
    workers, each, overlap = 200, 30, 4
    tasks = workers * each // overlap
    task = np.tile(np.arange(tasks), overlap)
    worker = np.concatenate([luck.permutation(np.arange(tasks) % workers) for _ in range(overlap)])
    skill, truth = skills(luck, workers), luck.integers(0, options, tasks)
    label = said(luck, truth[task], skill[worker], np.full((len(task), options), 1 / options))
    gold = np.where(np.arange(tasks) < tasks // 20, truth, -1)
    found = fit(task, worker, label, classes=options, gold=gold, tasks=tasks, workers=workers)
    shown, _ = levels(
        found, gold.tolist(), luck.permutation(len(task)).tolist(), [0] * len(task),
        knows=np.eye(options), chance=1 / options,
    )  # fmt: skip
    return shown, skill
