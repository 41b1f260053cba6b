"""Questions of a survey: each is a task of another kind, put to the worker beside others, about the same item."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, InitErrorDetails

from crowd.batches.spec import BatchSpec, Locale, Words
from crowd.kinds import choice, choices, rating, text
from crowd.kinds.base import Json, Kind
from crowd.kinds.item import Item
from crowd.sentences import Sentence, SentenceError, say

KINDS: Mapping[str, Kind[Any, Item]] = {kind.name: kind for kind in (choice.KIND, choices.KIND, rating.KIND, text.KIND)}
"""The kinds that a question may be of: their items are a text, a picture or a sound, and they need nothing else."""

LONGEST_ASK = 200

_STANDS_IN = {"name": "-", "items": "-", "currency": "USD", "price": "1", "instructions": {"en": "-"}}
"""What every batch has, and a question has of its survey."""


class Question(BaseModel):
    """One question. Beside what stands here it has the fields of its kind, which that kind's own model checks."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = Field(
        pattern=r"^[A-Za-z][A-Za-z0-9_]*$",
        max_length=40,
        description="one word of the letters a to z, digits and underscores: what results call it",
    )
    kind: Literal["choice", "choices", "rating", "text"] = Field(description="one of choice, choices, rating, text")
    ask: dict[Locale, Annotated[Words, Field(max_length=LONGEST_ASK)]] = Field(
        min_length=1, description="the question, per locale"
    )
    optional: bool = Field(default=False, description="whether it may be left out")

    @property
    def own(self) -> dict[str, Json]:
        """The fields of its kind, as they were written."""
        return self.model_extra or {}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """One form for each kind, so that editors know the fields of each."""
        shared = handler.resolve_ref_schema(handler(schema))
        forms = []
        for name, kind in KINDS.items():
            model = handler.resolve_ref_schema(handler(kind.spec.__pydantic_core_schema__))
            own = own_fields(kind.spec)
            fields = {each: about for each, about in model["properties"].items() if each in own}
            needed = [each for each in model["required"] if each in own]
            forms.append(
                {
                    "type": "object",
                    "properties": {**shared["properties"], "kind": {"const": name}, **fields},
                    "required": [*shared["required"], *needed],
                    "additionalProperties": False,
                }
            )
        return {"oneOf": forms}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as its kind knows it."""

    name: str
    kind: Kind[Any, Item]
    spec: BatchSpec
    optional: bool


def asked(questions: Iterable[Question], language: str) -> tuple[Asked, ...]:
    """Questions that were checked when they were posted."""
    return tuple(Asked(each.name, KINDS[each.kind], _spec(each, language, None), each.optional) for each in questions)


def checked(questions: Sequence[Question], language: str, context: Any) -> tuple[Question, ...]:
    """The questions with the fields of their kinds in one form. Raises ValidationError, which names the question."""
    found, wrong = [], list[InitErrorDetails]()
    for place, question in enumerate(questions):
        try:
            spec = _spec(question, language, context)
        except ValidationError as failure:
            wrong += (_of_question(place, question, detail) for detail in failure.errors(include_url=False))
            continue
        own = spec.model_dump(mode="json", include=own_fields(type(spec)), exclude_unset=True)
        shared = question.model_dump(include=set(Question.model_fields))
        found.append(Question.model_validate({**shared, **own}))
    if wrong:
        raise ValidationError.from_exception_data("questions", wrong)
    return tuple(found)


def own_fields(model: type[BatchSpec]) -> set[str]:
    """The fields that a kind has beyond those of every batch."""
    return model.model_fields.keys() - BatchSpec.model_fields.keys()


def _spec(question: Question, language: str, context: Any) -> BatchSpec:
    """A batch of the question alone; what is none of its kind's fields goes under a name that no batch has."""
    shared = BatchSpec.model_fields.keys()
    own = {f"{name} " if name in shared else name: value for name, value in question.own.items()}
    said = {**_STANDS_IN, "kind": question.kind, "language": language, **own}
    spec: BatchSpec = KINDS[question.kind].spec.model_validate(said, context=context)
    return spec


def _of_question(place: int, question: Question, detail: ErrorDetails) -> InitErrorDetails:
    """The same error, of that question among all."""
    loc = tuple(step.strip() if isinstance(step, str) else step for step in detail["loc"])
    problem = _problem(question, loc, detail)
    what = say("in the question “{question}”: {problem}", question=question.name, problem=problem)
    return InitErrorDetails(
        type="value_error", loc=(place, *loc), input=detail["input"], ctx={"error": SentenceError(what)}
    )


def _problem(question: Question, loc: tuple[int | str, ...], detail: ErrorDetails) -> Sentence:
    from crowd.batchfile.plainly import plainly  # where batch files are checked, that is loaded
    from crowd.batchfile.problem import near, shown

    name = ".".join(map(str, loc))
    if detail["type"] == "missing":
        return say("{name} is missing", name=shown(name))
    if detail["type"] != "extra_forbidden":
        return plainly(detail)
    what = say("{name} is not known", name=shown(name))
    meant = near(name, [*Question.model_fields, *own_fields(KINDS[question.kind].spec)])
    return say("{problem}; did you mean {meant}?", problem=what, meant=shown(meant)) if meant else what
