"""Batches that are posted, and people who work on them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.batches import LANGUAGE, made_up, post_file, write_batch
from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from db.database import Database
from kazi.demo.crowd import MANNERS
from sandbox.workers import Character, Knowledge, Limits, Report, Right, run_crowd

PATIENT = Limits(idle_s=120, patience_s=120)
"""Workers who stay while the bot is away."""


@dataclass(frozen=True)
class Work:
    """A batch of choices, and what workers know of it."""

    batch_id: int
    spec: BatchSpec
    knowledge: Knowledge
    values: tuple[str, ...]
    """What answers mean, by the number in a button's data."""


async def post_work(database: Database, dsn: str, folder: Path, *, tasks: int, golds: int) -> Work:
    """Post a batch of so many items, golds among them."""
    items = made_up(tasks)
    posted = await post_file(dsn, write_batch(folder, "The whole", items, golds=golds))
    async with database.reading() as tx:
        digest = await tx.value("SELECT digest FROM batch WHERE id = $1", posted.batch_id)
        spec = await spec_of(tx, posted.batch_id, digest)
    labels = sorted({item.label for item in items})
    knowledge = Knowledge({item.text: Right(frozenset({item.label})) for item in items}, labels)
    return Work(posted.batch_id, spec, knowledge, tuple(option["value"] for option in _options(spec)))


def _options(spec: BatchSpec) -> list[dict[str, str]]:
    found: list[dict[str, str]] = spec.model_dump()["options"]
    return found


def hasty_people(count: int, *, double_tap: float = 0.0, repeated_update: float = 0.0) -> list[Character]:
    """People who tap at once, mostly right."""
    return [
        Character(
            skill=0.9,
            language_code=LANGUAGE,
            first_name=f"Worker {number}",
            double_tap=double_tap,
            repeated_update=repeated_update,
            seed=number,
        )
        for number in range(count)
    ]


@dataclass
class Crowd:
    """A crowd at work, whose taps are counted."""

    base_url: str
    people: Sequence[Character]
    knowledge: Knowledge
    reports: list[Report] = field(default_factory=list)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _acted: asyncio.Event = field(default_factory=asyncio.Event)
    _running: "asyncio.Task[list[Report]] | None" = None

    def begin(self) -> None:
        """They come, and begin."""
        self._running = asyncio.create_task(
            run_crowd(
                self.base_url, self.people, self.knowledge, MANNERS, self._stop,
                until=self._watch, limits=PATIENT, grace_s=30,
            )
        )  # fmt: skip

    def _watch(self, reports: Sequence[Report]) -> bool:
        self.reports = list(reports)
        self._acted.set()
        return False

    @property
    def taps(self) -> int:
        """Taps made so far, answered or lost."""
        return sum(len(report.taps) for report in self.reports)

    @property
    def answers(self) -> int:
        """Items answered so far, as the phones know."""
        return sum(report.answers for report in self.reports)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait until they have done so much. Fails when the crowd ends before."""
        assert self._running is not None
        while not happened():
            self._acted.clear()
            acted = asyncio.create_task(self._acted.wait())
            await asyncio.wait({acted, self._running}, return_when=asyncio.FIRST_COMPLETED)
            acted.cancel()
            if self._running.done():
                endings = {report.worker: (report.ended, report.error) for report in self._running.result()}
                raise AssertionError(f"everybody went home: {endings}")

    async def more_taps(self, count: int) -> None:
        """Wait for so many taps more."""
        wanted = self.taps + count
        await self.until(lambda: self.taps >= wanted)

    async def end(self) -> list[Report]:
        """They stop, each when their tap is answered; what they did."""
        assert self._running is not None
        self._stop.set()
        return await self._running
