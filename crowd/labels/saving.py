"""What was saved by stopping early, and what that does to labels: known from the tasks that get full overlap."""

from dataclasses import dataclass

from crowd.loop.settling import SAMPLED
from db.database import Tx

_LOOKED = 1000
"""Of the sample, so many are looked at: enough for a share to within three points."""

_SAVING = f"""
SELECT (SELECT coalesce(sum(saved), 0) FROM tally WHERE batch_id = $1) AS answers, count(*) AS compared,
       count(*) FILTER (WHERE t.label = t.early) AS kept
FROM batch b, LATERAL (
    SELECT id FROM generate_series(-(-b.first_task / {SAMPLED}) * {SAMPLED}, b.last_task, {SAMPLED}) id LIMIT {_LOOKED}
) sample
JOIN task t ON t.id = sample.id
WHERE b.id = $1 AND t.gold IS NULL AND t.early IS NOT NULL AND t.settled_at IS NOT NULL AND t.reviewed_at IS NULL
  AND t.answers >= (b.spec -> 'overlap' ->> 'most')::int
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Saving:
    """Of one batch."""

    answers: int
    """That were not asked for, since labels were sure."""
    compared: int
    """Tasks of the sample that were sure at some answer, and got all answers nevertheless."""
    kept: int
    """Of these, those whose label is still the one at which another task would have stopped."""


async def saving(tx: Tx, batch_id: int) -> Saving:
    """What a batch has saved so far."""
    row = await tx.row(_SAVING, batch_id)
    assert row is not None
    return Saving(row["answers"], row["compared"], row["kept"])
