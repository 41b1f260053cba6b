"""All answers of a batch that are made of parts, taken together: each part of each task is a task by itself."""

from typing import TYPE_CHECKING, Any

import numpy as np

from crowd import consensus
from crowd.kinds.base import AnswerTable, Fit, Json
from crowd.kinds.calibrating import put_right
from crowd.kinds.parted import DECIMALS

if TYPE_CHECKING:
    from crowd.batches.spec import BatchSpec
    from crowd.kinds.parted import Marks, PartedKind

VERSION = "parts-1"


def fit(kind: "PartedKind[Any, Any]", spec: "BatchSpec", table: AnswerTable) -> Fit:
    """Fit the parts with the models of `crowd.consensus`; a line drawn with golds says how sure that makes the whole.

    What a worker's verdicts show of them is left as the hot path has it.
    """
    said: dict[int, list[tuple[int, Marks]]] = {}
    kept: dict[int, Json] = {}
    for task, worker, value in zip(table.tasks, table.workers, table.values, strict=True):
        said.setdefault(task, []).append((worker, kind.marks(spec, value)))
        kept[task] = kind.keep(spec, kept.get(task), value)
    for task, right in table.golds.items():
        kept[task] = kind.keep(spec, kept.get(task), right)
    golds = {task: kind.marks(spec, right) for task, right in table.golds.items() if task in said}
    parts = {task: _parts(kind, spec, mine, golds.get(task, {})) for task, mine in said.items()}
    people = sorted(set(table.workers))
    hand = {worker: at for at, worker in enumerate(people)}
    first, total = {}, 0
    for task in sorted(said):
        first[task], total = total, total + len(parts[task])
    rows = [
        (first[task] + at, hand[worker], marks.get(part, 0))
        for task, mine in sorted(said.items())
        for worker, marks in mine
        for at, part in enumerate(parts[task])
    ]
    if not rows:  # nobody ever marked anything
        return _nothing(kind, spec, table, said)
    gold = np.full(total, -1)
    for task, marks in golds.items():
        for at, part in enumerate(parts[task]):
            gold[first[task] + at] = marks.get(part, 0)
    place, whose, label = (list(column) for column in zip(*rows, strict=True))
    classes = kind.classes(spec)
    found = consensus.fit(place, whose, label, classes=classes, gold=gold, tasks=total, workers=len(people))
    names = np.eye(classes)
    odds, votes = found.odds.round(DECIMALS), found.answers.votes.astype(int)
    rest = _rest(found)
    likeness = found.calibration.likeness

    def evidence(task: int) -> Json:
        mine = range(first[task], first[task] + len(parts[task]))
        many = len(said[task])
        told = {
            str(part): [[int(votes[at, each]), float(odds[at, each])] for each in range(classes)]
            for part, at in zip(parts[task], mine, strict=True)
        }
        beside = {} if kept[task] is None else {"kept": kept[task]}
        return {"votes": many, "rest": round(rest * many, DECIMALS), "parts": dict(sorted(told.items())), **beside}

    known = {task: evidence(task) for task in said}
    labels = put_right(known, table.golds, lambda each: kind.consensus(spec, each, likeness), kind.right)
    accurate = found.balanced_accuracy(names)
    return Fit(
        labels, VERSION, {worker: kind.accuracy(spec, float(accurate[at])) for worker, at in hand.items()},
        evidence=known, usual=kind.accuracy(spec, found.usual(names)), levels={}, compared={}, likeness=likeness,
    )  # fmt: skip


def _parts(
    kind: "PartedKind[Any, Any]", spec: "BatchSpec", said: "list[tuple[int, Marks]]", gold: "Marks"
) -> list[int]:
    """The parts of a task that are looked at: all, or those that anybody marked."""
    many = kind.many(spec)
    if many is not None:
        return list(range(many))
    return sorted({*gold, *(part for _, marks in said for part in marks)})


def _rest(found: consensus.Consensus) -> float:
    """What an answer that leaves a part unmarked adds to its log odds, in the mean: for parts nobody marked."""
    confusion = found.confusion.mean(0)
    return float(np.log(confusion[0, 0] / max(1e-3, confusion[1:, 0].mean())).clip(0.1, 5))


def _nothing(
    kind: "PartedKind[Any, Any]", spec: "BatchSpec", table: AnswerTable, said: "dict[int, list[tuple[int, Marks]]]"
) -> Fit:
    usual = kind.accuracy(spec, 0.9)
    known: dict[int, Json] = {}
    for task, mine in said.items():
        for _ in mine:
            known[task] = kind.add(spec, known.get(task), kind.marked(spec, {}), usual)
    labels = {task: kind.consensus(spec, each) for task, each in known.items()}
    people = sorted(set(table.workers))
    return Fit(labels, VERSION, dict.fromkeys(people, usual), known, usual, {}, {}, 0.0)
