"""What golds and other workers have shown of a worker: an estimate of accuracy, and a test that pauses on evidence."""

import math
from dataclasses import dataclass, replace

LEAST_CHECKS = 8
"""Nobody is paused on fewer checks than this: golds, and tasks that others had answered before."""

WRONGLY_PAUSED = 0.01
"""Error rate of the test: of workers as good as GOOD, at most this share is ever paused."""

MISSED = 0.10
"""Of workers as bad as the bad level, at most this share passes the test."""

PAUSED = math.log((1 - MISSED) / WRONGLY_PAUSED)
"""Wald's upper bound: evidence from here on pauses."""

SUREST = 0.9
"""What others say is taken for right with at most this probability: it may be wrong in the same way for many."""

GOOD = 0.75
"""A worker of this accuracy is good."""

ABOVE_CHANCE = 0.15
"""A worker no more than this above blind guessing is bad."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The evidence on one worker, in one kind and language."""

    golds: int
    right: float
    """Sum of verdicts, 0..golds."""
    evidence: float
    """Log of the likelihood ratio bad : good, over all verdicts and over agreement with others."""
    compared: int = 0
    """Answers that were held against those of others before."""

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

    def after(self, verdict: float, chance: float) -> "Standing":
        """With one more gold, answered with that verdict.

        The evidence is the sum of Wald's sequential probability ratio test (1945) between a bad and a good
        worker; a verdict between 0 and 1 counts in proportion.
        """
        bad = min(chance + ABOVE_CHANCE, GOOD - 0.05)
        step = verdict * math.log(bad / GOOD) + (1 - verdict) * math.log((1 - bad) / (1 - GOOD))
        return replace(self, golds=self.golds + 1, right=self.right + verdict, evidence=self.evidence + step)

    def beside(self, expected: float, chance: float) -> "Standing":
        """With one more answer, which is right with the probability `expected` by what others said before.

        Each level of skill makes the answer as probable as the mixture of both cases says: right with `expected`, and
        one of the wrong ones else. What others say is never taken for certain.
        """
        if not chance:
            return self
        right = min(SUREST, max(1 - SUREST, expected))
        wrong_ones = 1 / chance - 1
        bad = min(chance + ABOVE_CHANCE, GOOD - 0.05)

        def likelihood(skill: float) -> float:
            return right * skill + (1 - right) * (1 - skill) / wrong_ones

        step = math.log(likelihood(bad) / likelihood(GOOD))
        return replace(self, compared=self.compared + 1, evidence=self.evidence + step)

    @property
    def to_be_paused(self) -> bool:
        """The evidence has crossed Wald's upper bound, on checks enough."""
        return self.golds + self.compared >= LEAST_CHECKS and self.evidence >= PAUSED
