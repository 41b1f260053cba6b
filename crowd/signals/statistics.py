"""The statistics that signals share: tails, and what remains when many were looked at."""

import math
from collections.abc import Sequence

import numpy as np


def by_p(p: Sequence[float], looked_at: int, rate: float) -> list[int]:
    """Which p-values stand, by place: Holm (1979), which keeps the chance of any false one at `rate`."""
    order = sorted(range(len(p)), key=lambda place: p[place])
    for rank, place in enumerate(order):
        if p[place] > rate / max(1, looked_at - rank):
            return order[:rank]
    return order


def binomial_tail(n: int, k: int, p: float) -> float:
    """The chance of k or more of n, each with chance p."""
    if k <= 0:
        return 1.0
    if p <= 0 or k > n:
        return 0.0
    logs = [
        math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p)
        for i in range(k, n + 1)
    ]
    highest = max(logs)
    return min(1.0, math.exp(highest) * math.fsum(math.exp(each - highest) for each in logs))


def poisson_binomial_tail(chances: Sequence[float], k: int) -> float:
    """The chance of k or more successes, each with a chance of its own; by adding one after another."""
    if k <= 0:
        return 1.0
    spread = np.zeros(k + 1)  # the last is “k or more”
    spread[0] = 1.0
    for chance in chances:
        up = spread * chance
        spread -= up
        spread[1:] += up[:-1]
        spread[k] += up[k]
    return float(min(1.0, spread[k]))


def student_tail(t: float, freedom: int) -> float:
    """The chance of a value above t in Student's distribution; by the trapezoid rule over the angle."""
    # With t = sqrt(freedom) tan(angle) the density becomes cos(angle) ** (freedom - 1), up to a constant.
    angle = math.atan2(t, math.sqrt(freedom))
    grid = np.linspace(angle, math.pi / 2, 4001)
    every = math.sqrt(math.pi) * math.exp(math.lgamma(freedom / 2) - math.lgamma((freedom + 1) / 2))
    return float(np.trapezoid(np.cos(grid).clip(0) ** (freedom - 1), grid) / every)


def normal_tail(z: float) -> float:
    """The chance of a value above z in the standard normal distribution."""
    return math.erfc(z / math.sqrt(2)) / 2
