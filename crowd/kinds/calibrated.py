"""How sure an answer is, put right by golds."""

import math

_CLEAR = 0.02
"""What is put right is taken to be at least so far from 0 and from 1."""


def on_line(told: float, height: float, slope: float) -> float:
    """The chance that a label is right: of its log odds, `height` + `slope` times the log odds of what was told.

    The line is drawn by `crowd.consensus.closeness.line`.
    """
    kept = min(1 - _CLEAR, max(_CLEAR, told))
    return 1 / (1 + math.exp(-height - slope * math.log(kept / (1 - kept))))
