"""A certain task for a certain worker of a replay, by way of the chat."""

from crowd import workers
from crowd.assigning import assign
from crowd.handing import Dry
from crowd.replay.posting import LANGUAGE
from crowd.workers import Level
from db.database import Tx


async def worker_of(tx: Tx, person_id: int) -> int | None:
    """The id of the worker who is that person."""
    worker = await workers.find(tx, person_id)
    return worker.id if worker else None


async def put_into_hands(tx: Tx, worker_id: int, batch_id: int, task_id: int) -> int | None:
    """The lease by which a worker has that task in hands now; None when it cannot use an answer of theirs.

    Only meanwhile do they read the batch's language: so the bot gives them no other task of its own choice once this
    one is answered.
    """
    await tx.run("SELECT FROM worker WHERE id = $1 FOR UPDATE", worker_id)
    await workers.claim_language(tx, worker_id, LANGUAGE, Level.NATIVE)
    given = await assign(tx, worker_id, batch_id, task_id)
    await workers.drop_language(tx, worker_id, LANGUAGE)
    return None if isinstance(given, Dry) else given.lease_id
