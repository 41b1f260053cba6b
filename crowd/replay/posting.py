"""A data set as a batch: its tasks, some of them golds, in files as a requester would bring them."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

import yaml

from crowd.batches.spec import Overlap
from crowd.kinds.options import LEAST_OPTIONS, MOST_OPTIONS
from crowd.replay.dataset import Dataset, DatasetError

LANGUAGE = "en"
CURRENCY = "USD"

_LONGEST_NAME, _LONGEST_LABEL = 1000, 80
"""Characters of a task's and of a label's name that are shown."""


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
    """The tasks that are posted as golds: first those that were golds when the answers were given.

    At most half of those that could be: the rest is what labels are measured by.
    """
    answered = dict.fromkeys(answer.task for answer in dataset.answers)
    before = {answer.task for answer in dataset.answers if answer.is_gold}
    known = [task for task in answered if len(dataset.truth.get(task, ())) == 1]
    random.Random(f"golds {setting.seed}").shuffle(known)
    known.sort(key=lambda task: task not in before)
    return frozenset(known[: min(setting.golds, len(known) // 2)])


def checks_of(dataset: Dataset, setting: Setting, golds: frozenset[str]) -> list[str]:
    """The tasks that are posted a second time, as golds."""
    if not setting.checks:
        return []
    labels = set(dataset.labels)
    return [task for task in dataset.tasks if task not in golds and len(known := dataset.truth.get(task, ())) == 1
            and labels.issuperset(known)]  # fmt: skip


def check_of(number: int) -> str:
    """What a task is called as a gold, beside itself."""
    return f"{number} check"


def write_batch(dataset: Dataset, setting: Setting, golds: frozenset[str], folder: Path) -> Path:
    """Write the batch file of a data set, its items beside it; the batch file's path.

    Tasks and labels go by their numbers, from 0, and show their names as far as a phone can: names may be anything.
    Raises DatasetError when the labels make no choice.
    """
    labels = {label: number for number, label in enumerate(_choosable(dataset))}
    spec = {
        "name": f"Replay of {shown(dataset.name, 60)}",
        "kind": "choice",
        "language": LANGUAGE,
        "items": "items.csv",
        "currency": CURRENCY,
        "price": "0.01",
        "seconds": 1,
        "instructions": {LANGUAGE: "Answers of the past, given again."},
        "options": [
            {"value": str(number), "label": {LANGUAGE: f"{number + 1}. {shown(label, _LONGEST_LABEL)}"}}
            for label, number in labels.items()
        ],
        "overlap": setting.overlap.model_dump(exclude_none=True),
    }
    (folder / "batch.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("id", "text", "gold"))
        for number, task in enumerate(dataset.tasks):
            right = [labels[label] for label in dataset.truth[task]] if task in golds else [""]
            lines.writerow((number, f"{number + 1}. {shown(task, _LONGEST_NAME)}", *right))
        numbers = {task: number for number, task in enumerate(dataset.tasks)}
        for task in checks_of(dataset, setting, golds):
            (known,) = dataset.truth[task]
            number = numbers[task]
            lines.writerow((check_of(number), f"{number + 1}. {shown(task, _LONGEST_NAME)} (check)", labels[known]))
    return folder / "batch.yaml"


def _choosable(dataset: Dataset) -> tuple[str, ...]:
    labels = dataset.labels
    if len(labels) < LEAST_OPTIONS:
        raise DatasetError(
            f"{dataset.name} has one label, “{shown(labels[0], 60)}”, so there is nothing to choose: "
            "a data set needs two, among its answers or its truths"
        )
    if len(labels) > MOST_OPTIONS:
        some = ", ".join(f"“{shown(label, 20)}”" for label in labels[:3])
        raise DatasetError(
            f"{dataset.name} has {len(labels)} labels ({some} …), and a task offers {MOST_OPTIONS} at most: "
            "put rare ones together under one name, in both files"
        )
    return labels


def shown(name: str, most: int) -> str:
    """A name as a phone can show it: in one line, without what cannot be seen, shortened."""
    plain = "".join(character if character.isprintable() else "·" for character in name)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
