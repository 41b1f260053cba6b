"""What a fit says of workers, put beside what the hot path has made of them since its answers were read.

The hot path adds to what an answer shows while a fit is under way, so the fit adds differences too, to rows that it
locks in the order of everybody: whatever comes first, both count, once.
"""

from collections.abc import Collection, Mapping, Sequence

from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import Fit
from crowd.money.holds import end_holds, proven
from crowd.parity.frozen import frozen_workers
from crowd.workers.ladder import Ladder, Step, step_after
from crowd.workers.standing import Standing
from db.database import Tx

_LEAST = 0.05
"""A difference smaller than this at every level is let be."""

_LOCK = "SELECT id FROM worker WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"

_TRACKS = """
SELECT worker_id, golds, "right", levels, compared, paused_at, refreshed_at, trial_from
FROM track WHERE worker_id = ANY($1::bigint[]) AND kind = $2 AND language = $3
"""

_PUT = """
WITH told AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb)
        AS told (worker_id bigint, shown float[], levels float[], compared int, evidence float, step text)
), here AS (
    UPDATE participation SET shown = told.shown
    FROM told WHERE participation.worker_id = told.worker_id AND batch_id = $1
)
UPDATE track SET
    levels = told.levels, compared = told.compared, evidence = told.evidence,
    paused_at = CASE WHEN told.step IS NULL THEN paused_at ELSE $5 END,
    pause_reason = coalesce(told.step, pause_reason)
FROM told WHERE track.worker_id = told.worker_id AND kind = $3 AND language = $4
"""


async def lock_workers(tx: Tx, workers: Collection[int]) -> None:
    """Lock workers' rows until the transaction ends; they wait with their next answer."""
    await tx.run(_LOCK, list(workers))


async def judge_anew(tx: Tx, batch_id: int, spec: BatchSpec, fit: Fit, before: Mapping[int, Sequence[float]]) -> int:
    """Put what a fit says in the place of what was `before`, when its answers were read; how many workers it pauses.

    `before` has log likelihoods by worker, of answers to this batch. The workers' rows must be locked.
    """
    more = {
        worker: [new - old for new, old in zip(fit.levels[worker], before[worker], strict=True)]
        for worker in fit.levels.keys() & before.keys()
    }
    frozen = await frozen_workers(tx, batch_id)
    more = {w: change for w, change in more.items() if w not in frozen and max(map(abs, change)) >= _LEAST}
    chance = kind_named(spec.kind).chance(spec)
    shown = {
        row["worker_id"]: row["shown"]
        for row in await tx.rows(
            "SELECT worker_id, shown FROM participation WHERE batch_id = $1 AND worker_id = ANY($2::bigint[])",
            batch_id, list(more),
        )
    }  # fmt: skip
    told, proven_now = [], []
    for row in await tx.rows(_TRACKS, list(more), spec.kind, spec.language):
        worker, ladder = row["worker_id"], Ladder.of(row)
        compared = max(row["compared"], fit.compared[worker])
        after = Standing(row["golds"], row["right"], tuple(_sum(row["levels"], more[worker])), compared)
        before_it = Standing(row["golds"], row["right"], tuple(row["levels"]), row["compared"])
        if proven(after, chance) and not proven(before_it, chance):
            proven_now.append(worker)
        pauses = step_after(after, ladder, chance, fitted=True) is Step.PAUSE
        told.append(
            {
                "worker_id": worker,
                "shown": _sum(shown[worker], more[worker]),
                "levels": after.levels,
                "compared": compared,
                "evidence": after.evidence(chance),
                "step": "evidence" if pauses else None,
            }
        )
    if told:
        await tx.run(_PUT, batch_id, told, spec.kind, spec.language, tx.now)
        await end_holds(tx, proven_now, spec.kind, spec.language)
    return sum(each["step"] is not None for each in told)


def _sum(some: Sequence[float], more: Sequence[float]) -> list[float]:
    return [one + other for one, other in zip(some, more, strict=True)]
