"""The replay of a data set straight through `crowd`: each answer is a lease of its task and an answer to it."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from crowd import workers
from crowd.answering import Accepted, Said, answer
from crowd.assigning import assign
from crowd.batchfile import check
from crowd.fitting import bring_up_to_date, fit_stale
from crowd.handing import Dry
from crowd.picking import wants_gold
from crowd.posting import after_post, post
from crowd.replay.dataset import Answer, Dataset
from crowd.replay.posting import LANGUAGE, Setting, check_of, checks_of, golds_of, write_batch
from crowd.replay.report import Report, report_of
from crowd.replay.turns import Turns
from crowd.requesters import create_requester
from crowd.standing import Standing
from crowd.workers import Level, WorkerState
from db.database import Database, Tx

_REQUESTER = "replay"
_TOGETHER = 50
"""Answers recorded in one transaction: nobody else works here."""

_FITS = 20
"""So often at most a batch is fitted while its answers come in."""

_FIRST_PERSON = 1_000_000
_BETWEEN = timedelta(seconds=10)


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
        self._turns = Turns(dataset, checks_of(dataset, setting, self.golds))
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
        self._turns.begin(events)
        for start in range(0, len(events), _TOGETHER):
            async with database.transaction() as tx:
                for event in events[start : start + _TOGETHER]:
                    await self._again(tx, batch_id, places, event)
            if start * _FITS // len(events) != (start + _TOGETHER) * _FITS // len(events):
                await fit_stale(database)
            if progress:
                progress(min(start + _TOGETHER, len(events)))
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

    async def _again(self, tx: Tx, batch_id: int, places: dict[str, int], event: Answer) -> None:
        """Give one answer again, if its task can still use it."""
        worker_id, person_id = await self._worker(tx, event.worker)
        if self.setting.checks:
            event, checks = self._turns.next(event.worker, gold=await self._wants_gold(tx, worker_id))
            task_id = places[check_of(event.task) if checks else event.task]
        else:
            task_id = places[event.task]
        self._moment += _BETWEEN
        then = Tx(tx.connection, self._moment)
        given = await assign(then, worker_id, batch_id, task_id)
        if isinstance(given, Dry):
            return
        took = timedelta(seconds=event.time_s if event.time_s is not None else 0)
        said = Tx(tx.connection, self._moment + took)
        done = await answer(said, person_id, given.lease_id, self._said(event), self._luck, onward=False)
        assert isinstance(done, Accepted)

    async def _wants_gold(self, tx: Tx, worker_id: int) -> bool:
        """Whether hand-out would give the worker a gold now."""
        row = await tx.row('SELECT answers, golds, "right", levels FROM track WHERE worker_id = $1', worker_id)
        standing = Standing(row["golds"], row["right"], tuple(row["levels"])) if row else Standing(0, 0)
        return wants_gold(standing, row["answers"] if row else 0, 1 / len(self._labels), self._luck)

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
