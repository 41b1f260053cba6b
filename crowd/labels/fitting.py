"""A batch added up as a whole: its answers tell of its workers, and its workers of its labels, again and again.

The hot path adds up each answer by what golds, or the last fit, have shown of its worker. From time to time, and when
a batch is closed, all its answers are fitted at once; labels and confidences are then what the fit says.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from crowd.batches.life import DECISIONS, spec_of
from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named, kinds
from crowd.kinds.base import AnswerTable, Fit, FittedKind
from crowd.kinds.judging import GOOD, JudgedSpec
from crowd.labels.fitprocess import fitted
from crowd.labels.judged import UNDECIDED
from crowd.loop.settling import Progress, progress, reliability, sampled
from crowd.money.budgeting import keep_to_budget
from crowd.packs.timing import MEASURED_MS
from crowd.workers.rejudging import judge_anew, lock_workers
from db.database import Database, Tx

FRESH = 0.1
"""A batch is fitted anew when it has this share more answers than its last fit knew of, or a gold was ruled on."""

_BLOCK = 5000
"""Tasks changed in one transaction: whoever answers one of them waits for no longer than that."""

LARGEST = 1_000_000
"""Answers of a batch that is fitted: they are read into memory. Labels of a larger one are the hot path's."""

TOP = 0.9
"""Of a batch's answers, this share is by workers who are at most as reliable as its best."""

_MOVES = "(SELECT coalesce(sum(moves), 0)::int FROM suspension WHERE batch_id = b.id)"

_STALE = f"""
SELECT b.id FROM batch b, LATERAL (SELECT coalesce(sum(answers), 0) AS answers FROM tally WHERE batch_id = b.id) done
WHERE b.kind = ANY($1) AND done.answers > 0 AND done.answers <= $2
  AND (done.answers > b.fitted_answers OR {DECISIONS} > b.fitted_reviews) AND ({{which}}) ORDER BY b.id
"""  # noqa: S608
_DUE = _STALE.format(
    which=f"b.state = 'closed' OR done.answers >= b.fitted_answers * (1 + $3::float) OR {_MOVES} > b.fitted_moves"
)
_THIS = _STALE.format(which="b.id = $3")

_BATCH = f"""
SELECT digest, first_task, last_task, fitted_answers, worth, {DECISIONS} AS reviews, {_MOVES} AS moves
FROM batch b WHERE id = $1
"""  # noqa: S608

# “I don't know” is among them: it counts as an answer, and says nothing.
_ANSWERS = f"""
SELECT id, task_id, worker_id, {{value}} AS value, {MEASURED_MS.format(answer="answer", unknown=0)} AS ms FROM answer
WHERE task_id BETWEEN $1 AND $2 ORDER BY task_id, worker_id
"""  # noqa: S608

# What judges rejected says nothing either.
_STANDING = f"""
CASE WHEN EXISTS (
    SELECT FROM judged_answer WHERE answer_id = answer.id AND word NOT IN ('{GOOD}', '{UNDECIDED}')
) THEN NULL ELSE value END
"""

# What a reviewer decided is known as golds are. What cannot be decided (no value) tells nothing of those who tried, nor
# does a gold that is suspended.
_KNOWN = """
SELECT id, CASE WHEN suspended_at IS NULL THEN coalesce(gold -> 'value', label) END AS value, gold IS NULL AS decided
FROM task
WHERE batch_id = $1 AND id BETWEEN $2 AND $3 AND (gold IS NOT NULL OR reviewed_at IS NOT NULL)
"""

# Of two fits of a batch at once, the one that knew of fewer answers or reviews gives way; and any, to golds that were
# suspended or ruled on since, whose verdicts are no more what it knew.
_KEEP = f"""
SELECT fitted_answers <= $2 AND fitted_reviews <= $3 AND {_MOVES} = $4 FROM batch b WHERE id = $1 FOR NO KEY UPDATE
"""  # noqa: S608

# A task that was answered since the answers were read, or is just being answered, keeps what the answer made of it,
# until the next fit. One that was reviewed keeps what was decided.
_LABEL = """
WITH told AS (
    SELECT id, boxed -> 'label' AS label, confidence, answers, boxed -> 'evidence' AS evidence, settles, wanted, sure
    FROM unnest(
        $1::bigint[], $2::jsonb[], $3::float[], $4::int[], $5::boolean[], $6::float[], $11::boolean[]
    ) AS told (id, boxed, confidence, answers, settles, wanted, sure)
), before AS (
    SELECT t.id, t.confidence, t.gold IS NULL AS counts, t.settled_at IS NOT NULL AS settled
    FROM task t JOIN told USING (id)
    WHERE t.withdrawn_at IS NULL AND t.reviewed_at IS NULL AND t.answers = told.answers
    ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED
), now AS (
    SELECT told.*, before.counts, before.settled, told.settles AND NOT before.settled AS new,
           (told.confidence < $7)::int - (before.settled AND before.confidence < $7)::int AS unsure
    FROM before JOIN told USING (id)
), changed AS (
    UPDATE task SET
        label = now.label, confidence = now.confidence, evidence = now.evidence,
        wanted = CASE WHEN task.settled_at IS NULL THEN now.wanted END,
        early = CASE WHEN now.sure AND NOT now.settles THEN coalesce(task.early, now.label) ELSE task.early END,
        settled_at = CASE WHEN now.new THEN $8 ELSE task.settled_at END,
        seats = CASE WHEN now.new THEN 0 ELSE task.seats END,
        open = task.open AND NOT now.new
    FROM now
    WHERE task.id = now.id AND (
        now.new
        OR (task.label, task.confidence, task.evidence) IS DISTINCT FROM (now.label, now.confidence, now.evidence)
    )
)
UPDATE tally SET
    settled = tally.settled + sums.settled, unsure = tally.unsure + sums.unsure, saved = tally.saved + sums.saved
FROM (
    SELECT count(*) FILTER (WHERE new) AS settled,
           coalesce(sum(unsure) FILTER (WHERE new OR settled), 0) AS unsure,
           coalesce(sum($10::int - answers) FILTER (WHERE new), 0) AS saved
    FROM now WHERE counts
) sums
WHERE batch_id = $9 AND slot = 0
"""

_FITTED = """
UPDATE batch SET
    fitted_at = $2, fitted_answers = $3, method = $4, likeness = $5, usual = $6, best = $7, fitted_reviews = $8,
    fitted_moves = $9, golds_checked = 0
WHERE id = $1
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
    reviews: int
    """Made or undone; golds suspended and ruled on are among them."""
    moves: int
    """Of these, those of golds."""
    decided: Set[int]
    """Tasks whose label is a reviewer's: the fit says nothing of them, should that be undone meanwhile."""
    fitted: int
    """Answers that the fit before this one knew of."""
    worth: float | None
    """The price of an answer in doubt, where a budget is stated."""
    shown: Mapping[int, Sequence[float]]
    """By worker, what the hot path and the fits before have made of their answers."""


async def fit_stale(database: Database) -> int:
    """Fit every batch that has had many answers since its last fit, or a ruling on a gold, or was closed after it.

    How many there were.
    """
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
            await tx.run(
                "UPDATE batch SET fitted_answers = $2, fitted_reviews = $3, fitted_moves = $4 WHERE id = $1",
                batch_id, read.total, read.reviews, read.moves,
            )  # fmt: skip
        return
    fit = await fitted(read.spec, read.table)
    best = _best(read, fit)
    ids = sorted(fit.labels.keys() - read.decided)
    for start in range(0, len(ids), _BLOCK):
        async with database.transaction() as tx:
            if not await tx.value(_KEEP, batch_id, read.total, read.reviews, read.moves):
                return
            await _write(tx, batch_id, read, fit, best, ids[start : start + _BLOCK])
    async with database.transaction() as tx:
        await lock_workers(tx, fit.levels)  # before the batch, as everywhere
        if await tx.value(_KEEP, batch_id, read.total, read.reviews, read.moves):
            if await tx.value("SELECT fitted_answers FROM batch WHERE id = $1", batch_id) == read.fitted:
                await judge_anew(tx, batch_id, read.spec, fit, read.shown)
            await tx.run(_ACCURACIES, batch_id, list(fit.accuracies), list(fit.accuracies.values()))
            await tx.run(
                _FITTED, batch_id, tx.now, read.total, fit.method, fit.likeness, fit.usual, best,
                read.reviews, read.moves,
            )  # fmt: skip
    await keep_to_budget(database, batch_id)


async def _read(tx: Tx, batch_id: int) -> _Read:
    batch = await tx.row(_BATCH, batch_id)
    assert batch is not None
    spec = await spec_of(tx, batch_id, batch["digest"])
    judged = isinstance(spec, JudgedSpec) and spec.judging is not None
    query = _ANSWERS.format(value=_STANDING if judged else "value")
    rows = await tx.rows(query, batch["first_task"], batch["last_task"])
    found = await tx.rows(_KNOWN, batch_id, batch["first_task"], batch["last_task"])
    known = {row["id"]: row["value"] for row in found}
    said = [row for row in rows if row["value"] is not None and known.get(row["task_id"], ...) is not None]
    table = AnswerTable(
        tasks=[row["task_id"] for row in said],
        workers=[row["worker_id"] for row in said],
        values=[row["value"] for row in said],
        golds={task: value for task, value in known.items() if value is not None},
        order=[row["id"] for row in said],
        ms=[row["ms"] for row in said],
    )
    shown = await tx.rows("SELECT worker_id, shown FROM participation WHERE batch_id = $1", batch_id)
    return _Read(
        spec=spec,
        table=table,
        counts=Counter(row["task_id"] for row in rows),
        total=len(rows),
        reviews=batch["reviews"],
        moves=batch["moves"],
        decided=frozenset(row["id"] for row in found if row["decided"]),
        fitted=batch["fitted_answers"],
        worth=batch["worth"],
        shown={row["worker_id"]: row["shown"] for row in shown},
    )


def _best(read: _Read, fit: Fit) -> float:
    """The reliability of the best who work on a batch: of the worker up to whom TOP of its answers are."""
    answers = Counter(read.table.workers)
    chance = kind_named(read.spec.kind).chance(read.spec)
    left = (1 - TOP) * sum(answers.values())
    for worker in sorted(fit.accuracies, key=lambda worker: -fit.accuracies[worker]):
        left -= answers[worker]
        if left <= 0:
            return reliability(fit.accuracies[worker], chance, fit.usual)
    return 1.0


async def _write(tx: Tx, batch_id: int, read: _Read, fit: Fit, best: float, ids: Sequence[int]) -> None:
    """Labels of tasks, and where those stand that were not settled yet.

    Labels and evidence go in a box: asyncpg takes a list within a list for an array of two dimensions.
    """
    found = [fit.labels[task] for task in ids]
    stand = [_progress(read, fit, best, task) for task in ids]
    await tx.run(
        _LABEL, list(ids),
        [{"label": each.label, "evidence": fit.evidence[task]} for task, each in zip(ids, found, strict=True)],
        [each.confidence for each in found], [read.counts[task] for task in ids],
        [each.settled for each in stand], [each.wanted for each in stand],
        read.spec.overlap.sure, tx.now, batch_id, read.spec.overlap.most,
        [each.sure for each in stand],
    )  # fmt: skip


def _progress(read: _Read, fit: Fit, best: float, task: int) -> Progress:
    """Where a task stands. A fit closes no gold: it gets as many answers as tasks do (`crowd.golds.seats`)."""
    if task in read.table.golds:
        return Progress(settled=False, seats=0)
    return progress(
        read.spec.overlap, fit.labels[task], answers=read.counts[task], leased=0, best=best, full=sampled(task),
        worth=read.worth,
    )  # fmt: skip
