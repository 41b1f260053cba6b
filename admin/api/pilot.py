"""What the API says of pilots."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from crowd.batches.spec import to_cents
from crowd.fairpay.hours import hourly
from crowd.labels.results import money
from crowd.pilots.advice import advice
from crowd.pilots.card import Card, Light, Mark, Row, Subject
from crowd.pilots.states import Pilot, PilotState

PerHour = Annotated[str, Field(pattern=r"^\d+\.\d{2,6}$", examples=["2.40"])]


class PilotMark(BaseModel):
    """One thing that is looked at in a pilot."""

    about: Subject = Field(
        description="`workers`: how many answered; `agreement`: Krippendorff's alpha; `golds`: share of answers to "
        "golds that are right; `skips` and `reports`: shares of the tasks handed out; `dont_knows`: share of the "
        "answers; `pay`: see `per_hour`"
    )
    value: float | None = Field(description="null: too little is known, or it is not a share")
    limit: float | None = Field(description="at least that; of `skips`, `reports` and `dont_knows` at most")
    light: Light = Field(description="`grey`: it has no limit, or too little is known")
    advice: str | None = Field(description="what to mend, or why there is no colour; null where it is green")

    @classmethod
    def of(cls, mark: Mark) -> "PilotMark":
        """From what the domain knows."""
        said = advice(mark)
        value = None if mark.about is Subject.PAY else mark.value  # money is a text: `per_hour`
        return cls(
            about=mark.about,
            value=value,
            limit=mark.limit,
            light=mark.light,
            advice=None if said is None else str(said),
        )


class PilotRow(BaseModel):
    """What workers of one country did. None tells of fewer than three people."""

    country: str | None = Field(description="ISO 3166-1 alpha-2; null: all others, and who did not say")
    workers: int
    answers: int
    median_ms: int | None = Field(description="time of an answer, milliseconds")
    slow_ms: int | None = Field(description="its 75th percentile")
    per_hour: PerHour | None = Field(description="what an hour's work pays at the median time")
    golds_right: float | None
    skips: int
    reports: int
    dont_knows: int

    @classmethod
    def of(cls, row: Row, price: int) -> "PilotRow":
        """From what the domain knows."""
        return cls(**row.model_dump(), per_hour=_per_hour(hourly(price, row.median_ms) if row.median_ms else None))


class PilotCard(BaseModel):
    """What a pilot has shown: so far, or when it was released."""

    done: int = Field(description="of its tasks: with their least answers, or taken out of the queue")
    answers: int
    gold_answers: int
    median_ms: int | None = Field(description="time of an answer, milliseconds")
    slow_ms: int | None = Field(description="its 75th percentile")
    per_hour: PerHour | None = Field(description="what an hour's work pays at the median time")
    slow_per_hour: PerHour | None = Field(description="the same at the 75th percentile")
    green: bool = Field(description="all is well: it is released by itself")
    marks: list[PilotMark]
    countries: list[PilotRow]

    @classmethod
    def of(cls, card: Card) -> "PilotCard":
        """From what the domain knows."""
        return cls(
            done=card.done, answers=card.answers, gold_answers=card.gold_answers, median_ms=card.median_ms,
            slow_ms=card.slow_ms, per_hour=_per_hour(card.per_hour), slow_per_hour=_per_hour(card.slow_per_hour),
            green=card.green, marks=[PilotMark.of(mark) for mark in card.marks],
            countries=[PilotRow.of(row, card.price) for row in card.rows],
        )  # fmt: skip


class BatchPilot(BaseModel):
    """The first tasks of a batch, handed out alone until they are found to go well."""

    state: PilotState = Field(
        description="`running`; `ready`: it waits for you; `released`: all tasks are handed out; "
        "`waived`: there was none"
    )
    tasks: int = Field(description="ordinary ones that it has")
    began_at: datetime
    ready_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None = Field(description="who released or waived it; `kazi` where it was released by itself")
    reason: str | None = Field(description="why it was waived, or released before it was over")
    card: PilotCard | None = Field(description="null in lists, and where it was waived")

    @classmethod
    def of(cls, pilot: Pilot, card: Card | None) -> "BatchPilot":
        """From what the domain knows."""
        return cls(
            state=pilot.state, tasks=pilot.tasks, began_at=pilot.began_at, ready_at=pilot.ready_at,
            ended_at=pilot.ended_at, ended_by=pilot.ended_by, reason=pilot.reason,
            card=None if card is None else PilotCard.of(card),
        )  # fmt: skip


def _per_hour(micros: int | None) -> str | None:
    return None if micros is None else money(to_cents(micros))
