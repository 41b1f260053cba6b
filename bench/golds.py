"""Can golds be told from other tasks by how often they come round? Workers who compare what they met count just that.

Simulated workers of differing quality and diligence work a batch to its end, straight through `crowd`. At each stage
of the job, the AUC of an item's count (answers and leases) as a test for golds: 0.5 tells nothing; what is as far below
it tells as much.
"""

import asyncio
import math
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from statistics import fmean, stdev

from bench.batches import LABELS, LANGUAGE, made_up, post_file, write_batch
from bench.house import temporary_folder
from bench.result import Result, at_most, told
from crowd.labels.fitting import fit_stale
from crowd.loop.answering import Accepted, answer
from crowd.loop.handing import Dry, Given, next_task
from crowd.upkeep import move_fronts
from crowd.workers import registry
from crowd.workers.registry import Level, WorkerState
from db import embedded
from db.database import Database, Tx, connected
from db.migrate import upgrade

STAGES = (0.10, 0.25, 0.50, 1.00)
_TOGETHER = 100  # steps in one transaction: nobody else works here
_UPKEEP = 10  # so many transactions later, fronts are moved and stale batches fitted
_STEP = timedelta(seconds=0.5)
_FIRST_PERSON = 1_000_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of it."""

    tasks: int = 2000
    golds: int = 200
    workers: int = 60
    ring: int = 20
    """Of them, those who compare what they met, where not all do."""
    jobs: int = 4
    """Batches like that with each overlap, each with a crowd of its own: one AUC is off by 0.03, more at first."""


@dataclass(slots=True)
class _Worker:
    """A simulated worker."""

    id: int
    person_id: int
    skill: float
    """Chance of a right answer."""
    lease: Given | None = None
    rests_until: int = 0
    """The step at which they ask for work again, after there was none."""


@dataclass(frozen=True, slots=True)
class Job:
    """What came round in one batch, in its order: pairs of worker and task."""

    met: Sequence[tuple[int, int]]
    golds: frozenset[int]
    tasks: frozenset[int]
    """Golds among them."""
    ring: frozenset[int]


@dataclass(frozen=True, slots=True)
class Asked:
    """How many answers tasks get: more, where they stay in doubt."""

    name: str
    """In the names of rows."""
    what: str
    least: int
    most: int
    confidence: float | None


ASKED = (
    Asked("", "2 to 5 answers a task", 2, 5, None),
    Asked("_sure", "3 to 5 answers a task, 80 % sure", 3, 5, 0.8),
)


def gold_auc(sizes: Sizes | None = None) -> list[Result]:
    """The row `quality.gold_auc`, the worst of all stages, both rings and each of ASKED, and a row for each stage."""
    sizes = sizes or Sizes()
    done = _jobs(sizes)
    found = {(asked, stage): _of_stage(done[asked.name], stage) for asked in ASKED for stage in STAGES}
    rows = [
        told(
            f"quality.gold_auc{asked.name}_{100 * stage:.0f}", each.everybody.far, "AUC",
            f"{asked.what}; mean and standard error {each.everybody}; a ring of {sizes.ring} of {sizes.workers}: "
            f"{each.ring}; if items that nobody met were known, too: {each.all}",
        )
        for (asked, stage), each in found.items()
    ]  # fmt: skip
    worst = max(max(each.everybody.far, each.ring.far) for each in found.values())
    stages = ", ".join(f"{stage:.0%}" for stage in STAGES)
    what = (
        f"items met by all or by a ring, the worst of {stages} of the job, each the mean of {sizes.jobs} jobs; "
        f"{sizes.golds} golds in {sizes.tasks} tasks, {' or '.join(asked.what for asked in ASKED)}"
    )
    return [at_most("quality.gold_auc", worst, "AUC", 0.55, what), *rows]


@dataclass(frozen=True, slots=True)
class _Mean:
    """Of the AUCs of several jobs."""

    aucs: Sequence[float]

    @property
    def far(self) -> float:
        """The distance of the mean from one half, added to one half."""
        return 0.5 + abs(fmean(self.aucs) - 0.5)

    def __str__(self) -> str:
        if len(self.aucs) < 2:
            return f"{self.aucs[0]:.3f}"
        return f"{fmean(self.aucs):.3f} ± {stdev(self.aucs) / math.sqrt(len(self.aucs)):.3f}"


@dataclass(frozen=True, slots=True)
class _Told:
    """AUCs of items met by everybody, by a ring, and of all items."""

    everybody: _Mean
    ring: _Mean
    all: _Mean


def _of_stage(jobs: Sequence[Job], stage: float) -> _Told:
    def mean(counted: Iterable[tuple[Mapping[int, int], Collection[int]]]) -> _Mean:
        return _Mean([auc(counts, golds) for counts, golds in counted])

    parts = [(job, job.met[: max(1, round(stage * len(job.met)))]) for job in jobs]
    return _Told(
        everybody=mean((Counter(task for _, task in met), job.golds) for job, met in parts),
        ring=mean((Counter(task for who, task in met if who in job.ring), job.golds) for job, met in parts),
        all=mean((dict.fromkeys(job.tasks, 0) | Counter(task for _, task in met), job.golds) for job, met in parts),
    )


def auc(counts: Mapping[int, int], golds: Collection[int]) -> float:
    """The chance that a gold's count is higher than another item's, ties counted as half; 0.5 where there are no pairs.

    Mann and Whitney's U over the number of pairs.
    """
    of_golds = Counter(count for item, count in counts.items() if item in golds)
    others = Counter(count for item, count in counts.items() if item not in golds)
    pairs = of_golds.total() * others.total()
    if not pairs:
        return 0.5
    higher = sum(
        number * other * (1.0 if count > low else 0.5)
        for count, number in of_golds.items()
        for low, other in others.items()
        if count >= low
    )
    return higher / pairs


def _jobs(sizes: Sizes) -> dict[str, list[Job]]:
    """All that is done, by the names of ASKED; as many at a time as there are processors."""
    todo = [(asked, seed) for asked in ASKED for seed in range(sizes.jobs)]
    processes = min(len(todo), os.cpu_count() or 1)
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        doing = [(asked, pool.submit(_job, sizes, asked, seed)) for asked, seed in todo]
        done: dict[str, list[Job]] = {asked.name: [] for asked in ASKED}
        for asked, job in doing:
            done[asked.name].append(job.result())
    return done


def _job(sizes: Sizes, asked: Asked, seed: int) -> Job:
    with temporary_folder() as folder:
        server = embedded.start(folder / "postgres", durable=False)
        try:
            upgrade(server.dsn)
            items = made_up(sizes.tasks)
            random.Random(seed).shuffle(items)
            path = write_batch(
                folder / "batch", "Golds", items, golds=sizes.golds,
                answers=(asked.least, asked.most), confidence=asked.confidence,
            )  # fmt: skip
            batch_id = asyncio.run(post_file(server.dsn, path)).batch_id
            return asyncio.run(_worked(server.dsn, batch_id, sizes, seed))
        finally:
            server.stop()


async def _worked(dsn: str, batch_id: int, sizes: Sizes, seed: int) -> Job:
    crowd = _Crowd(batch_id, random.Random(seed))
    async with connected(dsn, name="bench", clock=lambda: crowd.moment) as database:
        await crowd.come(database, sizes.workers)
        met = await crowd.work(database)
        async with database.reading() as tx:
            rows = await tx.rows("SELECT id, gold IS NOT NULL AS gold FROM task WHERE batch_id = $1", batch_id)
    ring = random.Random(f"ring {seed}").sample(crowd.people, sizes.ring)
    return Job(
        met,
        frozenset(row["id"] for row in rows if row["gold"]),
        frozenset(row["id"] for row in rows),
        frozenset(worker.id for worker in ring),
    )


@dataclass(slots=True)
class _Crowd:
    """Simulated workers at a batch."""

    batch_id: int
    luck: random.Random
    moment: datetime = datetime(2030, 1, 1, tzinfo=UTC)
    people: list[_Worker] = field(default_factory=list)
    right: dict[int, int] = field(default_factory=dict)
    """Of each task, the number of the right option."""
    step: int = 0

    async def come(self, database: Database, count: int) -> None:
        """So many people join: one of ten guesses, the others are right seven to nineteen times of twenty."""
        async with database.transaction() as tx:
            for number in range(count):
                person_id = _FIRST_PERSON + number
                worker = await registry.welcome(tx, person_id, locale="en", country=None, time_zone=None, slug=None)
                await registry.agree(tx, worker.id)
                await registry.claim_language(tx, worker.id, LANGUAGE, Level.NATIVE)
                await registry.set_state(tx, worker.id, WorkerState.ACTIVE)
                skill = 1 / len(LABELS) if number % 10 == 9 else self.luck.uniform(0.7, 0.95)
                self.people.append(_Worker(worker.id, person_id, skill))
            rows = await tx.rows("SELECT id, payload FROM task WHERE batch_id = $1", self.batch_id)
        labels = {item.text: LABELS.index(item.label) for item in made_up(len(rows))}
        self.right = {row["id"]: labels[row["payload"]["text"]] for row in rows}

    async def work(self, database: Database) -> list[tuple[int, int]]:
        """All there is to do, by one of them after the other; what came round. A few do most of it, as it goes."""
        weights = [1 / (number + 3) for number in range(len(self.people))]
        self.luck.shuffle(weights)
        met: list[tuple[int, int]] = []
        rounds = 0
        while await self._is_open(database):
            before = len(met)
            async with database.transaction() as tx:
                for worker in self.luck.choices(self.people, weights, k=_TOGETHER):
                    self.step += 1
                    self.moment += _STEP
                    if worker.rests_until <= self.step:
                        await self._act(replace(tx, now=self.moment), worker, met)
            rounds += 1
            if rounds % _UPKEEP == 0:
                await move_fronts(database)
                await fit_stale(database)
            if len(met) == before and all(worker.lease is None for worker in self.people):
                break
        return met

    async def _is_open(self, database: Database) -> bool:
        async with database.reading() as tx:
            return bool(
                await tx.value(
                    "SELECT EXISTS (SELECT FROM task WHERE batch_id = $1 AND settled_at IS NULL AND gold IS NULL)",
                    self.batch_id,
                )
            )

    async def _act(self, tx: Tx, worker: _Worker, met: list[tuple[int, int]]) -> None:
        """Ask for a task, or answer the one in hands."""
        if worker.lease is None:
            given = await next_task(tx, worker.id, self.batch_id, self.luck)
        else:
            right = self.right[worker.lease.task_id]
            wrong = self.luck.choice([number for number in range(len(LABELS)) if number != right])
            option = right if self.luck.random() < worker.skill else wrong
            done = await answer(tx, worker.person_id, worker.lease.lease_id, lambda _: option, self.luck)
            assert isinstance(done, Accepted)
            given = done.next
        worker.lease = None
        if isinstance(given, Dry):
            worker.rests_until = self.step + 10 * len(self.people)
        else:
            worker.lease = given
            met.append((worker.id, given.task_id))
