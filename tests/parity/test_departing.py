"""The test behind the parity alarm: seldom wrong where languages are alike, quick where one misleads."""

import math
import random
from collections.abc import Mapping, Sequence

import pytest

from crowd.parity.departing import LEAST_ANSWERS, MOST, RATE, Met, compared, level_of_look
from crowd.parity.figures import Found, Measure, departing
from crowd.parity.looking import GROWN, look_of

PEOPLE = {"en": 14, "sw": 10, "ha": 12}


def crowd(
    seed: int,
    *,
    people: Mapping[str, int] = PEOPLE,
    less_right: Mapping[str, float] = {},
    times: Mapping[str, float] = {},
    passes: Mapping[str, float] = {},
    golds: int = 12,
    grades: bool = False,
) -> list[Met]:
    """What workers did, unlike as people are: some are good and some are not, some golds are hard, some slow."""
    luck = random.Random(seed)
    hard = [luck.gauss(0, 0.1) for _ in range(golds)]
    met: list[Met] = []
    worker = 0
    for language, count in people.items():
        for _ in range(count):
            worker += 1
            skill = min(1.0, max(0.35, luck.gauss(0.85, 0.12))) - less_right.get(language, 0.0)
            pace, often = luck.lognormvariate(9, 0.4), luck.betavariate(1, 12)
            for gold in luck.sample(range(golds), luck.randint(4, golds)):
                if luck.random() < often * passes.get(language, 1.0):
                    met.append(Met(gold, worker, language, None, 0, passed=True))
                    continue
                right = luck.random() < skill - hard[gold]
                verdict = float(right) if not grades or right else luck.choice((0.0, 0.5, 0.75))
                ms = round(pace * luck.lognormvariate(0, 0.5) * times.get(language, 1.0))
                met.append(Met(gold, worker, language, verdict, ms, passed=False))
    return met


def flags(met: Sequence[Met], look: int = 1) -> set[tuple[str, Measure]]:
    return {(each.language, each.measure) for each in departing(look_of(met, look).found)}


def flagged_over_its_life(met: list[Met], seed: int) -> bool:
    """Whether any look at a batch raises a flag, as its golds are answered by one worker after the other."""
    workers = sorted({each.worker for each in met})
    random.Random(f"who comes when {seed}").shuffle(workers)
    order = {worker: place for place, worker in enumerate(workers)}
    met = sorted(met, key=lambda each: order[each.worker])
    known, look = 2 * LEAST_ANSWERS, 0
    while known <= len(met):
        found = look_of(met[:known], look + 1).found
        look += bool(found)
        if departing(found):
            return True
        known = math.ceil(known * GROWN)
    return False


def test_alike_languages_raise_an_alarm_in_at_most_the_stated_share_of_batches_over_all_looks() -> None:
    alarms = sum(flagged_over_its_life(crowd(seed), seed) for seed in range(200))
    assert alarms <= 200 * RATE


def test_the_chance_is_exact_where_languages_are_alike_and_workers_are_not() -> None:
    """Without what matters: at 5 % the p value is below 5 % in about one crowd of twenty, whatever is measured."""
    found: list[Found] = []
    for seed in range(300):
        found += [each for each in compared(crowd(seed, people={"en": 9, "ha": 7}), 0.05) if each.language == "ha"]
    for measure in Measure:
        low = [each.p <= 0.05 for each in found if each.measure is measure]
        assert len(low) == 300
        assert 0.02 <= sum(low) / 300 <= 0.085, measure


def test_one_bad_translation_is_found_and_no_other() -> None:
    seen = [flags(crowd(seed, less_right={"ha": 0.35})) for seed in range(40)]
    assert sum(("ha", Measure.ACCURACY) in each for each in seen) >= 38
    assert sum(any(language != "ha" for language, _ in each) for each in seen) <= 1


def test_graded_verdicts_do_as_well() -> None:
    seen = [flags(crowd(seed, less_right={"ha": 0.45}, grades=True)) for seed in range(20)]
    assert sum(("ha", Measure.ACCURACY) in each for each in seen) >= 18


def test_instructions_that_take_long_or_send_people_away_are_found() -> None:
    slow = [flags(crowd(seed, times={"sw": 2.2})) for seed in range(20)]
    assert sum(("sw", Measure.TIME) in each for each in slow) >= 18
    away = [flags(crowd(seed, passes={"sw": 7.0})) for seed in range(20)]
    assert sum(("sw", Measure.SKIPS) in each for each in away) >= 15


@pytest.mark.parametrize("language", ["en", "ha"])
def test_one_bad_worker_alone_raises_none(language: str) -> None:
    alarms = 0
    for seed in range(100):
        met = crowd(seed, people={"en": 12, "ha": 5})
        bad = min(each.worker for each in met if each.language == language)
        met = [each for each in met if each.worker != bad]
        met += [Met(gold, bad, language, 0.0, 90_000, passed=False) for gold in range(12)]
        alarms += bool(flags(met))
    assert alarms <= 100 * RATE, "as without that worker"


@pytest.mark.parametrize("of", [5, 8, 15])
def test_one_who_gets_all_wrong_among_people_who_are_alike_raises_none(of: int) -> None:
    for bad in (0, of):
        met = [
            Met(gold, worker, "ha" if worker < of else "en", float(worker != bad), 5000 + worker, passed=False)
            for worker in range(3 * of)
            for gold in range(12)
        ]
        assert not flags(met)


def test_a_difference_that_rests_on_one_worker_is_none() -> None:
    met = [
        Met(gold, worker, "ha" if worker < 7 else "en", 1.0, 300_000 if worker == 0 else 10_000 + worker, passed=False)
        for worker in range(400)
        for gold in range(10)
    ]
    (time,) = [each for each in compared(met, 0.5) if (each.language, each.measure) == ("ha", Measure.TIME)]
    assert time.here > 1.3 * time.elsewhere
    assert time.p < 0.05
    assert not time.departs


def test_harder_golds_are_not_the_language() -> None:
    """Who reads Hausa met the hard golds, and others mostly the easy ones: on the same golds they do alike."""
    luck, met = random.Random(4), []
    for worker in range(24):
        language = "ha" if worker < 12 else "en"
        for gold in range(20):
            hard = gold < 10
            if luck.random() < (0.9 if hard == (language == "ha") else 0.25):
                right = luck.random() < (0.4 if hard else 0.95)
                met.append(Met(gold, worker, language, float(right), 5000, passed=False))
    plain = {
        language: sum(each.verdict or 0 for each in met if each.language == language)
        / sum(each.language == language for each in met)
        for language in ("ha", "en")
    }
    assert plain["en"] - plain["ha"] > 0.2
    assert not flags(met)


def test_a_difference_that_does_not_matter_is_no_alarm_however_sure() -> None:
    met = [
        Met(gold, worker, "ha" if worker < 60 else "en", 1.0, 11_000 if worker < 60 else 10_000, passed=False)
        for worker in range(120)
        for gold in range(10)
    ]
    (time,) = [each for each in compared(met, 0.01) if (each.language, each.measure) == ("ha", Measure.TIME)]
    assert time.p <= 2 / MOST
    assert (round(time.here), round(time.elsewhere)) == (11_000, 10_000)
    assert not time.departs


def test_too_few_workers_or_answers_are_not_compared() -> None:
    assert compared(crowd(1, people={"en": 20, "ha": 4}), 0.01) == []
    assert compared(crowd(1, people={"en": 20}), 0.01) == []
    assert compared([], 0.01) == []


def test_a_gold_that_one_side_alone_met_says_nothing() -> None:
    met = crowd(3, people={"en": 8, "ha": 8}, less_right={"ha": 0.3})
    alone = [Met(99, each, "ha", 0.0, 1000, passed=False) for each in range(9, 17)]
    before, after = (
        [value for one in compared(each, 0.01) for value in (one.here, one.elsewhere, one.answers)]
        for each in (met, met + alone)
    )
    assert after == pytest.approx(before)


def test_looks_share_the_rate_and_say_the_same_each_time() -> None:
    assert sum(level_of_look(look) for look in range(1, 1000)) < RATE
    met = crowd(5, less_right={"ha": 0.3})
    assert look_of(met, 2) == look_of(met, 2)
