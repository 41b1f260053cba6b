"""What comes before a worker's first paid task of a batch: its practice, if it has any."""

import math

from crowd.batches.spec import BatchSpec
from db.database import Tx

HOW_FAR = """
SELECT count(*) AS items, count(d.task_id) AS done,
       count(*) FILTER (WHERE d."right" AND d.tries = 1) AS first,
       count(*) FILTER (WHERE d."right" AND d.tries = 2) AS second,
       count(*) FILTER (WHERE d.tries = 2) AS tried_again,
       count(*) FILTER (WHERE d.tries = 2 OR NOT d."right") AS again
FROM practice_task i LEFT JOIN practised d ON d.worker_id = $1 AND d.task_id = i.id
WHERE i.batch_id = {batch}
"""
"""SQL: how far worker $1 is in the practice of a batch. `again`: tasks of the second round, known so far."""


def needed(spec: BatchSpec, items: int) -> int:
    """How many of so many practice tasks are to be got right before paid work; 0 where practice is free to skip."""
    if spec.practice_pass is None:
        return 0
    return min(items, max(1, math.ceil(round(spec.practice_pass * items, 6))))


async def practice_first(tx: Tx, worker_id: int, batch_id: int, spec: BatchSpec, *, declined: bool) -> bool:
    """Whether practice stands before the first task: it is needed and not passed, or neither done nor `declined`.

    To be asked once, of who has no part in the batch yet.
    """
    row = await tx.row(HOW_FAR.format(batch="$2"), worker_id, batch_id)
    assert row is not None
    least = needed(spec, row["items"])
    if least:
        return bool(row["first"] + row["second"] < least)
    return not declined and bool(row["first"] + row["tried_again"] < row["items"])
