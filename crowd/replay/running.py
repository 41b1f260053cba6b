"""The replay of a data set: it is posted as a batch, its answers are given again, and it is told what that came to.

Workers come in the order of the data set, and each time one is given, of the tasks they answered there, the one to
which an answer of theirs is worth most. Who is not asked comes again later, until nobody is asked any more.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from crowd.batches.posting import after_post, post
from crowd.batchfile import check
from crowd.labels.fitting import bring_up_to_date, fit_stale
from crowd.replay.dataset import Answer, Dataset
from crowd.replay.posting import Setting, check_of, checks_of, golds_of, write_batch
from crowd.replay.report import Report, accuracy_so_far, report_of
from crowd.replay.straight import Straight
from crowd.replay.way import Left, Posted, ReplayError, Way
from crowd.requesters import create_requester
from db.database import Database

__all__ = ["ReplayError", "Replaying"]

_REQUESTER = "replay"

_FITS = 20
"""So often at most a batch is fitted while its answers come in."""

_SETTLED = "SELECT id FROM task WHERE batch_id = $1 AND settled_at IS NOT NULL"

_STEP = 50
"""Comings between two fits are a multiple of this."""


class Replaying:
    """One data set on its way through a database that holds nothing else.

    `clock` of the database must be `self.now`, which may move with the answers.
    """

    def __init__(self, dataset: Dataset, setting: Setting, way: Way | None = None) -> None:
        self.dataset = dataset
        self.setting = setting
        self.way = way or Straight()
        self.golds = golds_of(dataset, setting)
        self._course: list[tuple[float, float]] = []

    def now(self) -> datetime:
        """The moment that the replay has come to."""
        return self.way.now()

    async def run(self, database: Database, progress: Callable[[int], None] | None = None) -> Report:
        """Post the data set and give all its answers again. `progress` is told how many it has come to.

        Raises DatasetError when the labels of the data set make no choice, ReplayError when it makes no batch for
        another reason, or when answers were lost.
        """
        began, come_to = time.monotonic(), 0

        def done(more: int) -> None:
            nonlocal come_to
            come_to += more
            if progress:
                progress(come_to)

        posted = await self._post(database)
        events = self._in_order()
        left: Left = {}
        for event in events:
            left.setdefault(event.worker, {})[posted.tasks[event.task]] = event
        coming = [event.worker for event in events]
        while waiting := await self._round(database, posted, coming, left, done):
            if len(waiting) == len(coming):
                break
            coming = waiting
        done(len(events) - come_to)
        await bring_up_to_date(database, posted.batch_id)
        seconds = time.monotonic() - began
        async with database.reading() as tx:
            report = await report_of(tx, posted, self.dataset, self.golds, self.way, seconds, self._course)
        if report.used != self.way.given:
            raise ReplayError(f"{self.dataset.name}: {self.way.given} answers were given, {report.used} are recorded")
        return report

    async def _round(
        self, database: Database, posted: Posted, coming: Sequence[str], left: Left, done: Callable[[int], None]
    ) -> list[str]:
        """All of these workers come once; those who were not asked anything."""
        waiting: list[str] = []
        for names, fit in _stretches(coming):
            waiting += await self.way.come(database, posted, names, left, done)
            if fit:
                await fit_stale(database)
                await _forget_settled(database, posted, left)
                async with database.reading() as tx:
                    right = await accuracy_so_far(tx, posted, self.dataset, self.golds)
                self._course.append((self.way.given / len(self.dataset.answers), right))
        return waiting

    async def _post(self, database: Database) -> Posted:
        with TemporaryDirectory(prefix="kazi-replay-") as folder:
            checked = check(write_batch(self.dataset, self.setting, self.golds, Path(folder)), fee_ppm=0)
            try:
                if not checked.good:
                    raise ReplayError(f"{self.dataset.name} makes no batch: {checked.problems[0].message}")
                async with database.transaction() as tx:
                    owner = await create_requester(tx, _REQUESTER)
                    batch = await post(
                        tx, owner.id, checked, fee_ppm=0, actor=_REQUESTER, no_pilot="a replay", owner=True
                    )
                await after_post(database, checked)
            finally:
                checked.close()
        async with database.reading() as tx:
            rows = await tx.rows("SELECT id, key FROM task WHERE batch_id = $1", batch.batch_id)
        ids = {row["key"]: row["id"] for row in rows}
        numbers = {task: number for number, task in enumerate(self.dataset.tasks)}
        tasks = {task: ids[str(number)] for task, number in numbers.items()}
        labels = {label: number for number, label in enumerate(self.dataset.labels)}
        checks, right = {}, {}
        for task in checks_of(self.dataset, self.setting, self.golds):
            gold = ids[check_of(numbers[task])]
            checks[tasks[task]] = gold
            (label,) = self.dataset.truth[task]
            right[gold] = labels[label]
        twins = {gold: task for task, gold in checks.items()}
        return Posted(batch.batch_id, tasks, labels, checks, twins, right)

    def _in_order(self) -> list[Answer]:
        """By their times where all are known, else in a random order."""
        events = list(self.dataset.answers)
        random.Random(f"replay {self.setting.seed}").shuffle(events)
        if all(event.submitted_at is not None for event in events):
            events.sort(key=lambda event: event.submitted_at or self.now())
        return events


async def _forget_settled(database: Database, posted: Posted, left: Left) -> None:
    async with database.reading() as tx:
        settled = {row["id"] for row in await tx.rows(_SETTLED, posted.batch_id)}
    for own in left.values():
        for task_id in settled & own.keys():
            del own[task_id]


def _stretches(events: Sequence[str]) -> Iterator[tuple[Sequence[str], bool]]:
    """Those who come in parts, each with whether the batch is fitted after it."""
    began = 0
    for end in range(_STEP, len(events) + _STEP, _STEP):
        if end * _FITS // len(events) != (end - _STEP) * _FITS // len(events):
            yield events[began:end], True
            began = end
    if began < len(events):
        yield events[began:], False
