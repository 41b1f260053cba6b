"""Three models of a crowd, each fitted by expectation maximisation, from the freest to the most rigid.

All are Dawid and Skene's (1979): a task has one true class z ~ p, and worker w answers l with chance C_w[z, l]. They
differ in the prior of a worker's confusion C_w. Row k of it is Dirichlet with mean M_w[k] and `strength`
pseudo-answers, and the mean is a power of a confusion shared by the crowd: M_w[k, l] ∝ S[k, l] ** skill_w. A skill of
0 is a guesser, 1 the crowd's usual worker, more an expert, less than 0 an adversary. The skills' distribution over a
fixed grid is itself learned (empirical Bayes), which shrinks a worker with few answers to the crowd.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from crowd.consensus.answers import Answers, Floats, Ints

SKILLS = np.array([-1, -0.5, -0.25, 0, 0.15, 0.3, 0.5, 0.75, 1, 1.35, 1.8, 2.5, 3.5])
RIGHT = 0.7  # chance of a right answer that the crowd is given before anything is known
CLASS_EVIDENCE = 30.0  # pseudo-tasks of each class: an even prior, outweighed in a batch of some hundred tasks
TYPE_EVIDENCE = 6.5  # pseudo-workers, over all types of workers
ITERATIONS = 50
TOLERANCE = 1e-3  # mean change of a task's posterior (sum over classes) at which the fit rests


@dataclass(frozen=True)
class Kind:
    """What tells the models apart: is S learned from the crowd's answers, and how many pseudo-answers stand for M_w."""

    learned: bool
    strength: float


KINDS = (
    Kind(learned=True, strength=3.0),  # workers of a crowd err alike: confusion shrunk to the crowd's
    Kind(learned=False, strength=4.0),  # workers err each in their own way: confusion shrunk to an even one
    Kind(learned=False, strength=float("inf")),  # one coin: a worker is nothing but their skill
)


@dataclass(frozen=True)
class Expert:
    """A fitted model.

    `counts` (workers, classes, classes): answers by true class, in expectation. `mean` (the same shape): M_w.
    `usual` (classes, classes): M of a worker of whom nothing is known. `prior` (classes,): chance of each class.
    `posterior` (tasks, classes): of every task by its answers alone; a gold's own answers and its known class
    are taken out of its workers' counts first, so that golds can tell how far the posterior is to be trusted.
    """

    kind: Kind
    counts: Floats
    mean: Floats
    usual: Floats
    prior: Floats
    posterior: Floats

    @property
    def confusion(self) -> Floats:
        """C_w[k, l], the chance of answer l where k is true, shape (workers, classes, classes)."""
        return blend(self.counts, self.mean, self.kind.strength)


def blend(counts: Floats, mean: Floats, strength: float) -> Floats:
    """Posterior mean of Dirichlet rows with prior `strength * mean` after `counts`; at infinite strength, `mean`."""
    if np.isinf(strength):
        return mean
    return np.asarray((counts + strength * mean) / (counts.sum(-1, keepdims=True) + strength))


class Types(Protocol):
    """The types of workers that a model of the crowd has."""

    @property
    def share(self) -> Floats:
        """Of each type among workers, before anything is known, shape (types,)."""

    def confusion(self, pooled: Floats) -> Floats:
        """Of each type, shape (types, classes, classes). `pooled` are the crowd's answers by true class."""


class Skills:
    """Types of workers whose classes are names: one for each skill of the grid."""

    def __init__(self, classes: int, *, learned: bool) -> None:
        self._base, self._learned = even(classes), learned
        self.share = np.full(len(SKILLS), 1 / len(SKILLS))

    def confusion(self, pooled: Floats) -> Floats:
        """See Types: S ** skill, where S is the crowd's or an even one."""
        if not self._learned:
            return skilled(self._base)
        pooled = pooled + len(self._base) * self._base
        return skilled(pooled / pooled.sum(1, keepdims=True))


def even(classes: int) -> Floats:
    """Confusion S before anything is known: right with chance RIGHT, else any class."""
    wrong = (1 - RIGHT) / max(classes - 1, 1) * (1 - np.eye(classes))
    return np.asarray(wrong + np.eye(classes) * (1 - wrong.sum(1)), dtype=np.float64)


def tally(answers: Answers, posterior: Floats) -> Floats:
    """Expected answers of each worker by true class, shape (workers, classes, classes)."""
    size = answers.workers * answers.classes
    cell = answers.worker * answers.classes + answers.label
    rows = [np.bincount(cell, weights=posterior[answers.task, k], minlength=size) for k in range(answers.classes)]
    return np.stack([row.reshape(answers.workers, answers.classes) for row in rows], axis=1)


def skilled(shared: Floats) -> Floats:
    """S ** skill with rows summing to 1, for each skill of the grid: shape (skills, classes, classes)."""
    powers = np.exp(SKILLS[:, None, None] * np.log(shared))
    return np.asarray(powers / powers.sum(2, keepdims=True), dtype=np.float64)


def weigh_types(counts: Floats, types: Floats, strength: float, weight: Floats) -> Floats:
    """Chance of each type for each worker, shape (workers, types), where types are as frequent as `weight` has them.

    Answers of a row whose confusion is Dirichlet with `strength` are alike among themselves; n of them tell as much of
    the mean as n (s + 1) / (n + s) independent ones (the variance of a Dirichlet-multinomial).
    """
    if not np.isinf(strength):
        counts = counts * (strength + 1) / (counts.sum(2, keepdims=True) + strength)
    log = counts.reshape(len(counts), -1) @ np.log(types).reshape(len(types), -1).T + np.log(weight)
    chance = np.exp(log - log.max(1, keepdims=True))
    return np.asarray(chance / chance.sum(1, keepdims=True))


def normal(log: Floats) -> Floats:
    """exp(log), each row made to sum to 1."""
    chance = np.exp(log - log.max(-1, keepdims=True))
    return np.asarray(chance / chance.sum(-1, keepdims=True))


def judge(answers: Answers, confusion: Floats, prior: Floats) -> Floats:
    """Posterior of each task from its answers (the E step), shape (tasks, classes)."""
    log = np.log(confusion)
    columns = [
        np.bincount(answers.task, weights=log[answers.worker, k, answers.label], minlength=answers.tasks)
        for k in range(answers.classes)
    ]
    return normal(np.asarray(np.stack(columns, axis=1) + np.log(prior), dtype=np.float64))


def start(answers: Answers, gold: Ints) -> Floats:
    """The vote's shares with one answer more, spread evenly, so that a lone answer is no certainty; golds as known."""
    votes = answers.votes + 1 / answers.classes
    return settle(votes / votes.sum(1, keepdims=True), gold)


def settle(posterior: Floats, gold: Ints) -> Floats:
    """The posterior with the golds (gold[t] >= 0) at their known class."""
    known = np.flatnonzero(gold >= 0)
    if len(known):
        posterior = posterior.copy()
        posterior[known] = 0
        posterior[known, gold[known]] = 1
    return posterior


def fit_expert(
    answers: Answers, gold: Ints, kind: Kind, types: Types | None = None, begin: Floats | None = None
) -> Expert:
    """Fit one model. `gold[t]` is the known class of task t, or -1.

    Types of workers are skills if no others are given, and the posteriors to `begin` with the vote's.
    """
    types = Skills(answers.classes, learned=kind.learned) if types is None else types
    weight = types.share
    free = posterior = start(answers, gold) if begin is None else settle(begin, gold)
    for _ in range(ITERATIONS):
        counts = tally(answers, posterior)
        confusion = types.confusion(counts.sum(0))
        chance = weigh_types(counts, confusion, kind.strength, weight)
        weight = (chance.sum(0) + TYPE_EVIDENCE * types.share) / (answers.workers + TYPE_EVIDENCE)
        mean = np.tensordot(chance, confusion, axes=1)
        prior = posterior.sum(0) + CLASS_EVIDENCE
        prior /= prior.sum()
        free = judge(answers, blend(counts, mean, kind.strength), prior)
        after = settle(free, gold)
        moved = float(np.abs(after - posterior).sum()) / max(answers.tasks, 1)
        posterior = after
        if moved < TOLERANCE:
            break
    usual = np.tensordot(weight, confusion, axes=1)
    held = hold_out(answers, gold, kind, counts, mean, prior)
    free = np.where((gold >= 0)[:, None], held, free)
    return Expert(kind, counts, mean, usual, prior, free)


def hold_out(answers: Answers, gold: Ints, kind: Kind, counts: Floats, mean: Floats, prior: Floats) -> Floats:
    """Posterior of each gold by workers' counts without that gold, shape (tasks, classes); of others, the prior."""
    if np.isinf(kind.strength):
        counts = np.zeros_like(counts)
    of_gold = np.flatnonzero(gold[answers.task] >= 0)
    task, worker, label = answers.task[of_gold], answers.worker[of_gold], answers.label[of_gold]
    known = gold[task]
    log = np.log(np.broadcast_to(prior, (answers.tasks, answers.classes)).copy())
    strength = 1.0 if np.isinf(kind.strength) else kind.strength
    for k in range(answers.classes):
        own = (known == k) & ~np.isinf(kind.strength)
        said = np.maximum(counts[worker, k, label] - own, 0) + strength * mean[worker, k, label]
        rows = np.maximum(counts[worker, k].sum(1) - own, 0) + strength
        log[:, k] += np.bincount(task, weights=np.log(said / rows), minlength=answers.tasks)
    return normal(log)
