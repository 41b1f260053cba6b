"""What is known of the languages of a batch's instructions, held against each other. Kept in this form."""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

LESS_RIGHT = 0.08
"""Points of accuracy that matter: with fewer missing, labels need hardly an answer more."""

SLOWER = 1.3
"""Times the others' time: from there on an hour pays a quarter less."""

PASSED_MORE = 2.0
"""Times as often passed over as by others, and MORE_PASSED of the golds met more."""

MORE_PASSED = 0.05

STILL = 0.05
"""A flag stands on as long as chance alone would make so large a difference in fewer cases than this, and …"""

HALF = 0.5
"""… the difference is at least this share of what matters: else it would come and go with each look."""


class Measure(StrEnum):
    """What is held against what others do, on the same golds."""

    ACCURACY = "accuracy"
    """Mean of the verdicts, 0..1."""
    TIME = "time"
    """Of an answer, milliseconds; the geometric mean. Those that came in packs have none."""
    SKIPS = "skips"
    """Share of the golds met that were skipped or reported, 0..1."""


class Found(BaseModel):
    """One measure of those who read one language's instructions, and of all others, on golds that both met."""

    model_config = ConfigDict(frozen=True)

    language: str
    measure: Measure
    workers: int = Field(description="who read the instructions in this language")
    answers: int = Field(description="of theirs; of skips: golds that they met")
    others: int = Field(description="workers who read another language")
    here: float
    elsewhere: float = Field(description="the same of the others")
    p: float = Field(description="how probable so large a difference for the worse is by chance")
    departs: bool = Field(description="it is for the worse, it matters, and it is beyond chance")

    @property
    def stands(self) -> bool:
        """Departing once, it still does."""
        return self.p <= STILL and matters(self.measure, self.here, self.elsewhere, HALF)


class Look(BaseModel):
    """The last look at a batch."""

    model_config = ConfigDict(frozen=True)

    level: float = Field(description="by which this look called a difference beyond chance, all of them together")
    found: tuple[Found, ...]

    def of(self, language: str) -> dict[Measure, Found]:
        """What was found of one language."""
        return {each.measure: each for each in self.found if each.language == language}

    def languages(self) -> tuple[str, ...]:
        """Those that could be compared, in order."""
        return tuple(sorted({each.language for each in self.found}))


def matters(measure: Measure, here: float, elsewhere: float, share: float = 1.0) -> bool:
    """Whether a difference is for the worse, and as large as matters; or at least that share of it."""
    if measure is Measure.ACCURACY:
        return elsewhere - here >= share * LESS_RIGHT - 1e-9
    if measure is Measure.TIME:
        return here >= (1 + share * (SLOWER - 1)) * elsewhere
    return here - elsewhere >= share * MORE_PASSED - 1e-9 and here >= (1 + share * (PASSED_MORE - 1)) * elsewhere


def departing(found: Iterable[Found]) -> list[Found]:
    """Those that depart."""
    return [each for each in found if each.departs]
