"""A batch added up as a whole: its answers tell of its workers, and its workers of its labels, again and again.

The hot path adds up each answer by what golds have shown of its worker. From time to time, and when a batch is closed,
all its answers are fitted at once; labels and confidences are then what the fit says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crowd.batch import BatchSpec
from crowd.batches import spec_of
from crowd.fitprocess import fitted
from crowd.kinds import kinds
from crowd.kinds.base import AnswerTable, Consensus
from db.database import Database, Tx

FRESH = 0.1
"""A batch is fitted anew when it has this share more answers than its last fit knew of."""

_BLOCK = 5000
"""Tasks changed in one transaction: whoever answers one of them waits for no longer than that."""

_STALE = """
SELECT b.id FROM batch b, LATERAL (SELECT coalesce(sum(answers), 0) AS answers FROM tally WHERE batch_id = b.id) done
WHERE b.kind = ANY($1) AND done.answers > b.fitted_answers AND ({which}) ORDER BY b.id
"""
_DUE = _STALE.format(which="b.state = 'closed' OR done.answers >= b.fitted_answers * (1 + $2::float)")
_THIS = _STALE.format(which="b.id = $2")

_ANSWERS = """
SELECT a.task_id, a.worker_id, a.value FROM answer a
WHERE a.task_id BETWEEN $1 AND $2 AND a.value IS NOT NULL ORDER BY a.task_id, a.worker_id
"""

_GOLDS = """
SELECT id, gold -> 'value' AS value FROM task WHERE batch_id = $1 AND id BETWEEN $2 AND $3 AND gold IS NOT NULL
"""

# A task that was answered since the answers were read keeps what the answer made of it, until the next fit.
_LABEL = """
WITH told AS (
    SELECT * FROM unnest($1::bigint[], $2::jsonb[], $3::float[], $4::int[]) AS told (id, label, confidence, answers)
), changed AS (
    UPDATE task SET label = told.label, confidence = told.confidence FROM told
    WHERE task.id = told.id AND task.withdrawn_at IS NULL AND task.answers >= told.answers
      AND (task.label, task.confidence) IS DISTINCT FROM (told.label, told.confidence)
    RETURNING 1
)
SELECT count(*) FROM changed
"""

_UNSURE = """
WITH counted AS (
    SELECT count(*)::int AS unsure FROM task
    WHERE batch_id = $1 AND id BETWEEN $2 AND $3 AND gold IS NULL AND settled_at IS NOT NULL AND confidence < $4
)
UPDATE tally SET unsure = CASE WHEN slot = 0 THEN counted.unsure ELSE 0 END FROM counted WHERE batch_id = $1
"""


_ACCURACIES = """
UPDATE participation SET accuracy = told.accuracy FROM unnest($2::bigint[], $3::float[]) AS told (worker_id, accuracy)
WHERE participation.batch_id = $1 AND participation.worker_id = told.worker_id
"""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a batch has come to, as a fit needs it."""

    spec: BatchSpec
    first: int
    last: int
    table: AnswerTable
    answers: int


async def fit_stale(database: Database) -> int:
    """Fit every batch that has had many answers since its last fit, or was closed after it; how many there were."""
    async with database.reading() as tx:
        stale = [row["id"] for row in await tx.rows(_DUE, _fitting_kinds(), FRESH)]
    for batch_id in stale:
        await _fit_batch(database, batch_id)
    return len(stale)


async def bring_up_to_date(database: Database, batch_id: int) -> None:
    """Fit a batch if it has had any answer since its last fit, so that its results are what all its answers say."""
    async with database.reading() as tx:
        stale = await tx.rows(_THIS, _fitting_kinds(), batch_id)
    if stale:
        await _fit_batch(database, batch_id)


def _fitting_kinds() -> list[str]:
    return [kind.name for kind in kinds().values() if kind.fits]


async def _fit_batch(database: Database, batch_id: int) -> None:
    """Fit one batch, in a process of its own, and write what it says."""
    async with database.reading() as tx:
        read = await _read(tx, batch_id)
    if not read.table.tasks:  # “I don't know” only
        async with database.transaction() as tx:
            await tx.run("UPDATE batch SET fitted_answers = $2 WHERE id = $1", batch_id, read.answers)
        return
    fit = await fitted(read.spec, read.table)
    ids = sorted(fit.labels)
    for start in range(0, len(ids), _BLOCK):
        async with database.transaction() as tx:
            await _write(tx, fit.labels, ids[start : start + _BLOCK])
    async with database.transaction() as tx:
        await tx.run("SELECT FROM batch WHERE id = $1 FOR NO KEY UPDATE", batch_id)
        await tx.run(_UNSURE, batch_id, read.first, read.last, read.spec.overlap.confidence)
        await tx.run(_ACCURACIES, batch_id, list(fit.accuracies), list(fit.accuracies.values()))
        await tx.run(
            "UPDATE batch SET fitted_at = $2, fitted_answers = $3, method = $4, likeness = $5 WHERE id = $1",
            batch_id, tx.now, read.answers, fit.method, fit.likeness,
        )  # fmt: skip


async def _read(tx: Tx, batch_id: int) -> _Read:
    batch = await tx.row("SELECT digest, first_task, last_task FROM batch WHERE id = $1", batch_id)
    assert batch is not None
    first, last = batch["first_task"], batch["last_task"]
    rows = await tx.rows(_ANSWERS, first, last)
    golds = {row["id"]: row["value"] for row in await tx.rows(_GOLDS, batch_id, first, last)}
    counted = await tx.value("SELECT coalesce(sum(answers), 0)::int FROM tally WHERE batch_id = $1", batch_id)
    table = AnswerTable(
        tasks=[row["task_id"] for row in rows],
        workers=[row["worker_id"] for row in rows],
        values=[row["value"] for row in rows],
        golds=golds,
    )
    return _Read(await spec_of(tx, batch_id, batch["digest"]), first, last, table, counted)


async def _write(tx: Tx, labels: Mapping[int, Consensus], ids: Sequence[int]) -> None:
    found = [labels[task] for task in ids]
    await tx.run(
        _LABEL, list(ids), [each.label for each in found], [each.confidence for each in found],
        [each.votes for each in found],
    )  # fmt: skip
