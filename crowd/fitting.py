"""A batch added up as a whole: its answers tell of its workers, and its workers of its labels, again and again.

The hot path adds up each answer by what golds, or the last fit, have shown of its worker. From time to time, and when
a batch is closed, all its answers are fitted at once; labels and confidences are then what the fit says.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crowd.batch import BatchSpec
from crowd.batches import spec_of
from crowd.fitprocess import fitted
from crowd.kinds import kinds
from crowd.kinds.base import AnswerTable, Fit, FittedKind
from crowd.rejudging import judge_anew, lock_workers
from db.database import Database, Tx

FRESH = 0.1
"""A batch is fitted anew when it has this share more answers than its last fit knew of."""

_BLOCK = 5000
"""Tasks changed in one transaction: whoever answers one of them waits for no longer than that."""

LARGEST = 1_000_000
"""Answers of a batch that is fitted: they are read into memory. Labels of a larger one are the hot path's."""

_STALE = """
SELECT b.id FROM batch b, LATERAL (SELECT coalesce(sum(answers), 0) AS answers FROM tally WHERE batch_id = b.id) done
WHERE b.kind = ANY($1) AND done.answers > b.fitted_answers AND done.answers <= $2 AND ({which}) ORDER BY b.id
"""
_DUE = _STALE.format(which="b.state = 'closed' OR done.answers >= b.fitted_answers * (1 + $3::float)")
_THIS = _STALE.format(which="b.id = $3")

# “I don't know” is among them: it counts as an answer, and says nothing.
_ANSWERS = (
    "SELECT id, task_id, worker_id, value, ms FROM answer WHERE task_id BETWEEN $1 AND $2 ORDER BY task_id, worker_id"
)

_GOLDS = """
SELECT id, gold -> 'value' AS value FROM task WHERE batch_id = $1 AND id BETWEEN $2 AND $3 AND gold IS NOT NULL
"""

# Of two fits of a batch at once, the one that knew of fewer answers gives way.
_KEEP = "SELECT fitted_answers <= $2 FROM batch WHERE id = $1 FOR NO KEY UPDATE"

# A task that was answered since the answers were read keeps what the answer made of it, until the next fit.
_LABEL = """
WITH told AS (
    SELECT * FROM unnest($1::bigint[], $2::jsonb[], $3::float[], $4::int[]) AS told (id, label, confidence, answers)
), before AS (
    SELECT t.id, t.confidence, t.gold IS NULL AND t.settled_at IS NOT NULL AS counts FROM task t JOIN told USING (id)
    WHERE t.withdrawn_at IS NULL AND t.answers = told.answers
    ORDER BY t.id FOR NO KEY UPDATE OF t
), changed AS (
    UPDATE task SET label = told.label, confidence = told.confidence FROM told JOIN before USING (id)
    WHERE task.id = told.id AND (task.label, task.confidence) IS DISTINCT FROM (told.label, told.confidence)
)
UPDATE tally SET unsure = unsure + (
    SELECT coalesce(sum((told.confidence < $5)::int - coalesce(before.confidence < $5, false)::int), 0)
    FROM before JOIN told USING (id) WHERE before.counts
)
WHERE batch_id = $6 AND slot = 0
"""

_ACCURACIES = """
UPDATE participation SET accuracy = told.accuracy FROM unnest($2::bigint[], $3::float[]) AS told (worker_id, accuracy)
WHERE participation.batch_id = $1 AND participation.worker_id = told.worker_id
"""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a batch has come to, as a fit needs it."""

    spec: BatchSpec
    table: AnswerTable
    counts: Mapping[int, int]
    """Answers of each task, “I don't know” among them."""
    total: int
    """Of all tasks."""
    fitted: int
    """Answers that the fit before this one knew of."""
    shown: Mapping[int, Sequence[float]]
    """By worker, what the hot path and the fits before have made of their answers."""


async def fit_stale(database: Database) -> int:
    """Fit every batch that has had many answers since its last fit, or was closed after it; how many there were."""
    async with database.reading() as tx:
        stale = [row["id"] for row in await tx.rows(_DUE, _fitted_kinds(), LARGEST, FRESH)]
    for batch_id in stale:
        await _fit_batch(database, batch_id)
    return len(stale)


async def bring_up_to_date(database: Database, batch_id: int) -> None:
    """Fit a batch if it has had any answer since its last fit, so that its results are what all its answers say."""
    async with database.reading() as tx:
        stale = await tx.rows(_THIS, _fitted_kinds(), LARGEST, batch_id)
    if stale:
        await _fit_batch(database, batch_id)


def _fitted_kinds() -> list[str]:
    return [kind.name for kind in kinds().values() if isinstance(kind, FittedKind)]


async def _fit_batch(database: Database, batch_id: int) -> None:
    """Fit one batch, in a process of its own, and write what it says."""
    async with database.reading() as tx:
        read = await _read(tx, batch_id)
    if not read.table.tasks:  # nobody knew anything
        async with database.transaction() as tx:
            await tx.run("UPDATE batch SET fitted_answers = $2 WHERE id = $1", batch_id, read.total)
        return
    fit = await fitted(read.spec, read.table)
    ids = sorted(fit.labels)
    for start in range(0, len(ids), _BLOCK):
        async with database.transaction() as tx:
            if not await tx.value(_KEEP, batch_id, read.total):
                return
            await _write(tx, batch_id, read, fit, ids[start : start + _BLOCK])
    async with database.transaction() as tx:
        await lock_workers(tx, fit.levels)  # before the batch, as everywhere
        if await tx.value(_KEEP, batch_id, read.total):
            if await tx.value("SELECT fitted_answers FROM batch WHERE id = $1", batch_id) == read.fitted:
                await judge_anew(tx, batch_id, read.spec, fit, read.shown)
            await tx.run(_ACCURACIES, batch_id, list(fit.accuracies), list(fit.accuracies.values()))
            await tx.run(
                "UPDATE batch SET fitted_at = $2, fitted_answers = $3, method = $4, likeness = $5 WHERE id = $1",
                batch_id, tx.now, read.total, fit.method, fit.likeness,
            )  # fmt: skip


async def _read(tx: Tx, batch_id: int) -> _Read:
    batch = await tx.row("SELECT digest, first_task, last_task, fitted_answers FROM batch WHERE id = $1", batch_id)
    assert batch is not None
    rows = await tx.rows(_ANSWERS, batch["first_task"], batch["last_task"])
    said = [row for row in rows if row["value"] is not None]
    table = AnswerTable(
        tasks=[row["task_id"] for row in said],
        workers=[row["worker_id"] for row in said],
        values=[row["value"] for row in said],
        golds={
            row["id"]: row["value"] for row in await tx.rows(_GOLDS, batch_id, batch["first_task"], batch["last_task"])
        },
        order=[row["id"] for row in said],
        ms=[row["ms"] for row in said],
    )
    counts = Counter(row["task_id"] for row in rows)
    shown = await tx.rows("SELECT worker_id, shown FROM participation WHERE batch_id = $1", batch_id)
    return _Read(
        await spec_of(tx, batch_id, batch["digest"]), table, counts, len(rows), batch["fitted_answers"],
        {row["worker_id"]: row["shown"] for row in shown},
    )  # fmt: skip


async def _write(tx: Tx, batch_id: int, read: _Read, fit: Fit, ids: Sequence[int]) -> None:
    found = [fit.labels[task] for task in ids]
    await tx.run(
        _LABEL, list(ids), [each.label for each in found], [each.confidence for each in found],
        [read.counts[task] for task in ids], read.spec.overlap.confidence, batch_id,
    )  # fmt: skip
