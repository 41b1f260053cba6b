"""Other methods of adding up answers, those of crowd-kit: run in the same call as ours, where it is installed.

It is there where tests are: Kazi itself does without. (Its Wawa fails with newer releases of scikit-learn, and is not
among the best.)
"""

import importlib.util
from collections.abc import Callable
from typing import Any

from crowd.replay.dataset import Dataset
from crowd.replay.score import Labelled, accuracy


def peers_on(dataset: Dataset) -> dict[str, float]:
    """The accuracy of each method, 0..1, by its name; none where crowd-kit is not installed."""
    if importlib.util.find_spec("crowdkit") is None:
        return {}
    import pandas as pd
    from crowdkit.aggregation import GLAD, DawidSkene, OneCoinDawidSkene

    rows = [(answer.task, answer.worker, answer.label) for answer in dataset.answers]
    frame = pd.DataFrame(rows, columns=["task", "worker", "label"])
    methods: dict[str, Callable[[], Any]] = {
        "Dawid-Skene": lambda: DawidSkene(100).fit_predict(frame),
        "one-coin": lambda: OneCoinDawidSkene(100).fit_predict(frame),
        "GLAD": lambda: GLAD().fit_predict(frame),
    }
    return {name: _accuracy(method(), dataset) for name, method in methods.items()}


def _accuracy(series: Any, dataset: Dataset) -> float:
    return accuracy({str(task): Labelled(str(label), 1.0) for task, label in series.items()}, dataset.truth)
