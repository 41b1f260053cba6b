"""choice with `ordered`: what a near miss is worth, what it tells of the label and of its worker."""

import math
import random
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crowd.agreement.computing import Group, figures_of
from crowd.consensus import ORDINAL_VERSION
from crowd.kinds import load_spec
from crowd.kinds.base import AnswerTable, Consensus, Json
from crowd.kinds.choice import Choice, ChoiceSpec
from crowd.kinds.scale import nearest, scale_of, shares
from crowd.labels.fitting import bring_up_to_date
from crowd.loop.handing import Given
from crowd.workers.habits import usual as usually
from crowd.workers.standing import LEVELS, WRONGLY_PAUSED, Standing
from db.database import Database
from tests.crowd.scene import Batch, check_books, people

KIND = Choice()
STEPS = ("never", "rarely", "sometimes", "often", "always", "a", "b", "c", "d", "e")
unit = pytest.mark.unit


def spec(steps: int = 5, *, ordered: bool = True) -> ChoiceSpec:
    loaded = load_spec(
        {
            "name": "x", "kind": "choice", "language": "sw", "items": "x.csv", "currency": "USD", "price": "0.02",
            "instructions": {"en": "x"}, "ordered": ordered,
            "options": [{"value": value, "label": {"en": value}} for value in STEPS[:steps]],
        }
    )  # fmt: skip
    assert isinstance(loaded, ChoiceSpec)
    return loaded


def consensus(*votes: tuple[int, float], steps: int = 5, likeness: float = 0.0) -> Consensus:
    return KIND.consensus(spec(steps), evidence_of(votes, steps), likeness)


def evidence_of(votes: Sequence[tuple[int, float]], steps: int = 5) -> Json:
    evidence = None
    for said, accuracy in votes:
        evidence = KIND.add(spec(steps), evidence, STEPS[said], accuracy)
    return evidence


@unit
def test_hand_worked_verdicts() -> None:
    """(1 - d / D)²: from an end of five steps the farthest is four away, from the middle two."""
    five = spec()
    assert [KIND.verdict(five, "never", said) for said in STEPS[:5]] == [1, 0.5625, 0.25, 0.0625, 0]
    assert [KIND.verdict(five, "sometimes", said) for said in STEPS[:5]] == [0, 0.25, 1, 0.25, 0]
    assert KIND.verdict(spec(10), "never", "rarely") == pytest.approx((8 / 9) ** 2), "on a long scale nearly right"
    assert [KIND.verdict(spec(ordered=False), "never", said) for said in STEPS[:3]] == [1, 0, 0]


@unit
def test_no_blind_guess_earns_more_than_chance() -> None:
    """The middle of five: (1 - 2/4)², (1 - 1/3)², 1, and the same on the other side."""
    assert KIND.chance(spec()) == pytest.approx((0.25 + 4 / 9 + 1 + 4 / 9 + 0.25) / 5)
    for steps in range(3, 21):
        scale = scale_of(steps)
        said = [sum(scale.credit[right][said] for right in range(steps)) / steps for said in range(steps)]
        assert max(said) == pytest.approx(scale.blind)
        assert scale.blind < 0.55
    assert KIND.chance(spec(4, ordered=False)) == 0.25


@unit
@pytest.mark.parametrize("steps", [3, 5, 10, 20])
def test_what_is_told_of_an_answer_is_a_distribution_that_falls_with_distance(steps: int) -> None:
    scale = scale_of(steps)
    tables = [scale.knows, *(list(zip(*scale.logs(accuracy), strict=True)) for accuracy in (0.55, 0.7, 0.9, 0.99))]
    for number, table in enumerate(tables):
        rows = np.array(table) if number == 0 else np.exp(np.array(table))
        assert np.allclose(rows.sum(1), 1)
        for right, row in enumerate(rows):
            assert (np.diff(row[right:]) < 1e-12).all()
            assert (np.diff(row[: right + 1]) > -1e-12).all()
            assert row.argmax() == right


@unit
@pytest.mark.parametrize("accuracy", [0.6, 0.75, 0.9])
def test_a_worker_of_an_accuracy_earns_it_above_chance(accuracy: float) -> None:
    scale = scale_of(5)
    said = np.exp(np.array(scale.logs(accuracy)).T)
    earned = (said * np.array(scale.credit)).sum(1).mean()
    lead, guess = (accuracy - scale.blind) / (1 - scale.blind), np.array(scale.credit).mean()
    assert earned == pytest.approx(guess + lead * (1 - guess), abs=0.002)


@unit
def test_two_who_differ_by_two_steps_mean_the_step_between_them() -> None:
    found = consensus((0, 0.8), (2, 0.8), (1, 0.6))
    assert (found.label, found.votes) == ("rarely", 3)
    assert consensus((1, 0.8), (3, 0.8)).label == "sometimes", "which nobody said"
    assert consensus((4, 0.95), (0, 0.6)).label == "always"


@unit
def test_neighbours_bear_each_other_out_and_ends_do_not() -> None:
    assert consensus((0, 0.8), (4, 0.8), (3, 0.8)).label in {"often", "always"}
    assert consensus((0, 0.8), (4, 0.8), (1, 0.8)).label in {"never", "rarely"}


@unit
def test_no_vote_is_no_label_and_answers_that_are_alike_tell_less() -> None:
    assert consensus() == Consensus(None, 0.0, 0)
    votes = [(3, 0.9)] * 3
    assert consensus(*votes, likeness=0.5).confidence < consensus(*votes).confidence


votes_of_some = st.lists(st.tuples(st.integers(0, 4), st.floats(0.5, 0.99)), min_size=1, max_size=12)


@unit
@given(votes_of_some, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(votes: list[tuple[int, float]], luck: random.Random) -> None:
    assert consensus(*luck.sample(votes, len(votes))) == consensus(*votes)


@unit
def test_a_tie_is_the_same_in_every_order() -> None:
    votes = [(0, 0.7), (4, 0.7), (1, 0.6), (3, 0.6)]
    assert len({consensus(*order) for order in permutations(votes)}) == 1
    assert consensus(*votes).label == "sometimes"


@unit
@given(votes_of_some)
def test_the_scale_from_its_other_end_gives_the_same_result_from_there(votes: list[tuple[int, float]]) -> None:
    one, other = (
        [odds for _, odds in evidence_of(each).values()]
        for each in (votes, [(4 - said, accuracy) for said, accuracy in votes])
    )
    assert one == pytest.approx(other[::-1], abs=1e-6)
    away = sorted(sum(chance * abs(step - at) for at, chance in enumerate(shares(one))) for step in range(5))
    if away[1] - away[0] > 1e-6:  # else it is a tie, where the first is taken
        assert nearest(shares(one)) == 4 - nearest(shares(other))


@unit
@given(votes_of_some, st.floats(0.5, 0.99))
def test_one_more_who_says_the_label_never_makes_it_less_probable(
    votes: list[tuple[int, float]], accuracy: float
) -> None:
    evidence = evidence_of(votes)
    label = KIND.consensus(spec(), evidence).label
    more = KIND.add(spec(), evidence, label, accuracy)

    def share(odds: Json) -> float:
        return math.exp(odds[label][1]) / sum(math.exp(each) for _, each in odds.values())

    assert share(more) >= share(evidence) - 1e-9


@unit
def test_the_label_of_the_hot_path_is_that_of_the_fit() -> None:
    from crowd.consensus.scale import nearest as by_arrays

    luck = np.random.default_rng(2)
    chances = luck.dirichlet(np.full(6, 0.5), 200)
    assert by_arrays(chances).tolist() == [nearest(row) for row in chances.tolist()]


def career(luck: random.Random, skill: float, golds: int) -> Standing:
    """Golds in turn over five steps; who knows is right or near, else a habit speaks: mostly the middle."""
    five, scale, standing, habits = spec(), scale_of(5), Standing(0, 0), dict.fromkeys(STEPS[:5], 0)
    for number in range(golds):
        right = number % 5
        weights = scale.knows[right] if luck.random() < skill else (0.05, 0.15, 0.6, 0.15, 0.05)
        said = luck.choices(STEPS[:5], weights)[0]
        habit = usually(habits, STEPS[:5])
        verdict, telling = KIND.verdict(five, STEPS[right], said), KIND.telling(five, STEPS[right], said)
        standing, habits = standing.after(verdict, habit[said], telling), {**habits, said: habits[said] + 1}
    return standing


@unit
def test_near_misses_neither_hide_who_guesses_nor_pause_who_knows() -> None:
    luck, chance = random.Random(4), KIND.chance(spec())
    guessers = [career(luck, 0.0, 25) for _ in range(150)]
    assert np.mean([each.to_be_paused(chance) for each in guessers]) > 0.8
    assert not any(each.cleared(chance) for each in guessers)
    paused = 0
    for _ in range(150):
        skill = luck.choice([level for level in LEVELS if level + (1 - level) * chance >= 0.75])
        paused += any(career(luck, skill, golds).to_be_paused(chance) for golds in (8, 15, 25))
    assert paused / 150 <= WRONGLY_PAUSED
    good = [career(luck, 0.95, 25) for _ in range(50)]
    assert np.mean([each.cleared(chance) for each in good]) > 0.8


@unit
def test_for_who_goes_by_habit_no_level_grows_likelier() -> None:
    """What makes the test hold: over all answers, what one who knows would say sums to one."""
    for steps in (3, 5, 10):
        every = STEPS[:steps]
        for right in every:
            assert sum(KIND.telling(spec(steps), right, said) for said in every) == pytest.approx(1)
            for level in (0.3, 0.6, 1.0):
                grows = sum(
                    math.exp(Standing(0, 0).after(0.5, 1 / steps, KIND.telling(spec(steps), right, said)).levels[
                        LEVELS.index(level)
                    ]) / steps
                    for said in every
                )  # fmt: skip
                assert grows <= 1 + 0.02 * steps, "but for slips"


def simulated(seed: int, tasks: int = 200, golds: int = 30) -> tuple[AnswerTable, dict[int, str]]:
    """Ten who are right or near, two who say the middle to everything."""
    luck = random.Random(seed)
    truth = {task: luck.randrange(5) for task in range(tasks)}
    said = []
    for task, right in truth.items():
        for worker in luck.sample(range(12), 4):
            step = 2 if worker >= 10 else min(4, max(0, right + luck.choices([-1, 0, 1], [0.15, 0.7, 0.15])[0]))
            said.append((task, worker, STEPS[step]))
    table = AnswerTable(
        tasks=[each[0] for each in said], workers=[each[1] for each in said], values=[each[2] for each in said],
        golds={task: STEPS[truth[task]] for task in range(golds)}, order=list(range(len(said))), ms=[0] * len(said),
    )  # fmt: skip
    return table, {task: STEPS[right] for task, right in truth.items()}


@unit
def test_a_fit_finds_labels_and_those_who_always_say_the_middle() -> None:
    table, truth = simulated(3)
    found = KIND.fit(spec(), table)
    assert found.method == ORDINAL_VERSION
    right = [found.labels[task].label == truth[task] for task in truth if task not in table.golds]
    assert np.mean(right) > 0.85
    chance = KIND.chance(spec())
    for worker in range(12):
        standing = Standing(0, 0, found.levels[worker], found.compared[worker])
        assert (standing.evidence(chance) > 0) == (worker >= 10)
        assert (found.accuracies[worker] < chance + 0.15) == (worker >= 10)


@unit
def test_later_answers_add_to_what_a_fit_knows() -> None:
    table, truth = simulated(4)
    found = KIND.fit(spec(), table)
    task = next(task for task in truth if task not in table.golds)
    label = found.labels[task].label
    before = KIND.consensus(spec(), found.evidence[task], found.likeness)
    after = KIND.consensus(spec(), KIND.add(spec(), found.evidence[task], label, 0.9), found.likeness)
    assert (before.label, before.votes) == (label, 4)
    assert (after.label, after.votes) == (label, 5)
    assert after.confidence > before.confidence


@unit
def test_two_options_are_no_scale() -> None:
    with pytest.raises(ValidationError, match="three options or more"):
        spec(2)
    assert spec(2, ordered=False).scale is None


@unit
def test_agreement_counts_the_steps_between_answers() -> None:
    near = [Group(STEPS[at], gold=False, said=((STEPS[at], 1), (STEPS[at + 1], 1)), tasks=5) for at in range(4)]
    scale, names = figures_of(spec(), near), figures_of(spec(ordered=False), near)
    assert scale.alpha is not None
    assert names.alpha is not None
    assert scale.alpha > 0.6
    assert names.alpha < 0.1


async def test_an_ordered_batch_is_answered_checked_and_fitted(database: Database, tmp_path: Path) -> None:
    """Of good, bad, neither, in this order; every gold is good."""
    batch = await Batch.post(
        database, tmp_path, tasks=6, golds=3, ordered=True, overlap={"least": 2, "most": 2, "confidence": 0.99}
    )
    first, second = await people(database, 2)
    for worker, said in ((first, 0), (second, 1)):
        got = await batch.given(worker)
        while True:
            done = await batch.accepted(worker, got.lease_id, said)
            if not isinstance(done.next, Given):
                break
            got = done.next
    verdicts = await batch.value(
        "SELECT array_agg(DISTINCT verdict ORDER BY verdict) FROM answer WHERE verdict IS NOT NULL AND worker_id = $1",
        second.id,
    )
    assert verdicts == [0.25], "one step of two"
    right = await batch.value('SELECT "right" / golds FROM track WHERE worker_id = $1', second.id)
    assert right == 0.25
    await bring_up_to_date(database, batch.id)
    assert await batch.value("SELECT method FROM batch WHERE id = $1", batch.id) == ORDINAL_VERSION
    labels = await batch.value(
        "SELECT array_agg(DISTINCT label) FROM task WHERE batch_id = $1 AND answers = 2 AND gold IS NULL", batch.id
    )
    assert labels == ["good"], "whom golds bear out is believed"
    await check_books(database)
