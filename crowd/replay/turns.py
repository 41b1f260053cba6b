"""What a worker of a replay can be asked next, where hand-out chooses when it is a gold."""

import random
from collections import Counter, defaultdict
from itertools import islice

from crowd.loop.picking import wants_gold
from crowd.replay.way import Left, Posted
from crowd.workers.standing import Standing
from db.database import Tx

LOOKED = 1000
"""Of the tasks that a worker answered in the data set, so many are chosen from at once."""

_TRACK = 'SELECT answers, golds, "right", levels FROM track WHERE worker_id = $1'


class Turns:
    """Whose turn it is decides nothing here: only of which tasks the worker may be asked one."""

    def __init__(self) -> None:
        self._shown: defaultdict[str, Counter[int]] = defaultdict(Counter)

    async def tasks(
        self, tx: Tx, posted: Posted, name: str, worker_id: int, left: Left, luck: random.Random
    ) -> list[int]:
        """The tasks to choose from: those left to the worker, or one gold of the label that they met least.

        Golds stand for answers that are left, as long as there are any with a known truth.
        """
        checks = {task: posted.checks[task] for task in left[name] if task in posted.checks} if posted.checks else {}
        if not checks or not await self._wants_gold(tx, posted, worker_id, luck):
            return list(islice(left[name], LOOKED))
        shown = self._shown[name]
        gold = min(checks.values(), key=lambda each: (shown[posted.right[each]], posted.right[each]))
        return [gold]

    def took(self, posted: Posted, name: str, task_id: int) -> int:
        """The task of the data set that the worker answers by that of the batch, which may be its gold."""
        if task_id not in posted.right:
            return task_id
        self._shown[name][posted.right[task_id]] += 1
        return posted.twins[task_id]

    async def _wants_gold(self, tx: Tx, posted: Posted, worker_id: int, luck: random.Random) -> bool:
        """Whether hand-out would give the worker a gold now."""
        row = await tx.row(_TRACK, worker_id)
        standing = Standing(row["golds"], row["right"], tuple(row["levels"])) if row else Standing(0, 0)
        return wants_gold(standing, row["answers"] if row else 0, 1 / len(posted.labels), luck)
