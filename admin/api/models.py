"""What the API says and is told. Money is in decimal numbers of a currency's units, as texts: exact everywhere."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from admin.api.pilot import BatchPilot
from admin.settings import Preview
from crowd.batches.cards import BatchCard
from crowd.batches.life import State
from crowd.batches.spec import to_cents
from crowd.batches.waiting import Need
from crowd.batchfile import Checked, Problem, Severity
from crowd.fairpay.expected import ExpectedPay
from crowd.golds.making import Made
from crowd.golds.supply import GoldSupply
from crowd.labels.results import money
from crowd.labels.so_far import Said
from crowd.money.quote import Quote
from crowd.pilots.card import Card
from crowd.pilots.states import pilot_tasks

Money = Annotated[str, Field(pattern=r"^-?\d+\.\d{2,6}$", examples=["0.02"])]


class Golds(BaseModel):
    """How the golds of a batch stand."""

    short: bool = Field(
        description="they will not last for the answers that remain: give the next batch more, or close this one and "
        "post its open tasks beside new golds"
    )
    left: int = Field(description="answers that they may still get, about")
    asked: int = Field(description="answers to golds that the work which remains asks for, about")
    fresh: int = Field(description="that a usual worker has never met; 8 stands for 8 or more")
    suspended: int = Field(
        description="that workers contradict: not used until somebody decides about them in the panel"
    )

    @classmethod
    def of(cls, supply: GoldSupply) -> "Golds":
        """From what the domain knows."""
        return cls(
            short=supply.short, left=supply.left, asked=supply.asked, fresh=supply.fresh, suspended=supply.suspended
        )


class Batch(BaseModel):
    """A batch: what it is, how far it is, what it cost."""

    id: int
    slug: str = Field(description="in the deep link that brings workers to it")
    name: str
    kind: str
    language: str = Field(description="of the items, BCP 47")
    state: State
    state_reason: str | None
    waits_for: list[Need] = Field(
        description="what only you can do; mostly nothing. `money`: it is paused until `short_by` is put in "
        "(`POST /batches/{id}/funding`); `pilot`: its pilot is over and did not go well enough by itself "
        "(look at `pilot`, then `POST /batches/{id}/release`); `parity`: who read one language's instructions does "
        "worse on the same golds than others (look at `GET /batches/{id}/parity`). Or close it."
    )
    tasks: int = Field(description="ordinary ones, without golds")
    golds: int
    practice: int = Field(description="practice tasks, which are neither tasks nor golds")
    settled: int = Field(description="tasks with their final label, or withdrawn")
    unsure: int = Field(description="settled tasks whose label is less sure than was asked for")
    reported: int = Field(description="reports that an item is broken")
    answers: int
    gold_answers: int
    workers: int = Field(description="who took part")
    currency: str = Field(description="of all money here, ISO 4217")
    price: Money = Field(description="of one answer")
    funded: Money = Field(description="put in when it was posted")
    spent: Money = Field(description="earned by workers")
    left: Money
    fee: Money = Field(description="the house's, of what workers earned")
    budget: Money | None = Field(description="what workers may earn in all, where the batch file says so")
    confidence: float | None = Field(description="with a budget: mean confidence of the labels so far, 0..1")
    pace_ms: int | None = Field(description="measured median time of an answer, milliseconds")
    per_hour: Money | None = Field(description="what workers earn in an hour at that pace")
    slow_per_hour: Money | None = Field(
        description="what three of four workers earn in an hour at least: this is held against the floor"
    )
    fair_price: Money | None = Field(
        description="it is paused, since its money does not pay this price, which measured times ask for: put more in"
    )
    short_by: Money | None = Field(description="what it needs beside what it has, so that it goes on; the fee on top")
    created_at: datetime
    closed_at: datetime | None
    judges: int | None = Field(description="the batch whose answers its tasks are; null where it is no batch of judges")
    judged_in: int | None = Field(description="the batch in which its answers are judged, if others judge them")
    gold_supply: Golds | None = Field(description="null in lists")
    pilot: BatchPilot | None = Field(description="null where the batch is too small for one")

    @classmethod
    def of(cls, card: BatchCard, supply: GoldSupply | None = None, pilot: Card | None = None) -> "Batch":
        """From what the domain knows."""
        return cls(
            id=card.id, slug=card.slug, name=card.name, kind=card.kind, language=card.language,
            state=State(card.state), state_reason=card.state_reason, waits_for=list(card.needs),
            tasks=card.tasks, golds=card.golds, practice=card.practice, settled=card.settled, unsure=card.unsure,
            reported=card.reported,
            answers=card.answers, gold_answers=card.gold_answers, workers=card.workers,
            currency=card.currency, price=money(card.price), funded=money(card.funded), spent=money(card.spent),
            left=money(card.left), fee=money(card.fee),
            budget=None if card.budget is None else money(card.budget), confidence=card.confidence,
            pace_ms=card.pace_ms, per_hour=None if card.per_hour is None else money(to_cents(card.per_hour)),
            slow_per_hour=None if card.slow_per_hour is None else money(to_cents(card.slow_per_hour)),
            fair_price=None if card.fair_price is None else money(card.fair_price),
            short_by=None if card.short_by is None else money(card.short_by),
            created_at=card.created_at, closed_at=card.closed_at, judges=card.judges, judged_in=card.judged_in,
            gold_supply=None if supply is None else Golds.of(supply),
            pilot=None if card.pilot is None else BatchPilot.of(card.pilot, pilot),
        )  # fmt: skip


class BatchPage(BaseModel):
    """Batches, the newest first."""

    batches: list[Batch]
    next: int | None = Field(description="hand this in as `before` for the next page; null on the last one")


def _visible(text: str) -> str:
    text = text.strip()
    if any(not (c.isprintable() or c == "\n") for c in text):
        raise ValueError("has characters that cannot be seen")
    return text


class Reason(BaseModel):
    """Why a batch changes its state, in your own words."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, AfterValidator(_visible)] | None = Field(default=None, max_length=500)


class WorkersAnswer(BaseModel):
    """What one worker said."""

    worker: str = Field(description="a pseudonym")
    value: Any = Field(description="null: I don't know")
    ms: int

    @classmethod
    def of(cls, said: Said) -> "WorkersAnswer":
        """From what the domain knows."""
        return cls(worker=said.pseudonym, value=said.value, ms=said.ms)


class MadeGold(BaseModel):
    """A gold that was made of a decided task, for workers who begin the batch after that."""

    gold: int = Field(description="its own number")
    made_by: str
    made_at: datetime
    standing: bool = Field(description="false: it was suspended or dropped since")
    answers: int = Field(description="that it has got, without those of the task")

    @classmethod
    def of(cls, made: Made) -> "MadeGold":
        """From what the domain knows."""
        return cls(
            gold=made.task_id, made_by=made.made_by, made_at=made.made_at, standing=made.standing, answers=made.answers
        )


class FileProblem(BaseModel):
    """Something that is wrong in a batch's files."""

    file: str
    line: int | None = Field(description="from 1; the row in .xlsx and .parquet; null: the file as a whole")
    column: int | str | None = Field(description="the character of the line, or the name of the items' column")
    severity: Severity = Field(description="a batch with an error cannot be posted; one with warnings can")
    message: str = Field(description="what is wrong")
    mend: str = Field(description="how to mend it")

    @classmethod
    def of(cls, problem: Problem) -> "FileProblem":
        """From what the domain found."""
        return cls(
            file=problem.file, line=problem.line, column=problem.column, severity=problem.severity,
            message=problem.message, mend=problem.mend,
        )  # fmt: skip


class Cost(BaseModel):
    """What a batch costs. Golds are paid like any task; what is left when it is closed is given back."""

    currency: str
    price: Money = Field(description="of one answer")
    tasks: int = Field(description="ordinary ones, without golds")
    golds: int
    least_answers: int = Field(description="to ordinary tasks, if each is sure as early as can be")
    most_answers: int = Field(description="to ordinary tasks, if none is")
    gold_answers: int = Field(description="at most")
    least_labour: Money = Field(description="what workers earn if all is sure early and no gold is met")
    labour: Money = Field(description="what workers earn at most")
    fee: Money = Field(description="the house's, of `labour`")
    judging: Money = Field(description="for others who judge the answers, the fee on it included; 0 where nobody does")
    to_fund: Money = Field(description="put in when the batch is posted: `labour`, `fee` and `judging`")

    @classmethod
    def of(cls, quote: Quote) -> "Cost":
        """From the domain's quote."""
        return cls(
            currency=quote.currency, price=money(quote.price), tasks=quote.tasks, golds=quote.golds,
            least_answers=quote.least_answers, most_answers=quote.most_answers, gold_answers=quote.gold_answers,
            least_labour=money(quote.least_labour), labour=money(quote.labour), fee=money(quote.fee),
            judging=money(quote.judging), to_fund=money(quote.to_fund),
        )  # fmt: skip


class Hour(BaseModel):
    """What an hour pays in a country where the batch's language is spoken."""

    country: str = Field(description="ISO 3166-1 alpha-2; * where the language's countries are not known")
    floor: Money = Field(description="what an hour has to pay there; 0: no floor is known in the batch's currency")
    reached: bool = Field(description="else workers there are not offered the batch")


class Pay(BaseModel):
    """What workers earn in an hour. A batch that reaches the floor nowhere is not posted."""

    currency: str
    seconds: float = Field(description="what an answer takes at the median")
    slow_seconds: float = Field(description="and at the 75th percentile; the same where it was not measured")
    measured: bool = Field(description="in such work before; else as the file says, or as is usual of its kind")
    per_hour: Money = Field(description="at the median")
    slow_per_hour: Money = Field(description="at the 75th percentile: this is held against the floor")
    countries: list[Hour]

    @classmethod
    def of(cls, pay: ExpectedPay) -> "Pay":
        """From what the domain expects."""
        return cls(
            currency=pay.currency, seconds=pay.usual_ms / 1000, slow_seconds=pay.slow_ms / 1000,
            measured=pay.measured, per_hour=money(pay.per_hour), slow_per_hour=money(pay.slow_per_hour),
            countries=[
                Hour(country=each.country, floor=money(each.floor), reached=each.reached) for each in pay.places
            ],
        )  # fmt: skip


class PhoneScreen(BaseModel):
    """A task as a phone shows it."""

    text: str
    buttons: list[list[str]] = Field(description="what the buttons under it say, row by row")
    picture: str | None = Field(None, description="the file of the picture that stands above the text, if there is one")
    sound: str | None = Field(None, description="the same of a sound")
    bytes: int = Field(description="what such a task costs a phone in data, about; of a picture, its first view")


class CheckedBatch(BaseModel):
    """What a check of a batch's files found."""

    good: bool = Field(description="it can be posted as it is")
    errors: int
    warnings: int
    problems: list[FileProblem] = Field(description="at most the first 1,000")
    pilot_tasks: int = Field(description="tasks of the pilot that comes first, unless it is waived; 0 where none does")
    quote: Cost | None = Field(description="null when the files could not be read so far")
    pay: Pay | None = Field(description="null when the batch file could not be read so far")
    first_task: Any = Field(description="what the first ordinary task is made of; null when there is none")
    first_screen: PhoneScreen | None = Field(description="how that task looks on a phone, in the batch's language")

    @classmethod
    def of(cls, checked: Checked, preview: Preview) -> "CheckedBatch":
        """From what the domain found."""
        spec, first = checked.spec, checked.first
        screen = preview(spec, first, spec.language) if spec is not None and first is not None else None
        return cls(
            good=checked.good,
            errors=checked.errors,
            warnings=checked.warnings,
            problems=[FileProblem.of(problem) for problem in checked.problems],
            pilot_tasks=pilot_tasks(checked.tasks) if checked.good else 0,
            quote=Cost.of(checked.quote) if checked.quote else None,
            pay=Pay.of(checked.pay) if checked.pay else None,
            first_task=checked.first,
            first_screen=PhoneScreen(
                text=screen.text, buttons=screen.buttons, picture=screen.picture, sound=screen.sound, bytes=screen.bytes
            )
            if screen
            else None,
        )
