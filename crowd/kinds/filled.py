"""A survey that is being filled in: which of its questions have an answer, and which one is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from hashlib import sha256
from typing import Any

import orjson

from crowd.kinds.base import AnswerError, Json, SteppedKind, Takes
from crowd.kinds.item import Item
from crowd.kinds.questions import Asked


class State(IntEnum):
    """How far a question is."""

    OPEN = 0
    GIVEN = 1
    LEFT_OUT = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One question. `said` is its answer; in a kind that goes step by step, its draft, whatever the state."""

    state: State = State.OPEN
    said: Json = None

    def draft(self, question: Asked, item: Item) -> Json:
        """What its kind takes for a draft; None in kinds that know no steps."""
        if not isinstance(question.kind, SteppedKind):
            return None
        return question.kind.begin(question.spec, item) if self.said is None else self.said

    def answer(self, question: Asked, item: Item) -> Json:
        """Of one that is given, the answer. Raises AnswerError where its draft is none."""
        if not isinstance(question.kind, SteppedKind):
            return self.said
        return question.kind.read_answer(question.spec, item, self.draft(question, item))


@dataclass(frozen=True, slots=True)
class Filled:
    """All of it. `at` is the question that is looked at; the number of questions where all answers are."""

    at: int
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, draft: Json) -> "Filled":
        """From a draft that is stored: a list, since the database keeps no order of names."""
        at, parts = draft
        return cls(at, tuple(Part(State(state), said) for state, said in parts))

    @property
    def stored(self) -> Json:
        """As a draft."""
        return [self.at, [[int(part.state), part.said] for part in self.parts]]

    @property
    def first_open(self) -> int:
        """The first question that has no answer; the number of questions where none is left."""
        return next((place for place, part in enumerate(self.parts) if part.state is State.OPEN), len(self.parts))

    def go(self, number: int) -> "Filled":
        """Look at another question, at most the first that is open; beyond the last one, at all answers."""
        return replace(self, at=max(0, min(number, self.first_open)))

    def put(self, number: int, part: Part, *, onward: bool) -> "Filled":
        """With that of a question. `onward` leads on to the first open one if that question is looked at.

        Who taps on an old screen stays where they are, unless a question before it has become open.
        """
        parts = (*self.parts[:number], part, *self.parts[number + 1 :])
        changed = replace(self, parts=parts)
        return changed.go(changed.first_open if onward and self.at == number else self.at)


def empty(questions: Sequence[Asked]) -> Filled:
    """Nothing is answered, and the first question looked at."""
    return Filled(0, (Part(),) * len(questions))


def seen(draft: Json) -> str:
    """By which a button knows what of a question stands above it."""
    return sha256(orjson.dumps(draft, option=orjson.OPT_SORT_KEYS)).hexdigest()[:8]


def takes(questions: Sequence[Asked], filled: Filled, item: Item) -> Takes | None:
    """What message answers the question that is looked at, if any."""
    if filled.at >= len(questions):
        return None
    question = questions[filled.at]
    return question.kind.takes(question.spec, item, filled.parts[filled.at].draft(question, item))


def stepped(name: str, questions: Sequence[Asked], item: Item, filled: Filled, said: Json) -> Filled:
    """One step further; `said` as `crowd.kinds.survey` has it. Raises AnswerError."""
    if not isinstance(said, list):
        if takes(questions, filled, item) is None:
            raise AnswerError(name, "no_such_step")
        return _answered(questions[filled.at], item, filled, filled.at, said)
    verb, number, *rest = said
    if verb == "go":
        return filled.go(number)
    if not 0 <= number < len(questions):
        raise AnswerError(name, "no_such_step")
    question = questions[number]
    if verb == "leave" and question.optional:
        return filled.put(number, Part(State.LEFT_OUT), onward=True)
    if verb == "done" and isinstance(question.kind, SteppedKind):
        return _done(name, question, item, filled, number, *rest)
    if verb in {"answer", "step"} and rest[0] == question.kind.name:
        if verb == "step" and isinstance(question.kind, SteppedKind):
            return _changed(question.kind, question, item, filled, number, rest[1])
        if verb == "answer" and not isinstance(question.kind, SteppedKind):
            return _answered(question, item, filled, number, rest[1])
    raise AnswerError(name, "no_such_step")


def _answered(question: Asked, item: Item, filled: Filled, number: int, said: Json) -> Filled:
    answer = question.kind.read_answer(question.spec, item, said)
    return filled.put(number, Part(State.GIVEN, answer), onward=True)


def _changed(
    kind: SteppedKind[Any, Item],
    question: Asked,
    item: Item,
    filled: Filled,
    number: int,
    said: Json,
) -> Filled:
    """A step within a question. One that is given stays so while its draft is an answer."""
    part = filled.parts[number]
    before = part.draft(question, item)
    draft = kind.step(question.spec, item, before, said)
    if draft == before:
        return filled
    try:
        kind.read_answer(question.spec, item, draft)
    except AnswerError:
        return filled.put(number, Part(State.OPEN, draft), onward=False)
    state = State.GIVEN if part.state is State.GIVEN else State.OPEN
    return filled.put(number, Part(state, draft), onward=False)


def _done(name: str, question: Asked, item: Item, filled: Filled, number: int, told: str) -> Filled:
    """A question that was put together step by step is as it is to be, if that is what stood on the screen."""
    draft = filled.parts[number].draft(question, item)
    if told != seen(draft):
        raise AnswerError(name, "old_screen")
    question.kind.read_answer(question.spec, item, draft)
    return filled.put(number, Part(State.GIVEN, draft), onward=True)
