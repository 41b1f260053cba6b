"""Reports on money: each month drawn and told, one month batch by batch, and what an hour earned in it."""

from collections import defaultdict
from datetime import date

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.api.money import report_file
from admin.i18n.speaker import speaker_of
from admin.web.page import render, signed_in, words_of
from admin.web.plot import Plot, plot
from crowd.exports import formats
from crowd.reports.hourly import Group
from crowd.reports.ledger import HouseMonth, Told
from crowd.reports.months import month_named
from crowd.reports.report import Report, ReportError, report
from crowd.reports.tables import OF_THE_HOUSE, TableName

router = APIRouter(prefix="/money/reports", include_in_schema=False)

_YEAR = 12
"""Months that are drawn."""

_SHOWN = 100
"""Batches of a month; all of them are in the file."""


@router.get("")
async def reports(request: Request) -> Response:
    """The page."""
    try:
        async with signed_in(request) as (tx, visitor):
            found = await report(tx, visitor.requester)
    except ReportError as error:
        said = speaker_of(words_of(request).tag).put(error.sentence)
        return render(request, "money_reports.html", visitor, status=503, trouble=said)
    month = _month(request) or (found.months[0] if found.months else found.now)
    batches = sorted((each for each in found.batches if each.month == month), key=lambda each: -each.told.spent)
    groups = [each for each in found.groups if each.month == month]
    totals = _totals(found)
    return render(
        request, "money_reports.html", visitor, trouble="", found=found, month=month, totals=totals,
        plots={currency: _plot(currency, months) for currency, months in totals.items()},
        batches=batches[:_SHOWN], more=len(batches) > _SHOWN, groups=groups, formats=sorted(formats()),
        widest=_widest(groups), staff=visitor.requester.is_house,
    )  # fmt: skip


@router.get("/{table}.{form}")
async def file(request: Request, table: str, form: str) -> StreamingResponse:
    """A part of the report, of all months or of one."""
    if table not in {each.value for each in TableName} or form not in formats():
        raise HTTPException(404)
    try:
        async with signed_in(request) as (tx, visitor):
            if TableName(table) in OF_THE_HOUSE and not visitor.requester.is_house:
                raise HTTPException(404)
            found = await report(tx, visitor.requester, month=_month(request))
    except ReportError as error:
        raise HTTPException(503, str(error)) from error
    return report_file(found, TableName(table), form)


def _month(request: Request) -> date | None:
    try:
        return month_named(request.query_params.get("month", ""))
    except ValueError:
        return None


def _widest(groups: list[Group]) -> dict[str, int]:
    """By currency: the most that an hour of a group earned, micro-units."""
    widest: defaultdict[str, int] = defaultdict(int)
    for each in groups:
        widest[each.currency] = max(widest[each.currency], each.hourly.median or 0)
    return widest


_Month = tuple[date, Told, HouseMonth | None]


def _totals(found: Report) -> dict[str, list[_Month]]:
    """By currency, the newest month first; of the house with what was paid and is owed."""
    totals: defaultdict[str, list[_Month]] = defaultdict(list)
    if found.house:
        for each in found.house:
            totals[each.currency].append((each.month, each.batches, each))
    else:
        for (month, currency), told in sorted(found.sums.items(), reverse=True):
            totals[currency].append((month, told, None))
    return {currency: months[:_YEAR] for currency, months in sorted(totals.items())}


def _plot(currency: str, months: list[_Month]) -> Plot:
    """What was earned; of the house beside what was paid out."""
    bars = [(month, (told.spent, house.paid) if house else (told.spent,)) for month, told, house in reversed(months)]
    return plot(currency, bars)
