"""Real tweets in eight languages, posted, worked to the end, taken away again, and held against what natives said.

The files of AfriSenti are not part of Kazi: KAZI_DATA_DIR names the folder that has `afrisenti` in it.
"""

import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
from rich.progress import Progress

from bench.batches import Item, write_batch
from bench.held import Held, compare, settled
from bench.house import House, reports_of, running_house
from bench.result import Result, at_least, at_most, told
from kazi.demo.crowd import MANNERS
from sandbox.workers import CrowdSpec, Limits, Manners, Report, Rule, make_people

_NEAR = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
LABELS = ("Positive", "Neutral", "Negative")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of it."""

    files: int | None = None
    """So many of the files; None: all."""
    rows: int | None = None
    """So many rows of each; None: all."""
    workers: int = 30
    answers: tuple[int, int] = (3, 5)
    """Least and most of each task."""
    seed: int = 0
    limit_s: float = 900


@dataclass(frozen=True, slots=True)
class Batch:
    """One file, posted."""

    language: str
    items: list[Item]
    golds: int
    batch_id: int


def run(progress: Progress, sizes: Sizes | None = None) -> list[Result]:
    """The part `real`. Without the data there is nothing to measure, and that is said."""
    sizes = sizes or Sizes()
    folder = data()
    files = sorted(folder.glob("*.csv"))[: sizes.files]
    if not files:
        progress.console.print(f"real: skipped, there is no {folder}; KAZI_DATA_DIR may name another place")
        return []
    with running_house() as house:
        worked = work(house, files, sizes, progress)
    return results(worked, sizes)


@dataclass(frozen=True, slots=True)
class Worked:
    """Batches that were worked to the end."""

    batches: list[Batch]
    reports: list[Report]
    held: Held
    seconds: float
    """From the first /start until the last task was settled."""


def work(house: House, files: Sequence[Path], sizes: Sizes, progress: Progress) -> Worked:
    """Post each file as a batch, have all of them worked to the end, and hold phones, database and exports together."""
    bar = progress.add_task("real", total=None)
    batches = [post(house, path, sizes) for path in files]
    golds = sum(batch.golds for batch in batches)
    tasks = sum(len(batch.items) for batch in batches)
    progress.update(bar, total=tasks)
    bot = house.start_bot()
    began = time.monotonic()
    workers = house.start_workers(_crowd(batches, sizes))

    def done() -> bool:
        count = settled(house.server.dsn)
        progress.update(bar, completed=count + golds)
        return count >= tasks - golds

    house.wait_until("all tasks settled", done, bot, workers, seconds=sizes.limit_s)
    took = time.monotonic() - began
    house.end(workers)
    house.end(bot)
    reports = reports_of(workers)
    exports = {batch.batch_id: _export(house, batch.batch_id) for batch in batches}
    held = compare(house.server.dsn, reports, exports, [label.lower() for label in LABELS])
    return Worked(batches, reports, held, took)


def data() -> Path:
    """The folder of AfriSenti, which may be missing."""
    return Path(os.environ.get("KAZI_DATA_DIR", _NEAR)) / "afrisenti"


def read_items(path: Path, rows: int | None = None) -> list[Item]:
    """Texts and labels of one file, no text twice."""
    with path.open(encoding="utf-8", newline="") as file:
        found = {row["text"].strip(): row["label"].capitalize() for row in csv.DictReader(file)}
    return [Item(text, label) for text, label in found.items()][:rows]


def post(house: House, path: Path, sizes: Sizes) -> Batch:
    """A tenth become golds, and the whole is posted by the command."""
    items = read_items(path, sizes.rows)
    random.Random(sizes.seed).shuffle(items)
    golds = max(1, len(items) // 10)
    file = write_batch(
        house.folder / path.stem, f"Tweets, {path.stem}", items, golds=golds, language=path.stem, labels=LABELS,
        dont_know=True, answers=sizes.answers,
    )  # fmt: skip
    said = orjson.loads(command(house, "batch", "post", str(file), "--no-pilot", "a bench", "--json"))
    return Batch(path.stem, items, golds, said["batch"]["id"])


def _export(house: House, batch_id: int) -> dict[str, list[dict[str, object]]]:
    """What the command takes away, by what its rows are."""
    found = {}
    for rows in ("tasks", "answers"):
        path = house.folder / f"{batch_id}.{rows}.jsonl"
        command(house, "batch", "results", str(batch_id), "--format", "jsonl", "--rows", rows, "--output", str(path))
        found[rows] = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    return found


def command(house: House, *words: str) -> str:
    """The output of a command of Kazi's. Raises RuntimeError with what it says when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "kazi", *words],
        env={**os.environ, **house.environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"kazi {' '.join(words)} failed: {done.stderr}{done.stdout}")
    return done.stdout


def _crowd(batches: list[Batch], sizes: Sizes) -> CrowdSpec:
    """People of differing quality who read all the languages and tap without delay."""
    people = make_people(sizes.workers, seed=sizes.seed, languages=[batch.language for batch in batches])
    return CrowdSpec(
        characters=tuple(replace(one, speed_s=(0.0, 0.0)) for one in people),
        items={item.text: item.label for batch in batches for item in batch.items},
        answers=LABELS,
        manners=_manners([batch.language for batch in batches]),
        limits=Limits(idle_s=2, nudges=10_000),
    )


def _manners(languages: list[str]) -> Manners:
    chosen = tuple(Rule(tap=f"^lang:{language}$", times=1) for language in languages)
    before = [rule for rule in MANNERS.rules if rule.tap and not rule.tap.startswith("^lang")]
    done = Rule(tap="^langs:done$")
    return Manners(rules=(*before[:3], *chosen, done, *before[3:]), skip=MANNERS.skip, dont_know=MANNERS.dont_know)


def results(worked: Worked, sizes: Sizes) -> list[Result]:
    """The rows of the table."""
    batches, reports, held = worked.batches, worked.reports, worked.held
    tasks, golds = sum(len(batch.items) for batch in batches), sum(batch.golds for batch in batches)
    truth = {batch.batch_id: [item.label.lower() for item in batch.items] for batch in batches}
    labels = [label == truth[batch][int(key)] for batch, key, label in held.labels]
    by_worker = [
        [value == truth[batch][int(key)] for batch, key, value in said if value is not None]
        for said in held.said.values()
    ]
    singly = [sum(rights) / len(rights) for rights in by_worker if rights]
    accuracy, single = sum(labels) / len(labels), sum(singly) / len(singly)
    overlap = f"{sizes.answers[0]} at least, {sizes.answers[1]} at most"
    whole = f"{tasks:,} tweets in {len(batches)} languages, {golds} of them golds, {len(reports)} workers"
    return [
        at_most("real.unsettled", tasks - golds - len(held.labels), "tasks", 0, whole),
        at_most("real.ledger_sum", abs(held.ledger_sum), "micro-units", 0, "all accounts together"),
        at_most(
            "real.lost_taps", held.lost, "taps", 0, f"of {held.acknowledged:,} that a phone saw acknowledged"
        ),
        at_most("real.wrong_values", held.wrong_values, "answers", 0, "recorded otherwise than tapped"),
        at_most("real.recorded_twice", held.twice, "answers", 0, "of one worker to one task"),
        at_most("real.wrong_earnings", held.wrong_earnings, "workers", 0, "whose money is not answers × price"),
        at_most("real.export_differences", held.export_differences, "rows", 0, "exports against the database"),
        at_least("real.accuracy", accuracy, "of labels right", single, "the mean single worker's"),
        told("real.single_accuracy", single, "of answers right", "mean over workers"),
        told("real.answers_per_task", held.ordinary_answers / (tasks - golds), "answers", overlap),
        told("real.seconds", worked.seconds, "s", "from the first /start until the last task was settled"),
    ]  # fmt: skip
