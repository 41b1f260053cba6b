"""What a pilot has shown so far, measured from its answers. They are few, so this is done anew for each look."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import asyncpg

from crowd.fairpay.floors import read_floors
from crowd.fairpay.hours import hourly
from crowd.loop.leases import Way
from crowd.packs.timing import MEASURED_MS
from crowd.pilots.card import (
    LEAST_ALPHA,
    LEAST_COMPARED,
    LEAST_GOLD_ANSWERS,
    LEAST_GOLDS_RIGHT,
    LEAST_WORKERS,
    MOST_DONT_KNOWS,
    MOST_REPORTS,
    MOST_SKIPS,
    Card,
    Mark,
    Row,
    Subject,
    at_least,
    at_most,
)
from crowd.pilots.pay import floor_of, pay_mark
from db.database import Tx

# Until it is released a batch has no answers but those of its pilot. How far golds were met ahead of it, cursors tell.
_ABOUT = """
SELECT b.price, b.currency, b.first_task, p.tasks, (b.spec ->> 'dont_know')::boolean AS dont_know,
       greatest(b.reach, (SELECT max(gold_cursor) FROM participation WHERE batch_id = b.id)) AS last,
       (
           SELECT count(*) FROM task
           WHERE id BETWEEN b.first_task AND b.reach AND gold IS NULL AND (settled_at IS NOT NULL OR wanted IS NOT NULL)
       ) AS done,
       (a.figures ->> 'alpha')::float AS alpha, coalesce((a.figures ->> 'tasks')::int, 0) AS compared
FROM batch b JOIN pilot p ON p.batch_id = b.id LEFT JOIN agreement a ON a.batch_id = b.id
WHERE b.id = $1 AND b.reach IS NOT NULL
"""

_ANSWERS = f"""
SELECT a.worker_id, w.country, {MEASURED_MS.format(answer="a", unknown=0)} AS ms, a.value IS NULL AS unknown,
       t.gold IS NOT NULL AS gold, CASE WHEN t.suspended_at IS NULL THEN a.verdict END AS verdict
FROM task t JOIN answer a ON a.task_id = t.id JOIN worker w ON w.id = a.worker_id
WHERE t.id BETWEEN $2 AND $3 AND t.batch_id = $1 AND t.answers > 0
"""  # noqa: S608

# Who stops gives back what is in their hands, and who has enough of a pack its rest: it says nothing of the task.
_PASSED = """
SELECT p.worker_id, w.country, p.way FROM passed p JOIN worker w ON w.id = p.worker_id
WHERE p.batch_id = $1 AND p.way IN ('skipped', 'reported') AND coalesce(p.reason, '') NOT IN ('stopped', 'pack')
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer in a pilot."""

    worker_id: int
    country: str | None
    ms: int
    """0: not known, since it came late."""
    unknown: bool
    """They said that they don't know."""
    gold: bool
    verdict: float | None


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A task that came back without an answer."""

    worker_id: int
    country: str | None
    way: Way


async def measure(tx: Tx, batch_id: int) -> Card | None:
    """The card of a pilot that is not over; None where there is no such.

    Agreement is as it was last measured: see `crowd.agreement.measuring.agreement_of`.
    """
    about = await tx.row(_ABOUT, batch_id)
    if about is None:
        return None
    answers = [Answered(*row) for row in await tx.rows(_ANSWERS, batch_id, about["first_task"], about["last"])]
    passed = [GivenBack(row[0], row[1], Way(row[2])) for row in await tx.rows(_PASSED, batch_id)]
    floor = floor_of(await read_floors(tx), about["currency"], (each.country for each in answers))
    return card_of(about, answers, passed, floor)


def card_of(about: asyncpg.Record, answers: Sequence[Answered], passed: Sequence[GivenBack], floor: int) -> Card:
    """The card of a pilot in which this was said and given back; `floor` is what an hour pays at least there."""
    median, slow = _percentile(answers, 0.5), _percentile(answers, 0.75)
    return Card(
        tasks=about["tasks"],
        done=about["done"],
        answers=len(answers),
        gold_answers=sum(each.gold for each in answers),
        price=about["price"],
        currency=about["currency"],
        median_ms=median,
        slow_ms=slow,
        marks=(*_marks(about, answers, passed), pay_mark(hourly(about["price"], slow) if slow else None, floor)),
        rows=rows_of(answers, passed),
    )


def _marks(about: asyncpg.Record, answers: Sequence[Answered], passed: Sequence[GivenBack]) -> tuple[Mark, ...]:
    known = about["alpha"] is not None and about["compared"] >= LEAST_COMPARED
    right = [each.verdict for each in answers if each.verdict is not None]
    given = len(answers) + len(passed)
    workers = len({each.worker_id for each in answers})
    golds = sum(right) / len(right) if len(right) >= LEAST_GOLD_ANSWERS else None
    marks = [
        at_least(Subject.WORKERS, workers, LEAST_WORKERS),
        at_least(Subject.AGREEMENT, about["alpha"] if known else None, LEAST_ALPHA),
        at_least(Subject.GOLDS, golds, LEAST_GOLDS_RIGHT),
        at_most(Subject.SKIPS, _share(_ways(passed, Way.SKIPPED), given), MOST_SKIPS),
        at_most(Subject.REPORTS, _share(_ways(passed, Way.REPORTED), given), MOST_REPORTS),
    ]
    if about["dont_know"]:
        unknown = sum(each.unknown for each in answers)
        marks.append(at_most(Subject.DONT_KNOWS, _share(unknown, len(answers)), MOST_DONT_KNOWS))
    return tuple(marks)


def rows_of(answers: Sequence[Answered], passed: Sequence[GivenBack]) -> tuple[Row, ...]:
    """By country, the most workers first. No row tells of fewer than LEAST_WORKERS: they are among the others."""
    people: dict[str | None, set[int]] = {}
    for country, worker_id in _people(answers, passed):
        people.setdefault(country, set()).add(worker_id)
    others = people.pop(None, set())
    shown = sorted(people, key=lambda country: (-len(people[country]), country or ""))
    while shown and (len(people[shown[-1]]) < LEAST_WORKERS or 0 < len(others) < LEAST_WORKERS):
        others |= people[shown.pop()]
    rows = [_row(country, {country}, answers, passed) for country in shown]
    if others:
        rows.append(_row(None, people.keys() - set(shown) | {None}, answers, passed))
    return tuple(rows) if len(rows) > 1 else ()


def _people(answers: Iterable[Answered], passed: Iterable[GivenBack]) -> set[tuple[str | None, int]]:
    """With their countries."""
    return {(each.country, each.worker_id) for each in answers} | {(each.country, each.worker_id) for each in passed}


def _row(
    country: str | None, among: Collection[str | None], answers: Iterable[Answered], passed: Iterable[GivenBack]
) -> Row:
    """What workers of these countries did."""
    own, back = [each for each in answers if each.country in among], [each for each in passed if each.country in among]
    right = [each.verdict for each in own if each.verdict is not None]
    return Row(
        country=country,
        workers=len(_people(own, back)),
        answers=len(own),
        median_ms=_percentile(own, 0.5),
        slow_ms=_percentile(own, 0.75),
        golds_right=sum(right) / len(right) if right else None,
        skips=_ways(back, Way.SKIPPED),
        reports=_ways(back, Way.REPORTED),
        dont_knows=sum(each.unknown for each in own),
    )


def _percentile(answers: Iterable[Answered], share: float) -> int | None:
    """Of the times that are known, as PostgreSQL's percentile_cont."""
    times = sorted(each.ms for each in answers if each.ms > 0)
    if not times:
        return None
    at = share * (len(times) - 1)
    below = times[int(at)]
    return round(below + (at - int(at)) * (times[min(int(at) + 1, len(times) - 1)] - below))


def _ways(passed: Iterable[GivenBack], way: Way) -> int:
    return sum(each.way is way for each in passed)


def _share(some: int, of: int) -> float | None:
    return some / of if of else None
