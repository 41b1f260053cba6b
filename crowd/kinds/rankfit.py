"""All orders of a batch taken together: they tell who has pairs right, and golds how sure that makes the labels."""

from typing import TYPE_CHECKING

import numpy as np

from crowd.consensus import mallows
from crowd.kinds import orders
from crowd.kinds.base import AnswerTable, Fit, Json
from crowd.kinds.calibrating import put_right

if TYPE_CHECKING:
    from crowd.consensus.answers import Floats
    from crowd.kinds.rank import Rank, RankSpec

VERSION = "mallows-1"

_GRID = np.linspace(0.5, 1, 101)


def fit(kind: "Rank", spec: "RankSpec", table: AnswerTable) -> Fit:
    """Learn of each worker what share of pairs they have right; labels are Kemeny's orders, weighing answers by that.

    What a worker's verdicts show of them is left as the hot path has it.
    """
    people = sorted(set(table.workers))
    hand = {worker: at for at, worker in enumerate(people)}
    sizes: dict[int, list[int]] = {}
    order = sorted(range(len(table.tasks)), key=lambda at: (table.tasks[at], table.workers[at]))
    for at in order:
        sizes.setdefault(len(table.values[at]), []).append(at)
    share, usual = mallows.shares(
        [_block(table, hand, items, mine) for items, mine in sorted(sizes.items())], len(people)
    )
    known: dict[int, dict[str, Json]] = {}
    for at in order:
        task, accuracy = table.tasks[at], float(share[hand[table.workers[at]]])
        known[task] = kind.add(spec, known.get(task), table.values[at], accuracy)
    labels = put_right(
        known, table.golds, lambda each: kind.consensus(spec, each), lambda gold, label: float(gold == label)
    )
    return Fit(
        labels, VERSION, {worker: float(share[at]) for worker, at in hand.items()},
        evidence=known, usual=usual, levels={}, compared={}, likeness=0.0,
    )  # fmt: skip


def _block(table: AnswerTable, hand: dict[int, int], items: int, mine: list[int]) -> mallows.Block:
    tasks = sorted({table.tasks[at] for at in mine})
    place = {task: at for at, task in enumerate(tasks)}
    nothing = [np.nan] * orders.pairs(items)
    sharp = np.array([orders.sharpness(items, share) for share in _GRID])

    def sharpness(share: "Floats") -> "Floats":
        return np.asarray(np.interp(share, _GRID, sharp))

    return mallows.Block(
        items=items,
        task=np.array([place[table.tasks[at]] for at in mine]),
        worker=np.array([hand[table.workers[at]] for at in mine]),
        above=np.array([orders.signs(table.values[at]) for at in mine], dtype=np.float64),
        gold=np.array([orders.signs(table.golds[task]) if task in table.golds else nothing for task in tasks]),
        sharpness=sharpness,
    )
