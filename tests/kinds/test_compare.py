"""compare: worked by hand."""

import math
import random
from collections import Counter
from typing import Any

import krippendorff
import numpy as np
import pytest

from bot.tasks.base import of_practice
from crowd.agreement.computing import Group, figures_of
from crowd.consensus.scale import nearest as nearest_by_arrays
from crowd.kinds.aside import scale_and_aside
from crowd.kinds.base import AnswerError, AnswerTable, Consensus, Difference, ItemError, Json
from crowd.kinds.compare import Compare, CompareSpec
from crowd.kinds.pair import Pair, first_shown, preferred
from crowd.kinds.scale import scale_of
from tests.kinds.sample import spec_of
from tests.kinds.samples.compare import SAMPLE

pytestmark = pytest.mark.unit
KIND, ITEM = Compare(), Pair("", "this", "that")

SIX = ("a++", "a+", "same", "b+", "b++", "both_bad")


def spec(degrees: int = 2, **fields: Any) -> CompareSpec:
    made = spec_of(SAMPLE, {"degrees": degrees, **fields})
    assert isinstance(made, CompareSpec)
    return made


def every() -> list[CompareSpec]:
    ways = (True, False)
    return [spec(degrees, tie=tie, both_bad=bad) for degrees in (1, 2, 3) for tie in ways for bad in ways]


def consensus(made: CompareSpec, *said: str, accuracy: float = 0.8) -> Consensus:
    evidence: Json = None
    for each in said:
        evidence = KIND.add(made, evidence, each, accuracy)
    return KIND.consensus(made, evidence)


def test_answers_go_from_one_side_to_the_other() -> None:
    assert spec(1).values == ("a", "same", "b", "both_bad")
    assert spec(2).values == SIX
    assert spec(3, tie=False, both_bad=False).values == ("a+++", "a++", "a+", "b+", "b++", "b+++")
    assert [preferred(value) for value in (*spec(3).values, None)] == ["a"] * 3 + [None] + ["b"] * 3 + [None] * 2


def test_verdicts_worked_by_hand() -> None:
    """(1 - d / D)² on the five steps, D being 4 from an end and 3 beside it; both bad is right or wrong."""
    made = spec(2)
    assert [KIND.verdict(made, "a++", said) for said in made.values] == [1, 0.5625, 0.25, 0.0625, 0, 0]
    assert [KIND.verdict(made, "b+", said) for said in made.values] == pytest.approx([0, 1 / 9, 4 / 9, 1, 4 / 9, 0])
    assert [KIND.verdict(made, "both_bad", said) for said in made.values] == [0, 0, 0, 0, 0, 1]
    assert [KIND.verdict(spec(1), "a", said) for said in spec(1).values] == [1, 0.25, 0, 0]
    two = spec(1, tie=False, both_bad=False)
    assert [KIND.verdict(two, "a", said) for said in two.values] == [1, 0]


def test_what_is_told_of_who_knows_and_of_who_guesses_sums_to_one_and_no_guess_beats_chance() -> None:
    for made in every():
        values = made.values
        assert math.fsum(KIND.blindly(made, said) for said in values) == pytest.approx(1)
        for right in values:
            assert math.fsum(KIND.telling(made, right, said) for said in values) == pytest.approx(1)
        earned = [sum(KIND.verdict(made, right, said) for right in values) / len(values) for said in values]
        assert max(earned) == pytest.approx(KIND.chance(made))


@pytest.mark.parametrize("steps", [3, 5, 7])
def test_an_answer_beside_a_scale_tells_as_names_do_and_a_guess_tells_nothing(steps: int) -> None:
    scale = scale_and_aside(steps)
    for accuracy in (scale.blind, 0.6, 0.8, 0.99):
        said = np.exp(np.array(scale.logs(accuracy)).T)  # rows: what is right
        assert np.allclose(said.sum(1), 1)
        lead = min(0.99, (accuracy - scale.blind) / (1 - scale.blind))
        blindly = (1 - lead) / (steps + 1)
        assert said[:-1, -1] == pytest.approx(blindly)
        assert said[-1] == pytest.approx([blindly] * steps + [lead + blindly])
        assert (said.argmax(1) == range(steps + 1)).all() or lead == 0
        on = np.exp(np.array(scale_of(steps).logs(scale.on.blind + lead * (1 - scale.on.blind))).T)
        assert said[:-1, :-1] == pytest.approx((1 - blindly) * on, abs=0.01)
    nothing = np.exp(np.array(scale.logs(scale.blind)))
    assert nothing == pytest.approx(np.full((steps + 1, steps + 1), 1 / (steps + 1)), abs=0.02)


def test_two_who_differ_mean_what_lies_between_and_both_bad_lies_between_nothing() -> None:
    made = spec(2)
    assert consensus(made, "a++", "same").label == "a+", "which nobody said"
    assert consensus(made, "a+", "b+").label == "same"
    assert consensus(made, "both_bad", "both_bad", "a+").label == "both_bad"
    assert consensus(made, "both_bad", "a+", "a++").label in {"a+", "a++"}
    assert consensus(made, "both_bad", "a++", "b++", "same").label != "both_bad", "three of four say that one is not"
    assert consensus(spec(1, tie=False), "a", "a", "both_bad").label == "a"


def test_what_all_say_is_the_label_whoever_they_are() -> None:
    for made in every():
        for value in made.values:
            for accuracy in (KIND.chance(made) + 0.01, 0.55, 0.7):
                for votes in (1, 2, 4):
                    assert consensus(made, *[value] * votes, accuracy=accuracy).label == value
    assert consensus(spec(2), "both_bad", "both_bad", "a+", accuracy=0.5).label == "both_bad"


def test_the_label_of_the_hot_path_is_that_of_the_fit() -> None:
    luck = np.random.default_rng(2)
    chances = luck.dirichlet(np.full(6, 0.4), 300)
    found = [scale_and_aside(5).label(row, range(6)) for row in chances.tolist()]
    assert nearest_by_arrays(chances, aside=1).tolist() == found
    assert set(found) == set(range(6))


def test_a_gold_is_written_as_results_say_it_or_nearly() -> None:
    made = spec(2)
    for cell in made.values:
        assert KIND.read_gold(made, ITEM, cell) == cell
    for cell, right in (("A++", "a++"), (" b + ", "b+"), ("Same", "same"), ("both bad", "both_bad"), ("Both-Bad",) * 2):
        assert KIND.read_gold(made, ITEM, cell) == right.casefold().replace("-", "_")
    for cell in ("a", "a+++", "c", "", "bad", "[]"):
        with pytest.raises(ItemError):
            KIND.read_gold(made, ITEM, cell)
    with pytest.raises(ItemError):
        KIND.read_gold(spec(1, tie=False), ITEM, "same")
    with pytest.raises(AnswerError) as raised:
        KIND.read_answer(spec(1, both_bad=False), ITEM, "both_bad")
    assert raised.value.problem == "no_such_option"


@pytest.mark.parametrize(
    ("cells", "column", "problem"),
    [
        ({"a": "x", "b": " "}, "b", "nothing to compare"),
        ({"a": "x", "b": "x"}, "b", "same as a"),
        ({"a": "x", "b": "y", "a_from": "one"}, "b_from", "a_from is not"),
        ({"a": "x", "b": "y", "b_from": "one", "a_from": " "}, "a_from", "b_from is not"),
        ({"a": "x", "b": "y", "a_from": "m" * 101, "b_from": "n"}, "a_from", "101 characters; 100 at most"),
        ({"a": "x" * 1000, "b": "y" * 1500, "text": "z" * 501}, "b", "has 1500 characters, and text, a, b have 3001"),
        ({"a": "😀" * 1001, "b": "y" * 999}, "a", "has 2002 characters, and a, b have 3001"),
    ],
)
def test_an_item_that_cannot_be_compared_is_refused_by_its_column(
    cells: dict[str, str], column: str, problem: str
) -> None:
    with pytest.raises(ItemError, match=problem) as raised:
        KIND.read_item(spec(tie=False), cells)
    assert raised.value.column == column


def test_which_comes_first_is_the_same_everywhere_and_drawn_evenly() -> None:
    assert [first_shown(lease) for lease in (0, 1, 2, 3, 4, 2**62)] == ["a", "a", "b", "b", "a", "a"]
    assert first_shown("17:2") == first_shown(of_practice(17, 2).named)
    drawn = Counter(first_shown(lease) for lease in range(4000))
    assert abs(drawn["a"] - 2000) < 4 * math.sqrt(1000)
    runs = sum(first_shown(lease) == first_shown(lease + 1) for lease in range(4000))
    assert abs(runs - 2000) < 4 * math.sqrt(1000), "nor does one tell the next"


def between(apart: Difference) -> Any:
    """A difference of answers, as the library wants it: of arrays of numbers."""
    each = np.vectorize(lambda one, other: apart(SIX[int(one)], SIX[int(other)]))
    return lambda one, other, **_: each(one, other)


def test_alpha_is_that_of_ranks_and_both_bad_is_as_far_from_each_as_the_ends_are() -> None:
    luck = random.Random(3)
    for made in (spec(2, both_bad=False), spec(1, tie=False), spec(1, tie=False, both_bad=False), spec(2)):
        said = [[luck.choice(made.values[task % 2 :]) for _ in range(3)] for task in range(30)]
        figures = figures_of(made, [Group(None, gold=False, said=tuple(Counter(each).items())) for each in said])
        table = np.array([[made.values.index(value) for value in each] for each in said]).T
        counts = Counter(value for each in said for value in each)
        apart = KIND.difference(made, list(counts.items()))
        if made.scale is None:
            expected = krippendorff.alpha(table, level_of_measurement="nominal")
        elif not made.both_bad:
            expected = krippendorff.alpha(table, level_of_measurement="ordinal")
        else:
            on = made.steps
            ends = (sum(counts[value] for value in on) - (counts[on[0]] + counts[on[-1]]) / 2) ** 2
            assert {apart(value, "both_bad") for value in on} == {ends} == {apart("a++", "b++")}

            domain = list(range(len(SIX)))
            expected = krippendorff.alpha(table, value_domain=domain, level_of_measurement=between(apart))
        assert figures.alpha == pytest.approx(expected)


def crowd(seed: int) -> tuple[dict[int, str], list[tuple[int, int, str]]]:
    """Sixty who differ in how they see five steps; one task in six has two bad answers, which a few overlook."""
    luck, values = random.Random(seed), spec(2).values
    spread = {worker: luck.choice((0.4, 0.8, 2.0)) for worker in range(20)}
    truth = {task: values[task % 6] for task in range(240)}
    rows = []
    for task, right in truth.items():
        for worker in sorted(luck.sample(range(20), 4)):
            at = values.index(right)
            if at == 5 or luck.random() < 0.04:
                said = "both_bad" if luck.random() < 0.8 else "same"
            else:
                said = values[min(4, max(0, round(at + luck.gauss(0, spread[worker]))))]
            rows.append((task, worker, said))
    return truth, rows


def test_a_fit_knows_of_the_scale_and_of_what_stands_beside_it() -> None:
    made, (truth, rows) = spec(2), crowd(4)
    golds = {task: truth[task] for task in range(24)}
    columns = ([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
    fit = KIND.fit(made, AnswerTable(*columns, golds, list(range(len(rows))), [0] * len(rows)))
    rest = [task for task in truth if task not in golds]

    def worth(labels: dict[int, Json]) -> float:
        return sum(KIND.verdict(made, truth[task], labels[task]) for task in rest) / len(rest)

    fitted = worth({task: fit.labels[task].label for task in rest})
    votes = {task: Counter(said for each, _, said in rows if each == task) for task in rest}
    assert fitted > worth({task: votes[task].most_common(1)[0][0] for task in rest}) + 0.02
    assert fitted > worth({task: consensus(made, *votes[task].elements()).label for task in rest})
    bad = [task for task in rest if truth[task] == "both_bad"]
    assert sum(fit.labels[task].label == "both_bad" for task in bad) / len(bad) > 0.8
    more = KIND.add(made, fit.evidence[30], truth[30], 0.9)
    assert KIND.consensus(made, more, fit.likeness).votes == 5
