"""The replay of a data set straight through `crowd`: each answer is a lease of its task and an answer to it.

Workers come in the order of the data set, and each time one is given, of the tasks they answered there, the one to
which an answer of theirs is worth most. Who is not asked comes again later, until nobody is asked any more.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from crowd import workers
from crowd.answering import Accepted, Said, answer
from crowd.assigning import assign
from crowd.batchfile import check
from crowd.fitting import bring_up_to_date, fit_stale
from crowd.handing import Dry
from crowd.posting import after_post, post
from crowd.replay.dataset import Answer, Dataset
from crowd.replay.posting import LANGUAGE, Setting, golds_of, write_batch
from crowd.replay.report import Report, report_of
from crowd.requesters import create_requester
from crowd.workers import Level, WorkerState
from db.database import Database, Tx

_REQUESTER = "replay"
_TOGETHER = 50
"""Answers recorded in one transaction: nobody else works here."""

_FITS = 20
"""So often at most a batch is fitted while its answers come in."""

_FIRST_PERSON = 1_000_000
_BETWEEN = timedelta(seconds=10)


_LOOKED = 1000
"""Of the tasks that a worker answered in the data set, so many are chosen from at once."""

_SETTLED = "SELECT id FROM task WHERE batch_id = $1 AND settled_at IS NOT NULL"

_Left = dict[str, dict[int, Answer]]
"""Answers that were not given again yet, by worker and task."""


class ReplayError(RuntimeError):
    """A data set cannot be replayed. Its text is a sentence for people."""


class Replaying:
    """One data set on its way through a database that holds nothing else.

    `clock` of the database must be `self.now`, which moves with the answers.
    """

    def __init__(self, dataset: Dataset, setting: Setting) -> None:
        self.dataset = dataset
        self.setting = setting
        self.golds = golds_of(dataset, setting)
        self._moment = datetime(2000, 1, 1, tzinfo=UTC)
        self._luck = random.Random(f"replay {setting.seed}")
        self._workers: dict[str, tuple[int, int]] = {}
        self._labels = {label: number for number, label in enumerate(dataset.labels)}

    def now(self) -> datetime:
        """The moment that the replay has come to."""
        return self._moment

    async def run(self, database: Database, progress: Callable[[int], None] | None = None) -> Report:
        """Post the data set and give all its answers again. `progress` is told how many it has come to.

        Raises ReplayError when the data set makes no batch.
        """
        began = time.monotonic()
        batch_id = await self._post(database)
        async with database.reading() as tx:
            rows = await tx.rows("SELECT id, key FROM task WHERE batch_id = $1", batch_id)
        places = {row["key"]: row["id"] for row in rows}
        events = self._in_order()
        left: _Left = defaultdict(dict)
        for event in events:
            left[event.worker].setdefault(places[event.task], event)
        coming = [event.worker for event in events]
        while coming:
            waiting: list[str] = []
            for start in range(0, len(coming), _TOGETHER):
                waiting += await self._come(database, batch_id, coming[start : start + _TOGETHER], left)
                if start * _FITS // len(coming) != (start + _TOGETHER) * _FITS // len(coming):
                    await fit_stale(database)
                    await self._forget_settled(database, batch_id, left)
                if progress:
                    progress(max(0, len(events) - len(coming) + min(start + _TOGETHER, len(coming)) - len(waiting)))
            if len(waiting) == len(coming):
                break
            coming = waiting
        await bring_up_to_date(database, batch_id)
        async with database.reading() as tx:
            people = {name: worker_id for name, (worker_id, _) in self._workers.items()}
            return await report_of(tx, batch_id, self.dataset, self.golds, people, time.monotonic() - began)

    async def _post(self, database: Database) -> int:
        with TemporaryDirectory(prefix="kazi-replay-") as folder:
            checked = check(write_batch(self.dataset, self.setting, self.golds, Path(folder)), fee_ppm=0)
            try:
                if not checked.good:
                    raise ReplayError(f"{self.dataset.name} makes no batch: {checked.problems[0].message}")
                async with database.transaction() as tx:
                    owner = await create_requester(tx, _REQUESTER)
                    posted = await post(tx, owner.id, checked, fee_ppm=0, actor=_REQUESTER)
                await after_post(database, checked)
            finally:
                checked.close()
        return posted.batch_id

    def _in_order(self) -> list[Answer]:
        """By their times where all are known, else in a random order."""
        events = list(self.dataset.answers)
        self._luck.shuffle(events)
        if all(event.submitted_at is not None for event in events):
            events.sort(key=lambda event: event.submitted_at or self._moment)
        return events

    async def _come(self, database: Database, batch_id: int, names: Sequence[str], left: _Left) -> list[str]:
        """These workers come one after the other; those who were not asked anything."""
        async with database.transaction() as tx:
            return [name for name in names if not await self._again(tx, batch_id, name, left[name])]

    async def _forget_settled(self, database: Database, batch_id: int, left: _Left) -> None:
        async with database.reading() as tx:
            settled = {row["id"] for row in await tx.rows(_SETTLED, batch_id)}
        for own in left.values():
            for task_id in settled & own.keys():
                del own[task_id]

    async def _again(self, tx: Tx, batch_id: int, name: str, left: dict[int, Answer]) -> bool:
        """Give one answer of a worker again, if one of those that are left is asked for."""
        worker_id, person_id = await self._worker(tx, name)
        moment = self._moment + _BETWEEN
        then = Tx(tx.connection, moment)
        given = await assign(then, worker_id, batch_id, list(islice(left, _LOOKED)), self._luck)
        if isinstance(given, Dry):
            return False
        self._moment = moment  # who is not asked takes no time
        event = left.pop(given.task_id)
        took = timedelta(seconds=event.time_s if event.time_s is not None else 0)
        said = Tx(tx.connection, self._moment + took)
        done = await answer(said, person_id, given.lease_id, self._said(event), self._luck, onward=False)
        assert isinstance(done, Accepted)
        return True

    def _said(self, event: Answer) -> Said:
        return lambda _: self._labels[event.label]

    async def _worker(self, tx: Tx, name: str) -> tuple[int, int]:
        """The worker of that name, who joins at their first answer: their id, and the person's."""
        known = self._workers.get(name)
        if known is None:
            person_id = _FIRST_PERSON + len(self._workers)
            joined = await workers.welcome(tx, person_id, locale="en", country=None, time_zone=None, slug=None)
            await workers.agree(tx, joined.id)
            await workers.claim_language(tx, joined.id, LANGUAGE, Level.NATIVE)
            await workers.set_state(tx, joined.id, WorkerState.ACTIVE)
            known = self._workers[name] = (joined.id, person_id)
        return known
