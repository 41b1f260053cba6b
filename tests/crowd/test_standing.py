"""What golds show: an estimate, and a pause on evidence with the error rates that it states."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.golds import gold_rate
from crowd.kinds.choice import Choice, ChoiceSpec
from crowd.standing import GOOD, MISSED, WRONGLY_PAUSED, Standing

pytestmark = pytest.mark.unit
NEW = Standing(0, 0, 0)
KIND = Choice()


def choices(options: int) -> ChoiceSpec:
    return ChoiceSpec.model_validate(
        {
            "name": "x", "kind": "choice", "language": "en", "items": "x.csv", "currency": "USD", "price": "0.01",
            "instructions": {"en": "x"},
            "options": [{"value": f"o{number}", "label": {"en": f"o{number}"}} for number in range(options)],
        }
    )  # fmt: skip


def after(verdicts: str, chance: float = 1 / 3) -> Standing:
    standing = NEW
    for verdict in verdicts:
        standing = standing.after(float(verdict == "+"), chance)
    return standing


def test_hand_worked_estimates() -> None:
    assert NEW.accuracy(0.0) == 0.5
    assert NEW.accuracy(1 / 3) == pytest.approx(1 / 3 + 0.2)
    assert NEW.accuracy(0.25) == 0.5
    assert NEW.accuracy(0.5) == pytest.approx(0.7)
    assert after("+++-", 0.0).accuracy(0.0) == pytest.approx(3.5 / 5)
    assert after("+" * 200).accuracy(1 / 3) == 0.99
    assert after("-" * 200).accuracy(1 / 3) == pytest.approx(1 / 3 + 0.01)


def test_hand_worked_evidence() -> None:
    # three options: bad is 1/3 + 0.15; good is 0.75
    wrong, right = math.log((2 / 3 - 0.15) / 0.25), math.log((1 / 3 + 0.15) / 0.75)
    assert after("-").evidence == pytest.approx(wrong)
    assert after("+").evidence == pytest.approx(right)
    assert after("+--+").evidence == pytest.approx(2 * wrong + 2 * right)
    assert NEW.after(0.5, 1 / 3).evidence == pytest.approx((wrong + right) / 2)


def test_nobody_is_paused_on_fewer_than_eight_checks() -> None:
    assert not after("-" * 7).to_be_paused
    assert after("-" * 8).to_be_paused
    assert after("-" * 7).evidence > math.log(0.9 / 0.01)  # the evidence would do; the golds do not


def test_hand_worked_agreement_with_others() -> None:
    # three options, two wrong ones: bad is 1/3 + 0.15, good 0.75; others make it right with 0.8, or with 0.1 at least
    def step(right: float) -> float:
        bad, good = 1 / 3 + 0.15, 0.75
        return math.log((right * bad + (1 - right) * (1 - bad) / 2) / (right * good + (1 - right) * (1 - good) / 2))

    beside = NEW.beside(0.8, 1 / 3)
    assert (beside.golds, beside.right, beside.compared) == (0, 0, 1)
    assert beside.evidence == pytest.approx(step(0.8))
    assert NEW.beside(0.0, 1 / 3).evidence == pytest.approx(step(0.1)), "others may all be wrong"
    assert NEW.beside(1 / 3, 1 / 3).evidence == pytest.approx(0), "what tells nothing shows nothing"
    assert NEW.beside(0.9, 0.0) == NEW, "nobody agrees by chance where answers are free"


def mixed(accuracy: float, options: int, luck: random.Random, answers: int) -> bool:
    """A worker among others of 0.6 to 0.9, up to two of whom answered before; a fifth are golds, five at most."""
    kind, spec, standing, golds = KIND, choices(options), NEW, 0
    for _ in range(answers):
        said = 0 if luck.random() < accuracy else luck.randrange(1, options)
        if golds < 5 and luck.random() < 0.2:
            golds += 1
            standing = standing.after(float(said == 0), 1 / options)
        else:
            evidence = None
            for _ in range(luck.randrange(3)):
                other = 0 if luck.random() < luck.choice((0.6, 0.75, 0.85, 0.9)) else luck.randrange(1, options)
                evidence = kind.add(spec, evidence, spec.values[other], 0.75)
            expected = kind.expected(spec, evidence, spec.values[said])
            standing = standing if expected is None else standing.beside(expected, 1 / options)
        if standing.to_be_paused:
            return True
    return False


@pytest.mark.parametrize("options", [2, 3, 5])
def test_with_few_golds_and_others_beside_the_good_are_left_alone(options: int) -> None:
    workers = 400
    paused_ones = sum(mixed(GOOD, options, random.Random(f"good {seed}"), 120) for seed in range(workers))
    bound = WRONGLY_PAUSED / (1 - MISSED)
    assert paused_ones / workers <= bound + 3.3 * math.sqrt(bound * (1 - bound) / workers)


def test_with_few_golds_and_others_beside_a_guesser_is_found() -> None:
    found = sum(mixed(1 / 3, 3, random.Random(f"guess {seed}"), 120) for seed in range(200))
    assert found / 200 >= 0.9


def test_one_mistake_never_pauses() -> None:
    assert not any(after("+" * before + "-" + "+" * 30).to_be_paused for before in range(30))


@given(st.lists(st.floats(0, 1), max_size=40), st.sampled_from([0.0, 0.05, 0.25, 1 / 3, 0.5]))
def test_an_estimate_never_counts_an_answer_against_itself(verdicts: list[float], chance: float) -> None:
    standing = NEW
    for verdict in verdicts:
        standing = standing.after(verdict, chance)
    assert chance < standing.accuracy(chance) <= 0.99
    assert 0 <= standing.right <= standing.golds == len(verdicts)


def paused(accuracy: float, chance: float, luck: random.Random, golds: int) -> bool:
    standing = NEW
    for _ in range(golds):
        standing = standing.after(float(luck.random() < accuracy), chance)
        if standing.to_be_paused:
            return True
    return False


def share_paused(accuracy: float, chance: float, *, golds: int, workers: int = 3000) -> float:
    luck = random.Random(f"{accuracy} {chance}")
    return sum(paused(accuracy, chance, luck, golds) for _ in range(workers)) / workers


@pytest.mark.parametrize("chance", [0.0, 0.25, 1 / 3, 0.5])
def test_of_good_workers_at_most_one_in_a_hundred_is_ever_paused(chance: float) -> None:
    bound = WRONGLY_PAUSED / (1 - MISSED)  # Wald's bound on the rate that the threshold gives
    spread = 3.3 * math.sqrt(bound * (1 - bound) / 3000)
    assert share_paused(GOOD, chance, golds=120) <= bound + spread


@pytest.mark.parametrize(("chance", "golds"), [(0.0, 30), (0.25, 60), (1 / 3, 100), (0.5, 600)])
def test_of_bad_workers_nine_in_ten_are_found(chance: float, golds: int) -> None:
    """Those no more than 0.15 above guessing; the nearer that is to good, the more golds it takes."""
    bad = min(chance + 0.15, GOOD - 0.05)
    workers = 1000
    spread = 3.3 * math.sqrt(MISSED * (1 - MISSED) / workers)
    assert share_paused(bad, chance, golds=golds, workers=workers) >= 1 - MISSED - spread


def test_a_blind_guesser_is_found_in_twenty_golds() -> None:
    assert share_paused(1 / 3, 1 / 3, golds=20, workers=1000) >= 0.7


def test_golds_grow_rare_for_those_who_have_shown_that_they_know() -> None:
    proven, unproven, new = after("+" * 9), after("+-" * 5), after("+++")
    assert [gold_rate(proven, answers, 1 / 3) for answers in (0, 19, 20, 99, 100, 5000)] == [
        0.2, 0.2, 0.1, 0.1, 0.05, 0.05,
    ]  # fmt: skip
    assert {gold_rate(unproven, answers, 1 / 3) for answers in (0, 20, 100)} == {0.2}
    assert {gold_rate(new, answers, 1 / 3) for answers in (0, 20, 100)} == {0.2}
