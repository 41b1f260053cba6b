"""Labels on real crowds: how right they are, how honest their confidence, how many answers they need.

The data sets are not part of Kazi: KAZI_DATA_DIR names the folder that has `crowd` in it.
"""

import asyncio
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from rich.progress import Progress

from bench.course import PICTURE, draw
from bench.golds import Sizes as GoldSizes
from bench.golds import gold_auc
from bench.house import temporary_folder
from bench.peers import peers_on
from bench.result import Result, at_least, at_most, told
from crowd.batches.spec import Overlap
from crowd.consensus import fit
from crowd.replay.dataset import Dataset, read_dataset
from crowd.replay.posting import Setting, golds_of
from crowd.replay.report import EARLY, Report
from crowd.replay.running import Replaying
from crowd.replay.score import Labelled, accuracy, calibration_error, rightness, vote
from db import embedded
from db.database import connected
from db.migrate import upgrade

_NEAR = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
_MANY = 200_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of it."""

    sets: tuple[str, ...] | None = None
    """Which data sets; None: all."""
    draws: int = 5
    """Choices of golds that calibration is averaged over."""
    golds: int = 20
    """Of a replay."""
    picture: Path | None = PICTURE
    """Where accuracy is drawn against answers used."""
    telling: GoldSizes = field(default_factory=GoldSizes)
    """How much is worked on to see whether golds are to be told from other tasks."""


def datasets(names: tuple[str, ...] | None = None) -> list[Dataset]:
    """The data sets there are. Raises FileNotFoundError when there are none."""
    folder = Path(os.environ.get("KAZI_DATA_DIR", _NEAR)) / "crowd"
    found = [path.parent for path in sorted(folder.glob("*/answers.csv")) if names is None or path.parent.name in names]
    if not found:
        raise FileNotFoundError(
            f"there are no data sets in {folder}: KAZI_DATA_DIR names the folder that has crowd in it"
        )
    return [read_dataset(path / "answers.csv", path / "truth.csv") for path in found]


def run(progress: Progress, sizes: Sizes | None = None) -> list[Result]:
    """The part `quality`."""
    sizes = sizes or Sizes()
    sets = datasets(sizes.sets)
    bar = progress.add_task("quality", total=3 * len(sets) + 1)
    fits = []
    for dataset in sets:
        fits.append(_fits(dataset, sizes.draws))
        progress.advance(bar)
    speed = _speed(max(sets, key=lambda each: len(each.answers)))
    progress.advance(bar)
    replays = []
    for dataset in sets:
        replays.append((dataset, _replayed(dataset, Setting(sizes.golds, _overlap(dataset), 0))))
        progress.advance(bar)
    if sizes.picture is not None:
        draw([report.course for _, report in replays], sizes.picture)
    checked = []
    for dataset in sets:
        checked.append(_replayed(dataset, _CHECKED))
        progress.advance(bar)
    return [*_of_fits(fits), *speed, *_of_replays(replays), *_of_checked(checked), *gold_auc(sizes.telling)]


@dataclass(frozen=True, slots=True)
class _Fits:
    """One data set, fitted. Shares are 0..1."""

    name: str
    accuracy: float
    vote: float
    errors: dict[int, float]
    """Calibration error by the number of golds."""
    peers: dict[str, float]
    """Accuracy of other methods."""


def _fits(dataset: Dataset, draws: int) -> _Fits:
    said: dict[str, list[str]] = {}
    for answer in dataset.answers:
        said.setdefault(answer.task, []).append(answer.label)
    errors = {}
    for golds in (0, 20, 50):
        found = [_calibration(dataset, golds, seed) for seed in range(draws if golds else 1)]
        errors[golds] = fmean(found)
    labels = labelled(dataset, frozenset())
    return _Fits(dataset.name, accuracy(labels, dataset.truth), vote(said, dataset.truth), errors, peers_on(dataset))


def _calibration(dataset: Dataset, golds: int, seed: int) -> float:
    chosen = golds_of(dataset, Setting(min(golds, len(dataset.truth) // 2), Overlap(), seed))
    kept = {task: right for task, right in dataset.truth.items() if task not in chosen}
    return calibration_error(rightness(labelled(dataset, chosen), kept))


def labelled(dataset: Dataset, golds: frozenset[str]) -> dict[str, Labelled]:
    """The labels of a data set by the fit of all its answers, where those tasks are golds."""
    tasks = {task: at for at, task in enumerate(dataset.tasks)}
    workers = {worker: at for at, worker in enumerate(dict.fromkeys(answer.worker for answer in dataset.answers))}
    labels = {label: at for at, label in enumerate(dataset.labels)}
    gold = [-1] * len(tasks)
    for task in golds:
        (right,) = dataset.truth[task]
        gold[tasks[task]] = labels.get(right, -1)
    found = fit(
        [tasks[answer.task] for answer in dataset.answers],
        [workers[answer.worker] for answer in dataset.answers],
        [labels[answer.label] for answer in dataset.answers],
        classes=len(labels), gold=gold,
    )  # fmt: skip
    names = dataset.labels
    chosen, confidence = found.labels, found.confidence
    return {task: Labelled(names[chosen[at]], float(confidence[at])) for task, at in tasks.items()}


def _of_fits(fits: Sequence[_Fits]) -> list[Result]:
    gains = [100 * (each.accuracy - each.vote) for each in fits]
    worst = min(range(len(fits)), key=lambda at: gains[at])
    rows = [
        told("quality.accuracy", 100 * fmean(each.accuracy for each in fits), "%", f"mean of {len(fits)} data sets")
    ]
    peers = {name: fmean(each.peers[name] for each in fits) for name in fits[0].peers}
    if peers:
        best = max(peers, key=lambda name: peers[name])
        gain = 100 * (fmean(each.accuracy for each in fits) - peers[best])
        rows.append(
            at_least("quality.mean_gain", gain, "points", 0.5, f"over {best} of crowd-kit, the best single method")
        )
    rows.append(
        at_least(
            "quality.worst_vs_vote", gains[worst], "points", -1, f"a plain vote, ties shared, on {fits[worst].name}"
        )
    )
    for golds, limit in ((50, 0.050), (20, 0.065)):
        errors = [each.errors[golds] for each in fits]
        rows.append(
            at_most(f"quality.ece{golds}", fmean(errors), "", limit, f"{golds} golds; the worst set {max(errors):.3f}")
        )
    rows.append(told("quality.ece0", fmean(each.errors[0] for each in fits), "", "without golds"))
    return rows


def _speed(dataset: Dataset) -> list[Result]:
    """Seconds of one fit: of 25,000 answers, and of eight times as many."""
    luck = random.Random(0)
    rows = [(answer.task, answer.worker, answer.label) for answer in dataset.answers]
    labels = {label: at for at, label in enumerate(dataset.labels)}
    results = []
    for name, count, limit in (("25k", 25_000, 1.0), ("200k", _MANY, 10.0)):
        drawn = [(luck.choice(rows), copy // len(rows)) for copy in range(count)]
        tasks: dict[tuple[str, int], int] = {}
        workers: dict[str, int] = {}
        columns = [
            (tasks.setdefault((task, copy), len(tasks)), workers.setdefault(worker, len(workers)), labels[label])
            for (task, worker, label), copy in drawn
        ]
        task, worker, label = zip(*columns, strict=True)
        began = time.perf_counter()
        fit(task, worker, label, classes=len(labels))
        took = time.perf_counter() - began
        results.append(at_most(f"quality.fit_{name}_s", took, "s", limit, f"{count:,} answers, {len(labels)} labels"))
    return results


def _overlap(dataset: Dataset) -> Overlap:
    """Kazi's own, with room for twice the answers that a task has there."""
    return Overlap(least=2, most=min(20, max(2, -(-2 * len(dataset.answers) // len(dataset.tasks)))))


_CHECKED = Setting(0, Overlap(least=20, most=20), 0, checks=True)
"""All answers are asked for, as long as their worker is not paused, and hand-out chooses which are to golds."""


def _replayed(dataset: Dataset, setting: Setting) -> Report:
    replaying = Replaying(dataset, setting)

    async def through(dsn: str) -> Report:
        async with connected(dsn, name="bench", clock=replaying.now) as database:
            return await replaying.run(database)

    with temporary_folder() as folder:
        server = embedded.start(folder / "postgres", durable=False)
        try:
            upgrade(server.dsn)
            return asyncio.run(through(server.dsn))
        finally:
            server.stop()


def _of_replays(replays: Sequence[tuple[Dataset, Report]]) -> list[Result]:
    losses = []
    for dataset, report in replays:
        golds = golds_of(dataset, Setting(report.golds, Overlap(), 0))
        kept = {task: right for task, right in dataset.truth.items() if task not in golds}
        losses.append(100 * (report.accuracy - accuracy(labelled(dataset, golds), kept)))
    reports = [report for _, report in replays]
    used = 100 * fmean(report.used_share for report in reports)
    loss = f"mean loss {-fmean(losses):.2f} points against using all, worst {-min(losses):.2f}"
    equal = [_share_to_equal(report) for report in reports]
    never = sum(share is None for share in equal)
    needed = 100 * fmean(1.0 if share is None else share for share in equal)
    return [
        at_most("quality.answers_used", used, "%", 55, loss),
        at_most(
            "quality.answers_to_equal_vote", needed, "%", 35, f"golds among them; {never} sets never did, and count all"
        ),
    ]


def _share_to_equal(report: Report) -> float | None:
    """The share of the answers from which labels were as right as a plain vote over all of them."""
    way = [*report.course, (report.used_share, report.accuracy)]
    return next((used for used, right in way if right >= report.vote_accuracy), None)


def _of_checked(reports: Sequence[Report]) -> list[Result]:
    """Who is stopped. Bad and good are by all answers to tasks of known truth, ten at least; golds count as answers."""
    bad, good = sum(each.bad.workers for each in reports), sum(each.good.workers for each in reports)
    workers = sum(each.workers for each in reports)
    rows = []
    if bad:
        early = 100 * sum(each.bad.early for each in reports) / bad
        ever = 100 * sum(each.bad.paused for each in reports) / bad
        what = f"of {bad} bad workers, within {EARLY} answers, golds among them; {ever:.1f} % at any time"
        rows.append(at_least("quality.bad_stopped", early, "%", 90, what))
    if good:
        paused = 100 * sum(each.good.paused for each in reports) / good
        rows.append(at_most("quality.good_paused", paused, "%", 1, f"of {good} good workers, at any time"))
    golds = sum(each.golds_each * each.workers for each in reports) / workers
    overall = sum(each.gold_answers for each in reports) / workers
    what = f"among the first {EARLY} answers of each of {workers} workers; {overall:.1f} among all of theirs"
    rows.append(at_most("quality.golds_each", golds, "", 5, what))
    return rows
