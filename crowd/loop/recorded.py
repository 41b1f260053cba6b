"""What became of an answer, as its worker is told: what it earned and taught, or why it was not taken."""

from dataclasses import dataclass
from enum import Enum

from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.golds.rate import LEARNING
from crowd.kinds.base import Json
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a worker is told of a gold they have just answered, while they learn."""

    payload: Json
    right: Json
    explanation: dict[str, str]
    """Per locale."""
    lease_id: int
    """It tells in what form the worker saw the task."""
    contested: bool = False
    """The worker has said that the gold is wrong."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that is recorded: what its worker is told of it."""

    locale: str
    """Of the worker's screens."""
    spec: BatchSpec
    earned: int
    """Micro-units of `spec.currency`."""
    done: int
    """Answers of this worker in this batch so far."""
    lesson: Lesson | None
    """Set when a gold was answered wrong by one who is still learning."""


class Refused(Enum):
    """The answer was not recorded, and why."""

    ANSWERED = "answered"
    """It was recorded before: nothing is lost, nothing counts twice."""
    EXPIRED = "expired"
    """The task went to somebody else since."""
    WITHDRAWN = "withdrawn"
    """The worker passed it on, or the batch was closed."""
    OVER = "over"
    """It was an answer to be mended, and the time for that is over."""
    UNKNOWN = "unknown"
    """Never in this worker's hands."""


def lesson_of(
    payload: Json, gold: Json, verdict: float | None, golds_before: int, lease_id: int, *, contested: bool = False
) -> Lesson | None:
    """What a worker is told of a gold that they answered wrong, of the first few."""
    if verdict is None or verdict == 1 or golds_before >= LEARNING:
        return None
    return Lesson(payload, gold["value"], gold.get("explanation") or {}, lease_id, contested)


_NEWEST = """
SELECT a.batch_id, a.price, a.verdict, w.locale, t.payload, t.gold, b.digest, p.answers, r.golds, r.trial_from,
       EXISTS (SELECT FROM contest WHERE task_id = a.task_id AND worker_id = w.id) AS contested
FROM worker w
CROSS JOIN LATERAL (
    SELECT * FROM (SELECT * FROM answer WHERE worker_id = w.id ORDER BY id DESC LIMIT 20) late_ones_too
    ORDER BY answered_at DESC, id DESC LIMIT 1
) a
JOIN task t ON t.id = a.task_id
JOIN batch b ON b.id = a.batch_id
JOIN participation p ON p.worker_id = w.id AND p.batch_id = b.id
JOIN track r ON r.worker_id = w.id AND r.kind = b.kind AND r.language = b.language
WHERE w.person_id = $1 AND a.id = $2
"""


async def newest_answer(tx: Tx, person_id: int, lease_id: int) -> tuple[int, Recorded] | None:
    """What a person was told of the answer to a lease, with its batch, while it is the last they gave; else None."""
    row = await tx.row(_NEWEST, person_id, lease_id)
    if row is None:
        return None
    return row["batch_id"], Recorded(
        locale=row["locale"],
        spec=await spec_of(tx, row["batch_id"], row["digest"]),
        earned=row["price"],
        done=row["answers"],
        lesson=(
            None
            if row["trial_from"] is not None
            else lesson_of(
                row["payload"], row["gold"], row["verdict"], row["golds"] - 1, lease_id, contested=row["contested"]
            )
        ),
    )


_WHY_NOT = """
SELECT
    EXISTS (SELECT FROM answer a JOIN worker w ON w.id = a.worker_id WHERE a.id = $1 AND w.person_id = $2) AS answered,
    (SELECT CASE WHEN b.state = 'closed' THEN 'withdrawn' ELSE p.way END
     FROM passed p JOIN worker w ON w.id = p.worker_id JOIN batch b ON b.id = p.batch_id
     WHERE p.lease_id = $1 AND w.person_id = $2) AS way,
    (SELECT r.outcome FROM redo r JOIN worker w ON w.id = r.worker_id
     WHERE r.lease_id = $1 AND w.person_id = $2) AS redo
"""

_OF_REDO = {"fixed": Refused.ANSWERED, "expired": Refused.OVER}


async def why_not(tx: Tx, person_id: int, lease_id: int) -> Refused:
    """Why a lease that is not in a person's hands cannot be answered by them."""
    row = await tx.row(_WHY_NOT, lease_id, person_id)
    assert row is not None
    if row["answered"]:
        return Refused.ANSWERED
    if row["redo"] is not None:
        return _OF_REDO.get(row["redo"], Refused.WITHDRAWN)
    if row["way"] is None:
        return Refused.UNKNOWN
    return Refused.EXPIRED if row["way"] == "expired" else Refused.WITHDRAWN
