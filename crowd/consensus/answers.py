"""Answers of a crowd as integer arrays, in one fixed order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """Answers i = 0..N-1: `worker[i]` said that `task[i]` is of class `label[i]`; all are numbered from 0.

    Sorted by task, worker and label, so that sums, and with them fits, do not depend on the order of arrival.
    """

    task: Ints
    worker: Ints
    label: Ints
    came: Ints
    """Where each answer stood in what was collected."""
    tasks: int
    workers: int
    classes: int

    @property
    def per_task(self) -> Ints:
        """Number of answers of each task, shape (tasks,)."""
        return np.bincount(self.task, minlength=self.tasks)

    @property
    def votes(self) -> Floats:
        """Number of answers of each class for each task, shape (tasks, classes)."""
        cell = self.task * self.classes + self.label
        counted = np.bincount(cell, minlength=self.tasks * self.classes)
        return counted.reshape(self.tasks, self.classes).astype(np.float64)


def collect(
    task: ArrayLike,
    worker: ArrayLike,
    label: ArrayLike,
    *,
    classes: int,
    tasks: int | None = None,
    workers: int | None = None,
) -> Answers:
    """Check parallel arrays of answers and put them into a fixed order.

    `tasks` and `workers` are needed only where some of the last numbers have no answers yet.
    Raises ValueError on unequal lengths and on numbers out of range.
    """
    columns = [np.asarray(column, dtype=np.int64).ravel() for column in (task, worker, label)]
    if len({len(column) for column in columns}) != 1:
        raise ValueError("task, worker and label must be of one length")
    sizes = [
        int(column.max(initial=-1)) + 1 if size is None else size
        for column, size in zip(columns, (tasks, workers, classes), strict=True)
    ]
    for column, size in zip(columns, sizes, strict=True):
        if len(column) and (column.min() < 0 or column.max() >= size):
            raise ValueError(f"numbers must lie in 0..{size - 1}")
    order = np.lexsort((columns[2], columns[1], columns[0]))
    first, second, third = (column[order] for column in columns)
    return Answers(first, second, third, order.astype(np.int64), *sizes)
