"""The report on money: all its parts, of one moment."""

from dataclasses import dataclass
from datetime import date

import asyncpg

from crowd.money.books import Trial, trial_balances
from crowd.reports.flows import all_flows, flows_of, released
from crowd.reports.hourly import Group, Hourly, hourly_pay
from crowd.reports.ledger import HouseMonth, Told, batch_months, house_months
from crowd.reports.months import month_of
from crowd.requesters import Requester
from crowd.sentences import SentenceError, say
from db.database import Tx

LONGEST_S = 60
"""Seconds that one look through the ledger takes at most: with ten million answers it takes about twenty."""


class ReportError(SentenceError):
    """There is no such report; says why."""


class TooLongError(ReportError):
    """There is too much to look through."""


@dataclass(frozen=True, slots=True)
class BatchMonth:
    """One month of one batch."""

    month: date
    """Its first day, UTC."""
    batch_id: int
    batch: str
    """Its name."""
    language: str
    currency: str
    told: Told
    hourly: Hourly


@dataclass(frozen=True, slots=True)
class Report:
    """What a requester may know of their batches' money; the house, of all."""

    now: date
    """The month under way, whose figures are those so far."""
    months: tuple[date, ...]
    """All there is something to say of, the newest first, also where the rest is of one month alone."""
    batches: tuple[BatchMonth, ...]
    """The newest month first, and in it the newest batch."""
    sums: dict[tuple[date, str], Told]
    """All these batches together, by month and currency."""
    groups: tuple[Group, ...]
    house: tuple[HouseMonth, ...]
    """Of the house alone: empty for others, and where one batch was asked for."""
    trials: tuple[Trial, ...]
    """The trial balance of the moment; likewise."""


async def report(tx: Tx, requester: Requester, *, month: date | None = None, batch_id: int | None = None) -> Report:
    """The report for a requester, of one month or all, of one batch or all of theirs; for the house, of everybody's.

    `tx` should be `Database.reading()`, so that all is of one moment. Raises ReportError, or TooLongError.
    """
    owner = None if requester.is_house else requester.id
    if batch_id is not None and not await tx.value(_THERE, batch_id, owner):
        raise ReportError(say("you have no batch {batch}", batch=str(batch_id)))
    await tx.run(f"SET LOCAL statement_timeout = {int(LONGEST_S * 1000)}")
    await tx.run("SET LOCAL work_mem = '64MB'")
    try:
        return await _report(tx, owner, month, batch_id, house=requester.is_house and batch_id is None)
    except asyncpg.QueryCanceledError:
        raise TooLongError(say("this takes too long: ask for the report of one batch")) from None


_THERE = "SELECT EXISTS (SELECT FROM batch WHERE id = $1 AND ($2::bigint IS NULL OR requester_id = $2))"
_BATCHES = "SELECT id, name, language, currency FROM batch WHERE id = ANY($1)"


async def _report(tx: Tx, owner: int | None, month: date | None, batch_id: int | None, *, house: bool) -> Report:
    now = month_of(tx.now)
    flows = await (all_flows(tx) if house else flows_of(tx, owner, batch_id))
    told = batch_months(flows, await released(tx, owner, batch_id), now)
    pay = await hourly_pay(tx, owner, batch_id)
    about = {row["id"]: row for row in await tx.rows(_BATCHES, sorted({batch for batch, _ in told}))}
    rows = [
        BatchMonth(
            month=of, batch_id=batch, batch=about[batch]["name"], language=about[batch]["language"],
            currency=about[batch]["currency"], told=each, hourly=pay.by_batch.get((batch, of), Hourly(0, None, None)),
        )
        for (batch, of), each in told.items() if batch in about
    ]  # fmt: skip
    rows.sort(key=lambda each: (-each.month.toordinal(), -each.batch_id))
    of_house = house_months(flows, now) if house else []
    every = {each.month for each in rows} | {each.month for each in of_house}
    sums: dict[tuple[date, str], Told] = {}
    for each in rows:
        key = (each.month, each.currency)
        sums[key] = sums.get(key, Told()) + each.told
    wanted = every if month is None else {month}
    return Report(
        now=now,
        months=tuple(sorted(every, reverse=True)),
        batches=tuple(each for each in rows if each.month in wanted),
        sums={key: each for key, each in sums.items() if key[0] in wanted},
        groups=tuple(each for each in pay.groups if each.month in wanted),
        house=tuple(each for each in of_house if each.month in wanted),
        trials=await trial_balances(tx) if house else (),
    )
