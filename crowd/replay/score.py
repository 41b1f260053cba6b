"""How good labels are, where the truth is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BINS = 15


@dataclass(frozen=True, slots=True)
class Labelled:
    """The label of a task, and how sure it is said to be."""

    label: str | None
    """None: there is none, which is never right."""
    confidence: float
    """0..1"""


def rightness(labels: Mapping[str, Labelled], truth: Mapping[str, frozenset[str]]) -> list[tuple[float, float]]:
    """Confidence and whether it is right (0 or 1), for each task with a known truth that has a label at all."""
    return [(said.confidence, float(said.label in truth[task])) for task, said in labels.items() if task in truth]


def accuracy(labels: Mapping[str, Labelled], truth: Mapping[str, frozenset[str]]) -> float:
    """The share of tasks with a known truth whose label is right, 0..1; NaN where there are none."""
    pairs = rightness(labels, truth)
    return sum(right for _, right in pairs) / len(pairs) if pairs else float("nan")


def calibration_error(pairs: Sequence[tuple[float, float]], *, bins: int = BINS) -> float:
    """Expected calibration error over bins of equal mass: the mean distance between confidence and accuracy.

    Naeini, Cooper and Hauskrecht 2015, with bins of (nearly) equally many labels, by confidence.
    """
    ordered = sorted(pairs, key=lambda pair: pair[0])
    total, error = len(ordered), 0.0
    for number in range(bins):
        part = ordered[number * total // bins : (number + 1) * total // bins]
        if part:
            error += abs(sum(confidence - right for confidence, right in part)) / total
    return error


def vote(answers: Mapping[str, Sequence[str]], truth: Mapping[str, frozenset[str]]) -> float:
    """The accuracy of a plain vote in which the labels of a tie share it, 0..1."""
    shares = []
    for task, labels in answers.items():
        if task in truth:
            most = max(labels.count(label) for label in set(labels))
            winners = [label for label in set(labels) if labels.count(label) == most]
            shares.append(sum(label in truth[task] for label in winners) / len(winners))
    return sum(shares) / len(shares) if shares else float("nan")
