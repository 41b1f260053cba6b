"""How far a posterior is to be trusted: answers to one task are alike, so they count for less than they seem.

Models of the crowd take answers as independent once the class is known. Yet a hard task misleads many. If the answers
to a task correlate by r, n of them tell as much as n / (1 + r (n - 1)) (Kish's design effect), so the log posterior is
divided by that temperature. r is unknown: golds speak for each value of a grid by their likelihood, an exponential
prior speaks for small ones, and the calibrated posterior is the mean over the grid. Without golds, the prior alone.
"""

from dataclasses import dataclass

import numpy as np

from crowd.consensus.answers import Floats, Ints
from crowd.consensus.experts import normal

GRID = np.concatenate([np.linspace(0, 0.5, 11), np.linspace(0.6, 1.5, 10), [2.0, 3.0]])
USUAL = 0.3  # mean of the prior of r
CELL = np.gradient(GRID)


@dataclass(frozen=True)
class Calibration:
    """Weights of the correlations of GRID; `golds` is how many spoke."""

    weight: Floats
    golds: int

    @property
    def likeness(self) -> float:
        """The mean correlation of answers to one task."""
        return float(self.weight @ GRID)

    def apply(self, posterior: Floats, answers: Ints) -> Floats:
        """The calibrated posterior of tasks (…, classes) that have `answers` (…,) answers each."""
        log = np.log(np.maximum(posterior, 1e-12))
        cooled = [normal(log / heat(r, answers)[..., None]) for r in GRID]
        return np.asarray(np.tensordot(self.weight, np.stack(cooled), axes=1))


def heat(correlation: float, answers: Ints) -> Floats:
    """Temperature of tasks with that many answers whose correlation is as given."""
    return np.asarray(1 + correlation * np.maximum(answers - 1, 0), dtype=np.float64)


def calibrate(posterior: Floats, answers: Ints, gold: Ints) -> Calibration:
    """Learn from golds (gold[t] >= 0), whose posteriors must not know their class, as `Expert.posterior` does not."""
    known = np.flatnonzero((gold >= 0) & (answers > 0))
    log = -GRID / USUAL + np.log(CELL)
    if len(known):
        own = np.log(np.maximum(posterior[known], 1e-12))
        for i, r in enumerate(GRID):
            chance = normal(own / heat(r, answers[known])[:, None])[np.arange(len(known)), gold[known]]
            log[i] += np.log(np.maximum(chance, 1e-6)).sum()
    return Calibration(normal(log), len(known))
