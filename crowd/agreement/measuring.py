"""The agreement in a batch, measured from all its answers, and kept until there are others.

Counting is the database's work, in one walk along the answers; what comes back grows with the different ways in which
tasks were answered, not with the tasks.
"""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from crowd.agreement.computing import Group, figures_of
from crowd.agreement.figures import Figures
from crowd.batches.life import DECISIONS, spec_of
from crowd.batches.spec import BatchSpec
from crowd.elsewhere import elsewhere
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from db.database import Database, Tx

LARGEST = 1_000_000
"""Answers that are counted, about: of a larger batch, those to its first tasks, in the random order of import."""

SMALL = 20_000
"""A batch of so many answers is measured anew for each look at it; a larger one when it grew by FRESH."""

FRESH = 0.1

CONTESTED = 1000
"""Tasks that are kept as the most contested."""

_SAMPLE_TASKS = 150
_SAMPLE_CHARACTERS = 30_000
"""Of free answers, all pairs of which are compared: so many of the first tasks, so much text."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement in a batch, as last measured."""

    figures: Figures
    answers: int
    """That there were then."""
    measured_at: datetime


_STATE = f"""
SELECT b.id, b.digest, b.first_task, b.last_task, b.state = 'closed' AS closed, b.fitted_answers, done.answers,
       told.reviews, a.answers AS knew, a.measured_at, a.figures,
       a.batch_id IS NOT NULL AND (a.answers, a.fitted_answers, a.reviews, a.closed)
           = (done.answers, b.fitted_answers, told.reviews, b.state = 'closed') AS exact
FROM batch b LEFT JOIN agreement a ON a.batch_id = b.id, LATERAL (
    SELECT coalesce(sum(answers), 0)::int AS answers FROM tally WHERE batch_id = b.id
) done, LATERAL (
    SELECT {DECISIONS} AS reviews
) told
WHERE b.id = $1
"""  # noqa: S608

_DUE = """
SELECT b.id FROM batch b LEFT JOIN agreement a ON a.batch_id = b.id, LATERAL (
    SELECT coalesce(sum(answers), 0) AS answers FROM tally WHERE batch_id = b.id
) done
WHERE done.answers > 0 AND (a.batch_id IS NULL OR done.answers >= a.answers * (1 + $1::float)
      AND done.answers > a.answers OR a.closed <> (b.state = 'closed')
      OR a.closed AND a.fitted_answers <> b.fitted_answers)
ORDER BY b.id
"""

# The database counts how each option was said to each task, as one number: option * 1024 + times; option 0 is
# “I don't know”. A task divides workers by the entropy of its answers, and is in doubt by that of its confidence.
_COUNT = """
WITH each AS (
    SELECT task_id, coalesce(array_position($3::jsonb[], value), 0) AS option, count(*)::int AS times
    FROM answer WHERE task_id BETWEEN $1 AND $2 GROUP BY task_id, value
), said AS MATERIALIZED (
    SELECT task_id, array_agg(option * 1024 + times ORDER BY option) AS said,
           ln(sum(times) FILTER (WHERE option > 0)) - sum(times * ln(times)) FILTER (WHERE option > 0)
               / sum(times) FILTER (WHERE option > 0) AS entropy
    FROM each GROUP BY task_id
), told AS MATERIALIZED (
    SELECT t.id, array_position($3, CASE WHEN t.gold IS NULL THEN t.label ELSE t.gold -> 'value' END) AS label,
           t.gold IS NOT NULL AS gold, s.said, s.entropy + CASE
               WHEN coalesce(t.confidence, 0) <= 0 THEN ln(cardinality($3)) WHEN t.confidence >= 1 THEN 0
               ELSE -(t.confidence * ln(t.confidence)
                      + (1 - t.confidence) * ln((1 - t.confidence) / (cardinality($3) - 1))) END AS doubt,
           t.gold IS NULL AND t.reviewed_at IS NULL AND {reviewable}
               AND (s.entropy > 1e-9 OR t.confidence < $5 OR t.withdrawn_at IS NOT NULL OR t.label IS NULL) AS contested
    FROM task t LEFT JOIN said s ON s.task_id = t.id
    WHERE t.id BETWEEN $1 AND $2 AND t.batch_id = $6 AND t.suspended_at IS NULL
)
SELECT coalesce((
    SELECT jsonb_agg(jsonb_build_array(label, gold, said, tasks)) FROM (
        SELECT label, gold, said, count(*) AS tasks FROM told WHERE said IS NOT NULL GROUP BY label, gold, said
    ) groups
), '[]') AS groups,
ARRAY(SELECT id FROM told WHERE contested ORDER BY doubt DESC NULLS FIRST, id LIMIT {most}) AS contested
"""

REVIEWABLE = "(t.settled_at IS NOT NULL OR {closed} AND t.answers > 0)"
"""SQL: whether task `t` of a batch will get no more answers, and somebody may decide it."""

_COUNT_OPTIONS = _COUNT.format(most=CONTESTED, reviewable=REVIEWABLE.format(closed="$4::boolean"))

_FREE = """
SELECT jsonb_agg(a.value ORDER BY a.id) AS said FROM task t JOIN answer a ON a.task_id = t.id
WHERE t.id BETWEEN $1 AND $2 AND t.gold IS NULL AND a.value IS NOT NULL
GROUP BY t.id HAVING count(*) >= 2 ORDER BY t.id LIMIT $3
"""

_UNSURE = """
SELECT t.id FROM task t
WHERE t.id BETWEEN $1 AND $2 AND t.batch_id = $5 AND t.gold IS NULL AND t.reviewed_at IS NULL AND {reviewable}
  AND (t.confidence < $4 OR t.confidence IS NULL)
ORDER BY t.confidence NULLS FIRST, t.id LIMIT {most}
""".format(most=CONTESTED, reviewable=REVIEWABLE.format(closed="$3::boolean"))

_KEEP = """
INSERT INTO agreement (batch_id, answers, fitted_answers, reviews, closed, measured_at, figures, contested)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (batch_id) DO UPDATE SET
    answers = excluded.answers, fitted_answers = excluded.fitted_answers, reviews = excluded.reviews,
    closed = excluded.closed, measured_at = excluded.measured_at, figures = excluded.figures,
    contested = excluded.contested
WHERE agreement.answers <= excluded.answers
"""


async def agreement_of(database: Database, batch_id: int) -> Agreement:
    """The agreement in a batch that is there, measured now unless it is known.

    Of a large batch it may be that of ten in eleven of its answers.
    """
    async with database.reading() as tx:
        state = await tx.row(_STATE, batch_id)
    assert state is not None
    grown = state["knew"] is None or state["answers"] >= state["knew"] * (1 + FRESH)
    if state["exact"] or (state["answers"] > SMALL and not grown):
        return Agreement(Figures.model_validate(state["figures"]), state["knew"], state["measured_at"])
    return await _measure(database, batch_id)


async def measure_due(database: Database) -> int:
    """Measure every batch that has had many answers since it last was, or was closed; how many there were."""
    async with database.reading() as tx:
        due = [row["id"] for row in await tx.rows(_DUE, FRESH)]
    for batch_id in due:
        await _measure(database, batch_id)
    return len(due)


async def _measure(database: Database, batch_id: int) -> Agreement:
    async with database.reading() as tx:
        state = await tx.row(_STATE, batch_id)
        assert state is not None
        spec = await spec_of(tx, batch_id, state["digest"])
        last = min(state["last_task"], state["first_task"] + LARGEST // spec.overlap.least)
        counting = _count_options if kind_named(spec.kind).possible(spec) else _count_free
        groups, contested, sampled = await counting(tx, spec, state, last)
    figures = await elsewhere(figures_of, spec, groups, sampled=sampled or last < state["last_task"])
    async with database.transaction() as tx:
        await tx.run(
            _KEEP, batch_id, state["answers"], state["fitted_answers"], state["reviews"], state["closed"], tx.now,
            figures.model_dump(mode="json"), contested,
        )  # fmt: skip
        return Agreement(figures, state["answers"], tx.now)


_Counted = tuple[list[Group], list[int], bool]


async def _count_options(tx: Tx, spec: BatchSpec, state: asyncpg.Record, last: int) -> _Counted:
    options: list[Json] = [None, *kind_named(spec.kind).possible(spec)]
    row = await tx.row(
        _COUNT_OPTIONS, state["first_task"], last, options[1:], state["closed"], spec.overlap.sure, state["id"]
    )
    assert row is not None
    groups = [
        Group(options[label or 0], gold, tuple((options[each >> 10], each & 1023) for each in said), tasks)
        for label, gold, said, tasks in row["groups"]
    ]
    return groups, row["contested"], False


async def _count_free(tx: Tx, spec: BatchSpec, state: asyncpg.Record, last: int) -> _Counted:
    closed, asked = state["closed"], spec.overlap.sure
    unsure = await tx.rows(_UNSURE, state["first_task"], last, closed, asked, state["id"])
    rows = await tx.rows(_FREE, state["first_task"], last, _SAMPLE_TASKS + 1)
    groups: list[Group] = []
    characters = 0
    for row in rows[:_SAMPLE_TASKS]:
        characters += sum(len(str(value)) for value in row["said"])
        if groups and characters > _SAMPLE_CHARACTERS:
            break
        groups.append(Group(None, gold=False, said=tuple((value, 1) for value in row["said"])))
    return groups, [row["id"] for row in unsure], len(groups) < len(rows)
