"""Answers to the same tasks, two by two."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crowd.signals.expected import Coded, Ints

_WIDEST = 60
"""Answers to one task; golds that very many answered would make pairs without end."""


@dataclass(frozen=True)
class Pairs:
    """Rows r: two answers to one task, `first[r]` and `second[r]`, of the workers of `pair[r]`."""

    first: Ints
    second: Ints
    pair: Ints
    workers: Ints
    """Of each pair, the smaller number first, shape (pairs, 2)."""

    @property
    def common(self) -> Ints:
        """Tasks that both answered, shape (pairs,)."""
        return np.bincount(self.pair, minlength=len(self.workers))

    def only(self, keep: NDArray[np.bool_]) -> "Pairs":
        """Some of the pairs."""
        place = np.cumsum(keep) - 1
        rows = keep[self.pair]
        return Pairs(self.first[rows], self.second[rows], place[self.pair[rows]], self.workers[keep])


def pairs_of(code: Coded) -> Pairs:
    """All pairs of workers that have a task in common. Its size grows as the answers do, not as the workers squared."""
    order = np.lexsort((code.worker, code.task))
    order = order[np.bincount(code.task)[code.task[order]] <= _WIDEST]
    task = code.task[order]
    first, second = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for apart in range(1, _WIDEST):
        same = np.flatnonzero(task[apart:] == task[:-apart])
        if not len(same):
            break
        first.append(order[same])
        second.append(order[same + apart])
    one, two = np.concatenate(first), np.concatenate(second)
    many = len(code.worker_ids)
    keys, pair = np.unique(code.worker[one] * many + code.worker[two], return_inverse=True)
    return Pairs(one, two, pair, np.stack([keys // many, keys % many], axis=1))
