"""How far apart two answers are, for Krippendorff's alpha: differences that many kinds can share.

K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, part 5.
"""

from collections.abc import Sequence

from crowd.kinds.base import Difference, Json


def nominal(one: Json, other: Json) -> float:
    """Of names: equal or not."""
    return float(one != other)


def interval(one: float, other: float) -> float:
    """Of numbers whose steps are alike."""
    return float(one - other) ** 2


def ordinal(ranked: Sequence[Json], counts: Sequence[tuple[Json, int]]) -> Difference:
    """Of ranks, the lowest first: how many answers lie between two, half of those at each end among them.

    `counts` are how often each was said. What is no rank is as far from each of them as the two ends are.
    """
    place = {value: rank for rank, value in enumerate(ranked)}
    said = [0] * len(place)
    for value, times in counts:
        if value in place:
            said[place[value]] += times

    def difference(one: Json, other: Json) -> float:
        if one == other:
            return 0.0
        ends = (0, len(said) - 1)
        low, high = sorted((place[one], place[other])) if one in place and other in place else ends
        return (sum(said[low : high + 1]) - (said[low] + said[high]) / 2) ** 2

    return difference
