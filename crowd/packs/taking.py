"""A pack is taken: tasks are picked together, under the same rules as one by one, and leased for a day.

All are locked before the purse, as everywhere; a task that has no room in the message is left for others.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.golds.rate import EARLY
from crowd.golds.seats import MAY_COME
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.loop.handing import Dry, note_dry, taking_part, walks
from crowd.loop.picking import contested_first, gold_least, gold_window, lease_until, wants_gold
from crowd.loop.searching import Search
from crowd.loop.settling import least_wanted, reliability
from crowd.money.purses import free_purse, other_purse
from crowd.packs.pack import LASTS, NUMBERS, Pack, open_pack, tasks_by_number
from crowd.workers.standing import Standing
from db.database import Tx

MOST = 25
"""Tasks in a pack."""

_AHEAD = 10
"""So many tasks beyond those wanted are looked at, since others may be taking some at the same moment."""

_TRIES = 4

Fits = Callable[[BatchSpec, Sequence[Json]], Sequence[bool]]
"""Which of these payloads go into one message, in their order."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """There are tasks, but none that would have room in a message with others."""


_WALK = """
SELECT id FROM task WHERE batch_id = $1 AND open AND gold IS NULL AND wanted IS NULL AND id > $2 AND id <= $3
ORDER BY id LIMIT $4
"""

# As `crowd.loop.picking` does it for one.
_LOCK = f"""
WITH near AS (
    SELECT id FROM task
    WHERE batch_id = $2 AND open AND wanted IS NOT NULL AND wanted >= $6::float ORDER BY wanted DESC LIMIT 50
), unseen AS MATERIALIZED (
    SELECT id FROM near
    WHERE NOT EXISTS (SELECT FROM answer WHERE task_id = near.id AND worker_id = $1)
      AND NOT EXISTS (SELECT FROM passed WHERE worker_id = $1 AND task_id = near.id)
      AND NOT EXISTS (SELECT FROM lease WHERE worker_id = $1 AND task_id = near.id)
), contested AS (
    SELECT id, payload FROM task WHERE id = ANY(ARRAY(SELECT id FROM unseen)) AND open AND wanted IS NOT NULL
    ORDER BY wanted DESC LIMIT $5 FOR NO KEY UPDATE SKIP LOCKED
), fresh AS (
    SELECT id, payload FROM task WHERE id = ANY($3::bigint[]) AND open AND gold IS NULL AND wanted IS NULL
    ORDER BY id LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED
), golds AS (
    SELECT id, payload FROM task t
    WHERE batch_id = $2 AND open AND gold IS NOT NULL AND id > $8 AND id <= $9
      AND (answers + leased < $10::int OR {MAY_COME})
    ORDER BY id LIMIT $7 FOR NO KEY UPDATE SKIP LOCKED
)
SELECT id, payload, 'fresh' AS way FROM fresh
UNION ALL SELECT id, payload, 'contested' FROM contested
UNION ALL SELECT id, payload, 'gold' FROM golds
"""  # noqa: S608

# What is left of a purse is for the first of them; what it keeps is for the fresh ones alone.
_LEASE = """
WITH purse AS (
    SELECT balance - reserved AS there, greatest(kept, 0) AS kept FROM account WHERE id = $4 FOR NO KEY UPDATE
), turn AS (
    SELECT told.*, count(*) OVER before AS turns, count(*) FILTER (WHERE way = 'fresh') OVER before AS fresh
    FROM unnest($5::bigint[], $6::text[]) WITH ORDINALITY AS told (task_id, way, place)
    WINDOW before AS (ORDER BY place)
), paid AS (
    SELECT task_id, way, row_number() OVER (ORDER BY place) AS place FROM turn, purse
    WHERE turns * $3 <= there AND (way = 'fresh' OR turns * $3 <= there - greatest(kept - fresh * $3, 0))
), given AS (
    INSERT INTO lease (task_id, batch_id, worker_id, price, escrow_id, gold, given_at, due_at, pack_id)
    SELECT task_id, $2, $1, $3, $4, way = 'gold', $8, $9, $7 FROM paid ORDER BY place
    RETURNING id, task_id
), noted AS (
    INSERT INTO packed (pack_id, number, lease_id, task_id)
    SELECT $7, $10 + place - 1, given.id, given.task_id FROM given JOIN paid USING (task_id)
), reserved AS (
    UPDATE account SET
        reserved = reserved + $3 * (SELECT count(*) FROM paid),
        kept = kept - $3 * (SELECT count(*) FROM paid WHERE way = 'fresh')
    WHERE id = $4 AND EXISTS (SELECT FROM paid)
), seated AS (
    UPDATE task SET seats = seats - 1, open = seats > 1, leased = leased + 1 FROM paid WHERE task.id = paid.task_id
), moved AS (
    UPDATE participation SET
        cursor = greatest(cursor, (SELECT max(task_id) FROM paid WHERE way = 'fresh')),
        gold_cursor = greatest(gold_cursor, (SELECT max(task_id) FROM paid WHERE way = 'gold'))
    WHERE worker_id = $1 AND batch_id = $2
)
SELECT task_id FROM paid
"""

_MAKE = "INSERT INTO pack (worker_id, batch_id, letters, size, made_at) VALUES ($1, $2, $3, $4, $5) RETURNING id"
_UNMAKE = "DELETE FROM pack WHERE id = $1"

_NEW_LAP = "UPDATE participation SET lap = 1 WHERE worker_id = $1 AND batch_id = $2"


async def take_pack(
    tx: Tx, worker_id: int, batch_id: int, size: int, letters: str, fits: Fits, luck: random.Random
) -> Pack | Dry | TooLong:
    """The pack that a worker has, or else a new one of so many tasks of a batch, at most; or why there is none.

    The worker's row must be locked. `letters` will name the answers.
    """
    if (pack := await _open(tx, worker_id)) is not None:
        return pack
    row = await taking_part(tx, worker_id, batch_id)
    if isinstance(row, Dry):
        return row
    spec, size = await spec_of(tx, batch_id, row["digest"]), max(1, min(size, MOST))
    escrow, pays = row["escrow_id"], True
    if row["kept"] is not None:
        escrow, pays = await free_purse(
            tx, worker_id, batch_id, drawn_on=escrow, free=row["free"], purses=row["purses"], price=row["price"]
        )
    picked = await _picked(tx, worker_id, batch_id, row, spec, size, luck, pays=pays)
    if not picked:
        return await note_dry(tx, worker_id, batch_id)
    luck.shuffle(picked)
    fitting = fits(spec, [each["payload"] for each in picked])
    chosen = [each for each, has_room in zip(picked, fitting, strict=True) if has_room]
    if not chosen:
        return TooLong()
    due = max(tx.now + LASTS, lease_until(spec, tx.now, row["pace_ms"]))
    return await _lease(tx, worker_id, batch_id, row, chosen, escrow, letters, size, due)


async def _lease(
    tx: Tx,
    worker_id: int,
    batch_id: int,
    row: asyncpg.Record,
    chosen: Sequence[asyncpg.Record],
    escrow: int,
    letters: str,
    size: int,
    due: datetime,
) -> Pack | Dry:
    """Lease what is locked, as far as purses pay for it; from the second on only one that nobody holds.

    Else two could wait for each other, each with the rest of a purse.
    """
    left = {each["id"]: each["way"] for each in chosen}
    number = await _first_number(tx, worker_id, len(left))
    pack_id = await tx.value(_MAKE, worker_id, batch_id, letters, size, tx.now)
    for _ in range(_TRIES):
        given = await tx.rows(
            _LEASE, worker_id, batch_id, row["price"], escrow, list(left), list(left.values()), pack_id, tx.now, due,
            number + len(chosen) - len(left),
        )  # fmt: skip
        for each in given:
            del left[each["task_id"]]
        fresh = len(left) == len(chosen) and (row["kept"] is None or "fresh" in left.values())
        richer = left and await other_purse(
            tx, worker_id, batch_id, purses=row["purses"], price=row["price"], fresh=fresh
        )
        if not richer:
            break
        escrow = richer
    pack = await _open(tx, worker_id)
    if pack is None:
        await tx.run(_UNMAKE, pack_id)
        return Dry.NO_MONEY
    return pack


async def _open(tx: Tx, worker_id: int) -> Pack | None:
    return open_pack((await tasks_by_number(tx, worker_id)).values())


async def _first_number(tx: Tx, worker_id: int, size: int) -> int:
    """Behind the last pack's numbers."""
    last: int | None = await tx.value(
        "SELECT max(number) FROM packed WHERE pack_id = (SELECT max(id) FROM pack WHERE worker_id = $1)", worker_id
    )
    first = (last or 0) + 1
    return first if first + size - 1 <= NUMBERS else 1


async def _picked(
    tx: Tx,
    worker_id: int,
    batch_id: int,
    row: asyncpg.Record,
    spec: BatchSpec,
    size: int,
    luck: random.Random,
    *,
    pays: bool,
) -> list[asyncpg.Record]:
    """Tasks for a worker, locked, with how each was found; at most `size`. Without `pays` only fresh ones."""
    standing = Standing(row["golds"], row["right"], tuple(row["levels"]))
    chance = kind_named(spec.kind).chance(spec)
    reliable = reliability(standing.weight(row["accuracy"], chance, row["usual"]), chance, row["usual"])
    trial = row["trial_from"] is not None
    golds = _golds(standing, chance, size, luck, trial=trial, frozen=row["frozen"]) * pays
    contested = sum(contested_first(reliable, luck) for _ in range(size - golds)) * pays
    wanted = least_wanted(spec.overlap, reliable, row["fitted_at"], tx.now, worth=row["worth"]) if pays else math.inf
    fresh = await _fresh(tx, worker_id, batch_id, row, size + _AHEAD)
    found = await tx.rows(
        _LOCK, worker_id, batch_id, fresh, size, size, wanted, golds, *gold_window(row, trial=trial),
        gold_least(spec, trial=trial),
    )  # fmt: skip
    by_way = {way: [each for each in found if each["way"] == way] for way in ("fresh", "contested", "gold")}
    room = size - min(golds, len(by_way["gold"]))
    first = by_way["contested"][:contested]
    ordinary = [*first, *by_way["fresh"], *by_way["contested"][len(first) :]][:room]
    return [*ordinary, *by_way["gold"][: min(golds, len(ordinary))]]


def _golds(standing: Standing, chance: float, size: int, luck: random.Random, *, trial: bool, frozen: bool) -> int:
    """How many of so many tasks are to be golds. What they show is known only later: more in doubt come with the next.

    So after the exam there are no more of them than in later doubt; and never more than half, or all would know them.
    """
    golds = 0
    for _ in range(size):
        met = replace(standing, golds=standing.golds + golds)
        golds += wants_gold(met, EARLY, chance, luck, trial=trial, frozen=frozen)
    return min(golds, size // 2)


async def _fresh(tx: Tx, worker_id: int, batch_id: int, row: asyncpg.Record, most: int) -> list[int]:
    """Tasks below their least answers that the worker never had: behind their cursor, or after a lap wherever."""
    if walks(row):
        found = [each["id"] for each in await tx.rows(_WALK, batch_id, row["cursor"], row["reach"], most)]
        if found:
            return found
        await tx.run(_NEW_LAP, worker_id, batch_id)
    search, found = Search(worker_id, batch_id, row["cursor"], row["front"], row["reach"]), []
    while len(found) < most and (task_id := await search.next(tx)) is not None:
        found.append(task_id)
    return found
