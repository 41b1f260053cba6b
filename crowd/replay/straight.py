"""Answers of the past go straight into `crowd`: each is a lease of its task and an answer to it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crowd.loop.answering import Accepted, Then, answer
from crowd.loop.assigning import assign
from crowd.loop.handing import Dry
from crowd.replay.posting import LANGUAGE
from crowd.replay.turns import Turns
from crowd.replay.way import Left, Posted, Way
from crowd.workers import registry
from crowd.workers.registry import Level, WorkerState
from db.database import Database, Tx

_TOGETHER = 50
"""Answers recorded in one transaction: nobody else works here."""

_FIRST_PERSON = 1_000_000
_BETWEEN = timedelta(seconds=10)

_LONGEST_S = 24 * 3600
"""No answer is given later than so many seconds after its task was handed out."""


class Straight(Way):
    """Through `crowd`, by a clock that moves with the answers."""

    name = "crowd"

    def __init__(self) -> None:
        super().__init__()
        self.turns = Turns()
        self._moment = datetime(2000, 1, 1, tzinfo=UTC)
        self._persons: dict[str, int] = {}
        self._next = random.Random(0)  # of what would come next, which nobody is given here

    def now(self) -> datetime:
        """See Way."""
        return self._moment

    async def come(
        self, database: Database, posted: Posted, names: Sequence[str], left: Left, done: Callable[[int], None]
    ) -> list[str]:
        """See Way."""
        waiting: list[str] = []
        for start in range(0, len(names), _TOGETHER):
            together = names[start : start + _TOGETHER]
            async with database.transaction() as tx:
                idle = [name for name in together if not await self._again(tx, posted, name, left)]
            done(len(together) - len(idle))
            waiting += idle
        return waiting

    async def _again(self, tx: Tx, posted: Posted, name: str, left: Left) -> bool:
        """Give one answer of a worker again, if one of those that are left is asked for."""
        worker_id, person_id = await self._worker(tx, name)
        moment = self._moment + _BETWEEN
        then = replace(tx, now=moment)
        tasks = await self.turns.tasks(then, posted, name, worker_id, left, self.luck)
        given = await assign(then, worker_id, posted.batch_id, tasks, self.luck)
        if isinstance(given, Dry):
            return False
        self._moment = moment  # who is not asked takes no time
        event = left[name].pop(self.turns.took(posted, name, given.task_id))
        took = timedelta(seconds=min(event.time_s or 0, _LONGEST_S))
        said, option = replace(tx, now=self._moment + took), posted.labels[event.label]
        recorded = await answer(said, person_id, given.lease_id, lambda _: option, self._next, then=Then.CHOSEN)
        assert isinstance(recorded, Accepted)
        self.given += 1
        return True

    async def _worker(self, tx: Tx, name: str) -> tuple[int, int]:
        """The worker of that name, who joins at their first answer: their id, and the person's."""
        known = self._persons.get(name)
        if known is None:
            known = self._persons[name] = _FIRST_PERSON + len(self._persons)
            joined = await registry.welcome(tx, known, locale="en", country=None, time_zone=None, slug=None)
            await registry.agree(tx, joined.id)
            await registry.claim_language(tx, joined.id, LANGUAGE, Level.NATIVE)
            await registry.set_state(tx, joined.id, WorkerState.ACTIVE)
            self.people[name] = joined.id
        return self.people[name], known
