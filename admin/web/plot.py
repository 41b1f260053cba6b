"""Where the bars of a plot stand: the months of one currency, side by side, on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 1200, 100
"""Of the drawing, which is stretched to its place."""

_NICE = (1, 2, 3, 4, 5, 6, 8, 10)
_SHARE = 0.72
"""Of a month's width, how much its bars take."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in units of the drawing."""

    series: int
    """From 0: which of the amounts of its month it is."""
    month: date
    micros: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of one currency."""

    currency: str
    months: tuple[date, ...]
    """The oldest first."""
    top: int
    """Micro-units at the upper edge; zero is the lower one."""
    bars: tuple[Bar, ...]


def plot(currency: str, amounts: Sequence[tuple[date, tuple[int, ...]]]) -> Plot:
    """Bars for the amounts of each month, the oldest first. An amount below zero has no height."""
    top = nice(max((micros for _, each in amounts for micros in each), default=0))
    slot = WIDTH / max(1, len(amounts))
    bars = []
    for place, (month, each) in enumerate(amounts):
        width = min(slot * _SHARE / len(each), WIDTH / 24)
        left = (place + 0.5) * slot - width * len(each) / 2
        for series, micros in enumerate(each):
            height = HEIGHT * max(0, micros) / top
            x, y = left + series * width, HEIGHT - height
            bars.append(Bar(series, month, micros, round(x, 2), round(y, 2), round(width * 0.94, 2), round(height, 2)))
    return Plot(currency, tuple(month for month, _ in amounts), top, tuple(bars))


def nice(most: int) -> int:
    """The least round number that is not below."""
    step: int = 10 ** (len(str(max(1, most))) - 1)
    return next(step * times for times in _NICE if step * times >= most)
