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
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("skill", "double_tap", "repeated_update", "skip", "dont_know"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a chance between 0 and 1, not {getattr(self, name)}")
        if self.skip + self.dont_know > 1:
            raise ValueError("skip and dont_know are chances of the same choice: together at most 1")
        for name, (low, high) in (("speed_s", self.speed_s), ("way_s", self.way_s or (0.0, 0.0))):
            if not 0 <= low <= high:
                raise ValueError(f"{name} is (least, most) seconds, not {(low, high)}")
