"""Answers to tasks of packs: each is recorded once, by itself, and what cannot be taken stops none of the others."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from crowd.batches.locks import keep_from_closing
from crowd.kinds.base import AnswerError
from crowd.loop.answering import Accepted, DontKnow, Said, Then, answer
from crowd.loop.recorded import Refused
from crowd.packs.pack import PackTask
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer."""

    task: PackTask
    result: Accepted | Refused | AnswerError


# All at once, since who answers one task holds its purse, and others who hold the next may wait for that.
_LOCK_TASKS = "SELECT FROM task WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE"
_LOCK_PURSES = """
SELECT FROM account WHERE id IN (
    SELECT escrow_id FROM lease WHERE id = ANY($1::bigint[])
    UNION SELECT escrow_id FROM participation WHERE worker_id = $2 AND batch_id = ANY($3::bigint[])
) ORDER BY id FOR NO KEY UPDATE
"""


async def answer_pack(
    tx: Tx, person_id: int, worker_id: int, said: Mapping[PackTask, Said | DontKnow], luck: random.Random
) -> list[Outcome]:
    """Record what a worker says of tasks of their packs, in the order of their numbers; late ones as any late answer.

    The worker's row must be locked. `said` is as in `crowd.loop.answering.answer`.
    """
    tasks = sorted(said, key=attrgetter("batch_id", "number"))
    await _lock(tx, worker_id, tasks)
    outcomes = []
    for task in tasks:
        try:
            result = await answer(tx, person_id, task.lease_id, said[task], luck, then=Then.REST)
        except AnswerError as error:
            outcomes.append(Outcome(task, error))
            continue
        assert isinstance(result, Accepted | Refused)
        outcomes.append(Outcome(task, result))
    return sorted(outcomes, key=attrgetter("task.number"))


async def _lock(tx: Tx, worker_id: int, tasks: Iterable[PackTask]) -> None:
    batches = sorted({task.batch_id for task in tasks})
    for batch_id in batches:
        await keep_from_closing(tx, batch_id)
    await tx.run(_LOCK_TASKS, [task.task_id for task in tasks])
    await tx.run(_LOCK_PURSES, [task.lease_id for task in tasks], worker_id, batches)
