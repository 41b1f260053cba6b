"""Measures and ways of adding up that other libraries have too: on the same answers, Kazi says what they say."""

import itertools
import random
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from crowd.consensus import experts, pairs
from crowd.consensus.answers import Answers, collect
from crowd.consensus.experts import Kind, fit_expert
from crowd.kinds import marking, orders
from crowd.kinds.base import Json
from crowd.kinds.base import Kind as KindOfTask
from crowd.kinds.choice import Choice
from crowd.kinds.choices import Choices, ChoicesSpec
from crowd.kinds.grid import Grid, GridSpec
from crowd.kinds.point import Point
from crowd.kinds.rank import Rank, RankSpec
from crowd.kinds.rating import trimmed_mean
from crowd.kinds.spans import Spans, SpansSpec
from crowd.kinds.text import Text
from crowd.kinds.words import words_of
from crowd.kinds.written import similarity
from tests.kinds.sample import options, spec_of
from tests.kinds.samples import choice, choices, grid, point, rank, spans, text

pytestmark = [pytest.mark.unit, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

ROUNDS = 40
NO_PRIOR = Kind(learned=False, strength=1e-12)


def crowd(seed: int, *, classes: int, tasks: int = 120, workers: int = 12, each: int = 7) -> Answers:
    """Workers of differing quality, with a liking of their own for one wrong class."""
    luck = np.random.default_rng(seed)
    truth = luck.integers(classes, size=tasks)
    skill, liking = luck.uniform(0.5, 0.95, workers), luck.integers(classes, size=workers)
    task = np.repeat(np.arange(tasks), each)
    worker = np.concatenate([luck.permutation(workers)[:each] for _ in range(tasks)])
    knows = luck.random(len(task)) < skill[worker]
    blind = np.where(luck.random(len(task)) < 0.5, liking[worker], luck.integers(classes, size=len(task)))
    return collect(task, worker, np.where(knows, truth[task], blind), classes=classes)


@pytest.fixture(scope="module")
def libraries() -> Any:
    """See there: each process of a run collects this file, and one of them runs it."""
    from tests import libraries

    return libraries


def label_of(kind: KindOfTask[Json, Json], spec: Json, said: Sequence[Json]) -> Json:
    """What answers of equally good workers add up to."""
    evidence: Json = None
    for each in said:
        evidence = kind.add(spec, evidence, each, 0.8)
    return kind.consensus(spec, evidence).label


@pytest.mark.parametrize(("seed", "classes"), [(1, 2), (2, 3), (3, 5)])
def test_without_its_priors_a_fit_is_dawid_and_skenes_to_four_digits(
    libraries: Any, monkeypatch: pytest.MonkeyPatch, seed: int, classes: int
) -> None:
    monkeypatch.setattr(experts, "CLASS_EVIDENCE", 0.0)
    monkeypatch.setattr(experts, "ITERATIONS", ROUNDS)
    monkeypatch.setattr(experts, "TOLERANCE", 0.0)
    answers = crowd(seed, classes=classes)
    ours = fit_expert(answers, np.full(answers.tasks, -1), NO_PRIOR)
    said = libraries.table(list(zip(answers.task, answers.worker, answers.label, strict=True)), "label")
    theirs = libraries.aggregation.DawidSkene(n_iter=ROUNDS, tol=-1.0).fit_predict_proba(said)
    expected = theirs.sort_index()[list(range(classes))].to_numpy()
    assert np.abs(ours.posterior - expected).max() < 5e-5


def test_choice_of_equal_workers_is_the_majority(libraries: Any) -> None:
    made, luck = spec_of(choice.SAMPLE, {"options": options(4)}), random.Random(1)
    said = {task: [f"v{luck.randrange(4)}" for _ in range(5)] for task in range(80)}
    clear = {task: each for task, each in said.items() if statistics.multimode(each) == [statistics.mode(each)]}
    rows = [(task, worker, value) for task, each in clear.items() for worker, value in enumerate(each)]
    expected = libraries.aggregation.MajorityVote().fit_predict(libraries.table(rows, "label"))
    assert len(clear) > 20
    assert {task: label_of(Choice(), made, each) for task, each in clear.items()} == expected.to_dict()


def test_choices_are_compared_by_jaccards_measure_and_voted_on_option_by_option(libraries: Any) -> None:
    made, luck = spec_of(choices.SAMPLE, {"options": options(5)}), random.Random(2)
    assert isinstance(made, ChoicesSpec)
    kind = Choices()
    sets = [[value for value in made.values if luck.random() < 0.5] for _ in range(300)]
    for right, said in itertools.pairwise(sets):
        theirs = libraries.metrics.jaccard_score(
            *([value in each for value in made.values] for each in (right, said)), zero_division=1.0
        )
        assert kind.verdict(made, right, said) == pytest.approx(theirs)
    told = {task: sets[task * 3 : task * 3 + 3] for task in range(100)}
    rows = [(task, worker, value) for task, each in told.items() for worker, value in enumerate(each)]
    expected = libraries.aggregation.BinaryRelevance(libraries.aggregation.MajorityVote()).fit_predict(
        libraries.table(rows, "label")
    )
    for task, each in told.items():
        assert label_of(kind, made, each) == sorted(expected[task])


def test_the_mean_of_ratings_is_trimmed_by_a_fifth_at_either_end(libraries: Any) -> None:
    luck = np.random.default_rng(3)
    for size in range(5, 40, 5):
        said = luck.integers(1, 8, size)
        values, times = np.unique(said, return_counts=True)
        expected = libraries.stats.trim_mean(said, 0.2)
        assert trimmed_mean(list(zip(values.tolist(), times.tolist(), strict=True))) == pytest.approx(expected)


def test_pairs_are_ranked_by_bradley_and_terrys_model(libraries: Any) -> None:
    """Without ties it is a logistic regression on which two are compared, and its prior the penalty."""
    luck, sources = np.random.default_rng(4), 6
    compared = np.array(list(itertools.combinations(range(sources), 2)))
    won, lost = luck.integers(0, 9, (2, len(compared)))
    ours = pairs.strengths(compared[:, 0], compared[:, 1], won, lost, 0 * won, sources=sources, ties=False)
    rows = np.eye(sources)[compared[:, 0]] - np.eye(sources)[compared[:, 1]]
    theirs = libraries.LogisticRegression(C=pairs.SPREAD**2, fit_intercept=False, tol=1e-10).fit(
        np.concatenate([rows, rows]), np.repeat([1, 0], len(rows)), sample_weight=np.concatenate([won, lost])
    )
    assert ours.logs == pytest.approx(theirs.coef_[0] - theirs.coef_[0].mean(), abs=1e-5)


def test_orders_are_compared_by_kendalls_correlation(libraries: Any) -> None:
    made, kind, luck = spec_of(rank.SAMPLE, {}), Rank(), random.Random(5)
    assert isinstance(made, RankSpec)
    for items in range(3, 9):
        for _ in range(30):
            right, said = (luck.sample(range(1, items + 1), items) for _ in range(2))
            tau = libraries.stats.kendalltau(orders.places(right), orders.places(said)).statistic
            assert kind.verdict(made, right, said) == pytest.approx((1 + tau) / 2)


WORDS = ["habari", "za", "leo", "ni", "njema", "sana", "kwa", "wote", "wanaosoma"]


def heard(luck: random.Random, words: Sequence[str], wrong: float) -> list[str]:
    """Words as somebody writes them down: some left out, some taken for others."""
    return [luck.choice(WORDS) if luck.random() < wrong else word for word in words if luck.random() > wrong / 2]


def test_texts_are_compared_by_the_character_error_rate(libraries: Any) -> None:
    luck = random.Random(6)
    for _ in range(200):
        right = luck.choices(WORDS, k=8)
        one, other = " ".join(right), " ".join(heard(luck, right, 0.3)) or "x"
        longer, shorter = sorted((one, other), key=len, reverse=True)
        assert similarity(one, other) == pytest.approx(1 - libraries.jiwer.cer(longer, shorter))
    assert similarity("Habari  ya LEO", "habari ya leo") == 1, "as they are compared, not as they are written"


@pytest.mark.parametrize("wrong", [0.1, 0.2])
def test_texts_put_together_word_by_word_are_about_as_right_as_crowd_kits(libraries: Any, wrong: float) -> None:
    """To the word they are not the same: where votes tie, and where two paths are as short, each has its own way."""
    made, luck = spec_of(text.SAMPLE, {"combine": "words"}), random.Random(7)
    scores: list[list[float]] = []
    for task in range(150):
        right = luck.choices(WORDS, k=9)
        said = [" ".join(heard(luck, right, wrong)) for _ in range(5)]
        rows = [(task, worker, each) for worker, each in enumerate(said)]
        theirs = libraries.aggregation.ROVER(str.split, " ".join).fit_predict(libraries.table(rows, "text"))[task]
        rates = [libraries.jiwer.wer(" ".join(right), each) for each in (label_of(Text(), made, said), theirs, *said)]
        scores.append([*rates[:2], statistics.mean(rates[2:])])
    ours, other, single = np.mean(scores, axis=0)
    assert abs(ours - other) < 0.01
    assert ours < single / 2


def test_marked_words_are_compared_by_f1_and_voted_on_word_by_word(libraries: Any) -> None:
    sentence = "Amina Juma left Nairobi and Mombasa today"
    words, labels, luck = words_of(sentence, "sw"), ("person", "place"), random.Random(8)
    made = spec_of(spans.SAMPLE, {"options": [{"value": each, "label": {"en": each}} for each in labels]})
    assert isinstance(made, SpansSpec)

    def marked() -> list[str]:
        """No two words beside each other have one label, so that spans are words."""
        found = [""]
        for _ in words:
            found.append(luck.choice([label for label in ("", *labels) if not label or label != found[-1]]))
        return found[1:]

    def as_said(each: Sequence[str]) -> Json:
        return [marking.span_of(sentence, words, at, at, label) for at, label in enumerate(each, 1) if label]

    for _ in range(200):
        right, said = marked(), marked()
        theirs = libraries.metrics.f1_score(right, said, labels=labels, average="micro", zero_division=1.0)
        assert Spans().verdict(made, as_said(right), as_said(said)) == pytest.approx(theirs)
    for _ in range(60):
        told = [marked() for _ in range(3)]
        if all(len({*each}) < 3 for each in zip(*told, strict=True)):  # of three labels none would be the majority's
            rows = [(at, worker, label) for worker, each in enumerate(told) for at, label in enumerate(each)]
            votes = libraries.aggregation.MajorityVote().fit_predict(libraries.table(rows, "label")).sort_index()
            label = label_of(Spans(), made, [as_said(each) for each in told])
            assert marking.labelled(label) == {(at + 1, each) for at, each in enumerate(votes) if each}


def test_cells_are_compared_by_f1_and_voted_on_cell_by_cell(libraries: Any) -> None:
    made, luck = (
        spec_of(grid.SAMPLE, {"rows": 4, "columns_across": 5, "question": {"en": "?"}}),
        np.random.default_rng(9),
    )
    assert isinstance(made, GridSpec)
    masks = luck.random((300, 20)) < 0.4
    said = [[made.grid.named(int(cell)) for cell in np.flatnonzero(mask)] for mask in masks]
    for at in range(299):
        theirs = libraries.metrics.f1_score(masks[at], masks[at + 1], zero_division=1.0)
        assert Grid().verdict(made, said[at], said[at + 1]) == pytest.approx(theirs)
    rows = [(at // 3, at % 3, mask.astype(int)) for at, mask in enumerate(masks)]
    expected = libraries.aggregation.SegmentationMajorityVote().fit_predict(libraries.table(rows, "segmentation"))
    for task in range(100):
        label = label_of(Grid(), made, said[task * 3 : task * 3 + 3])
        assert [made.grid.named(int(cell)) for cell in np.flatnonzero(expected[task])] == label


def test_places_of_equal_workers_add_up_to_their_median(libraries: Any) -> None:
    made, luck = spec_of(point.SAMPLE, {**point.SAMPLE.fields(), "within": 0.2}), np.random.default_rng(10)
    for _ in range(50):
        places = np.round(0.5 + luck.normal(0, 0.03, (5, 2)), 4)
        assert label_of(Point(), made, places.tolist()) == pytest.approx(np.median(places, axis=0))
