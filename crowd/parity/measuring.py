"""The golds that workers of a batch met, and in which language they had read what to do."""

from collections.abc import Mapping
from datetime import datetime

import asyncpg

from crowd.batches.reading import reads
from crowd.batches.spec import BatchSpec
from crowd.packs.timing import MEASURED_MS
from crowd.parity.departing import Met
from db.database import Tx

_ANSWERED = f"""
SELECT a.task_id, a.worker_id, p.read_in, w.locale, a.verdict, a.answered_at AS at,
       {MEASURED_MS.format(answer="a", unknown=0)} AS ms, false AS passed
FROM task t JOIN answer a ON a.task_id = t.id
JOIN participation p ON p.worker_id = a.worker_id AND p.batch_id = t.batch_id AND p.read_in IS NOT NULL
JOIN worker w ON w.id = a.worker_id
WHERE t.id BETWEEN b.first_task AND b.last_task AND t.gold IS NOT NULL AND t.suspended_at IS NULL AND t.answers > 0
"""  # noqa: S608

# Who stops gives back what is in their hands, and who has enough of a pack its rest: it says nothing of the task.
_PASSED = """
SELECT o.task_id, o.worker_id, p.read_in, w.locale, NULL AS verdict, o.at, 0 AS ms, true AS passed
FROM passed o JOIN task t ON t.id = o.task_id AND t.gold IS NOT NULL AND t.suspended_at IS NULL
JOIN participation p ON p.worker_id = o.worker_id AND p.batch_id = o.batch_id AND p.read_in IS NOT NULL
JOIN worker w ON w.id = o.worker_id
WHERE o.batch_id = b.id AND o.way IN ('skipped', 'reported') AND coalesce(o.reason, '') NOT IN ('stopped', 'pack')
"""

_MET = f"""
SELECT met.* FROM batch b, LATERAL ({_ANSWERED} UNION ALL {_PASSED}) met WHERE b.id = $1
ORDER BY met.task_id, met.worker_id
"""  # noqa: S608

_SINCE = """
SELECT language, max(ended_at) AS at FROM parity WHERE batch_id = $1 AND outcome IN ('mended', 'sound')
GROUP BY language
"""


async def since(tx: Tx, batch_id: int) -> dict[str, datetime]:
    """From when on answers count, of languages whose flags a person ended: what they knew of raises no other."""
    return {row["language"]: row["at"] for row in await tx.rows(_SINCE, batch_id)}


async def golds_met(tx: Tx, batch_id: int, spec: BatchSpec, begins: Mapping[str, datetime]) -> list[Met]:
    """What there is to compare. Who reads another language by now than when they began is left out: they know both."""
    return [_met(row) for row in await tx.rows(_MET, batch_id) if _counts(row, spec, begins)]


def _met(row: asyncpg.Record) -> Met:
    return Met(row["task_id"], row["worker_id"], row["read_in"], row["verdict"], row["ms"], row["passed"])


def _counts(row: asyncpg.Record, spec: BatchSpec, begins: Mapping[str, datetime]) -> bool:
    begin = begins.get(row["read_in"])
    if begin is not None and row["at"] <= begin:
        return False
    read: str = row["read_in"]
    return reads(row["locale"], spec.instructions, spec.language) == read
