"""Graded pay: an answer that is right earns its price, one that is half right half of it, one that is wrong nothing."""

from dataclasses import dataclass

WHOLE, HALF, NOTHING = 100, 50, 0
"""Shares of the price, percent."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The scores, 0..1, from which an answer earns half its price, and all of it."""

    half: float
    whole: float

    def share(self, score: float) -> int:
        """What an answer of that score earns, percent of its price."""
        if score >= self.whole:
            return WHOLE
        return HALF if score >= self.half else NOTHING
