"""All texts of a batch taken together: who writes well, which answers are believed, and how sure that is."""

import random
import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.consensus.closeness import line
from crowd.kinds import load_spec
from crowd.kinds.base import AnswerTable, Consensus, Fit, Json
from crowd.kinds.calibrated import on_line
from crowd.kinds.text import Text, TextSpec
from crowd.kinds.written import similarity
from crowd.replay.score import calibration_error

pytestmark = pytest.mark.unit
KIND = Text()
WORDS = [f"{a}{b}{c}" for a in ("ba", "ki", "lo", "mu", "se", "ta") for b in "nrdk" for c in ("a", "ele", "uzo", "i")]


def spec(combine: Literal["whole", "words"] = "whole") -> TextSpec:
    loaded = load_spec(
        {
            "name": "x", "kind": "text", "language": "sw", "items": "x.csv", "currency": "USD", "price": "0.02",
            "instructions": {"en": "x"}, "combine": combine,
        }
    )  # fmt: skip
    assert isinstance(loaded, TextSpec)
    return loaded


@dataclass(frozen=True)
class Crowd:
    """Transcriptions by people of whom it is known how often they get a word wrong."""

    table: AnswerTable
    truth: dict[int, str]
    errors: list[float]

    def shown(self, labels: dict[int, Consensus]) -> tuple[float, float, float]:
        """Mean similarity to the truth, share that is right, calibration error; golds left out."""
        rest = [task for task in self.truth if task not in self.table.golds]
        near = [similarity(labels[task].label, self.truth[task]) for task in rest]
        right = [KIND.verdict(spec(), self.truth[task], labels[task].label) for task in rest]
        pairs = list(zip([labels[task].confidence for task in rest], right, strict=True))
        return float(np.mean(near)), float(np.mean(right)), calibration_error(pairs)

    def by_tasks(self) -> dict[int, Consensus]:
        evidence: dict[int, Json] = {}
        for task, said in zip(self.table.tasks, self.table.values, strict=True):
            evidence[task] = KIND.add(spec(), evidence.get(task), said, 0.5)
        return {task: KIND.consensus(spec(), told) for task, told in evidence.items()}


def crowd(seed: int, *, tasks: int = 150, workers: int = 20, each: int = 4, golds: int = 20) -> Crowd:
    luck = random.Random(seed)
    errors = [0.9 if luck.random() < 0.15 else luck.uniform(0.03, 0.6) for _ in range(workers)]
    truth = {task: " ".join(luck.choice(WORDS) for _ in range(luck.randint(5, 9))) for task in range(tasks)}
    rows = [
        (task, worker, _heard(text, errors[worker], luck))
        for task, text in truth.items()
        for worker in luck.sample(range(workers), each)
    ]
    known = {task: truth[task] for task in range(golds)}
    tasks_, workers_, values = (list(column) for column in zip(*rows, strict=True))
    return Crowd(AnswerTable(tasks_, workers_, values, known, list(range(len(rows))), [0] * len(rows)), truth, errors)


def _heard(text: str, error: float, luck: random.Random) -> str:
    heard: list[str] = []
    for word in text.split():
        if luck.random() >= error:
            heard.append(word)
        elif luck.random() < 0.8:
            heard.append(luck.choice(WORDS))
    return " ".join(heard) or luck.choice(WORDS)


def test_labels_are_nearer_to_the_truth_than_task_by_task_and_word_by_word_nearer_still() -> None:
    shown = []
    for seed in range(3):
        made = crowd(seed)
        fits = KIND.fit(spec(), made.table), KIND.fit(spec("words"), made.table)
        shown.append([made.shown(made.by_tasks())[:2], *(made.shown(each.labels)[:2] for each in fits)])
    alone, whole, words = np.mean(shown, 0)
    assert (whole > alone).all()
    assert (words > whole).all()


def test_writers_are_told_apart_by_how_often_they_are_wrong() -> None:
    made = crowd(1)
    found = KIND.fit(spec(), made.table)
    skills = [found.accuracies[worker] for worker in range(len(made.errors))]
    assert np.corrcoef(skills, made.errors)[0, 1] < -0.9
    assert found.usual == pytest.approx(np.mean(skills), abs=0.1)


@pytest.mark.parametrize("combine", ["whole", "words"])
def test_with_twenty_golds_a_confidence_is_nearer_to_what_it_says(combine: Literal["whole", "words"]) -> None:
    with_golds, without = [], []
    for seed in range(4):
        made = crowd(seed, tasks=320)
        found = KIND.fit(spec(combine), made.table)
        with_golds.append(made.shown(found.labels)[2])
        raw = {
            task: KIND.consensus(spec(combine), [[*told[0][:3]], *told[1:]]) for task, told in found.evidence.items()
        }
        without.append(made.shown(raw)[2])
    assert np.mean(with_golds) < np.mean(without)
    assert np.mean(with_golds) <= 0.14


def test_a_line_worked_by_hand() -> None:
    assert on_line(0.8, 0.0, 1.0) == pytest.approx(0.8), "under the prior the chance is the agreement"
    assert on_line(0.5, 2.0, 3.0) == pytest.approx(1 / (1 + np.exp(-2)))
    assert line(np.array([]), np.array([])) == pytest.approx((0, 1), abs=0.05)
    height, slope = line(np.full(30, 0.6), np.ones(30))
    assert on_line(0.6, height, slope) > 0.85, "thirty golds that are all right are believed"


def fitted(said: list[tuple[int, int, str]]) -> Fit:
    tasks, workers, values = (list(column) for column in zip(*said, strict=True))
    return KIND.fit(spec(), AnswerTable(tasks, workers, values, {0: "ab"}, list(range(len(said))), [0] * len(said)))


few = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.text("abc", min_size=1, max_size=4), min_size=1
)


@given(few, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_answers_does_not_matter(said: dict[tuple[int, int], str], luck: random.Random) -> None:
    rows = [(task, worker, text) for (task, worker), text in said.items()]
    one, other = fitted(rows), fitted(luck.sample(rows, len(rows)))
    assert one.labels == other.labels
    assert one.evidence == other.evidence
    assert one.accuracies == other.accuracies


@given(few)
@settings(max_examples=40)
def test_a_label_is_one_of_the_answers_or_the_golds(said: dict[tuple[int, int], str]) -> None:
    found = fitted([(task, worker, text) for (task, worker), text in said.items()])
    for task, label in found.labels.items():
        assert label.label in {text for (each, _), text in said.items() if each == task} | (
            {"ab"} if task == 0 else set()
        )
        assert 0 <= label.confidence <= 1
        assert label.votes == sum(each == task for each, _ in said)


def test_later_answers_add_to_what_a_fit_knows() -> None:
    made = crowd(2)
    found = KIND.fit(spec(), made.table)
    task = max(made.truth)
    label = found.labels[task]
    assert KIND.consensus(spec(), found.evidence[task]) == label
    more = KIND.consensus(spec(), KIND.add(spec(), found.evidence[task], label.label, 0.9))
    assert (more.label, more.votes) == (label.label, label.votes + 1)
    assert more.confidence > label.confidence


def test_the_methods_have_names_and_workers_are_judged_by_golds_alone() -> None:
    made = crowd(0, tasks=30)
    whole, words = KIND.fit(spec(), made.table), KIND.fit(spec("words"), made.table)
    assert (whole.method, words.method) == ("closeness-1", "closeness-rover-1")
    assert not whole.levels
    assert not whole.compared


def test_a_fit_of_thousands_of_answers_takes_seconds() -> None:
    made = crowd(1, tasks=1500, workers=50, each=3)
    began = time.process_time()
    KIND.fit(spec(), made.table)
    assert time.process_time() - began < 4  # a fraction of that where nothing else runs
