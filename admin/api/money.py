"""Reports on money: what batches and the house came to month by month, and what an hour of work earned."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from admin.api.access import Caller, Db
from admin.api.models import Money
from admin.api.problems import ApiError, ProblemRoute, failures
from admin.api.results import FormatName
from crowd.exports import format_named, formats
from crowd.labels.results import money
from crowd.reports.hourly import FEWEST, Group, Hourly
from crowd.reports.ledger import HouseMonth, Told
from crowd.reports.months import month_named, name_of
from crowd.reports.report import BatchMonth, Report, ReportError, TooLongError, report
from crowd.reports.tables import OF_THE_HOUSE, TABLES, TableName, pieces

router = APIRouter(prefix="/reports/money", tags=["money"], route_class=ProblemRoute)

MonthName = Annotated[
    str | None,
    Query(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", description="one month, UTC; else all there are", examples=["2026-11"]),
]
BatchAsked = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="one batch; else all of yours")]
Named = Annotated[str, Field(description="a month in UTC", examples=["2026-11"])]


class Amounts(BaseModel):
    """What batches came to in a month; `on_hold` and `left` as they were at its end."""

    funded: Money = Field(description="put into escrow")
    spent: Money = Field(description="earned by workers")
    released: Money = Field(description="of what was earned, whenever that was: became available to workers")
    fee: Money = Field(description="the house's; taken when a batch is closed")
    returned: Money = Field(description="given back to the requester")
    on_hold: Money = Field(description="earned and not yet released at the month's end, or so far")
    left: Money = Field(description="in escrow at the month's end, or so far")

    @classmethod
    def of(cls, told: Told) -> Self:
        """From what the domain knows."""
        return cls(
            funded=money(told.funded), spent=money(told.spent), released=money(told.released), fee=money(told.fee),
            returned=money(told.returned), on_hold=money(told.on_hold), left=money(told.left),
        )  # fmt: skip


class AnHour(BaseModel):
    """What an hour of work earned, each worker counting once."""

    workers: int
    median: Money | None = Field(description=f"null of fewer than {FEWEST} workers")
    p10: Money | None = Field(description="a tenth of the workers earned less")

    @classmethod
    def of(cls, known: Hourly) -> Self:
        """From what the domain knows."""
        median, p10 = (None if each is None else money(each) for each in (known.median, known.p10))
        return cls(workers=known.workers, median=median, p10=p10)


class MonthOfBatch(BaseModel):
    """One month of one batch."""

    month: Named
    batch: int
    name: str
    language: str
    currency: str
    amounts: Amounts
    hourly: AnHour

    @classmethod
    def of(cls, known: BatchMonth) -> Self:
        """From what the domain knows."""
        return cls(
            month=name_of(known.month), batch=known.batch_id, name=known.batch, language=known.language,
            currency=known.currency, amounts=Amounts.of(known.told), hourly=AnHour.of(known.hourly),
        )  # fmt: skip


class MonthOfHouse(BaseModel):
    """One month of the whole house in one currency."""

    month: Named
    currency: str
    amounts: Amounts
    paid: Money = Field(description="arrived at workers")
    payout_fees: Money = Field(description="kept of payouts for sending them")
    owed: Money = Field(description="available to workers and not paid at the month's end, or so far")

    @classmethod
    def of(cls, known: HouseMonth) -> Self:
        """From what the domain knows."""
        return cls(
            month=name_of(known.month), currency=known.currency, amounts=Amounts.of(known.batches),
            paid=money(known.paid), payout_fees=money(known.payout_fees), owed=money(known.owed),
        )  # fmt: skip


class Pay(BaseModel):
    """What an hour earned workers of one country on batches of one language in one month."""

    month: Named
    currency: str
    language: str | None = Field(description="null, with `country`: groups of too few workers, put together")
    country: str | None = Field(description="ISO 3166-1 alpha-2; null with a language: not known")
    hourly: AnHour

    @classmethod
    def of(cls, known: Group) -> Self:
        """From what the domain knows."""
        return cls(
            month=name_of(known.month), currency=known.currency, language=known.language, country=known.country,
            hourly=AnHour.of(known.hourly),
        )  # fmt: skip


class Line(BaseModel):
    """All accounts of one kind in one currency."""

    currency: str
    kind: str
    accounts: int
    balance: Money


class MoneyReport(BaseModel):
    """What there is to say of your batches' money. The house's own people see that of all batches."""

    batches: list[MonthOfBatch] = Field(description="the newest month first")
    pay: list[Pay]
    house: list[MonthOfHouse] = Field(description="for the house alone, and not with `batch`")
    balance: list[Line] = Field(description="the trial balance of the moment; likewise")

    @classmethod
    def of(cls, known: Report) -> Self:
        """From what the domain knows."""
        return cls(
            batches=[MonthOfBatch.of(each) for each in known.batches],
            pay=[Pay.of(each) for each in known.groups],
            house=[MonthOfHouse.of(each) for each in known.house],
            balance=[
                Line(currency=line.currency, kind=line.kind, accounts=line.accounts, balance=money(line.balance))
                for trial in known.trials for line in trial.lines
            ],
        )  # fmt: skip


@router.get("", summary="Report on money by batch and month", responses=failures(404, 503))
async def money_report(database: Db, caller: Caller, month: MonthName = None, batch: BatchAsked = None) -> MoneyReport:
    """By month in UTC. A payout is a worker's and not a batch's: what was paid is told of the whole house alone."""
    with _refusing():
        async with database.reading() as tx:
            return MoneyReport.of(await report(tx, caller, month=_month(month), batch_id=batch))


@router.get(
    "/{table}",
    summary="Take a part of the report on money away as a file",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One row for each month and what it is told of.",
            "content": {
                form.media_type: {"schema": {"type": "string", "format": "binary"}} for form in formats().values()
            },
        },
        **failures(404, 503),
    },
)
async def money_file(
    database: Db,
    caller: Caller,
    table: Annotated[TableName, Path(description="`house` and `balance` are for the house alone")],
    month: MonthName = None,
    batch: BatchAsked = None,
    format: FormatName = "csv",  # noqa: A002
) -> StreamingResponse:
    """Amounts are decimal numbers, exact, with the currency beside them."""
    if table in OF_THE_HOUSE and not caller.is_house:
        raise ApiError(HTTPStatus.NOT_FOUND, f"The table {table} is for the house alone.")
    with _refusing():
        async with database.reading() as tx:
            found = await report(tx, caller, month=_month(month), batch_id=batch)
    return report_file(found, table, format)


def report_file(found: Report, table: TableName, form: str) -> StreamingResponse:
    """A part of a report as a file of that format."""
    kind = format_named(form)
    return StreamingResponse(
        pieces(kind, TABLES[table], found),
        media_type=kind.media_type,
        headers={"content-disposition": f'attachment; filename="kazi-{table}.{form}"', "cache-control": "no-store"},
    )


def _month(name: str | None) -> date | None:
    return None if name is None else month_named(name)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except ReportError as error:
        said = str(error)
        status = HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, TooLongError) else HTTPStatus.NOT_FOUND
        raise ApiError(status, f"{said[0].upper()}{said[1:]}.") from None
