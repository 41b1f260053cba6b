"""Each batch with instructions in several languages is looked at as its golds are answered; flags come and go."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import asyncpg

from crowd import audit
from crowd.batches.life import spec_of
from crowd.elsewhere import elsewhere
from crowd.parity.departing import LEAST_ANSWERS, Met, compared, level_of_look
from crowd.parity.figures import Found, Look, Measure, departing
from crowd.parity.lifting import lift_pauses, lock_readers
from crowd.parity.measuring import golds_met, since
from db.database import Database, Tx

GROWN = 1.5
"""A batch is looked at anew when its golds have so many times the answers of the last look."""

_DUE = """
SELECT b.id FROM batch b LEFT JOIN parity_look l ON l.batch_id = b.id, LATERAL (
    SELECT coalesce(sum(gold_answers), 0) AS golds FROM tally WHERE batch_id = b.id
) done
WHERE b.state <> 'closed' AND done.golds >= $1 AND done.golds >= coalesce(l.gold_answers, 0) * $2::float
  AND (SELECT count(*) FROM jsonb_object_keys(b.spec -> 'instructions')) > 1
ORDER BY b.id
"""

_BATCH = """
SELECT b.digest, coalesce(l.looks, 0) AS looks, (
    SELECT coalesce(sum(gold_answers), 0)::int FROM tally WHERE batch_id = b.id
) AS golds
FROM batch b LEFT JOIN parity_look l ON l.batch_id = b.id WHERE b.id = $1
"""

# Of two looks at once, that which comes first counts.
_NOTE = """
INSERT INTO parity_look (batch_id, gold_answers, looks, looked_at, figures) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (batch_id) DO UPDATE SET
    gold_answers = excluded.gold_answers, looks = excluded.looks, looked_at = excluded.looked_at,
    figures = excluded.figures
WHERE parity_look.looks = $6 AND parity_look.gold_answers < $2
"""

_STANDING = """
SELECT id, language, measure FROM parity WHERE batch_id = $1 AND ended_at IS NULL ORDER BY id FOR UPDATE
"""

_SEEN = """
UPDATE parity SET here = $2, elsewhere = $3, p = $4, workers = $5, answers = $6, others = $7, looked_at = $8
WHERE id = $1
"""

_FADE = "UPDATE parity SET ended_at = $2, ended_by = 'kazi', outcome = 'faded', looked_at = $2 WHERE id = $1"

_RAISE = """
INSERT INTO parity
    (batch_id, language, measure, here, elsewhere, p, workers, answers, others, raised_at, looked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING id
"""


async def look_at_parity(database: Database) -> int:
    """Look at every batch whose golds have had many answers since the last look; how many there were."""
    async with database.reading() as tx:
        due = [row["id"] for row in await tx.rows(_DUE, 2 * LEAST_ANSWERS, GROWN)]
    for batch_id in due:
        # Who holds what is wanted here goes first; the next run finds the batch due as before.
        with suppress(asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError):
            await look_at(database, batch_id)
    return len(due)


async def look_at(database: Database, batch_id: int) -> None:
    """Look at one batch now."""
    async with database.reading() as tx:
        batch = await tx.row(_BATCH, batch_id)
        assert batch is not None
        begins = await since(tx, batch_id)
        met = await golds_met(tx, batch_id, await spec_of(tx, batch_id, batch["digest"]), begins)
    look = await elsewhere(look_of, met, batch["looks"] + 1)
    async with database.transaction() as tx:
        await _keep(tx, batch_id, batch, look, begins)


def look_of(met: Sequence[Met], number: int) -> Look:
    """What the look of that number finds, the first being 1."""
    level = level_of_look(number)
    return Look(level=level, found=tuple(compared(met, level)))


async def _keep(tx: Tx, batch_id: int, batch: asyncpg.Record, look: Look, begins: dict[str, datetime]) -> None:
    """A look in which nothing could be compared has used up nothing of the rate of false alarms."""
    looks = batch["looks"] + bool(look.found)
    kept = look.model_dump(mode="json")
    if not await tx.run(_NOTE, batch_id, batch["golds"], looks, tx.now, kept, batch["looks"]):
        return
    spec = await spec_of(tx, batch_id, batch["digest"])
    raised = departing(look.found)
    await lock_readers(tx, batch_id, {each.language for each in raised if each.measure is Measure.ACCURACY})
    standing = {(row["language"], Measure(row["measure"])): row["id"] for row in await tx.rows(_STANDING, batch_id)}
    if await since(tx, batch_id) != begins:  # somebody has just decided: the next run knows of it
        await tx.run("UPDATE parity_look SET gold_answers = 0 WHERE batch_id = $1", batch_id)
        return
    found = {(each.language, each.measure): each for each in look.found}
    for key, flag_id in standing.items():
        await _look_again(tx, batch_id, flag_id, key[0], found.get(key))
    for each in raised:
        if (each.language, each.measure) not in standing:
            flag_id = await tx.value(_RAISE, batch_id, each.language, each.measure, *_figures(each), tx.now)
            lifted = []
            if each.measure is Measure.ACCURACY:
                lifted = await lift_pauses(tx, batch_id, spec, each.language, flag_id)
            await audit.note(
                tx, "kazi", "parity.raise", batch_id,
                {"language": each.language, "measure": each.measure, "p": each.p, "lifted": lifted},
            )  # fmt: skip


async def _look_again(tx: Tx, batch_id: int, flag_id: int, language: str, found: Found | None) -> None:
    """A flag that stands: what is known now, or its end."""
    if found is not None:
        await tx.run(_SEEN, flag_id, *_figures(found), tx.now)
    if found is None or not found.stands:
        await tx.run(_FADE, flag_id, tx.now)
        await audit.note(tx, "kazi", "parity.end", batch_id, {"language": language, "outcome": "faded"})


def _figures(found: Found) -> tuple[float, float, float, int, int, int]:
    return found.here, found.elsewhere, found.p, found.workers, found.answers, found.others
