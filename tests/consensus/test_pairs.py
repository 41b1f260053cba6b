"""Bradley and Terry's model with Davidson's ties: by hand, by brute force, and on crowds whose truth is known."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest

from crowd.consensus.pairs import SPREAD, Strengths, groups, strengths

pytestmark = pytest.mark.unit

Row = tuple[int, ...]
"""Two sources, how often the first was better, the second, neither."""


def fitted(rows: Sequence[Row], *, sources: int, ties: bool = True) -> Strengths:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return strengths(*columns, sources=sources, ties=ties)


def root(falling: Callable[[float], float]) -> float:
    low, high = -50.0, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return low


def log_posterior(rows: Sequence[Row], point: Sequence[float], *, sources: int) -> float:
    """As the papers have it, outcome by outcome."""
    worth = [math.exp(each) for each in point[:sources]]
    nu = math.exp(point[sources]) if len(point) > sources else 0.0
    total = -sum(each**2 for each in point) / (2 * SPREAD**2)
    for first, second, won, lost, even in rows:
        p, q = worth[first], worth[second]
        z = p + q + nu * math.sqrt(p * q)
        total += won * math.log(p / z) + lost * math.log(q / z)
        total += even * math.log(nu * math.sqrt(p * q) / z) if even else 0.0
    return total


def searched(rows: Sequence[Row], *, sources: int, ties: bool) -> list[float]:
    """The highest point, by trying: a step along each axis, and shorter ones once none helps."""
    point, step = [0.0] * (sources + ties), 1.0
    best = log_posterior(rows, point, sources=sources)
    while step > 1e-7:
        helped = False
        for at in range(len(point)):
            for way in (step, -step):
                tried = [*point[:at], point[at] + way, *point[at + 1 :]]
                value = log_posterior(rows, tried, sources=sources)
                if value > best:
                    point, best, helped = tried, value, True
        step = step if helped else step / 2
    return point


def slope(won: int, lost: int, d: float) -> float:
    return won - (won + lost) / (1 + math.exp(-d)) - d / (2 * SPREAD**2)


def test_two_sources_worked_by_hand() -> None:
    """With a log worth of d/2 and -d/2 the slope is won - n / (1 + e^-d) - d / (2 SPREAD²)."""
    for won, lost in ((3, 1), (70, 30), (5, 0)):
        apart = root(partial(slope, won, lost))
        found = fitted([(0, 1, won, lost, 0)], sources=2, ties=False)
        assert found.logs == pytest.approx([apart / 2, -apart / 2])
        assert found.tie == 0
        # of half of the difference: (1/2)² / (n p q + 1 / (2 SPREAD²))
        p = 1 / (1 + math.exp(-apart))
        told = (won + lost) * p * (1 - p) + 1 / (2 * SPREAD**2)
        assert found.errors == pytest.approx([math.sqrt(0.25 / told)] * 2)
    assert fitted([(0, 1, 7000, 3000, 0)], sources=2, ties=False).logs[0] == pytest.approx(
        math.log(7 / 3) / 2, rel=0.01
    )


def test_ties_between_equals_worked_by_hand() -> None:
    """Of n comparisons of equals t are ties, where ν / (2 + ν) = t / n."""
    found = fitted([(0, 1, 3000, 3000, 4000)], sources=2)
    assert found.logs == pytest.approx([0, 0])
    assert found.tie == pytest.approx(2 * 0.4 / 0.6, rel=0.01)
    assert found.scores() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("ties", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_highest_point_that_trying_finds(seed: int, ties: bool) -> None:
    luck = np.random.default_rng(seed)
    sources = 3
    rows = [
        (one, two, *map(int, luck.integers(0, 6, 2)), int(luck.integers(0, 4)) * ties)
        for one in range(sources) for two in range(sources) if one != two
    ]  # fmt: skip
    found, tried = fitted(rows, sources=sources, ties=ties), searched(rows, sources=sources, ties=ties)
    mean = sum(tried[:sources]) / sources
    assert found.logs == pytest.approx([each - mean for each in tried[:sources]], abs=1e-4)
    assert not ties or math.log(found.tie) == pytest.approx(tried[-1], abs=1e-4)


def test_the_errors_are_those_of_the_curvature() -> None:
    rows: list[Row] = [(0, 1, 8, 3, 2), (1, 2, 5, 5, 1), (0, 2, 2, 6, 3)]
    found = fitted(rows, sources=3)
    tried, step = searched(rows, sources=3, ties=True), 1e-3

    def at(moved: dict[int, float]) -> float:
        return log_posterior(rows, [each + moved.get(n, 0.0) for n, each in enumerate(tried)], sources=3)

    def bend(one: int, two: int) -> float:
        if one == two:
            return -(at({one: step}) - 2 * at({}) + at({one: -step})) / step**2
        corners = [at({one: a * step, two: b * step}) * a * b for a in (1, -1) for b in (1, -1)]
        return -sum(corners) / (4 * step**2)

    curve = np.array([[bend(one, two) for two in range(4)] for one in range(4)])
    apart = np.eye(3) - 1 / 3
    spread = apart @ np.linalg.inv(curve)[:3, :3] @ apart
    assert found.errors == pytest.approx(np.sqrt(np.diag(spread)), rel=1e-3)


def test_one_that_never_lost_stays_finite_and_is_the_strongest() -> None:
    found = fitted([(0, 1, 40, 0, 0), (1, 2, 20, 20, 0), (0, 2, 40, 0, 0)], sources=3)
    assert np.isfinite(found.logs).all()
    assert np.isfinite(found.errors).all()
    assert found.logs.argmax() == 0
    assert 0.9 < found.scores()[0] < 1
    more = fitted([(0, 1, 400, 0, 0), (1, 2, 20, 20, 0), (0, 2, 400, 0, 0)], sources=3)
    assert more.logs[0] > found.logs[0]
    assert found.scores(-1.96)[0] < found.scores()[0] < found.scores(1.96)[0]


def test_names_sides_and_order_make_no_difference() -> None:
    rows: list[Row] = [(0, 1, 8, 3, 2), (1, 2, 5, 5, 1), (2, 3, 1, 6, 3), (0, 3, 2, 2, 2), (1, 0, 1, 2, 0)]
    found = fitted(rows, sources=4)
    renamed = [2, 0, 3, 1]
    turned = [(renamed[two], renamed[one], lost, won, even) for one, two, won, lost, even in reversed(rows)]
    other = fitted(turned, sources=4)
    assert other.logs[renamed] == pytest.approx(found.logs)
    assert other.errors[renamed] == pytest.approx(found.errors)
    one_by_one = [
        (one, two, *outcome)
        for one, two, *times in rows
        for outcome, many in zip(((1, 0, 0), (0, 1, 0), (0, 0, 1)), times, strict=True)
        for _ in range(many)
    ]
    assert fitted(one_by_one, sources=4).logs == pytest.approx(found.logs)
    beside_itself: list[Row] = [*rows, (2, 2, 9, 1, 4)]
    assert fitted(beside_itself, sources=4).logs == pytest.approx(found.logs)


def test_what_no_comparison_joins_is_of_another_group() -> None:
    assert groups([0, 3], [2, 4], 6).tolist() == [0, 1, 0, 2, 2, 3]
    chain = list(range(199))
    assert groups(chain[::-1], [each + 1 for each in chain[::-1]], 200).tolist() == [0] * 200
    assert groups([1], [1], 2).tolist() == [0, 1]
    assert groups([], [], 2).tolist() == [0, 1]


def drawn(luck: np.random.Generator, logs: Any, nu: float, times: int) -> list[Row]:
    """Each pair compared so many times."""
    rows = []
    for one in range(len(logs)):
        for two in range(one):
            p, q = math.exp(logs[one]), math.exp(logs[two])
            chances = np.array([p, q, nu * math.sqrt(p * q)])
            rows.append((one, two, *map(int, luck.multinomial(times, chances / chances.sum()))))
    return rows


def test_the_truth_lies_in_nineteen_of_twenty_intervals() -> None:
    luck, held = np.random.default_rng(8), []
    for _ in range(150):
        logs = luck.normal(0, 0.8, 5)
        logs -= logs.mean()
        found = fitted(drawn(luck, logs, 0.7, 12), sources=5)
        held.append(np.abs(found.logs - logs) <= 1.96 * found.errors)
    assert 0.93 <= np.mean(held) <= 0.98


def test_the_errors_are_about_those_of_a_bootstrap() -> None:
    luck = np.random.default_rng(5)
    rows = drawn(luck, [1.0, 0.2, -0.4, -0.8], 0.5, 40)
    found, again = fitted(rows, sources=4), []
    cells = np.array([times for *_, won, lost, even in rows for times in (won, lost, even)])
    for _ in range(200):
        times = luck.multinomial(cells.sum(), cells / cells.sum()).reshape(-1, 3)
        sampled = [(row[0], row[1], *map(int, each)) for row, each in zip(rows, times, strict=True)]
        again.append(fitted(sampled, sources=4).logs)
    assert np.std(again, axis=0) == pytest.approx(found.errors, rel=0.2)
