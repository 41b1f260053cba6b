"""Answers made of parts, each a question by itself: options that hold or not, cells of a picture, words of a text."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TypeVar

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerTable, Consensus, Fit, FittedKind, Json
from crowd.kinds.calibrated import on_line
from crowd.kinds.scale import shares

S = TypeVar("S", bound=BatchSpec)
P = TypeVar("P")

DECIMALS = 9
"""Odds are kept to so many decimals, so that their sum is the same in whichever order answers come."""

_LEAST_LEAD = 0.02

_OTHERS = -1
"""Stands for all parts that nobody marked."""

Marks = Mapping[int, int]
"""The parts that are marked, by their numbers from 0, and the class of each from 1. All others are of class 0."""


class PartedKind(FittedKind[S, P]):
    """A kind whose answers mark some of the parts of an item, each with one of a few classes.

    Evidence is {votes, rest, parts}: `parts` has, of each part that anybody marked, [votes, log odds] of each class,
    and `rest` is the log odds of all others being unmarked. A fit may add a `line`; see `crowd.kinds.calibrated`. What
    a kind keeps to write labels by is `kept`.
    """

    @abstractmethod
    def classes(self, spec: S) -> int:
        """How many classes a part may be of, 0 (unmarked) among them."""

    @abstractmethod
    def many(self, spec: S) -> int | None:
        """How many parts an item has; None where each has its own number."""

    @abstractmethod
    def marks(self, spec: S, said: Json) -> Marks:
        """What an answer marks."""

    @abstractmethod
    def marked(self, spec: S, marks: Marks) -> Json:
        """The answer that marks this."""

    def keep(self, spec: S, kept: Json, said: Json) -> Json:  # noqa: ARG002
        """What evidence keeps of answers beside their marks, with one more. Starts from None, which is nothing."""
        return None

    def written(self, spec: S, marks: Marks, kept: Json) -> Json:  # noqa: ARG002
        """The answer that marks this, with what was kept of all answers."""
        return self.marked(spec, marks)

    def decided(self, spec: S, chances: Mapping[int, Sequence[float]]) -> Marks:  # noqa: ARG002
        """What is marked, by how probable each class of each part is: the likeliest, of equals the first."""
        best = {part: max(range(len(each)), key=lambda at: round(each[at], DECIMALS)) for part, each in chances.items()}
        return {part: best[part] for part in sorted(best) if best[part]}

    def sure(self, chances: Mapping[int, Sequence[float]], marks: Marks) -> float:
        """How sure a label is that marks this, 0..1: the chance that all of it is right."""
        return math.prod(each[marks.get(part, 0)] for part, each in chances.items())

    def right(self, gold: Json, label: Json) -> float:
        """How right a label is beside a gold's answer, 0..1, where `sure` says how right it is likely to be."""
        return float(gold == label)

    def of_each(self, spec: S, accuracy: float) -> float:
        """How often a worker of that accuracy is right about one part: as often as a guess where they guess."""
        chance, classes = self.chance(spec), self.classes(spec)
        lead = min(1.0, max(_LEAST_LEAD, (accuracy - chance) / (1 - chance)))
        return min(0.99, (1 + lead * (classes - 1)) / classes)

    def accuracy(self, spec: S, of_each: float) -> float:
        """The accuracy of a worker who is so often right about one part, each class weighing alike."""
        chance, classes = self.chance(spec), self.classes(spec)
        return chance + (1 - chance) * max(0.0, (of_each * classes - 1) / (classes - 1))

    def add(self, spec: S, evidence: Json, said: Json, accuracy: float) -> Json:
        """See Kind. Of each part, its class becomes likelier by the one-coin model of Dawid and Skene (1979)."""
        classes, rightly = self.classes(spec), self.of_each(spec, accuracy)
        more = round(math.log(rightly * (classes - 1) / (1 - rightly)), DECIMALS)
        before = evidence or {"votes": 0, "rest": 0.0, "parts": {}}
        marks = self.marks(spec, said)
        new = [[before["votes"], before["rest"]]] + [[0, 0.0]] * (classes - 1)
        parts = {**{str(part): new for part in marks}, **before["parts"]}
        kept = self.keep(spec, before.get("kept"), said)
        return {
            **before,
            **({} if kept is None else {"kept": kept}),
            "votes": before["votes"] + 1,
            "rest": round(before["rest"] + more, DECIMALS),
            "parts": {part: _said(each, marks.get(int(part), 0), more) for part, each in sorted(parts.items())},
        }

    def consensus(self, spec: S, evidence: Json, likeness: float = 0.0) -> Consensus:
        """Each part by itself. The confidence is as `sure` has it; a fit puts it right by golds."""
        if not evidence:
            return Consensus(None, 0.0, 0)
        chances = self._chances(spec, evidence, 1 + likeness * (evidence["votes"] - 1))
        marks = self.decided(spec, chances)
        sure = self.sure(chances, marks)
        if "line" in evidence:
            sure = on_line(sure, *evidence["line"])
        return Consensus(self.written(spec, marks, evidence.get("kept")), sure, evidence["votes"])

    def _chances(self, spec: S, evidence: Json, heat: float) -> dict[int, list[float]]:
        """How probable each class of each part is: of those that anybody marked, or of all where they are known.

        Where it is not known how many there are, those that nobody marked count as one, so that an answer that marks
        nothing is no surer than any other.
        """
        many = self.many(spec)
        found = {int(part): shares([odds / heat for _, odds in each]) for part, each in evidence["parts"].items()}
        rest = shares([evidence["rest"] / heat] + [0.0] * (self.classes(spec) - 1))
        return {**dict.fromkeys((_OTHERS,) if many is None else range(many), rest), **found}

    def fit(self, spec: S, table: AnswerTable) -> Fit:
        """Each part of each task as a task by itself; see `crowd.kinds.partedfit`."""
        from crowd.kinds import partedfit  # NumPy, which only a fit needs

        return partedfit.fit(self, spec, table)


def _said(each: list[list[float]], said: int, more: float) -> list[list[float]]:
    return [
        [votes + (place == said), round(odds + (more if place == said else 0.0), DECIMALS)]
        for place, (votes, odds) in enumerate(each)
    ]
