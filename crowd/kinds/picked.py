"""Answers that are one of a few: names, or the steps of a scale."""

import math
from abc import abstractmethod
from collections.abc import Mapping
from typing import TypeVar

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerTable, Consensus, Few, Fit, FittedKind, Json
from crowd.kinds.grades import Steps
from crowd.kinds.scale import Scale, shares

S = TypeVar("S", bound=BatchSpec)
P = TypeVar("P")

DECIMALS = 9
"""Odds are kept to so many decimals, so that their sum is the same in whichever order answers come."""


class PickedKind(FittedKind[S, P]):
    """A kind whose answers are one of those that are `possible`, the lowest first where they are steps.

    Evidence is {answer: [votes, log odds]}, each answer named by `str`.
    """

    @abstractmethod
    def possible(self, spec: S) -> Few:
        """The answers, two or more."""

    @abstractmethod
    def scale(self, spec: S) -> Scale | None:
        """The scale that the answers are the steps of; None when they are names."""

    def verdict(self, spec: S, right: Json, said: Json) -> float:
        """Equal or not; on a scale as `Scale.credit` has it."""
        scale = self.scale(spec)
        if scale is None:
            return float(right == said)
        place = self.possible(spec).index
        return scale.credit[place(right)][place(said)]

    def steps(self, spec: S) -> Steps | None:
        """On a scale: half up to half way to the farthest end. Names are right or wrong."""
        return None if self.scale(spec) is None else Steps(0.25, 1.0)

    def telling(self, spec: S, right: Json, said: Json) -> float:
        """See Kind: on a scale, who knows is right or near to it."""
        scale = self.scale(spec)
        if scale is None:
            return float(right == said)
        place = self.possible(spec).index
        return scale.knows[place(right)][place(said)]

    def expected(
        self, spec: S, evidence: Json, said: Json, usual: Mapping[Json, float], likeness: float = 0.0
    ) -> float | None:
        """The answer's share of the odds, times what is usual; None before the first answer."""
        if not evidence:
            return None
        values, scale = self.possible(spec), self.scale(spec)
        chances = shares(_odds(values, evidence, likeness), [usual[value] for value in values])
        place = values.index(said)
        if scale is None:
            return chances[place]
        return sum(chance * scale.knows[right][place] for right, chance in enumerate(chances))

    def chance(self, spec: S) -> float:
        """One in the number of answers; on a scale what the step earns that does best as an answer to everything."""
        scale = self.scale(spec)
        return 1 / len(self.possible(spec)) if scale is None else scale.blind

    def blindly(self, spec: S, said: Json) -> float:  # noqa: ARG002
        """Each is as likely."""
        return 1 / len(self.possible(spec))

    def add(self, spec: S, evidence: Json, said: Json, accuracy: float) -> Json:
        """See Kind.

        A worker of accuracy q among K answers says the right one with q, each wrong one with (1-q)/(K-1); an
        answer multiplies its own odds by the ratio of the two (the one-coin model of Dawid and Skene 1979,
        as in Toloka's published confidence rule). On a scale it multiplies the odds of all steps, those near to it
        most (`Scale.telling`).
        """
        values, scale = self.possible(spec), self.scale(spec)
        if scale is not None:
            return _on_scale(values, scale, evidence or {}, said, accuracy)
        others = len(values) - 1
        votes, odds = (evidence or {}).get(str(said), (0, 0.0))
        more = round(math.log(accuracy * others / (1 - accuracy)), DECIMALS)
        return {**(evidence or {}), str(said): [votes + 1, round(odds + more, DECIMALS)]}

    def consensus(self, spec: S, evidence: Json, likeness: float = 0.0) -> Consensus:
        """The most probable answer; among equals the one with more votes, then the first.

        On a scale, `Scale.label`. The confidence is how probable it is that the label is right, to the tolerance.
        """
        if not evidence:
            return Consensus(None, 0.0, 0)
        values, scale = self.possible(spec), self.scale(spec)
        votes = _votes(evidence)
        if scale is not None:
            chances = shares(_odds(values, evidence, likeness))
            said = [place for place, value in enumerate(values) if evidence.get(str(value), (0, 0.0))[0]]
            step = scale.label(chances, said)
            return Consensus(values[step], min(1.0, sum(chances[each] for each in scale.right(step))), votes)
        scores = {value: (odds, times) for value, (times, odds) in evidence.items()}
        label = max(values, key=lambda value: scores.get(str(value), (0.0, 0)))
        best = scores.get(str(label), (0.0, 0))[0]
        heat = 1 + likeness * (votes - 1)
        total = sum(math.exp((scores.get(str(value), (0.0, 0))[0] - best) / heat) for value in values)
        return Consensus(label, 1 / total, votes)

    def fit(self, spec: S, table: AnswerTable) -> Fit:
        """Three models of the crowd and their mean, calibrated on the golds; see `crowd.consensus`."""
        from crowd.kinds import pickedfit  # NumPy, which only a fit needs

        return pickedfit.fit(self, spec, table)


def _votes(evidence: Json) -> int:
    """How many answers there are in evidence."""
    return sum(votes for votes, _ in evidence.values())


def _odds(values: Few, evidence: Json, likeness: float) -> list[float]:
    """The log odds of each answer, by as many as there would be if they were not alike."""
    heat = 1 + likeness * (_votes(evidence) - 1)
    return [evidence.get(str(value), (0, 0.0))[1] / heat for value in values]


def _on_scale(values: Few, scale: Scale, evidence: Json, said: Json, accuracy: float) -> Json:
    more = scale.telling(accuracy, values.index(said))
    before = {value: evidence.get(str(value), (0, 0.0)) for value in values}
    return {
        str(value): [votes + (value == said), round(odds + round(log, DECIMALS), DECIMALS)]
        for log, (value, (votes, odds)) in zip(more, before.items(), strict=True)
    }
