"""The money of one answer is not voided, for a reason of staff's own, before its worker could mend it."""

from crowd.redos.asking import SENDABLE
from crowd.sentences import Sentence, say
from db.database import Tx

_KNOWN = f"""
SELECT r.answer_id IS NOT NULL AS asked, r.ended_at IS NOT NULL AS ended, {SENDABLE} AS sendable
FROM answer a JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = a.batch_id JOIN worker w ON w.id = a.worker_id
LEFT JOIN redo r ON r.answer_id = a.id
WHERE a.id = $1
"""  # noqa: S608


async def before_voiding(tx: Tx, answer_id: int) -> Sentence | None:
    """What is to be done before, if anything: not where the answer cannot go back, or has been back."""
    row = await tx.row(_KNOWN, answer_id)
    if row is None or row["ended"]:
        return None
    if row["asked"]:
        return say("it was sent back, and its worker can still fix it: wait until they did, left it, or are too late")
    if not row["sendable"]:
        return None
    return say("send it back first: its worker can fix it once, before its money is taken")
