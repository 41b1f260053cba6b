"""An answer goes back to its worker: a lease of the same task, which waits until they take it.

Judges who reject an answer ask for it (`after_word`), and so can staff (`send_back`), each answer once.
While one waits that judges asked for, its lease is one of the task's: the answer is out of the label, and nobody else
gets the task in its place. What staff send back counts meanwhile as it did, and takes no seat.
"""

from dataclasses import dataclass

import asyncpg

from crowd import audit
from crowd.appeals.states import tidy
from crowd.batches.locks import keep_from_closing
from crowd.redos.ending import withdraw
from crowd.redos.states import MOST_WAITING, TO_FIX, RedoError
from crowd.sentences import Sentence, say
from db.database import Tx

JUDGES = "judges"
"""Who asks, where staff do not."""

SENDABLE = """(
    t.gold IS NULL AND t.withdrawn_at IS NULL AND t.reviewed_at IS NULL AND b.state <> 'closed'
    AND w.state NOT IN ('stopped', 'forgotten') AND coalesce((b.spec -> 'judging' ->> 'redo')::boolean, true)
    AND NOT EXISTS (SELECT FROM voided_answer WHERE answer_id = a.id)
)"""
"""SQL: whether answer `a`, to task `t` of batch `b`, may go back to its worker `w`, if it never did. Not where it would
tell that the task is a gold, nor where the label is a person's."""

# The task's row is locked by whoever asks: an answer is not sent back twice at once.
_ASK = """
WITH given AS (
    INSERT INTO lease (task_id, batch_id, worker_id, price, escrow_id, gold, given_at, due_at, redo_of, waiting)
    SELECT a.task_id, a.batch_id, a.worker_id, 0, p.escrow_id, false, $5, $6, a.id, true
    FROM answer a JOIN participation p ON p.worker_id = a.worker_id AND p.batch_id = a.batch_id WHERE a.id = $1
    RETURNING *
), noted AS (
    INSERT INTO redo (answer_id, worker_id, task_id, batch_id, lease_id, word, reason, asked_by, asked_at, due_at)
    SELECT redo_of, worker_id, task_id, batch_id, id, $2, $3, $4, $5, $6 FROM given
), seated AS (
    UPDATE task SET leased = leased + 1 FROM given WHERE task.id = given.task_id AND $2::text IS NOT NULL
)
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, 'redo', jsonb_build_object(
    'lease', given.id, 'kind', b.kind, 'payload', t.payload, 'word', $2, 'reason', $3::text, 'due', $6,
    'time_zone', w.time_zone
), 'redo:' || given.redo_of, $5
FROM given JOIN worker w ON w.id = given.worker_id JOIN task t ON t.id = given.task_id
JOIN batch b ON b.id = given.batch_id
"""

_KNOWN = f"""
SELECT r.answer_id IS NOT NULL AS asked, r.outcome, r.word, r.reason, r.lease_id,
       {SENDABLE} AND b.state = 'open' AND w.state = 'active' AND NOT EXISTS (
           SELECT FROM track
           WHERE worker_id = w.id AND kind = b.kind AND language = b.language AND paused_at IS NOT NULL
       ) AND (SELECT count(*) FROM lease WHERE worker_id = w.id AND redo_of IS NOT NULL) < {MOST_WAITING} AS may
FROM answer a JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = a.batch_id JOIN worker w ON w.id = a.worker_id
LEFT JOIN redo r ON r.answer_id = a.id
WHERE a.id = $1
"""  # noqa: S608

_TAKE_OVER = """
WITH seated AS (
    UPDATE task SET leased = leased + $3::int FROM redo WHERE redo.answer_id = $1 AND task.id = redo.task_id
)
UPDATE redo SET word = $2 WHERE answer_id = $1
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """What judges' word makes of a redo."""

    leased: int = 0
    """By how much the task has more leases now."""
    quiet: bool = False
    """Its worker is not told that the answer is rejected: they are asked to mend it."""


async def after_word(tx: Tx, answer_id: int, word: str, *, rejects: bool) -> Turn:
    """Send back what judges reject, where it can be; take back what was asked for where they do not, any more.

    The batch must be kept from closing, and the task locked.
    """
    row = await tx.row(_KNOWN, answer_id)
    assert row is not None
    if not row["asked"]:
        if not rejects or word == "private" or not row["may"]:
            return Turn()
        await tx.run(_ASK, answer_id, word, None, JUDGES, tx.now, tx.now + TO_FIX)
        return Turn(leased=1, quiet=True)
    return Turn() if row["outcome"] is not None else await _while_it_waits(tx, answer_id, word, row, rejects=rejects)


async def _while_it_waits(tx: Tx, answer_id: int, word: str, row: asyncpg.Record, *, rejects: bool) -> Turn:
    counted = row["word"] is not None
    if not rejects and row["reason"] is None:
        await withdraw(tx, [answer_id])
        return Turn(leased=-1)
    more = int(rejects) - int(counted)
    await tx.run(_TAKE_OVER, answer_id, word if rejects else None, more)
    return Turn(leased=more, quiet=rejects)


_LOCK_TASK = """
SELECT t.id FROM task t JOIN answer a ON a.task_id = t.id WHERE a.id = $1 FOR NO KEY UPDATE OF t
"""

_TO_SEND = f"""
SELECT a.batch_id, r.answer_id IS NOT NULL AS asked, t.gold IS NOT NULL AS gold, {SENDABLE} AS sendable,
       EXISTS (SELECT FROM hold WHERE answer_id = a.id) AS held
FROM answer a JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = a.batch_id JOIN worker w ON w.id = a.worker_id
LEFT JOIN redo r ON r.answer_id = a.id
WHERE a.id = $1
"""  # noqa: S608


async def send_back(tx: Tx, worker_id: int, answer_id: int, *, reason: str, by: str) -> None:
    """Ask a worker to mend an answer that is on hold, with a reason, which they are told. Raises RedoError."""
    told = tidy(reason)
    if not told:
        raise RedoError(say("say what is to be fixed: the worker is told it"))
    await tx.run("SELECT FROM worker WHERE id = $1 FOR UPDATE", worker_id)
    batch_id = await tx.value("SELECT batch_id FROM answer WHERE id = $1 AND worker_id = $2", answer_id, worker_id)
    if batch_id is None:
        raise RedoError(_GONE)
    await keep_from_closing(tx, batch_id)
    await tx.run(_LOCK_TASK, answer_id)
    row = await tx.row(_TO_SEND, answer_id)
    assert row is not None
    if (against := _against(row)) is not None:
        raise RedoError(against)
    await tx.run(_ASK, answer_id, None, told, by, tx.now, tx.now + TO_FIX)
    detail = {"worker": worker_id, "batch": batch_id, "reason": told}
    await audit.note(tx, by, "answer.redo", answer_id, detail)


_GONE = say("nothing of that is on hold any more: look at the page again")


def _against(row: asyncpg.Record) -> Sentence | None:
    if row["asked"]:
        return say("it was sent back before: an answer goes back once")
    if not row["held"]:
        return _GONE
    if row["gold"]:
        return say("this task is a gold: sent back, its worker would know that")
    if not row["sendable"]:
        return say("this answer cannot be sent back: its batch, its task, or the work of its worker is over")
    return None
