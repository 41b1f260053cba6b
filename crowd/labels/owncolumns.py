"""What a kind adds to the columns of a task, in results and in the list of contested tasks."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from crowd.batches.spec import BatchSpec
from crowd.exports.base import Cell, Column, Type
from crowd.kinds import kind_named
from crowd.kinds.base import Holds, Json


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a task whose cells are to be made."""

    payload: Json
    label: Json
    split: Sequence[tuple[Json, int]]
    """How often each answer was given."""
    evidence: Json
    """What its answers add up to; only asked for where `has_parts` says so."""
    likeness: float
    """As in `Kind.consensus`."""


OwnCells = Callable[[Told], tuple[Cell, ...]]
"""From a task to what stands in `own_columns`."""


def has_parts(spec: BatchSpec) -> bool:
    """Whether answers have parts of which results speak one by one."""
    return bool(kind_named(spec.kind).parts(spec, None, (), None))


def own_columns(spec: BatchSpec, have: Collection[str] | None = None) -> tuple[Column, ...]:
    """What the kind says of answers and labels, then the item's, after `item_`.

    These are `Kind.parts`, with their names after those of a task's own columns, `Kind.figures` and `Kind.tell`.
    `have` are the columns that the items have, where that is known.
    """
    kind = kind_named(spec.kind)
    parts = (
        Column(f"{column}_{name}", type_)
        for name in kind.parts(spec, None, (), None)
        for column, type_ in (("label", Type.VALUE), ("confidence", Type.REAL), ("split", Type.COUNTS))
    )
    figures = (Column(name, Type.REAL) for name in kind.figures(spec, ()))
    told = (Column(name, Type.VALUE) for name in kind.told)
    return (*parts, *figures, *told, *(Column(f"item_{name}", Type.VALUE) for name, _ in item_columns(spec, have)))


def item_columns(spec: BatchSpec, have: Collection[str] | None) -> list[tuple[str, Holds]]:
    """The kind's columns that the items have, or may have where that is not known, and what these hold."""
    columns = kind_named(spec.kind).columns(spec)
    return [(column.name, column.holds) for column in columns if have is None or column.name in have]


def own_cells(spec: BatchSpec, have: Collection[str] | None = None) -> OwnCells:
    """What makes the cells of those columns."""
    kind = kind_named(spec.kind)
    figures, columns = tuple(kind.figures(spec, ())), item_columns(spec, have)

    def cells(task: Told) -> tuple[Cell, ...]:
        parts = kind.parts(spec, task.label, task.split, task.evidence, task.likeness).values()
        counted, label = kind.figures(spec, task.split), task.label
        told = (None,) * len(kind.told) if label is None else kind.tell(spec, kind.payload(task.payload), label)
        item = (item_cell(task.payload.get(name), holds) for name, holds in columns)
        return (
            *(cell for part in parts for cell in (part.label, part.confidence, part.split)),
            *(counted[name] for name in figures),
            *told,
            *item,
        )

    return cells


def item_cell(cell: Json, holds: Holds) -> Json:
    """A picture or sound by the name that it was brought under."""
    return cell[-1] if holds is not Holds.TEXT and cell else cell
