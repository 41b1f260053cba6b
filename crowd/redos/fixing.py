"""An answer is mended: what its worker says now takes its place, and the task is added up anew.

It stays the answer it was: of its time, paid and held as it was, and not paid again. The time spent on it is added,
and counts where an hour's pay is measured. What it showed of its worker when it was given stays too, until a fit.
Where others judge, they are asked once more.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from crowd.batches.spec import BatchSpec
from crowd.kinds import AnyKind, kind_named
from crowd.kinds.base import Consensus, Json
from crowd.kinds.judging import JudgedKind, JudgedSpec
from crowd.labels.judged import said_of
from crowd.loop.deciding import active_ms
from crowd.loop.settling import Progress, progress, sampled
from crowd.workers.standing import Standing
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Fixed:
    """The answer was replaced."""

    answer_id: int


_OF = """
SELECT a.id, a.value, r.word FROM redo r JOIN answer a ON a.id = r.answer_id WHERE r.lease_id = $1 FOR UPDATE OF a, r
"""

_REPLACE = """
WITH gone AS (
    DELETE FROM lease WHERE id = $1
), ended AS (
    UPDATE redo SET ended_at = $2, outcome = 'fixed', before = $3 WHERE answer_id = $4
), said AS (
    UPDATE answer SET value = $5, ms = ms + $6::int WHERE id = $4
), spent AS (
    UPDATE participation SET active_ms = active_ms + $6, dont_knows = dont_knows + $7::int
    WHERE worker_id = $8 AND batch_id = $9
)
DELETE FROM judged_answer WHERE answer_id = $4
"""

_TASK = """
SELECT t.id, t.answers, t.leased, t.seats, t.wanted, t.settled_at, t.confidence, t.withdrawn_at, t.reviewed_at,
       b.best, b.likeness, b.worth, b.usual
FROM task t JOIN batch b ON b.id = t.batch_id WHERE t.id = $1
"""

_ALL = """
SELECT a.value, p.accuracy, r.golds, r.right, r.levels
FROM answer a JOIN batch b ON b.id = a.batch_id
JOIN participation p ON p.worker_id = a.worker_id AND p.batch_id = a.batch_id
JOIN track r ON r.worker_id = a.worker_id AND r.kind = b.kind AND r.language = b.language
WHERE a.task_id = $1 AND a.value IS NOT NULL ORDER BY a.id
"""

# The tally last: those who answer wait for its row while they hold that of their task.
_CHANGE = """
WITH changed AS (
    UPDATE task SET
        leased = $2::smallint, evidence = $3, settled_at = $6, seats = $7::smallint, open = $7 > 0, wanted = $8::float,
        label = CASE WHEN reviewed_at IS NULL AND withdrawn_at IS NULL THEN $4 ELSE label END,
        confidence = CASE WHEN reviewed_at IS NULL AND withdrawn_at IS NULL THEN $5 ELSE confidence END
    WHERE id = $1 RETURNING 1
)
UPDATE tally SET settled = settled + $9::int, unsure = unsure + $10::int, saved = saved + $11::int
WHERE batch_id = $12 AND slot = 0 AND EXISTS (SELECT FROM changed)
"""


async def fix(tx: Tx, row: asyncpg.Record, spec: BatchSpec, value: Json) -> Fixed:
    """Put what was said to the lease of a redo in the place of the answer that it mends.

    The row is what `crowd.loop.answering` knows of the lease; its worker, the lease and its task must be locked.
    """
    old = await tx.row(_OF, row["id"])
    assert old is not None
    ms = active_ms(row["given_at"], tx.now, row["pace_ms"])
    unknown = int(value is None) - int(old["value"] is None)
    await tx.run(
        _REPLACE, row["id"], tx.now, old["value"], old["id"], value, ms, unknown, row["worker_id"], row["batch_id"]
    )
    await _add_up(tx, spec, row["task_id"], row["batch_id"], counted=old["word"] is not None)
    return Fixed(old["id"])


async def _add_up(tx: Tx, spec: BatchSpec, task_id: int, batch_id: int, *, counted: bool) -> None:
    """The task, made anew of all its answers. `counted`: the redo had one of its seats."""
    kind, task = kind_named(spec.kind), await tx.row(_TASK, task_id)
    assert task is not None
    evidence = await _evidence(tx, spec, kind, task)
    found = kind.consensus(spec, evidence, task["likeness"])
    leased = task["leased"] - int(counted)
    stand, settled_at = _stands(spec, task, found, leased, tx.now)
    before = _counts(spec, task, task["settled_at"], task["confidence"])
    confidence = task["confidence"] if _is_out(task) else found.confidence
    after = _counts(spec, task, settled_at, confidence)
    if task["settled_at"] is not None and settled_at is not None:
        after = (*after[:2], before[2])
    await tx.run(
        _CHANGE, task_id, leased, evidence, found.label, found.confidence, settled_at, stand.seats, stand.wanted,
        *(now - then for now, then in zip(after, before, strict=True)), batch_id,
    )  # fmt: skip


async def _evidence(tx: Tx, spec: BatchSpec, kind: AnyKind, task: asyncpg.Record) -> Json:
    if isinstance(kind, JudgedKind):
        return kind.standing(spec, await said_of(tx, task["id"]))
    evidence, chance = None, kind.chance(spec)
    for each in await tx.rows(_ALL, task["id"]):
        standing = Standing(each["golds"], each["right"], tuple(each["levels"]))
        accuracy = standing.weight(each["accuracy"], chance, task["usual"])
        evidence = kind.add(spec, evidence, each["value"], accuracy)
    return evidence


def _stands(
    spec: BatchSpec, task: asyncpg.Record, found: Consensus, leased: int, now: datetime
) -> tuple[Progress, datetime | None]:
    """Where the task stands, and since when it is settled. What no judges look at stays settled, as with fits."""
    judged = _is_judged(spec)
    if task["settled_at"] is not None and (not judged or _is_out(task)):
        return Progress(settled=True, seats=task["seats"], wanted=task["wanted"]), task["settled_at"]
    stand = progress(
        spec.overlap, found, answers=task["answers"], leased=leased, best=task["best"],
        full=not judged and sampled(task["id"]), worth=task["worth"],
    )  # fmt: skip
    if judged:  # as when it is opened once more: it comes in its turn
        stand = replace(stand, wanted=None if stand.settled else task["wanted"])
    return stand, (task["settled_at"] or now) if stand.settled else None


def _counts(
    spec: BatchSpec, task: asyncpg.Record, settled_at: datetime | None, confidence: float | None
) -> tuple[int, int, int]:
    """What a task adds to the tally: settled, not surely so, answers that were not asked for."""
    if settled_at is None:
        return 0, 0, 0
    saved = max(0, spec.overlap.most - task["answers"])
    return 1, int(confidence is not None and confidence < spec.overlap.sure), saved


def _is_out(task: asyncpg.Record) -> bool:
    """A person decided the task meanwhile, or it was reported and withdrawn: its label is not the answers'."""
    return task["withdrawn_at"] is not None or task["reviewed_at"] is not None


def _is_judged(spec: BatchSpec) -> bool:
    return isinstance(spec, JudgedSpec) and spec.judging is not None
