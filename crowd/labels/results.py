"""The results of a batch, as requesters take them away: a row for each task, or one for each answer."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import asyncpg

from crowd.batches.life import spec_of
from crowd.batches.spec import MICRO, BatchSpec
from crowd.exports.base import Column, Format, Row, Type
from crowd.kinds.judging import JudgedSpec
from crowd.labels.owncolumns import Told, has_parts, own_cells, own_columns
from crowd.packs.timing import MEASURED_MS
from db.database import Tx

ONLINE = "online-1"
"""The method of labels that no fit of the whole batch has said yet: each answer weighed by its worker's golds."""

REVIEWED = "review"
"""The method of what a person decided, also where it is that there is no label."""

BLOCK = 2000
"""Rows that are fetched, and written, at once."""


class Rows(StrEnum):
    """What a row of an export is about."""

    TASKS = "tasks"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Part:
    """The next piece of an export."""

    data: bytes
    rows: int
    """That were written so far, those of this piece among them."""


async def export(tx: Tx, batch_id: int, rows: Rows, form: Format) -> AsyncGenerator[Part, None]:
    """The results of a batch, piece by piece, ordered by task and then by answer.

    Everything is of one moment when `tx` is `Database.reading()`. Memory grows with the tasks that were
    reported, not with the batch. Tasks are
    in the random order in which they are handed out. Raises LookupError before the first piece when there is no
    such batch.
    """
    await tx.run("SET LOCAL idle_in_transaction_session_timeout = 0")  # whoever takes the pieces may be slow
    about = await tx.row(_ABOUT, batch_id)
    if about is None:
        raise LookupError(f"there is no batch {batch_id}")
    spec = await spec_of(tx, batch_id, about["digest"])
    if rows is Rows.TASKS:
        columns = task_columns(spec, about["columns"])
        query = _TASKS.format(evidence="t.evidence" if has_parts(spec) else "NULL")
        row_of = _task_row(spec, about, await _reporters(tx, batch_id))
    else:
        columns, query, row_of = answer_columns(spec), _ANSWERS, _answer_row(spec)
    writer = form.writer(columns)
    count = 0
    try:
        yield Part(writer.begin(), 0)
        cursor = await tx.connection.cursor(query, about["first_task"], about["last_task"], batch_id)
        while records := await cursor.fetch(BLOCK):
            count += len(records)
            block = [row_of(record) for record in records]
            # Making bytes of rows is long enough to keep others waiting, and Parquet's writer may wait itself.
            yield Part(await asyncio.to_thread(writer.rows, block), count)
        yield Part(await asyncio.to_thread(writer.end), count)
    finally:
        await asyncio.to_thread(writer.close)


def money(micros: int) -> str:
    """Micro-units as a decimal number of units, exactly, with two decimals at least: 20000 is 0.02."""
    whole, rest = divmod(abs(micros), MICRO)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if micros < 0 else ''}{whole}.{decimals}"


_ABOUT = "SELECT digest, currency, first_task, last_task, method, likeness, columns FROM batch WHERE id = $1"

# Tasks of a batch have ids of their own next to each other, so that both queries walk along primary keys: the first
# row comes at once, and nothing is sorted.

_TASKS = """
SELECT t.id, t.key, t.payload, t.gold, t.label, t.confidence, t.settled_at, t.withdrawn_at, t.reviewed_at,
       t.suspended_at, {evidence} AS evidence, said.answers, said.split
FROM task t CROSS JOIN LATERAL (
    SELECT coalesce(sum(times), 0)::int AS answers,
           coalesce(
               jsonb_agg(jsonb_build_array(value, times) ORDER BY times DESC, value) FILTER (WHERE value IS NOT NULL),
               '[]'
           ) AS split
    FROM (SELECT value, count(*) AS times FROM answer WHERE task_id = t.id GROUP BY value) each
) said
WHERE t.id BETWEEN $1 AND $2 AND t.batch_id = $3
ORDER BY t.id
"""

_ANSWERS = f"""
SELECT t.key, said.*
FROM task t CROSS JOIN LATERAL (
    SELECT a.id, a.value, {MEASURED_MS.format(answer="a", unknown="NULL")} AS ms, a.verdict, a.price, a.answered_at,
           (SELECT pseudonym FROM worker WHERE id = a.worker_id) AS worker,
           (SELECT word FROM judged_answer WHERE answer_id = a.id) AS judged
    FROM answer a WHERE a.task_id = t.id OFFSET 0
) said
WHERE t.id BETWEEN $1 AND $2 AND t.batch_id = $3
ORDER BY t.id, said.id
"""  # noqa: S608

_REPORTERS = """
SELECT task_id, count(DISTINCT worker_id) AS workers FROM passed WHERE batch_id = $1 AND way = 'reported'
GROUP BY task_id
"""


async def _reporters(tx: Tx, batch_id: int) -> dict[int, int]:
    """How many workers reported a task, for those that any did."""
    return {row["task_id"]: row["workers"] for row in await tx.rows(_REPORTERS, batch_id)}


def task_columns(spec: BatchSpec, have: Collection[str] | None) -> tuple[Column, ...]:
    """The columns of an export of tasks; those of the kind come last, as far as the items have them."""
    return (*_TASK_COLUMNS, *own_columns(spec, have))


_TASK_COLUMNS = (
    Column("id", Type.TEXT),  # the requester's own
    Column("label", Type.VALUE),  # of golds and of withdrawn tasks there is none
    Column("confidence", Type.REAL),
    Column("method", Type.TEXT),  # by which answers were added up, and its version
    Column("answers", Type.INTEGER),  # “I don't know” among them
    Column("split", Type.COUNTS),  # without “I don't know”
    Column("gold", Type.YES_NO),
    Column("right", Type.VALUE),  # of golds; none while one is suspended
    Column("reports", Type.INTEGER),  # workers who said that the item is broken
    Column("withdrawn", Type.YES_NO),
    Column("settled_at", Type.TIME),  # none: the label is what it is so far
)

ANSWER_COLUMNS = (
    Column("task", Type.TEXT),  # the requester's own id
    Column("worker", Type.TEXT),  # a pseudonym
    Column("value", Type.VALUE),
    Column("dont_know", Type.YES_NO),
    Column("ms", Type.INTEGER),  # from shown to answered
    Column("verdict", Type.REAL),  # of a gold, 0 wrong .. 1 right
    Column("paid", Type.TEXT),  # a decimal number, in units of currency
    Column("currency", Type.TEXT),
    Column("answered_at", Type.TIME),
)


def answer_columns(spec: BatchSpec) -> tuple[Column, ...]:
    """The columns of an export of answers."""
    return (*ANSWER_COLUMNS, JUDGED) if isinstance(spec, JudgedSpec) else ANSWER_COLUMNS


JUDGED = Column("judged", Type.TEXT)
"""What others said of the answer; none: nothing yet."""

_RowOf = Callable[[asyncpg.Record], Row]


def _task_row(spec: BatchSpec, about: asyncpg.Record, reporters: dict[int, int]) -> _RowOf:
    own, method, likeness = own_cells(spec, about["columns"]), about["method"] or ONLINE, about["likeness"]

    def row_of(record: asyncpg.Record) -> Sequence[object]:
        gold, payload = record["gold"], record["payload"]
        labelled = record["label"] is not None and gold is None
        label = record["label"] if labelled else None
        return (
            record["key"],
            label,
            record["confidence"] if labelled else None,
            REVIEWED if record["reviewed_at"] is not None else method if labelled else None,
            record["answers"],
            record["split"],
            gold is not None,
            gold["value"] if gold is not None and record["suspended_at"] is None else None,
            reporters.get(record["id"], 0),
            record["withdrawn_at"] is not None,
            record["settled_at"],
            *own(Told(payload, label, record["split"], record["evidence"], likeness)),
        )

    return row_of


def _answer_row(spec: BatchSpec) -> _RowOf:
    judged = isinstance(spec, JudgedSpec)

    def row_of(record: asyncpg.Record) -> Sequence[object]:
        return (
            record["key"],
            record["worker"],
            record["value"],
            record["value"] is None,
            record["ms"],
            record["verdict"],
            money(record["price"]),
            spec.currency,
            record["answered_at"],
            *((record["judged"],) if judged else ()),
        )

    return row_of
