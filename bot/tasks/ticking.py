"""Buttons that tick and untick: each says what is to be, so that tapping it twice is no harm."""

from crowd.kinds.base import Json


def to_tick(number: int, *, not_yet: bool) -> str:
    """What a button says that ticks a thing which is not ticked yet, or else unticks it."""
    return f"{number}{'+' if not_yet else '-'}"


def read_tick(said: str) -> Json:
    """The number of the thing, -1 for none, and whether it is to be ticked."""
    number = said[:-1]
    return [int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1, said[-1:] == "+"]
