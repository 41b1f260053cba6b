"""rating: a number of a short scale whose ends are labelled."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from crowd.batches.spec import POSTING, BatchSpec, Locale, Words
from crowd.kinds.base import AnswerError, Difference, ItemError, Json
from crowd.kinds.differences import ordinal
from crowd.kinds.item import Item, OfItem
from crowd.kinds.picked import PickedKind
from crowd.kinds.scale import Scale, most_tolerance, scale_of
from crowd.kinds.written import fold
from crowd.sentences import SentenceError, say

_TRIMMED = 0.2
"""This share of the answers is left out of the mean, of the lowest and of the highest each."""

End = Annotated[
    dict[Locale, Annotated[Words, Field(max_length=100)]],
    Field(min_length=1, description="what this end of the scale means, per locale"),
]


class Ends(BaseModel):
    """What the scale means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: End
    high: End

    @field_validator("high")
    @classmethod
    def _apart(cls, high: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        low = info.data.get("low", {}) if info.context == POSTING else {}
        for locale in sorted(low.keys() & high.keys()):
            if fold(low[locale]) == fold(high[locale]):
                raise SentenceError(say("both ends have the same label “{label}”", label=high[locale]))
        return high


class RatingSpec(BatchSpec):
    """A batch of ratings."""

    kind: Literal["rating"]
    steps: int = Field(default=5, ge=2, le=10, description="how many numbers there are to choose from")
    first: Literal[0, 1] = Field(default=1, description="the lowest of these numbers")
    stars: bool = Field(default=False, description="whether buttons show stars instead of numbers")
    tolerance: int = Field(default=0, ge=0, description="so many steps beside a gold an answer is still right")
    ends: Ends = Field(description="what the lowest and the highest number mean")

    @field_validator("stars")
    @classmethod
    def _from_one(cls, stars: bool, info: ValidationInfo) -> bool:
        if stars and info.data.get("first") == 0:
            raise SentenceError(say("no star cannot be shown: let {name} be 1", name="first"))
        return stars

    @field_validator("tolerance")
    @classmethod
    def _not_everything(cls, tolerance: int, info: ValidationInfo) -> int:
        steps = info.data.get("steps", 0)
        if steps and tolerance > (most := most_tolerance(steps)):
            what = say("of {steps} steps {most} at most: else a guess would mostly be right", steps=steps, most=most)
            raise SentenceError(what)
        return tolerance

    @property
    def numbers(self) -> tuple[int, ...]:
        """The answers, the lowest first."""
        return tuple(range(self.first, self.first + self.steps))


class Rating(OfItem[RatingSpec], PickedKind[RatingSpec, Item]):
    """Give one of 2 to 10 numbers."""

    name = "rating"
    called = say("rating")
    takes_s = 6
    spec = RatingSpec

    def read_gold(self, spec: RatingSpec, payload: Item, cell: str) -> Json:  # noqa: ARG002
        """The number, in any script."""
        number = int(cell) if cell.isdecimal() and len(cell) <= 2 else None
        if number not in spec.numbers:
            from crowd.batchfile.problem import shown  # where golds are read, that is loaded

            low, high = spec.numbers[0], spec.numbers[-1]
            what = say("is {value}, and no number from {low} to {high}", value=shown(cell), low=low, high=high)
            raise ItemError("gold", what)
        return number

    def possible(self, spec: RatingSpec) -> tuple[int, ...]:
        """The numbers."""
        return spec.numbers

    def scale(self, spec: RatingSpec) -> Scale | None:
        """See PickedKind. Of two, none is nearer to the other: they are names."""
        return scale_of(spec.steps, spec.tolerance) if spec.steps > 2 else None

    def read_answer(self, spec: RatingSpec, payload: Item, said: Json) -> Json:  # noqa: ARG002
        """`said` is the number."""
        if not isinstance(said, int) or said not in spec.numbers:
            raise AnswerError(self.name, "no_such_number")
        return said

    def difference(self, spec: RatingSpec, counts: Sequence[tuple[Json, int]]) -> Difference:
        """The numbers are ranks: nobody says that two neighbours are as far apart as two others."""
        return ordinal(spec.numbers, counts)

    def figures(self, spec: RatingSpec, split: Sequence[tuple[Json, int]]) -> Mapping[str, float | None]:  # noqa: ARG002
        """`mean`, the trimmed one, and `spread`, the standard deviation of all answers."""
        return {"mean": trimmed_mean(split), "spread": deviation(split)}


def trimmed_mean(split: Sequence[tuple[float, int]]) -> float | None:
    """The mean without the lowest and the highest fifth of the numbers; None of none.

    `split` has each number, and how often it was given. The trimmed mean of Tukey and McLaughlin (1963), by the fifth
    that Wilcox (2012) advises; where a fifth is no whole number of answers, one counts in part.
    """
    number = sum(times for _, times in split)
    if not number:
        return None
    low, high, before, total = _TRIMMED * number, (1 - _TRIMMED) * number, 0, 0.0
    for value, times in sorted(split):
        total += value * max(0.0, min(high, before + times) - max(low, before))
        before += times
    return total / (high - low)


def deviation(split: Sequence[tuple[float, int]]) -> float | None:
    """The standard deviation of a sample (over n - 1), in steps; None of fewer than two numbers. `split` is as above.

    Nothing is trimmed, since it is to show who differs.
    """
    number = sum(times for _, times in split)
    if number < 2:
        return None
    mean = sum(value * times for value, times in split) / number
    return math.sqrt(math.fsum(times * (value - mean) ** 2 for value, times in split) / (number - 1))


KIND = Rating()
