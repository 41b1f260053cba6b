"""A redo ends without being fixed: left, run out of time, or asked for no more.

It leaves no trace among what a worker passed (`passed`): it is no skip, and says nothing of them. Where judges had
asked for it, their word is taken again (`crowd.labels.judged`), within seconds: the answer is rejected then, and the
task opens for somebody else.
"""

from collections.abc import Sequence

from crowd.batches.locks import WORKED_ON
from crowd.redos.states import REDO_OVER, REJECTED, Outcome
from db.database import Database, Tx

_MANY = 500

_END = """
WITH back AS (
    SELECT l.id FROM lease l JOIN task t ON t.id = l.task_id WHERE l.redo_of IS NOT NULL AND {which}
    ORDER BY l.id FOR UPDATE OF l, t {wait}
), gone AS (
    DELETE FROM lease USING back WHERE lease.id = back.id
), ended AS (
    UPDATE redo SET ended_at = $1, outcome = '{outcome}' FROM back WHERE redo.lease_id = back.id
    RETURNING redo.answer_id, redo.task_id, redo.worker_id, redo.word
), counted AS (
    SELECT * FROM ended WHERE word IS NOT NULL
), seated AS (
    UPDATE task SET leased = task.leased - sums.leases
    FROM (SELECT task_id, count(*)::int AS leases FROM counted GROUP BY task_id) sums WHERE task.id = sums.task_id
), again AS (
    UPDATE judged_answer SET judged_at = NULL FROM counted WHERE judged_answer.answer_id = counted.answer_id
)
SELECT answer_id, task_id, worker_id, word FROM ended
"""

_LEAVE = _END.format(which="l.id = $2 AND l.worker_id = $3", outcome=Outcome.DECLINED, wait="")
_LEAVE_ALL = _END.format(which="l.worker_id = $2", outcome=Outcome.DECLINED, wait="")
_WITHDRAW = _END.format(which="l.redo_of = ANY($2::bigint[])", outcome=Outcome.WITHDRAWN, wait="")
_EXPIRE = _END.format(which="l.id = ANY($2::bigint[]) AND l.due_at <= $1", outcome=Outcome.EXPIRED, wait="SKIP LOCKED")

_DUE = f"SELECT id FROM lease WHERE redo_of IS NOT NULL AND due_at <= $1 ORDER BY id LIMIT {_MANY}"  # noqa: S608

_TELL = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, told.subject, jsonb_build_object('kind', b.kind, 'payload', t.payload, 'word', told.word),
       'redo_over:' || told.answer_id, $4
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS told (answer_id, word, subject)
JOIN answer a ON a.id = told.answer_id JOIN task t ON t.id = a.task_id JOIN batch b ON b.id = a.batch_id
JOIN worker w ON w.id = a.worker_id AND w.state = 'active'
ON CONFLICT (key) DO NOTHING
"""


async def leave(tx: Tx, worker_id: int, lease_id: int) -> bool:
    """A worker leaves an answer as it is; False where that was not asked of them, or is over."""
    await tx.run(f"SELECT {WORKED_ON} FROM lease WHERE id = $1", lease_id)  # noqa: S608
    return bool(await tx.rows(_LEAVE, tx.now, lease_id, worker_id))


async def leave_all(tx: Tx, worker_id: int) -> int:
    """The same for all that is asked of them; how much it was."""
    return len(await tx.rows(_LEAVE_ALL, tx.now, worker_id))


async def withdraw(tx: Tx, answers: Sequence[int]) -> int:
    """These are not to be mended any more, as far as they still were; how many."""
    return len(await tx.rows(_WITHDRAW, tx.now, list(answers)))


async def end_redos(database: Database) -> int:
    """End redos whose time is up, and tell their workers what follows; how many there were."""
    total, due = 0, _MANY
    while due == _MANY:
        async with database.transaction() as tx:
            ids = [row["id"] for row in await tx.rows(_DUE, tx.now)]
            ended = await tx.rows(_EXPIRE, tx.now, ids) if ids else []
            words = [row["word"] for row in ended]
            subjects = [REDO_OVER if word is None else REJECTED for word in words]
            await tx.run(_TELL, [row["answer_id"] for row in ended], words, subjects, tx.now)
        due = len(ids) if ended else 0  # the rest is locked by somebody: it comes again
        total += len(ended)
    return total
