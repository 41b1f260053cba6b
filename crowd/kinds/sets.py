"""Answers that are sets of parts: how alike two are, what a blind guess is worth, and how likely it is."""

import math
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from crowd.kinds.base import Json

SLIP = 0.05
"""Who knows the work is wrong about one part with this chance."""

Measure = Callable[[int, int, int], float]
"""How alike two sets are, 0..1, by how many parts they share and how many each has."""


def jaccard(both: int, one: int, other: int) -> float:
    """What two sets share, of what they have together (Jaccard 1912); 1 where both are empty."""
    return both / (one + other - both) if one or other else 1.0


def f1(both: int, one: int, other: int) -> float:
    """What two sets share, of the mean of what they have (Dice 1945, van Rijsbergen's F1); 1 where both are empty."""
    return 2 * both / (one + other) if one or other else 1.0


def alike(measure: Measure, one: Collection[Json], other: Collection[Json]) -> float:
    """How alike two sets are."""
    return measure(len(set(one) & set(other)), len(one), len(other))


def telling(parts: int, right: Collection[Json], said: Collection[Json]) -> float:
    """How probable an answer is from one who knows: of each part by itself right, but for a slip. Sums to 1."""
    apart = len(set(right) ^ set(said))
    return float((1 - SLIP) ** (parts - apart) * SLIP**apart)


def blindly(parts: int, sizes: Sequence[int], said: Collection[Json]) -> float:
    """How probable an answer is from one who does not: of its size any is as likely, and small ones are likelier."""
    return _of_sizes(sizes[0], sizes[-1])[len(said)] / math.comb(parts, len(said))


@lru_cache
def chance(parts: int, fewest: int, most: int, measure: Measure) -> float:
    """The mean measure of who always says the same, with as many parts as pays best.

    Taken over sets of which the small are likelier: the chance of a size falls with it, as 1, 1/2, 1/3, ….
    """
    sizes = _of_sizes(fewest, most)
    return max(
        math.fsum(probable * _expected(parts, said, size, measure) for size, probable in sizes.items())
        for said in sizes
    )


@lru_cache
def _of_sizes(fewest: int, most: int) -> dict[int, float]:
    """How probable each size of a set is."""
    weights = {size: 1 / max(1, size) for size in range(fewest, most + 1)}
    total = math.fsum(weights.values())
    return {size: weight / total for size, weight in weights.items()}


def _expected(parts: int, said: int, size: int, measure: Measure) -> float:
    """The mean measure of a set and a random one of that size: what they share is hypergeometric."""
    ways = math.comb(parts, size)
    return math.fsum(
        math.comb(said, both) * math.comb(parts - said, size - both) / ways * measure(both, said, size)
        for both in range(max(0, said + size - parts), min(said, size) + 1)
    )


def ticked(draft: Sequence[int], number: int, wanted: bool) -> list[int]:
    """The numbers of a draft after one of them was ticked, or unticked; again changes nothing."""
    return sorted({*draft, number} if wanted else {*draft} - {number})
