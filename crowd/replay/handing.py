"""The best of certain tasks for a certain worker of a replay, by way of the chat."""

import random
from collections.abc import Sequence

from crowd.loop.assigning import assign
from crowd.loop.handing import Dry, Given
from crowd.replay.posting import LANGUAGE
from crowd.workers import registry
from crowd.workers.registry import Level
from db.database import Tx


async def worker_of(tx: Tx, person_id: int) -> int | None:
    """The id of the worker who is that person."""
    worker = await registry.find(tx, person_id)
    return worker.id if worker else None


async def put_into_hands(
    tx: Tx, worker_id: int, batch_id: int, task_ids: Sequence[int], luck: random.Random
) -> Given | None:
    """That one of the tasks to which the worker's answer is worth most, in their hands now; None when to none.

    Only meanwhile do they read the batch's language: so the bot gives them no other task of its own choice once this
    one is answered.
    """
    await tx.run("SELECT FROM worker WHERE id = $1 FOR UPDATE", worker_id)
    await registry.claim_language(tx, worker_id, LANGUAGE, Level.NATIVE)
    given = await assign(tx, worker_id, batch_id, task_ids, luck)
    await registry.drop_language(tx, worker_id, LANGUAGE)
    return None if isinstance(given, Dry) else given
