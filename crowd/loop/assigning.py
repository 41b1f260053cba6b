"""The best of certain tasks for a certain worker, where the choice is not left to the batch's order."""

import math
import random
from collections.abc import Sequence

from crowd.batches.life import spec_of
from crowd.kinds import kind_named
from crowd.loop.handing import Dry, Given, taking_part
from crowd.loop.picking import LEASE, contested_first, lease_until
from crowd.loop.settling import least_wanted, reliability
from crowd.money.purses import other_purse
from crowd.workers.standing import Standing
from db.database import Tx

# Chosen as on the hot path: see `crowd.loop.picking`. Among tasks short of answers, the first named goes first.
_PICKED = """
WITH named AS (
    SELECT t.id, t.payload, t.gold, t.wanted, n.place,
           CASE WHEN t.wanted IS NULL THEN 1 WHEN $8::boolean THEN 0 ELSE 2 END AS rank
    FROM unnest($3::bigint[]) WITH ORDINALITY n (id, place) JOIN task t ON t.id = n.id
    WHERE t.batch_id = $2 AND t.open AND (t.wanted IS NULL OR t.wanted >= $9::float)
      AND NOT EXISTS (SELECT FROM answer WHERE task_id = t.id AND worker_id = $1)
      AND NOT EXISTS (SELECT FROM passed WHERE task_id = t.id AND worker_id = $1)
    ORDER BY rank, wanted DESC NULLS LAST, place LIMIT 1
), picked AS (
    SELECT t.id, t.payload, CASE WHEN t.gold IS NOT NULL THEN 'gold' WHEN t.wanted IS NULL THEN 'fresh'
                            ELSE 'contested' END AS way
    FROM task t WHERE t.id = (SELECT id FROM named) AND t.open FOR NO KEY UPDATE
)"""

_BEST = _PICKED + LEASE.format(
    worker="$1::bigint",
    batch="$2::bigint",
    price="$4::bigint",
    escrow="$5::bigint",
    now="$6::timestamptz",
    due="$7::timestamptz",
    paid="0",
    freed="0",
    answered="0",
    unknown="0",
    active="0",
    shown="shown",
    habits="habits",
)


async def assign(tx: Tx, worker_id: int, batch_id: int, task_ids: Sequence[int], luck: random.Random) -> Given | Dry:
    """Put that one of the tasks into a worker's hands to which their answer is worth most; Dry.DONE if to none.

    The worker's row must be locked, and nothing else may be in their hands.
    """
    row = await taking_part(tx, worker_id, batch_id)
    if isinstance(row, Dry):
        return row
    spec = await spec_of(tx, batch_id, row["digest"])
    chance = kind_named(spec.kind).chance(spec)
    standing = Standing(row["golds"], row["right"])
    reliable = reliability(standing.weight(row["accuracy"], chance, row["usual"]), chance, row["usual"])
    first = contested_first(reliable, luck)
    wanted = least_wanted(spec.overlap, reliable, row["fitted_at"], tx.now, worth=row["worth"])
    due = lease_until(spec, tx.now, row["pace_ms"])
    escrow: int | None = row["escrow_id"]
    while escrow is not None:
        got = await tx.row(_BEST, worker_id, batch_id, task_ids, row["price"], escrow, tx.now, due, first, wanted)
        if got is not None and got["id"] is not None:
            return Given(
                got["id"], got["task_id"], batch_id, spec, got["payload"], row["price"], tx.now, due, row["answers"]
            )
        if got is None or got["enough"]:
            return Dry.DONE
        any_money = row["kept"] is None or got["fresh"]
        escrow = await other_purse(tx, worker_id, batch_id, purses=row["purses"], price=row["price"], fresh=any_money)
        if escrow is None and row["kept"] is not None and wanted < math.inf:  # then a task below its least answers
            escrow, wanted = row["escrow_id"], math.inf
    return Dry.NO_MONEY
