"""What a replay has come to: how good the labels are, what they cost, and who was stopped."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from crowd.replay.dataset import Dataset
from crowd.replay.score import Labelled, accuracy, calibration_error, rightness, vote
from crowd.replay.way import Posted, Way
from db.database import Tx

GOOD = 0.75
"""Balanced accuracy from which a worker is good."""

ABOVE_CHANCE = 0.15
"""A worker whose balanced accuracy is less than this above chance is bad."""

_LEAST_KNOWN = 10  # answers to tasks of known truth, to tell whether a worker is good or bad


EARLY = 20
"""Answers within which a bad worker is to be stopped."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Of the workers of one sort, how many were paused."""

    workers: int
    paused: int
    early: int
    """Of those, within EARLY answers; golds are among these."""


@dataclass(frozen=True, slots=True)
class Report:
    """A replay. Shares and errors are 0..1; tasks that were golds are left out of what is measured of labels."""

    name: str
    through: str
    """Which way the answers were given again."""
    tasks: int
    workers: int
    labels: int
    answers: int
    """In the data set."""
    used: int
    """Of them, those that were asked for; those to golds among them."""
    used_share: float
    golds: int
    gold_answers: int
    evaluated: int
    """Tasks whose label is held against a known truth."""
    accuracy: float
    vote_accuracy: float
    """Of a plain vote over all answers, ties shared."""
    calibration_error: float
    golds_each: float
    """Golds among a worker's first EARLY answers, on average."""
    good: Stopped
    bad: Stopped
    seconds: float
    course: tuple[tuple[float, float], ...]
    """On the way there, after each fit: the share of the answers used so far, and the accuracy of labels by then."""


_LABELS = """
SELECT id, label, confidence FROM task WHERE batch_id = $1 AND gold IS NULL
"""

_USED = """
SELECT count(*) AS used, count(*) FILTER (WHERE t.gold IS NOT NULL) AS gold_answers
FROM answer a JOIN task t ON t.id = a.task_id WHERE a.batch_id = $1
"""


_PAUSED = """
SELECT t.worker_id, sum(p.answers) AS answers FROM track t JOIN participation p USING (worker_id)
WHERE t.paused_at IS NOT NULL GROUP BY t.worker_id
"""

_GOLDS_EACH = """
SELECT sum(golds) / count(*)::float FROM participation p, LATERAL (
    SELECT count(*) FILTER (WHERE verdict IS NOT NULL) AS golds FROM (
        SELECT verdict FROM answer WHERE worker_id = p.worker_id ORDER BY id LIMIT $2
    ) first
) early WHERE p.batch_id = $1 AND p.answers > 0
"""


async def report_of(
    tx: Tx,
    posted: Posted,
    dataset: Dataset,
    golds: Collection[str],
    way: Way,
    seconds: float,
    course: Sequence[tuple[float, float]],
) -> Report:
    """The report of a batch that was made of a data set, whose answers were given again in that way."""
    labels = await labels_of(tx, posted, dataset)
    truth = {task: right for task, right in dataset.truth.items() if task not in golds}
    said: dict[str, list[str]] = defaultdict(list)
    for answer in dataset.answers:
        said[answer.task].append(answer.label)
    used = await tx.row(_USED, posted.batch_id)
    assert used is not None
    paused = {row["worker_id"]: row["answers"] for row in await tx.rows(_PAUSED)}
    good, bad = _sorts(dataset)
    pairs = rightness(labels, truth)
    return Report(
        name=dataset.name,
        through=way.name,
        tasks=len(said),
        workers=len({answer.worker for answer in dataset.answers}),
        labels=len(dataset.labels),
        answers=len(dataset.answers),
        used=used["used"],
        used_share=used["used"] / len(dataset.answers),
        golds=len(golds),
        gold_answers=used["gold_answers"],
        evaluated=len(pairs),
        accuracy=accuracy(labels, truth),
        vote_accuracy=vote(said, truth),
        calibration_error=calibration_error(pairs),
        golds_each=await tx.value(_GOLDS_EACH, posted.batch_id, EARLY) or 0.0,
        good=_stopped(good, way.people, paused),
        bad=_stopped(bad, way.people, paused),
        seconds=seconds,
        course=tuple(course),
    )


async def accuracy_so_far(tx: Tx, posted: Posted, dataset: Dataset, golds: Collection[str]) -> float:
    """The share of tasks of known truth whose label is right by now, 0..1; those without a label are not."""
    truth = {task: right for task, right in dataset.truth.items() if task not in golds}
    return accuracy(await labels_of(tx, posted, dataset), truth)


async def labels_of(tx: Tx, posted: Posted, dataset: Dataset) -> dict[str, Labelled]:
    """The labels of a batch that was made of a data set, by the names of its tasks there; golds have none."""
    tasks, names = {number: task for task, number in posted.tasks.items()}, dataset.labels
    return {
        tasks[row["id"]]: Labelled(None if row["label"] is None else names[int(row["label"])], row["confidence"] or 0.0)
        for row in await tx.rows(_LABELS, posted.batch_id)
    }


def _stopped(names: Collection[str], people: Mapping[str, int], paused: Mapping[int, int]) -> Stopped:
    """`paused` says after how many answers."""
    after = [paused[people[name]] for name in names if people.get(name) in paused]
    return Stopped(len(names), len(after), sum(answers <= EARLY for answers in after))


def _sorts(dataset: Dataset) -> tuple[list[str], list[str]]:
    """Workers who are good and who are bad by what the truth says of them; those between, or little known, are none."""
    tallies: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for answer in dataset.answers:
        right = dataset.truth.get(answer.task, frozenset())
        if len(right) == 1:
            (label,) = right
            tally = tallies[answer.worker][label]
            tally[0] += answer.label == label
            tally[1] += 1
    chance = 1 / max(1, len(dataset.labels))
    good, bad = [], []
    for worker, by_label in tallies.items():
        if sum(total for _, total in by_label.values()) < _LEAST_KNOWN:
            continue
        balanced = sum(hits / total for hits, total in by_label.values()) / len(by_label)
        if balanced >= GOOD:
            good.append(worker)
        elif balanced < chance + ABOVE_CHANCE:
            bad.append(worker)
    return good, bad
