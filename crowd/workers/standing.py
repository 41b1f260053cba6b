"""What golds and other workers have shown of a worker: a posterior of skill, and a test on it that pauses and clears.

A worker of level s knows the answer with probability s, and else says what they usually say, whatever the item: the
model of MACE (Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013). So one who always gives the commonest label shows
nothing by being right where that label is, and is found out where another one is. The balanced accuracy at level s is
s + (1 - s) · chance.

The evidence is the log of the ratio of two likelihoods, each the mean over its levels: bad to good. It is Wald's (1945)
sequential test with mixtures in place of points, so that it stays right for careers of any length (Robbins 1970).
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

LEAST_CHECKS = 8
"""Nobody is paused on fewer checks than this: golds, and tasks that others had answered too."""

GOOD = 0.75
"""A worker of this balanced accuracy is good."""

ABOVE_CHANCE = 0.15
"""A worker no more than this above blind guessing is bad."""

WRONGLY_PAUSED = 0.06
"""Error rate of the test: of workers drawn evenly from all good levels at most this share is ever paused (Ville 1939).

Most good workers are far above the least of them, and are paused at well below a tenth of this rate."""

PAUSED = math.log(1 / WRONGLY_PAUSED)
"""Evidence from here on pauses."""

REFRESHED = PAUSED / 2
"""Evidence from here on calls for a refresher."""

CLEARED = -PAUSED
"""Evidence down from here clears: being bad is as improbable as being good is at a pause.

Of workers drawn evenly from all bad levels up to 7 % are ever cleared, not 6: habits are learned by the way."""

LEVELS = tuple(step / 10 for step in range(-2, 11))
"""Levels that are told apart; those below 0 are right less often than a blind guess."""

MEMORY = 100
"""What one answer shows fades by 1/MEMORY with each later one, so that who grows careless is found."""

SUREST = 0.9
"""What others say is taken for telling with this probability: they may all be wrong in the same way."""

ALIKE = 0.3
"""Answers to one task are taken to be at least so much alike, whatever golds say: golds are mostly the easy ones."""

SLIP = 0.02
"""No answer is less probable at any level than this share of how probable habit alone makes it: everyone slips."""

RAREST = 0.02
"""No label is taken to be said by habit with less than this probability, and no answer to tell more than it would then:
of answers that are not counted, one may be far less probable."""

_NEVER = 1e-9
"""What nobody guesses, such as a text, is taken to be said blindly with this probability."""

NOTHING = (0.0,) * len(LEVELS)
"""The log likelihoods before any evidence."""


@lru_cache
def sides(chance: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The places of the bad levels, and of the good ones, where a blind guess is right with that chance."""
    room = 1 - chance
    bad = [place for place, level in enumerate(LEVELS) if level <= ABOVE_CHANCE / room + 1e-9]
    good = [place for place, level in enumerate(LEVELS) if level >= min(1.0, (GOOD - chance) / room) - 1e-9]
    return tuple(bad), tuple(good)


def _mean(logs: tuple[float, ...], places: tuple[int, ...], highest: float) -> float:
    """The mean likelihood over some levels, relative to the highest of all."""
    return sum(math.exp(logs[place] - highest) for place in places) / len(places)


@dataclass(frozen=True, slots=True)
class Standing:
    """The evidence on one worker, in one kind and language."""

    golds: int
    right: float
    """Sum of verdicts, 0..golds."""
    levels: tuple[float, ...] = NOTHING
    """Log likelihood of each of LEVELS, by verdicts and by agreement with others."""
    compared: int = 0
    """Answers that were held against those of others."""

    def accuracy(self, chance: float, usual: float | None = None) -> float:
        """(m + right) / (1 + golds): the share of golds done right, drawn to m while golds are few.

        m is what is usual among the workers of the batch; where no fit has said that yet, 0.5, or 0.2 above chance
        where guessing alone comes near to that. Kept within chance..0.99, so that
        an answer never counts against its own label and no single one settles a task.
        """
        prior = max(0.5, chance + 0.2) if usual is None else usual
        return min(0.99, max(chance + 0.01, (prior + self.right) / (1 + self.golds)))

    def weight(self, fitted: float | None, chance: float, usual: float | None = None) -> float:
        """The accuracy by which an answer is weighed: what a fit of the batch says of its worker, else golds alone."""
        return self.accuracy(chance, usual) if fitted is None else min(0.99, max(chance + 0.01, fitted))

    def after(self, verdict: float, habit: float, telling: float | None = None, *, counted: bool = True) -> "Standing":
        """With one more gold, answered with that verdict.

        `habit` is how probable it is that the worker says this whatever the item, 0..1, and `telling` how probable that
        one who knows the work says it: the verdict, where only one answer is right. Both sum to 1 over all answers,
        so for who goes by habit the likelihood of any level grows by nothing in expectation, and the test holds its
        error rate with near misses as without. `counted` says that the habit is learned by counting, which may miss
        what is rare; else it is known.
        """
        steps = _steps(verdict if telling is None else telling, habit, RAREST if counted else _NEVER)
        return replace(self, golds=self.golds + 1, right=self.right + verdict, levels=_faded(self.levels, steps))

    def beside(self, expected: float, habit: float) -> "Standing":
        """With one more answer, which is right with the probability `expected` by what others said.

        Each level makes the answer as probable as the mixture says: known and right with `expected`, or said by habit.
        What others say is never taken for certain: else it is as habit has it, which tells nothing.
        """
        telling = SUREST * expected + (1 - SUREST) * habit
        return replace(self, compared=self.compared + 1, levels=_faded(self.levels, _steps(telling, habit, RAREST)))

    def evidence(self, chance: float) -> float:
        """Log of the likelihood ratio bad : good."""
        bad, good = sides(chance)
        highest = max(self.levels)
        tiny = 1e-300
        return math.log(_mean(self.levels, bad, highest) + tiny) - math.log(_mean(self.levels, good, highest) + tiny)

    def gold_evidence(self, chance: float) -> float:
        """The same of golds alone, each right with the balanced accuracy of a level: labels take turns among golds."""
        wrong = self.golds - self.right
        logs = []
        for level in LEVELS:
            right = min(1 - SLIP, max(SLIP, level + (1 - level) * chance))
            logs.append(self.right * math.log(right) + wrong * math.log(1 - right))
        return replace(self, levels=tuple(logs)).evidence(chance)

    @property
    def checks(self) -> int:
        """What the evidence rests on."""
        return self.golds + self.compared

    def to_be_paused(self, chance: float, *, fitted: bool = False) -> bool:
        """The evidence has crossed the upper bound, on checks enough, and golds say so too.

        Others may err in the same way, above all where one label is rare, so who has their golds right is not paused.
        Where there were no golds, a fit (`fitted`), which knows who the others are, needs twice the evidence.
        """
        if self.checks < LEAST_CHECKS:
            return False
        evidence = self.evidence(chance)
        if not self.golds:
            return fitted and evidence >= 2 * PAUSED
        return evidence >= PAUSED and self.gold_evidence(chance) > 0

    def to_be_refreshed(self, chance: float) -> bool:
        """The evidence points to bad, on checks enough to show some of them."""
        return self.checks >= LEAST_CHECKS // 2 and self.evidence(chance) >= REFRESHED

    def cleared(self, chance: float) -> bool:
        """The evidence has crossed the lower bound: the worker knows the work."""
        return self.evidence(chance) <= CLEARED


def _steps(right: float, habit: float, rarest: float) -> list[float]:
    """Of each level, the log of how probable it makes an answer that is right with probability `right`.

    Relative to one who goes by habit alone, which is the same for all levels: (s · right + (1 - s) · habit) / habit.
    """
    odds = min(1 / RAREST, right / max(rarest, habit))
    return [math.log(max(SLIP, level * odds + 1 - level)) for level in LEVELS]


def _faded(levels: tuple[float, ...], steps: list[float]) -> tuple[float, ...]:
    return tuple(level * (1 - 1 / MEMORY) + step for level, step in zip(levels, steps, strict=True))
