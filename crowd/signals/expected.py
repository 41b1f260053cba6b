"""How probable each answer was, by what the others said of its task: the honest crowd that signals compare with.

A worker answers by the label and by their own confusion of labels (Dawid and Skene 1979); a hard task misleads many in
the same way, so that each answer that others gave makes the same answer more probable, as in Pólya's urn. How much each
of the two tells is learned from all answers of the batch, by a conditional logit (McFadden 1974). The idea to hold what
two have in common against its chance, given the item and the person, is that of the indices of answer copying:
Wollack's omega (1997) and Wesolowsky (2000).
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from crowd.kinds import kind_named
from crowd.kinds.base import Few
from crowd.signals.base import Table

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNEXPECTED = 0.5
"""An answer is unexpected when, by what the others said, its worker gives it with no more than this chance."""

_URN = 2.0
"""Answers that what is expected of the label weighs in the urn."""

_LEAST_CHANCE = 1e-4
_LIKE_THE_CROWD = 2.0
"""Answers of each label that a worker is taken to have given as the crowd does."""

_ROUNDS = 20  # of learning the crowd
_TURNS = 5  # of learning its workers
_APART = 20  # of learning those who may have copied
_NEVER = -200.0  # log chance of what a gold is not
_LEARNED_FROM = 100_000  # answers
_STEPS = 12
_PULL = 5.0  # of the weights towards “as expected of the label”, in answers


@dataclass(frozen=True)
class Coded:
    """The answers of a table as numbers from 0; row n is answer n of the table."""

    task: Ints
    worker: Ints
    label: Ints
    at: Floats
    task_ids: Ints
    worker_ids: Ints
    options: Few


def coded(table: Table) -> Coded | None:
    """The table as numbers; None where answers are not picked from a few options."""
    options = kind_named(table.spec.kind).possible(table.spec)
    if not options or not len(table.tasks):
        return None
    number = {value: place for place, value in enumerate(options)}
    task_ids, task = np.unique(np.asarray(table.tasks, np.int64), return_inverse=True)
    worker_ids, worker = np.unique(np.asarray(table.workers, np.int64), return_inverse=True)
    label = np.asarray([number[value] for value in table.values], np.int64)
    return Coded(task, worker, label, np.asarray(table.at, np.float64), task_ids, worker_ids, options)


class Expected:
    """The chance of each answer in an honest crowd."""

    def __init__(self, table: Table, code: Coded) -> None:
        number = {value: place for place, value in enumerate(code.options)}
        gold = [number.get(table.golds.get(int(task), ""), -1) for task in code.task_ids]
        self.code = code
        self.gold = np.asarray(gold, np.int64)
        self._crowd, self.prior = _crowd(code, self.gold)
        self._said = (np.arange(len(code.label)), code.label)
        self.says = np.log(self._crowd)[:, code.label].T
        """Log chance of each answer under each label, shape (answers, classes)."""
        for _ in range(_TURNS):
            self.told = _summed(self.prior, code, self.says)
            self._meant = _softmax(self.told[code.task])
            self._habits = _tallied(code.worker, code.label, self._meant, len(code.worker_ids))
            self.confusion = self._shrunk(self._habits)
            self.says = np.log(self.confusion[code.worker, :, code.label])
        self._mean_skill = float(_skill(self.confusion).mean())
        self.told = _summed(self.prior, code, self.says)
        """Log odds of each task's labels, by all its answers, shape (tasks, classes)."""
        self.counts = np.zeros_like(self.told)
        np.add.at(self.counts, (code.task, code.label), 1.0)
        self._weights = np.array([1.0, 0.0, 0.0])
        told, counts = self._without_own()
        self._weights = self._learned(told, counts)
        self.own = self._chances(self.confusion[code.worker], told, counts)[self._said]
        """Of each answer, the chance that its worker gives it, by what all others said, shape (answers,)."""

    def of_crowd(self) -> Floats:
        """The chances of each answer by what others said, had anybody given it, shape (answers, classes)."""
        told, counts = self._without_own()
        return self._chances(np.broadcast_to(self._crowd, (len(told), *self._crowd.shape)), told, counts)

    def of_pairs(self, mine: Ints, theirs: Ints, pair: Ints, pairs: int) -> tuple[Floats, Floats]:
        """Rows of answers of two workers to one task, each row of one of the `pairs`; all rows of a pair together.

        Gives the chance of the answer of the second by what the others said, and the chance that the first gives the
        same one, by what the others and the second said. The habits of either are learned without the other, since
        two who copy bear each other out.
        """
        task, label, at = self.code.task[mine], self.code.label[theirs], np.arange(len(mine))
        rest = self.told[task] - self.says[mine] - self.says[theirs]
        ours = self._confusion_apart(mine, rest, pair, pairs)[pair]
        other = self._confusion_apart(theirs, rest, pair, pairs)[pair]
        counts = self.counts[task]
        counts[at, self.code.label[mine]] -= 1
        by_others = counts.copy()
        by_others[at, label] -= 1
        theirs_expected = self._chances(other, rest, by_others)[at, label]
        with_them = rest + np.log(other[at, :, label])
        return theirs_expected, self._chances(ours, with_them, counts)[at, label]

    def of_group(self, rows: Ints) -> tuple[Ints, Ints, Floats]:
        """Answers of a group of workers, one task after the other, each task's in the order of time.

        Gives the places of the answers that come after one of the group to the same task where that one's, the first,
        is unexpected by what outsiders said; those of the first answers; and the chance that the later worker gives
        the same, by what outsiders and all of the group before said. Habits are learned without the group.
        """
        task = self.code.task[rows]
        begins = np.flatnonzero(np.r_[True, task[1:] != task[:-1]])
        which = np.cumsum(np.r_[True, task[1:] != task[:-1]]) - 1
        says, label = self.says[rows], self.code.label[rows]
        said = np.zeros((len(rows), self.counts.shape[1]))
        said[np.arange(len(rows)), label] = 1.0
        rest = (self.told[task[begins]] - np.add.reduceat(says, begins))[which]
        counts = (self.counts[task[begins]] - np.add.reduceat(said, begins))[which]
        members, whose = np.unique(self.code.worker[rows], return_inverse=True)
        confusion = self._confusion_apart(rows, rest, whose, len(members))[whose]
        first = begins[which]
        expected = self._chances(confusion[first], rest, counts)[np.arange(len(rows)), label[first]]
        own = np.log(confusion[np.arange(len(rows)), :, label])
        before, many = np.cumsum(own, axis=0) - own, np.cumsum(said, axis=0) - said
        chance = self._chances(confusion, rest + before - before[first], counts + many - many[first])
        later = np.flatnonzero((first != np.arange(len(rows))) & (expected <= UNEXPECTED))
        return rows[later], rows[first[later]], chance[later, label[first[later]]]

    def _confusion_apart(self, rows: Ints, rest: Floats, pair: Ints, pairs: int) -> Floats:
        """How a worker of each pair confuses labels, as all but the two tell, shape (pairs, classes, classes)."""
        whose = np.zeros(pairs, np.int64)
        whose[pair] = self.code.worker[rows]
        label = self.code.label[rows]
        alone = (self._habits[whose] - _tallied(pair, label, self._meant[rows], pairs)).clip(0)
        confusion = self._shrunk(alone)
        for _ in range(_APART):
            meant = _softmax(rest + np.log(confusion)[pair, :, label])
            confusion = self._shrunk(alone + _tallied(pair, label, meant, pairs))
        return confusion

    def _shrunk(self, counts: Floats) -> Floats:
        counts = counts + _LIKE_THE_CROWD * self._crowd
        return np.asarray((counts / counts.sum(2, keepdims=True)).clip(_LEAST_CHANCE))

    def _without_own(self) -> tuple[Floats, Floats]:
        """For each answer, what all the others say of its task."""
        counts = self.counts[self.code.task]
        counts[self._said] -= 1
        return self.told[self.code.task] - self.says, counts

    def _chances(self, confusion: Floats, told: Floats, counts: Floats) -> Floats:
        """Of each option, that a worker of that confusion says it where others said so much, shape (rows, classes)."""
        return _softmax(self._features(confusion, told, counts) @ self._weights)

    def _features(self, confusion: Floats, told: Floats, counts: Floats) -> Floats:
        label = _softmax(told)
        by_label = np.einsum("nc,ncb->nb", label, confusion).clip(_LEAST_CHANCE)
        by_crowd = label @ self._crowd
        urn = np.log((counts + _URN * by_crowd) / (counts.sum(1, keepdims=True) + _URN)) - np.log(by_crowd)
        return np.stack([np.log(by_label), urn, urn * (_skill(confusion) - self._mean_skill)[:, None]], axis=2)

    def _learned(self, told: Floats, counts: Floats) -> Floats:
        """The weights, by Newton's method."""
        step = -(-len(told) // _LEARNED_FROM)
        features = self._features(self.confusion[self.code.worker[::step]], told[::step], counts[::step])
        said = features[np.arange(len(features)), self.code.label[::step]]
        start, weights = self._weights, self._weights.copy()
        for _ in range(_STEPS):
            chance = _softmax(features @ weights)
            mean = np.einsum("nk,nkf->nf", chance, features)
            slope = (said - mean).sum(0) - _PULL * (weights - start)
            bend = np.einsum("nk,nkf,nkg->fg", chance, features, features, optimize=True) - mean.T @ mean
            weights = weights + np.linalg.solve(bend + _PULL * np.eye(len(weights)), slope).clip(-1, 1)
        return weights


def _crowd(code: Coded, gold: Ints) -> tuple[Floats, Floats]:
    """How the crowd confuses labels, and each task's log chance of a label before any answer: golds are known.

    Every worker weighs the same. Who copies agrees with another and would seem good, had each a weight of their own.
    """
    classes = len(code.options)
    counts = np.zeros((len(code.task_ids), classes))
    np.add.at(counts, (code.task, code.label), 1.0)
    confusion = np.full((classes, classes), 0.3 / max(1, classes - 1))
    np.fill_diagonal(confusion, 0.7)
    known = np.where(np.arange(classes) == gold[:, None], 0.0, np.where(gold[:, None] < 0, 0.0, _NEVER))
    prior = np.full(classes, 1 / classes)
    for _ in range(_ROUNDS):
        label = _softmax(known + np.log(prior) + counts @ np.log(confusion).T)
        prior = (label.sum(0) + 1) / (label.sum() + classes)
        found = label.T @ counts + 1 / classes + np.eye(classes)
        confusion = (found / found.sum(1, keepdims=True)).clip(_LEAST_CHANCE)
    return confusion, known + np.log(prior)


def _summed(prior: Floats, code: Coded, said: Floats) -> Floats:
    told = prior.copy()
    for each in range(told.shape[1]):
        told[:, each] += np.bincount(code.task, said[:, each], len(told))
    return told


def _tallied(whose: Ints, label: Ints, meant: Floats, many: int) -> Floats:
    """How often each of `many` said each option where each label was meant, shape (many, meant, said)."""
    classes = meant.shape[1]
    cell = whose * classes + label
    counted = [np.bincount(cell, meant[:, each], many * classes).reshape(many, classes) for each in range(classes)]
    return np.stack(counted, axis=1)


def _skill(confusion: Floats) -> Floats:
    return np.asarray(np.diagonal(confusion, axis1=1, axis2=2).mean(1))


def _softmax(score: Floats) -> Floats:
    # Column by column: NumPy is slow along an axis of few.
    odds = np.exp(score - reduce(np.maximum, score.T)[:, None])
    return np.asarray(odds / reduce(np.add, odds.T)[:, None])
