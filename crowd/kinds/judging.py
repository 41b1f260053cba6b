"""Answers that others judge, since each is new: recordings, pictures, essays."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from crowd.batches.spec import BatchSpec, Instructions, Locale, Overlap, Title
from crowd.kinds.base import Consensus, ItemError, Json, Kind, Takes
from crowd.kinds.item import Item, read_words
from crowd.sentences import SentenceError, say

GOOD = "good"
"""What judges say of an answer that is as it should be."""

Entry = list[Json]
"""Of the evidence: an answer, its author's accuracy, what judges said of it, if anything, and how sure that is."""


class Judging(BaseModel):
    """How others judge the answers of a batch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    price: Decimal = Field(gt=0, le=10_000, decimal_places=6, description="for judging one answer")
    title: dict[Locale, Title] = Field(default_factory=dict, description="what judges see as its name, per locale")
    instructions: dict[Locale, Instructions] = Field(min_length=1, description="what judges look for, per locale")
    overlap: Overlap = Field(default=Overlap(least=2, most=3), description="how many judges an answer gets")
    redo: bool = Field(
        default=True,
        description="whether a rejected answer goes back to its worker once, to be mended and judged again",
    )


class JudgedSpec(BatchSpec):
    """A batch whose answers others judge, where it says so."""

    judging: Judging | None = Field(
        default=None, description="how others judge the answers; without it, they are taken as they come"
    )

    @field_validator("judging")
    @classmethod
    def _without_a_budget(cls, judging: Judging | None, info: ValidationInfo) -> Judging | None:
        if judging is not None and info.data.get("budget") is not None:
            raise SentenceError(say("cannot stand beside {other}: choose one of the two", other="budget"))
        return judging


class BroughtSpec(JudgedSpec):
    """A batch of things to be brought, of which one is enough."""

    overlap: Overlap = Field(default=Overlap(least=1, most=3))


S = TypeVar("S", bound=JudgedSpec)
B = TypeVar("B", bound=BroughtSpec)
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer, and what others said of it."""

    answer: Json
    accuracy: float
    """Of who gave it, 0..1."""
    word: str | None
    """None: nothing yet, or nothing that tells."""
    sure: float
    """How sure that is, 0..1."""

    @property
    def stands(self) -> bool:
        """It was not rejected."""
        return self.word in {None, GOOD}


class JudgedKind(Kind[S, P]):
    """A kind whose answers are judged by others, if the batch says so.

    An answer counts until judges reject it; then somebody else is asked, until the task has had its most answers.
    """

    brings: ClassVar[Takes] = Takes.TEXT
    """What the answers are."""

    @abstractmethod
    def judged_item(self, spec: S, payload: P, answer: Json) -> Json:
        """The payload of the task in which others judge an answer; see `crowd.kinds.judge`."""

    def standing(self, spec: S, judged: Sequence[Judged]) -> Json:
        """The evidence of a task, made anew of all its answers: of those that were not rejected."""
        evidence: Json = None
        for each in judged:
            if each.stands:
                evidence = self.add(spec, evidence, each.answer, each.accuracy)
        return evidence


class BroughtKind(JudgedKind[B, Item]):
    """A kind whose answers are new each time: recordings, pictures. No gold can be held against them.

    Items say in words what is to be brought; answers are objects that have `parts_of`.

    The label is the answer that judges are surest of, of those they found good, or else of those they have not seen.
    """

    has_golds = False

    parts_of: ClassVar[tuple[str, ...]]
    """What an answer says, by name."""

    def read_item(self, spec: B, cells: Mapping[str, str]) -> Json:  # noqa: ARG002
        """See Kind."""
        return read_words(cells)

    def payload(self, stored: Json) -> Item:
        """See Kind."""
        return Item.of(stored)

    def takes(self, spec: B, payload: Item, draft: Json) -> Takes:  # noqa: ARG002
        """What is brought."""
        return self.brings

    def read_gold(self, spec: B, payload: Item, cell: str) -> Json:  # noqa: ARG002
        """What a person decides must be one of the answers, as exports have them."""
        try:
            found = orjson.loads(cell)
            return {name: found[name] for name in self.parts_of}
        except (orjson.JSONDecodeError, KeyError, TypeError):
            from crowd.batchfile.problem import shown  # where golds are read, that is loaded

            what = say("is {value}, which is no answer as results have them", value=shown(cell))
            raise ItemError("gold", what) from None

    def verdict(self, spec: B, right: Json, said: Json) -> float:  # noqa: ARG002
        """One answer is as good as another only if it is the same."""
        return float(right == said)

    def chance(self, spec: B) -> float:  # noqa: ARG002
        """Nobody guesses it."""
        return 0.0

    def add(self, spec: B, evidence: Json, said: Json, accuracy: float) -> Json:  # noqa: ARG002
        """See `Entry`."""
        return _entries([*(evidence or []), [said, round(accuracy, 6), None, 0.0]])

    def standing(self, spec: B, judged: Sequence[Judged]) -> Json:  # noqa: ARG002
        """With what judges said of those they found good."""
        return _entries(
            [[each.answer, round(each.accuracy, 6), each.word, each.sure] for each in judged if each.stands]
        )

    def consensus(self, spec: B, evidence: Json, likeness: float = 0.0) -> Consensus:  # noqa: ARG002
        """See the class. Before judges spoke, the confidence is how often its author was right so far."""
        if not evidence:
            return Consensus(None, 0.0, 0)
        best = max(evidence, key=lambda entry: (entry[2] == GOOD, entry[3], entry[1], repr(entry)))
        said, accuracy, word, sure = best
        return Consensus(said, sure if word == GOOD else accuracy, len(evidence), enough=True)


def _entries(entries: list[Entry]) -> Json:
    """In an order that is the same in whichever they came; None of none."""
    return sorted(entries, key=repr) or None
