"""The line that makes confidences right, drawn with the golds of a batch; see `crowd.kinds.calibrated`."""

from collections.abc import Callable, Mapping

import numpy as np

from crowd.consensus import closeness
from crowd.kinds.base import Consensus, Json


def put_right(
    evidence: Mapping[int, dict[str, Json]],
    golds: Mapping[int, Json],
    summed: Callable[[Json], Consensus],
    right: Callable[[Json, Json], float],
) -> dict[int, Consensus]:
    """What the evidence of each task adds up to, once the `line` is put to it; golds are known.

    `right` says how right a label is beside a gold's answer, 0..1.
    """
    before = {task: summed(evidence[task]) for task in golds if task in evidence}
    line = closeness.line(
        np.array([each.confidence for each in before.values()]),
        np.array([right(golds[task], each.label) for task, each in before.items()]),
    )
    for each in evidence.values():
        each["line"] = [round(number, 6) for number in line]
    return {
        task: Consensus(golds[task], 1.0, before[task].votes) if task in before else summed(each)
        for task, each in evidence.items()
    }
