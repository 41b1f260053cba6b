"""choice: pick one of a few options."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationInfo, field_validator

from crowd.kinds.base import AnswerError, AnswerTable, Consensus, Difference, Fit, FittedKind, Json
from crowd.kinds.differences import nominal, ordinal
from crowd.kinds.options import LEAST_OPTIONS, OptionsSpec
from crowd.kinds.scale import Scale, nearest, scale_of, shares
from crowd.kinds.textitem import OfText, TextItem
from crowd.sentences import SentenceError, say

if TYPE_CHECKING:
    from crowd.consensus.answers import Floats

_DECIMALS = 9
"""Odds are kept to so many decimals, so that their sum is the same in whichever order answers come."""


class ChoiceSpec(OptionsSpec):
    """A batch of choices."""

    kind: Literal["choice"]
    ordered: bool = Field(default=False, description="whether the options, as listed, are the steps of a scale")

    @field_validator("ordered")
    @classmethod
    def _a_scale(cls, ordered: bool, info: ValidationInfo) -> bool:
        if ordered and len(info.data.get("options", ())) == LEAST_OPTIONS:
            raise SentenceError(say("needs three options or more: of two, none is nearer to the other"))
        return ordered

    @property
    def scale(self) -> Scale | None:
        """The scale that the options are the steps of; None when they are names."""
        return scale_of(len(self.options)) if self.ordered else None


class Choice(OfText[ChoiceSpec], FittedKind[ChoiceSpec, TextItem]):
    """Pick one of 2 to 20 options."""

    name = "choice"
    called = say("choice")
    spec = ChoiceSpec

    def read_gold(self, spec: ChoiceSpec, payload: TextItem, cell: str) -> Json:  # noqa: ARG002
        """See Kind."""
        return spec.checked(cell)

    def possible(self, spec: ChoiceSpec) -> tuple[str, ...]:
        """The options."""
        return spec.values

    def read_answer(self, spec: ChoiceSpec, payload: TextItem, said: Json) -> Json:  # noqa: ARG002
        """`said` is the number of an option, from 0."""
        if not isinstance(said, int) or not 0 <= said < len(spec.options):
            raise AnswerError(self.name, "no_such_option")
        return spec.options[said].value

    def verdict(self, spec: ChoiceSpec, right: Json, said: Json) -> float:
        """Equal or not; on a scale (1 - d / D)², d steps away where D is the farthest that one can be."""
        scale, place = spec.scale, spec.values.index
        return float(right == said) if scale is None else scale.credit[place(right)][place(said)]

    def telling(self, spec: ChoiceSpec, right: Json, said: Json) -> float:
        """See Kind: on a scale, who knows is right or near to it."""
        scale, place = spec.scale, spec.values.index
        return float(right == said) if scale is None else scale.knows[place(right)][place(said)]

    def expected(
        self, spec: ChoiceSpec, evidence: Json, said: Json, usual: Mapping[str, float], likeness: float = 0.0
    ) -> float | None:
        """The option's share of the odds, times what is usual; None before the first answer."""
        if not evidence:
            return None
        chances = shares(_odds(spec, evidence, likeness), [usual[value] for value in spec.values])
        place = spec.values.index(said)
        if spec.scale is None:
            return chances[place]
        return sum(chance * spec.scale.knows[right][place] for right, chance in enumerate(chances))

    def difference(self, spec: ChoiceSpec, counts: Sequence[tuple[Json, int]]) -> Difference:
        """Options are names, one or another, or ranks."""
        return ordinal(spec.values, counts) if spec.ordered else nominal

    def chance(self, spec: ChoiceSpec) -> float:
        """One in the number of options; on a scale what the option earns that does best as an answer to everything."""
        return 1 / len(spec.options) if spec.scale is None else spec.scale.blind

    def add(self, spec: ChoiceSpec, evidence: Json, said: Json, accuracy: float) -> Json:
        """Evidence is {value: [votes, log odds]}.

        A worker of accuracy q among K options says the right one with q, each wrong one with (1-q)/(K-1); an
        answer multiplies its option's odds by the ratio of the two (the one-coin model of Dawid and Skene 1979,
        as in Toloka's published confidence rule). On a scale it multiplies the odds of all options, those near to it
        most (`Scale.telling`).
        """
        if spec.scale is not None:
            return _on_scale(spec, spec.scale, evidence or {}, said, accuracy)
        others = len(spec.options) - 1
        votes, odds = (evidence or {}).get(said, (0, 0.0))
        more = round(math.log(accuracy * others / (1 - accuracy)), _DECIMALS)
        return {**(evidence or {}), said: [votes + 1, round(odds + more, _DECIMALS)]}

    def consensus(self, spec: ChoiceSpec, evidence: Json, likeness: float = 0.0) -> Consensus:
        """The most probable option; among equals the one with more votes, then the first. On a scale, the median."""
        if not evidence:
            return Consensus(None, 0.0, 0)
        if spec.scale is not None:
            chances = shares(_odds(spec, evidence, likeness))
            step = nearest(chances)
            return Consensus(spec.values[step], chances[step], _votes(evidence))
        values = spec.values
        scores = {value: (odds, votes) for value, (votes, odds) in evidence.items()}
        label = max(values, key=lambda value: scores.get(value, (0.0, 0)))
        best = scores.get(label, (0.0, 0))[0]
        votes = _votes(evidence)
        heat = 1 + likeness * (votes - 1)
        total = sum(math.exp((scores.get(value, (0.0, 0))[0] - best) / heat) for value in values)
        return Consensus(label, 1 / total, votes)

    def fit(self, spec: ChoiceSpec, table: AnswerTable) -> Fit:
        """Three models of the crowd and their mean, calibrated on the golds; see `crowd.consensus`."""
        from crowd import consensus  # NumPy, which only a fit needs
        from crowd.workers import judging

        number = {value: place for place, value in enumerate(spec.values)}
        tasks, workers = sorted(set(table.tasks)), sorted(set(table.workers))
        place, hand = {task: at for at, task in enumerate(tasks)}, {worker: at for at, worker in enumerate(workers)}
        gold = [number[table.golds[task]] if task in table.golds else -1 for task in tasks]
        found = consensus.fit(
            [place[task] for task in table.tasks],
            [hand[worker] for worker in table.workers],
            [number[value] for value in table.values],
            classes=len(spec.values),
            gold=gold,
            ordinal=spec.ordered,
        )
        credit, knows = _tables(spec)
        votes = found.answers.per_task
        labels = {
            task: Consensus(spec.values[found.labels[at]], float(found.confidence[at]), int(votes[at]))
            for task, at in place.items()
        }
        accurate = found.balanced_accuracy(credit)
        accuracies = {worker: float(accurate[at]) for worker, at in hand.items()}
        odds = found.odds.round(_DECIMALS)
        counts = found.answers.votes.astype(int)
        evidence = {
            task: {
                value: [int(counts[at, option]), float(odds[at, option])] for option, value in enumerate(spec.values)
            }
            for task, at in place.items()
        }
        shown, compared = judging.levels(found, gold, table.order, table.ms, knows=knows, chance=self.chance(spec))
        return Fit(
            labels, found.version, accuracies,
            evidence=evidence,
            usual=found.usual(credit),
            levels={worker: tuple(shown[at].tolist()) for worker, at in hand.items()},
            compared={worker: int(compared[at]) for worker, at in hand.items()},
            likeness=found.calibration.likeness,
        )  # fmt: skip


def _votes(evidence: Json) -> int:
    """How many answers there are in evidence."""
    return sum(votes for votes, _ in evidence.values())


def _odds(spec: ChoiceSpec, evidence: Json, likeness: float) -> list[float]:
    """The log odds of each option, by as many answers as there would be if they were not alike."""
    heat = 1 + likeness * (_votes(evidence) - 1)
    return [evidence.get(value, (0, 0.0))[1] / heat for value in spec.values]


def _on_scale(spec: ChoiceSpec, scale: Scale, evidence: Json, said: Json, accuracy: float) -> Json:
    more = scale.telling(accuracy, spec.values.index(said))
    before = {value: evidence.get(value, (0, 0.0)) for value in spec.values}
    return {
        value: [votes + (value == said), round(odds + round(log, _DECIMALS), _DECIMALS)]
        for log, (value, (votes, odds)) in zip(more, before.items(), strict=True)
    }


def _tables(spec: ChoiceSpec) -> "tuple[Floats, Floats]":
    """How right each answer is where each option is true, and how probable from one who knows: two matrices."""
    import numpy as np

    scale, names = spec.scale, np.eye(len(spec.options))
    return (names, names) if scale is None else (np.array(scale.credit), np.array(scale.knows))


KIND = Choice()
