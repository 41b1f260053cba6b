"""compare: of two answers to the same thing, which is better, and by how much."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from crowd.kinds.aside import scale_and_aside
from crowd.kinds.base import Difference, Json
from crowd.kinds.differences import nominal, ordinal
from crowd.kinds.pair import PairKind, PairSpec, Side
from crowd.kinds.scale import Scale, scale_of
from crowd.sentences import say

MORE = "+"
"""After a side, so many of them say by how much it is better, where a batch asks for that."""

_NAMES = 2  # of two answers none lies between: they are no scale


class CompareSpec(PairSpec):
    """A batch of comparisons."""

    kind: Literal["compare"]
    degrees: int = Field(default=1, ge=1, le=3, description="how many degrees of “better” there are to choose from")

    def better(self, side: Side) -> tuple[str, ...]:
        """See PairSpec."""
        return (side,) if self.degrees == 1 else tuple(side + MORE * much for much in range(1, self.degrees + 1))

    @property
    def scale(self) -> Scale | None:
        """The scale from one side to the other; None where an answer is one side or the other."""
        if len(self.steps) == _NAMES:
            return None
        return scale_and_aside(len(self.steps)) if self.both_bad else scale_of(len(self.steps))


class Compare(PairKind[CompareSpec]):
    """Say which of two is better. An answer is as in PairKind; `a+`, `a++` where there are degrees."""

    name = "compare"
    called = say("comparison")
    takes_s = 20
    spec = CompareSpec

    def scale(self, spec: CompareSpec) -> Scale | None:
        """See CompareSpec."""
        return spec.scale

    def difference(self, spec: CompareSpec, counts: Sequence[tuple[Json, int]]) -> Difference:
        """Ranks from one side to the other, “both are bad” apart from all; where there are two sides only, names."""
        return nominal if spec.scale is None else ordinal(spec.steps, counts)


KIND = Compare()
