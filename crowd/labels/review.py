"""Contested tasks are decided by people: a requester, or staff of theirs.

A decision is the task's label from then on, with confidence 1: no answer and no fit changes it, fits learn from it as
from a gold, and it moves no money. It can be undone. Who decided what and when is kept, also of what was undone.
A gold that was made of the task (`crowd.golds.making`) goes with the decision. In a batch of judges, what it says of
an answer comes back to that answer.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg

from crowd import audit
from crowd.agreement.measuring import REVIEWABLE
from crowd.batches.life import BatchError, spec_of
from crowd.golds.making import drop_made, lock_made, made_of
from crowd.kinds import kind_named
from crowd.kinds.base import ItemError, Json
from crowd.labels.judged import judge_anew
from db.database import Tx

LONGEST_NOTE = 500
"""Characters."""


class Trouble(StrEnum):
    """Why something cannot be reviewed so."""

    GONE = "gone"
    """There is no such task in the batch, or it is a gold."""
    EARLY = "early"
    """The task is still being answered."""
    DECIDED = "decided"
    """Somebody decided it meanwhile."""
    UNDONE = "undone"
    """The decision is no more."""
    LABEL = "label"
    """It is no label of this batch."""
    BUSY = "busy"
    """Somebody just answers, or makes, the gold of the task."""


_SENTENCES = {
    Trouble.GONE: "there is no such task, or it is a gold: golds have their right answer",
    Trouble.EARLY: "this task is still being answered: it can be decided once it is settled, or the batch closed",
    Trouble.DECIDED: "somebody decided this task meanwhile: look at their decision, and undo it first to change it",
    Trouble.LABEL: "no label was chosen",
    Trouble.BUSY: "somebody is answering or making the gold of this task just now: try again",
    Trouble.UNDONE: "this decision was undone, or another made meanwhile: look at the task again",
}


class ReviewError(BatchError):
    """A review that cannot be made or undone. Nothing has changed."""

    def __init__(self, trouble: Trouble, sentence: str | None = None) -> None:
        super().__init__(sentence or _SENTENCES[trouble])
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody decided about a task."""

    id: int
    task_id: int
    label: Json
    """None: it cannot be decided."""
    note: str | None
    reviewer: str
    """As the audit log names them."""
    at: datetime
    label_before: Json
    confidence_before: float | None


REVIEW_COLUMNS = "r.id, r.task_id, r.label, r.note, r.reviewer, r.at, r.label_before, r.confidence_before"

# The row of the task is locked first, as answers and fits do it, then that of the tally. No foreign key leads to the
# batch: its check would lock the batch's row in between, which a closing holds while it waits for tasks.
_TASK = f"""
SELECT t.gold IS NOT NULL AS gold, t.payload, t.label, t.confidence, t.settled_at, t.reviewed_at, b.digest,
       {REVIEWABLE.format(closed="b.state = 'closed'")} AS reviewable
FROM task t JOIN batch b ON b.id = t.batch_id
WHERE t.id = $1 AND t.batch_id = $2 FOR NO KEY UPDATE OF t
"""  # noqa: S608

_LIVE = f"SELECT {REVIEW_COLUMNS}, r.settled FROM review r WHERE r.task_id = $1 AND r.undone_at IS NULL"  # noqa: S608

_DECIDE = """
WITH noted AS (
    INSERT INTO review (task_id, batch_id, label, note, reviewer, at, label_before, confidence_before, settled, audit)
    SELECT id, batch_id, $3, $4, $5, $6, label, confidence, settled_at IS NOT NULL, $9 FROM task WHERE id = $1
), counted AS (
    UPDATE tally SET settled = settled + $7::boolean::int, unsure = unsure - $8::boolean::int
    WHERE batch_id = $2 AND slot = 0
)
UPDATE task SET label = $3, confidence = CASE WHEN $3::jsonb IS NOT NULL THEN 1 END, reviewed_at = $6,
                settled_at = coalesce(settled_at, $6), seats = 0, open = false
WHERE id = $1
"""

_UNDO = """
WITH noted AS (
    UPDATE review SET undone_at = $3, undone_by = $4 WHERE id = $5
), counted AS (
    UPDATE tally SET settled = settled - $6::boolean::int, unsure = unsure + $7::boolean::int
    WHERE batch_id = $2 AND slot = 0
)
UPDATE task SET label = $8, confidence = $9, reviewed_at = NULL,
                settled_at = CASE WHEN NOT $6 THEN settled_at END
WHERE id = $1
"""


async def decide(
    tx: Tx, batch_id: int, task_id: int, cell: str | None, *, note: str | None, reviewer: str, drawn: bool = False
) -> Review:
    """Decide a task: `cell` is the label as a file of golds would have it; None: it cannot be decided.

    `drawn` says that it is of an audit; see `crowd.labels.auditing`. The same decision sent twice by the same reviewer
    is one. Raises ReviewError.
    """
    task = await _locked(tx, batch_id, task_id)
    spec = await spec_of(tx, batch_id, task["digest"])
    kind = kind_named(spec.kind)
    try:
        label = None if cell is None else kind.read_gold(spec, kind.payload(task["payload"]), _storable(cell))
    except ItemError as error:
        raise ReviewError(Trouble.LABEL, f"the label {error.problem}") from error
    note = _storable(note or "") or None
    live = await live_review(tx, task_id)
    if live is not None:
        if (live.label, live.note, live.reviewer) == (label, note, reviewer):
            return live
        raise ReviewError(Trouble.DECIDED)
    if not task["reviewable"]:
        raise ReviewError(Trouble.EARLY)
    settled, asked = task["settled_at"] is not None, spec.overlap.sure
    unsure = settled and task["confidence"] is not None and task["confidence"] < asked
    await tx.run(_DECIDE, task_id, batch_id, label, note, reviewer, tx.now, not settled, unsure, drawn)
    await judge_anew(tx, task_id)
    detail = {"batch": batch_id, "label": label, "note": note, "label_before": task["label"]}
    await audit.note(tx, reviewer, "task.review", task_id, detail)
    made = await live_review(tx, task_id)
    assert made is not None
    return made


async def undo(tx: Tx, batch_id: int, task_id: int, review_id: int | None, *, by: str) -> None:
    """Take a decision back: the label is what it was, and the next fit looks at it again. Raises ReviewError.

    A gold that was made of the task is dropped.
    `review_id` is the decision that was looked at; None: whichever there is. To undo one twice changes nothing more.
    """
    made, free = await lock_made(tx, task_id)  # its workers and it are locked before the task
    task = await _locked(tx, batch_id, task_id)
    row = await tx.row(_LIVE, task_id)
    if row is None or (review_id is not None and row["id"] != review_id):
        raise ReviewError(Trouble.UNDONE)
    if not free or (made is None and await made_of(tx, task_id) is not None):
        raise ReviewError(Trouble.BUSY)
    spec = await spec_of(tx, batch_id, task["digest"])
    before = row["confidence_before"]
    unsure = row["settled"] and before is not None and before < spec.overlap.sure
    await tx.run(
        _UNDO, task_id, batch_id, tx.now, by, row["id"], not row["settled"], unsure, row["label_before"], before
    )
    await judge_anew(tx, task_id)
    if made is not None:
        await drop_made(tx, batch_id, spec, made, by=by)
    await audit.note(tx, by, "task.review_undo", task_id, {"batch": batch_id, "label": row["label"]})


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot keep, and nobody can see."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


async def _locked(tx: Tx, batch_id: int, task_id: int) -> asyncpg.Record:
    task = await tx.row(_TASK, task_id, batch_id)
    if task is None or task["gold"]:
        raise ReviewError(Trouble.GONE)
    return task


async def live_review(tx: Tx, task_id: int) -> Review | None:
    """The decision on a task that stands."""
    row = await tx.row(_LIVE, task_id)
    return review_of(row) if row else None


def review_of(row: asyncpg.Record) -> Review:
    """From REVIEW_COLUMNS."""
    return Review(
        id=row["id"], task_id=row["task_id"], label=row["label"], note=row["note"], reviewer=row["reviewer"],
        at=row["at"], label_before=row["label_before"], confidence_before=row["confidence_before"],
    )  # fmt: skip
