"""What an hour of work earned: by batch, and by the worker's country and the batch's language.

A worker's hourly pay is what they earned by the time they worked: from shown to answered, of each answer at most
`crowd.loop.deciding.LONGEST_MS`. “I don't know” that was not paid counts its time too. What was voided counts for
nothing, and neither does its time, unless it was given back. Each worker counts once, however much they did; the median
and the tenth part from below are those of workers.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crowd.reports.flows import of_answers
from db.database import Tx

FEWEST = 3
"""Of fewer workers nothing is shown apart: it would tell what one of them earns."""


@dataclass(frozen=True, slots=True)
class Hourly:
    """What an hour earned, micro-units of a currency."""

    workers: int
    median: int | None
    """None where there are too few workers to be shown."""
    p10: int | None
    """A tenth of the workers earned less."""


@dataclass(frozen=True, slots=True)
class Group:
    """The workers of one country on batches of one language, in one month and currency."""

    month: date
    currency: str
    language: str | None
    """None: countries and languages of too few workers, put together."""
    country: str | None
    """ISO 3166-1 alpha-2; None: not known, or, where `language` is None, several."""
    hourly: Hourly


def top_ups() -> str:
    """SQL of what workers got for a batch beyond the prices of their answers: batch_id, worker_id, month, amount.

    `month` is that of the work, as `date_trunc('month', …, 'UTC')` has it, and `amount` micro-units of the batch's
    currency. It stands beside `worked`. What is of other batches than those asked for, or of no work, is left out.
    """
    return """
    SELECT t.batch_id, t.worker_id, (
        SELECT max(month) FROM worked
        WHERE worked.batch_id = t.batch_id AND worked.worker_id = t.worker_id
          AND month <= date_trunc('month', t.at, 'UTC')
    ), t.amount FROM top_up t
    """


# One walk along the answers for both.
_HOURLY = f"""
WITH worked AS MATERIALIZED (
    SELECT a.batch_id, a.worker_id, date_trunc('month', a.answered_at, 'UTC') AS month,
           sum(a.price) - coalesce(sum(taken.amount), 0) AS earned,
           sum(a.ms) - round(coalesce(sum(taken.amount::numeric / a.price * a.ms), 0)) AS ms
    FROM {{answers}} LEFT JOIN (
        SELECT n.answer_id, n.amount FROM voided_answer n JOIN voiding v ON v.id = n.voiding_id
        WHERE coalesce(v.outcome, '') NOT IN ('granted', 'silence', 'mistaken')
    ) taken ON taken.answer_id = a.id GROUP BY 1, 2, 3
), beyond AS (
    SELECT batch_id, worker_id, month, sum(amount) AS amount
    FROM ({top_ups()}) given (batch_id, worker_id, month, amount) GROUP BY 1, 2, 3
), pay AS MATERIALIZED (
    SELECT batch_id, worker_id, month, earned + coalesce(amount, 0) AS earned, ms
    FROM worked LEFT JOIN beyond USING (batch_id, worker_id, month) WHERE ms > 0
)
SELECT (month AT TIME ZONE 'UTC')::date AS month, batch_id, NULL AS currency, NULL AS language, NULL AS country,
       NULL::bigint[] AS workers, array_agg(floor(earned * 3600000 / ms)::bigint) AS hourly
FROM pay GROUP BY 1, 2
UNION ALL
SELECT (month AT TIME ZONE 'UTC')::date, NULL, currency, language, w.country, array_agg(worker_id), array_agg(hourly)
FROM (
    SELECT month, b.currency, b.language, worker_id, floor(sum(earned) * 3600000 / sum(ms))::bigint AS hourly
    FROM pay JOIN batch b ON b.id = batch_id GROUP BY 1, 2, 3, 4
) each JOIN worker w ON w.id = worker_id GROUP BY 1, 3, 4, 5
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class HourlyPay:
    """All of it."""

    by_batch: dict[tuple[int, date], Hourly]
    """By batch and month."""
    groups: list[Group]
    """The newest month first; groups of too few workers are put together as others."""


async def hourly_pay(tx: Tx, requester_id: int | None, batch_id: int | None) -> HourlyPay:
    """Of a requester's batches, or one of them, or all there are."""
    by_batch: dict[tuple[int, date], Hourly] = {}
    months: defaultdict[tuple[date, str], list[Workers]] = defaultdict(list)
    for row in await of_answers(tx, _HOURLY, requester_id, batch_id):
        if row["batch_id"] is not None:
            by_batch[row["batch_id"], row["month"]] = hourly(row["hourly"])
        else:
            pay = tuple(zip(row["workers"], row["hourly"], strict=True))
            months[row["month"], row["currency"]].append(Workers(row["language"], row["country"], pay))
    newest = sorted(months.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1]))
    return HourlyPay(
        by_batch,
        [
            Group(month, currency, each.language, each.country, hourly([pay for _, pay in each.pay]))
            for (month, currency), found in newest
            for each in apart(found)
        ],
    )


@dataclass(frozen=True, slots=True)
class Workers:
    """Who worked on batches of one language out of one country, and what an hour earned them."""

    language: str | None
    country: str | None
    pay: tuple[tuple[int, int], ...]
    """Worker, and micro-units an hour."""


def apart(groups: Sequence[Workers]) -> list[Workers]:
    """The groups that may be shown, others last.

    What is put together has at least `FEWEST` workers too, taking the smallest of the other groups along if need be:
    else a figure of all would tell what is left out. Where that cannot be, nothing is shown.
    """
    most = sorted(groups, key=lambda each: (-len(each.pay), each.language or "", each.country or ""))
    shown = [each for each in most if len(each.pay) >= FEWEST]
    rest = [each for each in most if len(each.pay) < FEWEST]
    while rest and shown and _people(rest) < FEWEST:
        rest.append(shown.pop())
    if not rest:
        return shown
    if _people(rest) < FEWEST:
        return []
    return [*shown, Workers(None, None, tuple(pay for each in rest for pay in each.pay))]


def _people(groups: Sequence[Workers]) -> int:
    return len({worker for each in groups for worker, _ in each.pay})


def hourly(pay: Sequence[int]) -> Hourly:
    """Of so many workers."""
    if len(pay) < FEWEST:
        return Hourly(len(pay), None, None)
    rising = sorted(pay)
    return Hourly(len(pay), percentile(rising, 50), percentile(rising, 10))


def percentile(rising: Sequence[int], of_hundred: int) -> int:
    """Between the two values that it lies between, in proportion (as `percentile_cont`), rounded down."""
    place, part = divmod((len(rising) - 1) * of_hundred, 100)
    low = rising[place]
    return low + (rising[min(place + 1, len(rising) - 1)] - low) * part // 100
