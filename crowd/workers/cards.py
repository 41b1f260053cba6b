"""The workers of a requester's batches, by their pseudonyms: how much, how well, how fast, for how much."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crowd.batches.life import spec_of
from crowd.kinds import kind_named
from crowd.workers.estimate import Estimate, estimate
from crowd.workers.ladder import Ladder
from crowd.workers.standing import NOTHING, Standing
from db.database import Tx

_TIMED = 50  # newest answers that a worker's median time is taken from
_LOOKED = 500  # answers looked through for those


@dataclass(frozen=True, slots=True)
class BatchWorkerCard:
    """One worker in one batch."""

    worker_id: int
    pseudonym: str
    answers: int
    dont_knows: int
    estimate: Estimate
    """By all they did in this kind and language, whichever the batch."""
    median_ms: int | None
    """Of their newest answers here; late ones, whose time is not known, left out."""
    earned: int
    """In this batch, micro-units of its currency: with what was paid on top, without what is voided."""
    paused_at: datetime | None
    pause_reason: str | None


_BATCH_WORKERS = """
SELECT p.worker_id, w.pseudonym, p.answers, p.dont_knows, r.golds, r."right", r.levels, r.compared,
       r.paused_at, r.refreshed_at, r.trial_from, r.pause_reason, timed.ms AS median_ms, p.digest,
       p.earned + p.topped_up AS earned
FROM (
    SELECT p.*, b.kind, b.language, b.digest FROM participation p JOIN batch b ON b.id = p.batch_id
    WHERE p.batch_id = $1 AND p.answers > 0 AND (p.answers, p.worker_id) < ($2::bigint, $3::bigint)
    ORDER BY p.answers DESC, p.worker_id DESC LIMIT $4
) p
JOIN worker w ON w.id = p.worker_id
LEFT JOIN track r ON r.worker_id = p.worker_id AND r.kind = p.kind AND r.language = p.language
LEFT JOIN LATERAL (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.ms)::int AS ms FROM (
        SELECT ms FROM (
            SELECT * FROM answer WHERE worker_id = p.worker_id ORDER BY id DESC LIMIT $5
        ) a
        WHERE a.batch_id = $1 AND a.ms > 0 LIMIT $6
    ) recent
) timed ON true
ORDER BY p.answers DESC, p.worker_id DESC
"""


async def batch_worker_cards(
    tx: Tx, batch_id: int, *, before: tuple[int, int] | None = None, limit: int = 20
) -> tuple[BatchWorkerCard, ...]:
    """Who worked on a batch, the busiest first.

    `before` is (answers, worker_id) of the last one of the page before.
    """
    rows = await tx.rows(_BATCH_WORKERS, batch_id, *(before or (2**31, 0)), limit, _LOOKED, _TIMED)
    if not rows:
        return ()
    spec = await spec_of(tx, batch_id, rows[0]["digest"])
    chance = kind_named(spec.kind).chance(spec)
    return tuple(
        BatchWorkerCard(
            worker_id=row["worker_id"],
            pseudonym=row["pseudonym"],
            answers=row["answers"],
            dont_knows=row["dont_knows"],
            estimate=estimate_of(row, chance),
            median_ms=row["median_ms"],
            earned=row["earned"],
            paused_at=row["paused_at"],
            pause_reason=row["pause_reason"],
        )
        for row in rows
    )


def estimate_of(track: Mapping[str, Any], chance: float) -> Estimate:
    """From the columns of `track`, which are null where nothing is known of a worker yet."""
    standing = Standing(
        track["golds"] or 0, track["right"] or 0.0, tuple(track["levels"] or NOTHING), track["compared"] or 0
    )
    return estimate(standing, Ladder.of(track), chance)


@dataclass(frozen=True, slots=True)
class Track:
    """What is known of a worker in one kind and language."""

    kind: str
    language: str
    answers: int
    estimate: Estimate
    """Its accuracy is that in the newest of the requester's batches of this kind and language."""


@dataclass(frozen=True, slots=True)
class WorkerCard:
    """One worker, over all batches of a requester."""

    id: int
    pseudonym: str
    batches: int
    answers: int
    joined_at: datetime
    """The first of these batches."""
    tracks: tuple[Track, ...]
    """In the kinds and languages of these batches."""


_WORKERS = """
WITH own AS MATERIALIZED (
    SELECT id, kind, language FROM batch WHERE $1::bigint IS NULL OR requester_id = $1
), each AS (
    SELECT p.worker_id, count(*) AS batches, sum(p.answers)::bigint AS answers, min(p.joined_at) AS joined_at
    FROM participation p JOIN own ON own.id = p.batch_id WHERE p.answers > 0 GROUP BY p.worker_id
), page AS (
    SELECT * FROM each WHERE (answers, worker_id) < ($2::bigint, $3::bigint)
    ORDER BY answers DESC, worker_id DESC LIMIT $4
)
SELECT page.worker_id, w.pseudonym, page.batches, page.answers, page.joined_at, coalesce((
    SELECT jsonb_agg(to_jsonb(r) ORDER BY r.answers DESC)
    FROM track r WHERE r.worker_id = page.worker_id AND r.answers > 0
      AND (r.kind, r.language) IN (SELECT kind, language FROM own)
), '[]') AS tracks
FROM page JOIN worker w ON w.id = page.worker_id
ORDER BY page.answers DESC, page.worker_id DESC
"""


_NEWEST = """
SELECT DISTINCT ON (kind, language) kind, language, id, digest FROM batch
WHERE $1::bigint IS NULL OR requester_id = $1 ORDER BY kind, language, id DESC
"""


async def worker_cards(
    tx: Tx, *, requester_id: int | None = None, before: tuple[int, int] | None = None, limit: int = 50
) -> tuple[WorkerCard, ...]:
    """Who worked for a requester (or for anybody), the busiest first.

    `before` is (answers, id) of the last one of the page before.
    """
    rows = await tx.rows(_WORKERS, requester_id, *(before or (2**62, 0)), limit)
    chances = await _chances(tx, requester_id) if rows else {}
    return tuple(
        WorkerCard(
            id=row["worker_id"],
            pseudonym=row["pseudonym"],
            batches=row["batches"],
            answers=row["answers"],
            joined_at=row["joined_at"],
            tracks=tuple(_track(track, chances[track["kind"], track["language"]]) for track in row["tracks"]),
        )
        for row in rows
    )


def _track(row: Mapping[str, Any], chance: float) -> Track:
    return Track(row["kind"], row["language"], row["answers"], estimate_of(row, chance))


async def _chances(tx: Tx, requester_id: int | None) -> dict[tuple[str, str], float]:
    """By kind and language, the chance that a blind guess is right in the newest batch."""
    chances = {}
    for row in await tx.rows(_NEWEST, requester_id):
        spec = await spec_of(tx, row["id"], row["digest"])
        chances[row["kind"], row["language"]] = kind_named(spec.kind).chance(spec)
    return chances
