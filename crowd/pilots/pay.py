"""What is said of an hour's pay in a pilot: three of four answers are held against the floor where its workers are."""

from collections import Counter
from collections.abc import Iterable

from crowd.fairpay.floors import Floors
from crowd.fairpay.looking import matters
from crowd.pilots.card import Light, Mark, Subject


def floor_of(floors: Floors, currency: str, countries: Iterable[str | None]) -> int:
    """The floor that holds for answers from these countries, micro-units an hour: the highest that matters; 0: none."""
    counts = Counter(countries)
    total = counts.total()
    return max((floors.per_hour(each, currency) for each in counts if matters(counts[each], total)), default=0)


def pay_mark(slow_per_hour: int | None, floor: int) -> Mark:
    """The mark of what an hour pays at the 75th percentile of times. Without a floor it is grey."""
    if slow_per_hour is None or not floor:
        return Mark(about=Subject.PAY, value=slow_per_hour, limit=None, light=Light.GREY)
    light = Light.GREEN if slow_per_hour >= floor else Light.RED
    return Mark(about=Subject.PAY, value=slow_per_hour, limit=floor, light=light)
