"""The card of a pilot: what it measured, each figure held against a limit. Kept in this form."""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from crowd.fairpay.hours import hourly

LEAST_WORKERS = 3
"""Fewer are not a crowd: what they misread, or were quick at, may be theirs alone."""

LEAST_ALPHA = 0.67
"""Krippendorff's own mark for conclusions that are tentative; below, docs/reports.md has it, mend the instructions."""

LEAST_COMPARED = 10
"""Tasks with two answers or more, below which alpha has no interval and says nothing here."""

LEAST_GOLDS_RIGHT = 0.7
"""The sequential test of `crowd.workers.standing` calls workers good from 75 % on: a crowd below this is not."""

LEAST_GOLD_ANSWERS = 5
"""With fewer, one mistake decides."""

MOST_SKIPS = 0.15
"""Of the tasks that workers were given. One in seven is what odd items explain; beyond that it is the instructions."""

MOST_REPORTS = 0.05
"""The same. A report says that an item is broken: one in twenty is what files have, more is a file to be mended."""

MOST_DONT_KNOWS = 0.2
"""Of the answers. They are paid, so a fifth of the money would buy nothing."""


class Light(StrEnum):
    """What is said of a figure."""

    GREEN = "green"
    RED = "red"
    GREY = "grey"
    """It has no limit, or too little is known."""


class Subject(StrEnum):
    """What a figure is about."""

    WORKERS = "workers"
    """How many answered."""
    AGREEMENT = "agreement"
    """Krippendorff's alpha."""
    GOLDS = "golds"
    """Share of the answers to golds that are right, 0..1."""
    SKIPS = "skips"
    REPORTS = "reports"
    """Shares of the tasks that workers were given, 0..1."""
    DONT_KNOWS = "dont_knows"
    """Share of the answers, 0..1."""
    PAY = "pay"
    """What an hour's work pays to three of four at least, micro-units of the batch's currency."""


class Mark(BaseModel):
    """A figure, its limit, and what comes of it."""

    model_config = ConfigDict(frozen=True)

    about: Subject
    value: float | None = Field(description="in hundredths; null: too little is known")
    limit: float | None = Field(description="at least this much; of skips, reports and “I don't know” at most")
    light: Light


class Row(BaseModel):
    """What workers of one country did, or those of all others."""

    model_config = ConfigDict(frozen=True)

    country: str | None = Field(description="ISO 3166-1 alpha-2; null: all others, and who did not say")
    workers: int
    answers: int
    median_ms: int | None = Field(description="time of an answer; null: none was measured")
    slow_ms: int | None = Field(description="the 75th percentile of the same")
    golds_right: float | None
    skips: int
    reports: int
    dont_knows: int


class Card(BaseModel):
    """What a pilot has shown. Money is in micro-units of `currency`."""

    model_config = ConfigDict(frozen=True)

    tasks: int = Field(description="ordinary ones of the pilot")
    done: int = Field(description="of these: with their least answers, or taken out of the queue")
    answers: int = Field(description="those to golds among them")
    gold_answers: int
    price: int
    currency: str
    median_ms: int | None
    slow_ms: int | None
    marks: tuple[Mark, ...]
    rows: tuple[Row, ...] = Field(description="empty where all would be in one, or one would tell of one person")

    @property
    def complete(self) -> bool:
        """All its tasks have their answers."""
        return self.done >= self.tasks

    @property
    def green(self) -> bool:
        """All is well, and known to be: then the batch may go on by itself.

        Nothing is red; and at least one of golds and agreement says that workers get it right.
        """
        lights = {mark.about: mark.light for mark in self.marks}
        known = Light.GREEN in (lights[Subject.AGREEMENT], lights[Subject.GOLDS])
        return self.complete and known and Light.RED not in lights.values()

    @property
    def per_hour(self) -> int | None:
        """What an hour's work pays at the median time."""
        return self.hourly(self.median_ms)

    @property
    def slow_per_hour(self) -> int | None:
        """The same for the slower ones, at the 75th percentile."""
        return self.hourly(self.slow_ms)

    def hourly(self, ms: int | None) -> int | None:
        """What an hour's work pays where an answer takes so long; None where that is not known."""
        return hourly(self.price, ms) if ms else None


def at_least(about: Subject, value: float | None, limit: float) -> Mark:
    """A figure that must not be smaller. It is held against the limit as both are shown: in hundredths."""
    if value is None:
        return Mark(about=about, value=None, limit=limit, light=Light.GREY)
    shown = round(value, 2) + 0.0  # no minus before 0
    return Mark(about=about, value=shown, limit=limit, light=Light.GREEN if shown >= limit else Light.RED)


def at_most(about: Subject, value: float | None, limit: float) -> Mark:
    """The same of one that must not be larger."""
    mark = at_least(about, value, limit)
    if mark.value is None:
        return mark
    return mark.model_copy(update={"light": Light.GREEN if mark.value <= limit else Light.RED})


def mark_of(marks: Iterable[Mark], about: Subject) -> Mark:
    """The mark about a subject."""
    return next(mark for mark in marks if mark.about is about)
