"""From what was counted to figures. Plain computing, for a process of its own: NumPy is loaded only there."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from crowd.agreement.figures import Figures, OptionFigures, Said
from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import Json


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks that are alike: of one label, with the same answers."""

    label: Json
    gold: bool
    said: tuple[tuple[Json, int], ...]
    """Each answer and how often it was given; None is “I don't know”."""
    tasks: int = 1


def figures_of(spec: BatchSpec, groups: Sequence[Group], *, sampled: bool = False) -> Figures:
    """The figures of a batch whose tasks are these."""
    import numpy as np

    from crowd.agreement.alpha import alpha

    kind = kind_named(spec.kind)
    ordinary = [(group.tasks, _known(group)) for group in groups if not group.gold]
    paired = [(tasks, said) for tasks, said in ordinary if sum(times for _, times in said) >= 2]
    values: dict[bytes, Json] = {}
    counts: dict[bytes, int] = {}
    for tasks, said in paired:
        for value, times in said:
            values.setdefault(name := orjson.dumps(value), value)
            counts[name] = counts.get(name, 0) + tasks * times
    difference = kind.difference(spec, [(values[name], count) for name, count in counts.items()])
    options = tuple(_option(option, kind.possible(spec), groups) for option in kind.possible(spec))
    if difference is None or not paired:
        return Figures(alpha=None, low=None, high=None, tasks=0, answers=0, sampled=sampled, options=options)
    place = {name: at for at, name in enumerate(values)}
    matrix = np.zeros((len(paired), len(values)), dtype=np.int64)
    for row, (_, said) in enumerate(paired):
        for value, times in said:
            matrix[row, place[orjson.dumps(value)]] += times
    distance = np.zeros((len(values), len(values)))
    all_values = list(values.values())
    for at, one in enumerate(all_values):
        for beside, other in enumerate(all_values[:at]):
            distance[at, beside] = distance[beside, at] = difference(one, other)
    found = alpha(matrix, np.array([tasks for tasks, _ in paired]), distance)
    return Figures(
        alpha=found.value, low=found.low, high=found.high, tasks=found.tasks, answers=found.answers,
        sampled=sampled, options=options,
    )  # fmt: skip


def _known(group: Group) -> list[tuple[Json, int]]:
    return [(value, times) for value, times in group.said if value is not None]


def _option(label: Json, options: Sequence[Json], groups: Sequence[Group]) -> OptionFigures:
    """The row of one label. A task with one answer is left out: its label is that answer, right or not."""
    mine = [each for each in groups if each.label == label and sum(times for _, times in each.said) >= 2]
    said: dict[Json, int] = {}
    for group in mine:
        for value, times in group.said:
            said[value] = said.get(value, 0) + group.tasks * times
    return OptionFigures(
        label=label,
        tasks=sum(group.tasks for group in mine),
        said=tuple(Said(value=option, times=said.get(option, 0)) for option in options),
        dont_know=said.get(None, 0),
    )
