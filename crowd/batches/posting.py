"""Posting a batch: its tasks, its purses and the money in them, all or nothing."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from crowd import audit
from crowd.batches.inserting import NewBatch, insert
from crowd.batches.judges import open_judging, with_judging
from crowd.batches.spec import BatchSpec
from crowd.batchfile import Checked, Progress
from crowd.batchfile.shuffled import BUCKETS, Buckets
from crowd.batchfile.taskline import COLUMNS, numbered
from crowd.kinds import kind_named
from crowd.money.budgeting import first_worth
from crowd.money.escrow import fund, purses_for
from crowd.money.quote import Quote, quote
from crowd.pilots.states import begin as begin_pilot
from db.database import Database, Tx

_CHUNK = 2000
_COPY_LIMIT_S = 24 * 3600
_ANALYZED_FROM = 10_000


@dataclass(frozen=True, slots=True)
class Posted:
    """A batch that is there now."""

    batch_id: int
    slug: str
    already: bool
    """The same requester had posted the same before; nothing was changed."""


async def post(
    tx: Tx,
    requester_id: int,
    checked: Checked,
    *,
    fee_ppm: int,
    actor: str,
    no_pilot: str | None,
    owner: bool,
    progress: Callable[[Progress], None] | None = None,
) -> Posted:
    """Make a batch of what was checked, open for work, its money put into escrow.

    Everything happens in the caller's transaction. The ids of its tasks are contiguous, in a random order of the
    rows, golds among them. `fee_ppm` is the house's fee in millionths of what workers earn; `actor` is who posts,
    for the audit. A large batch hands out its pilot first (`crowd.pilots`), unless `no_pilot` says why it shall not,
    which only an `owner` may.
    When another transaction is posting the same file, this waits for its end. Raises UnderpaidError where an hour of
    it, or of judging its answers, pays too little, ValueError when there are errors or `checked` was closed, and
    NoReasonError when `no_pilot` says nothing, NotOwnerError when a member says it.
    """
    spec, lines = checked.spec, checked.lines
    if spec is None or lines is None or not checked.good:
        raise ValueError(f"a batch with {checked.errors} errors cannot be posted: mend its file first")
    if lines.count != checked.tasks + checked.golds:
        raise ValueError("the tasks of this check were closed: check the file again")
    for file in checked.files.kept() if checked.files else ():  # kept by what they hold: again is no harm
        await tx.files.keep(file)
    cost = with_judging(spec, quote(spec, checked.tasks, checked.golds, fee_ppm=fee_ppm), fee_ppm=fee_ppm)
    purses = purses_for(checked.tasks)
    # A million tasks take longer than a screen may: these limits are of this transaction alone.
    await tx.run("SET LOCAL statement_timeout = 0")
    await tx.run("SET LOCAL lock_timeout = 0")
    await tx.run("SET LOCAL idle_in_transaction_session_timeout = 0")
    posted, first = await _insert_batch(tx, requester_id, checked, spec, cost, purses)
    if posted.already:
        return posted
    await _copy(tx, _numbered_chunks(lines, first, posted.batch_id, progress))
    await tx.connection.executemany(_PRACTICE, [
        (posted.batch_id, place, item.key, item.payload, {"value": item.right, "explanation": item.explanation})
        for place, item in enumerate(checked.practice, 1)
    ])  # fmt: skip
    if kind_named(spec.kind).possible(spec):
        await tx.run(_TAKE_TURNS, posted.batch_id)
    await begin_pilot(tx, posted.batch_id, checked.tasks, waived=no_pilot, actor=actor, owner=owner)
    # Last, for every post in this currency waits for its turn at the world's account.
    await fund(tx, posted.batch_id, cost, purses)
    await open_judging(tx, posted.batch_id, requester_id, spec, cost, fee_ppm=fee_ppm)
    await audit.note(
        tx, actor, "batch.post", posted.batch_id,
        {"digest": checked.digest.hex(), "tasks": checked.tasks, "golds": checked.golds, "funded": cost.to_fund},
    )  # fmt: skip
    return posted


async def after_post(database: Database, checked: Checked) -> None:
    """Give the planner its statistics, once a large batch is committed: it would take the new tasks for few."""
    if checked.tasks + checked.golds >= _ANALYZED_FROM:
        async with database.transaction() as tx:
            await tx.run("SET LOCAL statement_timeout = 0")
            await tx.run("ANALYZE task")


# Workers meet golds in the order of their ids. Labels take turns there, so that a few golds show how a worker does on
# each of them: one who always gives the commonest label is found by the others.
_TAKE_TURNS = """
WITH gold AS MATERIALIZED (
    SELECT id, key, payload, gold, row_number() OVER (ORDER BY id) AS place,
           row_number() OVER (PARTITION BY gold -> 'value' ORDER BY id) AS turn, random() AS luck
    FROM task WHERE batch_id = $1 AND gold IS NOT NULL AND open
), dealt AS (
    SELECT *, row_number() OVER (ORDER BY turn, luck) AS dealt FROM gold
)
UPDATE task SET key = dealt.key, payload = dealt.payload, gold = dealt.gold
FROM gold JOIN dealt ON dealt.dealt = gold.place WHERE task.id = gold.id AND dealt.id <> gold.id
"""

_PRACTICE = "INSERT INTO practice_task (batch_id, place, key, payload, gold) VALUES ($1, $2, $3, $4, $5)"

_SAME = "SELECT id, slug FROM batch WHERE requester_id = $1 AND digest = $2 AND state <> 'closed'"


async def posted_before(tx: Tx, requester_id: int, digest: bytes) -> Posted | None:
    """The batch that a requester made of the same before; None where there is none, or it is closed."""
    same = await tx.row(_SAME, requester_id, digest)
    return Posted(same["id"], same["slug"], already=True) if same else None


async def _insert_batch(
    tx: Tx, requester_id: int, checked: Checked, spec: BatchSpec, cost: Quote, purses: int
) -> tuple[Posted, int]:
    """The batch and the id of its first task."""
    new = NewBatch(
        requester_id, checked.digest, spec, purses, tasks=checked.tasks, golds=checked.golds,
        worth=first_worth(spec, cost), columns=checked.columns,
    )  # fmt: skip
    while True:
        same = await posted_before(tx, requester_id, checked.digest)
        if same:
            return same, 0
        made = await insert(tx, new)
        if made is not None:
            return Posted(made.batch_id, made.slug, already=False), made.first_task


async def _copy(tx: Tx, chunks: AsyncIterator[bytes]) -> None:
    await tx.connection.copy_to_table("task", source=chunks, columns=COLUMNS, format="text", timeout=_COPY_LIMIT_S)


async def _numbered_chunks(
    lines: Buckets, first: int, batch_id: int, progress: Callable[[Progress], None] | None
) -> AsyncIterator[bytes]:
    """The tasks in a random order, ready for COPY: the next bucket is made ready while the last one is sent."""
    began, number = time.monotonic(), first
    coming = asyncio.create_task(asyncio.to_thread(lines.shuffled_bucket, 0))
    try:
        for bucket in range(BUCKETS):
            ready = await coming
            if bucket + 1 < BUCKETS:
                coming = asyncio.create_task(asyncio.to_thread(lines.shuffled_bucket, bucket + 1))
            for start in range(0, len(ready), _CHUNK):
                chunk = ready[start : start + _CHUNK]
                yield numbered(number, batch_id, chunk)
                number += len(chunk)
            if progress and ready:
                progress(Progress(number - first, time.monotonic() - began))
    finally:
        coming.cancel()
