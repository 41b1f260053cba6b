"""All answers of a batch that are one of a few, taken together: they tell of their workers, and these of the labels."""

from typing import TYPE_CHECKING, Any

import numpy as np

from crowd import consensus
from crowd.kinds.base import AnswerTable, Consensus, Fit, Json
from crowd.kinds.picked import DECIMALS
from crowd.workers import judging

if TYPE_CHECKING:
    from crowd.batches.spec import BatchSpec
    from crowd.consensus.answers import Floats
    from crowd.kinds.picked import PickedKind
    from crowd.kinds.scale import Scale


def fit(kind: "PickedKind[Any, Any]", spec: "BatchSpec", table: AnswerTable) -> Fit:
    """Fit the answers with the models of `crowd.consensus`, which know of the scale where there is one."""
    values, scale = kind.possible(spec), kind.scale(spec)
    number = {value: place for place, value in enumerate(values)}
    tasks, workers = sorted(set(table.tasks)), sorted(set(table.workers))
    place, hand = {task: at for at, task in enumerate(tasks)}, {worker: at for at, worker in enumerate(workers)}
    gold = [number[table.golds[task]] if task in table.golds else -1 for task in tasks]
    found = consensus.fit(
        [place[task] for task in table.tasks],
        [hand[worker] for worker in table.workers],
        [number[value] for value in table.values],
        classes=len(values),
        gold=gold,
        ordinal=scale is not None,
        aside=scale.aside if scale else 0,
    )
    credit = np.array([[kind.verdict(spec, right, said) for said in values] for right in values])
    knows = np.array([[kind.telling(spec, right, said) for said in values] for right in values])
    right = np.eye(len(values)) if scale is None else _right(scale)
    votes = found.answers.per_task
    sure = (found.posterior * right[found.labels]).sum(1)
    labels = {
        task: Consensus(values[found.labels[at]], min(1.0, float(sure[at])), int(votes[at]))
        for task, at in place.items()
    }
    accurate = found.balanced_accuracy(credit)
    odds = found.odds.round(DECIMALS)
    counts = found.answers.votes.astype(int)
    evidence: dict[int, Json] = {
        task: {str(value): [int(counts[at, each]), float(odds[at, each])] for each, value in enumerate(values)}
        for task, at in place.items()
    }
    shown, compared = judging.levels(found, gold, table.order, table.ms, knows=knows, chance=kind.chance(spec))
    return Fit(
        labels, found.version, {worker: float(accurate[at]) for worker, at in hand.items()},
        evidence=evidence,
        usual=found.usual(credit),
        levels={worker: tuple(shown[at].tolist()) for worker, at in hand.items()},
        compared={worker: int(compared[at]) for worker, at in hand.items()},
        likeness=found.calibration.likeness,
    )  # fmt: skip


def _right(scale: "Scale") -> "Floats":
    """1 where a step (columns) counts as right beside another (rows), else 0."""
    every = range(scale.steps)
    return np.array([[float(step in scale.right(label)) for step in every] for label in every])
