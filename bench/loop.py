"""The loop: a tap comes in, the answer is recorded and paid, the next task is shown. What it costs, and how fast it is.

Kazi's bot and a bare aiogram bot take turns with the same sandbox and the same simulated workers; ratios are those
of neighbouring rounds, their median over all rounds is told.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from statistics import median, quantiles

import asyncpg
from rich.progress import Progress

from bench import cpu
from bench.batches import LABELS, LANGUAGE, Item, made_up, post_file, write_batch
from bench.house import House, reports_of, running_house
from bench.probe import latencies
from bench.result import Result, at_least, at_most, told
from kazi.demo.crowd import MANNERS
from kazi.demo.processes import Part
from sandbox.workers import Character, CrowdSpec, Limits


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    tasks: int = 30_000
    golds: int = 3_000
    workers: int = 32
    rounds: int = 3
    warm_answers: int = 1_500
    """After which a round of Kazi's is measured."""
    warm_s: float = 3
    """After which a round of the bare bot is."""
    seconds: float = 12
    probes: int = 12
    """Of the workers, so many are phones that measure, when latency is measured."""
    half_load_seconds: float = 30


class Who(Enum):
    """Whose round it is."""

    BARE = "bare aiogram bot"
    POLLING = "Kazi, polling"
    WEBHOOK = "Kazi, webhook"


@dataclass(frozen=True, slots=True)
class Round:
    """What one round has shown."""

    answers_per_s: float
    bot_s: float
    """CPU seconds of the bot's process per answer."""
    database_s: float
    """CPU seconds of all processes of PostgreSQL per answer."""
    phones_s: float
    """CPU seconds of the sandbox and the simulated workers per answer."""

    @property
    def all_s(self) -> float:
        """CPU seconds of all of it per answer."""
        return self.bot_s + self.database_s + self.phones_s


def run(progress: Progress, sizes: Sizes | None = None) -> list[Result]:
    """The part `loop`."""
    sizes = sizes or Sizes()
    items = made_up(sizes.tasks + sizes.golds)
    with running_house() as house:
        bar = progress.add_task("loop", total=sizes.rounds * len(Who) + 1)
        path = write_batch(house.folder / "batch", "Loop", items, golds=sizes.golds)
        asyncio.run(post_file(house.server.dsn, path))
        (house.folder / "items.txt").write_text("\n".join(item.text for item in items), encoding="utf-8")
        rounds: dict[Who, list[Round]] = {who: [] for who in Who}
        for _ in range(sizes.rounds):
            for who in Who:
                rounds[who].append(_round(house, who, items, sizes))
                progress.advance(bar)
        fastest = median(one.answers_per_s for one in rounds[Who.POLLING])
        half, waits = _half_load(house, items, fastest, sizes)
        progress.advance(bar)
    return [*_costs(rounds, Who.POLLING, ""), *_costs(rounds, Who.WEBHOOK, "_webhook"), *_waits(half, waits)]


def _costs(rounds: dict[Who, list[Round]], who: Who, ending: str) -> list[Result]:
    bare, kazi = rounds[Who.BARE], rounds[who]
    ratio = median(mine.bot_s / theirs.bot_s for mine, theirs in zip(kazi, bare, strict=True))
    bot, database = median(one.bot_s for one in kazi), median(one.database_s for one in kazi)
    beside = f"{who.value}; {Who.BARE.value}: {median(one.bot_s for one in bare) * 1e6:.0f} µs"
    parts = f"bot {bot * 1e6:.0f} µs, database {database * 1e6:.0f} µs"
    phones = median(one.phones_s for one in kazi)
    undisturbed = f"two cores with nothing else to do, by CPU; sandbox and workers {phones * 1e6:.0f} µs"
    fast = f"all on this machine ({cpu.load()}); {Who.BARE.value}: {median(one.answers_per_s for one in bare):.0f}"
    return [
        at_most(f"loop.cpu_ratio{ending}", ratio, "of the bare bot's CPU", 1.0, beside),
        at_most(
            f"loop.cpu_s_per_answer{ending}", median(one.bot_s + one.database_s for one in kazi), "s", 0.003, parts
        ),
        at_least(f"loop.answers_per_s{ending}", median(one.answers_per_s for one in kazi), "1/s", 500, fast),
        told(f"loop.answers_per_two_cores{ending}", 2 / median(one.all_s for one in kazi), "1/s", undisturbed),
    ]


def _waits(load: float, waits: list[float]) -> list[Result]:
    cuts = quantiles(waits, n=100)
    against = f"tap to next task on the phone, {len(waits)} taps at {load:.0f} answers a second"
    return [
        at_most("loop.p50_ms", cuts[49] * 1000, "ms", 30, against),
        at_most("loop.p99_ms", cuts[98] * 1000, "ms", 100, against),
    ]


def _round(house: House, who: Who, items: list[Item], sizes: Sizes) -> Round:
    """Warm up, measure for a while, and stop again."""
    if who is Who.BARE:
        bot = house.start_bare_bot(house.folder / "items.txt")
        house.wait_until("a poll", house.is_polled, bot, seconds=60)
        counted = None
    else:
        bot = house.start_bot(webhook=who is Who.WEBHOOK)
        counted = _Answers(house.server.dsn)
    workers = house.start_workers(crowd(items, sizes.workers))
    if counted is not None:
        goal = counted.now() + sizes.warm_answers
        house.wait_until("answers", lambda: counted.now() >= goal, bot, workers, seconds=60)
    else:
        time.sleep(sizes.warm_s)  # it keeps no count: its workers are asked afterwards
    before = _Meter.read(house, bot, workers, counted)
    time.sleep(sizes.seconds)
    if counted is not None:  # on a busy machine a short round may see none: it goes on until there is one
        house.wait_until("an answer", lambda: counted.now() > before.answers, bot, workers, seconds=60)
    after = _Meter.read(house, bot, workers, counted)
    house.end(workers)
    house.end(bot)
    answers = after.answers - before.answers if counted is not None else _taps(workers, before.at, after.at)
    if not answers:
        raise RuntimeError(f"nothing was answered in a round of {who.value}:\n{bot.last_words()}")
    return Round(
        answers_per_s=answers / (after.at - before.at),
        bot_s=(after.bot_s - before.bot_s) / answers,
        database_s=(after.database_s - before.database_s) / answers,
        phones_s=(after.phones_s - before.phones_s) / answers,
    )


@dataclass(frozen=True, slots=True)
class _Meter:
    """What the clock and the processes' CPU seconds say."""

    at: float
    answers: int
    bot_s: float
    database_s: float
    phones_s: float

    @classmethod
    def read(cls, house: House, bot: Part, workers: Part, counted: "_Answers | None") -> "_Meter":
        """Now."""
        return cls(
            at=time.time(),
            answers=counted.now() if counted is not None else 0,
            bot_s=cpu.of_process(bot.process.pid),
            database_s=house.postgres_cpu(),
            phones_s=cpu.of_process(house.sandbox_pid) + cpu.of_process(workers.process.pid),
        )


def crowd(items: list[Item], count: int, *, pause_s: float = 0) -> CrowdSpec:
    """Workers who know the items and tap without delay, or after `pause_s` in the mean."""
    people = tuple(
        Character(skill=0.95, speed_s=(pause_s / 2, pause_s * 1.5), language_code=LANGUAGE, seed=seed)
        for seed in range(count)
    )
    return CrowdSpec(
        characters=people,
        items={item.text: item.label for item in items},
        answers=LABELS,
        manners=MANNERS,
        limits=Limits(idle_s=10, nudges=100),
    )


def _taps(workers: Part, began: float, ended: float) -> int:
    """Answering taps of a stretch of time that were acknowledged."""
    taps = [tap for report in reports_of(workers) for tap in report.taps]
    return sum(tap.answered and tap.item is not None and began <= tap.at < ended for tap in taps)


class _Answers:
    """How many answers the database has, over a connection of its own that is opened for each question."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def now(self) -> int:
        """The answers of all batches."""
        return asyncio.run(self._ask())

    async def _ask(self) -> int:
        connection = await asyncpg.connect(self._dsn)
        try:
            return int(await connection.fetchval("SELECT coalesce(sum(answers), 0) FROM tally"))
        finally:
            await connection.close()


def _half_load(house: House, items: list[Item], fastest: float, sizes: Sizes) -> tuple[float, list[float]]:
    """Answers a second, and seconds from tap to next task, when workers take their time."""
    pause_s = max(0.0, 2 * sizes.workers / fastest - 0.015)
    bot, counted = house.start_bot(), _Answers(house.server.dsn)
    workers = house.start_workers(crowd(items, sizes.workers - sizes.probes, pause_s=pause_s))
    goal = counted.now() + sizes.warm_answers
    house.wait_until("answers", lambda: counted.now() >= goal, bot, workers, seconds=120)
    spec = crowd(items, 1)
    began, before = time.monotonic(), counted.now()
    waits = asyncio.run(
        latencies(
            house.sandbox,
            spec.knowledge(),
            MANNERS,
            language=LANGUAGE,
            probes=sizes.probes,
            pause_s=pause_s,
            until=_after(sizes.half_load_seconds),
        )
    )
    load = (counted.now() - before) / (time.monotonic() - began)
    house.end(workers)
    house.end(bot)
    return load, waits


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end
