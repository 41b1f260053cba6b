"""How near workers' free answers come to what others answer and to golds, all answers of a batch together.

In the spirit of least distance and of HRRASA (J. Li, Crowdsourced Text Sequence Aggregation Based on Hybrid Reliability
and Representation, 2020): the label of a task is the answer that is nearest to all, weighted by their writers' skill; a
writer's skill is how near their answers come to the labels that the others make without them, and to golds; and so on
until both rest. Skills are shrunk to the crowd's mean. Only the similarities of answers to one task are needed, so the
cost grows with the tasks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from crowd.consensus.answers import Floats, Ints

SHRINKAGE = 4.0  # answers of the crowd's mean that each writer is taken to have given
ROUNDS = 20
RESTS = 1e-4  # largest change of a skill

LEAST = 0.02  # agreement is taken to be at least so far from 0 and from 1
HEIGHTS, SLOPES = np.linspace(-4, 4, 41), np.exp(np.linspace(-2, 2, 41))


@dataclass(frozen=True)
class Block:
    """Tasks with the same number of answers: `answer` (tasks, n) are their numbers, `near` (tasks, n, n) similarities.

    Similarities are 0..1 and symmetric. Answers of a task stand in an order that does not hang on who came first.
    """

    answer: Ints
    near: Floats


@dataclass(frozen=True)
class Writers:
    """What a batch says of its writers."""

    skill: Floats
    """How near their answers come to what is right, 0..1, shape (workers,)."""
    without: Floats
    """Of each answer, its writer's skill by all their others, shape (answers,): for golds that calibrate."""
    mean: float
    """Of all answers."""


def writers(
    blocks: Sequence[Block], worker: Ints, gold: Floats, workers: int, weigh: Callable[[Floats], Floats]
) -> Writers:
    """Skills of all writers; `weigh` says what answers weigh by the skills of those who wrote them.

    `worker` (answers,) wrote each; `gold` (answers,) is its similarity to a gold's answer, NaN where there is none.
    """
    skill, without, mean = np.full(workers, 0.5), np.full(len(worker), 0.5), 0.5
    for _ in range(ROUNDS):
        weights = weigh(skill)[worker]
        each = np.full(len(worker), np.nan)
        for block in blocks:
            each[block.answer] = _to_others(block.near, weights[block.answer])
        each = np.where(np.isnan(gold), each, gold)
        shown = ~np.isnan(each)
        mean = float(each[shown].mean()) if shown.any() else 0.5
        total = np.bincount(worker[shown], weights=each[shown], minlength=workers) + SHRINKAGE * mean
        number = np.bincount(worker[shown], minlength=workers) + SHRINKAGE
        after = total / number
        without = (total[worker] - np.where(shown, each, 0)) / (number[worker] - shown)
        moved = float(np.abs(after - skill).max(initial=0))
        skill = after
        if moved < RESTS:
            break
    return Writers(skill, without, mean)


def _to_others(near: Floats, weights: Floats) -> Floats:
    """Similarity of each answer to the label that the others make without it, shape (tasks, n); NaN without others."""
    size = near.shape[1]
    if size < 2:
        return np.full(weights.shape, np.nan)
    total = np.einsum("tjk,tk->tj", near, weights)
    score = (total[:, None, :] - weights[:, :, None] * near).round(9)  # [task, left out, candidate]
    score[:, np.arange(size), np.arange(size)] = -np.inf
    return np.take_along_axis(near, score.argmax(2)[:, :, None], axis=2)[:, :, 0]


def line(agreement: Floats, right: Floats) -> tuple[float, float]:
    """The line of a logistic regression that makes agreement a chance: see `on_line` of the text kind.

    Learned from golds, parallel arrays: `agreement` 0..1 with a label that was made without knowing the gold, and
    the verdict on that label. Under its prior the chance is the agreement; the mean of the posterior over a grid is
    taken. Of simulated crowds with 20 golds it had a smaller log loss than an isotonic map and than a power.
    """
    height, slope = np.meshgrid(HEIGHTS, SLOPES, indexing="ij")
    log = -((height / 1.5) ** 2) / 2 - (np.log(slope) / 0.8) ** 2 / 2
    kept = np.clip(agreement, LEAST, 1 - LEAST)
    for odds, share in zip(np.log(kept / (1 - kept)), right, strict=True):
        told = height + slope * odds
        log -= share * np.logaddexp(0, -told) + (1 - share) * np.logaddexp(0, told)
    posterior = np.exp(log - log.max())
    posterior /= posterior.sum()
    return float((posterior * height).sum()), float(np.exp((posterior * np.log(slope)).sum()))
