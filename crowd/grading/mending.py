"""What a grade took back is given back, when what the answer was held against is not known to be right any more.

A gold may be suspended, or another answer ruled to be right. Where an answer would be graded down by that as well, it
stays as it is.
"""

from crowd import audit
from crowd.appeals.settling import give_back, lock_its_worker
from crowd.appeals.states import Outcome
from crowd.batches.life import spec_of
from crowd.grading.grading import GRADER, share_of
from crowd.grading.known import KNOWN
from crowd.kinds.grades import WHOLE
from db.database import Database, Tx

_CHANGED = f"""
SELECT v.id, v.batch_id, b.digest, a.value, a.price, n.amount, {KNOWN} AS known
FROM voiding v JOIN voided_answer n ON n.voiding_id = v.id JOIN answer a ON a.id = n.answer_id
JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = v.batch_id
WHERE v.ground = 'graded' AND v.settled_at IS NULL AND (v.outcome IS NULL OR v.outcome = 'refused')
  AND {KNOWN} IS DISTINCT FROM v.graded_by AND {{which}}
"""  # noqa: S608

_ALL = _CHANGED.format(which="true ORDER BY v.id")
_ONE = _CHANGED.format(which="v.id = $1 FOR NO KEY UPDATE OF v")

_END = "UPDATE voiding SET outcome = $2, ended_at = $3, settled_at = $3 WHERE id = $1"


async def mend_grades(database: Database) -> int:
    """Give back what mistaken grades took; how many there were."""
    async with database.reading() as tx:
        changed = [row["id"] for row in await tx.rows(_ALL)]
    mended = 0
    for voiding_id in changed:
        async with database.transaction() as tx:
            mended += await _mend(tx, voiding_id)
    return mended


async def _mend(tx: Tx, voiding_id: int) -> bool:
    await lock_its_worker(tx, voiding_id)
    row = await tx.row(_ONE, voiding_id)
    if row is None:
        return False
    if row["known"] is not None:
        share = share_of(await spec_of(tx, row["batch_id"], row["digest"]), row["value"], row["known"])
        if row["price"] * (WHOLE - share) // WHOLE >= row["amount"]:
            return False
    await tx.run(_END, voiding_id, Outcome.MISTAKEN, tx.now)
    await give_back(tx, voiding_id)
    await audit.note(tx, GRADER, "money.unvoid", voiding_id, {"outcome": Outcome.MISTAKEN})
    return True
