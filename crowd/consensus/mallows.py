"""Workers who put items in order, by Mallows' model: how many of the pairs each has right, all answers together.

Each answer is an order whose log chance falls by its worker's sharpness with each pair that stands the other way than
in the right one; beforehand all orders are alike. Sharpness is learned without knowing the right orders, by expectation
and maximization: A. Klementiev, D. Roth and K. Small, Unsupervised rank aggregation with distance-based models (2008).
The chance of each pair is exact: it is summed over the sets of items that may stand first, not over all orders.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from crowd.consensus.answers import Floats, Ints

SHRINKAGE = 3.0  # answers of the crowd's mean that each worker is taken to have given
BEGIN = 0.8  # share of the pairs that everybody is first taken to have right
ROUNDS = 20
RESTS = 1e-3  # largest change of a share
BLOCK = 2000  # tasks that are looked at together

Sharpness = Callable[[Floats], Floats]
"""From the share of pairs that workers have right to the sharpness of their orders."""


@dataclass(frozen=True)
class Block:
    """Answers to tasks with the same number of items, as parallel arrays."""

    items: int
    task: Ints
    """Of each answer, from 0."""
    worker: Ints
    """Of each answer."""
    above: Floats
    """Of each answer and pair 1 where the lower number stands before the other, else -1: shape (answers, pairs)."""
    gold: Floats
    """The same of each task whose right order is known, not numbers for others: shape (tasks, pairs)."""
    sharpness: Sharpness


def shares(blocks: Sequence[Block], workers: int) -> tuple[Floats, float]:
    """The share of pairs that each worker has right, 0..1, shape (workers,), and that of all answers.

    The pairs are those numbered as in `crowd.kinds.orders`.
    """
    share, mean = np.full(workers, BEGIN), BEGIN
    for _ in range(ROUNDS):
        right, answers = np.zeros(workers), np.zeros(workers)
        for block in blocks:
            right += np.bincount(block.worker, _shares(block, share), minlength=workers)
            answers += np.bincount(block.worker, minlength=workers)
        mean = float(right.sum() / answers.sum())
        after = (right + SHRINKAGE * mean) / (answers + SHRINKAGE)
        moved = float(np.abs(after - share).max())
        share = after
        if moved < RESTS:
            break
    return share, mean


def _shares(block: Block, share: Floats) -> Floats:
    """Of each answer, the share of pairs that are right in expectation."""
    leads = np.zeros(block.gold.shape)
    np.add.at(leads, block.task, block.sharpness(share)[block.worker][:, None] * block.above)
    first = [chances(leads[at : at + BLOCK], block.items) for at in range(0, len(leads), BLOCK)]
    means = np.where(np.isnan(block.gold), 2 * np.concatenate(first) - 1, block.gold)
    return np.asarray((1 + (block.above * means[block.task]).mean(1)) / 2)


def chances(leads: Floats, items: int) -> Floats:
    """How probable each pair stands with its lower number first, by the log odds that answers give it: (tasks, pairs).

    With the chance of all ways to a set of items that stand first, and of all ways on from there (forward and
    backward): an item stands next after a set with the product of the two and of its step.
    """
    step, before, after = _steps(items)
    both = np.maximum(0, np.concatenate([-leads, leads], axis=1))
    weight = np.exp(-both @ step.T)
    sets = 1 << items
    forward, backward = np.zeros((sets, len(leads))), np.zeros((sets, len(leads)))
    forward[0], backward[-1] = 1, 1
    columns = weight.T.copy()
    for at in range(len(step)):
        forward[after[at]] += forward[before[at]] * columns[at]
    for at in reversed(range(len(step))):
        backward[before[at]] += backward[after[at]] * columns[at]
    mass = forward[before] * columns * backward[after] / backward[0]
    return np.asarray((mass.T @ step)[:, : leads.shape[1]])


@lru_cache
def _steps(items: int) -> tuple[Floats, Ints, Ints]:
    """Each way to put one more item after a set of them: which pairs it settles, the set before, and the set after.

    Of 2 pairs columns the first half are pairs that the lower number wins, the others those that it loses. Sets grow.
    """
    place = {(low, high): high * (high - 1) // 2 + low for high in range(items) for low in range(high)}
    step, before, after = [], [], []
    for placed in range(1 << items):
        rest = [number for number in range(items) if not placed >> number & 1]
        for number in rest:
            row = np.zeros(2 * len(place))
            for other in rest:
                if other != number:
                    pair = place[min(number, other), max(number, other)]
                    row[pair if number < other else pair + len(place)] = 1
            step.append(row)
            before.append(placed)
            after.append(placed | 1 << number)
    return np.array(step), np.array(before), np.array(after)
