"""Many workers of known levels of skill at once, who answer as the model of `crowd.workers.standing` has it.

Arrays do what the hot path does answer by answer; `replayed` gives a career to the product's own code to hold against.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crowd.golds.rate import gold_rate
from crowd.kinds.choice import Choice, ChoiceSpec
from crowd.workers.habits import usual
from crowd.workers.standing import (
    CLEARED,
    LEAST_CHECKS,
    LEVELS,
    MEMORY,
    PAUSED,
    RAREST,
    SLIP,
    SUREST,
    Standing,
    sides,
)  # fmt: skip

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
KIND = Choice()
OTHERS = (0.6, 0.75, 0.85, 0.9)
"""Accuracies of those who answered before; each is taken for TAKEN, and their answers to be ALIKE."""
TAKEN, ALIKE = 0.75, 0.3
NEVER = 10**6


def choices(options: int) -> ChoiceSpec:
    return ChoiceSpec.model_validate(
        {
            "name": "x", "kind": "choice", "language": "en", "items": "x.csv", "currency": "USD", "price": "0.01",
            "instructions": {"en": "x"},
            "options": [{"value": f"o{number}", "label": {"en": f"o{number}"}} for number in range(options)],
        }
    )  # fmt: skip


def said(luck: np.random.Generator, truth: Ints, level: Floats, habit: Floats) -> Ints:
    """Answers to tasks: known with probability `level`, else by habit (rows of chances); below 0, known and avoided.

    That is done so often that the right one has the chance level + (1 - level) / options, which the model gives it.
    """
    options = habit.shape[-1]
    level = np.where(level < 0, np.maximum(-1, level * (options - 1)), level)
    blind = np.minimum((habit.cumsum(-1) < luck.random((*truth.shape, 1))).sum(-1), options - 1)
    other = (truth + luck.integers(1, options, truth.shape)) % options
    knows = luck.random(truth.shape) < np.abs(level)
    return np.asarray(np.where(knows, np.where(level > 0, truth, other), blind), dtype=np.int64)


@dataclass(frozen=True)
class Careers:
    """Answers in the order they were given (rows) of workers (columns), and what the test made of them."""

    options: int
    truth: Ints
    said: Ints
    gold: NDArray[np.bool_]
    others: Ints
    """Of each answer, what two before it said; -1: nobody."""
    paused: Ints
    """Answers by when the test paused each; NEVER: it did not."""
    cleared: Ints
    rates: Floats
    """The chance of a gold before each answer."""
    evidence: Floats
    """After the last answer; a pause changes nothing in it."""

    def golds(self, when: Ints) -> Ints:
        """Golds among so many first answers, of those workers to whom it came."""
        came = np.flatnonzero(when < NEVER)
        met = self.gold.cumsum(0)
        return np.asarray(met[when[came] - 1, came], dtype=np.int64)


def careers(level: Floats, options: int, answers: int, *, seed: int, golds_only: bool = False) -> Careers:
    """One career for each level: labels are alike frequent, blind answers fall evenly, golds come as they do."""
    luck, workers, chance = np.random.default_rng(seed), len(level), 1 / options
    every, hand = np.array(LEVELS), np.arange(workers)
    bad, good = map(list, sides(chance))
    shown, habits = np.zeros((workers, len(LEVELS))), np.ones((workers, options))
    golds, right, compared = np.zeros(workers), np.zeros(workers), np.zeros(workers)
    evidence, paused, cleared = np.zeros(workers), np.full(workers, NEVER), np.full(workers, NEVER)
    trace: list[tuple[Ints, Ints, NDArray[np.bool_], Ints, Floats]] = []
    for done in range(answers):
        rate = np.where(evidence <= CLEARED, 0.01, 0.02)
        rate = np.where(evidence > -0.6, 0.9 if done < 20 else 0.2, rate)
        rate = np.where(golds < 3, 0.9, rate)
        gold = np.full(workers, True) if golds_only else luck.random(workers) < rate
        truth = np.where(gold, golds.astype(np.int64) % options, luck.integers(0, options, workers))
        label = said(luck, truth, level, np.full((workers, options), chance))
        others = _others(luck, truth, options)
        habit = habits / habits.sum(1, keepdims=True)
        mine, telling = habit[hand, label], (label == truth).astype(np.float64)
        beside = SUREST * _expected(others, habit)[hand, label] + (1 - SUREST) * mine
        tells = gold | (others[:, 0] >= 0)
        odds = (np.where(gold, telling, beside) / np.maximum(RAREST, mine))[:, None]
        more = shown * (1 - 1 / MEMORY) + np.log(np.maximum(SLIP, every * odds + 1 - every))
        shown = np.where(tells[:, None], more, shown)
        golds, right, compared = golds + gold, right + gold * telling, compared + (tells & ~gold)
        habits[hand, label] += 1
        evidence = _ratio(shown, bad, good)
        wrong = golds - right
        balanced = np.clip(every + (1 - every) * chance, SLIP, 1 - SLIP)
        of_golds = _ratio(np.outer(right, np.log(balanced)) + np.outer(wrong, np.log(1 - balanced)), bad, good)
        stops = (evidence >= PAUSED) & (golds + compared >= LEAST_CHECKS) & (golds > 0) & (of_golds > 0)
        paused = np.where(stops & (paused == NEVER), done + 1, paused)
        cleared = np.where((evidence <= CLEARED) & (cleared == NEVER) & (paused == NEVER), done + 1, cleared)
        trace.append((truth, label, gold, others, rate))
    truths, labels, were_gold, before, rates = map(np.array, zip(*trace, strict=True))
    return Careers(options, truths, labels, were_gold, before, paused, cleared, rates, evidence)


def _others(luck: np.random.Generator, truth: Ints, options: int) -> Ints:
    """What none, one or two others said to each task, the first in the first column."""
    right = luck.random((len(truth), 2)) < luck.choice(OTHERS, (len(truth), 2))
    heard = np.where(right, truth[:, None], luck.integers(0, options, (len(truth), 2)))
    return np.where(np.arange(2) < luck.integers(0, 3, len(truth))[:, None], heard, -1)


def _expected(others: Ints, habit: Floats) -> Floats:
    """How probable each label is by what others said, as `Kind.expected` has it."""
    options, votes = habit.shape[1], (others >= 0).sum(1)
    one = np.log(TAKEN * (options - 1) / (1 - TAKEN))
    odds = (others[:, :, None] == np.arange(options)).sum(1) * one / (1 + ALIKE * np.maximum(votes - 1, 0))[:, None]
    chances = np.exp(odds) * habit
    return np.asarray(chances / chances.sum(1, keepdims=True))


def _ratio(logs: Floats, bad: list[int], good: list[int]) -> Floats:
    likely = np.exp(logs - logs.max(1, keepdims=True))
    return np.asarray(np.log(likely[:, bad].mean(1) + 1e-300) - np.log(likely[:, good].mean(1) + 1e-300))


def replayed(all_: Careers, worker: int) -> tuple[int, int, float, list[float]]:
    """The same career by the hot path's code: when it paused, when cleared, the evidence, each gold's chance."""
    spec, chance = choices(all_.options), 1 / all_.options
    standing, habits, paused, cleared, rates = Standing(0, 0), dict[str, int](), NEVER, NEVER, list[float]()
    for done in range(len(all_.said)):
        rates.append(gold_rate(standing, done, chance))
        truth, label = spec.values[all_.truth[done, worker]], spec.values[all_.said[done, worker]]
        habit, evidence = usual(habits, spec.values), None
        for other in all_.others[done, worker]:
            evidence = KIND.add(spec, evidence, spec.values[other], TAKEN) if other >= 0 else evidence
        expected = KIND.expected(spec, evidence, label, habit, ALIKE)
        if all_.gold[done, worker]:
            standing = standing.after(KIND.verdict(spec, truth, label), habit[label])
        elif expected is not None:
            standing = standing.beside(expected, habit[label])
        habits[label] = habits.get(label, 0) + 1
        if paused == NEVER and standing.to_be_paused(chance):
            paused = done + 1
        if cleared == paused == NEVER and standing.cleared(chance):
            cleared = done + 1
    return paused, cleared, standing.evidence(chance), rates
