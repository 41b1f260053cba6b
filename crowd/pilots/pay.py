"""What is said of an hour's pay in a pilot. A wage floor's verdict goes here, and nowhere else."""

from crowd.pilots.card import Light, Mark, Subject


def pay_mark(per_hour: int | None, currency: str) -> Mark:  # noqa: ARG001 (a floor is stated per currency)
    """The mark of an hour's work at the median time, in micro-units of the currency. There is no floor yet: grey."""
    return Mark(about=Subject.PAY, value=per_hour, limit=None, light=Light.GREY)
