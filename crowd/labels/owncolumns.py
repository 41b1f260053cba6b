"""What a kind adds to the columns of a task, in results and in the list of contested tasks."""

from collections.abc import Callable, Collection, Sequence

from crowd.batches.spec import BatchSpec
from crowd.exports.base import Cell, Column, Type
from crowd.kinds import kind_named
from crowd.kinds.base import Holds, Json

OwnCells = Callable[[Json, Json, Sequence[tuple[Json, int]]], tuple[Cell, ...]]
"""From a task's payload, its label, and how often each answer was given, to what stands in `own_columns`."""


def own_columns(spec: BatchSpec, have: Collection[str] | None = None) -> tuple[Column, ...]:
    """What the kind says of answers (`Kind.figures`) and of labels (`Kind.tell`), then the item's, after `item_`.

    `have` are those that the items have, where that is known.
    """
    kind = kind_named(spec.kind)
    figures = (Column(name, Type.REAL) for name in kind.figures(spec, ()))
    told = (Column(name, Type.VALUE) for name in kind.told)
    return (*figures, *told, *(Column(f"item_{name}", Type.VALUE) for name, _ in _item_columns(spec, have)))


def _item_columns(spec: BatchSpec, have: Collection[str] | None) -> list[tuple[str, Holds]]:
    columns = kind_named(spec.kind).columns(spec)
    return [(column.name, column.holds) for column in columns if have is None or column.name in have]


def own_cells(spec: BatchSpec, have: Collection[str] | None = None) -> OwnCells:
    """What makes the cells of those columns."""
    kind = kind_named(spec.kind)
    figures, columns = tuple(kind.figures(spec, ())), _item_columns(spec, have)

    def cells(payload: Json, label: Json, split: Sequence[tuple[Json, int]]) -> tuple[Cell, ...]:
        counted = kind.figures(spec, split)
        told = (None,) * len(kind.told) if label is None else kind.tell(spec, kind.payload(payload), label)
        item = (_item(payload.get(name), holds) for name, holds in columns)
        return (*(counted[name] for name in figures), *told, *item)

    return cells


def _item(cell: Json, holds: Holds) -> Json:
    """A picture or sound by the name that it was brought under."""
    return cell[-1] if holds is not Holds.TEXT and cell else cell
