"""point: worked by hand."""

import math
import random
from typing import Any

import pytest

from crowd.kinds.base import AnswerError, AnswerTable, ItemError, Json
from crowd.kinds.pictureitem import PictureItem
from crowd.kinds.point import Point, PointSpec
from crowd.media.picture import Picture
from tests.kinds.sample import spec_of
from tests.kinds.samples.point import SAMPLE

pytestmark = pytest.mark.unit
KIND, ITEM = Point(), PictureItem(Picture("0" * 64, 4000, 2000), "")


def spec(**fields: Any) -> PointSpec:
    made = spec_of(SAMPLE, {"lines": 4, "question": {"en": "Where?"}, **fields})
    assert isinstance(made, PointSpec)
    return made


def places(made: PointSpec) -> list[Json]:
    """All answers there are."""
    cells = range(made.lines**2)
    every: list[Json] = [KIND.read_answer(made, ITEM, [cell, inner]) for cell in cells for inner in cells]
    return [*every, []]


def test_two_taps_are_the_middle_of_a_small_cell() -> None:
    made = spec()
    assert KIND.read_answer(made, ITEM, [0, 0]) == [0.0312, 0.0312]
    assert KIND.read_answer(made, ITEM, [6, 15]) == [
        pytest.approx(11.5 / 16, abs=1e-4),
        pytest.approx(7.5 / 16, abs=1e-4),
    ]
    assert KIND.read_answer(made, ITEM, []) == []
    with pytest.raises(AnswerError, match="not_yet"):
        KIND.read_answer(made, ITEM, [6])
    with pytest.raises(AnswerError, match="no_such_option"):
        KIND.read_answer(spec(nothing=False), ITEM, [])
    for said in ([16], [-1], [0, 16], [1, 2, 3]):
        with pytest.raises(AnswerError):
            KIND.step(made, ITEM, [], said)


def test_a_gold_is_in_pixels_or_in_shares() -> None:
    made = spec()
    assert KIND.read_gold(made, ITEM, "1000 500") == [0.25, 0.25]
    assert KIND.read_gold(made, ITEM, "1000, 500") == [0.25, 0.25]
    assert KIND.read_gold(made, ITEM, "[0.25, 0.75]") == [0.25, 0.75]
    assert KIND.read_gold(made, ITEM, "[]") == []
    for cell in ("4001 1", "-1 5", "here", "1", "1 2 3", "[0.5]", "[2, 2]", "nan 1", '{"x": 1}', "[true", ""):
        with pytest.raises(ItemError):
            KIND.read_gold(made, ITEM, cell)
    with pytest.raises(ItemError):
        KIND.read_gold(spec(nothing=False), ITEM, "[]")


def test_a_verdict_falls_with_the_distance() -> None:
    made = spec(within=0.1)
    assert KIND.verdict(made, [0.5, 0.5], [0.56, 0.58]) == 1
    assert KIND.verdict(made, [0.5, 0.5], [0.5, 0.7]) == pytest.approx(0.5)
    assert KIND.verdict(made, [0.5, 0.5], [0.5, 0.81]) == 0
    assert KIND.verdict(made, [0.5, 0.5], []) == 0
    assert KIND.verdict(made, [], []) == 1


def test_what_is_told_of_who_knows_and_of_who_guesses_sums_to_one_at_most() -> None:
    made = spec(lines=3)
    every = places(made)
    assert math.fsum(KIND.blindly(made, said) for said in every) == pytest.approx(1)
    for right in ([0.5, 0.5], [0.01, 0.99], [], [0.2, 0.7]):
        assert math.fsum(KIND.telling(made, right, said) for said in every) <= 1 + 1e-9


def test_no_blind_guess_earns_more_than_chance() -> None:
    made = spec(lines=3)
    rights = [place for place in places(made) if place]
    best = max(sum(KIND.verdict(made, right, said) for right in rights) / len(rights) for said in rights)
    assert best == pytest.approx(KIND.chance(made))


def summed(made: PointSpec, *said: tuple[Json, float]) -> Json:
    evidence: Json = None
    for value, accuracy in said:
        evidence = KIND.add(made, evidence, value, accuracy)
    return KIND.consensus(made, evidence).label


def test_the_label_is_the_median_of_the_places_and_who_is_far_away_moves_nothing() -> None:
    made = spec(within=0.1)
    near = [([0.5, 0.5], 0.8), ([0.52, 0.46], 0.8), ([0.54, 0.48], 0.8)]
    assert summed(made, *near) == [0.52, 0.48]
    assert summed(made, *near, ([0.9, 0.1], 0.6)) == [0.52, 0.48]
    assert summed(made, ([], 0.9), ([], 0.9), ([0.5, 0.5], 0.6)) == []
    assert summed(made, ([], 0.5), ([0.5, 0.5], 0.9), ([0.5, 0.5], 0.9)) == [0.5, 0.5]


def test_a_fit_finds_who_taps_anywhere_and_is_nearer_than_one_worker() -> None:
    luck, made = random.Random(4), spec(within=0.08)
    truth = {task: [round(luck.random(), 4), round(luck.random(), 4)] for task in range(120)}
    rows = []
    for task, (x, y) in truth.items():
        for worker in sorted(luck.sample(range(8), 4)):
            spread = 0.04 if worker < 5 else 0.4
            said = [round(min(1, max(0, luck.gauss(each, spread))), 4) for each in (x, y)]
            rows.append((task, worker, said))
    table = AnswerTable(
        [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
        {task: truth[task] for task in range(20)}, list(range(len(rows))), [0] * len(rows),
    )  # fmt: skip
    fit = KIND.fit(made, table)
    rest = [task for task in truth if task >= 20]
    alone = sum(KIND.verdict(made, truth[task], said) for task, worker, said in rows if worker < 5 and task >= 20)
    alone /= sum(worker < 5 and task >= 20 for task, worker, _ in rows)
    assert sum(KIND.verdict(made, truth[task], fit.labels[task].label) for task in rest) / len(rest) > alone
    assert min(fit.accuracies[worker] for worker in range(5)) > max(fit.accuracies[worker] for worker in range(5, 8))
