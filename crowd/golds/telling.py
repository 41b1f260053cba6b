"""Workers are told what becomes of a check that counted for or against them."""

from collections.abc import Sequence

from crowd.batches.spec import BatchSpec
from crowd.golds.verdicts import Changed
from crowd.kinds.base import Json
from db.database import Tx

_TELL = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, $1, $2::jsonb || jsonb_build_object('cleared', told.cleared), $1 || ':' || $3 || ':' || w.id, $4
FROM unnest($5::bigint[], $6::boolean[]) AS told (worker_id, cleared)
JOIN worker w ON w.id = told.worker_id AND w.state = 'active'
ON CONFLICT (key) DO NOTHING
"""


async def tell_of_check(
    tx: Tx, subject: str, task_id: int, spec: BatchSpec, payload: Json, changed: Sequence[Changed]
) -> None:
    """Tell each once; not of a re-test that is under way, whose verdicts are told at its end."""
    told = [each for each in changed if not each.in_trial]
    await tx.run(
        _TELL, subject, {"kind": spec.kind, "payload": payload}, str(task_id), tx.now,
        [each.worker_id for each in told], [each.cleared for each in told],
    )  # fmt: skip
