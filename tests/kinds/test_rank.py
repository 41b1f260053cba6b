"""rank: worked by hand, beside all orders one by one, and on simulated crowds."""

import itertools
import math
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.agreement.computing import Group, figures_of
from crowd.batchfile import check
from crowd.consensus import mallows as fitting
from crowd.kinds import orders
from crowd.kinds.base import AnswerError, AnswerTable, ItemError, Json
from crowd.kinds.rank import Rank, RankItem, RankSpec
from crowd.workers.standing import LEVELS, RAREST, SLIP, WRONGLY_PAUSED, Standing
from tests.kinds.sample import spec_of
from tests.kinds.samples.rank import SAMPLE

pytestmark = pytest.mark.unit
KIND = Rank()
Order = list[int]


def spec() -> RankSpec:
    made = spec_of(SAMPLE, {})
    assert isinstance(made, RankSpec)
    return made


SPEC = spec()
FOUR = RankItem(("a", "b", "c", "d"), "")


def every(items: int) -> list[Order]:
    return [list(order) for order in itertools.permutations(range(1, items + 1))]


def added(*said: Order, accuracy: float | Sequence[float] = 0.8) -> Json:
    evidence: Json = None
    for at, each in enumerate(said):
        evidence = KIND.add(SPEC, evidence, each, accuracy if isinstance(accuracy, float) else accuracy[at])
    return evidence


def probable(leads: Sequence[float], items: int) -> dict[tuple[int, ...], float]:
    """The chance of each order, by trying them all."""
    odds = {
        tuple(order): math.exp(
            math.fsum(lead * sign for lead, sign in zip(leads, orders.signs(order), strict=True)) / 2
        )
        for order in every(items)
    }
    total = math.fsum(odds.values())
    return {order: each / total for order, each in odds.items()}


def test_a_verdict_is_the_share_of_pairs_that_stand_right() -> None:
    assert KIND.verdict(SPEC, [1, 2, 3], [1, 2, 3]) == 1
    assert KIND.verdict(SPEC, [1, 2, 3], [2, 1, 3]) == pytest.approx(2 / 3)
    assert KIND.verdict(SPEC, [1, 2, 3], [3, 1, 2]) == pytest.approx(1 / 3)
    assert KIND.verdict(SPEC, [4, 2, 1, 3], [3, 1, 2, 4]) == 0
    for right, said in itertools.product(every(4)[::3], every(4)):
        at_right, at_said = orders.places(right), orders.places(said)
        ranks = np.sign(np.subtract.outer(at_right, at_right)), np.sign(np.subtract.outer(at_said, at_said))
        tau = (ranks[0] * ranks[1]).sum() / 12
        assert KIND.verdict(SPEC, right, said) == pytest.approx((1 + tau) / 2)


@pytest.mark.parametrize("items", [3, 4, 5, 6])
def test_what_is_told_of_who_knows_and_of_who_guesses_sums_to_one_and_every_guess_earns_half(items: int) -> None:
    said = every(items)
    right = said[len(said) // 3]
    assert math.fsum(KIND.telling(SPEC, right, each) for each in said) == pytest.approx(1)
    assert math.fsum(KIND.blindly(SPEC, each) for each in said) == pytest.approx(1)
    earned = math.fsum(KIND.verdict(SPEC, right, each) for each in said) / len(said)
    assert earned == pytest.approx(KIND.chance(SPEC))
    knows = math.fsum(KIND.telling(SPEC, right, each) * KIND.verdict(SPEC, right, each) for each in said)
    assert knows == pytest.approx(0.9, abs=1e-6), "nine pairs of ten"


@pytest.mark.parametrize("items", range(3, 9))
def test_the_sharpness_of_a_share_of_pairs_gives_that_share(items: int) -> None:
    for share in (0.51, 0.6, 0.75, 0.9, 0.99):
        apart = orders.mean_apart(items, orders.sharpness(items, share))
        assert 1 - apart / orders.pairs(items) == pytest.approx(share, abs=1e-6)
    assert orders.sharpness(items, 0.2) == orders.sharpness(items, 0.51) > 0
    assert orders.mean_apart(items, 0.0) == orders.pairs(items) / 2


@pytest.mark.parametrize("items", range(3, 7))
def test_the_label_and_its_chance_are_those_of_all_orders_one_by_one(items: int) -> None:
    luck = random.Random(items)
    for _ in range(5):
        leads = [round(luck.gauss(0, 1.5), 2) for _ in range(orders.pairs(items))]
        label, sure = orders.likeliest(leads, items)
        chances = probable(leads, items)
        assert sure == pytest.approx(max(chances.values()))
        assert chances[tuple(label)] == pytest.approx(sure)
        pairs = fitting.chances(np.array([leads]), items)[0]
        wins = np.array([[sign > 0 for sign in orders.signs(order)] for order in map(list, chances)])
        assert pairs == pytest.approx(np.array(list(chances.values())) @ wins)


def test_kemenys_order_may_be_one_that_borda_would_not_find() -> None:
    """Three of five say 1 first. By mean places 2 is before it, since the others put 1 last."""
    said = [[1, 2, 3, 4]] * 3 + [[2, 3, 4, 1]] * 2
    assert [sum(orders.places(each)[item] for each in said) for item in range(4)] == [6, 3, 8, 13]
    assert KIND.consensus(SPEC, added(*said)).label == [1, 2, 3, 4]


def test_of_orders_that_are_as_probable_the_first_by_the_file_is_the_label() -> None:
    assert KIND.consensus(SPEC, added([2, 1, 3], [1, 2, 3])).label == [1, 2, 3]
    assert KIND.consensus(SPEC, added([3, 2, 1], [1, 2, 3])).label == [1, 2, 3]
    cycle = [[2, 3, 1], [3, 1, 2], [1, 2, 3]]
    for said in itertools.permutations(cycle):
        assert KIND.consensus(SPEC, added(*said)).label == [1, 2, 3]


def test_one_who_has_pairs_right_outweighs_two_who_hardly_do() -> None:
    assert KIND.consensus(SPEC, added([3, 2, 1], [1, 2, 3], [1, 2, 3], accuracy=(0.95, 0.6, 0.6))).label == [3, 2, 1]
    alone = KIND.consensus(SPEC, added([2, 1, 3]))
    assert alone.confidence == pytest.approx(orders.chance(3, orders.sharpness(3, 0.8), 0))
    alike = KIND.consensus(SPEC, added([2, 1, 3], [2, 1, 3]), likeness=1.0)
    assert alike.confidence == pytest.approx(alone.confidence), "two who are wholly alike tell as much as one"


@given(st.integers(3, 8), st.randoms(use_true_random=False), st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_the_order_of_answers_does_not_matter(items: int, luck: random.Random, votes: int) -> None:
    said = [luck.sample(range(1, items + 1), items) for _ in range(votes)]
    skills = [luck.uniform(0.4, 0.99) for _ in said]
    order = luck.sample(range(votes), votes)
    assert added(*said, accuracy=skills) == added(*(said[at] for at in order), accuracy=[skills[at] for at in order])


def test_items_are_placed_taken_back_and_the_last_has_no_choice() -> None:
    def step(draft: Order, number: int, placed: bool = True) -> Order:
        done = KIND.step(SPEC, FOUR, draft, [number, placed])
        assert KIND.step(SPEC, FOUR, done, [number, placed]) == done
        return list(done)

    assert step([], 3) == [3]
    assert step([3], 1) == [3, 1]
    assert step([3, 1], 4) == [3, 1, 4, 2]
    assert step([3, 1, 4, 2], 2) == [3, 1, 4, 2], "a tap that was under way"
    assert step([3, 1, 4, 2], 1, placed=False) == [3]
    assert step([3, 1, 4, 2], 4, placed=False) == [3, 1]
    assert step([3, 1, 4, 2], 2, placed=False) == [3, 1]
    assert step([3, 1], 2, placed=False) == [3, 1]
    for number in (0, 5, -1):
        with pytest.raises(AnswerError, match="no_such_item"):
            KIND.step(SPEC, FOUR, [], [number, True])
    for draft in ([], [3, 1]):
        with pytest.raises(AnswerError, match="not_all_placed"):
            KIND.read_answer(SPEC, FOUR, draft)
    assert KIND.read_answer(SPEC, FOUR, [3, 1, 4, 2]) == [3, 1, 4, 2]


def test_a_gold_is_written_with_signs_or_as_json() -> None:
    for cell in ("3 > 1>4> 2", "[3,1,4,2]", "3, 1, 4, 2"):
        assert KIND.read_gold(SPEC, FOUR, cell) == [3, 1, 4, 2]
    for cell in (
        "3 > 1 > 2",
        "3 > 1 > 4 > 4",
        "a > b",
        "",
        "[3, 1, 4, 2.0]",
        "[3",
        '{"3": 1}',
        "0 > 1 > 2 > 3",
        "3142",
    ):
        with pytest.raises(ItemError, match="each number from 1 to 4 once"):
            KIND.read_gold(SPEC, FOUR, cell)


def test_items_that_no_phone_can_show_or_nobody_can_tell_apart_are_refused() -> None:
    def read(*items: str, text: str = "") -> Json:
        return KIND.read_item(SPEC, {f"item{at}": each for at, each in enumerate(items, 1)} | {"text": text})

    assert read("a ", "b", "c", "", "") == {"item1": "a", "item2": "b", "item3": "c"}
    assert KIND.payload(read("a", "b", "c", text="which?")) == RankItem(("a", "b", "c"), "which?")
    for column, what, items in (
        ("item3", "3 to 8 items", ("a", "b", "")),
        ("item2", "leave none out", ("a", "", "c", "d")),
        ("item4", "leave none out", ("a", "b", "c", "", "e")),
        ("item3", "says the same as item1", ("Straße", "b", "STRASSE")),
        ("item2", "has 302 characters; 300 at most", ("a", "👍" * 151, "c")),
    ):
        with pytest.raises(ItemError, match=what) as raised:
            read(*items)
        assert raised.value.column == column
    eight = [f"{number}" * 300 for number in range(8)]
    assert len(read(*eight, text="x" * 600)) == 9
    with pytest.raises(ItemError, match="its items counted in"):
        read(*eight, text="x" * 601)


def test_a_file_may_have_as_many_columns_as_its_rows_need(tmp_path: Path) -> None:
    told = {
        "name": "Ranks", "kind": "rank", "language": "sw", "items": "items.csv", "currency": "USD", "price": "0.02",
        "instructions": {"en": "The best first."},
    }  # fmt: skip
    (tmp_path / "batch.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")

    def said(*rows: str) -> list[str]:
        (tmp_path / "items.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        checked = check(tmp_path / "batch.yaml")
        checked.close()
        return list(checked.said())

    header = "id,item1,item2,item3,item4,gold"
    assert not [line for line in said(header, "1,a,b,c,,", "2,a,b,c,d,4 > 3 > 2 > 1") if "error" in line]
    assert any("item3" in line for line in said("id,item1,item2", "1,a,b"))
    assert any("from 1 to 3 once" in line for line in said(header, "1,a,b,c,,4 > 3 > 2 > 1"))


def test_agreement_is_one_less_the_share_of_pairs_beyond_chance() -> None:
    said = [[[1, 2, 3], [1, 3, 2]], [[3, 2, 1], [3, 2, 1]], [[2, 1, 3, 4], [1, 2, 3, 4]]]
    groups = [Group(None, gold=False, said=tuple((each, 1) for each in one)) for one in said]
    apart = KIND.difference(SPEC, [(each, 1) for one in said for each in one])
    assert apart([1, 2, 3], [3, 2, 1]) == 1
    assert apart([1, 2, 3], [2, 1, 3, 4]) == pytest.approx(1 / 3), "of the three that both have"
    flat = [each for one in said for each in one]
    observed = sum(apart(one[0], one[1]) for one in said) / 3
    expected = sum(apart(one, other) for one, other in itertools.permutations(flat, 2)) / 30
    assert figures_of(SPEC, groups).alpha == pytest.approx(1 - observed / expected)


def drawn(luck: random.Random, right: Order, share: float) -> Order:
    """An order by Mallows' model, by repeated insertion (Doignon, Pekeč and Regenwetter 2004)."""
    sharp, order = orders.sharpness(len(right), share), list[int]()
    for at, item in enumerate(right):
        weights = [math.exp(-sharp * (at - place)) for place in range(at + 1)]
        order.insert(luck.choices(range(at + 1), weights)[0], item)
    return order


def crowd(
    luck: random.Random, skills: Sequence[float], *, sizes: Sequence[int], tasks: int = 300, golds: int = 20
) -> tuple[dict[int, Order], AnswerTable]:
    """Five of the workers put each task in order."""
    truth = {task: luck.sample(range(1, (size := luck.choice(sizes)) + 1), size) for task in range(tasks)}
    rows = [
        (task, worker, drawn(luck, right, skills[worker]))
        for task, right in truth.items()
        for worker in luck.sample(range(len(skills)), 5)
    ]
    return truth, AnswerTable(
        [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
        {task: truth[task] for task in range(golds)}, list(range(len(rows))), [0] * len(rows),
    )  # fmt: skip


def borda(said: Sequence[Order]) -> Order:
    """By mean places; of equals the first."""
    sums = np.sum([orders.places(each) for each in said], axis=0)
    return [int(item) + 1 for item in np.argsort(sums, kind="stable")]


@pytest.mark.parametrize("sizes", [(3, 4, 5), (8,)])
@pytest.mark.parametrize("golds", [0, 20])
def test_labels_of_a_fit_beat_every_worker_and_bordas_and_are_as_sure_as_they_are_right(
    sizes: tuple[int, ...], golds: int
) -> None:
    luck = random.Random(len(sizes) + golds)
    skills = [0.92, 0.92, 0.92, 0.85, 0.6, 0.6, 0.6, 0.55, 0.55]
    truth, table = crowd(luck, skills, sizes=sizes, tasks=150 if sizes == (8,) else 300, golds=golds)
    fit = KIND.fit(SPEC, table)
    rest = [task for task in truth if task >= golds]
    said: dict[int, list[Order]] = {}
    for task, each in zip(table.tasks, table.values, strict=True):
        said.setdefault(task, []).append(each)

    def right(labels: dict[int, Order]) -> float:
        return sum(KIND.verdict(SPEC, truth[task], label) for task, label in labels.items()) / len(labels)

    by_fit = right({task: fit.labels[task].label for task in rest})
    assert by_fit > right({task: borda(said[task]) for task in rest}) + 0.04
    assert by_fit > right({task: KIND.consensus(SPEC, added(*said[task])).label for task in rest}) + 0.02
    for worker in range(9):
        own = zip(table.tasks, table.workers, table.values, strict=True)
        assert by_fit > right({task: each for task, whose, each in own if whose == worker})
    assert [fit.accuracies[worker] for worker in range(9)] == pytest.approx(skills, abs=0.07)
    assert fit.usual == pytest.approx(sum(skills) / 9, abs=0.03)
    exact = sum(fit.labels[task].label == truth[task] for task in rest) / len(rest)
    sure = sum(fit.labels[task].confidence for task in rest) / len(rest)
    assert sure == pytest.approx(exact, abs=0.15 if golds else 0.05), "a line drawn by twenty golds may be off"
    assert all(fit.labels[task].label == truth[task] for task in range(golds))
    task = rest[0]
    more = KIND.add(SPEC, fit.evidence[task], truth[task], 0.9)
    assert KIND.consensus(SPEC, more, fit.likeness).votes == 6


def test_a_fit_of_one_answer_says_what_it_says() -> None:
    fit = KIND.fit(SPEC, AnswerTable([7], [1], [[2, 3, 1]], {}, [0], [0]))
    assert (fit.labels[7].label, fit.labels[7].votes) == ([2, 3, 1], 1)


@pytest.mark.parametrize("items", [3, 5, 6])
def test_for_who_guesses_no_level_grows_likelier_however_rare_each_order_is(items: int) -> None:
    right, said = list(range(1, items + 1)), every(items)
    shown = [
        Standing(0, 0).after(0.5, KIND.blindly(SPEC, each), KIND.telling(SPEC, right, each), counted=False).levels
        for each in said
    ]
    grown = np.exp(np.array(shown)).mean(0)
    assert (grown[LEVELS.index(0) :] <= 1 + SLIP).all()
    assert max(map(max, shown)) <= math.log(1 / RAREST) + 1e-9, "and no single answer tells all"


@pytest.mark.parametrize("items", [3, 5, 8])
def test_golds_find_who_guesses_and_clear_who_knows(items: int) -> None:
    luck = random.Random(items)

    def career(level: float) -> Standing:
        standing = Standing(0, 0)
        for _ in range(25):
            right = luck.sample(range(1, items + 1), items)
            said = drawn(luck, right, 0.9) if luck.random() < level else luck.sample(right, items)
            standing = standing.after(
                KIND.verdict(SPEC, right, said), KIND.blindly(SPEC, said), KIND.telling(SPEC, right, said),
                counted=False,
            )  # fmt: skip
        return standing

    guessers, good = [career(0.0) for _ in range(60)], [career(1.0) for _ in range(60)]
    assert np.mean([each.to_be_paused(0.5) for each in guessers]) > 0.9
    assert not any(each.cleared(0.5) for each in guessers)
    assert np.mean([each.cleared(0.5) for each in good]) > 0.9
    assert np.mean([each.to_be_paused(0.5) for each in good]) <= WRONGLY_PAUSED
