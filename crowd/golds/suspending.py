"""Golds that workers who can tell contradict are suspended, until a person decides: see `crowd.golds.contradicting`.

A suspended gold is handed out no more and has no verdicts: nobody is judged by it, and no label is made of it. Whom it
had found wrong is told so, and has back what was voided because of it. It is looked for in a job, among golds with
wrong verdicts alone; the next run looks where a worker has said that a gold is wrong, too.
"""

from collections.abc import Sequence

import asyncpg

from crowd.appeals.settling import give_back_for_golds
from crowd.batches.life import spec_of
from crowd.batches.locks import WORKED_ON
from crowd.batches.spec import BatchSpec
from crowd.golds.contradicting import LEAST, Contradiction, Voice, contradiction
from crowd.golds.telling import tell_of_check
from crowd.golds.verdicts import judge_gold
from crowd.labels.fitting import bring_up_to_date
from crowd.parity.frozen import IS_FROZEN
from crowd.workers.rejudging import lock_workers
from db.database import Database, Tx

_DUE = """
SELECT b.id FROM batch b, LATERAL (
    SELECT coalesce(sum(gold_answers), 0) AS golds FROM tally WHERE batch_id = b.id
) done
WHERE done.golds > b.golds_checked
   OR EXISTS (SELECT FROM contest WHERE batch_id = b.id AND answered_at IS NULL AND looked_at IS NULL)
ORDER BY b.id
"""

_LOOKED = """
UPDATE contest SET looked_at = $2 WHERE batch_id = $1 AND answered_at IS NULL AND looked_at IS NULL AND at <= $3
"""

_NOTE = """
UPDATE batch SET golds_checked = $2 WHERE id = $1 AND golds_checked < $2
"""

_GOLDS = "(SELECT coalesce(sum(gold_answers), 0)::int FROM tally WHERE batch_id = b.id)"

_BATCH = f"SELECT b.digest, {_GOLDS} AS golds FROM batch b WHERE b.id = $1"  # noqa: S608

_DOUBTED = """
SELECT task_id FROM answer WHERE batch_id = $1 AND verdict < 1::float
GROUP BY task_id HAVING count(*) >= $2 ORDER BY task_id
"""

_TASK = """
SELECT t.gold FROM task t
WHERE t.id = $1 AND t.batch_id = $2 AND t.gold IS NOT NULL AND t.suspended_at IS NULL
  AND NOT EXISTS (SELECT FROM suspension WHERE task_id = t.id)
"""

# Who read instructions that are in doubt has no say.
_VOICES = f"""
SELECT a.worker_id, a.value, a.verdict, r.golds, r."right", r.paused_at, p.accuracy
FROM answer a
JOIN participation p ON p.worker_id = a.worker_id AND p.batch_id = a.batch_id
JOIN track r ON r.worker_id = a.worker_id AND r.kind = $2 AND r.language = $3
WHERE a.task_id = $1 AND NOT {IS_FROZEN.format(answer="a")}
"""  # noqa: S608

_SUSPEND = """
WITH noted AS (
    INSERT INTO suspension (task_id, batch_id, at, gold, instead, wrong, settled)
    SELECT id, batch_id, $2, gold, $3, $4, settled_at IS NOT NULL FROM task WHERE id = $1
)
UPDATE task SET suspended_at = $2, settled_at = coalesce(settled_at, $2), seats = 0, open = false WHERE id = $1
"""


async def suspend_contradicted(database: Database) -> int:
    """Look through each batch that was fitted, or whose golds were answered, since; how many golds it suspended."""
    async with database.reading() as tx:
        due = [row["id"] for row in await tx.rows(_DUE)]
    return sum([await suspend_in(database, batch_id) for batch_id in due])


async def suspend_in(database: Database, batch_id: int) -> int:
    """Look through one batch now; how many golds were suspended. A fit follows, that knows nothing of them."""
    async with database.reading() as tx:
        began = tx.now
        batch = await tx.row(_BATCH, batch_id)
        assert batch is not None
        spec = await spec_of(tx, batch_id, batch["digest"])
        doubted = [row["task_id"] for row in await tx.rows(_DOUBTED, batch_id, LEAST)]
        found = [task for task in doubted if await _contradicted(tx, batch_id, spec, task)]
    suspended = sum([await _suspend(database, batch_id, spec, task) for task in found])
    if suspended:
        await bring_up_to_date(database, batch_id)
    async with database.transaction() as tx:
        await tx.run(_NOTE, batch_id, batch["golds"])
        await tx.run(_LOOKED, batch_id, tx.now, began)
    return suspended


async def _contradicted(tx: Tx, batch_id: int, spec: BatchSpec, task_id: int) -> Contradiction | None:
    """How a gold is contradicted, if it is. One that a person has ruled on is not looked at again."""
    task = await tx.row(_TASK, task_id, batch_id)
    if task is None:
        return None
    return contradiction(spec, task["gold"]["value"], await voices(tx, spec, task_id))


async def voices(tx: Tx, spec: BatchSpec, task_id: int) -> list[Voice]:
    """What each worker said of a gold, and what is known of them without it."""
    return [_voice(row) for row in await tx.rows(_VOICES, task_id, spec.kind, spec.language)]


def _voice(row: asyncpg.Record) -> Voice:
    """An answer, and its worker without the verdict on it."""
    counted = row["verdict"] is not None
    return Voice(
        value=row["value"],
        golds=row["golds"] - counted,
        right=row["right"] - (row["verdict"] or 0.0),
        fitted=row["accuracy"],
        paused=row["paused_at"] is not None,
    )


async def _suspend(database: Database, batch_id: int, spec: BatchSpec, task_id: int) -> bool:
    """Suspend a gold if it is still contradicted, under the locks; False where it is not any more."""
    async with database.transaction() as tx:
        if not await lock_gold(tx, task_id):
            return False  # somebody answered meanwhile: the next look knows of it
        still = await _contradicted(tx, batch_id, spec, task_id)
        if still is None:
            return False
        await suspend(tx, batch_id, spec, task_id, still)
        return True


async def suspend(tx: Tx, batch_id: int, spec: BatchSpec, task_id: int, found: Contradiction | None = None) -> None:
    """Suspend a gold that never was before, and tell whom it had found wrong; None: nobody contradicts it.

    It must be locked, and its workers too.
    """
    task = await tx.row("SELECT gold, payload FROM task WHERE id = $1", task_id)
    assert task is not None
    await tx.run(_SUSPEND, task_id, tx.now, found.instead if found else None, found.wrong if found else None)
    changed = await judge_gold(tx, batch_id, spec, task_id, None, before=task["gold"]["value"])
    worse = [each for each in changed if each.before is not None and each.before < 1]
    await tell_of_check(tx, "check_mistaken", task_id, spec, task["payload"], worse)
    await give_back_for_golds(tx, [each.worker_id for each in changed if each.sound], spec.kind, spec.language)
    await tx.run("UPDATE contest SET answered_at = $2 WHERE task_id = $1 AND answered_at IS NULL", task_id, tx.now)


async def lock_gold(tx: Tx, task_id: int) -> bool:
    """Lock all who answered a gold, its batch (shared), and then the gold: as everywhere.

    False when others answered it meanwhile.
    """
    known = await _who(tx, task_id)
    await lock_workers(tx, known)
    await tx.run(f"SELECT {WORKED_ON} FROM task WHERE id = $1", task_id)  # noqa: S608
    await tx.run("SELECT FROM task WHERE id = $1 FOR NO KEY UPDATE", task_id)
    return set(await _who(tx, task_id)) == set(known)


async def _who(tx: Tx, task_id: int) -> Sequence[int]:
    return [row["worker_id"] for row in await tx.rows("SELECT worker_id FROM answer WHERE task_id = $1", task_id)]
