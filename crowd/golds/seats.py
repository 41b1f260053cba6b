"""How many answers a gold gets: beyond the least no more than a task has, whatever is said to the gold.

Golds go to newcomers and to those in doubt. By what these say a gold would stay in doubt more often than a task does,
and be asked about once more: it would be known by how often it comes round. So each has a twin, an ordinary task that
the walk has mostly passed when somebody comes to the gold. With its least answers a gold rests until its twin has
more, and is settled when its twin is. A gold that was made of a task stands before all tasks: it has no twin, and goes
by what is said to it.
"""

from crowd.batches.spec import Overlap
from crowd.loop.settling import Progress

AHEAD = 0.04
"""Golds come at most this share of the batch ahead of their place among its tasks: else more of them had come round."""

LEAST_AHEAD = 30
"""Places that they may come ahead in a small batch, where so few come round that their number tells nothing."""

_FAR = 200
"""So many golds never stand one after another: the order is random."""

# Golds may come ahead of the walk, and these would rest. So the twin stands as far before its gold as that may be
# ahead, but at most half way to the start. Of all golds that were met, fewer are ahead the later it is, and more come
# long after the walk: the distance shrinks, to nothing in the second half.
TWIN = f"""
SELECT twin.answers + twin.leased AS asked, twin.settled_at IS NOT NULL AS settled
FROM (
    SELECT t.id - round(
        least(greatest({LEAST_AHEAD}, {AHEAD} * items), before / 2) * greatest(0, 1 - 2 * before / items)
    )::bigint AS place
    FROM (
        SELECT (t.id - first_task + 1)::float AS before, (last_task - first_task + 1)::float AS items
        FROM batch WHERE id = t.batch_id
    ) stands
) of_twin, LATERAL (
    SELECT answers, leased, settled_at FROM task
    WHERE batch_id = t.batch_id AND gold IS NULL AND withdrawn_at IS NULL AND id BETWEEN place - {_FAR} AND place
    ORDER BY id DESC LIMIT 1
) twin
"""  # noqa: S608
"""SQL: the twin of a gold `t`, if it has one: how many answers and leases it has, and whether it is settled."""

MAY_COME = f"coalesce(t.answers + t.leased < (SELECT asked FROM ({TWIN}) twin), true)"  # noqa: S608
"""SQL: whether a gold `t` that has a seat, and its least answers, may be given to anybody now."""


def gold_progress(
    rule: Overlap, own: Progress, *, answers: int, leased: int, twin_asked: int | None, twin_settled: bool | None
) -> Progress:
    """Where a gold stands after an answer. `own` is where a task would stand, by what was said to it."""
    if twin_asked is None or not rule.least <= answers < rule.most:
        return own
    if twin_settled and twin_asked <= answers:
        return Progress(settled=True, seats=0)
    return Progress(settled=False, seats=max(0, 1 - leased))


# What was left resting when its twin was settled. Golds under way elsewhere are left for the next time.
SETTLE_RESTED = f"""
WITH rested AS (
    SELECT t.id FROM task t JOIN batch b ON b.id = t.batch_id AND b.state = 'open'
    WHERE t.open AND t.gold IS NOT NULL AND t.leased = 0 AND t.answers >= (b.spec -> 'overlap' ->> 'least')::int
      AND EXISTS (SELECT FROM ({TWIN}) twin WHERE settled AND asked <= t.answers)
    FOR NO KEY UPDATE OF t SKIP LOCKED
)
UPDATE task SET settled_at = $1, seats = 0, open = false FROM rested WHERE task.id = rested.id
"""  # noqa: S608
