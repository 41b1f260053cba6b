"""Answers of the past go straight into `crowd`: each is a lease of its task and an answer to it."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from crowd import workers
from crowd.answering import Accepted, answer
from crowd.assigning import assign
from crowd.handing import Dry
from crowd.replay.dataset import Answer
from crowd.replay.posting import LANGUAGE
from crowd.replay.way import Posted, Way
from crowd.workers import Level, WorkerState
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
        self._moment = datetime(2000, 1, 1, tzinfo=UTC)
        self._persons: dict[str, int] = {}
        self._luck = random.Random(0)  # of what would come next, which nobody is given here

    def now(self) -> datetime:
        """See Way."""
        return self._moment

    async def give(
        self, database: Database, posted: Posted, answers: Sequence[Answer], done: Callable[[int], None]
    ) -> None:
        """See Way."""
        for start in range(0, len(answers), _TOGETHER):
            together = answers[start : start + _TOGETHER]
            async with database.transaction() as tx:
                for event in together:
                    await self._again(tx, posted, event)
            done(len(together))

    async def _again(self, tx: Tx, posted: Posted, event: Answer) -> None:
        """Give one answer again, if its task can still use it."""
        worker_id, person_id = await self._worker(tx, event.worker)
        self._moment += _BETWEEN
        then = Tx(tx.connection, self._moment)
        given = await assign(then, worker_id, posted.batch_id, posted.tasks[event.task])
        if isinstance(given, Dry):
            return
        took = timedelta(seconds=min(event.time_s or 0, _LONGEST_S))
        said, option = Tx(tx.connection, self._moment + took), posted.labels[event.label]
        recorded = await answer(said, person_id, given.lease_id, lambda _: option, self._luck, onward=False)
        assert isinstance(recorded, Accepted)
        self.given += 1

    async def _worker(self, tx: Tx, name: str) -> tuple[int, int]:
        """The worker of that name, who joins at their first answer: their id, and the person's."""
        known = self._persons.get(name)
        if known is None:
            known = self._persons[name] = _FIRST_PERSON + len(self._persons)
            joined = await workers.welcome(tx, known, locale="en", country=None, time_zone=None, slug=None)
            await workers.agree(tx, joined.id)
            await workers.claim_language(tx, joined.id, LANGUAGE, Level.NATIVE)
            await workers.set_state(tx, joined.id, WorkerState.ACTIVE)
            self.people[name] = joined.id
        return self.people[name], known
