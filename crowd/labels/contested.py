"""The tasks that divide a batch's workers, the most contested first, and those that somebody decided."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from crowd.agreement.measuring import REVIEWABLE
from crowd.golds.making import MADE, Made, made_from
from crowd.kinds.base import Json
from crowd.labels.review import REVIEW_COLUMNS, Review, review_of
from crowd.labels.so_far import Said
from db.database import Tx


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Somebody gave the task back without an answer."""

    pseudonym: str
    way: str
    """`skipped` or `reported`."""
    reason: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A task that workers disagree about, or that somebody decided."""

    id: int
    key: str
    payload: Json
    label: Json
    confidence: float | None
    withdrawn: bool
    reviewable: bool
    """It gets no more answers."""
    split: tuple[tuple[Json, int], ...]
    """Each answer and how often it was given, the most frequent first; without “I don't know”."""
    dont_know: int
    said: tuple[Said, ...]
    passed: tuple[PassedOn, ...]
    review: Review | None
    """The decision that stands."""
    room: int
    """How many more answers it, or a gold made of it, may get; none when the batch is closed."""
    made: Made | None
    """The gold that was made of it."""
    evidence: Json
    """What its answers add up to."""
    likeness: float
    """How alike answers of the batch are; see `crowd.kinds.base.Kind.consensus`."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some of the cases, in their order."""

    cases: tuple[Case, ...]
    total: int
    """Of the list; of the contested tasks no more than a thousand are listed."""
    more: int | None
    """Hand this in as `start`, or `before`, for the next page; None on the last."""


_CASES = f"""
SELECT t.id, t.key, t.payload, t.label, t.confidence, t.withdrawn_at IS NOT NULL AS withdrawn,
       {REVIEWABLE.format(closed="b.state = 'closed'")} AS reviewable,
       CASE WHEN b.state = 'closed' THEN 0
            ELSE greatest(0, (b.spec -> 'overlap' ->> 'most')::int - t.answers - t.leased) END AS room,
       t.evidence, b.likeness, said.answers, said.split, said.dont_know, coalesce(back.passed, '[]') AS passed
FROM unnest($2::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN task t USING (id) JOIN batch b ON b.id = t.batch_id
LEFT JOIN (
    SELECT p.task_id, jsonb_agg(jsonb_build_array(w.pseudonym, p.way, p.reason) ORDER BY p.lease_id) AS passed
    FROM passed p JOIN worker w ON w.id = p.worker_id
    WHERE p.batch_id = $1 AND p.way IN ('skipped', 'reported') AND p.task_id = ANY($2)
    GROUP BY p.task_id
) back ON back.task_id = t.id
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_array(w.pseudonym, a.value, a.ms) ORDER BY a.id), '[]') AS answers,
           count(*) FILTER (WHERE a.value IS NULL) AS dont_know,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(value, times) ORDER BY times DESC, value), '[]') FROM (
               SELECT value, count(*) AS times FROM answer WHERE task_id = t.id AND value IS NOT NULL GROUP BY value
           ) each) AS split
    FROM answer a JOIN worker w ON w.id = a.worker_id WHERE a.task_id = t.id
) said
WHERE t.batch_id = $1 AND t.gold IS NULL
ORDER BY wanted.place
"""  # noqa: S608

_REVIEWS = f"SELECT {REVIEW_COLUMNS} FROM review r WHERE r.task_id = ANY($1) AND r.undone_at IS NULL"  # noqa: S608

_MADE = f"{MADE} WHERE m.source_id = ANY($1)"

_CONTESTED = """
SELECT t.id FROM agreement a, unnest(a.contested) WITH ORDINALITY AS listed (id, place) JOIN task t USING (id)
WHERE a.batch_id = $1 AND t.reviewed_at IS NULL ORDER BY listed.place
"""

_DECIDED = (
    "SELECT id, task_id FROM review WHERE batch_id = $1 AND undone_at IS NULL AND id < $2 ORDER BY id DESC LIMIT $3"
)


async def contested(tx: Tx, batch_id: int, *, start: int = 0, limit: int = 20) -> CasePage:
    """The contested tasks that nobody decided, from the `start`th on, as of when agreement was last measured."""
    waiting = await contested_ids(tx, batch_id)
    more = start + limit if start + limit < len(waiting) else None
    return CasePage(await _cases(tx, batch_id, waiting[start : start + limit]), len(waiting), more)


async def contested_ids(tx: Tx, batch_id: int) -> list[int]:
    """The same, their ids alone."""
    return [row["id"] for row in await tx.rows(_CONTESTED, batch_id)]


async def decided(tx: Tx, batch_id: int, *, before: int | None = None, limit: int = 20) -> CasePage:
    """The tasks that somebody decided, the latest first."""
    rows = await tx.rows(_DECIDED, batch_id, before or 2**62, limit + 1)
    total = await tx.value("SELECT count(*) FROM review WHERE batch_id = $1 AND undone_at IS NULL", batch_id)
    more = rows[limit - 1]["id"] if len(rows) > limit else None
    return CasePage(await _cases(tx, batch_id, [row["task_id"] for row in rows[:limit]]), total, more)


async def case_of(tx: Tx, batch_id: int, task_id: int) -> Case | None:
    """One task; None when it is none of the batch, or a gold."""
    found = await _cases(tx, batch_id, [task_id])
    return found[0] if found else None


async def _cases(tx: Tx, batch_id: int, ids: Sequence[int]) -> tuple[Case, ...]:
    reviews = {row["task_id"]: review_of(row) for row in await tx.rows(_REVIEWS, list(ids))}
    made = {row["source_id"]: made_from(row) for row in await tx.rows(_MADE, list(ids))}
    rows = await tx.rows(_CASES, batch_id, list(ids))
    return tuple(_case(row, reviews.get(row["id"]), made.get(row["id"])) for row in rows)


def _case(row: asyncpg.Record, review: Review | None, made: Made | None) -> Case:
    return Case(
        id=row["id"],
        key=row["key"],
        payload=row["payload"],
        label=row["label"],
        confidence=row["confidence"],
        withdrawn=row["withdrawn"],
        reviewable=row["reviewable"],
        split=tuple((value, times) for value, times in row["split"]),
        dont_know=row["dont_know"],
        said=tuple(Said(*each) for each in row["answers"]),
        passed=tuple(PassedOn(*each) for each in row["passed"]),
        review=review,
        room=row["room"],
        made=made,
        evidence=row["evidence"],
        likeness=row["likeness"],
    )
