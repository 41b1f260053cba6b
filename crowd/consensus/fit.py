"""The batch fit: the mean of three models of the crowd, calibrated on golds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from crowd.consensus.answers import Answers, Floats, Ints, collect
from crowd.consensus.calibration import Calibration, calibrate
from crowd.consensus.experts import KINDS, Expert, fit_expert, settle

VERSION = "consensus-1"


@dataclass(frozen=True)
class Consensus:
    """What a batch of answers says.

    `raw` (tasks, classes): mean posterior of the experts by the answers alone. `posterior`: the same, calibrated, golds
    at their known class. `labels` (tasks,): the likeliest class; for ordinal classes the posterior's median.
    """

    answers: Answers
    experts: tuple[Expert, ...]
    calibration: Calibration
    raw: Floats
    posterior: Floats
    ordinal: bool
    version: str = VERSION

    @property
    def labels(self) -> Ints:
        """The likeliest class of each task, shape (tasks,)."""
        return median(self.posterior) if self.ordinal else self.posterior.argmax(1)

    @property
    def confidence(self) -> Floats:
        """Calibrated chance that the label is right, shape (tasks,)."""
        return np.asarray(np.take_along_axis(self.posterior, self.labels[:, None], axis=1)[:, 0])

    @property
    def confusion(self) -> Floats:
        """Mean confusion of each worker over the experts, shape (workers, classes, classes)."""
        return np.asarray(np.mean([expert.confusion for expert in self.experts], axis=0))

    @property
    def prior(self) -> Floats:
        """Chance of each class, shape (classes,)."""
        return np.asarray(np.mean([expert.prior for expert in self.experts], axis=0))

    @property
    def odds(self) -> Floats:
        """Log of `raw`, their mean over the classes being 0, shape (tasks, classes)."""
        log = np.log(np.maximum(self.raw, 1e-12))
        return np.asarray(log - log.mean(1, keepdims=True))

    @property
    def usual(self) -> float:
        """Balanced accuracy to be expected of a worker of whom nothing is known."""
        return float(np.mean([np.diagonal(expert.usual).mean() for expert in self.experts]))

    @property
    def balanced_accuracy(self) -> Floats:
        """Each worker's chance of a right answer, classes weighing alike, shape (workers,)."""
        return np.asarray(np.diagonal(self.confusion, axis1=1, axis2=2).mean(1))


def median(posterior: Floats) -> Ints:
    """The lowest class at which the posterior's sum reaches one half, shape (tasks,)."""
    return np.asarray((posterior.cumsum(1) >= 0.5 - 1e-12).argmax(1), dtype=np.int64)


def fit(
    task: ArrayLike,
    worker: ArrayLike,
    label: ArrayLike,
    *,
    classes: int,
    gold: ArrayLike | None = None,
    tasks: int | None = None,
    workers: int | None = None,
    ordinal: bool = False,
) -> Consensus:
    """Add up answers given as parallel arrays of numbers from 0; `gold[t]` is task t's known class, or -1.

    Costs about 1 ms for 1,000 answers of two classes. The order of the answers does not matter.
    """
    answers = collect(task, worker, label, classes=classes, tasks=tasks, workers=workers)
    known = np.full(answers.tasks, -1) if gold is None else np.asarray(gold, dtype=np.int64)
    if known.shape != (answers.tasks,) or known.max(initial=-1) >= classes:
        raise ValueError("gold must hold a class or -1 for each task")
    experts = tuple(fit_expert(answers, known, kind, ordinal=ordinal) for kind in KINDS)
    raw = np.asarray(np.mean([expert.posterior for expert in experts], axis=0))
    calibration = calibrate(raw, answers.per_task, known)
    posterior = settle(calibration.apply(raw, answers.per_task), known)
    return Consensus(answers, experts, calibration, raw, posterior, ordinal)
