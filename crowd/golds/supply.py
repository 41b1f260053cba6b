"""Whether the golds of a batch last for the answers that remain, said before they are gone.

Golds run short when the answers they may still get are a quarter fewer than the answers that remain will ask for, or
when a usual worker has fewer than `LEAST_FRESH` left that they have never met while many answers remain: doubt about
anybody is then hard to resolve, and nobody who is paused can be tested anew in this batch.
"""

from dataclasses import dataclass

from crowd.workers.retest import LEAST_FRESH
from db.database import Tx

LEAST_RATE = 0.02
"""Answers to golds that one ordinary answer asks for, at least: what a worker meets who is not in doubt."""

_TELLING = 0.2
"""From this share of a batch's answers on, what was used so far tells what will be: before, all are in their exam."""

_SHORT = 0.75
"""Golds run short below this share of what is asked for."""

_MANY = 100
"""Ordinary answers that remain, from which on a usual worker's fresh golds matter."""

# Before ten tasks are settled the mean of the least and the most answers stands for what a task takes.
_SUPPLY = f"""
WITH done AS (
    SELECT b.id, b.tasks, b.golds, b.state, t.*, t.answers - t.gold_answers AS ordinary,
           CASE WHEN t.settled >= 10 THEN o.most - t.saved::float / t.settled ELSE (o.least + o.most) / 2.0 END AS each
    FROM batch b, LATERAL (
        SELECT coalesce(sum(answers), 0) AS answers, coalesce(sum(gold_answers), 0) AS gold_answers,
               coalesce(sum(settled), 0) AS settled, coalesce(sum(saved), 0) AS saved
        FROM tally WHERE batch_id = b.id
    ) t, LATERAL (
        SELECT (b.spec -> 'overlap' ->> 'least')::int AS least, (b.spec -> 'overlap' ->> 'most')::int AS most
    ) o
    WHERE b.id = $1
), worker AS (
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY gold_cursor) AS gold_cursor FROM (
        SELECT gold_cursor FROM participation WHERE batch_id = $1 AND answers > 0 ORDER BY joined_at DESC LIMIT 200
    ) latest
)
SELECT done.golds, done.state, done.ordinary, done.gold_answers, done.settled < done.tasks AS going_on,
       greatest(done.tasks * each - ordinary, done.tasks - settled)::float AS remain,
       (SELECT coalesce(sum(greatest(seats, each - answers - leased)), 0)::float FROM task
        WHERE batch_id = $1 AND open AND gold IS NOT NULL) AS left,
       (SELECT count(*) FROM (
           SELECT FROM task WHERE batch_id = $1 AND open AND gold IS NOT NULL
             AND id > coalesce((SELECT gold_cursor FROM worker), 0) LIMIT {LEAST_FRESH}
       ) fresh) AS fresh,
       (SELECT count(*) FROM suspension WHERE batch_id = $1 AND ruling IS NULL) AS suspended
FROM done
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class GoldSupply:
    """How the golds of a batch stand."""

    short: bool
    """They will not last."""
    left: int
    """Answers that golds may still get, about."""
    asked: int
    """Answers to golds that the ordinary answers which remain will ask for, about."""
    fresh: int
    """Golds that a usual worker has never met; LEAST_FRESH stands for that many or more."""
    suspended: int
    """Golds that wait for somebody to decide whether they are right."""


async def gold_supply(tx: Tx, batch_id: int) -> GoldSupply:
    """How the golds of a batch that is there stand now."""
    row = await tx.row(_SUPPLY, batch_id)
    assert row is not None
    remain, ordinary = row["remain"], row["ordinary"]
    rate = LEAST_RATE
    if ordinary and ordinary >= _TELLING * (ordinary + remain):
        rate = max(rate, row["gold_answers"] / ordinary)
    asked = rate * remain
    going_on = row["golds"] > 0 and row["going_on"] and row["state"] != "closed"
    too_few = row["left"] < _SHORT * asked or (row["fresh"] < LEAST_FRESH and remain >= _MANY)
    return GoldSupply(going_on and too_few, round(row["left"]), round(asked), row["fresh"], row["suspended"])
