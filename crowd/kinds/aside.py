"""A scale with one answer beside it that is no step of it: “both are bad” beside “which of them is better”."""

import math
from collections.abc import Sequence
from functools import lru_cache

from crowd.kinds.scale import Scale, Table, scale_of

_SUREST = 0.99
"""No answer ever rules anything out."""

_DECIMALS = 9


class ScaleAndAside(Scale):
    """A scale of so many steps, numbered from 0; the number after them is the answer beside it.

    That answer is right or wrong, and no step is near to it.
    """

    aside = 1

    def __init__(self, steps: int) -> None:
        super().__init__(steps)
        self.on = scale_of(steps)
        self.steps = steps + 1
        self.credit = _with_one_beside(self.on.credit)
        self.knows = _with_one_beside(self.on.knows)
        self.blind = max(map(sum, zip(*self.credit, strict=True))) / self.steps

    def telling(self, accuracy: float, said: int) -> tuple[float, ...]:
        """See Scale. Whether it is a step at all is told by the one coin of names, and which step as a scale tells it.

        A worker whose lead over a blind guess is l, where a good one's is 1, sees with the chance l whether the answer
        beside the scale holds, and else says any of all; so (Dawid and Skene 1979) it is said with the chance
        l + (1 - l) / n where it is right, and (1 - l) / n where it is not.
        """
        lead = min(_SUREST, max(0.0, (accuracy - self.blind) / (1 - self.blind)))
        blindly = (1 - lead) / self.steps
        if said == self.on.steps:
            return (*[math.log(blindly)] * said, math.log(lead + blindly))
        near = self.on.telling(self.on.blind + lead * (1 - self.on.blind), said)
        return (*(log + math.log(1 - blindly) for log in near), math.log(blindly))

    def logs(self, accuracy: float) -> Table:
        """See Scale."""
        return tuple(self.telling(accuracy, said) for said in range(self.steps))

    def label(self, chances: Sequence[float], said: Sequence[int]) -> int:
        """What the right answer is the least away from, in expectation, of all between what was said.

        The answer beside the scale is as far from each step as the two ends are from each other.
        """
        steps = [step for step in said if step < self.on.steps]
        if not steps:
            return self.on.steps
        on = chances[:-1]
        best = self.on.label(on, steps)
        away = sum(chance * abs(step - best) for step, chance in enumerate(on))
        beside = self.on.steps in said and round(away - (sum(on) - chances[-1]) * (len(on) - 1), _DECIMALS) > 0
        return self.on.steps if beside else best


@lru_cache
def scale_and_aside(steps: int) -> ScaleAndAside:
    """The scale of so many steps, with an answer beside it."""
    return ScaleAndAside(steps)


def _with_one_beside(table: Table) -> Table:
    return (*((*row, 0.0) for row in table), (*[0.0] * len(table), 1.0))
