"""What a requester says of a batch: the model of the batch file, without its items."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from crowd.batches.spoken import SpokenFile
from crowd.lengths import chat_length
from crowd.sentences import SentenceError, say

MICRO = 1_000_000
"""Micro-units in one unit of a currency."""

POSTING = {"posting": True}
"""The validation context of a batch that is posted: what is stored already is loaded under the rules of its day."""

GRADED_HOURS = 48
"""What is graded is held so long at least: what a check says is told the day after, and money is taken back before."""

LONGEST_INSTRUCTIONS = 3000
"""Characters as a chat counts them."""


def to_cents(micros: int) -> int:
    """An amount that was measured, to the hundredth of a unit: more would feign precision."""
    return round(micros, -4)


def canonical_tag(tag: str) -> str:
    """A BCP 47 tag in the form that tags are compared in."""
    first, *rest = tag.replace("_", "-").split("-")
    return "-".join([first.lower(), *(_SUBTAG.get(len(part), str.lower)(part) for part in rest)])


_SUBTAG = {2: str.upper, 4: str.title}
"""RFC 5646, 2.1.1: regions are written in capitals, scripts with one, all else without; by their lengths."""

Locale = Annotated[
    str,
    Field(pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$", max_length=35),
    AfterValidator(canonical_tag),
]
"""A BCP 47 tag, in the one form that tags are compared in; its length is what RFC 5646 asks to have room for."""


def _not_blank(text: str) -> str:
    if not text.strip():
        raise SentenceError(say("must say something"))
    return text.strip()


def _fits(text: str) -> str:
    if (length := chat_length(text)) > LONGEST_INSTRUCTIONS:
        what = say(
            "has {length} characters, an emoji counted as two; a phone shows {most}",
            length=length,
            most=LONGEST_INSTRUCTIONS,
        )
        raise SentenceError(what)
    return text


Words = Annotated[str, AfterValidator(_not_blank)]
"""Text that is not blank, without space around it."""

Title = Annotated[Words, Field(max_length=60)]
Instructions = Annotated[Words, Field(max_length=2000), AfterValidator(_fits)]
"""What a phone shows with the item in one message."""


WORTH = 0.06
"""An answer is worth its price where the task's doubt, times the square of how far its worker is above a blind guess,
comes to this; see `crowd.loop.settling`. One for all batches, chosen on ten crowds (`make bench ONLY=quality`)."""


class Overlap(BaseModel):
    """How many answers a task gets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: int = Field(default=2, ge=1, le=20, description="no task is settled with fewer")
    most: int = Field(default=5, ge=1, le=20, description="after these a task is settled, sure or not")
    confidence: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="a task is settled when its label is this sure",
    )

    @model_validator(mode="after")
    def _ordered(self) -> "Overlap":
        if self.most < self.least:
            what = say(
                "{upper} ({most}) must not be smaller than {lower} ({least})",
                upper="most",
                most=self.most,
                lower="least",
                least=self.least,
            )
            raise SentenceError(what)
        return self

    @property
    def sure(self) -> float:
        """The confidence from which a label counts as sure, 0..1."""
        return 1 - WORTH if self.confidence is None else self.confidence


class BatchSpec(BaseModel):
    """The part of a batch file that every kind has. Each kind adds its own fields in a subclass."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words = Field(max_length=80, description="a short name, in your own words")
    title: dict[Locale, Title] = Field(default_factory=dict, description="what workers see as its name, per locale")
    kind: str = Field(description="the kind of task")
    language: Locale = Field(description="BCP 47 code of the language that the items are in")
    items: str = Field(description="the file with the items: .csv, .jsonl, .parquet or .xlsx, beside this one")
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Kazi's name of a column and then yours, where they differ: {text: tweet}",
    )
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code")
    price: Decimal = Field(gt=0, le=10_000, decimal_places=6, description="for one answer, in units of currency")
    instructions: dict[Locale, Instructions] = Field(min_length=1, description="what to do, per locale; plain text")
    spoken_instructions: dict[Locale, SpokenFile] = Field(
        default_factory=dict,
        description="a sound beside this file in which somebody says what to do, per locale; workers hear it on a tap",
    )
    skills: tuple[Words, ...] = Field(default=(), description="skills that a worker must have")
    dont_know: bool = Field(default=False, description="whether “I don't know” is an answer")
    overlap: Overlap = Field(default_factory=Overlap)
    budget: Decimal | None = Field(
        default=None,
        gt=0,
        le=1_000_000_000,
        decimal_places=6,
        description="what workers may earn in all, golds included, in units of currency; the fee comes on top",
    )
    seconds: float | None = Field(
        default=None,
        gt=0,
        le=3 * 3600,
        description="how long an answer takes, as you expect; measured times of such work count where they are longer",
    )
    lease_minutes: float = Field(default=10, ge=1, le=24 * 60, description="how long a task stays in one's hands")
    hold_hours: float = Field(
        default=72,
        ge=0,
        le=72,
        description="how long earned money is held at most; the better a worker is known, the shorter",
    )
    graded: bool = Field(
        default=False,
        description="whether what is half right earns half, and what is wrong nothing, where the right answer is known;"
        " it asks for hold_hours of 48 or more",
    )
    spoiler: bool = Field(default=False, description="whether pictures are veiled until they are tapped")
    protected: bool = Field(default=False, description="whether tasks cannot be forwarded from the chat, or saved")
    practice_pass: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="the share of the practice to be got right before paid work, such as 0.8",
    )

    @field_validator("budget")
    @classmethod
    def _instead_of_a_confidence(cls, budget: Decimal | None, info: ValidationInfo) -> Decimal | None:
        overlap: Overlap | None = info.data.get("overlap")
        if budget is not None and overlap is not None and overlap.confidence is not None:
            raise SentenceError(say("cannot stand beside {other}: choose one of the two", other="overlap.confidence"))
        return budget

    @field_validator("graded")
    @classmethod
    def _held_meanwhile(cls, graded: bool, info: ValidationInfo) -> bool:
        if graded and info.data.get("hold_hours", GRADED_HOURS) < GRADED_HOURS:
            what = say("asks for {name} of {least} or more", name="hold_hours", least=GRADED_HOURS)
            raise SentenceError(what)
        return graded

    @property
    def price_micros(self) -> int:
        """The price of one answer in micro-units of `currency`."""
        return int(self.price * MICRO)

    @property
    def budget_micros(self) -> int | None:
        """What workers may earn in all, in micro-units of `currency`; None where no budget is stated."""
        return None if self.budget is None else int(self.budget * MICRO)
