"""Made-up data sets to replay."""

import csv
import random
from pathlib import Path

from crowd.replay.dataset import Answer, Dataset

LABELS = ("cat", "dog", "owl")


def crowd(*, tasks: int = 60, good: int = 8, bad: int = 2, seed: int = 1) -> Dataset:
    """Good workers are right nine times of ten, bad ones guess; each answers every task."""
    luck = random.Random(seed)
    truth = {f"t{number}": luck.choice(LABELS) for number in range(tasks)}
    answers = []
    for worker in range(good + bad):
        for task, right in truth.items():
            knows = worker < good and luck.random() < 0.9
            label = right if knows else luck.choice(LABELS)
            answers.append(Answer(task, f"w{worker}", label, 3.0, None, is_gold=False))
    return Dataset("made", tuple(answers), {task: frozenset({right}) for task, right in truth.items()}, 0)


def write(dataset: Dataset, folder: Path) -> tuple[Path, Path]:
    """The data set as two files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    answers, truth = folder / "answers.csv", folder / "truth.csv"
    with answers.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("task", "worker", "label"))
        lines.writerows((answer.task, answer.worker, answer.label) for answer in dataset.answers)
    with truth.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("task", "label"))
        lines.writerows((task, "|".join(sorted(labels))) for task, labels in dataset.truth.items())
    return answers, truth
