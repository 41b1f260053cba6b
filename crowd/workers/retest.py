"""The appeal against a pause: a blind re-test on golds that the worker has never met, mixed into paid work."""

from dataclasses import dataclass
from datetime import datetime

from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.parity.frozen import FROZEN
from crowd.workers.ladder import NEXT_TRIAL
from crowd.workers.standing import NOTHING
from db.database import Tx

LEAST_FRESH = 8
"""Golds that a worker has not met, without which a batch gives no re-test: fewer could hardly clear anybody."""

_MOST = 5  # batches named


@dataclass(frozen=True, slots=True)
class Retests:
    """What a paused worker can do about it."""

    batches: tuple[tuple[int, BatchSpec], ...]
    """Where a re-test can begin now."""
    next_at: datetime | None
    """When the next one may begin, where that is all that is in the way."""


_WHERE = f"""
SELECT b.id, b.digest, b.kind, b.language, r.trial_at + $2::interval AS next_at
FROM track r
JOIN batch b ON b.kind = r.kind AND b.language = r.language AND b.state = 'open'
LEFT JOIN participation p ON p.worker_id = r.worker_id AND p.batch_id = b.id
WHERE r.worker_id = $1 AND r.paused_at IS NOT NULL
  AND EXISTS (SELECT FROM worker_language WHERE worker_id = $1 AND language = b.language)
  AND (SELECT count(*) FROM (
      SELECT FROM task WHERE batch_id = b.id AND open AND gold IS NOT NULL AND id > coalesce(p.gold_cursor, 0)
      LIMIT {LEAST_FRESH}
  ) fresh) = {LEAST_FRESH}
  AND EXISTS (SELECT FROM task WHERE batch_id = b.id AND open AND gold IS NULL)
  AND NOT {FROZEN.format(part="p")}
ORDER BY b.id DESC LIMIT $3
"""  # noqa: S608

_BEGIN = """
UPDATE track SET
    paused_at = NULL, pause_reason = NULL, trial_at = $2, trial_from = track.golds, levels = $3, evidence = 0
FROM batch b
WHERE track.worker_id = $1 AND b.id = $4 AND track.kind = b.kind AND track.language = b.language
  AND track.paused_at IS NOT NULL
"""


async def retests(tx: Tx, worker_id: int) -> Retests:
    """Where a worker who is paused can be tested anew, the newest batches first."""
    rows = await tx.rows(_WHERE, worker_id, NEXT_TRIAL, _MOST)
    now = [row for row in rows if row["next_at"] is None or row["next_at"] <= tx.now]
    later = [row["next_at"] for row in rows if row not in now]
    batches = [(row["id"], await spec_of(tx, row["id"], row["digest"])) for row in now]
    return Retests(tuple(batches), min(later) if later and not now else None)


async def begin_retest(tx: Tx, worker_id: int, batch_id: int) -> bool:
    """Begin a re-test; False when the worker is not paused there, or it is too early, or golds are missing.

    Their row must be locked. Evidence begins anew; work goes on as for anybody, with a gold as every second task, until
    the same test that paused them clears them, or pauses them again, or golds enough are answered.
    """
    found = await retests(tx, worker_id)
    if batch_id not in {known for known, _ in found.batches}:
        return False
    return await tx.run(_BEGIN, worker_id, tx.now, list(NOTHING), batch_id) == 1
