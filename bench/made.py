"""A batch of any size, made by the database itself: a hundred times as fast as an import."""

from dataclasses import dataclass

import asyncpg

from crowd.kinds import load_spec
from crowd.requesters import create_requester
from db.database import Database, Tx

_GOLD_EVERY = 10
_PURSES = 8
_SPEC = {
    "name": "Growth",
    "kind": "choice",
    "language": "sw",
    "items": "items.csv",
    "currency": "USD",
    "price": "0.01",
    "instructions": {"en": "Good or bad?"},
    "options": [{"value": "good", "label": {"en": "Good"}}, {"value": "bad", "label": {"en": "Bad"}}],
    "overlap": {"least": 3, "most": 5},
}

_BATCH = """
INSERT INTO batch (id, requester_id, digest, slug, name, kind, language, spec, currency, price, tasks, golds,
                   first_task, last_task, front, purses, created_at)
VALUES ($1, $2, sha256('growth'), 'growth', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, $13, $14)
"""

_TASKS = """
INSERT INTO task (id, batch_id, key, payload, gold, open, seats)
SELECT $3::bigint + n, $1::bigint, 'k' || n, jsonb_build_object('text', 'Sentensi ya ' || n || ': tumeamka mapema.'),
       CASE WHEN n % $4::int = 0
            THEN jsonb_build_object('value', CASE WHEN ($3 + n) % 4 < 2 THEN 'good' ELSE 'bad' END) END,
       true, 3
FROM generate_series(0, $2::bigint - 1) n
"""

_PURSE = "INSERT INTO account (kind, owner, slot, currency) SELECT 'escrow', $1, generate_series(0, $2::int - 1), 'USD'"
_WORLD = "INSERT INTO account (kind, owner, currency) VALUES ('world', 0, 'USD') ON CONFLICT DO NOTHING"
_FUND = """
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'fund', e.id, w.id, e.id, $2, $3 FROM account e, account w
WHERE e.kind = 'escrow' AND e.owner = $1 AND w.kind = 'world'
"""
_TALLY = "INSERT INTO tally (batch_id, slot) SELECT $1, generate_series(0, $2::int - 1)"

# What veterans have done: everything at the beginning of the batch that is no gold.
_ANSWERS = """
INSERT INTO answer (id, task_id, batch_id, worker_id, value, price, ms, answered_at)
SELECT nextval(pg_get_serial_sequence('lease', 'id')), t.id, $1, w, '"good"', 10000, 3000, $4
FROM task t, unnest($2::bigint[]) w WHERE t.batch_id = $1 AND t.id <= $3 AND t.gold IS NULL
ORDER BY t.id, w
"""
_SETTLED = """
UPDATE task SET answers = $3, seats = 0, open = false, label = '"good"', confidence = 0.9, settled_at = $4,
                evidence = '{"good": [3, 2.5]}'
WHERE batch_id = $1 AND id <= $2 AND gold IS NULL
"""
_TRACKS = (
    "INSERT INTO track (worker_id, kind, language, answers) SELECT w, 'choice', 'sw', $2 FROM unnest($1::bigint[]) w"
)
_HOLDS = "INSERT INTO account (kind, owner, currency) SELECT 'hold', w, 'USD' FROM unnest($1::bigint[]) w"
_PARTICIPATIONS = """
INSERT INTO participation
    (worker_id, batch_id, cursor, gold_cursor, hold_id, escrow_id, answers, joined_at)
SELECT a.owner, $1, $3, $3, a.id, (SELECT min(id) FROM account WHERE kind = 'escrow'), $4, $5
FROM account a WHERE a.kind = 'hold' AND a.owner = ANY($2::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A batch that is there now."""

    batch_id: int


def right_option(task_id: int) -> int:
    """The number of the right answer to a task, gold or not."""
    return int(task_id % 4 >= 2)


async def make_batch(database: Database, open_tasks: int, veterans: list[int], *, history: int) -> Made:
    """A batch of choices with so many open tasks before a newcomer, a tenth of all being golds.

    `veterans` are ids of workers who have answered `history` tasks of it each; those are settled.
    """
    ordinary = open_tasks + history
    rows = ordinary + ordinary // (_GOLD_EVERY - 1) + 1
    golds = -(-rows // _GOLD_EVERY)
    batch_id, first = 1, 2**28
    answered_to = first + history * _GOLD_EVERY // (_GOLD_EVERY - 1)
    spec = load_spec(_SPEC)
    async with database.transaction() as tx:
        await tx.run("SET LOCAL idle_in_transaction_session_timeout = 0")
        owner = await create_requester(tx, "bench")
        await tx.run(
            _BATCH, batch_id, owner.id, spec.name, spec.kind, spec.language, spec.model_dump(mode="json"),
            spec.currency, spec.price_micros, rows - golds, golds, first, first + rows - 1, _PURSES, tx.now,
        )  # fmt: skip
        await tx.run(_TASKS, batch_id, rows, first, _GOLD_EVERY)
        await tx.run(_WORLD)
        await tx.run(_PURSE, batch_id, _PURSES)
        await tx.run(_FUND, batch_id, rows * spec.overlap.most * spec.price_micros, tx.now)
        await tx.run(_TALLY, batch_id, _PURSES)
        if veterans:
            await _let_work(tx, batch_id, veterans, answered_to, history)
    return Made(batch_id)


async def _let_work(tx: Tx, batch_id: int, veterans: list[int], answered_to: int, history: int) -> None:
    await tx.run(_ANSWERS, batch_id, veterans, answered_to, tx.now)
    await tx.run(_SETTLED, batch_id, answered_to, len(veterans), tx.now)
    await tx.run(_TRACKS, veterans, history)
    await tx.run(_HOLDS, veterans)
    await tx.run(_PARTICIPATIONS, batch_id, veterans, answered_to, history, tx.now)


async def vacuum(dsn: str) -> None:
    """What autovacuum does after a while."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
