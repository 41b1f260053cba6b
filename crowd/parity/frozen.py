"""Which workers' scores stand still in a batch, and which answers say nothing of who gave them.

While a flag stands on the accuracy of those who read one language's instructions, nothing that they answer in that
batch moves their record: not their golds, nor what others say. Who began with these instructions is frozen, whatever
they read by now: so nobody gets out of their checks by another language. Each such answer is noted, and never counts
later either: neither when its gold is ruled on, nor in a fit, nor for graded pay.
"""

from crowd.parity.figures import Measure
from db.database import Tx

FROZEN = f"""EXISTS (
    SELECT FROM parity
    WHERE batch_id = {{part}}.batch_id AND language = {{part}}.read_in AND measure = '{Measure.ACCURACY}'
      AND ended_at IS NULL
)"""
"""SQL: whether a worker's record stands still in a batch, by the row of their participation."""

IS_FROZEN = """EXISTS (
    SELECT FROM frozen_answer WHERE batch_id = {answer}.batch_id AND answer_id = {answer}.id
)"""
"""SQL: whether an answer says nothing of its worker."""

_STILL = f"""
SELECT worker_id FROM frozen_answer WHERE batch_id = $1
UNION SELECT p.worker_id FROM participation p WHERE p.batch_id = $1 AND {FROZEN.format(part="p")}
"""  # noqa: S608


async def freeze_answer(tx: Tx, batch_id: int, answer_id: int, worker_id: int) -> None:
    """Note that an answer says nothing of its worker."""
    await tx.run(
        "INSERT INTO frozen_answer (batch_id, answer_id, worker_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        batch_id, answer_id, worker_id,
    )  # fmt: skip


async def frozen_workers(tx: Tx, batch_id: int) -> set[int]:
    """Whom no fit of a batch judges: frozen now, or with answers that say nothing of them."""
    return {row["worker_id"] for row in await tx.rows(_STILL, batch_id)}
