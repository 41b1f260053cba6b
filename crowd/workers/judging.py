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
from crowd.workers.haste import haste
from crowd.workers.standing import ALIKE, LEVELS, MEMORY, RAREST, SLIP, SUREST, sides

Flags = NDArray[np.bool_]


def expected(found: Consensus, knows: Floats) -> Floats:
    """Of each of `found.answers`, how probable all others to its task make it from one who knows; NaN without others.

    `knows[k, l]` is how probable the answer l is from one who knows the work where k is true: of names, 1 where they
    are the same, and then this is how probable it is that the answer is right.
    """
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
    return np.where(others > 0, (cooled * knows[:, answers.label].T).sum(1), np.nan)


def levels(
    found: Consensus, gold: Sequence[int], when: Sequence[int], ms: Sequence[int], *, knows: Floats, chance: float
) -> tuple[Floats, Ints]:
    """What all answers of a batch show of each worker, shape (workers, levels), and how many were held against others.

    `gold[t]` is the known class of task t, or -1. `when` orders the answers in time, in the order they
    were fitted in, and so does `ms`, how long each took. `knows` is as in `expected`, `chance` as in `Kind.chance`.
    """
    answers, known = found.answers, np.asarray(gold, dtype=np.int64)[found.answers.task]
    telling = np.where(known >= 0, knows[known, answers.label], expected(found, knows))
    compared = np.bincount(answers.worker, weights=(known < 0) & ~np.isnan(telling), minlength=answers.workers)
    shown = judged(
        answers.worker, answers.label, np.asarray(when, dtype=np.int64)[answers.came], telling, known >= 0,
        workers=answers.workers, classes=answers.classes,
    )  # fmt: skip
    spent = np.asarray(ms, dtype=np.int64)[answers.came]
    bad, _ = sides(chance)
    shown[:, list(bad)] += haste(answers.worker, spent, shown, chance=chance)[:, None]
    return shown, compared.astype(np.int64)


def judged(
    worker: Ints, label: Ints, when: Ints, telling: Floats, gold: Flags, *, workers: int, classes: int
) -> Floats:
    """Log likelihoods of LEVELS for each worker, shape (workers, levels), as `Standing` adds them up.

    The answers are parallel arrays: `when` orders those of a worker, `telling` is how probable a gold (`gold`), or
    others, make it that one who knows the work says this; NaN tells nothing.
    """
    said = np.bincount(worker * classes + label, minlength=workers * classes).reshape(workers, classes)
    habit = (said + 1) / (said.sum(1, keepdims=True) + classes)
    kept = np.flatnonzero(~np.isnan(telling))
    kept = kept[np.lexsort((-when[kept], worker[kept]))]  # of each worker, the newest first
    worker, label, gold, telling = worker[kept], label[kept], gold[kept], telling[kept]
    age = np.arange(len(worker)) - np.searchsorted(worker, worker)
    said_by = np.where(gold, telling, SUREST * telling + (1 - SUREST) * habit[worker, label])
    odds = (said_by / np.maximum(RAREST, habit[worker, label]))[:, None]
    steps = np.log(np.maximum(SLIP, np.array(LEVELS) * odds + 1 - np.array(LEVELS)))
    steps *= ((1 - 1 / MEMORY) ** age)[:, None]
    columns = [np.bincount(worker, weights=steps[:, at], minlength=workers) for at in range(len(LEVELS))]
    return np.stack(columns, axis=1).astype(np.float64)  # bincount of nothing counts in integers
