"""What haste tells of workers: one weak term, learned from the batch itself, which never pauses anybody alone.

An answer is hasty when it took less than a quarter of the batch's median time. How often bad and good workers are hasty
is learned from those whom checks have told apart; where both are so alike, haste tells nothing.
"""

import numpy as np

from crowd.consensus.answers import Floats, Ints
from crowd.workers.standing import PAUSED, sides

HASTY = 0.25
"""Share of the batch's median time below which an answer is hasty."""

MOST = 0.2 * PAUSED
"""Haste moves the evidence by no more than this, either way: a pause needs four times as much from checks."""

_WEAK = 0.1  # weight of one answer: how fast somebody is hangs together over all of theirs
_ALIKE = 100.0  # pseudo-answers by which bad and good workers are drawn to the same share of haste


def haste(worker: Ints, ms: Ints, shown: Floats, *, chance: float) -> Floats:
    """What is added to the log likelihood of bad levels for each worker, -MOST..MOST, shape (workers,).

    `worker` and `ms` are parallel, one for each answer; 0 ms is a time not known. `shown` are the log likelihoods of
    levels by checks alone, shape (workers, levels); `chance` is what a blind guess earns.
    """
    workers = len(shown)
    timed = ms > 0
    if not timed.any():
        return np.zeros(workers)
    who, hasty = worker[timed], ms[timed] < HASTY * np.median(ms[timed])
    quick = np.bincount(who, weights=hasty, minlength=workers)
    slow = np.bincount(who, weights=~hasty, minlength=workers)
    bad, good = (np.exp(shown[:, places] - shown.max(1, keepdims=True)).mean(1) for places in map(list, sides(chance)))
    is_bad = bad / np.maximum(bad + good, 1e-300)
    usual = (quick.sum() + 1) / (quick.sum() + slow.sum() + 2)
    rate = [
        ((weight * quick).sum() + _ALIKE * usual) / ((weight * (quick + slow)).sum() + _ALIKE)
        for weight in (is_bad, 1 - is_bad)
    ]
    told = quick * np.log(rate[0] / rate[1]) + slow * np.log((1 - rate[0]) / (1 - rate[1]))
    return np.asarray(np.clip(_WEAK * told, -MOST, MOST))
