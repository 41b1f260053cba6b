"""Answers of which hardly two are the same, but near to each other or far: texts, places in a picture."""

import math
from abc import abstractmethod
from collections.abc import Callable, Collection
from typing import TypeVar

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerTable, Consensus, Fit, FittedKind, Json
from crowd.kinds.calibrated import on_line

S = TypeVar("S", bound=BatchSpec)
P = TypeVar("P")

POOREST, SUREST = 0.05, 0.99
"""Skills beyond these weigh like these."""

Near = Callable[[Json, Json], float]
"""How near two answers are, 0..1: 1 for equal ones. Symmetric."""

Ranked = list[tuple[float, Json, float]]
"""How near an answer is to be taken to what is right, the answer, and its giver's accuracy: the best label first."""


class NearKind(FittedKind[S, P]):
    """A kind whose answers are near to each other or far.

    Evidence is a list of [answer, accuracy, its nearness to those before it], in the order they came. After a fit the
    first also has the line of `crowd.kinds.calibrated`.
    """

    @abstractmethod
    def near(self, spec: S, one: Json, other: Json) -> float:
        """How near two answers are, 0..1: 1 for equal ones."""

    def prepared(self, spec: S, values: Collection[Json]) -> Near:  # noqa: ARG002
        """`near` for many of these answers."""
        return lambda one, other: self.near(spec, one, other)

    def joined(self, spec: S, ranked: Ranked) -> tuple[Json, float]:  # noqa: ARG002
        """The label, and how far the answers agree with it, 0..1: the answer that is nearest to all of them."""
        agreement, label, _ = ranked[0]
        return label, agreement

    def method(self, spec: S) -> str:  # noqa: ARG002
        """The name and version of how a fit adds answers up."""
        return "closeness-1"

    def add(self, spec: S, evidence: Json, said: Json, accuracy: float) -> Json:
        """See Kind."""
        before = evidence or []
        return [*before, [said, accuracy, [round(self.near(spec, said, each), 6) for each, *_ in before]]]

    def consensus(self, spec: S, evidence: Json, likeness: float = 0.0) -> Consensus:  # noqa: ARG002
        """What the answers agree on, the skilled weighing more.

        The confidence is how far they agree with it, by the line that a fit drew with golds, if there was one.
        """
        if not evidence:
            return Consensus(None, 0.0, 0)
        label, agreement = self.joined(spec, ranked(evidence))
        _, _, _, *line = evidence[0]
        return Consensus(label, on_line(agreement, *line[0]) if line else min(1.0, agreement), len(evidence))

    def fit(self, spec: S, table: AnswerTable) -> Fit:
        """All answers of the batch tell who does well; see `crowd.consensus.closeness`."""
        from crowd.kinds import nearfit  # NumPy, which only a fit needs

        return nearfit.fit(
            table,
            near=self.prepared(spec, [*table.values, *table.golds.values()]),
            right=lambda gold, label: self.verdict(spec, gold, label),
            weigh=weight,
            summed=lambda evidence: self.consensus(spec, evidence),
            method=self.method(spec),
        )


def weight(skill: float) -> float:
    """What an answer weighs: the odds of its giver's skill, so that the good outvote many of the poor."""
    kept = min(SUREST, max(POOREST, skill))
    return kept / (1 - kept)


def ranked(evidence: Json) -> Ranked:
    """Of evidence as NearKind has it, which answer does best as a label.

    That is the one that is nearest to all answers, itself among them; of equals the first in order.
    How near it is to be taken is the mean of how near the others come to it and, for its own part, of its giver's
    accuracy.
    """
    weights = [weight(accuracy) for _, accuracy, *_ in evidence]
    total = math.fsum(weights)
    found = []
    for place, (said, accuracy, *_) in enumerate(evidence):
        others = math.fsum(
            evidence[max(at, place)][2][min(at, place)] * weights[at] for at in range(len(evidence)) if at != place
        )
        near = (others + weights[place] * accuracy) / total
        found.append((round((others + weights[place]) / total, 9), round(near, 9), said, accuracy))
    found.sort(key=lambda each: (-each[0], each[2], -each[3]))
    return [(near, said, accuracy) for _, near, said, accuracy in found]
