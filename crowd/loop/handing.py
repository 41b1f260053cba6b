"""Handing out: the next task of a batch for a worker, at the same cost however large the batch is.

Tasks are numbered in the random order that import fixed, and a worker's cursor only moves forward through them:
the next task is the first one behind the cursor that is short of answers, one step in a partial index, and never one
that this worker had before. Only after a whole lap (`lap` is 1 from then on) are tasks that were opened again looked
for, and each is checked. Tasks that have their least answers and are still in doubt stand in an index of their own,
the most doubtful first; see `crowd.loop.settling` for whom they are given to.
Golds stand among them, with seats like any task, and each worker has a cursor of their own for them; one is given
only where an ordinary task could have been.
"""

import math
import random
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg

from crowd.batches.life import spec_of
from crowd.batches.locks import keep_from_closing
from crowd.batches.reading import reads
from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.loop.gate import practice_first
from crowd.loop.picking import PICK, contested_first, gold_least, gold_window, lease_until, wants_gold
from crowd.loop.searching import Search
from crowd.loop.settling import least_wanted, reliability
from crowd.money.purses import KEPT_AND_FREE, free_purse, other_purse
from crowd.parity.frozen import FROZEN
from crowd.redos.states import Why
from crowd.workers.standing import Standing
from db.database import Tx

_TRIES = 25


class Dry(StrEnum):
    """Why a batch has no task for a worker now."""

    DONE = "done"
    """They did all there are, or all are in others' hands."""
    CLOSED = "closed"
    PAUSED_BATCH = "paused_batch"
    PAUSED_WORKER = "paused_worker"
    IN_REVIEW = "in_review"
    """Paused while a person looks at their answers."""
    NO_MONEY = "no_money"
    NOT_ALLOWED = "not_allowed"
    """Not in a language of theirs, or a skill is missing."""
    PRACTICE = "practice"
    """Its practice comes first; see `crowd.loop.practice`."""


@dataclass(frozen=True, slots=True)
class Given:
    """A task in a worker's hands."""

    lease_id: int
    task_id: int
    batch_id: int
    spec: BatchSpec
    payload: Json
    price: int
    """Micro-units of `spec.currency`."""
    given_at: datetime
    due_at: datetime
    answers: int
    """How many of this batch the worker had answered before."""
    why: Why | None = None
    """Set where the worker answered it before, and is to mend that: `crowd.redos`."""


# Beside a task there may be answers to mend that the worker took: the one they took last is in hands. What went out in
# a pack is in none: see `crowd.packs`.
_HELD = """
SELECT l.id, l.task_id, l.batch_id, l.price, l.given_at, l.due_at, t.payload, b.digest,
       coalesce(p.answers, 0) AS answers, l.redo_of, r.word, r.reason
FROM lease l JOIN task t ON t.id = l.task_id JOIN batch b ON b.id = l.batch_id
LEFT JOIN participation p ON p.worker_id = l.worker_id AND p.batch_id = l.batch_id
LEFT JOIN redo r ON r.answer_id = l.redo_of
WHERE l.worker_id = $1 AND NOT l.waiting AND l.pack_id IS NULL ORDER BY l.given_at DESC, l.id DESC LIMIT 1
"""

ALLOWED = """(
    EXISTS (SELECT FROM worker_language WHERE worker_id = {worker} AND language = b.language)
    AND (b.skills = '{{}}' OR b.skills <@ ARRAY(
        SELECT name FROM skill WHERE worker_id = {worker} AND (expires_at IS NULL OR expires_at > {now})
    ))
    AND (b.underpays = '{{}}' OR NOT EXISTS (
        SELECT FROM worker WHERE id = {worker} AND coalesce(country, '*') = ANY(b.underpays)
    ) OR EXISTS (SELECT FROM participation WHERE worker_id = {worker} AND batch_id = b.id))
)"""
"""SQL: whether a worker may work on batch `b`: it is in a language of theirs, they have the skills it asks for, and it
pays an hour what it has to in their country; who took part before goes on, and is topped up."""

REACH = "coalesce(b.reach, b.last_task) AS reach"
"""SQL: the last task of batch `b` that is handed out now. It bounds ordinary tasks; a pilot meets golds as usual."""

_PARTICIPATION = f"""
SELECT b.digest, b.state, b.kind, b.language, b.price, b.currency, b.first_task, b.last_task,
       {REACH}, b.front, b.pace_ms, b.tasks, b.purses, b.skills, b.judges,
       b.usual, b.fitted_at, b.worth, {KEPT_AND_FREE.format(account="e")},
       p.cursor, p.lap, p.gold_cursor, p.escrow_id, p.answers, p.accuracy,
       r.answers AS track_answers, r.golds, r.right, r.levels, r.paused_at,
       r.pause_reason, r.trial_from, {FROZEN.format(part="p")} AS frozen,
       {ALLOWED.format(worker="$1", now="$3")} AS allowed
FROM batch b
LEFT JOIN participation p ON p.worker_id = $1 AND p.batch_id = b.id
LEFT JOIN account e ON e.id = p.escrow_id
LEFT JOIN track r ON r.worker_id = $1 AND r.kind = b.kind AND r.language = b.language
WHERE b.id = $2
"""  # noqa: S608

_JOIN = """
WITH opened AS (
    INSERT INTO account (kind, owner, currency) VALUES ('hold', $1, $3), ('available', $1, $3)
    ON CONFLICT DO NOTHING RETURNING id, kind
), tracked AS (
    INSERT INTO track (worker_id, kind, language) VALUES ($1, $4, $5) ON CONFLICT DO NOTHING
)
INSERT INTO participation
    (worker_id, batch_id, cursor, gold_cursor, hold_id, escrow_id, joined_at, read_in)
VALUES (
    $1, $2, $6, $7,
    coalesce(
        (SELECT id FROM opened WHERE kind = 'hold'),
        (SELECT id FROM account WHERE kind = 'hold' AND owner = $1 AND currency = $3)
    ),
    (SELECT id FROM account WHERE kind = 'escrow' AND owner = $2 AND slot = $8), $9, $10
)
"""

_ONE = "WITH" + PICK.format(
    worker="$1::bigint",
    batch="$2::bigint",
    wanted="true",
    want_gold="$3::boolean",
    gold_after="$4::bigint",
    gold_upto="$5::bigint",
    after="$6::bigint",
    upto="$7::bigint",
    price="$8::bigint",
    escrow="$9::bigint",
    now="$10::timestamptz",
    due="$11::timestamptz",
    contested_first="$12::boolean",
    least_wanted="$13::float",
    gold_least="$14::int",
    answering="0",
    paid="0",
    freed="0",
    answered="0",
    unknown="0",
    active="0",
    shown="shown",
    habits="habits",
)

_NEW_LAP = "UPDATE participation SET lap = 1 WHERE worker_id = $1 AND batch_id = $2"

_NOTE_DRY = "UPDATE participation SET dry_at = $3 WHERE worker_id = $1 AND batch_id = $2"


async def held(tx: Tx, worker_id: int) -> Given | None:
    """The task that a worker has in hands, if any."""
    row = await tx.row(_HELD, worker_id)
    return await _given_from(tx, row) if row else None


async def _given_from(tx: Tx, row: asyncpg.Record) -> Given:
    """A task as its row tells."""
    return Given(
        lease_id=row["id"],
        task_id=row["task_id"],
        batch_id=row["batch_id"],
        spec=await spec_of(tx, row["batch_id"], row["digest"]),
        payload=row["payload"],
        price=row["price"],
        given_at=row["given_at"],
        due_at=row["due_at"],
        answers=row["answers"],
        why=None if row["redo_of"] is None else Why(row["word"], row["reason"]),
    )


async def next_task(
    tx: Tx, worker_id: int, batch_id: int, luck: random.Random, *, practice_declined: bool = False
) -> Given | Dry:
    """The task in the worker's hands, or else the next one of the batch. The worker's row must be locked.

    `practice_declined`: they want to begin without the practice that is free to skip.
    """
    in_hands = await held(tx, worker_id)
    if in_hands is not None:
        return in_hands
    row = await taking_part(tx, worker_id, batch_id, practice_declined=practice_declined)
    return row if isinstance(row, Dry) else await _pick(tx, worker_id, batch_id, row, luck)


async def taking_part(
    tx: Tx, worker_id: int, batch_id: int, *, practice_declined: bool = False
) -> asyncpg.Record | Dry:
    """What is known of a worker in a batch, who joins it now if need be; or why it gives them nothing.

    The batch is kept from being closed until the transaction ends.
    """
    await keep_from_closing(tx, batch_id)
    row = await tx.row(_PARTICIPATION, worker_id, batch_id, tx.now)
    if row is None:
        return Dry.CLOSED
    refusal = refused(row)
    if refusal is not None:
        return refusal
    if row["cursor"] is None:
        spec = await spec_of(tx, batch_id, row["digest"])
        if await practice_first(tx, worker_id, batch_id, spec, declined=practice_declined):
            return Dry.PRACTICE
    if row["cursor"] is None or row["golds"] is None:
        await _join(tx, worker_id, batch_id, row)
        row = await tx.row(_PARTICIPATION, worker_id, batch_id, tx.now)
        assert row is not None
    return row


def refused(row: asyncpg.Record) -> Dry | None:
    """Why a batch gives a worker nothing, if it does not. The row has `state`, `paused_at` and `allowed`."""
    if row["state"] != "open":
        return Dry.CLOSED if row["state"] == "closed" else Dry.PAUSED_BATCH
    if row["paused_at"] is not None:
        return Dry.IN_REVIEW if row["pause_reason"] == "review" else Dry.PAUSED_WORKER
    if not row["allowed"]:
        return Dry.NOT_ALLOWED
    return None


async def _join(tx: Tx, worker_id: int, batch_id: int, row: asyncpg.Record) -> None:
    if row["cursor"] is not None:
        await tx.run(
            "INSERT INTO track (worker_id, kind, language) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            worker_id, row["kind"], row["language"],
        )  # fmt: skip
        return
    spec = await spec_of(tx, batch_id, row["digest"])
    locale = await tx.value("SELECT locale FROM worker WHERE id = $1", worker_id)
    await tx.run(
        _JOIN, worker_id, batch_id, row["currency"], row["kind"], row["language"], row["front"] - 1,
        row["first_task"] - 1, worker_id % row["purses"], tx.now,
        reads(locale, spec.instructions, spec.language),
    )  # fmt: skip


async def _pick(tx: Tx, worker_id: int, batch_id: int, row: asyncpg.Record, luck: random.Random) -> Given | Dry:
    spec = await spec_of(tx, batch_id, row["digest"])
    standing = Standing(row["golds"], row["right"], tuple(row["levels"]))
    chance = kind_named(spec.kind).chance(spec)
    reliable = reliability(standing.weight(row["accuracy"], chance, row["usual"]), chance, row["usual"])
    trial = row["trial_from"] is not None
    gold = wants_gold(standing, row["track_answers"], chance, luck, trial=trial, frozen=row["frozen"])
    golds = gold_window(row, trial=trial)
    least = gold_least(spec, trial=trial)
    contested = contested_first(reliable, luck)
    wanted = least_wanted(spec.overlap, reliable, row["fitted_at"], tx.now, worth=row["worth"])
    escrow, last, money = row["escrow_id"], row["reach"], {"purses": row["purses"], "price": row["price"]}
    if row["kept"] is not None:
        escrow, pays = await free_purse(tx, worker_id, batch_id, drawn_on=escrow, free=row["free"], **money)
        gold, wanted = gold and pays, wanted if pays else math.inf
    due = lease_until(spec, tx.now, row["pace_ms"])
    search = Search(worker_id, batch_id, row["cursor"], row["front"], last)
    window: tuple[int, int] | None = (row["cursor"], last) if walks(row) else None
    over = False
    for _ in range(_TRIES):
        if window is None:
            found = await search.next(tx)
            over = found is None
            window = (last, last) if found is None else (found - 1, found)
        got = await tx.row(
            _ONE, worker_id, batch_id, gold, *golds, *window, row["price"], escrow, tx.now, due, contested, wanted,
            least,
        )  # fmt: skip
        assert got is not None
        if got["id"] is not None:
            return Given(
                got["id"], got["task_id"], batch_id, spec, got["payload"], row["price"], tx.now, due, row["answers"]
            )
        if got["enough"]:
            if over:
                return await note_dry(tx, worker_id, batch_id)
            await tx.run(_NEW_LAP, worker_id, batch_id)
            gold, window = False, None
        else:
            any_money = row["kept"] is None or got["fresh"]
            richer = await other_purse(tx, worker_id, batch_id, fresh=any_money, **money)
            if richer is None and any_money:
                return Dry.NO_MONEY
            if richer is None:  # now a fresh task, or none
                gold, wanted = False, math.inf
            escrow = richer or escrow
    return Dry.DONE


def walks(row: asyncpg.Record) -> bool:
    """Whether the next task is the first behind the worker's cursor: not after a whole lap, nor where others judge.

    There some tasks are about what the worker brought, which is noted as passed: a cursor does not look there.
    The row has `lap` and `judges`.
    """
    return row["lap"] == 0 and row["judges"] is None


async def note_dry(tx: Tx, worker_id: int, batch_id: int) -> Dry:
    """Note that there was nothing for a worker, so that the batch is not offered to them for a while."""
    await tx.run(_NOTE_DRY, worker_id, batch_id, tx.now)
    return Dry.DONE
