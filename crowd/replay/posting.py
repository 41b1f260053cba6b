"""A data set as a batch: its tasks, some of them golds, in files as a requester would bring them."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

import yaml

from crowd.batch import Overlap
from crowd.replay.dataset import Dataset

LANGUAGE = "en"
CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a data set is replayed."""

    golds: int
    """Tasks with one known truth that are posted as golds."""
    overlap: Overlap
    seed: int
    """Of the choice of golds, and of the order of answers where their times are not known."""
    checks: bool = False
    """Each task with one known truth is posted a second time, as a gold: what a worker says when hand-out wants a gold
    is then their answer to one of these, and a task's label knows nothing of it."""


def golds_of(dataset: Dataset, setting: Setting) -> frozenset[str]:
    """The tasks that are posted as golds: first those that were golds when the answers were given."""
    answered = dict.fromkeys(answer.task for answer in dataset.answers)
    before = {answer.task for answer in dataset.answers if answer.is_gold}
    known = [task for task in answered if len(dataset.truth.get(task, ())) == 1]
    random.Random(f"golds {setting.seed}").shuffle(known)
    known.sort(key=lambda task: task not in before)
    return frozenset(known[: setting.golds])


def checks_of(dataset: Dataset, setting: Setting, golds: frozenset[str]) -> list[str]:
    """The tasks that are posted a second time, as golds."""
    if not setting.checks:
        return []
    labels = set(dataset.labels)
    return [task for task in dataset.tasks if task not in golds and len(known := dataset.truth.get(task, ())) == 1
            and labels.issuperset(known)]  # fmt: skip


def check_of(task: str) -> str:
    """What a task is called as a gold, beside itself."""
    return f"{task} (check)"


def write_batch(dataset: Dataset, setting: Setting, golds: frozenset[str], folder: Path) -> Path:
    """Write the batch file of a data set, its items beside it; the batch file's path."""
    spec = {
        "name": f"Replay of {dataset.name}"[:80],
        "kind": "choice",
        "language": LANGUAGE,
        "items": "items.csv",
        "currency": CURRENCY,
        "price": "0.01",
        "instructions": {LANGUAGE: "Answers of the past, given again."},
        "options": [{"value": label, "label": {LANGUAGE: label}} for label in dataset.labels],
        "overlap": setting.overlap.model_dump(),
    }
    (folder / "batch.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("id", "text", "gold"))
        for task in dataset.tasks:
            (right,) = dataset.truth[task] if task in golds else ("",)
            lines.writerow((task, task, right))
        for task in checks_of(dataset, setting, golds):
            (right,) = dataset.truth[task]
            lines.writerow((check_of(task), check_of(task), right))
    return folder / "batch.yaml"
