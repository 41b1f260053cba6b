"""Orders of a few items: how far apart two are, and Mallows' model of those who put items in order.

An order is a list of all numbers from 1 on, the best first. Its pairs are counted by the number that is greater, then
by the other: 1 and 2, 1 and 3, 2 and 3, 1 and 4, …; so the first ones are those of the first items.

C. L. Mallows, Non-null ranking models (1957): how probable an order is falls by one factor with each pair that stands
the other way than in the right one. Its sum and mean are those of M. A. Fligner and J. S. Verducci, Distance based
ranking models (1986). Plain Python: the hot path asks for it with every answer.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

FEWEST, MOST = 3, 8

_LEAST_SHARE, _MOST_SHARE = 0.51, 0.99
"""Of the pairs, who guesses has half right; nobody is taken for worse, nor for better than this."""

_GRAIN = 200
_SHARPEST = 12.0
_HALVINGS = 40


def pairs(items: int) -> int:
    """How many pairs so many items make."""
    return items * (items - 1) // 2


def places(order: Sequence[int]) -> list[int]:
    """The place of each item, from 0, by its number."""
    found = [0] * len(order)
    for place, number in enumerate(order):
        found[number - 1] = place
    return found


def signs(order: Sequence[int]) -> list[int]:
    """Of each pair 1 where the lower number stands before the other, else -1."""
    at = places(order)
    return [1 if at[low] < at[high] else -1 for high in range(1, len(order)) for low in range(high)]


def bits(order: Sequence[int]) -> int:
    """The same as a number: of each pair a bit, set where the lower number stands before the other."""
    return sum(1 << place for place, sign in enumerate(signs(order)) if sign > 0)


def apart(one: int, other: int, items: int) -> int:
    """Kendall's distance: how many pairs of the first `items` stand differently in two orders, given as `bits`."""
    return ((one ^ other) & ((1 << pairs(items)) - 1)).bit_count()


@lru_cache(maxsize=4096)
def _sharpness(items: int, grains: int) -> float:
    low, high = 0.0, _SHARPEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - mean_apart(items, middle) / pairs(items) < grains / _GRAIN else (low, middle)
    return high


def sharpness(items: int, share: float) -> float:
    """By how much the log chance of an order falls with each pair, from who has this share of the pairs right."""
    return _sharpness(items, round(min(_MOST_SHARE, max(_LEAST_SHARE, share)) * _GRAIN))


def mean_apart(items: int, sharp: float) -> float:
    """How many pairs stand the other way, in the mean, where the log chance falls by `sharp` with each."""
    if sharp < 1e-9:
        return pairs(items) / 2
    factor = math.exp(-sharp)
    return items * factor / (1 - factor) - math.fsum(
        each * factor**each / (1 - factor**each) for each in range(1, items + 1)
    )


def chance(items: int, sharp: float, distance: int) -> float:
    """How probable each single order is that is so far from the right one. Over all orders it sums to 1."""
    factor = math.exp(-sharp)
    total = math.prod(math.fsum(factor**each for each in range(place)) for place in range(1, items + 1))
    return factor**distance / total


def likeliest(leads: Sequence[float], items: int) -> tuple[list[int], float]:
    """The most probable order, of equals the first by the numbers, and its chance; all orders are alike beforehand.

    `leads` are the log odds of each pair that the lower number stands before the other, as answers add them up: the
    sum of the sharpness of those who said so, less that of the others. An order is the more probable the fewer of them
    are against it: that is Kemeny's order, each answer weighing by its worker. It is found, and the chances of all are
    summed, over the sets of items that may stand first: 2^n of them, not n! orders (Held and Karp 1962).
    """
    costs = _costs(leads, items)
    every = (1 << items) - 1
    least, total = [0.0] * (every + 1), [1.0] * (every + 1)
    for placed in range(every - 1, -1, -1):
        rest = every ^ placed
        options = [
            (costs[number][rest ^ (1 << number)], placed | (1 << number))
            for number in range(items)
            if rest >> number & 1
        ]
        least[placed] = min(cost + least[after] for cost, after in options)
        total[placed] = math.fsum(math.exp(-cost) * total[after] for cost, after in options)
    order, placed = list[int](), 0
    while placed != every:
        rest = every ^ placed
        number = next(
            each
            for each in range(items)
            if rest >> each & 1
            and costs[each][rest ^ (1 << each)] + least[placed | (1 << each)] <= least[placed] + 1e-7
        )
        order.append(number + 1)
        placed |= 1 << number
    return order, min(1.0, math.exp(-least[0]) / total[0])


def _costs(leads: Sequence[float], items: int) -> list[list[float]]:
    """Of each item and each set of others: the log odds that are against its standing before all of these."""
    against = [[0.0] * items for _ in range(items)]
    place = 0
    for high in range(1, items):
        for low in range(high):
            against[low][high], against[high][low] = max(0.0, -leads[place]), max(0.0, leads[place])
            place += 1
    costs = []
    for row in against:
        sums = [0.0]
        for each in row:
            sums += [before + each for before in sums]
        costs.append(sums)
    return costs
