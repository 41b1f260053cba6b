"""Growth: what the next task costs in a small and in a huge batch, to newcomers and to veterans of the batch.

One database for each size, on one server that forces nothing to disk: waiting for a disk is the same for all sizes
and would only hide a difference. Millions of tasks are made by one INSERT; a veteran's answers are real rows.
Calls go to one size after the other in turn, so that what else the machine does strikes all alike.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from statistics import quantiles

from rich.progress import Progress, TaskID

from bench.house import temporary_folder
from bench.made import Made, make_batch, right_option, vacuum
from bench.result import Result, at_most, told
from crowd.loop import answering, handing, leases
from crowd.loop.handing import Given
from crowd.loop.leases import Way
from crowd.upkeep import move_fronts
from crowd.workers import registry
from crowd.workers.registry import Level, WorkerState
from db import embedded
from db.database import Database, connected
from db.migrate import upgrade_in_loop

_BOT = 1
_WRONG = 0.05
"""Share of answers that are wrong: too few to be paused for."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large, and how often."""

    tasks: tuple[int, ...] = (10_000, 1_000_000, 10_000_000)
    """Open tasks; the first is what the others are held against."""
    calls: int = 6_000
    """Of each measure, at each size."""
    block: int = 50
    """Calls in a row at one size."""
    newcomers: int = 40
    veterans: int = 3
    history: int = 5_000
    """Answers of each veteran in the batch."""


@dataclass(slots=True)
class Person:
    """A worker of the bench and what they have in hands."""

    person_id: int
    worker_id: int
    given: Given | None = None


@dataclass(slots=True)
class Place:
    """A database with one batch, its people, and what was measured there."""

    tasks: int
    database: Database
    batch: Made
    newcomers: list[Person] = field(default_factory=list)
    veterans: list[Person] = field(default_factory=list)
    took: dict[str, list[float]] = field(default_factory=dict)


def run(progress: Progress, sizes: Sizes | None = None) -> list[Result]:
    """The part `growth`."""
    return asyncio.run(_run(progress, sizes or Sizes()))


async def _run(progress: Progress, sizes: Sizes) -> list[Result]:
    bar = progress.add_task("growth", total=len(sizes.tasks) + len(_MEASURES) * sizes.calls // sizes.block)
    with temporary_folder() as folder:
        server = await asyncio.to_thread(embedded.start, folder / "postgres", durable=False)
        try:
            async with AsyncExitStack() as stack:
                places = []
                for tasks in sizes.tasks:
                    dsn = server.create_database(f"growth_{tasks}")
                    places.append(await stack.enter_async_context(_place(dsn, tasks, sizes)))
                    progress.advance(bar)
                await _measure(places, sizes, progress, bar)
        finally:
            await asyncio.to_thread(server.stop)
    return _results(places)


@asynccontextmanager
async def _place(dsn: str, tasks: int, sizes: Sizes) -> AsyncIterator[Place]:
    await upgrade_in_loop(dsn)
    async with connected(dsn, name="bench", connections=2, statement_limit_s=3600) as database:
        people = [await _join(database, number) for number in range(sizes.newcomers + sizes.veterans)]
        veterans = people[sizes.newcomers :]
        batch = await make_batch(database, tasks, [one.worker_id for one in veterans], history=sizes.history)
        await vacuum(dsn)
        place = Place(tasks, database, batch, people[: sizes.newcomers], veterans)
        await move_fronts(database)
        luck = random.Random(0)
        for person in people:
            async with database.transaction() as tx:
                given = await handing.next_task(tx, person.worker_id, batch.batch_id, luck)
                assert isinstance(given, Given), given
                person.given = given
        yield place


async def _join(database: Database, number: int) -> Person:
    person_id = 1000 + number
    async with database.transaction() as tx:
        worker = await registry.welcome(tx, person_id, locale="en", country="KE", time_zone="UTC", slug=None)
        await registry.agree(tx, worker.id)
        await registry.claim_language(tx, worker.id, "sw", Level.NATIVE)
        await registry.set_state(tx, worker.id, WorkerState.ACTIVE)
    return Person(person_id, worker.id)


class _Calls:
    """The calls that are measured. Each leaves its worker with a task in hands, for the next one."""

    def __init__(self) -> None:
        self._updates = count(1)
        self._luck = random.Random(0)

    async def answer(self, place: Place, person: Person) -> float:
        """The whole transaction of a tap that answers; seconds."""
        assert person.given is not None
        option = right_option(person.given.task_id) ^ (self._luck.random() < _WRONG)
        began = time.perf_counter()
        async with place.database.update(_BOT, next(self._updates), person.person_id) as tx:
            done = await answering.answer(tx, person.person_id, person.given.lease_id, lambda _: option, self._luck)
        took = time.perf_counter() - began
        assert isinstance(done, answering.Accepted), done
        assert isinstance(done.next, Given), done.next
        person.given = done.next
        return took

    async def next_task(self, place: Place, person: Person) -> float:
        """Handing out alone, after a skip that is not counted; seconds."""
        assert person.given is not None
        async with place.database.transaction() as tx:
            await leases.give_back(tx, person.person_id, person.given.lease_id, Way.SKIPPED, "other")
        async with place.database.transaction() as tx:
            began = time.perf_counter()
            given = await handing.next_task(tx, person.worker_id, place.batch.batch_id, self._luck)
            took = time.perf_counter() - began
        assert isinstance(given, Given), given
        person.given = given
        return took


Call = Callable[[Place, Person], Awaitable[float]]

_MEASURES = ("answer", "next", "veteran_answer", "veteran_next")


async def _measure(places: list[Place], sizes: Sizes, progress: Progress, bar: TaskID) -> None:
    calls = _Calls()
    measures: dict[str, tuple[Call, bool]] = {
        "answer": (calls.answer, False),
        "next": (calls.next_task, False),
        "veteran_answer": (calls.answer, True),
        "veteran_next": (calls.next_task, True),
    }
    for number in range(-1, sizes.calls // sizes.block):  # the first block warms up and is not counted
        for name in _MEASURES:
            call, veteran = measures[name]
            for place in places:
                people = place.veterans if veteran else place.newcomers
                took = [await call(place, people[i % len(people)]) for i in range(sizes.block)]
                if number >= 0:
                    place.took.setdefault(name, []).extend(took)
            progress.advance(bar, number >= 0)
        for place in places:
            await move_fronts(place.database)


def _results(places: list[Place]) -> list[Result]:
    small, results = places[0], []
    for place in places[1:]:
        ending = f"_{place.tasks // 1_000_000}m" if place.tasks > 1_000_000 else ""
        for share in (50, 99):
            here, there = _percentile(place.took["answer"], share), _percentile(small.took["answer"], share)
            results.append(_ratio(f"growth.p{share}_ratio{ending}", here, there, f"answer and next task{_at(place)}"))
            here, there = _percentile(place.took["next"], share), _percentile(small.took["next"], share)
            results.append(_ratio(f"growth.next_p{share}_ratio{ending}", here, there, f"next task{_at(place)}"))
        for share, name in ((50, "veteran_ratio"), (99, "veteran_p99_ratio")):
            here, there = _percentile(place.took["veteran_next"], share), _percentile(small.took["next"], share)
            against = f"next task of a veteran{_at(place)}; a newcomer's"
            results.append(_ratio(f"growth.{name}{ending}", here, there, against))
    results.append(told("growth.answer_p50_ms", _percentile(small.took["answer"], 50) * 1000, "ms", _at(small)[2:]))
    return results


def _at(place: Place) -> str:
    return f", {place.tasks:,} open tasks"


def _ratio(name: str, here: float, there: float, what: str) -> Result:
    return at_most(
        name, here / there, "times", 1.2, f"{what}: {here * 1000:.2f} ms; small batch: {there * 1000:.2f} ms"
    )


def _percentile(took: list[float], share: int) -> float:
    return quantiles(took, n=100)[share - 1]
