import random
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Character:
    """How one simulated worker works. Chances are between 0 and 1; the same seed makes the same choices."""

    skill: float
    """Chance that an answer is right."""
    speed_s: tuple[float, float] = (0.0, 0.0)
    """Least and most seconds between seeing a screen and tapping."""
    way_s: tuple[float, float] | None = None
    """The same for screens that are no task, on the way to one; None: as for tasks."""
    language_code: str = "en"
    first_name: str = "Worker"
    double_tap: float = 0.0
    """Chance that a button is tapped twice at once."""
    repeated_update: float = 0.0
    """Chance that Telegram tells the bot of a tap twice, as it does when it is not sure that it arrived."""
    skip: float = 0.0
    """Chance that a task is skipped, if its screen lets one skip."""
    dont_know: float = 0.0
    """Chance of saying "I don't know", if the screen offers it."""
    habit: int | None = None
    """The place, from 0, of the option that is always tapped, whatever the item; None: they look at it."""
    circle: str | None = None
    """Who names the same circle has the same answers: right ones by `skill`, and the same wrong ones."""
    tires_after: int | None = None
    """Answers after which they tap anything; None: never."""
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("skill", "double_tap", "repeated_update", "skip", "dont_know"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a chance between 0 and 1, not {getattr(self, name)}")
        if min(self.habit or 0, self.tires_after or 0) < 0:
            raise ValueError("habit and tires_after count from 0")
        if self.skip + self.dont_know > 1:
            raise ValueError("skip and dont_know are chances of the same choice: together at most 1")
        for name, (low, high) in (("speed_s", self.speed_s), ("way_s", self.way_s or (0.0, 0.0))):
            if not 0 <= low <= high:
                raise ValueError(f"{name} is (least, most) seconds, not {(low, high)}")


def pick(who: Character, item: str, rights: Collection[int], options: int, nth: int, luck: random.Random) -> int:
    """The place, from 0, of the option that somebody taps for an item as their answer number `nth`, counted from 1."""
    if who.circle is not None:
        luck = random.Random(f"{who.circle} {item}")  # what they told each other of this item
    if who.habit is not None:
        return who.habit % options
    if who.tires_after is not None and nth > who.tires_after:
        return luck.randrange(options)
    right = luck.random() < who.skill
    wanted = [place for place in range(options) if (place in rights) is right]
    return luck.choice(wanted or range(options))
