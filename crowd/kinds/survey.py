"""survey: a few questions about one item, one after the other, sent together."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from crowd.batches.spec import BatchSpec
from crowd.kinds import filled, sheet
from crowd.kinds.base import AnswerError, Consensus, Difference, ItemError, Json, Part, SteppedKind, Takes
from crowd.kinds.filled import Filled, State
from crowd.kinds.grades import Steps
from crowd.kinds.item import LONGEST_TEXT, Item, OfItem
from crowd.kinds.questions import Asked, Question, asked, checked
from crowd.kinds.rating import RatingSpec
from crowd.lengths import chat_length
from crowd.sentences import SentenceError, say

MOST_QUESTIONS = 12

_AROUND = 450
"""Characters that stand around an item and a question: how far one is, what to do, what was said, what was earned."""

_MESSAGE, _CAPTION = 4096, 1024

_LEAD = 0.01
"""Nobody counts as less than that above a blind guess: an answer never counts against its own label."""


class SurveySpec(BatchSpec):
    """A batch of surveys."""

    kind: Literal["survey"]
    questions: tuple[Question, ...] = Field(
        min_length=1, max_length=MOST_QUESTIONS, description="the questions, in the order in which they are put"
    )

    @field_validator("questions")
    @classmethod
    def _told_apart(cls, questions: tuple[Question, ...]) -> tuple[Question, ...]:
        names = [question.name.casefold() for question in questions]
        twice = next((question.name for question in questions if names.count(question.name.casefold()) > 1), None)
        if twice is not None:
            raise SentenceError(say("two questions are called “{name}”", name=twice))
        if all(question.optional for question in questions):
            raise SentenceError(say("all are optional: one at least must be answered"))
        return questions

    @field_validator("questions")
    @classmethod
    def _each_by_its_kind(cls, questions: tuple[Question, ...], info: ValidationInfo) -> tuple[Question, ...]:
        return checked(questions, info.data.get("language", "en"), info.context)

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The questions as their kinds know them."""
        return asked(self.questions, self.language)

    @cached_property
    def widest(self) -> int:
        """Characters of the longest question, with what its kind says of its answers; an emoji counts as two."""
        return max(
            _longest(question.ask) + _longest_ends(each.spec)
            for question, each in zip(self.questions, self.asked, strict=True)
        )


class Survey(OfItem[SurveySpec], SteppedKind[SurveySpec, Item]):
    """Answer 1 to 12 questions of other kinds. An answer is {name: answer}, without the questions that were left out.

    Labels are those of the questions, each by itself, as its own kind adds answers up. What others say is not held
    against anybody, and no fit learns of workers from it: surveys often ask for opinions, and who differs is not
    careless. So workers weigh by golds alone, where there are any.
    """

    name = "survey"
    called = say("survey")
    takes_s = 90
    spec = SurveySpec

    def read_item(self, spec: SurveySpec, cells: Mapping[str, str]) -> Json:
        """See Kind. It must leave room for the longest question."""
        stored = super().read_item(spec, cells)
        message = _CAPTION if "picture" in stored or "sound" in stored else _MESSAGE
        room = max(0, min(LONGEST_TEXT, message - _AROUND - spec.widest))
        if (length := chat_length(stored.get("text", ""))) > room:
            what = say("has {length} characters; with the longest question {most} have room", length=length, most=room)
            raise ItemError("text", what)
        return stored

    def read_gold(self, spec: SurveySpec, payload: Item, cell: str) -> Json:
        """The right answers to some of the questions; see `crowd.kinds.sheet`."""
        return sheet.read(spec.asked, payload, cell)

    def begin(self, spec: SurveySpec, payload: Item) -> Json:  # noqa: ARG002
        """Nothing is answered. A draft is that of `crowd.kinds.filled`."""
        return filled.empty(spec.asked).stored

    def step(self, spec: SurveySpec, payload: Item, draft: Json, said: Json) -> Json:
        """`said` names the question, so that a late tap is no other's: [verb, number from 0, …], or is a text.

        ["go", number]: look at that question, beyond the last one at all answers. ["leave", number]: leave it out.
        ["answer", number, kind, what `read_answer` of its kind takes]; ["step", number, kind, what `step` takes], and
        ["done", number, `filled.seen` of what stood on the screen]. A text answers the question that is looked at.
        """
        return filled.stepped(self.name, spec.asked, payload, Filled.of(draft), said).stored

    def takes(self, spec: SurveySpec, payload: Item, draft: Json) -> Takes | None:
        """What the question takes that is looked at."""
        return filled.takes(spec.asked, Filled.of(draft), payload)

    def read_answer(self, spec: SurveySpec, payload: Item, said: Json) -> Json:
        """`said` is a draft."""
        parts = Filled.of(said).parts
        for number, part in enumerate(parts, 1):
            if part.state is State.OPEN:
                raise AnswerError(self.name, "unanswered", number=number)
        return {
            question.name: part.answer(question, payload)
            for question, part in zip(spec.asked, parts, strict=True)
            if part.state is State.GIVEN
        }

    def verdict(self, spec: SurveySpec, right: Json, said: Json) -> float:
        """See `crowd.kinds.sheet`."""
        return sheet.verdict(spec.asked, right, said)

    def steps(self, spec: SurveySpec) -> Steps:  # noqa: ARG002
        """Of all questions together."""
        return Steps(0.5, 0.9)

    def telling(self, spec: SurveySpec, right: Json, said: Json) -> float:
        """See `crowd.kinds.sheet`."""
        return sheet.telling(spec.asked, right, said)

    def blindly(self, spec: SurveySpec, said: Json) -> float:
        """See `crowd.kinds.sheet`."""
        return sheet.blindly(spec.asked, said)

    def chance(self, spec: SurveySpec) -> float:
        """See `crowd.kinds.sheet`."""
        return sheet.chance(spec.asked)

    def difference(self, spec: SurveySpec, counts: Sequence[tuple[Json, int]]) -> Difference:
        """See `crowd.kinds.sheet`: alpha is the mean of the questions' alphas."""
        return sheet.difference(spec.asked, counts)

    def figures(self, spec: SurveySpec, split: Sequence[tuple[Json, int]]) -> Mapping[str, float | None]:
        """Those of each question, with its name after theirs: `mean_price`."""
        return {
            f"{figure}_{question.name}": value
            for question in spec.asked
            for figure, value in question.kind.figures(question.spec, sheet.split_of(question.name, split)).items()
        }

    def parts(
        self, spec: SurveySpec, label: Json, split: Sequence[tuple[Json, int]], evidence: Json, likeness: float = 0.0
    ) -> Mapping[str, Part]:
        """The questions."""
        summed = self._of_each(spec, evidence, likeness)
        return {
            question.name: Part(
                label=(told := (label or {}).get(question.name)),
                confidence=found.confidence if told is not None and told == found.label else None,
                split=tuple(sheet.split_of(question.name, split)),
            )
            for question, found in zip(spec.asked, summed, strict=True)
        }

    def add(self, spec: SurveySpec, evidence: Json, said: Json, accuracy: float) -> Json:
        """{votes, each}: how many answers there are, and by name the evidence of each question, as its kind has it.

        A worker's lead over a blind guess is taken to be the same in each question.
        """
        before = evidence or {"votes": 0, "each": {}}
        blind = self.chance(spec)
        lead = (accuracy - blind) / (1 - blind)
        each = {
            question.name: question.kind.add(
                question.spec, before["each"].get(question.name), said[question.name], _accuracy(question, lead)
            )
            for question in spec.asked
            if question.name in said
        }
        return {"votes": before["votes"] + 1, "each": {**before["each"], **each}}

    def consensus(self, spec: SurveySpec, evidence: Json, likeness: float = 0.0) -> Consensus:
        """The label of each question that anybody answered. The confidence is that of the least sure of them.

        All labels are right together at most as often as the least sure one is; their product would be right if
        questions went wrong independently of each other, but fall with each question that is asked, and never be sure.
        And this is what a requester looks for who asks for more answers: no label of a question is less sure.
        """
        if not evidence:
            return Consensus(None, 0.0, 0)
        found = {
            question.name: each
            for question, each in zip(spec.asked, self._of_each(spec, evidence, likeness), strict=True)
            if each.votes
        }
        label = {name: each.label for name, each in found.items()}
        return Consensus(label, min((each.confidence for each in found.values()), default=0.0), evidence["votes"])

    def _of_each(self, spec: SurveySpec, evidence: Json, likeness: float) -> list[Consensus]:
        each = evidence["each"] if evidence else {}
        return [question.kind.consensus(question.spec, each.get(question.name), likeness) for question in spec.asked]


def _accuracy(question: Asked, lead: float) -> float:
    blind = question.kind.chance(question.spec)
    return min(0.99, max(blind + _LEAD, blind + (1 - blind) * lead))


def _longest(words: Mapping[str, str]) -> int:
    """Of what phones in different locales show, the longest."""
    return max(chat_length(text) for text in words.values())


def _longest_ends(spec: BatchSpec) -> int:
    return _longest(spec.ends.low) + _longest(spec.ends.high) if isinstance(spec, RatingSpec) else 0


KIND = Survey()
