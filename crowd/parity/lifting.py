"""Pauses that rest on golds which a flag now stands on are taken back: the instructions are to blame first."""

from collections.abc import Collection, Sequence

import asyncpg

from crowd.appeals.settling import give_back_for_golds
from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.parity.frozen import IS_FROZEN
from crowd.workers.rejudging import lock_workers
from crowd.workers.standing import NOTHING, Standing
from db.database import Tx

LIFTED = "parity"
"""The subject of the notice."""

_READERS = "SELECT worker_id FROM participation WHERE batch_id = $1 AND read_in = ANY($2)"

# A re-test began with no evidence, so of who had one it is not known what this batch has added.
_PAUSED = f"""
SELECT r.worker_id, r.golds, r."right", r.levels, r.compared, p.shown, here.golds AS golds_here,
       here."right" AS right_here
FROM participation p JOIN track r ON r.worker_id = p.worker_id AND r.kind = $3 AND r.language = $4, LATERAL (
    SELECT count(*) AS golds, coalesce(sum(verdict), 0) AS "right" FROM answer a
    WHERE a.worker_id = p.worker_id AND a.batch_id = $1 AND a.verdict IS NOT NULL
      AND NOT {IS_FROZEN.format(answer="a")}
) here
WHERE p.batch_id = $1 AND p.read_in = $2 AND r.paused_at IS NOT NULL AND r.pause_reason = 'evidence'
  AND r.trial_at IS NULL AND here.golds > 0
"""  # noqa: S608

_LIFT = """
WITH told AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb)
        AS told (worker_id bigint, golds int, "right" float, levels float[], evidence float)
), here AS (
    UPDATE participation SET shown = $5 FROM told
    WHERE participation.worker_id = told.worker_id AND batch_id = $1
), still AS (
    INSERT INTO frozen_answer (batch_id, answer_id, worker_id)
    SELECT $1, a.id, a.worker_id FROM told JOIN answer a ON a.worker_id = told.worker_id AND a.batch_id = $1
    ON CONFLICT DO NOTHING
)
UPDATE track SET
    golds = told.golds, "right" = told.right, levels = told.levels, evidence = told.evidence,
    paused_at = NULL, pause_reason = NULL, refreshed_at = NULL
FROM told WHERE track.worker_id = told.worker_id AND kind = $3 AND language = $4
"""

_TELL = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, $1, $2, $1 || ':' || $3::text || ':' || w.id, $4 FROM worker w
WHERE w.id = ANY($5::bigint[]) AND w.state = 'active'
ON CONFLICT (key) DO NOTHING
"""


async def lock_readers(tx: Tx, batch_id: int, languages: Collection[str]) -> None:
    """Lock all who began a batch with the instructions in these languages, before all else that is locked."""
    if languages:
        readers = await tx.rows(_READERS, batch_id, list(languages))
        await lock_workers(tx, [row["worker_id"] for row in readers])


async def lift_pauses(tx: Tx, batch_id: int, spec: BatchSpec, language: str, flag_id: int) -> list[int]:
    """Open the work again of who was paused, and would not be without this batch; and tell them. Who that is.

    What the batch had added to their records is taken out, for good; what was voided for those golds goes back. The
    readers must be locked.
    """
    rows = await tx.rows(_PAUSED, batch_id, language, spec.kind, spec.language)
    chance = kind_named(spec.kind).chance(spec)
    told = []
    for row in rows:
        after = _without(row)
        if not after.to_be_paused(chance, fitted=True):
            told.append(
                {
                    "worker_id": row["worker_id"], "golds": after.golds, "right": after.right, "levels": after.levels,
                    "evidence": after.evidence(chance),
                }
            )  # fmt: skip
    lifted = [each["worker_id"] for each in told]
    if lifted:
        await tx.run(_LIFT, batch_id, told, spec.kind, spec.language, list(NOTHING))
        await give_back_for_golds(tx, lifted, spec.kind, spec.language)
        await tx.run(_TELL, LIFTED, {"title": spec.title or {}, "name": spec.name}, str(flag_id), tx.now, lifted)
    return lifted


def _without(row: asyncpg.Record) -> Standing:
    """A record without what this batch has shown."""
    return Standing(
        max(0, row["golds"] - row["golds_here"]),
        max(0.0, row["right"] - row["right_here"]),
        _less(row["levels"], row["shown"]),
        row["compared"],
    )


def _less(some: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    return tuple(one - two for one, two in zip(some, other, strict=True))
