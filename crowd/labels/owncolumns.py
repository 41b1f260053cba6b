"""What a kind adds to the columns of a task, in results and in the list of contested tasks."""

from collections.abc import Callable, Sequence

from crowd.batches.spec import BatchSpec
from crowd.exports.base import Cell, Column, Type
from crowd.kinds import kind_named
from crowd.kinds.base import Json

OwnCells = Callable[[Json, Sequence[tuple[Json, int]]], tuple[Cell, ...]]
"""From a task's payload, and how often each answer was given, to what stands in `own_columns`."""


def own_columns(spec: BatchSpec) -> tuple[Column, ...]:
    """What the kind says of a task's answers (`Kind.figures`), then the item's, each with `item_` before its name."""
    kind = kind_named(spec.kind)
    figures = (Column(name, Type.REAL) for name in kind.figures(spec, ()))
    return (*figures, *(Column(f"item_{column.name}", Type.VALUE) for column in kind.columns(spec)))


def own_cells(spec: BatchSpec) -> OwnCells:
    """What makes the cells of those columns."""
    kind = kind_named(spec.kind)
    figures, item = tuple(kind.figures(spec, ())), [column.name for column in kind.columns(spec)]

    def cells(payload: Json, split: Sequence[tuple[Json, int]]) -> tuple[Cell, ...]:
        told = kind.figures(spec, split)
        return (*(told[name] for name in figures), *(payload.get(name) for name in item))

    return cells
