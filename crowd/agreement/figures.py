"""What is said of the agreement in a batch. Kept and told in this form."""

from pydantic import BaseModel, ConfigDict, Field

from crowd.kinds.base import Json


class Said(BaseModel):
    """How often something was said."""

    model_config = ConfigDict(frozen=True)

    value: Json
    times: int


class OptionFigures(BaseModel):
    """The tasks of one label, and what workers said to them: a row of the confusion matrix."""

    model_config = ConfigDict(frozen=True)

    label: Json = Field(description="the consensus, a reviewer's decision, or of a gold its right answer")
    tasks: int = Field(description="with this label and two answers or more, golds among them")
    said: tuple[Said, ...] = Field(description="answers to them, option by option, in the order of the batch file")
    dont_know: int = Field(description="“I don't know” to them")

    @property
    def answers(self) -> int:
        """Without “I don't know”."""
        return sum(each.times for each in self.said)

    @property
    def right(self) -> float | None:
        """Share of the answers that say the label, 0..1; None when there are none."""
        right = sum(each.times for each in self.said if each.value == self.label)
        return right / self.answers if self.answers else None

    @property
    def ease(self) -> float:
        """What options are ordered by, the hardest first: `right`; those without answers come last."""
        return 2.0 if self.right is None else self.right

    @property
    def mistaken_for(self) -> Said | None:
        """The wrong answer that was given most often; None when none was."""
        wrong = [each for each in self.said if each.value != self.label and each.times]
        return max(wrong, key=lambda each: each.times, default=None)


class Figures(BaseModel):
    """How far workers agree."""

    model_config = ConfigDict(frozen=True)

    alpha: float | None = Field(
        description="Krippendorff's alpha with the kind's own difference, over ordinary tasks that have two answers "
        "or more; null where it says nothing: too few answers, or all of them the same"
    )
    low: float | None = Field(description="of its 95 % interval, by bootstrap over tasks; null below 10 tasks")
    high: float | None
    tasks: int = Field(description="that alpha is taken from")
    answers: int = Field(description="to those, without “I don't know”")
    sampled: bool = Field(description="alpha is of some of the tasks, taken at random, since there are too many values")
    options: tuple[OptionFigures, ...] = Field(
        description="the confusion matrix of answers against labels; empty for kinds without options"
    )
