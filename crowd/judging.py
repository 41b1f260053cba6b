"""The evidence on all workers of a batch judged anew, by what others have said of the same tasks since.

The hot path holds an answer against those before it. Here each is held against all others, with what the fit knows of
who gave them, so that nobody is judged for long by the first, who may have been wrong.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from crowd.consensus import Consensus
from crowd.consensus.answers import Floats, Ints
from crowd.consensus.calibration import heat
from crowd.consensus.experts import normal
from crowd.haste import haste
from crowd.standing import ALIKE, LEVELS, MEMORY, RAREST, SLIP, SUREST, sides

Flags = NDArray[np.bool_]


def expected(found: Consensus) -> Floats:
    """Of each of `found.answers`, how probable it is by all others to its task that it is right; NaN without others."""
    answers = found.answers
    own = np.log(found.confusion)[answers.worker, :, answers.label]
    total = np.stack(
        [np.bincount(answers.task, weights=own[:, k], minlength=answers.tasks) for k in range(answers.classes)], axis=1
    )
    others = answers.per_task[answers.task] - 1
    # The fit draws its prior to an even one; beside that, the commonest label would seem to be said too often.
    prior = (found.raw.sum(0) + 1) / (answers.tasks + answers.classes)
    log = np.log(prior) + total[answers.task] - own
    cooled = normal(log / heat(max(ALIKE, found.calibration.likeness), others)[:, None])
    return np.where(others > 0, cooled[np.arange(len(own)), answers.label], np.nan)


def levels(found: Consensus, gold: Sequence[int], when: Sequence[int], ms: Sequence[int]) -> tuple[Floats, Ints]:
    """What all answers of a batch show of each worker, shape (workers, levels), and how many were held against others.

    `gold[t]` is the known class of task t, or -1. `when` orders the answers in time, in the order they
    were fitted in, and so does `ms`, how long each took.
    """
    answers, known = found.answers, np.asarray(gold, dtype=np.int64)[found.answers.task]
    right = np.where(known >= 0, known == answers.label, expected(found))
    compared = np.bincount(answers.worker, weights=(known < 0) & ~np.isnan(right), minlength=answers.workers)
    shown = judged(
        answers.worker, answers.label, np.asarray(when, dtype=np.int64)[answers.came], right, known >= 0,
        workers=answers.workers, classes=answers.classes,
    )  # fmt: skip
    spent = np.asarray(ms, dtype=np.int64)[answers.came]
    bad, _ = sides(1 / answers.classes)
    shown[:, list(bad)] += haste(answers.worker, spent, shown, classes=answers.classes)[:, None]
    return shown, compared.astype(np.int64)


def judged(worker: Ints, label: Ints, when: Ints, right: Floats, gold: Flags, *, workers: int, classes: int) -> Floats:
    """Log likelihoods of LEVELS for each worker, shape (workers, levels), as `Standing` adds them up.

    The answers are parallel arrays: `when` orders those of a worker, `right` is the verdict of a gold (`gold`), or
    how probable others make it that the answer is right; NaN tells nothing.
    """
    said = np.bincount(worker * classes + label, minlength=workers * classes).reshape(workers, classes)
    habit = (said + 1) / (said.sum(1, keepdims=True) + classes)
    kept = np.flatnonzero(~np.isnan(right))
    kept = kept[np.lexsort((-when[kept], worker[kept]))]  # of each worker, the newest first
    worker, label, gold, right = worker[kept], label[kept], gold[kept], right[kept]
    age = np.arange(len(worker)) - np.searchsorted(worker, worker)
    telling = np.where(gold, right, SUREST * right + (1 - SUREST) * habit[worker, label])
    odds = (telling / np.maximum(RAREST, habit[worker, label]))[:, None]
    steps = np.log(np.maximum(SLIP, np.array(LEVELS) * odds + 1 - np.array(LEVELS)))
    steps *= ((1 - 1 / MEMORY) ** age)[:, None]
    columns = [np.bincount(worker, weights=steps[:, at], minlength=workers) for at in range(len(LEVELS))]
    return np.stack(columns, axis=1).astype(np.float64)  # bincount of nothing counts in integers
