"""What reaches phones is counted: by worker and day, and by batch. It is about right, and never waited for."""

from collections.abc import Mapping
from dataclasses import dataclass

from crowd.workers.localtime import today
from db.database import Tx

LEAST_SCREENS = 20
"""Of a batch, before what one weighs is told."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What went down to phones."""

    screens: int = 0
    bytes: int = 0
    """With media."""
    media_bytes: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(
            self.screens + other.screens, self.bytes + other.bytes, self.media_bytes + other.media_bytes
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Used:
    """What a worker's phone was sent, by the days of their time zone."""

    today: Weight
    week: Weight
    """Today and the six days before."""


# Rows are locked in one order, since several processes count.
_BY_DAY = """
INSERT INTO data_use (worker_id, day, screens, bytes, media_bytes)
SELECT * FROM unnest($1::bigint[], $2::date[], $3::int[], $4::bigint[], $5::bigint[]) AS told (worker_id)
ORDER BY worker_id
ON CONFLICT (worker_id, day) DO UPDATE SET
    screens = data_use.screens + excluded.screens, bytes = data_use.bytes + excluded.bytes,
    media_bytes = data_use.media_bytes + excluded.media_bytes
"""

_BY_BATCH = """
INSERT INTO batch_weight (batch_id, screens, bytes, media_bytes)
SELECT * FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::bigint[])
    AS told (batch_id, screens, bytes, media_bytes) ORDER BY batch_id
ON CONFLICT (batch_id) DO UPDATE SET
    screens = batch_weight.screens + excluded.screens, bytes = batch_weight.bytes + excluded.bytes,
    media_bytes = batch_weight.media_bytes + excluded.media_bytes
"""

_USED = """
SELECT coalesce(sum(screens) FILTER (WHERE day = today), 0)::int,
       coalesce(sum(bytes) FILTER (WHERE day = today), 0)::bigint,
       coalesce(sum(media_bytes) FILTER (WHERE day = today), 0)::bigint,
       coalesce(sum(screens), 0)::int, coalesce(sum(bytes), 0)::bigint, coalesce(sum(media_bytes), 0)::bigint
FROM data_use, (SELECT $2::date AS today) at
WHERE worker_id = $1 AND day > today - 7 AND day <= today
"""


async def count(tx: Tx, people: Mapping[int, Weight], batches: Mapping[int, Weight]) -> None:
    """Add what went to these persons, and what of it was about these batches."""
    known = await tx.rows("SELECT id, person_id, time_zone FROM worker WHERE person_id = ANY($1)", list(people))
    days = [today(tx.now, row["time_zone"]) for row in known]
    ids, *columns = _columns({row["id"]: people[row["person_id"]] for row in known})
    await tx.run(_BY_DAY, ids, days, *columns)
    await tx.run(_BY_BATCH, *_columns(batches))


def _columns(weights: Mapping[int, Weight]) -> tuple[list[int], list[int], list[int], list[int]]:
    found = list(weights.values())
    return (
        list(weights), [each.screens for each in found], [each.bytes for each in found],
        [each.media_bytes for each in found],
    )  # fmt: skip


async def used(tx: Tx, worker_id: int, time_zone: str | None) -> Used:
    """What a worker's phone was sent today and this week."""
    row = await tx.row(_USED, worker_id, today(tx.now, time_zone))
    assert row is not None
    return Used(Weight(*row[:3]), Weight(*row[3:]))


async def weights(tx: Tx, batches: list[int]) -> dict[int, int]:
    """Bytes that a task of these batches costs, with its screens; of each of which enough were counted."""
    rows = await tx.rows(
        "SELECT batch_id, (bytes / screens)::int AS each FROM batch_weight WHERE batch_id = ANY($1) AND screens >= $2",
        batches, LEAST_SCREENS,
    )  # fmt: skip
    return {row["batch_id"]: row["each"] for row in rows}
