"""What golds and others show: a posterior, and a test that pauses and clears with the error rates that it states."""

import math
import random
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.golds.rate import EXAM, OFTEN, gold_rate
from crowd.kinds.choice import Choice, ChoiceSpec
from crowd.workers.habits import usual
from crowd.workers.judging import judged
from crowd.workers.standing import (
    CLEARED,
    LEAST_CHECKS,
    LEVELS,
    MEMORY,
    PAUSED,
    SLIP,
    SUREST,
    WRONGLY_PAUSED,
    Standing,
)  # fmt: skip

pytestmark = pytest.mark.unit
NEW = Standing(0, 0)
KIND = Choice()
RUNS = 2000


def choices(options: int) -> ChoiceSpec:
    return ChoiceSpec.model_validate(
        {
            "name": "x", "kind": "choice", "language": "en", "items": "x.csv", "currency": "USD", "price": "0.01",
            "instructions": {"en": "x"},
            "options": [{"value": f"o{number}", "label": {"en": f"o{number}"}} for number in range(options)],
        }
    )  # fmt: skip


def after(verdicts: str, habit: float = 1 / 3) -> Standing:
    standing = NEW
    for verdict in verdicts:
        standing = standing.after(float(verdict == "+"), habit)
    return standing


def at(standing: Standing, level: float) -> float:
    return standing.levels[LEVELS.index(level)]


def test_hand_worked_estimates() -> None:
    assert NEW.accuracy(0.0) == 0.5
    assert NEW.accuracy(1 / 3) == pytest.approx(1 / 3 + 0.2)
    assert NEW.accuracy(0.25) == 0.5
    assert NEW.accuracy(0.5) == pytest.approx(0.7)
    assert after("+++-", 0.0).accuracy(0.0) == pytest.approx(3.5 / 5)
    assert after("+" * 200).accuracy(1 / 3) == 0.99
    assert after("-" * 200).accuracy(1 / 3) == pytest.approx(1 / 3 + 0.01)


def test_hand_worked_levels_of_golds() -> None:
    # relative to one who goes by habit, 1/4: a level of 0.6 is right with 0.6 + 0.4/4, wrong with 0.4 of the rest
    assert at(after("+", 0.25), 0.6) == pytest.approx(math.log((0.6 + 0.4 * 0.25) / 0.25))
    assert at(after("-", 0.25), 0.6) == pytest.approx(math.log(0.4))
    assert at(after("-", 0.25), 1.0) == pytest.approx(math.log(SLIP)), "everyone slips"
    assert at(after("-+", 0.25), 0.6) == pytest.approx(math.log(0.4) * (1 - 1 / MEMORY) + math.log(2.8))
    near = NEW.after(0.5, 0.25, telling=0.2)  # one who knows would say it in one case of five
    assert at(near, 0.6) == pytest.approx(math.log((0.6 * 0.2 + 0.4 * 0.25) / 0.25))
    assert (near.golds, near.right) == (1, 0.5)
    assert at(after("+-+", 0.25), 0.0) == pytest.approx(0), "who goes by habit is the measure"


def test_hand_worked_agreement_with_others() -> None:
    beside = NEW.beside(0.8, 0.25)
    assert (beside.golds, beside.right, beside.compared) == (0, 0, 1)
    telling = SUREST * 0.8 + (1 - SUREST) * 0.25
    assert at(beside, 0.6) == pytest.approx(math.log(0.6 * telling / 0.25 + 0.4))
    assert NEW.beside(0.25, 0.25).evidence(1 / 4) == pytest.approx(0), "what tells nothing shows nothing"


def test_the_evidence_is_a_ratio_of_two_means() -> None:
    # two options: bad are levels to 0.3, since 0.3 + 0.7/2 = 0.65; good from 0.5, since 0.5 + 0.5/2 = 0.75
    shown = after("-+-", 0.5)
    likelihoods = [math.exp(level) for level in shown.levels]
    bad = [x for x, level in zip(likelihoods, LEVELS, strict=True) if level <= 0.3]
    good = [x for x, level in zip(likelihoods, LEVELS, strict=True) if level >= 0.5]
    assert shown.evidence(0.5) == pytest.approx(math.log((sum(bad) / len(bad)) / (sum(good) / len(good))))


def test_nobody_is_paused_on_fewer_than_eight_checks() -> None:
    assert after("-" * 7).evidence(1 / 3) > PAUSED
    assert not after("-" * (LEAST_CHECKS - 1)).to_be_paused(1 / 3)
    assert after("-" * LEAST_CHECKS).to_be_paused(1 / 3)


def test_one_mistake_never_pauses() -> None:
    for chance in (1 / 5, 1 / 3, 1 / 2):
        assert not any(after("+" * before + "-" + "+" * 30, chance).to_be_paused(chance) for before in range(30))
        run = NEW
        for at_ in range(40):
            run = run.after(float(at_ != 9), chance)
            assert not run.to_be_paused(chance)


def test_others_alone_never_pause_one_whose_golds_are_right() -> None:
    """They may all be wrong in the same way."""
    standing = after("+++++", 0.5)
    for _ in range(100):
        standing = standing.beside(0.05, 0.5)
    assert standing.evidence(0.5) > PAUSED
    assert not standing.to_be_paused(0.5)


def test_without_golds_only_a_fit_pauses_and_on_twice_the_evidence() -> None:
    standing, once, twice = NEW, 0, 0
    for checks in range(1, 80):
        standing = standing.beside(0.05, 0.5)
        assert not standing.to_be_paused(0.5)
        once = once or checks * (standing.evidence(0.5) >= PAUSED)
        twice = twice or checks * standing.to_be_paused(0.5, fitted=True)
    assert once < twice


@given(st.lists(st.floats(0, 1), max_size=40), st.sampled_from([0.0, 0.05, 0.25, 1 / 3, 0.5]))
def test_an_estimate_never_counts_an_answer_against_itself(verdicts: list[float], chance: float) -> None:
    standing = NEW
    for verdict in verdicts:
        standing = standing.after(verdict, chance)
    assert chance < standing.accuracy(chance) <= 0.99
    assert 0 <= standing.right <= standing.golds == len(verdicts)
    assert all(map(math.isfinite, standing.levels))
    assert math.isfinite(standing.evidence(chance))


class Worker:
    """One who knows the answer with a probability, and else goes by habit, among others of 0.6 to 0.9."""

    def __init__(self, level: float, options: int, luck: random.Random, *, habit: tuple[int, float] = (0, 0.0)) -> None:
        self.level, self.spec, self.luck, self.habit = level, choices(options), luck, habit
        self.habits: dict[str, int] = {}
        self.standing = NEW

    def says(self, truth: int) -> int:
        if self.luck.random() < self.level:
            return truth
        return self.habit[0] if self.luck.random() < self.habit[1] else self.luck.randrange(len(self.spec.values))

    def answer(self, truth: int, *, gold: bool) -> None:
        spec, luck = self.spec, self.luck
        said = spec.values[self.says(truth)]
        habit = usual(self.habits, spec.values)
        if gold:
            self.standing = self.standing.after(float(said == spec.values[truth]), habit[said])
        else:
            evidence = None
            for _ in range(luck.randrange(3)):
                right = luck.random() < luck.choice((0.6, 0.75, 0.85, 0.9))
                other = truth if right else luck.randrange(len(spec.values))
                evidence = KIND.add(spec, evidence, spec.values[other], 0.75)
            expected = KIND.expected(spec, evidence, said, habit, 0.3)
            self.standing = self.standing if expected is None else self.standing.beside(expected, habit[said])
        self.habits[said] = self.habits.get(said, 0) + 1

    def paused(self, answers: int, prior: tuple[float, ...], *, begun: int = 0) -> bool:
        """Whether the test pauses them within so many answers, golds at the product's rate, labels taking turns."""
        chance, golds = 1 / len(self.spec.values), 0
        for done in range(answers):
            gold = self.luck.random() < gold_rate(self.standing, begun + done, chance)
            truth = golds % len(prior) if gold else self.luck.choices(range(len(prior)), prior)[0]
            golds += gold
            self.answer(truth, gold=gold)
            if self.standing.to_be_paused(chance):
                return True
        return False


def good_levels(chance: float) -> list[float]:
    return [level for level in LEVELS if level + (1 - level) * chance >= 0.75 - 1e-9]


def share(paused: int, runs: int) -> float:
    """Above the share by so much only with a chance of 0.0005."""
    return paused / runs - 3.3 * math.sqrt(max(paused, 1) / runs * (1 - paused / runs) / runs)


@pytest.mark.parametrize("options", [2, 3, 5])
def test_of_good_workers_at_most_the_stated_share_is_ever_paused(options: int) -> None:
    """Drawn evenly from all good levels, over 60 answers of golds and others mixed."""
    levels, even = good_levels(1 / options), (1 / options,) * options
    wrongly = sum(
        Worker(levels[seed % len(levels)], options, random.Random(f"good {seed}")).paused(60, even)
        for seed in range(RUNS // 5)
    )
    assert share(wrongly, RUNS // 5) <= WRONGLY_PAUSED
    able = sum(Worker(0.85, options, random.Random(f"able {seed}")).paused(60, even) for seed in range(RUNS // 5))
    assert share(able, RUNS // 5) <= WRONGLY_PAUSED / 10, "who is well above the least of the good is hardly ever"


@pytest.mark.parametrize(("options", "least"), [(2, 0.6), (3, 0.9), (5, 0.9)])
def test_blind_guessers_are_stopped_within_twenty_answers(options: int, least: float) -> None:
    """Of two options, a guesser is half right, and twenty answers tell only so much."""
    even = (1 / options,) * options
    found = sum(Worker(0, options, random.Random(f"guess {seed}")).paused(20, even) for seed in range(RUNS // 4))
    assert found / (RUNS // 4) >= least


def test_golds_alone_keep_the_error_rate_over_long_careers() -> None:
    """The bound is for any number of checks: 2,000 runs of 150 golds each, all at once."""
    luck, chance = np.random.default_rng(5), 0.5
    levels = np.array(LEVELS)
    skill = luck.choice(good_levels(chance), RUNS)
    odds = levels / chance + 1 - levels
    step = {True: np.log(np.maximum(SLIP, odds)), False: np.log(np.maximum(SLIP, 1 - levels))}
    shown = np.zeros((RUNS, len(levels)))
    paused, cleared = np.zeros(RUNS, bool), np.zeros(RUNS, bool)
    bad, good = levels <= 0.3 + 1e-9, levels >= 0.5 - 1e-9
    for checks in range(1, 151):
        right = luck.random(RUNS) < skill + (1 - skill) * chance
        shown = shown * (1 - 1 / MEMORY) + np.where(right[:, None], step[True], step[False])
        evidence = np.log(np.exp(shown[:, bad]).mean(1) / np.exp(shown[:, good]).mean(1))
        paused |= (evidence >= PAUSED) & (checks >= LEAST_CHECKS)
        cleared |= evidence <= CLEARED
    assert share(int(paused.sum()), RUNS) <= WRONGLY_PAUSED
    assert cleared[skill >= 0.7].mean() >= 0.95, "the test clears too"


@pytest.mark.parametrize("prior", [(0.5, 0.5), (0.9, 0.1), (0.8, 0.1, 0.1)])
def test_who_always_gives_the_commonest_label_is_stopped(prior: tuple[float, ...]) -> None:
    runs = 200
    found = sum(
        Worker(0, len(prior), random.Random(f"lazy {seed}"), habit=(0, 1.0)).paused(20, prior) for seed in range(runs)
    )
    assert found / runs >= 0.9


def test_good_workers_are_left_alone_where_one_label_is_rare() -> None:
    runs = 300
    wrongly = sum(Worker(0.85, 2, random.Random(f"rare {seed}")).paused(200, (0.95, 0.05)) for seed in range(runs))
    assert wrongly / runs <= 0.02


def test_who_grows_careless_is_found() -> None:
    found = 0
    for seed in range(40):
        worker = Worker(0.95, 2, random.Random(f"sleepy {seed}"))
        assert not worker.paused(150, (0.5, 0.5))
        worker.level = 0
        found += worker.paused(400, (0.5, 0.5), begun=150)
    assert found >= 36


def test_golds_grow_rare_for_those_who_have_shown_that_they_know() -> None:
    fresh, doubtful, clear = after("+" * (EXAM - 1), 0.5), after("+-+-", 0.5), after("+" * 12, 0.5)
    assert {gold_rate(fresh, answers, 0.5) for answers in (0, 50)} == {OFTEN}
    assert [gold_rate(doubtful, answers, 0.5) for answers in (4, 19, 20, 500)] == [OFTEN, OFTEN, 0.2, 0.2]
    assert gold_rate(after("+++", 0.5), 10, 0.5) == 0.02
    assert clear.cleared(0.5)
    assert gold_rate(clear, 100, 0.5) == 0.01


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_judging_all_answers_anew_adds_up_as_the_hot_path_does(options: int, seed: int) -> None:
    """With the same habits, which the hot path learns by and by."""
    luck = random.Random(seed)
    count = luck.randrange(1, 40)
    gold = [luck.random() < 0.4 for _ in range(count)]
    right = [float(luck.random() < 0.7) if each else luck.random() for each in gold]
    label = [luck.randrange(options) for _ in range(count)]
    total: Mapping[int, float] = {each: (label.count(each) + 1) / (count + options) for each in set(label)}
    standing = NEW
    for one, probable, said in zip(gold, right, label, strict=True):
        standing = standing.after(probable, total[said]) if one else standing.beside(probable, total[said])
    found = judged(
        np.zeros(count, np.int64), np.array(label), np.arange(count), np.array(right), np.array(gold),
        workers=1, classes=options,
    )  # fmt: skip
    assert found[0].tolist() == pytest.approx(list(standing.levels))
