"""choice: pick one of a few options."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from crowd.kinds.base import AnswerError, Difference, Json
from crowd.kinds.differences import nominal, ordinal
from crowd.kinds.item import Item, OfItem
from crowd.kinds.options import LEAST_OPTIONS, OptionsSpec
from crowd.kinds.picked import PickedKind
from crowd.kinds.scale import Scale, scale_of
from crowd.sentences import SentenceError, say


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


class Choice(OfItem[ChoiceSpec], PickedKind[ChoiceSpec, Item]):
    """Pick one of 2 to 20 options."""

    name = "choice"
    called = say("choice")
    takes_s = 6
    spec = ChoiceSpec

    def read_gold(self, spec: ChoiceSpec, payload: Item, cell: str) -> Json:  # noqa: ARG002
        """See Kind."""
        return spec.checked(cell)

    def possible(self, spec: ChoiceSpec) -> tuple[str, ...]:
        """The options."""
        return spec.values

    def scale(self, spec: ChoiceSpec) -> Scale | None:
        """See ChoiceSpec."""
        return spec.scale

    def read_answer(self, spec: ChoiceSpec, payload: Item, said: Json) -> Json:  # noqa: ARG002
        """`said` is the number of an option, from 0."""
        if not isinstance(said, int) or not 0 <= said < len(spec.options):
            raise AnswerError(self.name, "no_such_option")
        return spec.options[said].value

    def difference(self, spec: ChoiceSpec, counts: Sequence[tuple[Json, int]]) -> Difference:
        """Options are names, one or another, or ranks."""
        return ordinal(spec.values, counts) if spec.ordered else nominal


KIND = Choice()
