"""choices: tick all options that hold, of a few."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson
from pydantic import Field, ValidationInfo, field_validator

from crowd.kinds import sets
from crowd.kinds.base import AnswerError, Difference, ItemError, Json, SteppedKind
from crowd.kinds.grades import Steps
from crowd.kinds.item import Item, OfItem
from crowd.kinds.options import OptionsSpec
from crowd.kinds.parted import DECIMALS, Marks, PartedKind
from crowd.kinds.sets import jaccard
from crowd.sentences import SentenceError, say

PARTED = "|"
"""Between the options of one cell."""


class ChoicesSpec(OptionsSpec):
    """A batch of tasks of which several options may hold."""

    kind: Literal["choices"]
    fewest: int = Field(default=0, ge=0, le=20, description="so many options an answer has at least")
    most: int | None = Field(default=None, ge=2, le=20, description="so many options an answer has at most")

    @field_validator("fewest")
    @classmethod
    def _there_are_so_many(cls, fewest: int, info: ValidationInfo) -> int:
        there_are = len(info.data.get("options", ()))
        if there_are and fewest >= there_are:
            raise SentenceError(say("must be less than the number of options ({options})", options=there_are))
        return fewest

    @field_validator("most")
    @classmethod
    def _in_order(cls, most: int | None, info: ValidationInfo) -> int | None:
        least = info.data.get("fewest", 0)
        if most is not None and most < least:
            what = say("{most} must not be smaller than {name} ({least})", most=most, name="fewest", least=least)
            raise SentenceError(what)
        return most

    @field_validator("options")
    @classmethod
    def _can_be_parted(cls, options: tuple[Any, ...]) -> tuple[Any, ...]:
        for option in options:
            if PARTED in option.value or option.value.startswith("["):
                what = say(
                    "the value “{value}” cannot stand in a list: it has a {sign}, or begins with a bracket",
                    value=option.value,
                    sign=PARTED,
                )
                raise SentenceError(what)
        return options

    @property
    def sizes(self) -> range:
        """How many options an answer can have."""
        return range(self.fewest, min(self.most or len(self.options), len(self.options)) + 1)


class Choices(OfItem[ChoicesSpec], SteppedKind[ChoicesSpec, Item], PartedKind[ChoicesSpec, Item]):
    """Tick those of 2 to 20 options that hold. An answer is the list of their values, in the batch's order."""

    name = "choices"
    called = say("choices")
    takes_s = 10
    spec = ChoicesSpec

    def read_gold(self, spec: ChoicesSpec, payload: Item, cell: str) -> Json:  # noqa: ARG002
        """`a | b`, or a JSON list; `[]` where none holds."""
        values = [spec.checked(value) for value in _values(cell)]
        if len(set(values)) not in spec.sizes:
            what = say(
                "has {number} options; answers have {fewest} to {most}",
                number=len(set(values)),
                fewest=spec.sizes[0],
                most=spec.sizes[-1],
            )
            raise ItemError("gold", what)
        return _in_order(spec, values)

    def begin(self, spec: ChoicesSpec, payload: Item) -> Json:  # noqa: ARG002
        """No option is ticked. A draft is the list of the numbers of options, from 0."""
        return []

    def step(self, spec: ChoicesSpec, payload: Item, draft: Json, said: Json) -> Json:  # noqa: ARG002
        """`said` is [number, whether it is to be ticked]."""
        number, ticked = said
        if not 0 <= number < len(spec.options):
            raise AnswerError(self.name, "no_such_option")
        if ticked and number not in draft and len(draft) >= spec.sizes[-1]:
            raise AnswerError(self.name, "too_many", most=spec.sizes[-1])
        return sets.ticked(draft, number, ticked)

    def read_answer(self, spec: ChoicesSpec, payload: Item, said: Json) -> Json:  # noqa: ARG002
        """`said` is a draft."""
        if len(said) < spec.fewest:
            raise AnswerError(self.name, "too_few", least=spec.fewest)
        return [spec.options[number].value for number in said]

    def verdict(self, spec: ChoicesSpec, right: Json, said: Json) -> float:  # noqa: ARG002
        """How much the two sets have in common of what they have together (Jaccard); 1 where both are empty."""
        return sets.alike(jaccard, right, said)

    def steps(self, spec: ChoicesSpec) -> Steps:  # noqa: ARG002
        """Half from two of four that are in either, all from four of five."""
        return Steps(0.5, 0.8)

    def telling(self, spec: ChoicesSpec, right: Json, said: Json) -> float:
        """See `crowd.kinds.sets`."""
        return sets.telling(len(spec.options), right, said)

    def blindly(self, spec: ChoicesSpec, said: Json) -> float:
        """See `crowd.kinds.sets`."""
        return sets.blindly(len(spec.options), spec.sizes, said)

    def chance(self, spec: ChoicesSpec) -> float:
        """See `crowd.kinds.sets`."""
        return sets.chance(len(spec.options), spec.sizes[0], spec.sizes[-1], jaccard)

    def difference(self, spec: ChoicesSpec, counts: Sequence[tuple[Json, int]]) -> Difference:  # noqa: ARG002
        """What the two sets do not have in common, of what they have together (Jaccard's distance, a metric)."""
        return lambda one, other: 1 - sets.alike(jaccard, one, other)

    def classes(self, spec: ChoicesSpec) -> int:  # noqa: ARG002
        """An option holds or not."""
        return 2

    def many(self, spec: ChoicesSpec) -> int:
        """The options."""
        return len(spec.options)

    def marks(self, spec: ChoicesSpec, said: Json) -> Marks:
        """See PartedKind."""
        return {spec.values.index(value): 1 for value in said}

    def marked(self, spec: ChoicesSpec, marks: Marks) -> Json:
        """See PartedKind."""
        return [spec.values[number] for number in sorted(marks)]

    def decided(self, spec: ChoicesSpec, chances: Mapping[int, Sequence[float]]) -> Marks:
        """The options that more likely hold than not, as many as an answer may have."""
        ranked = sorted(chances, key=lambda at: (-round(chances[at][1], DECIMALS), at))
        hold = sum(round(chances[at][1], DECIMALS) > 0.5 for at in ranked)
        return dict.fromkeys(ranked[: min(spec.sizes[-1], max(spec.sizes[0], hold))], 1)


def _values(cell: str) -> list[str]:
    if not cell.startswith("["):
        return [value for each in cell.split(PARTED) if (value := each.strip())]
    try:
        listed = orjson.loads(cell)
    except orjson.JSONDecodeError:
        listed = None
    if not isinstance(listed, list) or not all(isinstance(value, str) for value in listed):
        raise ItemError("gold", say("begins with a bracket and is no JSON list of texts"))
    return listed


def _in_order(spec: ChoicesSpec, values: Sequence[str]) -> list[str]:
    return [value for value in spec.values if value in values]


KIND = Choices()
