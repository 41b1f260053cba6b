"""What an hour pays, and what an answer has to cost: prices in micro-units, times in milliseconds."""

HOUR_MS = 3_600_000

_STEP = 100
"""Prices that are worked out end on a hundredth of a hundredth of a unit."""


def hourly(price: int, ms: int) -> int:
    """Micro-units an hour, at so many milliseconds for an answer."""
    return price * HOUR_MS // max(1, ms)


def price_for(per_hour: int, ms: int) -> int:
    """The least price at which answers of so many milliseconds pay `per_hour`."""
    return -(-per_hour * ms // (HOUR_MS * _STEP)) * _STEP


def due_for(per_hour: int, ms: int) -> int:
    """What so many milliseconds of work are worth at that, rounded up."""
    return -(-per_hour * ms // HOUR_MS)
