"""Picking: the statement that finds the next task, reserves its price and leases it, and what it is told."""

import random
from datetime import datetime, timedelta

import asyncpg

from crowd.batches.spec import BatchSpec
from crowd.golds.rate import FROZEN_RATE, TRIAL_RATE, gold_rate
from crowd.golds.seats import AHEAD, LEAST_AHEAD, MAY_COME
from crowd.workers.standing import Standing

CONTESTED_FIRST = 0.6
"""So often who can tell is asked about a task that hangs in the balance before any that has too few answers."""

CAN_TELL = 0.5
"""The reliability from which that is done."""

_LOOKED = 50
"""Of the tasks that most want one more answer, so many are looked through for one that the worker never had."""

_TRIED = 16
"""Of those, so many are tried in turn: others may be taking the first ones at the same moment."""

# The last half of a statement, after `WITH`: pick a task, and LEASE it. The braces are parameters.
# A gold takes the turn of another task; where there is none there is nothing to check a worker for, and no gold.
# It has seats like any task, and beyond its least answers comes only as its twin does (`crowd.golds.seats`).
# Tasks below their least answers come in their order (`pick_fresh`); the others by how much they want one more.
_PICK = f"""
turn AS MATERIALIZED (
    SELECT {{wanted}} AND EXISTS (
        SELECT FROM task
        WHERE batch_id = {{batch}} AND open AND gold IS NULL AND wanted IS NULL AND id > {{after}} AND id <= {{upto}}
    ) AS fresh
), near AS (
    SELECT id FROM task
    WHERE {{wanted}} AND batch_id = {{batch}} AND open AND wanted IS NOT NULL AND wanted >= {{least_wanted}}
    ORDER BY wanted DESC LIMIT {_LOOKED}
), unseen AS MATERIALIZED (
    SELECT id FROM near
    WHERE ({{contested_first}} OR NOT (SELECT fresh FROM turn)) AND id <> {{answering}}
      AND NOT EXISTS (SELECT FROM answer WHERE task_id = near.id AND worker_id = {{worker}})
      AND NOT EXISTS (SELECT FROM passed WHERE worker_id = {{worker}} AND task_id = near.id)
      AND NOT EXISTS (SELECT FROM lease WHERE worker_id = {{worker}} AND task_id = near.id)
    LIMIT {_TRIED}
), pick_gold AS (
    SELECT id, payload FROM task t
    WHERE {{want_gold}} AND ((SELECT fresh FROM turn) OR EXISTS (SELECT FROM unseen))
      AND batch_id = {{batch}} AND open AND gold IS NOT NULL AND id > {{gold_after}} AND id <= {{gold_upto}}
      AND (answers + leased < {{gold_least}} OR {MAY_COME})
    ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
), pick_contested AS (
    SELECT id, payload FROM task
    WHERE NOT EXISTS (SELECT FROM pick_gold) AND id = ANY(ARRAY(SELECT id FROM unseen)) AND open AND wanted IS NOT NULL
    ORDER BY wanted DESC LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
), pick_fresh AS (
    SELECT id, payload FROM task
    WHERE {{wanted}} AND NOT EXISTS (SELECT FROM pick_gold) AND NOT EXISTS (SELECT FROM pick_contested)
      AND batch_id = {{batch}} AND open AND gold IS NULL AND wanted IS NULL AND id > {{after}} AND id <= {{upto}}
    ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
), picked AS (
    SELECT id, payload, 'gold' AS way FROM pick_gold
    UNION ALL SELECT id, payload, 'contested' FROM pick_contested
    UNION ALL SELECT id, payload, 'fresh' FROM pick_fresh
)"""  # noqa: S608

# What follows once a task is `picked`: its price is reserved, and it is leased.
# The purse waits for the pick: a purse is shared by many workers, and SKIP LOCKED can still wait for a moment when a
# row's last change commits while it looks, so nothing shared may be held by then.
# With a budget, a part of a purse is kept for tasks below their least answers: others draw on the rest alone.
LEASE = """, purse AS (
    SELECT balance - {paid} - (reserved - {freed})
           - CASE WHEN (SELECT way FROM picked) = 'fresh' THEN 0 ELSE greatest(kept, 0) END >= {price} AS enough
    FROM account
    WHERE id = {escrow} AND (SELECT count(*) FROM picked) >= 0 FOR NO KEY UPDATE
), given AS (
    INSERT INTO lease (task_id, batch_id, worker_id, price, escrow_id, gold, given_at, due_at)
    SELECT picked.id, {batch}, {worker}, {price}, {escrow}, picked.way = 'gold', {now}, {due}
    FROM picked, purse WHERE enough
    RETURNING id, task_id, gold
), reserved AS (
    UPDATE account SET
        reserved = reserved - {freed} + CASE WHEN EXISTS (SELECT FROM given) THEN {price} ELSE 0 END,
        kept = kept - CASE WHEN EXISTS (SELECT FROM given, picked WHERE way = 'fresh') THEN {price} ELSE 0 END
    WHERE id = {escrow}
), seated AS (
    UPDATE task SET seats = seats - 1, open = seats > 1, leased = leased + 1 FROM given WHERE task.id = given.task_id
), moved AS (
    UPDATE participation SET
        cursor = coalesce((SELECT task_id FROM given JOIN picked ON picked.id = task_id WHERE way = 'fresh'), cursor),
        gold_cursor = coalesce((SELECT task_id FROM given WHERE gold), gold_cursor),
        answers = participation.answers + {answered},
        dont_knows = participation.dont_knows + {unknown},
        active_ms = participation.active_ms + {active}, earned = participation.earned + {paid},
        shown = {shown}, habits = {habits},
        skips_in_a_row = CASE WHEN {answered} > 0 THEN 0 ELSE skips_in_a_row END
    WHERE worker_id = {worker} AND batch_id = {batch}
)
SELECT given.id, given.task_id, given.gold, picked.payload, enough OR NOT EXISTS (SELECT FROM picked) AS enough,
       (SELECT way FROM picked) = 'fresh' AS fresh
FROM purse LEFT JOIN given ON true LEFT JOIN picked ON picked.id = given.task_id
"""

PICK = _PICK + LEASE


def wants_gold(
    standing: Standing, answers: int, chance: float, luck: random.Random, *, trial: bool = False, frozen: bool = False
) -> bool:
    """Draw whether the next task is a gold. In a re-test they come more often; `frozen`: they do not count."""
    if frozen:
        return luck.random() < FROZEN_RATE
    return luck.random() < (TRIAL_RATE if trial else gold_rate(standing, answers, chance))


def gold_window(row: asyncpg.Record, *, trial: bool = False) -> tuple[int, int]:
    """Where the next gold may be: ids above the first, up to the second.

    Golds keep about their place among the tasks, so that at no time more of them have come round than of others; only a
    re-test, which is rare, goes on to the end. The row has `gold_cursor`, `cursor`, `front`, `first_task`, `last_task`.
    """
    last: int = row["last_task"]
    come = max(row["cursor"], row["front"])
    upto = last if trial else min(last, come + max(LEAST_AHEAD, round(AHEAD * (last - row["first_task"] + 1))))
    return row["gold_cursor"], upto


def gold_least(spec: BatchSpec, *, trial: bool = False) -> int:
    """Golds with fewer answers and leases come whatever their twins have: in a re-test all that are left."""
    return spec.overlap.most if trial else spec.overlap.least


def contested_first(reliable: float, luck: random.Random) -> bool:
    """Draw whether the next task is one that hangs in the balance, if there is any: for those who can tell."""
    return reliable >= CAN_TELL and luck.random() < CONTESTED_FIRST


def lease_until(spec: BatchSpec, now: datetime, pace_ms: int | None) -> datetime:
    """The longer of what the batch says and three times its measured median pace."""
    return now + max(timedelta(minutes=spec.lease_minutes), timedelta(milliseconds=3 * (pace_ms or 0)))
