"""All answers of a batch that are near or far, together: who does well, and by golds how sure that makes labels."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crowd.kinds.base import AnswerTable, Consensus, Fit, Json

if TYPE_CHECKING:
    from crowd.consensus.closeness import Writers

Summing = Callable[[Json], Consensus]
"""From evidence to what it adds up to."""


def fit(table: AnswerTable, *, near: Callable[[Json, Json], float], right: Callable[[Json, Json], float],
        weigh: Callable[[float], float], summed: Summing, method: str) -> Fit:  # fmt: skip
    """Fit workers to their answers; `near` says how near two are, `right` is the verdict on one beside a gold's.

    What a worker's verdicts show of them is left as the hot path has it: a free answer is no evidence beyond golds.
    """
    import numpy as np

    from crowd.consensus import closeness

    order = sorted(range(len(table.tasks)), key=lambda at: (table.tasks[at], table.values[at], table.workers[at]))
    people = sorted(set(table.workers))
    hand = {worker: at for at, worker in enumerate(people)}
    by_task: dict[int, list[int]] = {}
    for at in order:
        by_task.setdefault(table.tasks[at], []).append(at)
    likenesses = {task: _matrix([table.values[at] for at in mine], near) for task, mine in by_task.items()}
    blocks: dict[int, list[int]] = {}
    for task, mine in by_task.items():
        blocks.setdefault(len(mine), []).append(task)
    gold = [near(table.golds[task], said) if task in table.golds else np.nan
            for task, said in zip(table.tasks, table.values, strict=True)]  # fmt: skip
    found = closeness.writers(
        [closeness.Block(np.array([by_task[task] for task in tasks]), np.array([likenesses[task] for task in tasks]))
         for _, tasks in sorted(blocks.items())],
        np.array([hand[worker] for worker in table.workers]), np.array(gold, dtype=np.float64), len(people),
        np.vectorize(weigh, otypes=[float]),
    )  # fmt: skip

    def evidence(task: int, skills: Sequence[float], line: Sequence[float] = ()) -> Json:
        told: list[list[Json]] = [
            [table.values[at], skill, [round(each, 6) for each in row[:place]]]
            for place, (at, skill, row) in enumerate(zip(by_task[task], skills, likenesses[task], strict=True))
        ]
        told[0] += [list(line)] if line else []
        return told

    line = _calibrated(table, by_task, found, evidence, summed, right)
    skill = [round(float(each), 6) for each in found.skill]
    known = {
        task: evidence(task, [skill[hand[table.workers[at]]] for at in mine], line) for task, mine in by_task.items()
    }
    labels = {
        task: Consensus(table.golds[task], 1.0, len(told)) if task in table.golds else summed(told)
        for task, told in known.items()
    }
    return Fit(
        labels, method, dict(zip(people, skill, strict=True)),
        evidence=known, usual=found.mean, levels={}, compared={}, likeness=0.0,
    )  # fmt: skip


def _calibrated(table: AnswerTable, by_task: dict[int, list[int]], found: "Writers",
                evidence: Callable[[int, Sequence[float]], Json], summed: Summing,
                right: Callable[[Json, Json], float]) -> list[float]:  # fmt: skip
    """The line by which labels of golds, made without what the golds say, are right as often as they are sure."""
    import numpy as np

    from crowd.consensus import closeness

    agreement, verdicts = [], []
    for task, mine in by_task.items():
        if task in table.golds:
            label = summed(evidence(task, found.without[mine].tolist()))
            agreement.append(label.confidence)
            verdicts.append(right(table.golds[task], label.label))
    return [round(each, 6) for each in closeness.line(np.array(agreement), np.array(verdicts))]


def _matrix(texts: Sequence[Json], near: Callable[[Json, Json], float]) -> list[list[float]]:
    rows = [[1.0] * len(texts) for _ in texts]
    for at, text in enumerate(texts):
        for place in range(at):
            rows[at][place] = rows[place][at] = near(text, texts[place])
    return rows
